#pragma once

#include <verdant/meta/fixed_string.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

namespace verdant {

namespace detail {

struct metric_tag {};

template <class Quantity>
struct coherent_unit : unit<Quantity, 1.0, "SI"> {};

/// The unit that values of a quantity are printed in where nobody says otherwise: the named one, so that diagnostics stay short.
template <class Quantity> struct usual_unit { using type = coherent_unit<Quantity>; };
template <> struct usual_unit<double> { using type = dimensionless; };
template <> struct usual_unit<si::time> { using type = seconds; };
template <> struct usual_unit<si::energy> { using type = joules; };
template <> struct usual_unit<si::area> { using type = square_millimetres; };
template <> struct usual_unit<si::mass> { using type = kilograms_co2e; };
template <> struct usual_unit<si::power> { using type = watts; };
template <> struct usual_unit<si::frequency> { using type = hertz; };

} // namespace detail

/// A thing that is measured of a point: a tag with a name and the type of its values. Derive a struct of your own from it:
/// `struct latency : metric<"latency", si::time, milliseconds> {};`
/// @tparam Name    how columns and reports call it
/// @tparam Value   a quantity of Boost.Units, or double where the metric has no unit
/// @tparam Display the unit that reports and files use
template <fixed_string Name, quantity_like Value = double, unit_like Display = typename detail::usual_unit<Value>::type>
struct metric : detail::metric_tag {
    static constexpr bool fits = std::is_same_v<typename Display::quantity, Value>; // a concept would be explained at length
    static_assert(fits,
                  "verdant: the unit of a metric does not fit its quantity; choose a unit of that quantity, for example milliseconds for si::time");
    using value_type = Value;
    using unit = Display;
    [[nodiscard]] static constexpr std::string_view name() { return Name.view(); }
};

/// A struct derived from `metric<...>`.
template <class M>
concept metric_like = std::derived_from<M, detail::metric_tag>;

} // namespace verdant
