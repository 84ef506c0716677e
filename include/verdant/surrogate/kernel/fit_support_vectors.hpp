#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/kernel/detail/kernel_cache.hpp>
#include <verdant/surrogate/kernel/detail/minimal_optimization.hpp>
#include <verdant/surrogate/kernel/kernel_function.hpp>
#include <verdant/surrogate/kernel/support_vector_options.hpp>
#include <verdant/surrogate/kernel/support_vector_regressor.hpp>
#include <verdant/surrogate/labelled_rows.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

/// Fits support vectors.
namespace verdant::surrogate {

/// Fitted support vectors and how they came about.
struct support_vector_fit {
    support_vector_regressor model;
    std::vector<std::size_t> rows; ///< which of the rows each support vector is
    bool converged = false;        ///< whether the conditions of the optimum hold within the tolerance; not where the steps ran out
};

namespace detail {

/// The variance of all numbers together, over their count; 0 where all are equal, whatever their mean is rounded to.
[[nodiscard]] inline double variance_of(const feature_rows& x) {
    if (std::adjacent_find(x.values.begin(), x.values.end(), [](float a, float b) { return a != b; }) == x.values.end()) return 0;
    const auto n = static_cast<double>(x.values.size());
    double mean = 0, squares = 0;
    for (const auto v : x.values) mean += static_cast<double>(v) / n;
    for (const auto v : x.values) squares += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean);
    return squares / n;
}

/// The kernel that options mean for these rows.
[[nodiscard]] inline kernel_function kernel_for(const feature_rows& x, const support_vector_options& options) {
    auto kernel = options.kernel;
    const auto columns = static_cast<double>(x.columns);
    if (options.gamma == gamma_rule::automatic) kernel.gamma = 1 / columns;
    if (options.gamma == gamma_rule::scale) {
        const auto variance = variance_of(x);
        kernel.gamma = variance > 0 ? 1 / (columns * variance) : 1; // as scikit-learn (svm/_base.py)
    }
    return kernel;
}

} // namespace detail

/// Fits eps- or nu-support-vector regression by sequential minimal optimisation.
/// @throws input_error for options or rows that do not fit
template <class = instantiated_when_used>
[[nodiscard]] support_vector_fit fit_support_vectors(const labelled_rows& training, const support_vector_options& options = {}) {
    options.check("support vectors");
    check_labelled_rows(training, "support vectors");
    const auto kernel = detail::kernel_for(training.x, options);
    double mean = 0, scale = 1;
    std::vector<double> y(training.y.begin(), training.y.end());
    if (options.labels == label_unit::standard) {
        const auto n = static_cast<double>(y.size());
        double squares = 0;
        for (const auto v : y) mean += v / n;
        for (const auto v : y) squares += (v - mean) * (v - mean) / n;
        scale = squares > 0 ? std::sqrt(squares) : 1;
        for (auto& v : y) v = (v - mean) / scale;
    }
    detail::kernel_cache cache{kernel, training.x, options.cache_mib};
    detail::minimal_optimization solver{cache, y, options};
    const bool converged = solver.run();
    std::vector<float> vectors;
    std::vector<double> coefficients;
    std::vector<std::size_t> rows;
    for (std::size_t r = 0; r < y.size(); ++r) {
        const auto c = solver.coefficient(r);
        if (c == 0) continue;
        const auto row = training.x[r];
        vectors.insert(vectors.end(), row.begin(), row.end());
        coefficients.push_back(c * scale);
        rows.push_back(r);
    }
    return {{kernel, {vectors, training.x.columns}, std::move(coefficients), solver.intercept() * scale + mean}, std::move(rows), converged};
}
VERDANT_DEFINED_ONCE(support_vector_fit fit_support_vectors<>(const labelled_rows&, const support_vector_options&));

} // namespace verdant::surrogate
