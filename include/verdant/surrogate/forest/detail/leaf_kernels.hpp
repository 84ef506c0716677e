#pragma once

#include <verdant/surrogate/forest/detail/sliced_trees.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <cstddef>
#include <cstdint>

/// Looking up the leaves of a group of trees and adding them to the sums of rows, in the order of the trees. Each is a function of its own, since
/// compilers know permutations by a vector only by names that they accept where the instructions are there.
namespace verdant::surrogate::detail {

/// For any depth and processor. @param places of `rows` rows @param leaves 2^depth a tree @param sums of the rows
inline void add_leaves(const tree_group& g, const float* leaves, const std::uint32_t* places, std::size_t rows, float* sums) {
    const std::uint32_t mask = (std::uint32_t{1} << g.depth) - 1;
    for (std::size_t r = 0; r < rows; ++r) {
        float sum = sums[r];
        auto place = places[r];
        const float* table = leaves;
        for (std::size_t t = 0; t < g.trees; ++t) {
            sum += table[place & mask];
            place >>= g.depth;
            table += mask + 1;
        }
        sums[r] = sum;
    }
}

#if defined(__x86_64__)

typedef float float_8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef std::uint32_t word_8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef int int_8 __attribute__((vector_size(32)));
typedef float float_16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef std::uint32_t word_16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef int int_16 __attribute__((vector_size(64)));

/// Whole groups of trees of depth 3, with their tables in registers; `Trees` is 10 where a group is full.
template <std::size_t Trees>
__attribute__((target("avx2,fma"))) inline void add_leaves_of_8(const float* leaves, const std::uint32_t* places, std::size_t rows, float* sums) {
    float_8 table[Trees];
#pragma GCC unroll 10
    for (std::size_t t = 0; t < Trees; ++t) table[t] = *reinterpret_cast<const float_8*>(leaves + 8 * t);
    for (std::size_t r = 0; r < rows; r += 8) {
        float_8 sum = *reinterpret_cast<const float_8*>(sums + r);
        word_8 place = *reinterpret_cast<const word_8*>(places + r);
#pragma GCC unroll 10
        for (std::size_t t = 0; t < Trees; ++t) {
            sum += __builtin_ia32_permvarsf256(table[t], (int_8)place); // takes the low three bits
            place >>= 3;
        }
        *reinterpret_cast<float_8*>(sums + r) = sum;
    }
}

/// Trees of depth 4: two tables, of which the fourth bit chooses.
__attribute__((target("avx2,fma"))) inline void add_leaves_of_16_by_8(std::size_t trees, const float* leaves, const std::uint32_t* places,
                                                                      std::size_t rows, float* sums) {
    for (std::size_t r = 0; r < rows; r += 8) {
        float_8 sum = *reinterpret_cast<const float_8*>(sums + r);
        word_8 place = *reinterpret_cast<const word_8*>(places + r);
        for (std::size_t t = 0; t < trees; ++t) {
            const float_8 low = __builtin_ia32_permvarsf256(*reinterpret_cast<const float_8*>(leaves + 16 * t), (int_8)place);
            const float_8 high = __builtin_ia32_permvarsf256(*reinterpret_cast<const float_8*>(leaves + 16 * t + 8), (int_8)place);
            const word_8 chosen = place << 28;
            sum += __builtin_ia32_blendvps256(low, high, (float_8)chosen); // by the sign
            place >>= 4;
        }
        *reinterpret_cast<float_8*>(sums + r) = sum;
    }
}

/// Trees of depth 3 or 4, by tables of 16 leaves, which are twice the 8 of depth 3, so that the fourth bit changes nothing.
template <std::size_t Depth, std::size_t Trees>
__attribute__((target("avx512f,avx2,fma"))) inline void add_leaves_by_16(const float* leaves, const std::uint32_t* places, std::size_t rows,
                                                                         float* sums) {
    float_16 table[Trees];
#pragma GCC unroll 10
    for (std::size_t t = 0; t < Trees; ++t)
        for (std::size_t k = 0; k < 16; ++k) table[t][k] = leaves[(t << Depth) + (k & ((std::size_t{1} << Depth) - 1))];
    for (std::size_t r = 0; r < rows; r += 16) {
        float_16 sum = *reinterpret_cast<const float_16*>(sums + r);
        word_16 place = *reinterpret_cast<const word_16*>(places + r);
#pragma GCC unroll 10
        for (std::size_t t = 0; t < Trees; ++t) {
#if defined(__clang__)
            sum += __builtin_ia32_permvarsf512(table[t], (int_16)place);
#else
            sum += __builtin_ia32_permvarsf512_mask(table[t], (int_16)place, table[t], static_cast<unsigned short>(-1));
#endif
            place >>= Depth;
        }
        *reinterpret_cast<float_16*>(sums + r) = sum;
    }
}

#endif

/// The same with the instructions that were chosen. @param rows a multiple of their lanes
inline void add_leaves_with([[maybe_unused]] vector_instructions instructions, const tree_group& g, const float* leaves, const std::uint32_t* places,
                            std::size_t rows, float* sums) {
#if defined(__x86_64__)
    constexpr std::size_t full_of_3 = 32 / 3, full_of_4 = 32 / 4;
    if (instructions == vector_instructions::avx2 && g.depth == 3) {
        if (g.trees == full_of_3) return add_leaves_of_8<full_of_3>(leaves, places, rows, sums);
        return add_leaves(g, leaves, places, rows, sums);
    }
    if (instructions == vector_instructions::avx2 && g.depth == 4) return add_leaves_of_16_by_8(g.trees, leaves, places, rows, sums);
    if (instructions == vector_instructions::avx512 && g.depth == 3 && g.trees == full_of_3)
        return add_leaves_by_16<3, full_of_3>(leaves, places, rows, sums);
    if (instructions == vector_instructions::avx512 && g.depth == 4 && g.trees == full_of_4)
        return add_leaves_by_16<4, full_of_4>(leaves, places, rows, sums);
#endif
    add_leaves(g, leaves, places, rows, sums);
}

} // namespace verdant::surrogate::detail
