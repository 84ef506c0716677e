#pragma once

#include <verdant/carbon/embodied.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <string>

/// How much of a device's carbon a task is charged with.
namespace verdant::carbon {

/// A device's life: how long it lasts and which share of it it works.
struct service {
    si::time lifetime = 3.0 * 365.0 * 24.0 * hours{};
    double duty = 1.0; ///< above 0 and at most 1

    /// Time in use.
    [[nodiscard]] constexpr si::time active() const { return lifetime * duty; }
};

namespace detail {
constexpr void require_service(const service& s) {
    if (!(to_si(s.lifetime) > 0.0 && to_si(s.lifetime) <= 1e300))
        throw input_error{"lifetime in s", "", "a finite number above 0", std::to_string(to_si(s.lifetime))};
    if (!(s.duty > 0.0 && s.duty <= 1.0)) throw input_error{"duty", "", "above 0, at most 1", std::to_string(s.duty)};
}
} // namespace detail

/// Embodied carbon that a task of a given time is charged with: embodied x time / (lifetime x duty) (ACT, Gupta et al., ISCA 2022, equation 1, where
/// duty is 1).
/// @throws input_error if carbon or time are negative or not finite, the lifetime is not above 0, the duty is not in (0, 1], or the task outlasts the
/// life
[[nodiscard]] constexpr si::mass amortised(si::mass embodied, si::time task, const service& s = {}) {
    detail::require_amount("embodied carbon in kg CO2e", to_si(embodied));
    detail::require_amount("time of a task in s", to_si(task));
    detail::require_service(s);
    if (task > s.active())
        throw input_error{"time of a task in s", "", "at most the device's life in use, " + std::to_string(to_si(s.active())),
                          std::to_string(to_si(task))};
    return embodied * (to_si(task) / to_si(s.active()));
}

/// Operational carbon of a whole life: intensity x power x lifetime x duty (ACT's second edition, commit abc9fbb).
/// @throws input_error as `amortised`, if power or intensity are negative or not finite
[[nodiscard]] constexpr si::mass lifetime_operational(si::power power, si::carbon_intensity grid, const service& s = {}) {
    detail::require_amount("power in W", in<watts>(power));
    detail::require_amount("carbon intensity of use in g CO2e/kWh", in<grams_per_kilowatt_hour>(grid));
    detail::require_service(s);
    return power * s.active() * grid;
}

/// Carbon of a task: operational and amortised embodied.
/// @throws input_error as `amortised`, if energy or intensity are negative or not finite
[[nodiscard]] constexpr si::mass task_carbon(si::energy used, si::carbon_intensity grid, si::mass embodied, si::time task, const service& s = {}) {
    detail::require_amount("energy in J", to_si(used));
    detail::require_amount("carbon intensity of use in g CO2e/kWh", in<grams_per_kilowatt_hour>(grid));
    return used * grid + amortised(embodied, task, s);
}

} // namespace verdant::carbon
