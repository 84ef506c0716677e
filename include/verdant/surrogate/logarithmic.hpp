#pragma once

#include <verdant/error.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
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

/// Models of logarithms. Rates and durations are products of what their parts contribute, which trees add up better as logarithms: errors then count
/// relative to the number.
namespace verdant::surrogate {

/// What a model is fitted to.
enum class label_scale : unsigned char {
    plain,     ///< labels as they are
    logarithm, ///< their natural logarithms
};

/// Natural logarithms of labels. Throws input_error that names the first which is not above 0.
[[nodiscard]] inline std::vector<double> logarithms_of(std::span<const double> labels, std::string_view source) {
    std::vector<double> out;
    out.reserve(labels.size());
    for (const auto y : labels) {
        if (!(y > 0 && std::isfinite(y)))
            throw input_error{source, "label of row " + std::to_string(out.size()), "a finite number above 0, which has a logarithm", exact_text(y)};
        out.push_back(std::log(y));
    }
    return out;
}

/// A regressor of numbers whose natural logarithms another one predicts. Where that one says how sure it is, it means a normal distribution of the
/// logarithm, and mean and standard deviation are those of the log-normal distribution (Johnson, Kotz and Balakrishnan, "Continuous univariate
/// distributions" 1, 1994, chapter 14).
template <regressor M>
class logarithmic {
public:
    explicit logarithmic(M model) : model_{std::move(model)} {}

    [[nodiscard]] const M& of_logarithms() const noexcept { return model_; }
    [[nodiscard]] std::size_t features() const { return model_.features(); }

    [[nodiscard]] double predict(std::span<const float> row) const {
        if constexpr (uncertain_regressor<M>) return predict_uncertain(row).mean;
        else return number(model_.predict(row));
    }
    void predict(const feature_rows& rows, std::span<double> out) const {
        if constexpr (uncertain_regressor<M>) {
            require_rows("logarithms", features(), rows, out.size());
            for (std::size_t r = 0; r < out.size(); ++r) out[r] = predict_uncertain(rows[r]).mean;
        } else {
            model_.predict(rows, out);
            for (auto& v : out) v = number(v);
        }
    }
    [[nodiscard]] uncertain_value predict_uncertain(std::span<const float> row) const
        requires uncertain_regressor<M>
    {
        return number(model_.predict_uncertain(row));
    }
    /// @param mean, std one a row each
    void predict_uncertain(const feature_rows& rows, std::span<double> mean, std::span<double> std) const
        requires uncertain_regressor<M>
    {
        model_.predict_uncertain(rows, mean, std);
        for (std::size_t r = 0; r < mean.size(); ++r) {
            const auto v = number(uncertain_value{mean[r], std[r]});
            mean[r] = v.mean;
            std[r] = v.std;
        }
    }

    friend bool operator==(const logarithmic&, const logarithmic&) = default;

private:
    /// No further than doubles go, whatever a file says.
    [[nodiscard]] static double number(double logarithm) { return std::exp(std::clamp(logarithm, -700.0, 700.0)); }
    [[nodiscard]] static uncertain_value number(const uncertain_value& logarithm) {
        const auto variance = std::min(logarithm.std * logarithm.std, 100.0);
        const auto mean = number(std::min(logarithm.mean, 600.0) + variance / 2);
        return {mean, mean * std::sqrt(std::expm1(variance))};
    }

    M model_;
};

} // namespace verdant::surrogate
