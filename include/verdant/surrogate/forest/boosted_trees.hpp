#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::surrogate {

/// Gradient-boosted trees: base score and one leaf of each tree added up in single precision, in the order of the trees, as XGBoost adds them
/// (src/predictor/cpu_predictor.cc, PredValueByOneTree). A row goes left where its feature is below the threshold, to the default side where that is
/// NaN. Immutable.
class boosted_trees {
public:
    /// @param features numbers in a row
    /// @param source   what errors call the model
    /// @throws input_error where a tree is none (`check_tree`) or the base score is not finite
    boosted_trees(std::size_t features, float base_score, std::vector<regression_tree> trees, std::string_view source = "boosted trees")
        : features_{features}, base_score_{base_score}, trees_{std::move(trees)} {
        make_ready(source);
    }

    [[nodiscard]] std::size_t features() const noexcept { return features_; }
    [[nodiscard]] float base_score() const noexcept { return base_score_; }
    [[nodiscard]] std::span<const regression_tree> trees() const noexcept { return trees_; }

    /// The model of the first `count` trees, or of all where there are fewer: what early stopping keeps.
    [[nodiscard]] boosted_trees first(std::size_t count) const {
        return {features_, base_score_, {trees_.begin(), trees_.begin() + static_cast<std::ptrdiff_t>(std::min(count, trees_.size()))}};
    }

    /// The sum for one row. Throws input_error where its width is not `features()`.
    [[nodiscard]] double predict(std::span<const float> row) const {
        require_features("boosted trees", features_, row.size());
        float sum = base_score_;
        for (const auto root : roots_) sum += packed_[leaf_from(root, row.data())].number;
        return sum;
    }

    /// The sums for many rows. Throws input_error where widths or counts do not fit.
    void predict(const feature_rows& rows, std::span<double> out) const {
        require_rows("boosted trees", features_, rows, out.size());
        // Some rows at a time go through all trees, so that a tree is in the first cache for all of them but the first.
        constexpr std::size_t rows_at_once = 64;
        float sums[rows_at_once];
        for (std::size_t begin = 0; begin < out.size(); begin += rows_at_once) {
            const auto count = std::min(rows_at_once, out.size() - begin);
            std::fill_n(sums, count, base_score_);
            for (const auto root : roots_)
                for (std::size_t r = 0; r < count; ++r) sums[r] += packed_[leaf_from(root, rows.values.data() + (begin + r) * features_)].number;
            std::copy_n(sums, count, out.begin() + static_cast<std::ptrdiff_t>(begin));
        }
    }

    /// The number of the leaf that each tree ends in for one row. @param out one a tree
    void leaves(std::span<const float> row, std::span<std::int32_t> out) const {
        require_features("boosted trees", features_, row.size());
        if (out.size() != trees_.size())
            throw input_error{"boosted trees", "outputs", std::to_string(trees_.size()) + ", one a tree", std::to_string(out.size())};
        for (std::size_t t = 0; t < out.size(); ++t) out[t] = static_cast<std::int32_t>(leaf_from(roots_[t], row.data()) - roots_[t]);
    }

    /// The value of the leaf that one tree ends in. @pre tree < trees().size(), and `row` has `features()` numbers
    [[nodiscard]] float leaf_value(std::size_t tree, const float* row) const { return packed_[leaf_from(roots_[tree], row)].number; }

    friend bool operator==(const boosted_trees& a, const boosted_trees& b) {
        return a.features_ == b.features_ && a.base_score_ == b.base_score_ && a.trees_ == b.trees_;
    }

private:
    /// What a walk needs of a node in one place: a threshold and where to go, or the value of a leaf.
    struct packed_node {
        float number;
        std::uint32_t feature; ///< `is_leaf` in leaves
        std::uint32_t below, otherwise, missing;
    };
    static constexpr std::uint32_t is_leaf = 0xFFFFFFFFU;

    /// Checks and packs the trees.
    template <class = instantiated_when_used>
    void make_ready(std::string_view source);
    void pack(const regression_tree& t) {
        const auto root = static_cast<std::uint32_t>(packed_.size());
        roots_.push_back(root);
        for (std::size_t n = 0; n < t.nodes(); ++n) {
            if (t.leaf(n)) {
                packed_.push_back({t.value[n], is_leaf, 0, 0, 0});
                continue;
            }
            const auto left = root + static_cast<std::uint32_t>(t.left[n]), right = root + static_cast<std::uint32_t>(t.right[n]);
            packed_.push_back({t.threshold[n], t.feature[n], left, right, t.default_left[n] != 0 ? left : right});
        }
    }

    [[nodiscard]] std::uint32_t leaf_from(std::uint32_t node, const float* row) const {
        while (packed_[node].feature != is_leaf) {
            const auto& n = packed_[node];
            const float x = row[n.feature];
            node = x < n.number ? n.below : x >= n.number ? n.otherwise : n.missing;
        }
        return node;
    }

    std::size_t features_;
    float base_score_;
    std::vector<regression_tree> trees_;
    std::vector<packed_node> packed_;
    std::vector<std::uint32_t> roots_;
};

template <class>
void boosted_trees::make_ready(std::string_view source) {
    if (!std::isfinite(base_score_)) throw input_error{source, "base score", "a finite number", std::to_string(base_score_)};
    for (std::size_t t = 0; t < trees_.size(); ++t) {
        check_tree(trees_[t], features_, source, "tree " + std::to_string(t));
        pack(trees_[t]);
    }
}
VERDANT_DEFINED_ONCE(void boosted_trees::make_ready<>(std::string_view));

} // namespace verdant::surrogate
