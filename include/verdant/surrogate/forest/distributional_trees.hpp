#pragma once

#include <verdant/error.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/regressor.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::surrogate {

/// A normal distribution for each row: its mean, and the logarithm of its standard deviation, are each a start and the sum of trees (Duan et al.,
/// "NGBoost: natural gradient boosting for probabilistic prediction", ICML 2020). A row goes left where its feature is at most the threshold.
/// Immutable.
class distributional_trees {
public:
    /// One sum of trees.
    struct part {
        double start = 0;
        std::vector<forest_tree> trees;
        friend bool operator==(const part&, const part&) = default;
    };

    /// @param features numbers in a row
    /// @param mean     in the unit of the labels
    /// @param log_std  natural logarithm of the standard deviation in that unit; as many trees as the mean
    /// @param source   what errors call the model
    /// @throws input_error where a tree is none (`check_tree`), a start is not finite, or counts differ
    distributional_trees(std::size_t features, part mean, part log_std, std::string_view source = "distributional trees")
        : features_{features}, mean_{std::move(mean)}, log_std_{std::move(log_std)} {
        check(mean_, source, "mean");
        check(log_std_, source, "log_std");
        if (mean_.trees.size() != log_std_.trees.size())
            throw input_error{source, "log_std, trees", std::to_string(mean_.trees.size()) + ", as the mean has", std::to_string(log_std_.trees.size())};
    }

    [[nodiscard]] std::size_t features() const noexcept { return features_; }
    [[nodiscard]] const part& mean() const noexcept { return mean_; }
    [[nodiscard]] const part& log_std() const noexcept { return log_std_; }

    /// The mean for one row. Throws input_error where its width is not `features()`, and for NaN.
    [[nodiscard]] double predict(std::span<const float> row) const {
        check(row);
        return sum(mean_, row.data());
    }
    void predict(const feature_rows& rows, std::span<double> out) const {
        require_rows("distributional trees", features_, rows, out.size());
        for (std::size_t r = 0; r < out.size(); ++r) out[r] = predict(rows[r]);
    }
    /// Mean and standard deviation for one row.
    [[nodiscard]] uncertain_value predict_uncertain(std::span<const float> row) const {
        check(row);
        constexpr double most = 700; // what a double can hold
        return {sum(mean_, row.data()), std::exp(std::clamp(sum(log_std_, row.data()), -most, most))};
    }
    /// @param mean, std one a row each
    void predict_uncertain(const feature_rows& rows, std::span<double> mean, std::span<double> std) const {
        require_rows("distributional trees", features_, rows, mean.size());
        require_rows("distributional trees", features_, rows, std.size());
        for (std::size_t r = 0; r < mean.size(); ++r) {
            const auto v = predict_uncertain(rows[r]);
            mean[r] = v.mean;
            std[r] = v.std;
        }
    }

    friend bool operator==(const distributional_trees&, const distributional_trees&) = default;

private:
    void check(const part& p, std::string_view source, const std::string& name) const {
        if (!std::isfinite(p.start)) throw input_error{source, name + ", start", "a finite number", exact_text(p.start)};
        for (std::size_t t = 0; t < p.trees.size(); ++t) check_tree(p.trees[t], features_, source, name + ", tree " + std::to_string(t));
    }
    void check(std::span<const float> row) const {
        require_features("distributional trees", features_, row.size());
        for (std::size_t f = 0; f < row.size(); ++f)
            if (std::isnan(row[f])) throw input_error{"distributional trees", "feature " + std::to_string(f), "a number", "nan"};
    }
    [[nodiscard]] static double sum(const part& p, const float* row) {
        double out = p.start;
        for (const auto& t : p.trees) {
            std::size_t node = 0;
            while (!t.leaf(node)) node = static_cast<std::size_t>(static_cast<double>(row[t.feature[node]]) <= t.threshold[node] ? t.left[node] : t.right[node]);
            out += t.value[node];
        }
        return out;
    }

    std::size_t features_;
    part mean_, log_std_;
};

} // namespace verdant::surrogate
