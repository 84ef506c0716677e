#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/separable/block_choices.hpp>
#include <verdant/optimizer/separable/block_fronts.hpp>
#include <verdant/optimizer/separable/certificate.hpp>
#include <verdant/optimizer/separable/term_table.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

/// The whole Pareto front of metrics that are sums or maxima over the blocks of a space, with proof.
namespace verdant {

/// How an exact search goes.
struct exact_front_options {
    /// 0: the exact front. Else a share of the range that each objective has over the space: each point of the exact front is worse than some point
    /// of this one, or better by at most that share.
    double epsilon = 0;
    std::size_t probes = 256; ///< random points at which evaluators are compared with the sums of their terms
    std::uint64_t seed = 0; ///< of these points
};

/// A front as trials, ordered by the first objective, and why it is the whole one. As a range it is the front. For reports and pictures:
/// `search_result<Space, Goals>{front.trials, front.limits, stop_reason::exhausted, 0}`.
template <class Space, class Goals>
struct separable_front {
    std::vector<trial<Space, Goals>> trials{};
    separable_certificate certificate{};
    typename Goals::limits_type limits{};

    [[nodiscard]] auto begin() const noexcept { return trials.begin(); }
    [[nodiscard]] auto end() const noexcept { return trials.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return trials.size(); }
    [[nodiscard]] bool empty() const noexcept { return trials.empty(); }
    [[nodiscard]] const trial<Space, Goals>& operator[](std::size_t i) const { return trials[i]; }
};

namespace detail {

/// A component of vectors: a metric of the goals with its sign, and what limits it.
struct goal_component {
    std::size_t metric = 0;
    double sign = 1;
    double limit = std::numeric_limits<double>::infinity();
};

/// The objectives, then what limits need beside them: a metric that may be small enough already is limited from above in its own sign, from below in
/// the other.
template <class Goals>
[[nodiscard]] std::vector<goal_component> goal_components(const typename Goals::limits_type& limits) {
    using list = metric_list<typename Goals::metrics_type>;
    std::vector<goal_component> all;
    const auto place = []<class M>() {
        std::size_t i = 0, at = 0;
        list::for_each([&]<class Other>() {
            if (std::is_same_v<M, Other>) at = i;
            ++i;
        });
        return at;
    };
    Goals::for_each([&]<class G>() {
        if constexpr (objective<G>) all.push_back({place.template operator()<typename G::metric_type>(), G::maximized ? -1.0 : 1.0});
    });
    const auto limit = [&](std::size_t metric, double sign, double at) {
        if (at == std::numeric_limits<double>::infinity()) return;
        const auto found = std::find_if(all.begin(), all.end(), [&](const goal_component& c) { return c.metric == metric && c.sign == sign; });
        if (found != all.end()) found->limit = std::min(found->limit, at);
        else all.push_back({metric, sign, at});
    };
    std::size_t c = 0;
    Goals::for_each([&]<class G>() {
        if constexpr (constraint<G>) {
            limit(place.template operator()<typename G::metric_type>(), 1, limits.high[c]);
            limit(place.template operator()<typename G::metric_type>(), -1, -limits.low[c]);
            ++c;
        }
    });
    return all;
}

/// The dynamic programme of one exact search: probes, the fronts of blocks for each alternative of what they share, and the trials of the front.
template <class Space, class Goals, class... E>
class exact_solver {
    using table = term_table<Space, Goals, E...>;
    using index = typename point<Space>::index_type;
    static constexpr auto blocks = block_count<Space>;
    /// Choices of a block as points, one after the other.
    struct listed {
        std::vector<index> values;
        std::size_t count = 0;
    };

public:
    exact_solver(const typename Goals::limits_type& limits, const exact_front_options& o, const E&... evaluators)
        : limits_{limits}, probes_{o.probes}, terms_{evaluators...}, wanted_{goal_components<Goals>(limits)},
          fronts_{components_of(wanted_), Goals::objective_count, o.epsilon} {
        random_stream random{o.seed};
        for (std::size_t i = 0; i < probes_; ++i) saw(terms_.compare(sample<Space>(random)));
        for (std::size_t b = 0; b < blocks; ++b) choices_.emplace_back(view_of<Space>, block_of_parameter<Space>, b, blocks);
        const block_choices shared{view_of<Space>, block_of_parameter<Space>, blocks, blocks};
        point<Space> at;
        shared.for_each(at, [&] { add_alternative(at); });
    }

    /// The front as trials with a certificate.
    [[nodiscard]] separable_front<Space, Goals> front() {
        separable_front<Space, Goals> found;
        found.limits = limits_;
        found.trials.reserve(fronts_.size());
        for (std::size_t i = 0; i < fronts_.size(); ++i) {
            auto& t = found.trials.emplace_back();
            t.number = i;
            t.point = point_at(i);
            measure(t, i);
        }
        found.certificate = fronts_.certificate();
        found.certificate.blocks = blocks;
        found.certificate.probes = probes_;
        found.certificate.largest_difference = difference_;
        return found;
    }

private:
    void saw(double difference) { difference_ = std::max(difference_, difference); }

