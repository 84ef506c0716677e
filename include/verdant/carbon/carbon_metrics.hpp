#pragma once

#include <verdant/carbon/embodied.hpp>
#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/units.hpp>

#include <string>

/// Metrics that weigh carbon against time and energy.
namespace verdant::si {

/// kg CO2e s.
using carbon_delay = decltype(mass{} * time{});
/// kg CO2e J.
using carbon_energy = decltype(mass{} * energy{});
/// kg2 CO2e J.
using carbon_squared_energy = decltype(mass{} * mass{} * energy{});
/// kg CO2e J2.
using carbon_energy_squared = decltype(mass{} * energy{} * energy{});

} // namespace verdant::si

namespace verdant {

/// Units of these metrics: dimension, size in SI units, symbol.
struct gram_seconds : unit<si::carbon_delay, 1e-3, "gCO2e s"> {};
struct gram_joules : unit<si::carbon_energy, 1e-3, "gCO2e J"> {};
struct square_gram_joules : unit<si::carbon_squared_energy, 1e-6, "gCO2e2 J"> {};
struct gram_square_joules : unit<si::carbon_energy_squared, 1e-3, "gCO2e J2"> {};
/// Grams of CO2e for 10^18 floating-point operations.
struct grams_per_exaflop : unit<si::mass, 1e-3, "gCO2e/EFLOP"> {};

/// Embodied carbon x delay (ACT, Gupta et al., ISCA 2022, section 4): what to minimise where embodied carbon dominates and time counts.
struct carbon_delay_product : metric<"CDP", si::carbon_delay, gram_seconds> {};
/// Embodied carbon x energy (ACT).
struct carbon_energy_product : metric<"CEP", si::carbon_energy, gram_joules> {};
/// Embodied carbon^2 x energy (ACT): for devices whose making dominates.
struct carbon_squared_energy_product : metric<"C2EP", si::carbon_squared_energy, square_gram_joules> {};
/// Embodied carbon x energy^2 (ACT): for devices whose use dominates.
struct carbon_energy_squared_product : metric<"CE2P", si::carbon_energy_squared, gram_square_joules> {};
/// Total carbon x delay (CORDOBA, Elgamal et al., HPCA 2025), where total is embodied, as far as a task has used the device up, and operational.
struct total_carbon_delay_product : metric<"tCDP", si::carbon_delay, gram_seconds> {};
/// Compute carbon intensity (Schneider et al., arXiv 2502.01671): total carbon over a device's life for each exaFLOP that it does.
struct compute_carbon_intensity : metric<"CCI", si::mass, grams_per_exaflop> {};

namespace carbon {

namespace detail {
constexpr void require_carbon(si::mass carbon) { require_amount("carbon in kg CO2e", to_si(carbon)); }
constexpr void require_time(si::time delay) { require_amount("delay in s", to_si(delay)); }
constexpr void require_energy(si::energy energy) { require_amount("energy in J", to_si(energy)); }
} // namespace detail

/// Embodied carbon x delay.
/// @throws input_error if an argument is negative or not finite; so do the others
[[nodiscard]] constexpr si::carbon_delay cdp(si::mass embodied, si::time delay) {
    detail::require_carbon(embodied), detail::require_time(delay);
    return embodied * delay;
}
/// Embodied carbon x energy.
[[nodiscard]] constexpr si::carbon_energy cep(si::mass embodied, si::energy energy) {
    detail::require_carbon(embodied), detail::require_energy(energy);
    return embodied * energy;
}
/// Embodied carbon^2 x energy.
[[nodiscard]] constexpr si::carbon_squared_energy c2ep(si::mass embodied, si::energy energy) {
    detail::require_carbon(embodied), detail::require_energy(energy);
    return embodied * embodied * energy;
}
/// Embodied carbon x energy^2.
[[nodiscard]] constexpr si::carbon_energy_squared ce2p(si::mass embodied, si::energy energy) {
    detail::require_carbon(embodied), detail::require_energy(energy);
    return embodied * energy * energy;
}
/// Total carbon x delay.
[[nodiscard]] constexpr si::carbon_delay tcdp(si::mass total, si::time delay) {
    detail::require_carbon(total), detail::require_time(delay);
    return total * delay;
}
/// Carbon of each exaFLOP.
/// @param total      carbon of the whole life, embodied and operational
/// @param operations that are done in this life
/// @throws input_error too if there are no operations
[[nodiscard]] constexpr si::mass cci(si::mass total, double operations) {
    detail::require_carbon(total);
    if (!(operations > 0.0 && operations <= 1e300))
        throw input_error{"operations of a life", "", "a finite number above 0", std::to_string(operations)};
    return total * 1e18 / operations; // 0 stays 0, however few operations there are
}

} // namespace carbon
} // namespace verdant
