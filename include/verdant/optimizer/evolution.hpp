#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/meta/type_name.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/text.hpp>
#include <verdant/space/variation.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace verdant {

/// No constraint is known before points are measured.
struct no_foresight {};

namespace detail {

/// Sum of the violations of those constraints whose metrics a record holds; 0 where these hold.
template <class Goals, class Record>
[[nodiscard]] constexpr double foreseen_violation(const Record& record, const typename Goals::limits_type& limits) {
    double sum = 0;
    std::size_t c = 0;
    Goals::for_each([&]<class G>() {
        if constexpr (constraint<G>) {
            if constexpr (Record::template has<typename G::metric_type>) {
                const auto v = si_value(record.template get<typename G::metric_type>());
                const auto excess = [](double distance, double bound) {
                    return distance / (bound == 0 || std::isinf(bound) ? 1.0 : std::abs(bound));
                };
                if (v > limits.high[c]) sum += excess(v - limits.high[c], limits.high[c]);
                if (v < limits.low[c]) sum += excess(limits.low[c] - v, limits.low[c]);
            }
            ++c;
        }
    });
    return sum;
}

/// Whether a foresight measures single points, and something that these goals constrain.
template <class Foresight, class Space, class Goals>
[[nodiscard]] consteval bool foresees_a_constraint() {
    bool found = false;
    if constexpr (single_evaluator<Foresight, Space>)
        Goals::for_each([&]<class G>() {
            if constexpr (constraint<G>) found = found || provided_metrics<Foresight, Space>::template has<typename G::metric_type>;
        });
    return found;
}

/// A foresight that knows the least value that a metric can have in a space, or a bound below it.
template <class Foresight, class Space, class Metric>
concept knows_least = requires {
    { Foresight::template least<Space, Metric>() } -> std::convertible_to<double>;
};

/// @throws infeasible_error if the limit is below what any point has, as far as the foresight knows
template <class Foresight, class Space, class Metric>
void check_least([[maybe_unused]] double limit) {
    if constexpr (knows_least<Foresight, Space, Metric>) {
        const double least = Foresight::template least<Space, Metric>();
        if (!(limit < least)) return;
        const auto shortest = [](double value) {
            char digits[32];
            return std::string{digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
        };
        throw infeasible_error{"no point has a " + std::string{Metric::name()} + " of at most " + shortest(limit) + "; the least of this space is " +
                               shortest(least)};
    }
}

/// The same of all limits.
template <class Foresight, class Space, class Goals>
void check_reachable(const typename Goals::limits_type& limits) {
    std::size_t c = 0;
    Goals::for_each([&]<class G>() {
        if constexpr (constraint<G>) check_least<Foresight, Space, typename G::metric_type>(limits.high[c++]);
    });
}

} // namespace detail

/// The evolutionary search of Once-for-All and MOOFA (Cai et al., ICLR 2020; ofa/nas/search_algorithm/evolution.py) over the points of any space: the
/// best quarter are parents; half of the next generation are mutants, half are crossovers. Points that violate constraints come last; several
/// objectives count in their order, the later ones among equals.
///
/// Constraints on what is known in closed form, such as the peak memory, are met by construction with a `Foresight`: an evaluator of single points
/// that is called for every candidate before it is asked for, so that nothing else is spent on points that break them. Where the published
/// program draws again and again until a candidate fits (for MOOFA V3 with 300000 elements, 500 times for each), this one draws a few times,
/// then changes what breaks the constraint (`repair_steps`), and takes changes of a child back until it fits as its parent does.
/// `spaces::reference::published_evolution` is the published loop, draw for draw.
/// @tparam Foresight `point -> metrics<...>` with at least one constrained metric; `no_foresight` for none. Where it knows the least value of a metric,
///                   `double least<Space, Metric>()`, a limit below it is refused at once
/// @tparam Mutation  (point, random) -> point; by default each parameter changes with probability 0.1
/// @tparam Crossover (point, point, random) -> pair of points, of which the first is taken
template <class Foresight = no_foresight, class Mutation = reset_mutation, class Crossover = uniform_crossover>
struct evolution : optimizer_policy_base {
    struct options {
        std::size_t population = 100; ///< published
        double parent_ratio = 0.25; ///< published: share of the population that has children
        double mutation_ratio = 0.5; ///< published: share of the children that are mutants; the others are crossovers
        Mutation mutation = published_mutation();
        Crossover crossover{};
        Foresight foresight{};
        std::size_t draws = 100; ///< random points, or variations of the same parents, that are tried before one is made to fit
        std::size_t repair_steps = 100'000; ///< changes of one random point that are tried before infeasible_error says that nothing fits