    [[nodiscard]] static std::vector<front_component> components_of(const std::vector<goal_component>& wanted) {
        if (wanted.size() > vector_front::most_dimensions)
            throw input_error{"exact search", "objectives and limits", "at most " + std::to_string(vector_front::most_dimensions),
                              std::to_string(wanted.size())};
        const auto folds = table::folds();
        std::vector<front_component> components;
        for (const auto& w : wanted)
            components.push_back({folds[w.metric] == fold::add ? fold::add : w.sign > 0 ? fold::larger : fold::smaller, w.limit});
        return components;
    }

    void vector_of(const typename table::values& v, std::vector<double>& row) const {
        row.clear();
        for (const auto& w : wanted_) row.push_back(w.sign * v[w.metric]);
    }

    /// The rows of all blocks beside one value of the parameters that they share.
    void add_alternative(const point<Space>& at) {
        const auto number = alternatives_.size();
        alternatives_.push_back(at);
        lists_.emplace_back(blocks);
        vector_of(terms_.shared(at), base_);
        double points = 1;
        point<Space> part = at;
        for (std::size_t b = 0; b < blocks; ++b) {
            rows_[b].clear();
            auto& list = lists_[number][b];
            choices_[b].for_each(part, [&] {
                if (list.count == block_choices::most_choices)
                    throw input_error{"exact search", "block " + std::to_string(b),
                                      "at most " + std::to_string(block_choices::most_choices) + " choices", "more"};
                for (const auto p : choices_[b].members()) list.values.push_back(part[p]);
                ++list.count;
                vector_of(terms_.block(part, b), row_);
                rows_[b].push_back(row_.data());
            });
            points *= static_cast<double>(list.count);
            if (number > 0 && !choices_[b].depends_on_shared()) list = {}; // those of the first
        }
        fronts_.certificate().points += points;
        fronts_.add(static_cast<std::uint32_t>(number), base_, rows_);
    }

    [[nodiscard]] point<Space> point_at(std::size_t i) const {
        auto p = alternatives_[fronts_.alternative(i)];
        for (std::size_t b = 0; b < blocks; ++b) {
            const auto& list = lists_[choices_[b].depends_on_shared() ? fronts_.alternative(i) : 0][b];
            const auto& members = choices_[b].members();
            for (std::size_t m = 0; m < members.size(); ++m) p[members[m]] = list.values[fronts_.choices(i)[b] * members.size() + m];
        }
        return p;
    }

    /// The values of a whole point, beside the sums that chose it.
    void measure(trial<Space, Goals>& t, std::size_t i) {
        const auto measured = terms_.whole(t.point);
        // Components of limits may have been raised to what cannot pass them, so only objectives are compared.
        for (std::size_t d = 0; d < std::min(wanted_.size(), Goals::objective_count); ++d) {
            const double value = wanted_[d].sign * measured[wanted_[d].metric], sum = fronts_.value(i, d);
            if (value == sum) continue;
            const double apart = std::fabs(value - sum) / std::max(std::fabs(sum), std::fabs(value));
            saw(apart <= 1e-9 ? apart : terms_.compare(t.point));
        }
        t.values = Goals::metrics_type::from_si_values(measured);
        t.objectives = Goals::objectives(t.values);
        t.violation = Goals::violation(t.values, limits_);
        // By its terms it is within the limits, so the evaluator measures something else.
        if (t.violation > 0) saw(terms_.compare(t.point));
    }

