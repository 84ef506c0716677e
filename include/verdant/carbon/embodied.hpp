#pragma once

#include <verdant/carbon/act_tables.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/error.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

/// Embodied carbon: what fabricating dies, memories and disks emits.
namespace verdant::carbon {

/// The yield that ACT assumes for logic, DRAM and SSD (logic_model, dram_model, ssd_model).
inline constexpr double act_yield = 0.875;

/// Where and how a die is made. Defaults: those of the published search (docs/estimator.md 7.3); ACT's own are 14 nm and `gpa97`.
struct fab {
    hardware::node node = hardware::node::nm22;
    si::carbon_intensity intensity = carbon::intensity(place::taiwan);
    carbon::abatement abatement = abatement::gpa95;
    double yield = act_yield;                  ///< in (0, 1]
};

/// A place, a source, or anything else that has an `intensity`.
template <class E>
concept has_intensity = requires(E e) {
    { intensity(e) } -> std::same_as<si::carbon_intensity>;
};

namespace detail {

constexpr void require_yield(double yield) {
    if (!(yield > 0.0 && yield <= 1.0)) throw input_error{"yield", "", "more than 0 and at most 1", std::to_string(yield)};
}

/// Infinity passes: it marks a design that cannot be built.
constexpr void require_not_negative(std::string_view what, double amount) {
    if (!(amount >= 0.0)) throw input_error{what, "", "a number that is not negative", std::to_string(amount)};
}

constexpr void require_amount(std::string_view what, double amount) {
    if (!(amount >= 0.0 && amount <= 1.7976931348623157e308)) throw input_error{what, "", "a finite number, not negative", std::to_string(amount)};
}

/// Is made of anything, in programs with a mistake.
struct any_member {
    constexpr any_member() = default;
    template <class T>
    constexpr any_member(const T&) {} // NOLINT(google-explicit-constructor): takes the place of a member of any type
};
/// The members of a fab with the names that are written by mistake, between the right ones and in their order.
struct misspelt_fab {
    any_member node{}, nod{}, nodes{}, process{}, technology{}, intensity{}, intensities{}, intensty{}, grid{}, carbon_intensity{}, place{},
        location{};
    any_member abatement{}, abatment{}, gas_abatement{}, yield{}, yeild{}, die_yield{};
};

/// ACT's CPA in g CO2e/cm2, in its own order of operations.
[[nodiscard]] constexpr double grams_per_square_centimetre_of(hardware::node node, double grams_per_kwh, carbon::abatement a, double yield) {
    require_yield(yield);
    const carbon::logic_process& p = carbon::logic_processes[static_cast<std::size_t>(node)];
    double gases = p.gpa95_grams_per_square_centimetre;
    if (a == carbon::abatement::gpa99) gases = p.gpa99_grams_per_square_centimetre;
    if (a == carbon::abatement::gpa97) gases = (p.gpa95_grams_per_square_centimetre + p.gpa99_grams_per_square_centimetre) / 2.0;
    return (grams_per_kwh * p.kilowatt_hours_per_square_centimetre + gases + p.mpa_grams_per_square_centimetre) / yield;
}

} // namespace detail

/// Embodied carbon of logic per area of die: (fab intensity * EPA + GPA + MPA) / yield (ACT logic_model). No packaging, no
/// wafer edge, no defect density.
/// @throws input_error if the yield is not in (0, 1], or the intensity is negative or no number
[[nodiscard]] constexpr si::carbon_per_area embodied_per_area(const fab& f = {}) {
    verdant::carbon::detail::require_not_negative("carbon intensity of a fab in g CO2e/kWh", in<grams_per_kilowatt_hour>(f.intensity));
    return verdant::carbon::detail::grams_per_square_centimetre_of(f.node, in<grams_per_kilowatt_hour>(f.intensity), f.abatement, f.yield) *
           grams_per_square_centimetre{};
}

/// Embodied carbon of a die, with run-time parameters.
/// @throws input_error if the yield is not in (0, 1], or area or intensity are negative or no number
[[nodiscard]] constexpr si::mass embodied(si::area die, const fab& f = {}) {
    verdant::carbon::detail::require_not_negative("area of a die in mm2", in<square_millimetres>(die));
    return die * embodied_per_area(f);
}

/// Embodied carbon of a die with the process in the type: `embodied<node::nm7, place::usa>(area)`.
/// @tparam Node      the process
/// @tparam Energy    what powers the fab: a `place` or a `source`
/// @tparam Abatement of the fabrication gases
/// @throws input_error if the yield is not in (0, 1], or the area is negative or no number
template <hardware::node Node, auto Energy = place::taiwan, abatement Abatement = abatement::gpa95>
[[nodiscard]] constexpr si::mass embodied(si::area die, double yield = act_yield) {
    constexpr bool has_grid = has_intensity<decltype(Energy)>; // a bool, since a failed concept prints its reasons
    static_assert(has_grid, "verdant: a fab runs on the grid of a place or on a source of electricity; write a carbon::place or a carbon::source");
    if constexpr (has_grid) return embodied(die, fab{Node, intensity(Energy), Abatement, yield});
    else return {};
}

/// Refused, with a sentence that says what to write.
template <class Number, class... Rest>
    requires std::is_arithmetic_v<Number>
[[nodiscard]] constexpr si::mass embodied(Number, const Rest&...) {
    static_assert(verdant::detail::fits<Number>, "verdant: the area of a die has a unit; write embodied(120.0 * square_millimetres{})");
    return {};
}
/// The same of a fab that is written wrongly.
template <class Wrong = void>
[[nodiscard]] constexpr si::mass embodied(si::area, const detail::misspelt_fab&) {
    static_assert(verdant::detail::fits<Wrong>, "verdant: embodied takes no such fab: a member is misspelt, out of order or of another type; write "
                                                "embodied(area, {.node = hardware::node::nm7, .intensity = intensity(place::usa), .yield = 0.9})");
    return {};
}
/// The same of a process in the type.
template <hardware::node Node, auto Energy = place::taiwan, abatement Abatement = abatement::gpa95, class Number>
    requires std::is_arithmetic_v<Number>
[[nodiscard]] constexpr si::mass embodied(Number, double = act_yield) {
    static_assert(verdant::detail::fits<Number>,
                  "verdant: the area of a die has a unit; write embodied<hardware::node::nm7>(120.0 * square_millimetres{})");
    return {};
}

/// Embodied carbon of DRAM: capacity * grams per GB / yield (ACT dram_model).
/// @throws input_error if the yield is not in (0, 1], or the capacity is negative or not finite
[[nodiscard]] constexpr si::mass embodied(dram type, double gigabytes, double yield = act_yield) {
    verdant::carbon::detail::require_yield(yield);
    verdant::carbon::detail::require_amount("capacity in GB", gigabytes);
    return drams[static_cast<std::size_t>(type)].grams_per_gigabyte / yield * gigabytes * grams_co2e{};
}

/// Embodied carbon of a solid-state disk: capacity * grams per GB / yield (ACT ssd_model).
/// @throws input_error if the yield is not in (0, 1], or the capacity is negative or not finite
[[nodiscard]] constexpr si::mass embodied(ssd type, double gigabytes, double yield = act_yield) {
    verdant::carbon::detail::require_yield(yield);
    verdant::carbon::detail::require_amount("capacity in GB", gigabytes);
    return ssds[static_cast<std::size_t>(type)].grams_per_gigabyte / yield * gigabytes * grams_co2e{};
}

/// Embodied carbon of a hard disk: capacity * grams per GB, no yield (ACT hdd_model, whose own capacity setter never multiplies).
/// @throws input_error if the capacity is negative or not finite
[[nodiscard]] constexpr si::mass embodied(hdd type, double gigabytes) {
    verdant::carbon::detail::require_amount("capacity in GB", gigabytes);
    return hdds[static_cast<std::size_t>(type)].grams_per_gigabyte * gigabytes * grams_co2e{};
}

} // namespace verdant::carbon
