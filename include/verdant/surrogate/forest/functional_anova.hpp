#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// How much of what a forest predicts each feature explains.
namespace verdant::surrogate {

/// A share of the variance: its mean over the trees of a forest, and their standard deviation.
struct variance_share {
    double mean = 0, deviation = 0;
};

/// The share that two features explain together, beyond what each does alone.
struct pair_share {
    std::size_t first = 0, second = 0;
    variance_share share{};
};

/// What `functional_anova` finds.
struct variance_shares {
    std::vector<variance_share> alone{}; ///< of each feature
    std::vector<pair_share> pairs{};     ///< the largest first
    std::size_t trees = 0;               ///< that vary at all; with none, all shares are 0
};

namespace detail {

/// The leaves of a tree as boxes in a grid of values.
template <class = instantiated_when_used>
class basic_leaf_boxes {
public:
    struct side {
        std::uint32_t low, high; ///< from, and up to, a place among the values
    };

    basic_leaf_boxes(const forest_tree& tree, std::span<const std::vector<float>> grid) : grid_{grid}, features_{grid.size()} {
        scale_ = square_scale_of(tree.value); // shares do not depend on it
        std::vector<side> whole;
        for (const auto& values : grid) whole.push_back({0, static_cast<std::uint32_t>(values.size())});
        std::vector<std::pair<std::size_t, std::vector<side>>> open{{0, std::move(whole)}};
        while (!open.empty()) {
            auto [node, box] = std::move(open.back());
            open.pop_back();
            if (tree.leaf(node)) {
                add(box, tree.value[node]);
                continue;
            }
            const auto f = static_cast<std::size_t>(tree.feature[node]);
            const auto& values = grid[f];
            const auto after =
                std::partition_point(values.begin(), values.end(), [&](float v) { return static_cast<double>(v) <= tree.threshold[node]; });
            const auto cut = static_cast<std::uint32_t>(after - values.begin());
            auto right = box;
            box[f].high = std::min(box[f].high, cut);
            right[f].low = std::max(right[f].low, cut);
            if (right[f].low < right[f].high) open.emplace_back(static_cast<std::size_t>(tree.right[node]), std::move(right));
            if (box[f].low < box[f].high) open.emplace_back(static_cast<std::size_t>(tree.left[node]), std::move(box));
        }
    }

    /// Whether leaves differ: of equal ones a rounded mean would leave a variance.
    [[nodiscard]] bool varies() const {
        return std::adjacent_find(values_.begin(), values_.end(), [](double a, double b) { return a != b; }) != values_.end();
    }
    [[nodiscard]] double mean() const {
        double sum = 0;
        for (std::size_t l = 0; l < values_.size(); ++l) sum += weights_[l] * values_[l];
        return sum;
    }
    [[nodiscard]] double variance(double mean) const {
        double sum = 0;
        for (std::size_t l = 0; l < values_.size(); ++l) sum += weights_[l] * (values_[l] - mean) * (values_[l] - mean);
        return sum;
    }
    /// What the tree gives for each value of a feature, over all values of the others, less the mean.
    [[nodiscard]] std::vector<double> marginal(std::size_t f, double mean) const {
        const auto n = grid_[f].size();
        std::vector<double> steps(n + 1, 0.0);
        for (std::size_t l = 0; l < values_.size(); ++l) {
            const auto [low, high] = sides_[l * features_ + f];
            const double part = weights_[l] * (values_[l] - mean) * static_cast<double>(n) / (high - low);
            steps[low] += part;
            steps[high] -= part;
        }
        for (std::size_t i = 1; i < n; ++i) steps[i] += steps[i - 1];
        steps.pop_back();
        return steps;
    }
    /// The variance of what two features do together, less what each does alone.
    [[nodiscard]] double pair_variance(std::size_t f, std::size_t g, double mean, std::span<const double> of_f, std::span<const double> of_g) const {
        const auto rows = of_f.size(), columns = of_g.size(), width = columns + 1;
        std::vector<double> steps((rows + 1) * width, 0.0);
        for (std::size_t l = 0; l < values_.size(); ++l) {
            const auto a = sides_[l * features_ + f], b = sides_[l * features_ + g];
            const double cells = static_cast<double>(a.high - a.low) * (b.high - b.low);
            const double part = weights_[l] * (values_[l] - mean) * static_cast<double>(rows * columns) / cells;
            steps[a.low * width + b.low] += part;
            steps[a.low * width + b.high] -= part;
            steps[a.high * width + b.low] -= part;
            steps[a.high * width + b.high] += part;
        }
        double sum = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            double along = 0;
            for (std::size_t c = 0; c < columns; ++c) {
                along += steps[r * width + c];
                steps[r * width + c] = along + (r == 0 ? 0 : steps[(r - 1) * width + c]);
                const double together = steps[r * width + c] - of_f[r] - of_g[c];
                sum += together * together;
            }
        }
        return sum / static_cast<double>(rows * columns);
    }

private:
    void add(const std::vector<side>& box, double value) {
        double weight = 1;
        for (std::size_t f = 0; f < features_; ++f) weight *= static_cast<double>(box[f].high - box[f].low) / static_cast<double>(grid_[f].size());
        sides_.insert(sides_.end(), box.begin(), box.end());
        weights_.push_back(weight);
        values_.push_back(scale_ * value);
    }

