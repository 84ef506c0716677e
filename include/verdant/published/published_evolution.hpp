#pragma once

#include <verdant/error.hpp>
#include <verdant/random/numpy.hpp>
#include <verdant/random/python.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/once_for_all/reference_draws.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// The evolutionary search of Once-for-all and MOOFA, draw for draw.
namespace verdant::spaces::reference {

/// The defaults are those of the published library; MOOFA's own searches have a population of 20 for 20 iterations.
struct published_evolution_options {
    std::size_t population = 100;
    std::size_t iterations = 500;
    double parent_ratio = 0.25;
    double mutation_ratio = 0.5;
    double arch_mutation = 0.1;       ///< probability for each block and each stage
    double resolution_mutation = 0.5; ///< probability
    /// Candidates in a row that may break the constraint before the search gives up; the original tries for ever. MOOFA V3 with 300000 elements
    /// rejects some hundreds in a row.
    std::uint64_t rejections = 10'000'000;
};

/// What the published loop found: the best network with its accuracy and efficiency, and the best accuracy before each iteration.
template <class Arch>
struct published_evolution_result {
    std::vector<double> best_values; ///< best accuracy known before each iteration, after a first entry of -100
    double accuracy = -100;
    Arch arch{};
    double efficiency = 0;            ///< of `arch`
    std::uint64_t efficiency_calls = 0;
};

} // namespace verdant::spaces::reference

namespace verdant::spaces::reference::detail {

/// A network that has been predicted.
template <class Arch>
struct evolution_member {
    double accuracy;
    Arch who;
    double cost;
};

/// Parents and mutants of a generation. Python rounds halves to even, and so does nearbyint by default.
struct generation_sizes {
    std::size_t parents, mutants;
};
[[nodiscard]] inline generation_sizes generation_sizes_of(const published_evolution_options& o) {
    const auto rounded = [&](double ratio) { return static_cast<std::size_t>(std::nearbyint(ratio * static_cast<double>(o.population))); };
    const generation_sizes sizes{rounded(o.parent_ratio), rounded(o.mutation_ratio)};
    if (sizes.parents == 0 || sizes.parents > o.population || sizes.mutants > o.population)
        throw input_error{"evolution", "population and ratios", "at least one parent, and no more parents or mutants than members",
                          std::to_string(sizes.parents) + " parents and " + std::to_string(sizes.mutants) + " mutants of " +
                              std::to_string(o.population)};
    return sizes;
}

/// Candidates that fulfil the constraint, until all are predicted at once.
template <class Arch, class Efficiency>
class candidate_pool {
public:
    candidate_pool(double constraint, Efficiency& efficiency, std::uint64_t rejections)
        : constraint_{constraint}, efficiency_{&efficiency}, rejections_{rejections} {}

    /// Draws until a candidate fulfils the constraint.
    /// @throws infeasible_error after too many in a row that do not
    template <class Draw>
    void add(Draw&& draw) {
        double least = std::numeric_limits<double>::infinity();
        for (std::uint64_t rejected = 0;; ++rejected) {
            const Arch a = draw();
            const auto cost = static_cast<double>((*efficiency_)(a));
            ++efficiency_calls_;
            if (cost <= constraint_) {
                pool_.push_back(a);
                costs_.push_back(cost);
                return;
            }
            least = std::min(least, cost);
            if (rejected + 1 >= rejections_)
                throw infeasible_error{"no candidate at or below " + std::to_string(constraint_) + " in " + std::to_string(rejections_) +
                                       " draws; the least had " + std::to_string(least)};
        }
    }

    /// Appends the candidates with their predicted accuracies, and forgets them.
    template <class Predict>
    void predict_into(std::vector<evolution_member<Arch>>& population, Predict& predict) {
        values_.resize(pool_.size());
        predict(std::span<const Arch>{pool_}, std::span<float>{values_});
        for (std::size_t i = 0; i < pool_.size(); ++i) population.push_back({static_cast<double>(values_[i]), pool_[i], costs_[i]});
        pool_.clear();
        costs_.clear();
    }

    [[nodiscard]] std::uint64_t efficiency_calls() const noexcept { return efficiency_calls_; }

private:
    double constraint_;
    Efficiency* efficiency_;
    std::uint64_t rejections_;
    std::vector<Arch> pool_;
    std::vector<double> costs_;
    std::vector<float> values_;
    std::uint64_t efficiency_calls_ = 0;
};

/// Keeps the most accurate members, best first; of equals the later one first, as by a stable sort that is reversed.
template <class Arch>
void keep_best(std::vector<evolution_member<Arch>>& population, std::size_t count) {
    std::vector<std::size_t> order(population.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return population[a].accuracy != population[b].accuracy ? population[a].accuracy > population[b].accuracy : a > b;
    });
    std::vector<evolution_member<Arch>> chosen;
    for (std::size_t i = 0; i < count; ++i) chosen.push_back(population[order[i]]);
    population = std::move(chosen);
}

} // namespace verdant::spaces::reference::detail

namespace verdant::spaces::reference {

/// The evolutionary search of Once-for-All and MOOFA as published (ofa/nas/search_algorithm/evolution.py), draw for draw, for the sake of comparison;
/// `evolution` is the optimizer to use. Its peculiarities are kept: candidates are drawn until they fulfil the constraint, and the children of
/// the last iteration are never compared with the best.
/// @param predict    (span<const arch>, span<float> accuracies): predicts many at once
/// @param efficiency arch -> number, at most `constraint`: for example the peak memory
/// Throws input_error for a population that leaves no parent, infeasible_error after `rejections` candidates in a row.
template <elastic_space S, class Predict, class Efficiency>
[[nodiscard]] published_evolution_result<typename S::arch_type> published_evolution(double constraint, Predict&& predict, Efficiency&& efficiency,
                                                                                    python_random& python, numpy_random& numpy,
                                                                                    const published_evolution_options& o = {}) {
    using arch = typename S::arch_type;
    const auto sizes = detail::generation_sizes_of(o);
    published_evolution_result<arch> out;
    detail::candidate_pool<arch, std::remove_reference_t<Efficiency>> pool{constraint, efficiency, o.rejections};
    std::vector<detail::evolution_member<arch>> population;
    for (std::size_t i = 0; i < o.population; ++i) pool.add([&] { return draw_arch<S>(python); });
    pool.predict_into(population, predict);
    out.best_values.push_back(out.accuracy);
    for (std::size_t iteration = 0; iteration < o.iterations; ++iteration) {
        detail::keep_best(population, sizes.parents);
        if (const auto& best = population.front(); best.accuracy > out.accuracy) {
            out.accuracy = best.accuracy;
            out.arch = best.who;
            out.efficiency = best.cost;
        }
        out.best_values.push_back(out.accuracy);
        const auto parent = [&]() -> const arch& { return population[numpy.below(static_cast<std::uint32_t>(sizes.parents))].who; };
        for (std::size_t i = 0; i < sizes.mutants; ++i) {
            const auto& from = parent();
            pool.add([&] {
                auto child = from;
                mutate_resolution<S>(child, o.resolution_mutation, python);
                mutate_arch<S>(child, o.arch_mutation, python);
                return child;
            });
        }
        for (std::size_t i = sizes.mutants; i < o.population; ++i) {
            const auto& first = parent();
            const auto& second = parent();
            pool.add([&] { return crossover(first, second, python); });
        }
        pool.predict_into(population, predict);
    }
    out.efficiency_calls = pool.efficiency_calls();
    return out;
}

} // namespace verdant::spaces::reference
