#pragma once

#include <verdant/carbon/embodied.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <string>

/// What stands around chips: boards, batteries, housings, and servers of them (ACT's second edition, commit abc9fbb).
namespace verdant::carbon {

/// Kinds of lithium-ion batteries.
enum class battery_chemistry : unsigned char { nmc, lfp };
/// What housings are made of.
enum class housing_material : unsigned char { steel, aluminium };

/// ACT's figures: kg CO2e a package of a chip, a kWh of battery, a kg of housing.
namespace board_factors {
inline constexpr double package = 0.150; ///< a package of a chip, kg
inline constexpr double nmc = 87; ///< batteries with nickel, manganese and cobalt, kg a kWh
inline constexpr double lfp = 61.5; ///< batteries with iron phosphate, kg a kWh
inline constexpr double steel = 1.89; ///< housings of steel, kg a kg
inline constexpr double aluminium = 15.1; ///< housings of aluminium, kg a kg
inline constexpr double other_layer = 0.13; ///< a layer of a board with another number of layers than 2, 4, 6 or 8, kg a m2
} // namespace board_factors

/// Embodied carbon of a printed circuit board: 0.41, 0.43, 0.71 or 0.91 kg a m2 with 2, 4, 6 or 8 layers, else 0.13 kg a layer and m2.
/// @throws input_error if the area is negative or not finite, or there are not 1 to 100 layers
[[nodiscard]] constexpr si::mass embodied_circuit_board(si::area area, int layers) {
    detail::require_amount("area of a board in m2", to_si(area));
    if (layers < 1 || layers > 100) throw input_error{"layers of a board", "", "1 to 100", std::to_string(layers)};
    const double per_area = layers == 2 ? 0.41 : layers == 4 ? 0.43 : layers == 6 ? 0.71 : layers == 8 ? 0.91 : board_factors::other_layer * layers;
    return to_si(area) * per_area * kilograms_co2e{};
}
/// Embodied carbon of a battery: 87 kg a kWh with nickel, manganese and cobalt, 61.5 with iron phosphate.
/// @throws input_error if the capacity is negative or not finite
[[nodiscard]] constexpr si::mass embodied_battery(si::energy capacity, battery_chemistry chemistry) {
    detail::require_amount("capacity of a battery in kWh", in<kilowatt_hours>(capacity));
    return in<kilowatt_hours>(capacity) * (chemistry == battery_chemistry::nmc ? board_factors::nmc : board_factors::lfp) * kilograms_co2e{};
}
/// Embodied carbon of a housing: 1.89 kg a kg of steel, 15.1 of aluminium.
/// @throws input_error if the weight is negative or not finite
[[nodiscard]] constexpr si::mass embodied_housing(si::mass weight, housing_material material) {
    detail::require_amount("weight of a housing in kg", to_si(weight));
    return weight * (material == housing_material::steel ? board_factors::steel : board_factors::aluminium);
}

/// What a server or another device is made of. Nothing is assumed that is not stated: parts that are left out cost nothing.
struct server {
    si::mass chips{};       ///< embodied carbon of all dies, or of their packages where these are costed already
    int packaged_chips = 0; ///< chips that take a package of 150 g each
    si::mass memory{};      ///< RAM, embodied
    si::mass storage{};     ///< disks, embodied
    si::area board{};
    int board_layers = 8;
    si::energy battery{};
    battery_chemistry chemistry = battery_chemistry::nmc;
    si::mass steel{};       ///< weight
    si::mass aluminium{};   ///< weight
    si::mass other{};       ///< power supplies, fans, assembly, transport: embodied, as a maker states it
};

/// Embodied carbon of a whole server.
/// @throws input_error if a part is negative or not finite, or the board has not 1 to 100 layers
[[nodiscard]] constexpr si::mass embodied(const server& s) {
    for (const auto& part : {s.chips, s.memory, s.storage, s.other}) detail::require_amount("embodied carbon of a part in kg CO2e", to_si(part));
    if (s.packaged_chips < 0) throw input_error{"packaged chips", "", "a number that is not negative", std::to_string(s.packaged_chips)};
    return s.chips + static_cast<double>(s.packaged_chips) * board_factors::package * kilograms_co2e{} + s.memory + s.storage + s.other +
           embodied_circuit_board(s.board, s.board_layers) + embodied_battery(s.battery, s.chemistry) +
           embodied_housing(s.steel, housing_material::steel) + embodied_housing(s.aluminium, housing_material::aluminium);
}

/// A device's part of a server that it shares: what serves all devices is divided among them (EcoLogits, for instance: eight H100 in a server of 5700
/// kg, and 164 kg a GPU by NVIDIA's product carbon footprint).
/// @param shared  embodied carbon without the devices
/// @param devices that share it, at least 1
/// @param own     embodied carbon of one of them
/// @throws input_error if a mass is negative or not finite, or there are no devices
[[nodiscard]] constexpr si::mass device_share(si::mass shared, int devices, si::mass own) {
    detail::require_amount("embodied carbon of a server in kg CO2e", to_si(shared));
    detail::require_amount("embodied carbon of a device in kg CO2e", to_si(own));
    if (devices < 1) throw input_error{"devices of a server", "", "at least 1", std::to_string(devices)};
    return shared / static_cast<double>(devices) + own;
}

} // namespace verdant::carbon
