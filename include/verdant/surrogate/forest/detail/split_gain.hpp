#pragma once

#include <verdant/surrogate/forest/boosting_options.hpp>

#include <cstddef>
#include <limits>
#include <span>

namespace verdant::surrogate::detail {

/// Sums over the rows of a node: of gradients, and of second derivatives, which are 1 for squared error.
struct gradient_sum {
    double g = 0, h = 0;

    gradient_sum& operator+=(const gradient_sum& o) noexcept {
        g += o.g;
        h += o.h;
        return *this;
    }
    [[nodiscard]] friend gradient_sum operator-(const gradient_sum& a, const gradient_sum& b) noexcept { return {a.g - b.g, a.h - b.h}; }
};

/// Least and greatest weight of a node below monotone splits.
struct weight_bounds {
    float low = -std::numeric_limits<float>::infinity(), high = std::numeric_limits<float>::infinity();
};

/// Weights of leaves and gains of splits (Chen and Guestrin, "XGBoost", KDD 2016, equations 5 to 7, with an L1 penalty as src/tree/param.h of XGBoost
/// 1.7 has it; monotone splits as its src/tree/split_evaluator.h). Gains are rounded to single precision as they are there, since equal ones are told
/// apart by their order.
class split_gain {
public:
    split_gain(const boosting_options& options, std::span<const monotone> constraints)
        : l1_{static_cast<float>(options.l1)}, l2_{static_cast<float>(options.l2)}, least_{static_cast<float>(options.least_weight)},
          constraints_{constraints} {}

    /// The least sum of second derivatives on each side of a split.
    [[nodiscard]] double least_weight() const noexcept { return static_cast<double>(least_); }

    /// The weight of a leaf before it is multiplied by the rate, within bounds.
    [[nodiscard]] float weight(const gradient_sum& s, const weight_bounds& bounds) const noexcept {
        if (s.h < least_weight() || s.h <= 0) return 0;
        const auto w = static_cast<float>(-shrunk(s.g) / (s.h + static_cast<double>(l2_)));
        return w < bounds.low ? bounds.low : w > bounds.high ? bounds.high : w;
    }
    /// How much less the penalised loss is with a leaf for these rows than without, twice.
    [[nodiscard]] float leaf_gain(const gradient_sum& s, const weight_bounds& bounds) const noexcept {
        return constraints_.empty() ? free_gain(s) : gain_with(s, weight(s, bounds));
    }
    /// The two sides' gains; minus infinity where they go against the constraint of the feature.
    [[nodiscard]] float split(std::size_t feature, const gradient_sum& left, const gradient_sum& right, const weight_bounds& bounds) const noexcept {
        if (constraints_.empty()) return free_gain(left) + free_gain(right);
        const auto wl = weight(left, bounds), wr = weight(right, bounds);
        const auto against = constraints_[feature] == monotone::rising ? wl > wr : constraints_[feature] == monotone::falling && wl < wr;
        return against ? -std::numeric_limits<float>::infinity() : gain_with(left, wl) + gain_with(right, wr);
    }
    /// The bounds of the two sides of a split.
    void divide(std::size_t feature, const weight_bounds& bounds, float left_weight, float right_weight, weight_bounds& left,
                weight_bounds& right) const noexcept {
        left = right = bounds;
        if (constraints_.empty() || constraints_[feature] == monotone::free) return;
        const auto middle = (left_weight + right_weight) / 2;
        if (constraints_[feature] == monotone::rising) left.high = right.low = middle;
        else left.low = right.high = middle;
    }

private:
    [[nodiscard]] double shrunk(double g) const noexcept {
        const auto l1 = static_cast<double>(l1_);
        return g > l1 ? g - l1 : g < -l1 ? g + l1 : 0;
    }
    [[nodiscard]] float free_gain(const gradient_sum& s) const noexcept {
        if (s.h <= 0) return 0;
        const auto t = shrunk(s.g);
        return static_cast<float>(t * t / (s.h + static_cast<double>(l2_)));
    }
    /// The gain of a weight that is not the best one.
    [[nodiscard]] float gain_with(const gradient_sum& s, float w) const noexcept {
        if (s.h <= 0) return 0;
        const auto weight = static_cast<double>(w);
        return static_cast<float>(-(2 * s.g * weight + (s.h + static_cast<double>(l2_)) * weight * weight +
                                    2 * static_cast<double>(l1_) * (weight < 0 ? -weight : weight)));
    }

    // As XGBoost keeps its parameters. Not as double: g++ 12 vectorises a row of roundings to float that are widened again as if they rounded
    // nothing.
    float l1_, l2_, least_;
    std::span<const monotone> constraints_;
};

/// Splits that gain no more than this are none (kRtEps of XGBoost).
inline constexpr float least_split_gain = 1e-6F;

} // namespace verdant::surrogate::detail
