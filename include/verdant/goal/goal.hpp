#pragma once

#include <verdant/goal/metrics.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <type_traits>

namespace verdant {

/// The component of the reference point that an objective has: where hypervolume is measured from, and the worst value of interest.
/// @tparam Value in the unit of the objective
template <auto Value>
    requires std::is_arithmetic_v<decltype(Value)>
struct threshold {
    static constexpr double value = static_cast<double>(Value);
};

/// An objective without a threshold: hypervolume is not reported.
struct no_threshold {
    static constexpr double value = std::numeric_limits<double>::quiet_NaN();
};

/// The bound of a constraint: the metric may be as large as `High`, which is in the unit of the constraint.
template <auto High>
    requires std::is_arithmetic_v<decltype(High)>
struct at_most {
    static constexpr double low = -std::numeric_limits<double>::infinity();
    static constexpr double high = static_cast<double>(High);
};

/// The metric may be as small as `Low`.
template <auto Low>
    requires std::is_arithmetic_v<decltype(Low)>
struct at_least {
    static constexpr double low = static_cast<double>(Low);
    static constexpr double high = std::numeric_limits<double>::infinity();
};

/// The metric lies between the two, both included.
template <auto Low, auto High>
    requires(std::is_arithmetic_v<decltype(Low)> && std::is_arithmetic_v<decltype(High)>)
struct between {
    static constexpr double low = static_cast<double>(Low);
    static constexpr double high = static_cast<double>(High);
    static constexpr bool ordered = low <= high;
    static_assert(ordered, "verdant: the bounds of between are in the wrong order; write the lower one first");
};

namespace detail {

struct objective_tag {};
struct constraint_tag {};
struct track_tag {};

template <class T>
inline constexpr bool is_threshold = false;
template <>
inline constexpr bool is_threshold<no_threshold> = true;
template <auto Value>
inline constexpr bool is_threshold<threshold<Value>> = true;
template <class T>
inline constexpr bool is_bound = false;
template <auto High>
inline constexpr bool is_bound<at_most<High>> = true;
template <auto Low>
inline constexpr bool is_bound<at_least<Low>> = true;
template <auto Low, auto High>
inline constexpr bool is_bound<between<Low, High>> = true;

/// What is checked of every goal: the limit is one, and its unit is one of the metric's quantity. A class, since of a function the compilers
/// would explain at length that its result is no constant.
template <class M, class Unit, bool LimitGiven>
struct limit_check {
    static_assert(LimitGiven, "verdant: the second argument of this goal is no limit; write threshold<...> in an objective, at_most<...>, at_least<...> "
                              "or between<..., ...> in a constraint");
    static constexpr bool fits = !LimitGiven || std::is_same_v<typename M::value_type, typename Unit::quantity>;
    static_assert(fits, "verdant: the unit of a goal does not fit its metric; choose a unit of the metric's quantity, for example milliseconds for latency");
    static constexpr bool good = LimitGiven && fits;
    static constexpr bool value = true; // a false one would add a second error below the first
};
struct no_limit_check {
    static constexpr bool good = true, value = true;
};

template <class M, class Threshold, class Unit, bool Maximize>
struct objective_base : objective_tag {
    using metric_type = M;
    using unit = Unit;
    static constexpr bool maximized = Maximize;
    using check = limit_check<M, Unit, is_threshold<Threshold>>;
    /// In SI units; NaN where there is none.
    static constexpr double threshold_value = !std::is_same_v<Threshold, no_threshold> ? Threshold::value * Unit::factor : Threshold::value; // NaN is no constant operand
};

} // namespace detail

/// An objective: less is better.
/// @tparam M         the metric
/// @tparam Threshold `threshold<0.1>`, the component of the reference point
/// @tparam Unit      the unit of the threshold; the metric's own by default
template <metric_like M, class Threshold = no_threshold, unit_like Unit = typename M::unit>
struct minimize : detail::objective_base<M, Threshold, Unit, false> {};

/// An objective: more is better.
template <metric_like M, class Threshold = no_threshold, unit_like Unit = typename M::unit>
struct maximize : detail::objective_base<M, Threshold, Unit, true> {};

/// A constraint on a metric: `subject_to<latency, at_most<50>, milliseconds>`.
/// @tparam Bound `at_most<...>`, `at_least<...>` or `between<..., ...>`
/// @tparam Unit  the unit of the bound; the metric's own by default
template <metric_like M, class Bound, unit_like Unit = typename M::unit>
struct subject_to : detail::constraint_tag {
    using metric_type = M;
    using unit = Unit;
    using check = detail::limit_check<M, Unit, detail::is_bound<Bound>>;
    /// In SI units; infinite where the bound leaves a side open.
    static constexpr double low = Bound::low * Unit::factor;
    static constexpr double high = Bound::high * Unit::factor;
};

/// A metric that is recorded with every trial but neither optimised nor constrained.
template <metric_like M>
struct track : detail::track_tag {
    using metric_type = M;
    using check = detail::no_limit_check;
};

template <class G>
concept objective = std::derived_from<G, detail::objective_tag>;
template <class G>
concept constraint = std::derived_from<G, detail::constraint_tag>;
/// `minimize`, `maximize`, `subject_to` or `track`.
template <class G>
concept goal_like = objective<G> || constraint<G> || std::derived_from<G, detail::track_tag>;

/// The limits of the goals as numbers, in SI units. The types give the defaults; a study may change them before it runs.
template <std::size_t Objectives, std::size_t Constraints>
struct goal_limits {
    std::array<double, Objectives> threshold{}; ///< as the metric has it, also where it is maximised; NaN where there is none
    std::array<double, Constraints> low{}, high{}; ///< infinite where a side is open
    friend bool operator==(const goal_limits&, const goal_limits&) = default;
};

/// All goals of a search and what follows from them.
template <goal_like... G>
struct goals {
    static constexpr std::size_t objective_count = (std::size_t{0} + ... + (objective<G> ? 1 : 0));
    static constexpr std::size_t constraint_count = (std::size_t{0} + ... + (constraint<G> ? 1 : 0));
    template <class M>
    static constexpr bool optimises = ((objective<G> && std::is_same_v<typename G::metric_type, M>) || ...);
    template <class M>
    static constexpr bool constrains = ((constraint<G> && std::is_same_v<typename G::metric_type, M>) || ...);
    /// The metrics that the goals name, each once: what a trial records.
    using metrics_type = typename detail::unite_metrics<metrics<>, typename G::metric_type...>::type;
    using limits_type = goal_limits<objective_count, constraint_count>;

