#pragma once

#include <verdant/carbon/detail/elementary.hpp>
#include <verdant/carbon/layered_process.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <string>

/// Areas of dies of which only the gates are known (3D-Carbon, src/models/die.py).
namespace verdant::carbon {

/// Vertical connections between the two dies of a stack, after Rent's rule with exponent 0.61, 4 pins a gate and fan-out 4.
/// @param gates, neighbour gates of either die
/// @throws input_error unless both have 5 to 1e18
[[nodiscard]] constexpr double vertical_connections(double gates, double neighbour) {
    for (const double g : {gates, neighbour})
        if (!(g >= 5.0 && g <= 1e18)) throw input_error{"gates of a die", "", "5 to 1e18", std::to_string(g)};
    const auto pins = [](double g) { return g * (1.0 - detail::power_of(g, 0.61 - 1.0)); };
    return 4.0 / 5.0 * 4.0 * (pins(gates + neighbour) - pins(gates) - pins(neighbour));
}

/// Area of a die: 400 squares of a feature a gate, inputs and outputs, and 1e-4 mm2 a vertical connection.
/// @param inputs_outputs 0.014 mm2 each; 0: a tenth of the gates' area
/// @param connections    as of `vertical_connections`; 0 outside of stacks
/// @throws input_error if the gates are not 5 to 1e18, or one of the others is negative or above 1e18
[[nodiscard]] constexpr si::area gate_area(layered_node n, double gates, double inputs_outputs = 0, double connections = 0) {
    if (!(gates >= 5.0 && gates <= 1e18)) throw input_error{"gates of a die", "", "5 to 1e18", std::to_string(gates)};
    for (const double count : {inputs_outputs, connections})
        if (!(count >= 0.0 && count <= 1e18)) throw input_error{"connections of a die", "", "0 to 1e18", std::to_string(count)};
    const double feature = process_of(n).nanometres * 1e-9, logic = gates * 400e6 * feature * feature;
    const double area = (inputs_outputs == 0 ? logic * 1.1 : logic + inputs_outputs * 0.014) + connections * 1e-4;
    return area * square_millimetres{};
}

} // namespace verdant::carbon
