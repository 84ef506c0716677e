#pragma once

#include <verdant/random/stream.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/detail/growing_tree.hpp>
#include <verdant/surrogate/forest/detail/split_gain.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace verdant::surrogate::detail {

/// Grows trees level by level from all pairs of neighbouring values: each feature is sorted once, and one pass over it adds up the nodes of a level
/// side by side (XGBoost's `exact`, src/tree/updater_colmaker.cc, in its order of summation).
class exact_grower {
public:
    exact_grower(const feature_rows& x, const boosting_options& options, split_gain gains) : x_{x}, options_{options}, gains_{gains}, at_(x.rows()) {
        sorted_.resize(x.columns);
        for (std::size_t c = 0; c < x.columns; ++c) {
            for (std::uint32_t r = 0; r < x.rows(); ++r)
                if (!std::isnan(value(r, c))) sorted_[c].push_back(r);
            std::sort(sorted_[c].begin(), sorted_[c].end(),
                      [&](std::uint32_t a, std::uint32_t b) { return value(a, c) != value(b, c) ? value(a, c) < value(b, c) : a < b; });
        }
    }

    /// @param gradient one a row
    /// @param sampled  whether a row takes part; empty: all do
    [[nodiscard]] std::vector<growing_node>& grow(std::span<const float> gradient, std::span<const std::uint8_t> sampled, column_sampler& columns, random_stream& random) {
        columns.begin_tree(random);
        nodes_.assign(1, {});
        auto& root = nodes_.front();
        for (std::size_t r = 0; r < at_.size(); ++r) {
            at_[r] = sampled.empty() || sampled[r] != 0 ? 0 : nowhere;
            if (at_[r] == 0) root.sum += {static_cast<double>(gradient[r]), 1};
        }
        root.weight = gains_.weight(root.sum, root.bounds);
        root.own_gain = gains_.leaf_gain(root.sum, root.bounds);
        std::size_t level_begin = 0;
        for (std::size_t depth = 0; depth < options_.depth && level_begin < nodes_.size(); ++depth) {
            const auto level_end = nodes_.size();
            for (const auto f : columns.next_level(random)) {
                scan(f, gradient, level_begin, true);
                if (sorted_[f].size() < at_.size()) scan(f, gradient, level_begin, false);
            }
            for (auto n = level_begin; n < level_end; ++n)
                if (nodes_[n].split.gain > least_split_gain) add_children(nodes_, n, gains_);
            move_rows(level_begin);
            level_begin = level_end;
        }
        prune(nodes_, options_.least_gain);
        return nodes_;
    }

private:
    static constexpr std::uint32_t nowhere = 0xFFFFFFFFU;
    /// What one pass over a feature knows of a node.
    struct pass {
        gradient_sum seen;
        float last = 0;
    };

    [[nodiscard]] float value(std::size_t row, std::size_t column) const { return x_.values[row * x_.columns + column]; }

    /// One pass over a feature, from its greatest value down where missing values go left, else from the least one up.
    void scan(std::uint32_t f, std::span<const float> gradient, std::size_t level_begin, bool downwards) {
        passes_.assign(nodes_.size() - level_begin, {});
        const auto& order = sorted_[f];
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto row = order[downwards ? order.size() - 1 - i : i];
            if (at_[row] == nowhere || at_[row] < level_begin) continue;
            auto& node = nodes_[at_[row]];
            auto& p = passes_[at_[row] - level_begin];
            const auto v = value(row, f);
            if (p.seen.h > 0 && v != p.last) consider(node, f, p, v, downwards);
            p.seen += {static_cast<double>(gradient[row]), 1};
            p.last = v;
        }
        for (std::size_t n = 0; n < passes_.size(); ++n) consider_missing(nodes_[level_begin + n], f, passes_[n], downwards);
    }
    void consider(growing_node& node, std::uint32_t f, const pass& p, float next, bool downwards) const {
        const auto rest = node.sum - p.seen;
        const auto &left = downwards ? rest : p.seen, &right = downwards ? p.seen : rest;
        if (left.h < gains_.least_weight() || right.h < gains_.least_weight()) return;
        const auto gain = gains_.split(f, left, right, node.bounds) - node.own_gain;
        const auto middle = p.last / 2 + next / 2, upper = std::max(p.last, next);
        node.split.offer(gain, f, 0, middle > std::min(p.last, next) ? middle : upper, downwards, left);
    }
    /// The split between rows that have the feature and those that lack it.
    void consider_missing(growing_node& node, std::uint32_t f, const pass& p, bool downwards) const {
        const auto missing = node.sum - p.seen;
        if (sorted_[f].size() == at_.size() || missing.h < gains_.least_weight() || p.seen.h < gains_.least_weight() || missing.h <= 0 || p.seen.h <= 0) return;
        const auto &left = downwards ? missing : p.seen, &right = downwards ? p.seen : missing;
        const auto gain = gains_.split(f, left, right, node.bounds) - node.own_gain;
        const auto beyond = downwards ? p.last : std::nextafter(p.last, std::numeric_limits<float>::infinity());
        node.split.offer(gain, f, 0, beyond, downwards, left);
    }
    void move_rows(std::size_t level_begin) {
        for (std::size_t r = 0; r < at_.size(); ++r) {
            if (at_[r] == nowhere || at_[r] < level_begin || nodes_[at_[r]].leaf()) continue;
            const auto& node = nodes_[at_[r]];
            const auto v = value(r, node.split.feature);
            const bool goes_left = std::isnan(v) ? node.split.default_left : v < node.split.threshold;
            at_[r] = static_cast<std::uint32_t>(goes_left ? node.left : node.right);
        }
    }

    feature_rows x_;
    const boosting_options& options_;
    split_gain gains_;
    std::vector<std::vector<std::uint32_t>> sorted_; ///< rows that have the feature, by its value
    std::vector<std::uint32_t> at_;                  ///< the node of each row
    std::vector<growing_node> nodes_;
    std::vector<pass> passes_;
};

} // namespace verdant::surrogate::detail
