#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/detail/leaf_kernels.hpp>
#include <verdant/surrogate/forest/detail/row_chunks.hpp>
#include <verdant/surrogate/forest/detail/slice_kernels.hpp>
#include <verdant/surrogate/forest/detail/sliced_trees.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace verdant::surrogate {

/// Boosted trees made ready to be asked often. It gives what `boosted_trees` gives, bit for bit, for any row: leaves are added up in single precision
/// in the order of the trees.
///
/// Where features have few values, thousands of nodes ask few different questions (43 for the spaces of Accel-NASBench). A row answers these once;
/// trees of at most 8 levels are then tables that the answers are looked up in. Many rows answer a question in one vector of bits, and come to their
/// leaves by operations on such vectors, which is the idea of QuickScorer (Lucchese et al., SIGIR 2015) turned from the nodes of one row to the rows
/// of one node. Deeper trees, and those with questions beyond the first 1024, are walked through. Immutable.
class compiled_trees {
public:
    explicit compiled_trees(const boosted_trees& model, vector_instructions instructions = chosen_instructions())
        : features_{model.features()}, base_score_{model.base_score()}, instructions_{instructions}, sliced_{detail::slice(model.trees())},
          deep_{model.features(), 0, std::exchange(sliced_.deep, {})}, plan_{detail::plan_row(sliced_, instructions)} {
        if (!has_instructions(instructions))
            throw input_error{"compiled trees", "instructions", "some that this processor has", std::string{name_of(instructions)}};
        // The question that stands below leaves asks for a feature, which such a model does not have.
        if (features_ == 0) sliced_.by_feature.clear();
    }

    [[nodiscard]] std::size_t features() const noexcept { return features_; }
    [[nodiscard]] vector_instructions instructions() const noexcept { return instructions_; }
    /// How many trees are tables, and how many are walked through.
    [[nodiscard]] std::size_t table_trees() const noexcept { return sliced_.sliced; }
    [[nodiscard]] std::size_t walked_trees() const noexcept { return deep_.trees().size(); }
    /// How many different questions the tables' trees ask.
    [[nodiscard]] std::size_t questions() const noexcept { return sliced_.questions.size(); }

    /// The sum for one row. Throws input_error where its width is not `features()`.
    [[nodiscard]] double predict(std::span<const float> row) const {
        require_features("boosted trees", features_, row.size());
        return static_cast<double>(sum_at(row.data()));
    }

    /// The sums for many rows. Throws input_error where widths or counts do not fit.
    void predict(const feature_rows& rows, std::span<double> out) const {
        require_rows("boosted trees", features_, rows, out.size());
        const auto block = 32 * lanes();
        for (std::size_t begin = 0; begin < out.size();) {
            const auto count = std::min(block, out.size() - begin);
            const float* const first = rows.values.data() + begin * features_;
            // A block costs about as much whatever it holds.
            if (count * 12 < block)
                for (std::size_t r = 0; r < count; ++r) out[begin + r] = static_cast<double>(sum_at(first + r * features_));
            else sum_block(first, count, out.data() + begin);
            begin += count;
        }
    }

private:
    static constexpr std::size_t most_lanes = 16, most_rows = 32 * most_lanes;

    [[nodiscard]] std::size_t lanes() const {
        return instructions_ == vector_instructions::avx512 ? 16 : instructions_ == vector_instructions::avx2 ? 8 : 4;
    }

    /// The leaves of `count` trees of one depth, added up.
    template <std::size_t Depth>
    [[nodiscard]] static float add_table_trees(float sum, std::size_t count, const std::uint16_t* asked, const float* leaves,
                                               const std::uint8_t* answers) {
        for (std::size_t t = 0; t < count; ++t) {
            std::size_t node = 0;
            for (std::size_t level = 0; level < Depth; ++level) node = 2 * node + 1 + answers[asked[node]];
            constexpr std::size_t inner = (std::size_t{1} << Depth) - 1;
            sum += leaves[node - inner];
            asked += inner;
            leaves += inner + 1;
        }
        return sum;
    }

