#pragma once

#include <verdant/parallel/executor.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/detail/binned_rows.hpp>
#include <verdant/surrogate/forest/detail/growing_tree.hpp>
#include <verdant/surrogate/forest/detail/split_gain.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace verdant::surrogate::detail {

/// Grows trees level by level from sums of gradients over bins. Of two siblings the smaller one is summed and the other is the difference to their
/// parent (Ke et al., "LightGBM", NIPS 2017, section 2.1). Sums run over rows in one order, whatever threads share the groups, so that trees do not
/// depend on their number. Memory is kept between trees.
class histogram_grower {
public:
    histogram_grower(const feature_rows& x, const boosting_options& options, split_gain gains)
        : options_{options}, gains_{gains}, rows_{x, options.bins}, order_(x.rows()), scratch_(x.rows()), joint_(rows_.group_codes()) {
        std::iota(order_.begin(), order_.end(), std::uint32_t{0});
    }

    /// @param gradient one a row
    /// @param sampled  whether a row takes part; empty: all do
    [[nodiscard]] std::vector<growing_node>& grow(std::span<const float> gradient, std::span<const std::uint8_t> sampled, column_sampler& columns, random_stream& random,
                                                  const verdant::detail::executor_ref& run) {
        columns.begin_tree(random);
        start(gradient, sampled, run);
        std::size_t level_begin = 0;
        for (std::size_t depth = 0; depth < options_.depth && level_begin < nodes_.size(); ++depth) {
            const auto level_end = nodes_.size();
            const auto features = columns.next_level(random);
            for (auto n = level_begin; n < level_end; ++n) find_split(n, features);
            for (auto n = level_begin; n < level_end; ++n)
                if (nodes_[n].split.gain > least_split_gain) divide(n, gradient, depth + 1 < options_.depth, run);
            level_begin = level_end;
        }
        prune(nodes_, options_.least_gain);
        return nodes_;
    }
    /// The rows of a node, after `grow`.
    [[nodiscard]] std::span<const std::uint32_t> rows_of(const growing_node& n) const { return std::span{order_}.subspan(n.begin, n.end - n.begin); }

private:
    void start(std::span<const float> gradient, std::span<const std::uint8_t> sampled, const verdant::detail::executor_ref& run) {
        nodes_.assign(1, {});
        slot_of_.assign(1, 0);
        if (!sampled.empty()) {
            std::size_t count = 0;
            order_.resize(rows_.rows());
            for (std::uint32_t r = 0; r < rows_.rows(); ++r)
                if (sampled[r] != 0) order_[count++] = r;
            order_.resize(count);
        } else std::iota(order_.begin(), order_.end(), std::uint32_t{0});
        auto& root = nodes_.front();
        root.end = static_cast<std::uint32_t>(order_.size());
        for (const auto r : order_) root.sum += {static_cast<double>(gradient[r]), 1};
        root.weight = gains_.weight(root.sum, root.bounds);
        root.own_gain = gains_.leaf_gain(root.sum, root.bounds);
        free_.clear();
        for (std::size_t s = slots_.size(); s-- > 0;) free_.push_back(s);
        slot_of_[0] = take_slot();
        add_up(root, slots_[slot_of_[0]], gradient, run);
    }

    [[nodiscard]] std::size_t take_slot() {
        if (free_.empty()) {
            slots_.emplace_back(rows_.bins());
            return slots_.size() - 1;
        }
        const auto slot = free_.back();
        free_.pop_back();
        return slot;
    }

    /// Sums a node's rows over the codes of each group, then over the bins of each feature.
    void add_up(const growing_node& node, std::vector<gradient_sum>& bins, std::span<const float> gradient, const verdant::detail::executor_ref& run) {
        const auto groups = rows_.groups();
        std::fill(bins.begin(), bins.end(), gradient_sum{});
        constexpr std::size_t worth_threads = std::size_t{1} << 17U;
        if (run.threads() > 1 && groups.size() > 1 && (node.end - node.begin) * groups.size() >= worth_threads) {
            const auto task = [&](std::size_t i) {
                std::fill_n(joint_.begin() + groups[i].sums, groups[i].codes, gradient_sum{});
                for (auto at = node.begin; at < node.end; ++at) joint_[rows_.codes(order_[at])[i]] += {static_cast<double>(gradient[order_[at]]), 1};
                spread(groups[i], bins);
            };
            run(groups.size(), verdant::detail::task_ref{task});
            return;
        }
        std::fill(joint_.begin(), joint_.end(), gradient_sum{});
        const auto* const order = order_.data();
        auto* const sums = joint_.data();
        for (auto at = node.begin; at < node.end; ++at) {
            const auto row = order[at];
            const auto* const codes = rows_.codes(row);
            const gradient_sum one{static_cast<double>(gradient[row]), 1};
            for (std::size_t i = 0; i < groups.size(); ++i) sums[codes[i]] += one;
        }
        for (const auto& g : groups) spread(g, bins);
    }
    void spread(const binned_rows::group& g, std::vector<gradient_sum>& bins) const {
        const auto* digits = rows_.bins_of_codes(g);
        const std::size_t features = g.last - g.first;
        for (std::size_t code = 0; code < g.codes; ++code, digits += features) {
            const auto& sum = joint_[g.sums + code];
            if (sum.h == 0) continue;
            for (std::size_t f = 0; f < features; ++f) bins[digits[f]] += sum;
        }
    }