    private:
        [[nodiscard]] static constexpr Mutation published_mutation() {
            if constexpr (requires { Mutation{.rate = 0.1}; }) return Mutation{.rate = 0.1};
            else return {};
        }
    };
    [[nodiscard]] static constexpr std::string_view name() { return "evolution"; }
    /// The options that points depend on, for studies that are kept.
    template <class F>
    static void describe(const options& o, F&& option) {
        option("population", o.population);
        option("parent_ratio", o.parent_ratio);
        option("mutation_ratio", o.mutation_ratio);
        option("mutation", type_name<Mutation>());
        if constexpr (requires { o.mutation.rate; }) option("mutation.rate", o.mutation.rate);
        if constexpr (requires { o.mutation.resolution_rate; }) option("mutation.resolution_rate", o.mutation.resolution_rate);
        option("crossover", type_name<Crossover>());
        if constexpr (requires { o.crossover.swap; }) option("crossover.swap", o.crossover.swap);
        option("foresight", type_name<Foresight>());
        option("draws", o.draws);
        option("repair_steps", o.repair_steps);
    }

    template <class Space, class Goals>
    class engine {
        static constexpr bool foresees = !std::same_as<Foresight, no_foresight>;
        static constexpr bool evaluates = single_evaluator<Foresight, Space>;
        static_assert(!foresees || evaluates,
                      "verdant: the foresight of evolution is no evaluator of single points; write a callable point -> metrics<...>");
        static constexpr bool constrains = detail::foresees_a_constraint<Foresight, Space, Goals>();
        static_assert(!foresees || !evaluates || constrains, "verdant: no constraint of the search is on a metric of evolution's foresight; add "
                                                             "subject_to<metric, at_most<...>> or leave the foresight out");

    public:
        using limits_type = typename Goals::limits_type;

        /// Throws input_error for a population that leaves no parent, or shares outside (0, 1] and [0, 1]; infeasible_error for a limit below the
        /// least value that the foresight knows of.
        explicit engine(const options& o, const limits_type& limits = Goals::limits())
            : options_{o}, limits_{limits}, parent_count_{rounded(o.parent_ratio, o.population)}, mutants_{rounded(o.mutation_ratio, o.population)} {
            if (parent_count_ == 0 || parent_count_ > o.population)
                throw input_error{"evolution", "population and parent_ratio", "at least one parent, and no more than members",
                                  std::to_string(parent_count_) + " parents of " + std::to_string(o.population)};
            if (!(o.mutation_ratio >= 0 && o.mutation_ratio <= 1))
                throw input_error{"evolution", "mutation_ratio", "a share from 0 to 1", std::to_string(o.mutation_ratio)};
            detail::check_reachable<Foresight, Space, Goals>(limits_);
        }

        /// Throws infeasible_error where no point was found that meets the foreseen constraints.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> points;
            points.reserve(n);
            while (points.size() < n) points.push_back(parents_.empty() ? fresh(random) : child(random));
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told) {
                if (t.completed()) children_.push_back({t.point, t.violation, t.objectives});
                else ++failed_;
                if (children_.size() + failed_ >= options_.population) select();
            }
        }

        [[nodiscard]] std::size_t preferred_batch() const { return options_.population; }
        /// Completed generations, the random first one included.
        [[nodiscard]] std::size_t generation() const noexcept { return generation_; }
        /// Candidates that the foresight has looked at.
        [[nodiscard]] std::uint64_t foreseen() const noexcept { return foreseen_; }

