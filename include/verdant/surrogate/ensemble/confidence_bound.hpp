#pragma once

#include <verdant/error.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/regressor.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

namespace verdant::surrogate {

/// A regressor that gives a bound of what another one says: its mean and `width` times its standard deviation. Where more is better, a search that
/// goes by the upper bound (width above 0) looks where the model is unsure, one by the lower bound keeps away from there (Srinivas et al., ICML 2010,
/// for Gaussian processes).
template <uncertain_regressor Model>
class confidence_bound {
public:
    /// @param width in standard deviations, below 0 for the lower bound
    /// @throws input_error where that is not finite
    confidence_bound(Model model, double width) : model_{std::move(model)}, width_{width} {
        if (!std::isfinite(width)) throw input_error{"confidence bound", "width", "a finite number", exact_text(width)};
    }

    [[nodiscard]] std::size_t features() const { return model_.features(); }
    [[nodiscard]] const Model& model() const noexcept { return model_; }
    [[nodiscard]] double width() const noexcept { return width_; }

    [[nodiscard]] double predict(std::span<const float> row) const {
        const auto v = model_.predict_uncertain(row);
        return v.mean + width_ * v.std;
    }
    void predict(const feature_rows& rows, std::span<double> out) const {
        require_rows("confidence bound", features(), rows, out.size());
        constexpr std::size_t block = 512;
        double std[block];
        for (std::size_t begin = 0; begin < out.size(); begin += block) {
            const auto count = std::min(block, out.size() - begin);
            model_.predict_uncertain(rows.part(begin, count), out.subspan(begin, count), {std, count});
            for (std::size_t r = 0; r < count; ++r) out[begin + r] += width_ * std[r];
        }
    }

private:
    Model model_;
    double width_;
};

} // namespace verdant::surrogate