    const typename Goals::limits_type& limits_;
    std::size_t probes_;
    table terms_;
    std::vector<goal_component> wanted_;
    block_fronts fronts_;
    std::vector<block_choices> choices_{};
    std::vector<std::vector<listed>> lists_{}; ///< for each alternative, by block; where a block does not depend on it, those of the first
    std::vector<point<Space>> alternatives_{};
    std::vector<vector_front> rows_ = std::vector<vector_front>(blocks, vector_front{wanted_.size()});
    std::vector<double> row_{}, base_{};
    double difference_ = 0;
};

template <class Space, class Goals, class... E>
[[nodiscard]] separable_front<Space, Goals> solved_front(const typename Goals::limits_type& limits, const exact_front_options& o,
                                                         const E&... evaluators) {
    if (!(o.epsilon >= 0 && o.epsilon < 1)) throw input_error{"exact search", "epsilon", "a number from 0 to below 1", rounded_text(o.epsilon, 17)};
    for (std::size_t c = 0; c < Goals::constraint_count; ++c)
        if (std::isnan(limits.low[c]) || std::isnan(limits.high[c]))
            throw input_error{"exact search", "constraint " + std::to_string(c + 1), "a limit that is a number", "NaN"};
    return exact_solver<Space, Goals, E...>{limits, o, evaluators...}.front();
}

template <class E, class S>
struct separable_check {
    static constexpr bool evaluates = single_evaluator<E, S>;
    static_assert(evaluates,
                  "verdant: an evaluator of an exact search does not take one point of its space; write a callable point<Space> -> metrics<...>");
    static constexpr bool declares = !evaluates || declares_folds<E>;
    static_assert(declares, "verdant: an evaluator of an exact search does not say how its metrics are made of blocks; list them in it, using sums = "
                            "metrics<...>; or using "
                            "maxima = metrics<...>;");
    static constexpr bool terms = !evaluates || !declares || separable_evaluator<E, S>;
    static_assert(terms, "verdant: an evaluator of an exact search has no terms; write shared_term(point) and block_term(point, std::size_t block), "
                         "const, which give the same "
                         "metrics<...> as the evaluator");
    static constexpr bool value = true; // a false one would add a second error below the first
};

template <class M, std::size_t Folds>
struct fold_check {
    static constexpr bool once = Folds == 1;
    static_assert(once, "verdant: the metric of a goal is neither a sum nor a maximum, or both; list it in sums or in maxima of its evaluator, see "
                        "fold_check<metric, "
                        "how often> in this message");
    static constexpr bool value = true;
};

template <class M, std::size_t Providers>
struct separable_provision {
    static constexpr bool some = Providers > 0, several = Providers > 1;
    static_assert(
        some,
        "verdant: no evaluator of the exact search gives the metric of a goal; pass one that does, see separable_provision<...> in this message");
    static_assert(!several, "verdant: two evaluators of the exact search give the same metric; leave it out of one of them, see "
                            "separable_provision<...> in this message");
    static constexpr bool value = true;
};

template <class S, class E, class M>
inline constexpr std::size_t gives = provided_metrics<E, S>::template has<M> ? 1 : 0;
template <class S, class E, class M>
inline constexpr std::size_t folds_of =
    gives<S, E, M> == 0 ? 0 : (declared_sums<E>::type::template has<M> ? 1 : 0) + (declared_maxima<E>::type::template has<M> ? 1 : 0);

/// What is checked of the evaluators of an exact search. The first mistake hides the others.
template <class S, class Goals, class Metrics, class... E>
struct separable_checks;
template <class S, class Goals, class... M, class... E>
struct separable_checks<S, Goals, metrics<M...>, E...> {
    static_assert(blocks_check<S>::declared, "verdant: this space has no blocks; write template <> inline constexpr std::array "
                                             "verdant::separable_blocks<my_space>{verdant::parameter_block{\"prefix\"}, ...};");
    // Each check is asked for in this class itself, since each step between a message and the call is three lines more of clang's.
    static_assert(blocks_check<S>::value && (separable_check<E, S>::value && ...));
    static constexpr bool usable = blocks_check<S>::declared && (separable_evaluator<E, S> && ...);
    template <class Metric>
    static constexpr std::size_t providers = (std::size_t{0} + ... + gives<S, E, Metric>);
    template <class Metric>
    static constexpr std::size_t folds = (std::size_t{0} + ... + folds_of<S, E, Metric>);
    template <class Metric>
    static constexpr bool folding = usable && providers<Metric> == 1 && (Goals::template optimises<Metric> || Goals::template constrains<Metric>);
    static_assert((separable_provision < M, usable ? providers<M> : 1 > ::value && ...));
    static_assert((fold_check<M, (folding<M> ? folds<M> : 1)>::value && ...));
    static constexpr bool sound = usable && ((providers<M> == 1 && (!folding<M> || folds<M> == 1)) && ...);
};

} // namespace detail

/// The Pareto front of a space, all of it, by dynamic programming over its blocks with dominance pruning; of equal vectors of objectives one point.
/// Each evaluator is compared with the sum of its terms, at random points and at each point of the front.
///
///     const auto front = exact_front<my_space, goals<minimize<latency>, maximize<score>>>({}, table, scores);
///
/// Values are folded in the order of the blocks, the shared term first (but see `separable_certificate` for approximate fronts); an evaluator that
/// adds up in another order differs by rounding (see `separable_certificate::largest_difference`), and so may its trials be better or worse than each
/// other by that much. A choice with an infinite metric cannot be built, and is left out.
/// @tparam Goals `goals<...>`; each metric of an objective or a constraint is a sum or a maximum of one of the evaluators, others are tracked
/// @param limits of the constraints, in SI units
/// @throws input_error that names the metric and a point where a metric is not separable or NaN, for a block with more than 65535 choices, for a
/// limit that is NaN, and for options out of range
template <search_space Space, class Goals, class... E>
[[nodiscard]] separable_front<Space, Goals> exact_front_within(const typename Goals::limits_type& limits, const exact_front_options& o,
                                                               const E&... evaluators) {
    if constexpr (!detail::separable_checks<Space, Goals, typename Goals::metrics_type, E...>::sound) return {}; // it has been reported
    else return detail::solved_front<Space, Goals>(limits, o, evaluators...);
}

/// The same within the limits that the types of the goals give.
template <search_space Space, class Goals, class... E>
[[nodiscard]] separable_front<Space, Goals> exact_front(const exact_front_options& o, const E&... evaluators) {
    if constexpr (!detail::separable_checks<Space, Goals, typename Goals::metrics_type, E...>::sound) return {}; // it has been reported
    else return detail::solved_front<Space, Goals>(Goals::limits(), o, evaluators...);
}

} // namespace verdant
