#pragma once

#include <verdant/units.hpp>

#include <string_view>

/// The manufacturing process: area and energy of elements and accesses, and clock frequencies.
namespace verdant::hardware {

/// Logic manufacturing nodes for which ACT has data.
enum class node : unsigned char { nm28, nm22, nm20, nm14, nm10, nm8, nm7, nm5, nm3 };

/// `"22nm"`.
[[nodiscard]] constexpr std::string_view name(node n) {
    constexpr std::string_view names[] = {"28nm", "22nm", "20nm", "14nm", "10nm", "8nm", "7nm", "5nm", "3nm"};
    return names[static_cast<unsigned>(n)];
}

/// What one processing element (PE) of a core costs, beside its share of the SRAMs.
/// The hot paths compute in um^2 and pJ, as the original does, so that its digits are reproduced; the functions give quantities.
struct element_cost {
    double mac_square_micrometres;
    double register_square_micrometres; ///< the whole register file of one PE
    double register_read_picojoules;    ///< per word
    double register_write_picojoules;   ///< per word
    int register_words;                 ///< capacity of one PE's register file

    [[nodiscard]] constexpr si::area area() const {
        return (mac_square_micrometres + register_square_micrometres) * square_micrometres{};
    }
    [[nodiscard]] constexpr si::energy register_read() const { return register_read_picojoules * picojoules{}; }
    [[nodiscard]] constexpr si::energy register_write() const { return register_write_picojoules * picojoules{}; }
};

/// Constants of the one technology that the published model is tabulated for: 8-bit integers, 22 nm, 625 MHz.
/// Source: Accelergy's library entries at 45 nm (32-bit MAC 3632 um^2 and 3.2 pJ; 128-word register file 13.312 um^2, 3.84 pJ
/// read, 5.12 pJ write), scaled linearly in width, with depth^0.78 in energy and to 22 nm, rounded to 6 decimals
/// (docs/estimator.md 2.1). The scaling to 22 nm weights the library's 32 nm and 20 nm entries 5/6 and 1/6 although 22 nm is
/// nearer 20; that is what the published figures contain, and it is reproduced. tests/static/hardware/technology.cpp derives them.
namespace int8_22nm {

/// The process, and what one multiply-accumulate element of the tensor cores and one lane of the vector cores cost.
inline constexpr hardware::node process = hardware::node::nm22;
inline constexpr element_cost tensor_element{379.846667, 0.348053, 0.190888, 0.254518, 32};
inline constexpr element_cost vector_element{379.846667, 0.13052, 0.088823, 0.11843, 12};
/// One multiply-accumulate of a vector core, pJ.
inline constexpr double vector_mac_picojoules = 0.469035;
/// One multiply-accumulate of a tensor core, pJ: the mapping search uses this constant, not the one above (docs/estimator.md 4.3).
/// Reproduced: no corrected figure is published.
inline constexpr double tensor_mac_picojoules = 2.2;
/// One 32-bit LPDDR4 access, read or write: 8 pJ a bit.
inline constexpr double dram_picojoules = 256.0;
/// One read of a core's lookup table (exponentials and the like).
inline constexpr double lookup_picojoules = 2.0;
/// 8-bit words in one access of an SRAM or of the DRAM.
inline constexpr int words_per_access = 4;

/// The clock that all figures of this technology are for.
inline constexpr double cycles_per_second = 625e6;
inline constexpr si::frequency frequency = cycles_per_second * hertz{};
/// Words per cycle between the global buffer and the cores, each way.
inline constexpr int glb_bandwidth = 512;
/// Words per cycle between the DRAM and the global buffer, each way (80 GB/s).
inline constexpr int dram_bandwidth = 128;

} // namespace int8_22nm

} // namespace verdant::hardware
