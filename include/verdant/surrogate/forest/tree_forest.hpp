#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/regressor.hpp>

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

/// A random forest, or extra trees: the mean over trees in double precision, added up in their order, as scikit-learn does (ensemble/_forest.py,
/// ForestRegressor.predict); how sure it is is their population standard deviation. A row goes left where its feature, in single precision, is at
/// most the threshold, in double precision. Immutable.
class tree_forest {
public:
    /// @param features numbers in a row
    /// @param source   what errors call the model
    /// @throws input_error where a tree is none (`check_tree`), or there is none
    tree_forest(std::size_t features, std::vector<forest_tree> trees, std::string_view source = "forest")
        : features_{features}, trees_{std::move(trees)} {
        if (trees_.empty()) throw input_error{source, "trees", "at least one", "none"};
        for (std::size_t t = 0; t < trees_.size(); ++t) check_tree(trees_[t], features, source, "tree " + std::to_string(t));
    }

    [[nodiscard]] std::size_t features() const noexcept { return features_; }
    [[nodiscard]] std::span<const forest_tree> trees() const noexcept { return trees_; }

    /// The mean over trees for one row. Throws input_error where its width is not `features()`, and for NaN, for which no side is defined.
    [[nodiscard]] double predict(std::span<const float> row) const {
        check(row);
        return mean_at(row.data());
    }
    void predict(const feature_rows& rows, std::span<double> out) const {
        require_rows("forest", features_, rows, out.size());
        for (std::size_t r = 0; r < out.size(); ++r) out[r] = predict(rows[r]);
    }

    /// Mean and population standard deviation over trees for one row.
    [[nodiscard]] uncertain_value predict_uncertain(std::span<const float> row) const {
        check(row);
        const double mean = mean_at(row.data());
        double squares = 0;
        for (const auto& t : trees_) {
            const double d = value_of(t, row.data()) - mean;
            squares += d * d;
        }
        if (!(squares >= least_square && std::isfinite(squares))) return {mean, spread_at(row.data(), mean)};
        return {mean, std::sqrt(squares / static_cast<double>(trees_.size()))};
    }
    /// @param mean, std one a row each
    void predict_uncertain(const feature_rows& rows, std::span<double> mean, std::span<double> std) const {
        require_rows("forest", features_, rows, mean.size());
        require_rows("forest", features_, rows, std.size());
        for (std::size_t r = 0; r < mean.size(); ++r) {
            const auto v = predict_uncertain(rows[r]);
            mean[r] = v.mean;
            std[r] = v.std;
        }
    }

    friend bool operator==(const tree_forest& a, const tree_forest& b) { return a.features_ == b.features_ && a.trees_ == b.trees_; }

private:
    void check(std::span<const float> row) const {
        require_features("forest", features_, row.size());
        for (std::size_t f = 0; f < row.size(); ++f)
            if (std::isnan(row[f])) throw input_error{"forest", "feature " + std::to_string(f), "a number", "nan"};
    }
    [[nodiscard]] static double value_of(const forest_tree& t, const float* row) {
        std::size_t node = 0;
        while (!t.leaf(node)) node = static_cast<std::size_t>(row[t.feature[node]] <= t.threshold[node] ? t.left[node] : t.right[node]);
        return t.value[node];
    }
    [[nodiscard]] double mean_at(const float* row) const {
        double sum = 0;
        for (const auto& t : trees_) sum += value_of(t, row);
        if (!std::isfinite(sum)) return scaled_mean(row, far_down) / far_down; // the sum is beyond the doubles, the mean is not
        return sum / static_cast<double>(trees_.size());
    }
    [[nodiscard]] double scaled_mean(const float* row, double scale) const {
        double sum = 0;
        for (const auto& t : trees_) sum += scale * value_of(t, row);
        return sum / static_cast<double>(trees_.size());
    }
    /// The standard deviation where squares of the distances are beyond the doubles, or too small for them.
    template <class = instantiated_when_used>
    [[nodiscard]] double spread_at(const float* row, double mean) const;

    static constexpr double least_square = 1e-280, far_down = 0x1p-64;

    std::size_t features_;
    std::vector<forest_tree> trees_;
};

template <class>
double tree_forest::spread_at(const float* row, double mean) const {
    double largest = 0;
    for (const auto& t : trees_) largest = std::max(largest, std::abs(far_down * value_of(t, row) - far_down * mean));
    const double scale = detail::square_scale(largest) * far_down;
    double squares = 0;
    for (const auto& t : trees_) {
        const double d = scale * value_of(t, row) - scale * mean;
        squares += d * d;
    }
    return std::sqrt(squares / static_cast<double>(trees_.size())) / scale;
}
VERDANT_DEFINED_ONCE(double tree_forest::spread_at<>(const float*, double) const);

} // namespace verdant::surrogate
