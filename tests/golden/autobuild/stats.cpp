#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/numeric/spearman.hpp>

#include "golden/golden.hpp"

#include <cstddef>
#include <span>
#include <vector>

using namespace verdant;

TEST_CASE("Statistics of predictions are those of SciPy, scikit-learn and AutoBuild", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/stats*.json")) {
        golden::summary summary{f.name, 1e-10};
        for (const auto& entry : golden::read_json(f.path)) {
            summary.next_row();
            const auto target = entry.at("target").get<std::vector<double>>(), predicted = entry.at("pred").get<std::vector<double>>();
            const double rho = surrogate::spearman_rho(predicted, target);
            summary.compare("spearman", entry.at("spearman").get<double>(), rho);
            summary.compare("spearman_p", entry.at("spearman_p").get<double>(), surrogate::spearman_p_value(rho, target.size()));
            summary.compare("kendall_tau_b", entry.at("kendall_tau_b").get<double>(), surrogate::kendall_tau(predicted, target));
            const auto errors = surrogate::errors_of(std::span<const double>{predicted}, std::span<const double>{target});
            summary.compare("mae", entry.at("mae").get<double>(), errors.mean_absolute);
            summary.compare("mape_sklearn", entry.at("mape_sklearn").get<double>(), errors.relative);
            const auto& logged = entry.at("train_metrics");
            summary.compare("mean_square_error", logged.at("mean_square_error").get<double>(), errors.mean_squared);
            summary.compare("mean_absolute_error", logged.at("mean_absolute_error").get<double>(), errors.mean_absolute);
            summary.compare("max_error", logged.at("max_error").get<double>(), errors.greatest);
            summary.compare("mean_absolute_percent_error", logged.at("mean_absolute_percent_error").get<double>(), 100 * errors.relative_beyond_zero);
            summary.compare("mape_effective_sample_size_diff", logged.at("mape_effective_sample_size_diff").get<double>(),
                            static_cast<double>(errors.near_zero));
            summary.compare("pred_mean", logged.at("pred_mean").get<double>(), errors.predicted.mean);
            summary.compare("pred_variance", logged.at("pred_variance").get<double>(), errors.predicted.variance);
            summary.compare("truth_mean", logged.at("truth_mean").get<double>(), errors.actual.mean);
            summary.compare("truth_variance", logged.at("truth_variance").get<double>(), errors.actual.variance);
        }
        CHECK(summary.rows() > 0);
    }
}