    std::span<const std::vector<float>> grid_;
    std::size_t features_;
    double scale_ = 1;
    std::vector<side> sides_;
    std::vector<double> weights_, values_;
};

[[nodiscard]] inline double mean_square(std::span<const double> values) {
    double sum = 0;
    for (const auto v : values) sum += v * v;
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

[[nodiscard]] inline variance_share share_of(std::span<const double> shares) {
    variance_share s;
    const auto n = static_cast<double>(shares.size());
    for (const auto v : shares) s.mean += v / n;
    for (const auto v : shares) s.deviation += (v - s.mean) * (v - s.mean) / n;
    s.deviation = std::sqrt(s.deviation);
    return s;
}

} // namespace detail

/// The functional analysis of variance of regression trees (Hutter, Hoos and Leyton-Brown, ICML 2014): the exact share of a tree's variance that a
/// feature explains alone, with all values of every feature equally likely and independent; and that pairs explain together. Shares are means over
/// trees, with their spread as the error. O(leaves) for each feature and pair.
/// @param trees of a forest whose rows go left where a feature is at most the threshold
/// @param grid  the values of each feature, ascending
/// @param most_paired how many features, those of the largest shares, are taken in pairs; pairs of more than 2^16 cells are left out
/// @throws input_error where a tree asks for a feature that the grid lacks, or a feature has no values
template <class Deferred = instantiated_when_used>
[[nodiscard]] variance_shares functional_anova(std::span<const forest_tree> trees, std::span<const std::vector<float>> grid,
                                               std::size_t most_paired = 6) {
    for (std::size_t f = 0; f < grid.size(); ++f)
        if (grid[f].empty() || !std::is_sorted(grid[f].begin(), grid[f].end()) ||
            std::any_of(grid[f].begin(), grid[f].end(), [](float v) { return std::isnan(v); }))
            throw input_error{"functional anova", "feature " + std::to_string(f), "ascending values", grid[f].empty() ? "none" : "others"};
    for (std::size_t t = 0; t < trees.size(); ++t) check_tree(trees[t], grid.size(), "functional anova", "tree " + std::to_string(t));
    struct tree_effects {
        detail::basic_leaf_boxes<Deferred> boxes;
        double mean, variance;
        std::vector<std::vector<double>> marginals;
    };
    std::vector<tree_effects> all;
    for (const auto& tree : trees) {
        detail::basic_leaf_boxes<Deferred> boxes{tree, grid};
        const double mean = boxes.mean(), variance = boxes.variance(mean);
        if (!(variance > 0) || !boxes.varies()) continue;
        std::vector<std::vector<double>> marginals;
        for (std::size_t f = 0; f < grid.size(); ++f) marginals.push_back(boxes.marginal(f, mean));
        all.push_back({std::move(boxes), mean, variance, std::move(marginals)});
    }
    variance_shares out{.alone = std::vector<variance_share>(grid.size()), .trees = all.size()};
    if (all.empty()) return out;
    std::vector<double> shares(all.size());
    std::vector<std::size_t> order;
    for (std::size_t f = 0; f < grid.size(); ++f) {
        for (std::size_t t = 0; t < all.size(); ++t) shares[t] = detail::mean_square(all[t].marginals[f]) / all[t].variance;
        out.alone[f] = detail::share_of(shares);
        order.push_back(f);
    }
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return out.alone[a].mean != out.alone[b].mean ? out.alone[a].mean > out.alone[b].mean : a < b; });
    order.resize(std::min(order.size(), most_paired));
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < order.size(); ++i)
        for (std::size_t j = i + 1; j < order.size(); ++j) {
            const auto f = order[i], g = order[j];
            if (grid[f].size() * grid[g].size() > 65536) continue;
            for (std::size_t t = 0; t < all.size(); ++t)
                shares[t] = all[t].boxes.pair_variance(f, g, all[t].mean, all[t].marginals[f], all[t].marginals[g]) / all[t].variance;
            out.pairs.push_back({f, g, detail::share_of(shares)});
        }
    std::sort(out.pairs.begin(), out.pairs.end(), [](const pair_share& a, const pair_share& b) {
        if (a.share.mean != b.share.mean) return a.share.mean > b.share.mean;
        return a.first != b.first ? a.first < b.first : a.second < b.second;
    });
    return out;
}
VERDANT_DEFINED_ONCE(variance_shares functional_anova<>(std::span<const forest_tree>, std::span<const std::vector<float>>, std::size_t));

} // namespace verdant::surrogate
