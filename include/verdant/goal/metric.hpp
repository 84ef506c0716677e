#pragma once

#include <verdant/meta/fixed_string.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

/// What a metric is: a tag with a name and a quantity.
namespace verdant {

namespace detail {

struct metric_tag {};

template <class Quantity>
struct coherent_unit : unit<Quantity, 1.0, "SI"> {};

/// The quantity and the unit of a metric. What is none has been reported, and another takes its place.
template <class Value>
struct select_quantity {
    using type = double;
};
template <quantity_like Value>
struct select_quantity<Value> {
    using type = Value;
};
template <unit_like Value>
struct select_quantity<Value> {
    using type = typename Value::quantity;
};
template <class Value>
using quantity_in = typename select_quantity<Value>::type;
template <class Value, class Display>
inline constexpr bool unit_of_quantity = false;
template <class Value, unit_like Display>
inline constexpr bool unit_of_quantity<Value, Display> = std::is_same_v<typename Display::quantity, Value>;

/// The unit that values of a quantity are printed in where nobody says otherwise: the named one, so that diagnostics stay short.
template <class Quantity> struct usual_unit { using type = coherent_unit<Quantity>; };
template <> struct usual_unit<double> { using type = dimensionless; };
template <> struct usual_unit<si::time> { using type = seconds; };
template <> struct usual_unit<si::energy> { using type = joules; };
template <> struct usual_unit<si::area> { using type = square_millimetres; };
template <> struct usual_unit<si::mass> { using type = kilograms_co2e; };
template <> struct usual_unit<si::power> { using type = watts; };
template <> struct usual_unit<si::frequency> { using type = hertz; };

template <class Value, class Display>
using unit_in = std::conditional_t<unit_of_quantity<Value, Display>, Display, typename usual_unit<quantity_in<Value>>::type>;

/// What is checked of a metric; in a class of its own, since clang takes one whose assertion fails for no base.
template <class Value, class Unit, bool HasName>
struct metric_check {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static_assert(HasName, "verdant: this metric has no name; write one as the first argument, for example metric<\"latency\", si::time, milliseconds>");
    static constexpr bool is_quantity = quantity_like<Value>;
    static_assert(is_quantity, "verdant: the second argument of a metric is no quantity; write one such as si::time or si::energy, and the unit as the third");
    static constexpr bool fits = !is_quantity || unit_of_quantity<Value, Unit>; // a concept would be explained at length
    static_assert(fits,
                  "verdant: the unit of a metric does not fit its quantity; choose a unit of that quantity, for example milliseconds for si::time");
};

/// The name of a metric that was given none.
inline constexpr fixed_string no_name{"\1none"};

} // namespace detail

/// A thing that is measured of a point: a tag with a name and the type of its values. Derive a struct of your own from it:
/// `struct latency : metric<"latency", si::time, milliseconds> {};`
/// @tparam Name    how columns and reports call it
/// @tparam Value   a quantity of Boost.Units, or double where the metric has no unit
/// @tparam Display the unit that reports and files use
template <fixed_string Name = detail::no_name, class Value = double, class Display = typename detail::usual_unit<detail::quantity_in<Value>>::type>
struct metric : detail::metric_tag {
    using value_type = detail::quantity_in<Value>;
    using unit = detail::unit_in<Value, Display>;
    [[nodiscard]] static constexpr std::string_view name() { return Name.view(); }
    static_assert(detail::metric_check<Value, Display, Name.view() != detail::no_name.view()>::value);
};

/// A struct derived from `metric<...>`.
template <class M>
concept metric_like = std::derived_from<M, detail::metric_tag>;

namespace detail {

/// Stands for what is named as a metric and is none, once it has been reported.
struct no_metric : metric<"none"> {};
template <class M>
using metric_in = std::conditional_t<metric_like<M>, M, no_metric>;

} // namespace detail
} // namespace verdant
