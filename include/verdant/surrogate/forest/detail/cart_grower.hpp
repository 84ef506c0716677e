#pragma once

#include <verdant/random/stream.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/detail/binned_rows.hpp>
#include <verdant/surrogate/forest/forest_options.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace verdant::surrogate::detail {

/// Where a feature is cut.
enum class cut_choice : unsigned char {
    best,   ///< at the best of all thresholds
    random, ///< at one drawn between its least and greatest value in the node
};

/// Grows regression trees to the least squared error (Breiman et al., 1984), as scikit-learn does (tree/_splitter.pyx, _tree.pyx): rows count once
/// for the limits of options, however often they were drawn; a feature that does not vary in a node is no candidate and does not count as one. Memory
/// is kept between trees; one grower a thread.
class cart_grower {
public:
    /// @param rows of distinct values: features with more than 65535 of them are cut between ranges of these
    cart_grower(const binned_rows& rows, const cart_options& options, cut_choice cut)
        : rows_{rows}, options_{options}, cut_{cut}, scratch_(rows.rows()), columns_(rows.columns()) {
        std::iota(columns_.begin(), columns_.end(), std::uint32_t{0});
        std::uint32_t widest = 0;
        for (std::size_t c = 0; c < rows.columns(); ++c) widest = std::max(widest, rows.bins_of(c));
        sums_.resize(std::min<std::size_t>(widest, 2 * rows.rows() + wide));
        candidates_ = std::max<std::size_t>(1, static_cast<std::size_t>(options.columns_of_split * static_cast<double>(rows.columns())));
    }

    /// @param y    labels, one a row
    /// @param drawn how often each row counts; 0: not at all
    [[nodiscard]] forest_tree grow(std::span<const double> y, std::span<const std::uint32_t> drawn, random_stream& random) {
        y_ = y;
        drawn_ = drawn;
        order_.clear();
        for (std::uint32_t r = 0; r < drawn.size(); ++r)
            if (drawn[r] != 0) order_.push_back(r);
        forest_tree tree;
        open_.assign(1, {tree.add_leaf(0), 0, static_cast<std::uint32_t>(order_.size()), 0});
        while (!open_.empty()) {
            const auto now = open_.back();
            open_.pop_back();
            const auto all = sum_of(now);
            const auto at = static_cast<std::size_t>(now.number);
            tree.value[at] = all.y / all.weight;
            if (!may_split(now, all)) continue;
            const auto best = find_split(now, all, random);
            if (!(best.score > -std::numeric_limits<double>::infinity())) continue;
            tree.split(now.number, best.feature, best.threshold, missing_side::left);
            const auto middle = part(now, best);
            open_.push_back({tree.right[at], middle, now.end, now.depth + 1});
            open_.push_back({tree.left[at], now.begin, middle, now.depth + 1});
        }
        return tree;
    }

private:
    static constexpr std::size_t wide = 64; ///< up to so many bins are counted, however few rows there are
    struct node {
        std::int32_t number;
        std::uint32_t begin, end;
        std::size_t depth;
    };
    struct cell {
        double weight = 0, y = 0;
        std::uint32_t rows = 0, bin = 0;
        void add(double w, double label) noexcept {
            weight += w;
            y += w * label;
            ++rows;
        }
    };
    struct node_sum {
        double weight = 0, y = 0, least = std::numeric_limits<double>::infinity(), greatest = -std::numeric_limits<double>::infinity();
    };
    struct split {
        double score = -std::numeric_limits<double>::infinity(), threshold = 0;
        std::uint32_t feature = 0, bin = 0; ///< bins from `bin` on go right
    };

    [[nodiscard]] node_sum sum_of(const node& n) const {
        node_sum s;
        for (auto at = n.begin; at < n.end; ++at) {
            const auto r = order_[at];
            s.weight += drawn_[r];
            s.y += drawn_[r] * y_[r];
            s.least = std::min(s.least, y_[r]);
            s.greatest = std::max(s.greatest, y_[r]);
        }
        return s;
    }
    [[nodiscard]] bool may_split(const node& n, const node_sum& s) const {
        const std::size_t rows = n.end - n.begin;
        return n.depth < options_.depth && rows >= options_.least_split && rows >= 2 * options_.least_leaf && s.least < s.greatest;
    }

