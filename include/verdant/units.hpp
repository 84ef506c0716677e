#pragma once

#include <verdant/meta/fixed_string.hpp>

#include <boost/units/quantity.hpp>
#include <boost/units/systems/si/area.hpp>
#include <boost/units/systems/si/energy.hpp>
#include <boost/units/systems/si/frequency.hpp>
#include <boost/units/systems/si/mass.hpp>
#include <boost/units/systems/si/power.hpp>
#include <boost/units/systems/si/time.hpp>

#include <concepts>
#include <limits>
#include <string_view>
#include <type_traits>

/// Quantities that values travel in. Carbon is a mass of CO2 equivalent.
namespace verdant::si {

/// The base quantities, in SI units. Others are `boost::units::quantity` of an SI unit, such as `boost::units::si::volume` of
/// `boost/units/systems/si/volume.hpp`, or what products and quotients of these are.
using time = boost::units::quantity<boost::units::si::time>;
using energy = boost::units::quantity<boost::units::si::energy>;
using area = boost::units::quantity<boost::units::si::area>;
using mass = boost::units::quantity<boost::units::si::mass>;
using power = boost::units::quantity<boost::units::si::power>;
using frequency = boost::units::quantity<boost::units::si::frequency>;
/// kg CO2e per joule.
using carbon_intensity = decltype(mass{} / energy{});
/// kg CO2e per square metre of die.
using carbon_per_area = decltype(mass{} / area{});

} // namespace verdant::si

namespace verdant {

/// A quantity type of this library: a Boost.Units quantity of doubles, or `double` itself where the value has no unit.
template <class Q>
concept quantity_like = std::same_as<Q, double> || (requires { typename Q::unit_type; } && std::same_as<typename Q::value_type, double>);

namespace detail {

template <double Factor>
struct unit_size {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static_assert(Factor > 0 && Factor <= std::numeric_limits<double>::max(),
                  "verdant: a unit is no positive number of SI units; write how many one of it is, for example 3600.0 for a watt-hour");
};

} // namespace detail

/// A named multiple of an SI unit: `50.0 * milliseconds{}` is a quantity, `in<milliseconds>(t)` the number back.
/// Derive a struct of its own from it, so that diagnostics stay short.
/// @tparam Quantity the quantity type that values of this unit have
/// @tparam Factor   how many SI units one of this is: finite, and above 0, so that the larger of two values is the larger one in any unit
/// @tparam Symbol   how reports print it
template <quantity_like Quantity, double Factor, fixed_string Symbol>
struct unit {
    static_assert(detail::unit_size<Factor>::value);
    using quantity = Quantity;
    static constexpr double factor = Factor;
    static constexpr auto symbol_text = Symbol;
    [[nodiscard]] static constexpr std::string_view symbol() { return symbol_text.view(); }
};

/// A type made from `unit<...>`.
template <class U>
concept unit_like = requires {
    typename U::quantity;
    { U::factor } -> std::convertible_to<double>;
    { U::symbol() } -> std::same_as<std::string_view>;
};

namespace detail {

/// Whether a value becomes one of another type. The type itself needs no look at the conversions of Boost.Units, which take long to compile.
template <class From, class To>
inline constexpr bool becomes = std::is_convertible_v<const From&, To>;
template <class Same>
inline constexpr bool becomes<Same, Same> = true;

} // namespace detail

/// The number of SI units in a quantity; a double is itself.
template <quantity_like Q>
[[nodiscard]] constexpr double to_si(const Q& q) {
    if constexpr (std::same_as<Q, double>) return q;
    else return q.value();
}

/// A quantity from a number of SI units.
template <quantity_like Q>
[[nodiscard]] constexpr Q from_si(double value) {
    if constexpr (std::same_as<Q, double>) return value;
    else return Q::from_value(value);
}

template <unit_like U>
[[nodiscard]] constexpr typename U::quantity operator*(double value, U) {
    return from_si<typename U::quantity>(value * U::factor);
}
/// The same, since a product has no order: `milliseconds{} * 50.0`.
template <unit_like U>
[[nodiscard]] constexpr typename U::quantity operator*(U, double value) {
    return value * U{};
}

/// The number of `U` in a quantity: `in<milliseconds>(0.05 * seconds{}) == 50.0`.
template <class U, class Q>
[[nodiscard]] constexpr double in(const Q& q) {
    constexpr bool is_unit = unit_like<U>, said = requires { typename Q::verdant_refused; }; // a value that was refused has had its message
    static_assert(is_unit || said, "verdant: what stands in in<...> is no unit; write one such as milliseconds or kilograms_co2e, not a metric");
    if constexpr (is_unit) {
        constexpr bool fits = detail::becomes<Q, typename U::quantity>;
        static_assert(fits || said,
                      "verdant: the unit of in<...> does not fit the value; choose one of the value's quantity, for example milliseconds for a time");
        if constexpr (fits) return to_si<typename U::quantity>(q) / U::factor;
        else return 0;
    } else return 0;
}
/// Refused, with a sentence that says what to write.
template <fixed_string Symbol, class Q>
    requires(!requires { typename Q::verdant_expression; })
[[nodiscard]] constexpr double in(const Q&) {
    constexpr bool is_unit = std::is_void_v<Q>;
    static_assert(is_unit, "verdant: what stands in in<...> is no unit; write its type, for example in<milliseconds>, without quotation marks");
    return 0;
}

/// Units of time, energy, area, carbon, power and frequency: dimension, size in SI units, symbol.
struct seconds : unit<si::time, 1.0, "s"> {};
struct milliseconds : unit<si::time, 1e-3, "ms"> {};
struct microseconds : unit<si::time, 1e-6, "us"> {};
struct hours : unit<si::time, 3600.0, "h"> {};
struct joules : unit<si::energy, 1.0, "J"> {};
struct picojoules : unit<si::energy, 1e-12, "pJ"> {};
struct kilowatt_hours : unit<si::energy, 3.6e6, "kWh"> {};
struct square_metres : unit<si::area, 1.0, "m2"> {};
struct square_centimetres : unit<si::area, 1e-4, "cm2"> {};
struct square_millimetres : unit<si::area, 1e-6, "mm2"> {};
struct square_micrometres : unit<si::area, 1e-12, "um2"> {};
struct kilograms_co2e : unit<si::mass, 1.0, "kgCO2e"> {};
struct grams_co2e : unit<si::mass, 1e-3, "gCO2e"> {};
struct watts : unit<si::power, 1.0, "W"> {};
struct hertz : unit<si::frequency, 1.0, "Hz"> {};
struct megahertz : unit<si::frequency, 1e6, "MHz"> {};
struct grams_per_kilowatt_hour : unit<si::carbon_intensity, 1e-3 / 3.6e6, "g/kWh"> {};
struct grams_per_square_centimetre : unit<si::carbon_per_area, 10.0, "g/cm2"> {};
/// For metrics without a unit.
struct dimensionless : unit<double, 1.0, ""> {};
struct percent : unit<double, 0.01, "%"> {};

} // namespace verdant
