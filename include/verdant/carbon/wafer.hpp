#pragma once

#include <verdant/carbon/detail/elementary.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <cstdint>
#include <string>

/// Dies on a round wafer, and who pays for the silicon that no die has.
namespace verdant::carbon {

/// Diameters of wafers.
enum class wafer : unsigned short { mm200 = 200, mm300 = 300, mm450 = 450 };

namespace detail {
inline constexpr double pi = 3.14159265358979323846;
}

/// pi d^2 / 4.
[[nodiscard]] constexpr si::area wafer_area(wafer w = wafer::mm300) {
    const double diameter = static_cast<double>(w);
    return diameter * diameter * detail::pi / 4.0 * square_millimetres{};
}

/// Dies on a wafer before rounding: pi d^2/(4A) - pi d/sqrt(2A), the usual estimate without scribe lines (3D-Carbon, src/models/die.py; ECO-CHIP,
/// src/CO2_func.py, Si_wastage_accurate_t).
/// @throws input_error if the area is not above 0, or a wafer has not one such die
[[nodiscard]] constexpr double dies_unrounded(si::area die, wafer w = wafer::mm300) {
    const double diameter = static_cast<double>(w), area = in<square_millimetres>(die);
    if (!(area > 0.0 && area <= 1e300)) throw input_error{"area of a die in mm2", "", "a finite number above 0", std::to_string(area)};
    const double dies = detail::pi * diameter * diameter / 4.0 / area - detail::pi * diameter / detail::square_root(2.0 * area);
    if (!(dies >= 1.0))
        throw input_error{"area of a die in mm2", "", "a die of which a wafer of " + std::to_string(static_cast<int>(w)) + " mm holds at least one",
                          std::to_string(area)};
    if (!(dies < 9e15)) throw input_error{"area of a die in mm2", "", "dies that can be counted", std::to_string(area)};
    return dies;
}

/// Whole dies on a wafer. Throws input_error as `dies_unrounded`.
[[nodiscard]] constexpr std::int64_t dies_per_wafer(si::area die, wafer w = wafer::mm300) {
    return static_cast<std::int64_t>(dies_unrounded(die, w));
}

/// Which part of its wafer a die is charged with.
enum class wafer_share : unsigned char {
    die_alone,   ///< A c / Y: ACT, where the edge costs nothing
    whole_wafer, ///< W c / N / Y with N whole dies: 3D-Carbon, die_carbon
    unused_too,  ///< A c / Y + (W - N A) c / n with N whole dies and n unrounded ones; what is cut off does not fail: ECO-CHIP, Si_chip
};

/// Carbon of a working die with its share of the wafer.
/// @param per_area carbon of processed silicon c, before yield
/// @param yield    Y, more than 0 and at most 1
/// @throws input_error if the area is not above 0, no die fits, the yield is not in (0, 1], or the carbon is negative or no number
[[nodiscard]] constexpr si::mass silicon_carbon(si::area die, si::carbon_per_area per_area, double yield,
                                                wafer_share share = wafer_share::whole_wafer, wafer w = wafer::mm300) {
    detail::require_yield(yield);
    detail::require_not_negative("carbon of silicon in g CO2e/cm2", in<grams_per_square_centimetre>(per_area));
    const double dies = dies_unrounded(die, w), whole = static_cast<double>(static_cast<std::int64_t>(dies));
    switch (share) {
    case wafer_share::whole_wafer: return wafer_area(w) * per_area / whole / yield;
    case wafer_share::unused_too: return die * per_area / yield + (wafer_area(w) - whole * die) * per_area / dies;
    case wafer_share::die_alone: break;
    }
    return die * per_area / yield;
}

} // namespace verdant::carbon
