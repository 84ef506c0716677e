#pragma once

#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/detail/split_gain.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace verdant::surrogate::detail {

/// The best split of a node so far; none where `gain` is 0.
struct split_candidate {
    float gain = 0;
    std::uint32_t feature = 0, bin = 0; ///< bins from `bin` on go right
    float threshold = 0;
    bool default_left = true;
    gradient_sum left;

    /// Takes another split where it gains more; candidates come in the order of features, so that the first of equal ones stays.
    void offer(float g, std::uint32_t f, std::uint32_t b, float t, bool missing_left, const gradient_sum& sum) noexcept {
        if (!(g > gain)) return;
        gain = g;
        feature = f;
        bin = b;
        threshold = t;
        default_left = missing_left;
        left = sum;
    }
};

/// A node of a tree that grows.
struct growing_node {
    std::int32_t left = -1, right = -1; ///< -1: a leaf
    std::uint32_t depth = 0;
    std::uint32_t begin = 0, end = 0; ///< its rows in the order of the grower
    gradient_sum sum;
    weight_bounds bounds;
    float weight = 0, own_gain = 0;
    split_candidate split;

    [[nodiscard]] bool leaf() const noexcept { return left < 0; }
};

/// The features that trees and their levels may use.
class column_sampler {
public:
    column_sampler(std::size_t columns, const boosting_options& options)
        : of_tree_{options.columns_of_tree}, of_level_{options.columns_of_level}, all_(columns) {
        std::iota(all_.begin(), all_.end(), std::uint32_t{0});
        tree_ = level_ = all_;
    }
    /// Draws the features of a tree.
    void begin_tree(random_stream& random) { draw(all_, of_tree_, tree_, random); }
    /// Draws the features of the next level, in ascending order.
    [[nodiscard]] std::span<const std::uint32_t> next_level(random_stream& random) {
        draw(tree_, of_level_, level_, random);
        return level_;
    }
    [[nodiscard]] std::span<const std::uint32_t> of_tree() const noexcept { return tree_; }

private:
    /// At least one, rounded down, as src/common/random.h of XGBoost does.
    void draw(const std::vector<std::uint32_t>& from, double share, std::vector<std::uint32_t>& to, random_stream& random) {
        to = from;
        if (share >= 1) return;
        const auto kept = std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(from.size())));
        random.shuffle(std::span{to});
        to.resize(kept);
        std::sort(to.begin(), to.end());
    }

    double of_tree_, of_level_;
    std::vector<std::uint32_t> all_, tree_, level_;
};

/// Takes back, from the leaves up, splits of two leaves that gain less than `least_gain`.
inline void prune(std::vector<growing_node>& nodes, double least_gain) {
    if (!(least_gain > 0)) return;
    // Children stand behind their parents.
    for (auto n = nodes.rbegin(); n != nodes.rend(); ++n) {
        if (n->leaf() || !(n->split.gain < static_cast<float>(least_gain))) continue;
        auto &left = nodes[static_cast<std::size_t>(n->left)], &right = nodes[static_cast<std::size_t>(n->right)];
        if (!left.leaf() || !right.leaf()) continue;
        left.end = left.begin; // they are no part of the tree any more
        right.end = right.begin;
        n->left = n->right = -1;
    }
}

/// Makes the children of a node by its split: their sums, weights and bounds, without their rows. @return the place of the left one; the right one
/// follows
inline std::size_t add_children(std::vector<growing_node>& nodes, std::size_t at, const split_gain& gains) {
    const auto first = nodes.size();
    nodes.resize(first + 2);
    auto &parent = nodes[at], &left = nodes[first], &right = nodes[first + 1];
    parent.left = static_cast<std::int32_t>(first);
    parent.right = parent.left + 1;
    left.depth = right.depth = parent.depth + 1;
    left.sum = parent.split.left;
    right.sum = parent.sum - left.sum;
    gains.divide(parent.split.feature, parent.bounds, gains.weight(left.sum, parent.bounds), gains.weight(right.sum, parent.bounds), left.bounds, right.bounds);
    for (auto* child : {&left, &right}) {
        child->weight = gains.weight(child->sum, child->bounds);
        child->own_gain = gains.leaf_gain(child->sum, child->bounds);
    }
    return first;
}

} // namespace verdant::surrogate::detail
