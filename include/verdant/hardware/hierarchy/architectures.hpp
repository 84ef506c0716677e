#pragma once

#include <verdant/hardware/hierarchy/hierarchy.hpp>

#include <cstdint>

/// Published accelerators as hierarchies, and the three ways to keep one operand still.
///
/// Energies are multiples of that of a multiply-accumulate, as measured for 16-bit words in 65 nm (Chen, Emer, Sze, ISCA 2016, table IV): register
/// files 1, a buffer above 100 KB 6, DRAM 200. They compare mappings on a hierarchy; for absolute numbers write a hierarchy with the energies of your
/// memories.
namespace verdant::hardware {

/// DRAM, without limits. @tparam Mac pJ of a multiply-accumulate
template <double Mac>
using outer_memory = level<"DRAM", words<16>, access_energy<200 * Mac>>;

/// An array whose elements each hold one word of one operand below a buffer; all other words come from the buffer in each cycle.
/// @tparam Kept the operand that stays in the elements
/// @tparam Buffer words of the buffer
/// @tparam Mac pJ of a multiply-accumulate
template <operand Kept, std::int64_t Columns, std::int64_t Rows, std::int64_t Buffer, double Mac>
struct stationary_array : hierarchy<outer_memory<Mac>, level<"buffer", words<16>, capacity<Buffer>, fans_out<Columns, Rows>, access_energy<6 * Mac>>,
                                    level<"register", words<16>, capacity<1>, keeps<Kept>, access_energy<Mac>>, multipliers<Mac>> {};

/// Weights stay in the array.
template <std::int64_t Columns, std::int64_t Rows, std::int64_t Buffer, double Mac>
struct weight_stationary : stationary_array<operand::weights, Columns, Rows, Buffer, Mac> {};
/// Sums stay in the array until they are finished.
template <std::int64_t Columns, std::int64_t Rows, std::int64_t Buffer, double Mac>
struct output_stationary : stationary_array<operand::outputs, Columns, Rows, Buffer, Mac> {};
/// Inputs stay in the array.
template <std::int64_t Columns, std::int64_t Rows, std::int64_t Buffer, double Mac>
struct input_stationary : stationary_array<operand::inputs, Columns, Rows, Buffer, Mac> {};

/// An array like that of Eyeriss (Chen et al., JSSC 2017, table III): 14 x 12 elements with scratchpads of 12 inputs, 224 weights and 24 sums below
/// 108 KB for inputs and sums. Weights pass the buffer.
template <double Mac>
struct eyeriss_like : hierarchy<outer_memory<Mac>,
                                level<"buffer", words<16, 4>, capacity<108 * 1024 / 2>, keeps<operand::inputs, operand::outputs>, fans_out<14, 12>,
                                      access_energy<4 * 6 * Mac>>,
                                level<"inputs", words<16>, capacity<12>, keeps<operand::inputs>, access_energy<Mac>>,
                                level<"weights", words<16>, capacity<224>, keeps<operand::weights>, access_energy<Mac>>,
                                level<"sums", words<16>, capacity<24>, keeps<operand::outputs>, access_energy<Mac>>, multipliers<Mac>> {};

/// A chiplet like that of Simba (Shao et al., MICRO 2019, table 2): 16 elements of 8 lanes by 8 multipliers, with 8 KB of inputs, 32 KB of weights
/// and 3 KB of 24-bit sums each, below 64 KB for inputs and sums.
template <double Mac>
struct simba_like
    : hierarchy<
          outer_memory<Mac>,
          level<"buffer", words<8, 8>, capacity<64 * 1024>, keeps<operand::inputs, operand::outputs>, fans_out<4, 4>, access_energy<8 * 6 * Mac>>,
          level<"inputs", words<8, 8>, capacity<8 * 1024>, keeps<operand::inputs>, fans_out<8>, access_energy<8 * Mac>>,
          level<"weights", words<8, 8>, capacity<4 * 1024>, keeps<operand::weights>, access_energy<8 * Mac>>,
          level<"sums", words<24>, capacity<128>, keeps<operand::outputs>, fans_out<8>, access_energy<Mac>>,
          level<"registers", words<8>, capacity<1>, keeps<operand::weights>, access_energy<Mac>>, multipliers<Mac>> {};

/// Gemmini as its generator makes it (Genc et al., DAC 2021, section III): a weight-stationary array of 16 x 16 between 256 KiB for weights and
/// inputs and 64 KiB for 32-bit sums, which stand below the columns of the array.
template <double Mac>
struct gemmini_like
    : hierarchy<outer_memory<Mac>,
                level<"scratchpad", words<8, 16>, capacity<256 * 1024>, keeps<operand::weights, operand::inputs>, fans_out<16>,
                      access_energy<16 * 6 * Mac>>,
                level<"accumulator", words<32>, capacity<16 * 1024 / 16>, keeps<operand::outputs>, fans_out<1, 16>, access_energy<6 * Mac>>,
                level<"register", words<8>, capacity<1>, keeps<operand::weights>, access_energy<Mac>>, multipliers<Mac>> {};

/// An array like that of the first TPU (Jouppi et al., ISCA 2017, section 2): 256 x 256 8-bit multipliers, 24 MiB for activations, 4 MiB of 32-bit
/// sums below the columns; weights come straight from DRAM.
template <double Mac>
struct tpu_like
    : hierarchy<outer_memory<Mac>,
                level<"unified", words<8, 256>, capacity<24 * 1024 * 1024>, keeps<operand::inputs>, fans_out<256>, access_energy<256 * 6 * Mac>>,
                level<"accumulator", words<32>, capacity<4096>, keeps<operand::outputs>, fans_out<1, 256>, access_energy<6 * Mac>>,
                level<"register", words<8>, capacity<1>, keeps<operand::weights>, access_energy<Mac>>, multipliers<Mac>> {};

} // namespace verdant::hardware
