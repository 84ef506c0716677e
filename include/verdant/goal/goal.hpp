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

template <auto High>
    requires std::is_arithmetic_v<decltype(High)>
struct at_most {
    static constexpr double low = -std::numeric_limits<double>::infinity();
    static constexpr double high = static_cast<double>(High);
};
template <auto Low>
    requires std::is_arithmetic_v<decltype(Low)>
struct at_least {
    static constexpr double low = static_cast<double>(Low);
    static constexpr double high = std::numeric_limits<double>::infinity();
};
template <auto Low, auto High>
    requires(std::is_arithmetic_v<decltype(Low)> && std::is_arithmetic_v<decltype(High)>)
struct between {
    static constexpr double low = static_cast<double>(Low);
    static constexpr double high = static_cast<double>(High);
};

namespace detail {

struct objective_tag {};
struct constraint_tag {};
struct track_tag {};

template <class M, class Unit>
[[nodiscard]] consteval bool unit_fits() {
    constexpr bool fits = std::same_as<typename M::value_type, typename Unit::quantity>;
    static_assert(fits, "verdant: the unit of a goal does not fit its metric; choose a unit of the metric's quantity, for example milliseconds for "
                        "latency");
    return fits;
}

template <class M, class Threshold, class Unit, bool Maximize>
struct objective_base : objective_tag {
    using metric_type = M;
    using unit = Unit;
    static constexpr bool maximized = Maximize;
    static constexpr bool checked = unit_fits<M, Unit>();
    static constexpr bool has_threshold = !std::same_as<Threshold, no_threshold>;
    /// In SI units.
    static constexpr double threshold_value = Threshold::value * Unit::factor;
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
    static constexpr bool checked = detail::unit_fits<M, Unit>();
    static constexpr double low = Bound::low * Unit::factor;
    static constexpr double high = Bound::high * Unit::factor;
};

/// A metric that is recorded with every trial but neither optimised nor constrained.
template <metric_like M>
struct track : detail::track_tag {
    using metric_type = M;
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
    std::array<double, Objectives> threshold{}; ///< NaN where there is none
    std::array<double, Constraints> low{}, high{};
    friend bool operator==(const goal_limits&, const goal_limits&) = default;
};

/// All goals of a search and what follows from them.
template <goal_like... G>
struct goals {
    static constexpr std::size_t objective_count = (std::size_t{0} + ... + (objective<G> ? 1 : 0));
    static constexpr std::size_t constraint_count = (std::size_t{0} + ... + (constraint<G> ? 1 : 0));
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

    /// Sum over the constraints of how far each is exceeded, relative to its bound; 0 where all hold, infinity where one is not finite.
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
            const auto excess = v > l.high[c] ? v - l.high[c] : v < l.low[c] ? l.low[c] - v : 0.0;
            const auto bound = v > l.high[c] ? l.high[c] : l.low[c];
            if (excess > 0) sum += excess / (bound == 0 ? 1.0 : bound < 0 ? -bound : bound);
            ++c;
        }
    }
};

} // namespace verdant
