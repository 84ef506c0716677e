#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/meta/component/ranges.hpp>
#include <verdant/units.hpp>

#include <range/v3/view/filter.hpp>
#include <range/v3/view/transform.hpp>

#include <concepts>
#include <type_traits>

namespace verdant::detail {

struct is_completed {
    template <class Space, class Goals>
    [[nodiscard]] bool operator()(const trial<Space, Goals>& t) const {
        return t.completed();
    }
};

struct is_feasible {
    template <class Space, class Goals>
    [[nodiscard]] bool operator()(const trial<Space, Goals>& t) const {
        return t.feasible();
    }
};

template <class M, class Unit>
struct metric_of {
    template <class Space, class Goals>
    [[nodiscard]] auto operator()(const trial<Space, Goals>& t) const {
        if constexpr (std::is_void_v<Unit>) return t.template get<M>();
        else return in<Unit>(t.template get<M>());
    }
};

template <class M, class Unit>
[[nodiscard]] consteval bool view_unit_fits() {
    if constexpr (std::is_void_v<Unit>) return true;
    else return std::is_same_v<typename M::value_type, typename Unit::quantity>;
}

template <class M, class Unit>
[[nodiscard]] constexpr auto make_metric_view() {
    constexpr bool fits = view_unit_fits<M, Unit>();
    static_assert(fits, "verdant: the unit of views::metric does not fit the metric; choose a unit of its quantity, for example milliseconds for latency");
    return ranges::views::transform(metric_of<M, std::conditional_t<fits, Unit, void>>{});
}

} // namespace verdant::detail

/// Adaptors for ranges of trials: `result.trials() | views::feasible | views::metric<latency, milliseconds>`. Results are lazy and refer to the
/// trials; of the front, every trial is feasible already.
namespace verdant::views {

/// The trials that were measured, whether or not their constraints hold.
inline constexpr auto completed = ranges::views::filter(detail::is_completed{});

/// The trials that were measured and hold every constraint.
inline constexpr auto feasible = ranges::views::filter(detail::is_feasible{});

/// The value of a metric of each trial: a quantity, or a number in `Unit` where one is named. Failed trials hold no values: take `completed` first.
template <metric_like M, class Unit = void>
inline constexpr auto metric = detail::make_metric_view<M, Unit>();

} // namespace verdant::views