    [[nodiscard]] split find_split(const node& n, const node_sum& all, random_stream& random) {
        split best;
        std::size_t seen = 0;
        // Fisher-Yates, as far as candidates are needed.
        for (std::size_t i = 0; i < columns_.size() && seen < candidates_; ++i) {
            if (candidates_ < columns_.size() || cut_ == cut_choice::random)
                std::swap(columns_[i], columns_[i + static_cast<std::size_t>(random.below(columns_.size() - i))]);
            const auto f = columns_[i];
            fill_cells(n, f);
            if (cells_.size() < 2) continue;
            ++seen;
            if (cut_ == cut_choice::best) scan(n, f, all, best);
            else cut_at_random(n, f, all, best, random);
        }
        if (candidates_ == columns_.size() && cut_ == cut_choice::best) return best;
        std::sort(columns_.begin(), columns_.end()); // draws depend on the node alone
        return best;
    }
    /// The sums of a node by the bins of a feature that occur in it, in ascending order.
    void fill_cells(const node& n, std::uint32_t f) {
        const auto* const bins = rows_.column(f);
        const auto width = rows_.bins_of(f);
        cells_.clear();
        if (width <= std::max<std::size_t>(wide, 2 * (n.end - n.begin))) {
            std::fill_n(sums_.begin(), width, cell{});
            for (auto at = n.begin; at < n.end; ++at) sums_[bins[order_[at]]].add(drawn_[order_[at]], y_[order_[at]]);
            for (std::uint32_t b = 0; b < width; ++b)
                if (sums_[b].rows != 0) {
                    cells_.push_back(sums_[b]);
                    cells_.back().bin = b;
                }
            return;
        }
        std::copy(order_.begin() + n.begin, order_.begin() + n.end, scratch_.begin());
        const auto end = scratch_.begin() + (n.end - n.begin);
        std::sort(scratch_.begin(), end, [&](std::uint32_t a, std::uint32_t b) { return bins[a] != bins[b] ? bins[a] < bins[b] : a < b; });
        for (auto r = scratch_.begin(); r != end; ++r) {
            if (cells_.empty() || cells_.back().bin != bins[*r]) cells_.push_back({0, 0, 0, bins[*r]});
            cells_.back().add(drawn_[*r], y_[*r]);
        }
    }
    void offer(const cell& left, std::uint32_t rows, const node_sum& all, std::uint32_t f, std::uint32_t bin, double threshold, split& best) const {
        if (left.rows < options_.least_leaf || rows - left.rows < options_.least_leaf) return;
        const auto weight = all.weight - left.weight, y = all.y - left.y;
        const auto score = left.y * left.y / left.weight + y * y / weight;
        if (score > best.score) best = {score, threshold, f, bin};
    }
    void scan(const node& n, std::uint32_t f, const node_sum& all, split& best) const {
        cell left;
        for (std::size_t c = 0; c + 1 < cells_.size(); ++c) {
            take(left, cells_[c]);
            const auto below = static_cast<double>(rows_.greatest(f, cells_[c].bin)), above = static_cast<double>(rows_.least(f, cells_[c + 1].bin));
            offer(left, n.end - n.begin, all, f, cells_[c + 1].bin, below / 2 + above / 2, best);
        }
    }
    void cut_at_random(const node& n, std::uint32_t f, const node_sum& all, split& best, random_stream& random) const {
        const auto least = static_cast<double>(rows_.least(f, cells_.front().bin)), greatest = static_cast<double>(rows_.least(f, cells_.back().bin));
        const auto at = random.uniform(least, greatest);
        cell left;
        std::size_t c = 0;
        for (; c + 1 < cells_.size() && static_cast<double>(rows_.least(f, cells_[c].bin)) <= at; ++c) take(left, cells_[c]);
        offer(left, n.end - n.begin, all, f, cells_[c].bin, at, best);
    }
    static void take(cell& sum, const cell& more) noexcept {
        sum.weight += more.weight;
        sum.y += more.y;
        sum.rows += more.rows;
    }
    [[nodiscard]] std::uint32_t part(const node& n, const split& s) {
        const auto* const bins = rows_.column(s.feature);
        // As std::stable_partition, which in libstdc++ 12 calls what clang calls deprecated.
        right_.clear();
        auto middle = n.begin;
        for (auto i = n.begin; i < n.end; ++i) {
            const auto row = order_[i];
            if (bins[row] < s.bin) order_[middle++] = row;
            else right_.push_back(row);
        }
        std::copy(right_.begin(), right_.end(), order_.begin() + middle);
        return middle;
    }

    const binned_rows& rows_;
    cart_options options_;
    cut_choice cut_;
    std::size_t candidates_ = 1;
    std::span<const double> y_;
    std::span<const std::uint32_t> drawn_;
    std::vector<std::uint32_t> order_, right_, scratch_, columns_;
    std::vector<cell> sums_, cells_;
    std::vector<node> open_;
};

} // namespace verdant::surrogate::detail
