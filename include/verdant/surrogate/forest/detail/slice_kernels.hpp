#pragma once

#include <verdant/surrogate/forest/detail/sliced_trees.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>

#include <cstddef>
#include <cstdint>

/// How a block of rows goes through a group of trees: bit by bit, for all its rows at a time. Row i * Lanes + j of a block is bit i of word j of a
/// vector of words, and lane j of vector i of sums.
namespace verdant::surrogate::detail {

/// A vector of words, as those of `lanes`.
template <std::size_t Lanes>
struct word_lanes;
template <>
struct word_lanes<4> {
    typedef std::uint32_t aligned __attribute__((vector_size(16)));
};
template <>
struct word_lanes<8> {
    typedef std::uint32_t aligned __attribute__((vector_size(32)));
};
template <>
struct word_lanes<16> {
    typedef std::uint32_t aligned __attribute__((vector_size(64)));
};

/// Rows in a block: as many bits as a vector has.
template <std::size_t Lanes>
inline constexpr std::size_t rows_in_block = 32 * Lanes;

/// Answers one question for a block. @param column the feature of its rows @param answers one vector, a bit a row
struct answer_question {
    template <class, std::size_t Lanes>
    [[gnu::always_inline]] static void run(const question& asked, const float* column, std::uint32_t* answers) {
        using words = typename word_lanes<Lanes>::aligned;
        using numbers = typename lanes<float, Lanes>::aligned;
        const numbers zero{};
        const numbers threshold = zero + asked.threshold;
        words out{};
        for (std::size_t i = 0; i < 32; ++i) {
            const auto x = *reinterpret_cast<const typename lanes<float, Lanes>::anywhere*>(column + i * Lanes);
            const words right = asked.nan_left ? (words)(x >= threshold) : ~(words)(x < threshold);
            out |= right & (std::uint32_t{1} << i);
        }
        *reinterpret_cast<words*>(answers) = out;
    }
};

/// `chosen` where its bit is set, else `other`.
template <class Words>
[[gnu::always_inline]] inline void choose(Words& other, const Words& chosen, const Words& bits) {
    other ^= (other ^ chosen) & bits;
}

/// The bits of the places that a block's rows come to in one filled tree, from the lowest on: which answer counts at a level, the answers above it
/// say.
template <std::size_t Lanes, std::size_t Depth>
[[gnu::always_inline]] inline void slice_tree(const typename word_lanes<Lanes>::aligned* answers, const std::uint16_t* asked,
                                              typename word_lanes<Lanes>::aligned* places) {
    using words = typename word_lanes<Lanes>::aligned;
    if constexpr (Depth == 3) { // written out, since compilers leave the loops below as they are where they do not optimise most
        const words root = answers[asked[0]];
        words middle = answers[asked[1]], low = answers[asked[3]], high = answers[asked[5]];
        choose(middle, answers[asked[2]], root);
        choose(low, answers[asked[4]], middle);
        choose(high, answers[asked[6]], middle);
        choose(low, high, root);
        places[0] = low;
        places[1] = middle;
        places[2] = root;
    } else {
        words at[std::size_t{1} << (Depth - 1)];
        for (std::size_t level = 0; level < Depth; ++level) {
            for (std::size_t n = 0; n < std::size_t{1} << level; ++n) at[n] = answers[asked[(std::size_t{1} << level) - 1 + n]];
            for (std::size_t above = level; above-- > 0;)
                for (std::size_t n = 0; n < std::size_t{1} << above; ++n) {
                    words next = at[2 * n];
                    choose(next, at[2 * n + 1], places[Depth - 1 - above]);
                    at[n] = next;
                }
            places[Depth - 1 - level] = at[0];
        }
    }
}

/// Turns 32 vectors whose bit i is of row i, for each of 32 bits of places, into vectors of one row each: a transposition of 32 x 32 bits in each
/// lane (Warren, Hacker's Delight, 7-3).
template <std::size_t Lanes>
[[gnu::always_inline]] inline void transpose_bits(typename word_lanes<Lanes>::aligned* v) {
    using words = typename word_lanes<Lanes>::aligned;
    const auto exchange = [](words& a, words& b, unsigned by, std::uint32_t mask) {
        const words differing = ((a >> by) ^ b) & mask;
        b ^= differing;
        a ^= differing << by;
    };
    for (std::size_t first = 0; first < 4; ++first) { // eight vectors at a time stay in registers
        words r[8];
#pragma GCC unroll 8
        for (std::size_t k = 0; k < 8; ++k) r[k] = v[first + 4 * k];
#pragma GCC unroll 4
        for (std::size_t k = 0; k < 4; ++k) exchange(r[k], r[k + 4], 16, 0x0000FFFFU);
#pragma GCC unroll 4
        for (std::size_t k = 0; k < 4; ++k) exchange(r[k + (k & 2)], r[k + (k & 2) + 2], 8, 0x00FF00FFU);
#pragma GCC unroll 4
        for (std::size_t k = 0; k < 8; k += 2) exchange(r[k], r[k + 1], 4, 0x0F0F0F0FU);
#pragma GCC unroll 8
        for (std::size_t k = 0; k < 8; ++k) v[first + 4 * k] = r[k];
    }
    for (std::size_t first = 0; first < 32; first += 4) {
        words r0 = v[first], r1 = v[first + 1], r2 = v[first + 2], r3 = v[first + 3];
        exchange(r0, r2, 2, 0x33333333U);
        exchange(r1, r3, 2, 0x33333333U);
        exchange(r0, r1, 1, 0x55555555U);
        exchange(r2, r3, 1, 0x55555555U);
        v[first] = r0;
        v[first + 1] = r1;
        v[first + 2] = r2;
        v[first + 3] = r3;
    }
}

/// The places of a block's rows in a group of trees. @param places 32 vectors, one lane a row: `depth` bits for each tree, the first tree's the
/// lowest
struct slice_group {
    template <class, std::size_t Lanes>
    [[gnu::always_inline]] static void run(const tree_group& g, const std::uint16_t* asked, const std::uint32_t* answers, std::uint32_t* places) {
        using words = typename word_lanes<Lanes>::aligned;
        const auto* const a = reinterpret_cast<const words*>(answers);
        auto* const out = reinterpret_cast<words*>(places);
        for (std::size_t k = g.trees * g.depth; k < 32; ++k) out[k] = words{};
        switch (g.depth) {
        case 3: trees<Lanes, 3>(g.trees, asked, a, out); break;
        case 4: trees<Lanes, 4>(g.trees, asked, a, out); break;
        case 5: trees<Lanes, 5>(g.trees, asked, a, out); break;
        case 6: trees<Lanes, 6>(g.trees, asked, a, out); break;
        case 7: trees<Lanes, 7>(g.trees, asked, a, out); break;
        default: trees<Lanes, 8>(g.trees, asked, a, out); break;
        }
        transpose_bits<Lanes>(out);
    }

private:
    template <std::size_t Lanes, std::size_t Depth>
    [[gnu::always_inline]] static void trees(std::size_t count, const std::uint16_t* asked, const typename word_lanes<Lanes>::aligned* answers,
                                             typename word_lanes<Lanes>::aligned* out) {
        for (std::size_t t = 0; t < count; ++t) slice_tree<Lanes, Depth>(answers, asked + t * ((std::size_t{1} << Depth) - 1), out + t * Depth);
    }
};

} // namespace verdant::surrogate::detail