    [[nodiscard]] static constexpr limits_type limits() {
        limits_type l{};
        std::size_t o = 0, c = 0;
        (collect<G>(l, o, c), ...);
        return l;
    }

    /// Objective values, all to be minimised: a maximised metric has its sign changed.
    [[nodiscard]] static constexpr std::array<double, objective_count> objectives(const metrics_type& m) {
        std::array<double, objective_count> values{};
        std::size_t o = 0;
        (store_objective<G>(m, values, o), ...);
        return values;
    }

    /// The reference point in the same orientation.
    [[nodiscard]] static constexpr std::array<double, objective_count> reference(const limits_type& l) {
        auto values = l.threshold;
        std::size_t o = 0;
        (orient<G>(values, o), ...);
        return values;
    }

    /// Sum over the constraints of how far each is exceeded, relative to its bound (absolute where that is 0); 0 where all hold.
    [[nodiscard]] static constexpr double violation(const metrics_type& m, const limits_type& l) {
        double sum = 0;
        std::size_t c = 0;
        (add_violation<G>(m, l, sum, c), ...);
        return sum;
    }

    /// Calls `f.template operator()<Goal>()` for each goal, in order.
    template <class F>
    static constexpr void for_each(F&& f) {
        (f.template operator()<G>(), ...);
    }

private:
    template <class Goal>
    static constexpr void collect(limits_type& l, std::size_t& o, std::size_t& c) {
        if constexpr (objective<Goal>) l.threshold[o++] = Goal::threshold_value;
        if constexpr (constraint<Goal>) {
            l.low[c] = Goal::low;
            l.high[c++] = Goal::high;
        }
    }
    template <class Goal>
    static constexpr void store_objective(const metrics_type& m, std::array<double, objective_count>& values, std::size_t& o) {
        if constexpr (objective<Goal>) {
            const auto v = si_value(m.template get<typename Goal::metric_type>());
            values[o++] = Goal::maximized ? -v : v;
        }
    }
    template <class Goal>
    static constexpr void orient(std::array<double, objective_count>& values, std::size_t& o) {
        if constexpr (objective<Goal>) {
            if (Goal::maximized) values[o] = -values[o];
            ++o;
        }
    }
    template <class Goal>
    static constexpr void add_violation(const metrics_type& m, const limits_type& l, double& sum, std::size_t& c) {
        if constexpr (constraint<Goal>) {
            const auto v = si_value(m.template get<typename Goal::metric_type>());
            if (v > l.high[c]) sum += excess(v - l.high[c], l.high[c]);
            if (v < l.low[c]) sum += excess(l.low[c] - v, l.low[c]);
            ++c;
        }
    }
    [[nodiscard]] static constexpr double excess(double distance, double bound) {
        constexpr auto infinity = std::numeric_limits<double>::infinity();
        if (bound == infinity || bound == -infinity) return infinity;
        return distance / (bound == 0 ? 1.0 : bound < 0 ? -bound : bound);
    }
};

} // namespace verdant
