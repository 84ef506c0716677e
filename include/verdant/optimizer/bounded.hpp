#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/space/enumeration.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Exhaustive search that skips points by lower bounds.
namespace verdant {

namespace detail {

template <class Bound>
struct exact_metrics {
    using type = metrics<>;
};
template <class Bound>
    requires requires { typename Bound::exact; }
struct exact_metrics<Bound> {
    using type = typename Bound::exact;
};

/// What a bound says of points, as the goals see it: the best objectives that each can have, and whether it may be feasible.
/// @tparam Bound an evaluator whose values are lower bounds, but for those it lists in `Bound::exact`
template <class Space, class Goals, class Bound>
class optimistic_view {
    using record = provided_metrics<Bound, Space>;
    template <class M>
    static constexpr bool exact = exact_metrics<Bound>::type::template has<M>;
    template <class Goal>
    static constexpr bool usable() {
        if constexpr (objective<Goal>) {
            using metric_type = typename Goal::metric_type;
            return record::template has<metric_type> && (!Goal::maximized || exact<metric_type>);
        } else return true;
    }

public:
    [[nodiscard]] static consteval bool bounds_all_objectives() {
        bool all = true;
        Goals::for_each([&]<class G>() { all = all && usable<G>(); });
        return all;
    }

    [[nodiscard]] static std::vector<record> ask(const Bound& bound, std::span<const point<Space>> points) {
        if constexpr (batch_evaluator<Bound, Space>) return bound(points);
        else {
            std::vector<record> all;
            all.reserve(points.size());
            for (const auto& p : points) all.push_back(bound(p));
            return all;
        }
    }

    /// Objectives to be minimised, in SI units; a NaN says nothing and is the least value.
    [[nodiscard]] static std::array<double, Goals::objective_count> objectives(const record& r) {
        std::array<double, Goals::objective_count> best{};
        std::size_t o = 0;
        Goals::for_each([&]<class G>() {
            if constexpr (objective<G>) {
                const double value = to_si(r.template get<typename G::metric_type>());
                best[o++] = std::isnan(value) ? -std::numeric_limits<double>::infinity() : G::maximized ? -value : value;
            }
        });
        return best;
    }

    /// False where some constraint certainly fails. A lower bound decides upper limits only.
    [[nodiscard]] static bool may_hold(const record& r, const typename Goals::limits_type& limits) {
        bool possible = true;
        std::size_t c = 0;
        Goals::for_each([&]<class G>() {
            if constexpr (constraint<G>) {
                using metric_type = typename G::metric_type;
                if constexpr (record::template has<metric_type>) {
                    const double value = to_si(r.template get<metric_type>());
                    if (value > limits.high[c] || (exact<metric_type> && value < limits.low[c])) possible = false;
                }
                ++c;
            }
        });
        return possible;
    }
};

} // namespace detail

/// An exhaustive search that spares what cannot matter: points whose lower bounds already break a limit, or are dominated by a feasible trial, are
/// never evaluated. The most promising points come first. The front holds the same vectors of objectives as that of `exhaustive_search`: what is
/// dominated by its own bound is dominated by its values. Where several points have exactly equal objectives, the one that was evaluated
/// first stands in the front; where their bounds are equal, too, that is the lexicographically first, as in `exhaustive_search`.
///
///     search<spaces::accelerator, minimize<latency>, minimize<total_carbon>, bounded_search<accelerator_bounds<>>>
///
/// Keeps all feasible points and their bounds in memory, so it is for spaces that can be enumerated.
/// @tparam Bound an evaluator (one point, or a batch) that gives a lower bound for the metric of each objective, and for those of constraints where
///               it can. Metrics that it lists as `using exact = metrics<...>` are exact, which serves maximised objectives and lower limits as well.
template <class Bound>
struct bounded_search : optimizer_policy_base {
    struct options {
        Bound bound{}; ///< must bound what the evaluators of the search measure
        std::size_t batch = 32; ///< points asked for at once: a point is not compared with others of its batch
    };
    [[nodiscard]] static constexpr std::string_view name() { return "bounded_search"; }

    template <class Space, class Goals>
    class engine {
        static constexpr bool evaluates = evaluator_for<Bound, Space>;
        static_assert(evaluates, "verdant: the bound of bounded_search is no evaluator of the space; write a callable point<Space> -> metrics<...>");
        using view = detail::optimistic_view<Space, Goals, Bound>;
        static constexpr bool complete() {
            if constexpr (evaluates) return view::bounds_all_objectives();
            else return true;
        }
        static_assert(complete(), "verdant: the bound of bounded_search bounds not every objective; give a lower bound of each minimised metric, and "
                                  "list the maximised ones in its exact = metrics<...>");

