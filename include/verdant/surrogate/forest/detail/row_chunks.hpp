#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/forest/detail/sliced_trees.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// How one row goes through 32 trees of depth 3 at a time: each tree has a byte of a vector, and a node's answer is looked up by the number of its
/// question.
namespace verdant::surrogate::detail {

/// Questions that a row answers at once for such trees: so many bytes are four permutations of 16.
inline constexpr std::size_t most_chunk_questions = 64;

/// At most 32 trees that stand behind each other.
struct row_chunk {
    std::size_t trees = 0;
    std::size_t leaves = 0; ///< where theirs begin
    std::size_t numbers = 0; ///< where the numbers of their questions begin
};

/// What one row does next: some chunks, or a group as it is.
struct row_step {
    std::size_t chunks = 0; ///< 0: a group
    std::size_t first = 0; ///< the number of the first chunk, or of the group
};

struct row_plan {
    std::vector<row_step> steps;
    std::vector<row_chunk> chunks;
    std::size_t tables = 0; ///< permutations a question needs
    std::vector<std::uint8_t>
        numbers; ///< for each chunk and each of 7 nodes and each table 32 bytes: the place in the table, or 128 where the question is in another
};

/// Adds the numbers of the questions of some trees. @param asked of the trees, 7 each
inline void add_chunk(row_plan& plan, std::span<const std::uint16_t> asked, std::size_t leaves) {
    plan.chunks.push_back({asked.size() / 7, leaves, plan.numbers.size()});
    for (std::size_t node = 0; node < 7; ++node)
        for (std::size_t table = 0; table < plan.tables; ++table)
            for (std::size_t t = 0; t < 32; ++t) {
                const std::size_t question = t < asked.size() / 7 ? asked[7 * t + node] : 0;
                plan.numbers.push_back(question / 16 == table ? static_cast<std::uint8_t>(question % 16) : std::uint8_t{128});
            }
}

/// How one row goes through the trees. Without vectors, group by group.
template <class = instantiated_when_used>
[[nodiscard]] row_plan plan_row(const sliced_trees& trees, vector_instructions instructions) {
    row_plan plan;
    plan.tables = std::min(trees.questions.size(), most_chunk_questions) / 16 +
                  (trees.questions.size() % 16 != 0 && trees.questions.size() < most_chunk_questions ? 1 : 0);
    const auto fits = [&](const tree_group& g) {
        const auto* const first = trees.asked.data() + g.questions;
        return instructions != vector_instructions::baseline && g.depth == 3 &&
               std::all_of(first, first + 7 * g.trees, [](std::uint16_t q) { return q < most_chunk_questions; });
    };
    for (std::size_t g = 0; g < trees.groups.size(); ++g) {
        if (!fits(trees.groups[g])) {
            plan.steps.push_back({0, g});
            continue;
        }
        const auto first = g;
        std::size_t count = 0;
        for (; g < trees.groups.size() && fits(trees.groups[g]); ++g) count += trees.groups[g].trees;
        --g;
        plan.steps.push_back({(count + 31) / 32, plan.chunks.size()});
        for (std::size_t t = 0; t < count; t += 32)
            add_chunk(plan, std::span{trees.asked}.subspan(trees.groups[first].questions + 7 * t, 7 * std::min<std::size_t>(32, count - t)),
                      trees.groups[first].leaves + 8 * t);
    }
    return plan;
}
VERDANT_DEFINED_ONCE(row_plan plan_row<>(const sliced_trees&, vector_instructions));

#if defined(__x86_64__)

typedef char byte_32 __attribute__((vector_size(32), aligned(1), may_alias));
typedef char byte_16 __attribute__((vector_size(16), aligned(1), may_alias));

/// Adds the leaves of chunks to the sum of a row, in the order of their trees. @param answers `most_chunk_questions` bytes, 1 where the row goes
/// right @param numbers those of the plan
/// @param leaves of all trees
template <std::size_t Tables>
__attribute__((target("avx2,fma"))) inline float add_chunks(float sum, const std::uint8_t* answers, std::span<const row_chunk> chunks,
                                                            const std::uint8_t* numbers, const float* leaves) {
    byte_32 table[Tables];
#pragma GCC unroll 4
    for (std::size_t k = 0; k < Tables; ++k) {
        const byte_16 half = *reinterpret_cast<const byte_16*>(answers + 16 * k);
        table[k] = __builtin_shufflevector(half, half, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                           13, 14, 15);
    }
    for (const auto& chunk : chunks) {
        const std::uint8_t* number = numbers + chunk.numbers;
        byte_32 at[7];
#pragma GCC unroll 7
        for (std::size_t node = 0; node < 7; ++node) {
            at[node] = __builtin_ia32_pshufb256(table[0], *reinterpret_cast<const byte_32*>(number));
            number += 32;
#pragma GCC unroll 3
            for (std::size_t k = 1; k < Tables; ++k, number += 32)
                at[node] |= __builtin_ia32_pshufb256(table[k], *reinterpret_cast<const byte_32*>(number));
        }
        const byte_32 middle = at[1] ^ ((at[1] ^ at[2]) & at[0]);
        const byte_32 low = at[3] ^ ((at[3] ^ at[4]) & middle), high = at[5] ^ ((at[5] ^ at[6]) & middle);
        const byte_32 last = low ^ ((low ^ high) & at[0]);
        byte_32 place = at[0] + at[0] + middle;
        place = place + place + last;
        alignas(32) std::uint8_t places[32];
        *reinterpret_cast<byte_32*>(places) = place;
        const float* leaf = leaves + chunk.leaves;
        for (std::size_t t = 0; t < chunk.trees; ++t) sum += leaf[8 * t + places[t]];
    }
    return sum;
}

#endif

/// The same for as many tables as a plan has; @pre the instructions are not those of the baseline
inline float add_chunks_of(const row_plan& plan, const row_step& step, float sum, const std::uint8_t* answers, const float* leaves) {
#if defined(__x86_64__)
    const auto chunks = std::span{plan.chunks}.subspan(step.first, step.chunks);
    switch (plan.tables) {
    case 1: return add_chunks<1>(sum, answers, chunks, plan.numbers.data(), leaves);
    case 2: return add_chunks<2>(sum, answers, chunks, plan.numbers.data(), leaves);
    case 3: return add_chunks<3>(sum, answers, chunks, plan.numbers.data(), leaves);
    default: return add_chunks<4>(sum, answers, chunks, plan.numbers.data(), leaves);
    }
#else
    static_cast<void>(plan), static_cast<void>(step), static_cast<void>(answers), static_cast<void>(leaves);
    return sum;
#endif
}

} // namespace verdant::surrogate::detail
