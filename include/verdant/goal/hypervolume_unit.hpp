#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/units.hpp>

#include <boost/units/dimensionless_type.hpp>
#include <boost/units/physical_dimensions/amount.hpp>
#include <boost/units/physical_dimensions/current.hpp>
#include <boost/units/physical_dimensions/length.hpp>
#include <boost/units/physical_dimensions/luminous_intensity.hpp>
#include <boost/units/physical_dimensions/mass.hpp>
#include <boost/units/physical_dimensions/temperature.hpp>
#include <boost/units/physical_dimensions/time.hpp>

#include <concepts>
#include <string>
#include <string_view>

/// In what hypervolumes are.
namespace verdant {

namespace detail {

/// How the SI writes the unit of a base dimension of Boost.Units; nothing of others.
template <class Dimension>
inline constexpr std::string_view base_symbol{};
template <>
inline constexpr std::string_view base_symbol<boost::units::length_base_dimension> = "m";
template <>
inline constexpr std::string_view base_symbol<boost::units::mass_base_dimension> = "kg";
template <>
inline constexpr std::string_view base_symbol<boost::units::time_base_dimension> = "s";
template <>
inline constexpr std::string_view base_symbol<boost::units::current_base_dimension> = "A";
template <>
inline constexpr std::string_view base_symbol<boost::units::temperature_base_dimension> = "K";
template <>
inline constexpr std::string_view base_symbol<boost::units::amount_base_dimension> = "mol";
template <>
inline constexpr std::string_view base_symbol<boost::units::luminous_intensity_base_dimension> = "cd";

/// Base units with their powers, `m3`, `m2 kg s-1`; `SI unit` where one is no base unit of the SI or has a broken power.
template <class Dimensions>
[[nodiscard]] std::string base_units(const std::string& before = "") {
    if constexpr (std::same_as<Dimensions, boost::units::dimensionless_type>) return before;
    else {
        using first = typename Dimensions::item;
        using power = typename first::value_type;
        constexpr auto symbol = base_symbol<typename first::tag_type>;
        if (symbol.empty() || power::denominator() != 1) return "SI unit";
        const auto exponent = power::numerator() == 1 ? std::string{} : std::to_string(power::numerator());
        return base_units<typename Dimensions::next>(before + (before.empty() ? "" : " ") + std::string{symbol} + exponent);
    }
}

/// The SI unit of a quantity, by its own name where it has one here.
template <quantity_like Q>
[[nodiscard]] std::string si_symbol() {
    if constexpr (std::same_as<Q, double>) return "";
    else if constexpr (std::same_as<Q, si::energy>) return "J";
    else if constexpr (std::same_as<Q, si::power>) return "W";
    else if constexpr (std::same_as<Q, si::frequency>) return "Hz";
    else return base_units<typename Q::unit_type::dimension_type>();
}

} // namespace detail

/// The unit of the hypervolume of a search: the product of the SI units of its objectives, `s kg` for latency and carbon; empty where none has a
/// unit.
/// @tparam Goals `goals<...>`
template <class Goals>
[[nodiscard]] std::string hypervolume_unit() {
    std::string text;
    constexpr bool are_goals = requires { typename Goals::metrics_type; };
    static_assert(are_goals, "verdant: hypervolume_unit takes the goals of a search; write hypervolume_unit<study::goals_type>()");
    if constexpr (are_goals)
        Goals::for_each([&]<class G>() {
            if constexpr (objective<G>) {
                const auto symbol = detail::si_symbol<typename G::metric_type::value_type>();
                if (!symbol.empty()) text += (text.empty() ? "" : " ") + symbol;
            }
        });
    return text;
}

} // namespace verdant
