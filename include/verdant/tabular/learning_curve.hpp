#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/numeric/surrogate_quality.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
#include <verdant/surrogate/regressor.hpp>
#include <verdant/tabular/target_rows.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// How much data a surrogate needs.
namespace verdant::tabular {

/// A number over seeds.
struct mean_and_deviation {
    double mean = 0, std = 0; ///< population standard deviation

    [[nodiscard]] static mean_and_deviation of(std::span<const double> x) {
        mean_and_deviation m;
        for (const auto v : x) m.mean += v / static_cast<double>(x.size());
        for (const auto v : x) m.std += (v - m.mean) * (v - m.mean) / static_cast<double>(x.size());
        m.std = std::sqrt(m.std);
        return m;
    }
};

/// How well surrogates predict that were fitted to so many networks.
struct learning_point {
    std::size_t size = 0;
    mean_and_deviation kendall_tau, mae, kl_divergence; ///< over seeds; mae in the unit of the target
};

/// Fits a surrogate to random parts of some rows, of each size with each seed, and judges it on others: Accel-NASBench's figure of tau, MAE and KL
/// against the size of the training set (500 to 5000, five seeds). The parts of one seed hold each other, so that a curve is of growing data.
/// @param fit  (labelled_rows, seed) -> regressor
/// @param sizes of parts; each seed has its own
/// @throws input_error for sizes below 2 or above the number of rows, and for no seed
template <class Fit>
[[nodiscard]] std::vector<learning_point> learning_curve(const target_rows& training, const target_rows& judged, std::span<const std::size_t> sizes,
                                                         std::size_t seeds, const Fit& fit) {
    require_count("learning curve", "seeds", seeds, 1);
    for (const auto n : sizes) require_count("learning curve", "size", n, 2, training.rows());
    std::vector<learning_point> curve;
    for (const auto n : sizes) {
        std::vector<double> tau, mae, kl;
        for (std::uint64_t seed = 0; seed < seeds; ++seed) {
            std::vector<std::size_t> order(training.rows());
            for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
            random_stream{seed}.shuffle(std::span{order});
            std::vector<float> x;
            std::vector<double> y, predicted(judged.rows());
            for (std::size_t i = 0; i < n; ++i) {
                const auto row = training.features()[order[i]];
                x.insert(x.end(), row.begin(), row.end());
                y.push_back(training.y[order[i]]);
            }
            const surrogate::regressor auto model = fit(surrogate::labelled_rows{{x, training.columns}, y}, seed);
            model.predict(judged.features(), predicted);
            const auto q = surrogate::surrogate_quality_of(predicted, judged.y);
            tau.push_back(q.kendall_tau);
            mae.push_back(q.mae);
            kl.push_back(q.kl_divergence);
        }
        curve.push_back({n, mean_and_deviation::of(tau), mean_and_deviation::of(mae), mean_and_deviation::of(kl)});
    }
    return curve;
}

} // namespace verdant::tabular
