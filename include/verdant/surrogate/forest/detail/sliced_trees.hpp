#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Trees as tables that are looked up by the answers to few questions, instead of nodes that are walked through.
namespace verdant::surrogate::detail {

/// Trees of fewer decisions are filled up to as many, and trees of more are walked through: the tables grow as 2^depth.
inline constexpr std::size_t least_sliced_depth = 3, most_sliced_depth = 8;
/// So many questions fit a stack together with a block of rows.
inline constexpr std::size_t most_questions = 1024;

/// What inner nodes ask: whether a row goes right, since its feature is not below the threshold. Nodes of many trees ask the same where features have
/// few values.
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
    static constexpr std::uint16_t no_number = 0xFFFF;

    [[nodiscard]] std::span<const question> all() const noexcept { return all_; }
    /// The number of a question; `no_number` where it is new and there is no room.
    [[nodiscard]] std::uint16_t number(const question& q) {
        // As one number, by which features stand together.
        const auto key = std::uint64_t{q.feature} << 33U | std::uint64_t{q.nan_left} << 32U | std::bit_cast<std::uint32_t>(q.threshold);
        std::size_t first = 0;
        for (std::size_t last = sorted_.size(); first != last;) {
            const auto middle = (first + last) / 2;
            if (sorted_[middle].key < key) first = middle + 1;
            else last = middle;
        }
        if (first != sorted_.size() && sorted_[first].key == key) return sorted_[first].number;
        if (all_.size() == most_questions) return no_number;
        const auto n = static_cast<std::uint16_t>(all_.size());
        sorted_.insert(sorted_.begin() + static_cast<std::ptrdiff_t>(first), {key, n});
        all_.push_back(q);
        return n;
    }
    /// The numbers of all questions in the order of their features.
    [[nodiscard]] std::vector<std::size_t> by_feature() const {
        std::vector<std::size_t> out;
        for (const auto& e : sorted_) out.push_back(e.number);
        return out;
    }

private:
    struct entry {
        std::uint64_t key;
        std::uint16_t number;
    };
    std::vector<question> all_;
    std::vector<entry> sorted_;
};

/// One tree, filled up to its depth: questions of nodes level by level, from the root, and the leaves from left to right. Both empty where the list
/// had no room.
struct filled_tree {
    std::vector<std::uint16_t> questions; ///< 2^depth - 1
    std::vector<float> leaves; ///< 2^depth
};

[[nodiscard]] inline filled_tree fill_up(const regression_tree& t, std::size_t depth, question_list& list) {
    filled_tree out;
    std::vector<std::size_t> level{0}; // nodes of the tree at one level; a leaf stands below itself
    for (std::size_t l = 0; l < depth; ++l) {
        std::vector<std::size_t> next;
        for (const auto node : level) {
            std::uint16_t asked = 0; // below a leaf, any answer leads to it
            if (!t.leaf(node)) asked = list.number({t.feature[node], t.threshold[node], t.default_left[node] != 0});
            if (asked == question_list::no_number) return {};
            out.questions.push_back(asked);
            next.push_back(t.leaf(node) ? node : static_cast<std::size_t>(t.left[node]));
            next.push_back(t.leaf(node) ? node : static_cast<std::size_t>(t.right[node]));
        }
        level.swap(next);
    }
    for (const auto node : level) out.leaves.push_back(t.value[node]);
    return out;
}

/// Trees of one depth that stand behind each other, so many that the places of a row's leaves in all of them fit 32 bits; or one tree that is walked
/// through.
struct tree_group {
    std::size_t depth = 0; ///< 0: walked through
    std::size_t trees = 0;
    std::size_t questions = 0; ///< where those of its trees begin
    std::size_t leaves = 0; ///< where those of its trees begin; or the number of the tree that is walked through
};

/// All trees of a model, in their order.
struct sliced_trees {
    std::vector<question> questions;
    std::vector<std::size_t> by_feature; ///< the questions' numbers in the order of their features
    std::vector<tree_group> groups;
    std::vector<std::uint16_t> asked; ///< numbers of questions, 2^depth - 1 a tree
    std::vector<float> leaves; ///< 2^depth a tree
    std::vector<regression_tree> deep; ///< those that are walked through
    std::size_t sliced = 0; ///< how many are not
};

template <class = instantiated_when_used>
[[nodiscard]] sliced_trees slice(std::span<const regression_tree> trees) {
    sliced_trees out;
    question_list list;
    static_cast<void>(list.number({})); // so that there is one, which nodes below leaves ask
    for (const auto& t : trees) {
        const auto depth = std::max(depth_of(t), least_sliced_depth);
        const auto filled = depth <= most_sliced_depth ? fill_up(t, depth, list) : filled_tree{};
        if (filled.leaves.empty()) {
            out.groups.push_back({0, 1, 0, out.deep.size()});
            out.deep.push_back(t);
            continue;
        }
        if (out.groups.empty() || out.groups.back().depth != depth || (out.groups.back().trees + 1) * depth > 32)
            out.groups.push_back({depth, 0, out.asked.size(), out.leaves.size()});
        ++out.groups.back().trees;
        out.asked.insert(out.asked.end(), filled.questions.begin(), filled.questions.end());
        out.leaves.insert(out.leaves.end(), filled.leaves.begin(), filled.leaves.end());
        ++out.sliced;
    }
    out.questions.assign(list.all().begin(), list.all().end());
    out.by_feature = list.by_feature();
    return out;
}
VERDANT_DEFINED_ONCE(sliced_trees slice<>(std::span<const regression_tree>));

} // namespace verdant::surrogate::detail