    void find_split(std::size_t n, std::span<const std::uint32_t> features) {
        auto& node = nodes_[n];
        if (node.sum.h < 2 * gains_.least_weight() || node.end - node.begin < 2) return;
        const auto* const sums = slots_[slot_of_[n]].data();
        for (const auto f : features) {
            const auto* const bins = sums + rows_.first_bin(f);
            if (!rows_.has_missing(f)) scan(node, f, bins, {}, true);
            else {
                const auto& missing = bins[rows_.bins_of(f)];
                scan(node, f, bins, missing, true);
                if (missing.h > 0) scan(node, f, bins, missing, false);
            }
        }
    }
    /// All thresholds of a feature, from the largest down. @param missing what goes to one side as a whole
    void scan(growing_node& node, std::uint32_t f, const gradient_sum* bins, const gradient_sum& missing, bool missing_left) const {
        auto right = missing_left ? gradient_sum{} : missing;
        const auto none = rows_.bins_of(f);
        auto above = none;
        for (auto b = none; b-- > 0;) {
            if (bins[b].h == 0) continue;
            const auto left = node.sum - right;
            if (left.h < gains_.least_weight()) return; // only less to come
            if (right.h > 0 && right.h >= gains_.least_weight()) offer(node, f, left, right, above, above == none ? rows_.beyond(f, b) : rows_.threshold(f, b, above), missing_left);
            right += bins[b];
            above = b;
        }
        if (missing_left && missing.h > 0 && missing.h >= gains_.least_weight() && above != none && right.h >= gains_.least_weight())
            offer(node, f, missing, right, above, rows_.least(f, above), true);
    }
    void offer(growing_node& node, std::uint32_t f, const gradient_sum& left, const gradient_sum& right, std::uint32_t above, float threshold, bool missing_left) const {
        node.split.offer(gains_.split(f, left, right, node.bounds) - node.own_gain, f, above, threshold, missing_left, left);
    }

    /// Splits a node: its rows, and the sums of its children where these may be split again.
    void divide(std::size_t n, std::span<const float> gradient, bool further, const verdant::detail::executor_ref& run) {
        const auto first = add_children(nodes_, n, gains_);
        slot_of_.resize(nodes_.size());
        auto &node = nodes_[n], &left = nodes_[first], &right = nodes_[first + 1];
        left.begin = node.begin;
        right.end = node.end;
        left.end = right.begin = part(node);
        const auto slot = slot_of_[n];
        const bool splittable = further && std::max(left.sum.h, right.sum.h) >= 2 * gains_.least_weight();
        if (!splittable) {
            free_.push_back(slot);
            slot_of_[first] = slot_of_[first + 1] = slot; // nobody reads it: neither is as heavy as two sides
            return;
        }
        const bool left_is_smaller = left.end - left.begin <= right.end - right.begin;
        const auto own = take_slot();
        auto& mine = slots_[own];
        add_up(left_is_smaller ? left : right, mine, gradient, run);
        auto& rest = slots_[slot];
        for (std::size_t b = 0; b < rest.size(); ++b) rest[b] = rest[b] - mine[b];
        slot_of_[first] = left_is_smaller ? own : slot;
        slot_of_[first + 1] = left_is_smaller ? slot : own;
    }
    /// Puts the rows of the left side before the others, each in their order. @return where the right side begins
    [[nodiscard]] std::uint32_t part(const growing_node& node) {
        const auto f = node.split.feature;
        const std::uint32_t first_right = node.split.bin, missing = rows_.bins_of(f);
        if (!rows_.has_missing(f) || !node.split.default_left) return part(node, [first_right](std::uint32_t bin) { return bin < first_right; }); // the bin of missing ones is the last
        return part(node, [first_right, missing](std::uint32_t bin) { return bin < first_right || bin == missing; });
    }
    template <class Left>
    [[nodiscard]] std::uint32_t part(const growing_node& node, const Left& goes_left) {
        const auto* const bins = rows_.column(node.split.feature);
        auto* const order = order_.data();
        auto* const rights = scratch_.data();
        auto left = node.begin;
        std::uint32_t others = 0;
        for (auto at = node.begin; at < node.end; ++at) {
            const auto row = order[at];
            const std::uint32_t goes = goes_left(bins[row]) ? 1 : 0;
            order[left] = row; // overwritten by the next one where it goes right
            rights[others] = row;
            left += goes;
            others += 1 - goes;
        }
        std::copy_n(rights, others, order + left);
        return left;
    }

    const boosting_options& options_;
    split_gain gains_;
    binned_rows rows_;
    std::vector<std::uint32_t> order_, scratch_;
    std::vector<gradient_sum> joint_; ///< sums over the codes of all groups
    std::vector<std::vector<gradient_sum>> slots_; ///< sums over the bins of all features, of nodes that may be split
    std::vector<std::size_t> free_, slot_of_;
    std::vector<growing_node> nodes_;
};

} // namespace verdant::surrogate::detail