        [[nodiscard]] std::string save() const {
            state_writer out;
            for (const auto* list : {&parents_, &children_}) {
                out << std::uint64_t{list->size()};
                for (const auto& m : *list) {
                    out << m.who << m.violation;
                    for (const auto o : m.objectives) out << o;
                }
            }
            out << std::uint64_t{failed_} << std::uint64_t{generation_} << std::uint64_t{born_} << foreseen_;
            return out.text();
        }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>>) {
            state_reader in{saved, "evolution"};
            std::vector<member> parents, children;
            for (auto* list : {&parents, &children}) {
                std::uint64_t size = 0;
                in >> size;
                for (; size > 0; --size) {
                    member m;
                    in >> m.who >> m.violation;
                    for (auto& o : m.objectives) in >> o;
                    list->push_back(std::move(m));
                }
            }
            std::uint64_t failed = 0, generation = 0, born = 0, foreseen = 0;
            in >> failed >> generation >> born >> foreseen;
            in.finish();
            parents_ = std::move(parents);
            children_ = std::move(children);
            failed_ = static_cast<std::size_t>(failed);
            generation_ = static_cast<std::size_t>(generation);
            born_ = static_cast<std::size_t>(born);
            foreseen_ = foreseen;
        }

    private:
        struct member {
            point<Space> who{};
            double violation = 0;
            std::array<double, Goals::objective_count> objectives{};
        };

        [[nodiscard]] static std::size_t rounded(double share, std::size_t of) {
            const auto n = std::nearbyint(share * static_cast<double>(of));
            return n > 0 ? static_cast<std::size_t>(n) : 0;
        }

        /// How far a candidate breaks the foreseen constraints.
        [[nodiscard]] double violation(const point<Space>& p) {
            if constexpr (evaluates) {
                ++foreseen_;
                return detail::foreseen_violation<Goals>(options_.foresight(p), limits_);
            } else return 0;
        }

        /// A random point that fits: uniform where one of the first draws does.
        [[nodiscard]] point<Space> fresh(random_stream& random) {
            auto best = sample<Space>(random);
            auto least = violation(best);
            for (std::size_t draw = 1; least > 0 && draw < options_.draws; ++draw) {
                const auto p = sample<Space>(random);
                if (const auto v = violation(p); v < least) {
                    best = p;
                    least = v;
                }
            }
            // A walk that never goes uphill: the peak of a network is a maximum, so most changes leave it as it is.
            for (std::size_t step = 0; least > 0; ++step) {
                if (step == options_.repair_steps)
                    throw infeasible_error{"evolution found no point that meets the constraints known in advance in " +
                                           std::to_string(options_.draws + options_.repair_steps) + " tries; the nearest, " + to_string(best) +
                                           ", breaks them by " + std::to_string(100 * least) + " %"};
                const auto p = reset_mutation{}(best, random);
                if (const auto v = violation(p); v <= least) {
                    best = p;
                    least = v;
                }
            }
            return best;
        }

        [[nodiscard]] point<Space> child(random_stream& random) {
            const auto parent = [&]() -> const point<Space>& { return parents_[static_cast<std::size_t>(random.below(parents_.size()))].who; };
            const bool mutant = born_++ % options_.population < mutants_;
            const auto& first = parent();
            const auto& second = mutant ? first : parent();
            point<Space> candidate;
            for (std::size_t draw = 0; draw < std::max<std::size_t>(options_.draws, 1); ++draw) {
                candidate = mutant ? options_.mutation(first, random) : options_.crossover(first, second, random).first;
                if (violation(candidate) == 0) return candidate;
            }
            return retreat(candidate, first, random);
        }

        /// Takes changes back in random order until the candidate fits; at last it is its parent. A parent that does not fit itself, since nobody
        /// asked for it, is replaced.
        [[nodiscard]] point<Space> retreat(point<Space> candidate, const point<Space>& parent, random_stream& random) {
            if (violation(parent) > 0) return fresh(random);
            std::vector<std::size_t> order(candidate.size());
            for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
            random.shuffle(std::span{order});
            for (const auto i : order) {
                if (candidate[i] == parent[i]) continue;
                candidate[i] = parent[i];
                auto canonical = candidate;
                canonical.canonicalise();
                if (canonical.feasible() && violation(canonical) == 0) return canonical;
            }
            return parent;
        }

        /// The best different ones of parents and children become parents.
        void select() {
            // By worth, then by point, so that equal points are neighbours and the order does not depend on how they came.
            children_.insert(children_.end(), parents_.begin(), parents_.end());
            std::sort(children_.begin(), children_.end(), [](const member& a, const member& b) {
                return std::tie(a.violation, a.objectives, a.who) < std::tie(b.violation, b.objectives, b.who);
            });
            parents_.clear();
            for (const auto& m : children_) {
                if (parents_.size() == parent_count_) break;
                if (parents_.empty() || !(parents_.back().who == m.who)) parents_.push_back(m);
            }
            children_.clear();
            failed_ = born_ = 0;
            ++generation_;
        }

        options options_;
        limits_type limits_;
        std::size_t parent_count_, mutants_;
        std::vector<member> parents_, children_;
        std::size_t failed_ = 0, generation_ = 0, born_ = 0;
        std::uint64_t foreseen_ = 0;
    };
};

} // namespace verdant
