#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/kernel/kernel_function.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::surrogate {

/// Support vectors: f(x) = intercept + sum of coefficient_j kernel(x, vector_j), in double precision, in their order (Smola and Schoelkopf, "A
/// tutorial on support vector regression", Statistics and Computing 14, 2004, equation 20). Immutable.
class support_vector_regressor {
public:
    /// @param vectors      the support vectors; there may be none
    /// @param coefficients one a vector
    /// @param source       what errors call the model
    /// @throws input_error for numbers that are not finite, and for counts that do not fit
    support_vector_regressor(const kernel_function& kernel, const feature_rows& vectors, std::vector<double> coefficients, double intercept,
                             std::string_view source = "support vectors")
        : kernel_{kernel}, vectors_{vectors}, features_{vectors.columns}, coefficients_{std::move(coefficients)}, intercept_{intercept} {
        check(source, vectors);
    }

    [[nodiscard]] std::size_t features() const noexcept { return features_; }
    [[nodiscard]] const kernel_function& kernel() const noexcept { return kernel_; }
    [[nodiscard]] std::span<const double> coefficients() const noexcept { return coefficients_; }
    [[nodiscard]] double intercept() const noexcept { return intercept_; }
    /// @pre vector < coefficients().size() and feature < features()
    [[nodiscard]] float support(std::size_t vector, std::size_t feature) const { return static_cast<float>(vectors_.value(vector, feature)); }

    /// Throws input_error where the width is not `features()`, or a number is not finite.
    [[nodiscard]] double predict(std::span<const float> row) const {
        require_features("support vectors", features_, row.size());
        double square = 0;
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (!std::isfinite(row[c]))
                throw input_error{"support vectors", "feature " + std::to_string(c), "a finite number", exact_text(static_cast<double>(row[c]))};
            square += static_cast<double>(row[c]) * static_cast<double>(row[c]);
        }
        double sum = 0;
        vectors_.for_each_dot(row.data(), [&](std::size_t j, double dot) { sum += coefficients_[j] * kernel_(dot, square + vectors_.square(j)); });
        return sum + intercept_;
    }
    void predict(const feature_rows& rows, std::span<double> out) const {
        require_rows("support vectors", features_, rows, out.size());
        for (std::size_t r = 0; r < out.size(); ++r) out[r] = predict(rows[r]);
    }

    friend bool operator==(const support_vector_regressor&, const support_vector_regressor&) = default;

private:
    template <class = instantiated_when_used>
    void check(std::string_view source, const feature_rows& vectors) const;

    kernel_function kernel_;
    detail::kernel_rows vectors_;
    std::size_t features_;
    std::vector<double> coefficients_;
    double intercept_;
};

template <class>
void support_vector_regressor::check(std::string_view source, const feature_rows& vectors) const {
    kernel_.check(source);
    require_rows(source, features_, vectors, coefficients_.size());
    if (features_ == 0) throw input_error{source, "features", "at least one", "none"};
    for (std::size_t i = 0; i < vectors.values.size(); ++i)
        if (!std::isfinite(vectors.values[i]))
            throw input_error{source, "support vector " + std::to_string(i / features_), "finite numbers",
                              exact_text(static_cast<double>(vectors.values[i]))};
    for (std::size_t j = 0; j < coefficients_.size(); ++j)
        if (!std::isfinite(coefficients_[j]))
            throw input_error{source, "coefficient " + std::to_string(j), "a finite number", exact_text(coefficients_[j])};
    if (!std::isfinite(intercept_)) throw input_error{source, "intercept", "a finite number", exact_text(intercept_)};
}
VERDANT_DEFINED_ONCE(void support_vector_regressor::check<>(std::string_view, const feature_rows&) const);

} // namespace verdant::surrogate
