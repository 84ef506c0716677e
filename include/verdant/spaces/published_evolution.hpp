#pragma once

#include <verdant/error.hpp>
#include <verdant/random_reference.hpp>
#include <verdant/spaces/once_for_all.hpp>
#include <verdant/spaces/reference_draws.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

template <class Arch>
struct published_evolution_result {
    std::vector<double> best_values; ///< best accuracy known before each iteration, after a first entry of -100
    double accuracy = -100;
    Arch arch{};
    double efficiency = 0;            ///< of `arch`
    std::uint64_t efficiency_calls = 0;
};

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
    struct member {
        double accuracy;
        arch who;
        double cost;
    };
    // Python rounds halves to even, and so does nearbyint by default.
    const auto rounded = [&](double ratio) { return static_cast<std::size_t>(std::nearbyint(ratio * static_cast<double>(o.population))); };
    const auto parents = rounded(o.parent_ratio), mutants = rounded(o.mutation_ratio);
    if (parents == 0 || parents > o.population || mutants > o.population)
        throw input_error{"evolution", "population and ratios", "at least one parent, and no more parents or mutants than members",
                          std::to_string(parents) + " parents and " + std::to_string(mutants) + " mutants of " + std::to_string(o.population)};

    published_evolution_result<arch> out;
    std::vector<arch> pool;
    std::vector<double> costs;
    std::vector<float> values;
    const auto add = [&](auto&& draw) {
        double least = std::numeric_limits<double>::infinity();
        for (std::uint64_t rejected = 0;; ++rejected) {
            const arch a = draw();
            const auto cost = static_cast<double>(efficiency(a));
            ++out.efficiency_calls;
            if (cost <= constraint) {
                pool.push_back(a);
                costs.push_back(cost);
                return;
            }
            least = std::min(least, cost);
            if (rejected + 1 >= o.rejections)
                throw infeasible_error{"no candidate at or below " + std::to_string(constraint) + " in " + std::to_string(o.rejections) +
                                       " draws; the least had " + std::to_string(least)};
        }
    };
    const auto evaluate = [&](std::vector<member>& population) {
        values.resize(pool.size());
        predict(std::span<const arch>{pool}, std::span<float>{values});
        for (std::size_t i = 0; i < pool.size(); ++i) population.push_back({static_cast<double>(values[i]), pool[i], costs[i]});
        pool.clear();
        costs.clear();
    };

    std::vector<member> population;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < o.population; ++i) add([&] { return draw_arch<S>(python); });
    evaluate(population);
    out.best_values.push_back(out.accuracy);
    for (std::size_t iteration = 0; iteration < o.iterations; ++iteration) {
        // Of equals the later one first, as by a stable sort that is reversed.
        order.resize(population.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return population[a].accuracy != population[b].accuracy ? population[a].accuracy > population[b].accuracy : a > b;
        });
        std::vector<member> chosen;
        for (std::size_t i = 0; i < parents; ++i) chosen.push_back(population[order[i]]);
        population = std::move(chosen);
        if (const auto& best = population.front(); best.accuracy > out.accuracy) {
            out.accuracy = best.accuracy;
            out.arch = best.who;
            out.efficiency = best.cost;
        }
        out.best_values.push_back(out.accuracy);
        const auto parent = [&]() -> const arch& { return population[numpy.below(static_cast<std::uint32_t>(parents))].who; };
        for (std::size_t i = 0; i < mutants; ++i) {
            const auto& from = parent();
            add([&] {
                auto child = from;
                mutate_resolution<S>(child, o.resolution_mutation, python);
                mutate_arch<S>(child, o.arch_mutation, python);
                return child;
            });
        }
        for (std::size_t i = mutants; i < o.population; ++i) {
            const auto& first = parent();
            const auto& second = parent();
            add([&] { return crossover(first, second, python); });
        }
        evaluate(population);
    }
    return out;
}

} // namespace verdant::spaces::reference