    [[nodiscard]] float add_group(float sum, const detail::tree_group& g, const float* row, const std::uint8_t* answers) const {
        const auto* const asked = sliced_.asked.data() + g.questions;
        const float* const leaves = sliced_.leaves.data() + g.leaves;
        switch (g.depth) {
        case 0: return sum + deep_.leaf_value(g.leaves, row);
        case 3: return add_table_trees<3>(sum, g.trees, asked, leaves, answers);
        case 4: return add_table_trees<4>(sum, g.trees, asked, leaves, answers);
        case 5: return add_table_trees<5>(sum, g.trees, asked, leaves, answers);
        case 6: return add_table_trees<6>(sum, g.trees, asked, leaves, answers);
        case 7: return add_table_trees<7>(sum, g.trees, asked, leaves, answers);
        default: return add_table_trees<8>(sum, g.trees, asked, leaves, answers);
        }
    }

    [[nodiscard]] float sum_at(const float* row) const {
        static_assert(detail::most_chunk_questions <= detail::most_questions);
        alignas(32) std::uint8_t answers[detail::most_questions];
        std::fill_n(answers, detail::most_chunk_questions, std::uint8_t{0});
        for (const auto q : sliced_.by_feature) answers[q] = sliced_.questions[q].goes_right(row[sliced_.questions[q].feature]) ? 1 : 0;
        float sum = base_score_;
        for (const auto& step : plan_.steps)
            sum = step.chunks != 0 ? detail::add_chunks_of(plan_, step, sum, answers, sliced_.leaves.data())
                                   : add_group(sum, sliced_.groups[step.first], row, answers);
        return sum;
    }

    /// One block of rows. @param count at most 32 * lanes()
    template <class = instantiated_when_used>
    void sum_block(const float* rows, std::size_t count, double* out) const;

    /// What the rows of a block answer, one vector a question.
    void answer(const float* rows, std::size_t count, std::uint32_t* answers) const {
        if (features_ == 0) std::fill_n(answers, lanes() * sliced_.questions.size(), 0U);
        alignas(64) float column[most_rows];
        std::fill(column + count, column + most_rows, 0.0F);
        std::uint32_t held = 0xFFFFFFFFU;
        for (const auto q : sliced_.by_feature) {
            const auto& asked = sliced_.questions[q];
            if (asked.feature != held) {
                held = asked.feature;
                for (std::size_t r = 0; r < count; ++r) column[r] = rows[r * features_ + held];
            }
            detail::run_with<detail::answer_question, float>(instructions_, asked, static_cast<const float*>(column), answers + q * lanes());
        }
    }

    std::size_t features_;
    float base_score_;
    vector_instructions instructions_;
    detail::sliced_trees sliced_;
    boosted_trees deep_;
    detail::row_plan plan_;
};

template <class>
void compiled_trees::sum_block(const float* rows, std::size_t count, double* out) const {
    alignas(64) std::uint32_t answers[detail::most_questions * most_lanes];
    alignas(64) std::uint32_t places[32 * most_lanes];
    alignas(64) float sums[most_rows];
    const auto whole = detail::padded_to(count, lanes());
    answer(rows, count, answers);
    std::fill_n(sums, whole, base_score_);
    for (const auto& g : sliced_.groups) {
        if (g.depth == 0) {
            for (std::size_t r = 0; r < count; ++r) sums[r] += deep_.leaf_value(g.leaves, rows + r * features_);
            continue;
        }
        detail::run_with<detail::slice_group, float>(instructions_, g, sliced_.asked.data() + g.questions, static_cast<const std::uint32_t*>(answers),
                                                     static_cast<std::uint32_t*>(places));
        detail::add_leaves_with(instructions_, g, sliced_.leaves.data() + g.leaves, places, whole, sums);
    }
    std::copy_n(sums, count, out);
}
VERDANT_DEFINED_ONCE(void compiled_trees::sum_block<>(const float*, std::size_t, double*) const);

} // namespace verdant::surrogate
