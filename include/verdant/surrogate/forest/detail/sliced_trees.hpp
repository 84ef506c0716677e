#pragma once

#include <verdant/surrogate/forest/regression_tree.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

/// Trees as tables that are looked up by the answers to few questions, instead of nodes that are walked through.
namespace verdant::surrogate::detail {

/// Trees of fewer decisions are filled up to as many, and trees of more are walked through: the tables grow as 2^depth.
inline constexpr std::size_t least_sliced_depth = 3, most_sliced_depth = 8;
/// So many questions fit a stack together with a block of rows.
inline constexpr std::size_t most_questions = 1024;

/// What inner nodes ask: whether a row goes right, since its feature is not below the threshold. Nodes of many trees ask the same where features have few values.
struct question {
    std::uint32_t feature = 0;
    float threshold = 0;
    bool nan_left = false;

    /// NaN is not below and not above.
    [[nodiscard]] constexpr bool goes_right(float x) const { return nan_left ? x >= threshold : !(x < threshold); }
    friend bool operator==(const question&, const question&) = default;
};

/// Questions with a number each.
class question_list {
public:
    [[nodiscard]] std::span<const question> all() const noexcept { return all_; }
    /// The number of a question; nothing where it is new and there is no room.
    [[nodiscard]] std::optional<std::uint16_t> number(const question& q) {
        const auto key = std::tuple{q.feature, q.threshold, q.nan_left};
        if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
        if (all_.size() == most_questions) return std::nullopt;
        const auto n = static_cast<std::uint16_t>(all_.size());
        numbers_.emplace(key, n);
        all_.push_back(q);
        return n;
    }

private:
    std::vector<question> all_;
    std::map<std::tuple<std::uint32_t, float, bool>, std::uint16_t> numbers_;
};

/// One tree, filled up to its depth: questions of nodes level by level, from the root, and the leaves from left to right.
struct filled_tree {
    std::vector<std::uint16_t> questions; ///< 2^depth - 1
    std::vector<float> leaves;            ///< 2^depth
};

/// Fills a tree up; nothing where the list has no room for its questions.
[[nodiscard]] inline std::optional<filled_tree> fill_up(const regression_tree& t, std::size_t depth, question_list& list) {
    filled_tree out;
    std::vector<std::size_t> level{0}; // nodes of the tree at one level; a leaf stands below itself
    for (std::size_t l = 0; l < depth; ++l) {
        std::vector<std::size_t> next;
        for (const auto node : level) {
            std::uint16_t asked = 0; // below a leaf, any answer leads to it
            if (!t.leaf(node)) {
                const auto number = list.number({t.feature[node], t.threshold[node], t.default_left[node] != 0});
                if (!number) return std::nullopt;
                asked = *number;
            }
            out.questions.push_back(asked);
            next.push_back(t.leaf(node) ? node : static_cast<std::size_t>(t.left[node]));
            next.push_back(t.leaf(node) ? node : static_cast<std::size_t>(t.right[node]));
        }
        level = std::move(next);
    }
    for (const auto node : level) out.leaves.push_back(t.value[node]);
    return out;
}

/// Trees of one depth that stand behind each other, so many that the places of a row's leaves in all of them fit 32 bits; or one tree that is walked through.
struct tree_group {
    std::size_t depth = 0;     ///< 0: walked through
    std::size_t trees = 0;
    std::size_t questions = 0; ///< where those of its trees begin
    std::size_t leaves = 0;    ///< where those of its trees begin; or the number of the tree that is walked through
};

/// All trees of a model, in their order.
struct sliced_trees {
    std::vector<question> questions;
    std::vector<std::size_t> by_feature;    ///< the questions' numbers in the order of their features
    std::vector<tree_group> groups;
    std::vector<std::uint16_t> asked;       ///< numbers of questions, 2^depth - 1 a tree
    std::vector<float> leaves;              ///< 2^depth a tree
    std::vector<regression_tree> deep;      ///< those that are walked through
    std::size_t sliced = 0;                 ///< how many are not
};

[[nodiscard]] inline sliced_trees slice(std::span<const regression_tree> trees) {
    sliced_trees out;
    question_list list;
    static_cast<void>(list.number({})); // so that there is one, which nodes below leaves ask
    for (const auto& t : trees) {
        const auto depth = std::max(depth_of(t), least_sliced_depth);
        const auto filled = depth <= most_sliced_depth ? fill_up(t, depth, list) : std::nullopt;
        if (!filled) {
            out.groups.push_back({0, 1, 0, out.deep.size()});
            out.deep.push_back(t);
            continue;
        }
        if (out.groups.empty() || out.groups.back().depth != depth || (out.groups.back().trees + 1) * depth > 32)
            out.groups.push_back({depth, 0, out.asked.size(), out.leaves.size()});
        ++out.groups.back().trees;
        out.asked.insert(out.asked.end(), filled->questions.begin(), filled->questions.end());
        out.leaves.insert(out.leaves.end(), filled->leaves.begin(), filled->leaves.end());
        ++out.sliced;
    }
    out.questions.assign(list.all().begin(), list.all().end());
    for (std::size_t q = 0; q < out.questions.size(); ++q) out.by_feature.push_back(q);
    std::sort(out.by_feature.begin(), out.by_feature.end(), [&](std::size_t a, std::size_t b) {
        return std::pair{out.questions[a].feature, a} < std::pair{out.questions[b].feature, b};
    });
    return out;
}

} // namespace verdant::surrogate::detail
