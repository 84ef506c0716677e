#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/constexpr_math.hpp>
#include <verdant/units.hpp>

#include <array>
#include <cstddef>
#include <string>

/// Area and energy of SRAM macros.
namespace verdant::hardware {

/// One SRAM macro: area, and mean energy of an access of 32 bits (four words).
struct sram_macro {
    long long bytes;
    double area_square_micrometres;
    double read_picojoules;
    double write_picojoules;
    bool extrapolated = false; ///< not one of the sizes that CACTI was run for

    [[nodiscard]] constexpr si::area area() const { return area_square_micrometres * square_micrometres{}; }
    [[nodiscard]] constexpr si::energy read() const { return read_picojoules * picojoules{}; }
    [[nodiscard]] constexpr si::energy write() const { return write_picojoules * picojoules{}; }
};

/// CACTI's results for 22 nm: 32-bit words, 4 banks, 2 read/write ports, LSTP cells, 300 K, UCA optimised for ED^2
/// (docs/estimator.md 2.2). The energies are the mean over Accelergy's ten combinations of address and data activity,
/// 0.5 * Emax + k with k = 1.586294 pJ (read) or 2 pJ (write). The 512-byte row lies at the edge of CACTI's model.
inline constexpr std::array<sram_macro, 29> sram_22nm{{
    {512, 2404.85, 1.908948, 2.339696},
    {1024, 3617.47, 1.977863, 2.442038},
    {2048, 5730.95, 2.119864, 2.579705},
    {4096, 9437.64, 2.285594, 2.795575},
    {8192, 17858.8, 2.656999, 3.097015},
    {16384, 32476.6, 3.320289, 3.62039},
    {24576, 44105.6, 3.564904, 3.814865},
    {32768, 56006.9, 3.833584, 4.033405},
    {49152, 79291.4, 4.325574, 4.42512},
    {65536, 105921.0, 5.428359, 5.08094},
    {98304, 172317.0, 6.056514, 5.884265},
    {131072, 219485.0, 6.739844, 6.38374},
    {196608, 349472.0, 7.918344, 7.72875},
    {262144, 447768.0, 9.129444, 8.75605},
    {393216, 639383.0, 11.006994, 9.99035},
    {524288, 815621.0, 12.539794, 11.0719},
    {786432, 1284070.0, 14.792044, 13.7754},
    {1048576, 1642130.0, 17.421444, 15.95355},
    {2097152, 3100860.0, 24.296144, 20.6046},
    {3145728, 4860050.0, 28.792944, 26.08745},
    {4194304, 6207510.0, 34.338094, 30.64655},
    {6291456, 8867050.0, 44.450844, 38.7872},
    {8388608, 12235100.0, 49.079894, 45.38835},
    {12582912, 17446000.0, 59.294294, 53.631},
    {16777216, 22693800.0, 70.786794, 63.151},
    {25165824, 34610700.0, 88.528294, 82.865},
    {33554432, 44959400.0, 100.730794, 93.095},
    {52428800, 71471600.0, 121.696794, 115.787},
    {67108864, 89641000.0, 141.143294, 133.5075},
}};

/// The SRAM of a given capacity: CACTI's result where it was run for that size, else the power law through the two nearest
/// sizes of the table, marked `extrapolated` (CACTI is not smooth in the size).
/// @param bytes capacity, positive
/// @throws input_error if `bytes` is not positive
[[nodiscard]] constexpr sram_macro sram(long long bytes) {
    if (bytes <= 0) throw input_error{"SRAM", "", "a positive number of bytes", std::to_string(bytes)};
    std::size_t above = 0;
    while (above < sram_22nm.size() && sram_22nm[above].bytes < bytes) ++above;
    if (above < sram_22nm.size() && sram_22nm[above].bytes == bytes) return sram_22nm[above];
    if (above == 0) above = 1;
    if (above == sram_22nm.size()) --above;
    const sram_macro& a = sram_22nm[above - 1];
    const sram_macro& b = sram_22nm[above];
    const auto x0 = static_cast<double>(a.bytes);
    const auto x1 = static_cast<double>(b.bytes);
    const auto x = static_cast<double>(bytes);
    return {bytes, surrogate::detail::power_law(x0, a.area_square_micrometres, x1, b.area_square_micrometres, x),
            surrogate::detail::power_law(x0, a.read_picojoules, x1, b.read_picojoules, x),
            surrogate::detail::power_law(x0, a.write_picojoules, x1, b.write_picojoules, x), true};
}

} // namespace verdant::hardware
