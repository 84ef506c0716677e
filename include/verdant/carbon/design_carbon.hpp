#pragma once

#include <verdant/carbon/embodied.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <string>

/// Carbon of designing a chip: computers that place, route and check it, shared by all chips that are made.
namespace verdant::carbon {

/// How a chip is designed and how many are made. Defaults: ECO-CHIP's (commit fe998d9, src/CO2_func.py, design_costs;
/// tech_params/gates_perhr_scaling.json).
struct design_effort {
    double transistors_per_gate = 8;
    double gates_per_core_hour = 3645.833;
    si::power core = 10.0 * watts{};
    si::carbon_intensity grid = 700.0 * grams_per_kilowatt_hour{};
    double iterations = 90; ///< 90 to 100 in its examples
    double chips = 1e5;
};

/// Design carbon of one chip: A T / transistors a gate / gates an hour x core power x intensity x iterations / chips.
/// @param transistors_per_square_millimetre T, as ECO-CHIP's 82.86e6 at 7 nm
/// @throws input_error if a divisor is not above 0, or anything else is negative or not finite
[[nodiscard]] constexpr si::mass design_carbon(si::area die, double transistors_per_square_millimetre, const design_effort& e = {}) {
    detail::require_amount("area of a die in mm2", in<square_millimetres>(die));
    detail::require_amount("transistors per mm2", transistors_per_square_millimetre);
    detail::require_amount("power of a core in W", in<watts>(e.core));
    detail::require_amount("carbon intensity of design in g CO2e/kWh", in<grams_per_kilowatt_hour>(e.grid));
    detail::require_amount("iterations of a design", e.iterations);
    for (const double divisor : {e.transistors_per_gate, e.gates_per_core_hour, e.chips})
        if (!(divisor > 0.0 && divisor <= 1e300))
            throw input_error{"design effort", "", "transistors a gate, gates an hour and chips above 0", std::to_string(divisor)};
    const double gates = in<square_millimetres>(die) * transistors_per_square_millimetre / e.transistors_per_gate;
    return gates / e.gates_per_core_hour * hours{} * e.core * e.grid * (e.iterations / e.chips);
}

} // namespace verdant::carbon
