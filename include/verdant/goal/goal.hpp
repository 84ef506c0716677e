#pragma once

#include <verdant/goal/metrics.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <type_traits>

/// Goals: what to minimise, to maximise, to keep within limits and to track.
namespace verdant {

namespace detail {

/// What is written where a limit is: a number, or something else, which the goal reports. It takes anything, so that what is not a number gets as far
/// as that.
struct limit_value {
    double number = 0;
    bool is_number = false;

    constexpr limit_value() = default;
    template <class T>
    // NOLINTNEXTLINE(google-explicit-constructor): limits are written as plain numbers
    constexpr limit_value([[maybe_unused]] const T& value) : is_number{std::is_arithmetic_v<T>} {
        if constexpr (std::is_arithmetic_v<T>) number = static_cast<double>(value);
    }
};

} // namespace detail

/// The component of the reference point that an objective has: where hypervolume is measured from, and the worst value of interest.
/// @tparam Value a number, in the unit of the objective
template <detail::limit_value Value = detail::limit_value{}>
struct threshold {
    static constexpr double value = Value.number;
    static constexpr bool is_number = Value.is_number;
};

/// An objective without a threshold: hypervolume is not reported.
struct no_threshold {
    static constexpr double value = std::numeric_limits<double>::quiet_NaN();
    static constexpr bool is_number = true;
};

/// The bound of a constraint: the metric may be as large as `High`, a number in the unit of the constraint.
template <detail::limit_value High = detail::limit_value{}>
struct at_most {
    static constexpr double low = -std::numeric_limits<double>::infinity();
    static constexpr double high = High.number;
    static constexpr bool is_number = High.is_number;
};

/// The metric may be as small as `Low`.
template <detail::limit_value Low = detail::limit_value{}>
struct at_least {
    static constexpr double low = Low.number;
    static constexpr double high = std::numeric_limits<double>::infinity();
    static constexpr bool is_number = Low.is_number;
};

/// The metric lies between the two, both included.
template <detail::limit_value Low = detail::limit_value{}, detail::limit_value High = detail::limit_value{}>
struct between {
    static constexpr double low = Low.number;
    static constexpr double high = High.number;
    static constexpr bool is_number = Low.is_number && High.is_number;
};

namespace detail {

struct objective_tag {};
struct constraint_tag {};
struct track_tag {};

/// The bound of a constraint that lacks one, which the constraint reports.
struct no_bound {
    static constexpr double low = -std::numeric_limits<double>::infinity();
    static constexpr double high = std::numeric_limits<double>::infinity();
    static constexpr bool is_number = true;
};

template <class T>
inline constexpr bool is_threshold = false;
template <>
inline constexpr bool is_threshold<no_threshold> = true;
template <limit_value Value>
inline constexpr bool is_threshold<threshold<Value>> = true;
template <class T>
inline constexpr bool is_bound = false;
template <limit_value High>
inline constexpr bool is_bound<at_most<High>> = true;
template <limit_value Low>
inline constexpr bool is_bound<at_least<Low>> = true;
template <limit_value Low, limit_value High>
inline constexpr bool is_bound<between<Low, High>> = true;

/// The unit that limits are in where none is given.
template <class M>
struct own_unit {
    using type = dimensionless; // no metric; reported where goals are checked
};
template <metric_like M>
struct own_unit<M> {
    using type = typename M::unit;
};

template <class M, class Unit>
inline constexpr bool unit_fits = false;
template <metric_like M, unit_like Unit>
inline constexpr bool unit_fits<M, Unit> = std::is_same_v<typename M::value_type, typename Unit::quantity>;

/// Metrics that are made from another one say themselves what is wrong with them, see draw_summary.hpp.
template <class M>
struct check_of_summary {
    using type = std::true_type;
};
template <class M>
    requires requires { typename M::summary_check; }
struct check_of_summary<M> {
    using type = typename M::summary_check;
};

/// What is checked of every goal: the metric is one, the limit is one, and its unit is one of the metric's quantity. A class, since of a function the
/// compilers would explain at length that its result is no constant. The first mistake hides the others.
template <class M, class Limit, class Unit, bool IsLimit>
struct goal_check {
    static constexpr bool is_metric = metric_like<M>;
    static_assert(is_metric,
                  "verdant: the first argument of this goal is no metric; write a struct derived from metric<...>, such as latency or accuracy; "
                  "what stands there is the first argument of goal_check in this message");
    static_assert(check_of_summary<M>::type::value);
    static constexpr bool is_bounded = !is_metric || !std::is_same_v<Limit, no_bound>;
    static_assert(is_bounded, "verdant: this constraint has no bound; write it as the second argument of subject_to, for example at_most<50>");
    static constexpr bool is_limit = !is_metric || !is_bounded || IsLimit;
    static_assert(is_limit,
                  "verdant: the second argument of this goal is no limit; write threshold<...> in an objective, at_most<...>, at_least<...> "
                  "or between<..., ...> in a constraint");
    [[nodiscard]] static constexpr bool has_number() {
        if constexpr (is_metric && is_bounded && IsLimit) return Limit::is_number;
        else return true;
    }
    static constexpr bool is_number = has_number();
    static_assert(is_number,
                  "verdant: a limit of this goal is no plain number; write one number in a threshold, at_most and at_least, two in between, in the "
                  "unit of the metric, for example threshold<50>");
    [[nodiscard]] static constexpr bool in_order() {
        if constexpr (is_bound<Limit>) return Limit::low <= Limit::high;
        else return true;
    }
    static constexpr bool is_ordered = !is_number || in_order();
    static_assert(is_ordered, "verdant: the bounds of between are in the wrong order; write the lower one first");
    static constexpr bool fits = !is_metric || !is_bounded || !is_limit || unit_fits<M, Unit>;
    static_assert(
        fits, "verdant: the unit of a goal does not fit its metric; choose a unit of the metric's quantity, for example milliseconds for latency");
    static constexpr bool good = is_metric && is_bounded && is_limit && is_number && fits;
    static constexpr bool value = true; // a false one would add a second error below the first
};

/// The factor of a unit; of what is not one, once it has been reported, 1.
template <class Unit>
inline constexpr double unit_factor = 1;
template <unit_like Unit>
inline constexpr double unit_factor<Unit> = Unit::factor;

/// Which values of a metric are better.
enum class better_values { lower, higher };

template <class M, class Threshold, class Unit, better_values Better>
struct objective_base : objective_tag {
    using metric_type = metric_in<M>;
    using unit = Unit;
    static constexpr bool maximized = Better == better_values::higher;
    using check = goal_check<M, Threshold, Unit, is_threshold<Threshold>>;
    using limit = std::conditional_t<is_threshold<Threshold>, Threshold, no_threshold>;
    /// In SI units; NaN where there is none.
    static constexpr double threshold_value =
        !std::is_same_v<limit, no_threshold> ? limit::value * unit_factor<Unit> : limit::value; // NaN is no constant operand
};

} // namespace detail

/// An objective: less is better.
/// @tparam M         the metric
/// @tparam Threshold `threshold<0.1>`, the component of the reference point
/// @tparam Unit      the unit of the threshold; the metric's own by default
template <class M = void, class Threshold = no_threshold, class Unit = typename detail::own_unit<M>::type>
struct minimize : detail::objective_base<M, Threshold, Unit, detail::better_values::lower> {};

/// An objective: more is better.
template <class M = void, class Threshold = no_threshold, class Unit = typename detail::own_unit<M>::type>
struct maximize : detail::objective_base<M, Threshold, Unit, detail::better_values::higher> {};

/// A constraint on a metric: `subject_to<latency, at_most<50>, milliseconds>`.
/// @tparam Bound `at_most<...>`, `at_least<...>` or `between<..., ...>`
/// @tparam Unit  the unit of the bound; the metric's own by default
template <class M = void, class Bound = detail::no_bound, class Unit = typename detail::own_unit<M>::type>
struct subject_to : detail::constraint_tag {
    using metric_type = detail::metric_in<M>;
    using unit = Unit;
    using check = detail::goal_check<M, Bound, Unit, detail::is_bound<Bound>>;
    using limit = std::conditional_t<detail::is_bound<Bound>, Bound, detail::no_bound>;
    /// In SI units; infinite where the bound leaves a side open.
    static constexpr double low = limit::low * detail::unit_factor<Unit>;
    static constexpr double high = limit::high * detail::unit_factor<Unit>;
};

/// A metric that is recorded with every trial but neither optimised nor constrained.
template <class M = void>
struct track : detail::track_tag {
    using metric_type = detail::metric_in<M>;
    using check = detail::goal_check<M, no_threshold, typename detail::own_unit<M>::type, true>;
};

/// A goal that is optimised: `minimize<...>` or `maximize<...>`.
template <class G>
concept objective = std::derived_from<G, detail::objective_tag>;
/// A goal that trials must meet: `subject_to<...>`.
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
    /// How many objectives are this metric: more than one is a mistake.
    template <class M>
    static constexpr std::size_t objectives_on = (std::size_t{0} + ... + (objective<G> && std::is_same_v<typename G::metric_type, M> ? 1 : 0));
    static constexpr bool distinct_objectives = ((!objective<G> || objectives_on<typename G::metric_type> == 1) && ...);
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
    /// @param m a record of metrics, of which some may be missing: constraints on these do not count
    template <class Record = metrics_type>
    [[nodiscard]] static constexpr double violation(const Record& m, const limits_type& l) {
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
            const auto v = to_si(m.template get<typename Goal::metric_type>());
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
    template <class Goal, class Record>
    static constexpr void add_violation(const Record& m, const limits_type& l, double& sum, std::size_t& c) {
        if constexpr (constraint<Goal>) {
            if constexpr (Record::template has<typename Goal::metric_type>) {
                const auto v = to_si(m.template get<typename Goal::metric_type>());
                if (v > l.high[c]) sum += excess(v - l.high[c], l.high[c]);
                if (v < l.low[c]) sum += excess(l.low[c] - v, l.low[c]);
            }
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