    public:
        /// Throws input_error for a batch of 0 points.
        explicit engine(const options& o, const typename Goals::limits_type& limits = Goals::limits()) : options_{o}, limits_{limits} {
            require_count("bounded_search", "batch", o.batch, 1);
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream&, std::size_t n) {
            prepare();
            std::vector<point<Space>> points;
            for (; points.size() < n && next_ < candidates_.size(); ++next_)
                if (!spared(candidates_[next_].best)) points.push_back(candidates_[next_].place);
            return points;
        }

        void tell(std::span<const trial<Space, Goals>> told) {
            for (const auto& t : told)
                if (t.feasible() && !beaten(t.objectives)) {
                    std::erase_if(front_, [&](const objectives_type& o) { return pareto::weakly_dominates(t.objectives, o); });
                    front_.push_back(t.objectives);
                }
        }
        [[nodiscard]] std::size_t preferred_batch() const { return options_.batch; }

        /// How far it came in which order of candidates.
        [[nodiscard]] std::string save() const { return (state_writer{} << std::uint64_t{next_} << (next_ > 0 ? fingerprint() : 0)).text(); }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>> told) {
            state_reader read{saved, "bounded_search"};
            std::uint64_t next = 0, print = 0;
            read >> next >> print;
            read.finish();
            if (next > 0) {
                prepare();
                if (next > candidates_.size() || print != fingerprint())
                    throw input_error{"bounded_search", "bound", "the bounds that the saved search had", "others"};
            }
            next_ = static_cast<std::size_t>(next);
            front_.clear();
            tell(told);
        }

    private:
        using objectives_type = std::array<double, Goals::objective_count>;
        struct candidate {
            point<Space> place;
            objectives_type best;
        };

        /// All points that may be feasible, by the sum of the ranks of their bounds: what dominates comes before what it dominates, whatever the
        /// scales of the objectives; equals keep the lexicographic order.
        void prepare() {
            if (prepared_) return;
            prepared_ = true;
            std::vector<point<Space>> points;
            for (const auto& p : feasible_points<Space>()) points.push_back(p);
            const auto records = view::ask(options_.bound, points);
            if (records.size() != points.size())
                throw error{"the bound of bounded_search gave " + std::to_string(records.size()) + " records for " + std::to_string(points.size()) +
                            " points"};
            std::vector<candidate> found;
            for (std::size_t i = 0; i < points.size(); ++i) {
                const auto best = view::objectives(records[i]);
                // An infinite objective says that the point cannot be built.
                const bool buildable = std::none_of(best.begin(), best.end(), [](double o) { return o == std::numeric_limits<double>::infinity(); });
                if (buildable && view::may_hold(records[i], limits_)) found.push_back({points[i], best});
            }
            std::vector<std::size_t> order(found.size()), sum(found.size(), 0);
            std::iota(order.begin(), order.end(), std::size_t{0});
            for (std::size_t o = 0; o < Goals::objective_count; ++o) {
                std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return found[a].best[o] < found[b].best[o]; });
                std::size_t rank = 0;
                for (std::size_t k = 0; k < order.size(); ++k) {
                    if (k > 0 && found[order[k]].best[o] != found[order[k - 1]].best[o]) ++rank;
                    sum[order[k]] += rank;
                }
            }
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sum[a] < sum[b] || (sum[a] == sum[b] && a < b); });
            candidates_.reserve(order.size());
            for (const auto i : order) candidates_.push_back(found[i]);
        }

        [[nodiscard]] bool spared(const objectives_type& bound) const {
            return std::any_of(front_.begin(), front_.end(), [&](const objectives_type& o) { return pareto::dominates(o, bound); });
        }
        [[nodiscard]] bool beaten(const objectives_type& values) const {
            return std::any_of(front_.begin(), front_.end(), [&](const objectives_type& o) { return pareto::weakly_dominates(o, values); });
        }
        [[nodiscard]] std::uint64_t fingerprint() const {
            std::uint64_t h = candidates_.size();
            for (const auto& c : candidates_)
                for (const double o : c.best) h = splitmix64(h ^ std::bit_cast<std::uint64_t>(o));
            return h;
        }

        options options_;
        typename Goals::limits_type limits_;
        std::vector<candidate> candidates_;
        std::vector<objectives_type> front_; ///< of the feasible trials told so far
        std::size_t next_ = 0;
        bool prepared_ = false;
    };
};

} // namespace verdant
