#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/numeric/square_scale.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::surrogate {

/// What a node has for a child where it is a leaf.
inline constexpr std::int32_t no_node = -1;

/// Where rows go at a node that asks for a feature which they lack (NaN).
enum class missing_side : unsigned char { left, right };

/// One binary tree of decisions, as arrays with an entry for each node; node 0 is the root. What stands in an entry is used in inner nodes only
/// (`feature`, `threshold`, `default_left`) or in leaves only (`value`); the others are 0. The type that computes with it says which side equal
/// numbers go to.
/// @tparam Scalar of thresholds and leaves: float in boosted trees, double in forests
template <class Scalar>
struct basic_regression_tree {
    std::vector<std::int32_t> left, right; ///< children, `no_node` in leaves
    std::vector<std::uint32_t> feature; ///< which feature an inner node looks at
    std::vector<Scalar> threshold; ///< against what
    std::vector<Scalar> value; ///< what a leaf gives
    std::vector<std::uint8_t> default_left; ///< 1 where rows without that feature (NaN) go left, else 0
    // What training knew of the nodes, for files and for readers; empty, or one a node.
    std::vector<float> gain; ///< by how much the split lowered the loss
    std::vector<float> cover; ///< sum of the second derivatives in the node: with squared error, how many rows
    std::vector<float> weight; ///< what the node would give as a leaf, before it is multiplied by the learning rate

    [[nodiscard]] std::size_t nodes() const noexcept { return left.size(); }
    /// @pre node < nodes()
    [[nodiscard]] bool leaf(std::size_t node) const { return left[node] == no_node; }
    [[nodiscard]] std::size_t leaves() const { return static_cast<std::size_t>(std::count(left.begin(), left.end(), no_node)); }

    /// Adds a leaf. @return its number
    std::int32_t add_leaf(Scalar leaf_value) {
        const auto node = static_cast<std::int32_t>(nodes());
        left.push_back(no_node);
        right.push_back(no_node);
        feature.push_back(0);
        threshold.push_back(0);
        value.push_back(leaf_value);
        default_left.push_back(0);
        return node;
    }
    /// Turns a leaf into an inner node with two new leaves of value 0, the last two nodes. @pre the node is a leaf
    void split(std::int32_t node, std::uint32_t by_feature, Scalar at, missing_side missing) {
        const auto n = static_cast<std::size_t>(node);
        const auto first = add_leaf(0), second = add_leaf(0);
        left[n] = first;
        right[n] = second;
        feature[n] = by_feature;
        threshold[n] = at;
        value[n] = 0;
        default_left[n] = missing == missing_side::left ? 1 : 0;
    }

    friend bool operator==(const basic_regression_tree&, const basic_regression_tree&) = default;
};

/// A tree of `boosted_trees`.
using regression_tree = basic_regression_tree<float>;
/// A tree of a `tree_forest`.
using forest_tree = basic_regression_tree<double>;

namespace detail {

template <class Scalar>
void check_node(const basic_regression_tree<Scalar>& t, std::size_t node, std::size_t features, std::string_view source, const std::string& where) {
    const auto at = where + ", node " + std::to_string(node);
    if (t.leaf(node) != (t.right[node] == no_node))
        throw input_error{source, at, "two children or none", std::to_string(t.left[node]) + " and " + std::to_string(t.right[node])};
    if (t.leaf(node)) {
        if (!std::isfinite(t.value[node])) throw input_error{source, at, "a finite number in the leaf", std::to_string(t.value[node])};
        return;
    }
    for (const auto child : {t.left[node], t.right[node]})
        if (child <= 0 || static_cast<std::size_t>(child) >= t.nodes())
            throw input_error{source, at, "a child from 1 to " + std::to_string(t.nodes() - 1), std::to_string(child)};
    if (t.feature[node] >= features) throw input_error{source, at, "a feature below " + std::to_string(features), std::to_string(t.feature[node])};
    if (std::isnan(t.threshold[node])) throw input_error{source, at, "a threshold", "nan"};
    if (t.default_left[node] > 1) throw input_error{source, at, "0 or 1 for the default side", std::to_string(t.default_left[node])};
}

} // namespace detail

/// Throws input_error unless arrays have equal lengths, every node but the root is the child of exactly one, so that there are no circles and nothing
/// stands apart, features exist, and thresholds and leaves are numbers.
/// @param source what errors call the model, such as a file
/// @param where  what they call the tree
template <class Scalar>
void check_tree(const basic_regression_tree<Scalar>& t, std::size_t features, std::string_view source, const std::string& where) {
    const auto n = t.nodes();
    if (n == 0) throw input_error{source, where, "at least one node", "none"};
    const auto same = [&](std::size_t size, const char* name, bool optional) {
        if (size != n && !(optional && size == 0))
            throw input_error{source, where + ", " + name, std::to_string(n) + " entries, one a node", std::to_string(size)};
    };
    same(t.right.size(), "right children", false);
    same(t.feature.size(), "features", false);
    same(t.threshold.size(), "thresholds", false);
    same(t.value.size(), "values", false);
    same(t.default_left.size(), "default sides", false);
    same(t.gain.size(), "gains", true);
    same(t.cover.size(), "covers", true);
    same(t.weight.size(), "weights", true);
    std::vector<std::uint8_t> has_parent(n, 0);
    for (std::size_t node = 0; node < n; ++node) {
        detail::check_node(t, node, features, source, where);
        if (t.leaf(node)) continue;
        for (const auto child : {t.left[node], t.right[node]}) {
            if (has_parent[static_cast<std::size_t>(child)] != 0)
                throw input_error{source, where + ", node " + std::to_string(child), "one parent", "a second one, node " + std::to_string(node)};
            has_parent[static_cast<std::size_t>(child)] = 1;
        }
    }
    // Each node has one parent at most, so what the root reaches is a tree; a circle would stand apart from it.
    std::vector<std::size_t> open{0};
    std::size_t reached = 0;
    while (!open.empty()) {
        const auto node = open.back();
        open.pop_back();
        ++reached;
        if (t.leaf(node)) continue;
        open.push_back(static_cast<std::size_t>(t.left[node]));
        open.push_back(static_cast<std::size_t>(t.right[node]));
    }
    if (reached != n)
        throw input_error{source, where, "a tree in which the root reaches all " + std::to_string(n) + " nodes",
                          std::to_string(reached) + " that it reaches"};
}
VERDANT_DEFINED_ONCE(void check_tree(const basic_regression_tree<float>&, std::size_t, std::string_view, const std::string&));
VERDANT_DEFINED_ONCE(void check_tree(const basic_regression_tree<double>&, std::size_t, std::string_view, const std::string&));

/// The number of decisions on the longest way from the root to a leaf. @pre check_tree(t, ...) throws nothing
template <class Scalar>
[[nodiscard]] std::size_t depth_of(const basic_regression_tree<Scalar>& t) {
    std::vector<std::pair<std::size_t, std::size_t>> open{{0, 0}};
    std::size_t deepest = 0;
    while (!open.empty()) {
        const auto [node, depth] = open.back();
        open.pop_back();
        deepest = std::max(deepest, depth);
        if (t.leaf(node)) continue;
        open.emplace_back(static_cast<std::size_t>(t.left[node]), depth + 1);
        open.emplace_back(static_cast<std::size_t>(t.right[node]), depth + 1);
    }
    return deepest;
}

} // namespace verdant::surrogate
