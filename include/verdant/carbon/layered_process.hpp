#pragma once

#include <verdant/carbon/detail/elementary.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/yield.hpp>
#include <verdant/error.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// Logic processes whose carbon depends on the number of metal layers (3D-Carbon; Zhao et al., arXiv 2307.08060).
namespace verdant::carbon {

/// Processes that 3D-Carbon knows; ACT has no 12 nm, 3D-Carbon no 22 nm.
enum class layered_node : unsigned char { nm28, nm20, nm14, nm12, nm10, nm8, nm7, nm5, nm3 };

/// A process: electricity, gases and materials of an area with its usual metal layers, the electricity of one layer, and its defects.
struct layered_process {
    layered_node node;
    std::string_view name;
    double nanometres;
    double kilowatt_hours_per_square_centimetre;
    double gases_grams_per_square_centimetre; ///< GPA, 99 % abated
    double materials_grams_per_square_centimetre;
    int usual_layers;
    double layer_kilowatt_hours_per_square_centimetre;
    double defects_per_square_centimetre;
};

/// 3D-Carbon at commit 14e1a7f, in the order of `layered_node`: parameters/logic/{epa,gpa,mpa,epa_BEOL_perlayer}.json,
/// configs/{layer_config,die_yield}.json. Its 10 nm has an EPA of 1.49, where ACT has 1.475.
inline constexpr std::array<layered_process, 9> layered_processes{{
    {layered_node::nm28, "28nm", 28, 0.90, 100, 500, 10, 0.054, 0.070},
    {layered_node::nm20, "20nm", 20, 1.20, 110, 500, 10, 0.054, 0.075},
    {layered_node::nm14, "14nm", 14, 1.20, 125, 500, 10, 0.050, 0.10},
    {layered_node::nm12, "12nm", 12, 1.30, 135, 500, 10, 0.055, 0.08},
    {layered_node::nm10, "10nm", 10, 1.49, 150, 500, 12, 0.059, 0.10},
    {layered_node::nm8, "8nm", 8, 1.52, 150, 500, 13, 0.071, 0.10},
    {layered_node::nm7, "7nm", 7, 2.15, 200, 500, 15, 0.086, 0.10},
    {layered_node::nm5, "5nm", 5, 2.75, 225, 500, 17, 0.090, 0.11},
    {layered_node::nm3, "3nm", 3, 3.25, 275, 500, 20, 0.097, 0.20},
}};

/// The process of a node.
[[nodiscard]] constexpr const layered_process& process_of(layered_node n) { return layered_processes[static_cast<std::size_t>(n)]; }

/// The layered process of ACT's node.
/// @throws input_error for 22 nm, which 3D-Carbon does not have
[[nodiscard]] constexpr layered_node layered(hardware::node n) {
    switch (n) {
    case hardware::node::nm28: return layered_node::nm28;
    case hardware::node::nm20: return layered_node::nm20;
    case hardware::node::nm14: return layered_node::nm14;
    case hardware::node::nm10: return layered_node::nm10;
    case hardware::node::nm8: return layered_node::nm8;
    case hardware::node::nm7: return layered_node::nm7;
    case hardware::node::nm5: return layered_node::nm5;
    case hardware::node::nm3: return layered_node::nm3;
    case hardware::node::nm22: break;
    }
    throw input_error{"node of a layered process", "", "28, 20, 14, 12, 10, 8, 7, 5 or 3 nm", std::string{name(n)}};
}

/// The defects of a process, clustered with 10.
[[nodiscard]] constexpr defects defects_of(layered_node n) { return {process_of(n).defects_per_square_centimetre, 10.0}; }

/// What scales with the metal layers beside electricity.
enum class layer_scaling : unsigned char { gases, gases_and_materials };

/// Carbon of processed silicon with so many metal layers, before yield: with EPA' = EPA + (L - L0) e and g = EPA'/EPA it is EPA' CI + g GPA + MPA
/// (3D-Carbon, die_carbon; die_carbon_without_yield, for dies bonded as wafers, has g MPA).
/// @param layers    0: the usual ones of the process
/// @param intensity of the fab's electricity
/// @throws input_error if the layers are negative or so few that nothing would be left, or the intensity is negative or no number
[[nodiscard]] constexpr si::carbon_per_area layered_carbon_per_area(layered_node n, int layers, si::carbon_intensity intensity,
                                                                    layer_scaling scaling = layer_scaling::gases) {
    const auto& p = process_of(n);
    const double grams_per_kwh = in<grams_per_kilowatt_hour>(intensity);
    detail::require_not_negative("carbon intensity of a fab in g CO2e/kWh", grams_per_kwh);
    const int delta = layers == 0 ? 0 : layers - p.usual_layers;
    const double electricity = p.kilowatt_hours_per_square_centimetre + delta * p.layer_kilowatt_hours_per_square_centimetre;
    if (layers < 0 || layers > 100 || !(electricity > 0.0))
        throw input_error{"metal layers at " + std::string{p.name}, "", "0 for the usual " + std::to_string(p.usual_layers) + ", or at most 100",
                          std::to_string(layers)};
    const double gamma = electricity / p.kilowatt_hours_per_square_centimetre;
    const double materials = (scaling == layer_scaling::gases_and_materials ? gamma : 1.0) * p.materials_grams_per_square_centimetre;
    return (electricity * grams_per_kwh + gamma * p.gases_grams_per_square_centimetre + materials) * grams_per_square_centimetre{};
}

namespace detail {
/// The mean length of a wire in gate pitches, after Donath, as 3D-Carbon writes it (src/models/die.py, L_average): of the first quotient's numerator
/// and denominator it leaves the ones outside, where Donath's formula has 7 (N^(p-0.5) - 1) / (4^(p-0.5) - 1).
[[nodiscard]] constexpr double wire_length(double gates, double rent) {
    const double first = (7.0 * power_of(gates, rent - 0.5) - 1.0) / power_of(4.0, rent - 0.5);
    const double second = (1.0 - power_of(gates, rent - 1.5)) / (1.0 - power_of(4.0, rent - 1.5));
    return 2.0 / 9.0 * (1.0 - power_of(4.0, rent - 1.0)) / (1.0 - power_of(gates, rent - 1.0)) * (first - second);
}
} // namespace detail

/// How many metal layers a die needs whose number nobody states, as 3D-Carbon estimates it from gates (Rent's exponent 0.525, fan-out 4, wire pitch
/// 3.6 features, utilisation 0.3), at most three above the usual ones.
/// @param gates 0: one for each 4e8 squares of a feature, as 3D-Carbon assumes
/// @throws input_error if the area is not above 0 or the gates are negative or fewer than 5
[[nodiscard]] constexpr int estimated_layers(layered_node n, si::area die, double gates = 0) {
    const auto& p = process_of(n);
    const double area = in<square_millimetres>(die), feature = p.nanometres * 1e-9;
    if (!(area > 0.0 && area <= 1e9)) throw input_error{"area of a die in mm2", "", "a number above 0", std::to_string(area)};
    if (gates == 0) gates = area / (feature * feature * 400e6);
    if (!(gates >= 5.0 && gates <= 1e18)) throw input_error{"gates of a die", "", "0 for an estimate, or at least 5", std::to_string(gates)};
    const double needed = 4.0 * gates * detail::wire_length(gates, 0.525) * 3.6 * feature / (0.3 * area) + 1.0;
    return static_cast<int>(std::min(needed, p.usual_layers + 3.0));
}

} // namespace verdant::carbon
