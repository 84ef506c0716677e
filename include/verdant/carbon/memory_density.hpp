#pragma once

#include <verdant/carbon/embodied.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <string>
#include <string_view>

/// Embodied carbon of memories, disks and processors from the density of their silicon: linear fits of Boavizta (Boaviztapi, after the study "Green
/// Cloud Computing" of the Umweltbundesamt, UBA 2021).
namespace verdant::carbon {

/// A memory's silicon: how much of it a square centimetre holds.
struct memory_density {
    double gigabytes_per_square_centimetre = 0;
};

/// Densities of DRAM by process (Boavizta's component archetypes; where it gives a range by maker, the middle of it).
inline constexpr memory_density dram_30nm{0.755};
inline constexpr memory_density dram_25nm{1.25};
inline constexpr memory_density dram_20nm{1.44};
inline constexpr memory_density dram_18nm{2.38};
/// The least and the greatest density of flash memory, by layers.
inline constexpr memory_density flash_fewest_layers{16};
inline constexpr memory_density flash_most_layers{128};

/// Boavizta's coefficients: kg CO2e a cm2 of memory, and what a module or a disk costs besides; kg a mm2 of processor, and its package.
namespace boavizta {
inline constexpr double silicon = 2.20; ///< silicon of memory, kg a cm2
inline constexpr double ram_module = 5.22; ///< what a module of RAM costs besides, kg
inline constexpr double disk = 6.34; ///< what a disk costs besides, kg
inline constexpr double processor_silicon = 0.0197; ///< silicon of a processor, kg a mm2
inline constexpr double processor = 9.14; ///< what a processor costs besides, kg
} // namespace boavizta

namespace detail {
[[nodiscard]] constexpr si::mass by_density(std::string_view what, double gigabytes, memory_density d, double besides) {
    require_amount(what, gigabytes);
    if (!(d.gigabytes_per_square_centimetre > 0.0 && d.gigabytes_per_square_centimetre <= 1e9))
        throw input_error{"density of a memory in GB/cm2", "", "a number above 0", std::to_string(d.gigabytes_per_square_centimetre)};
    return (boavizta::silicon * gigabytes / d.gigabytes_per_square_centimetre + besides) * kilograms_co2e{};
}
} // namespace detail

/// Embodied carbon of a module of RAM: 2.20 GB/density + 5.22 kg.
/// @throws input_error if the capacity is negative or not finite, or the density is not above 0
[[nodiscard]] constexpr si::mass embodied_ram(double gigabytes, memory_density d = dram_20nm) {
    return detail::by_density("capacity of RAM in GB", gigabytes, d, boavizta::ram_module);
}
/// Embodied carbon of a solid-state disk: 2.20 GB/density + 6.34 kg. Throws input_error as `embodied_ram`.
[[nodiscard]] constexpr si::mass embodied_ssd(double gigabytes, memory_density d) {
    return detail::by_density("capacity of a disk in GB", gigabytes, d, boavizta::disk);
}
/// Embodied carbon of a processor with its package: 0.0197 kg a mm2 of die + 9.14 kg.
/// @throws input_error if the area is negative or not finite
[[nodiscard]] constexpr si::mass embodied_processor(si::area die) {
    detail::require_amount("area of a die in mm2", in<square_millimetres>(die));
    return (boavizta::processor_silicon * in<square_millimetres>(die) + boavizta::processor) * kilograms_co2e{};
}

} // namespace verdant::carbon
