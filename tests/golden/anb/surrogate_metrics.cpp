#include <verdant/numeric/surrogate_quality.hpp>

#include "golden/golden.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace verdant;

namespace {

/// What the file of metrics calls the models of a column of predictions: `rf_seed3` is `sklearn_forest`.
std::string family_of(const std::string& column) {
    const auto seed = column.rfind("_seed");
    const auto name = column.substr(0, seed);
    return name == "rf" ? "sklearn_forest" : name;
}

struct series {
    std::vector<double> predicted, actual;
};

} // namespace

TEST_CASE("Metrics of predictions are those that the baselines were judged by", "[golden]") {
    // The name says of which rows: surrogate_preds_val.csv, surrogate_preds_test.csv.
    for (const auto& f : golden::find_all("anb/surrogate_preds_*.csv")) {
        // The first part of the name says of which rows, and more may follow, as in the names of the metrics' files.
        const auto rows_of = f.star.substr(0, f.star.find('_'));
        const auto metrics = golden::find_with("anb/surrogate_metrics*.json", f.star.substr(rows_of.size()));
        if (!metrics) continue;
        const auto results = golden::read_json(metrics->path).at("results");
        golden::summary summary{f.name, 1e-9};
        std::map<std::string, series> models;
        for (const auto& row : golden::read_csv(f.path))
            for (const auto& [column, text] : row) {
                if (column == "target" || column == "result_id" || column == "y" || text.empty()) continue;
                auto& s = models[family_of(column) + '/' + row.at("target")];
                s.predicted.push_back(std::stod(text));
                s.actual.push_back(std::stod(row.at("y")));
            }
        for (const auto& [model, s] : models) {
            if (!results.contains(model) || !results[model].contains(rows_of)) {
                summary.leave_out(model + ": there are no metrics of it");
                continue;
            }
            summary.next_row();
            const auto q = surrogate::surrogate_quality_of(s.predicted, s.actual);
            const std::vector<std::pair<std::string_view, double>> ours{{"mae", q.mae},
                                                                        {"mse", q.mse},
                                                                        {"rmse", q.rmse},
                                                                        {"r2", q.r2},
                                                                        {"kendall_tau", q.kendall_tau},
                                                                        {"kendall_tau_2_dec", q.kendall_tau_2_decimals},
                                                                        {"kendall_tau_1_dec", q.kendall_tau_1_decimal},
                                                                        {"spearmanr", q.spearman},
                                                                        {"kl", q.kl_divergence}};
            std::size_t compared = 0;
            for (const auto& [metric, value] : ours)
                if (const auto& expected = results[model][rows_of]; expected.contains(metric) && expected[std::string{metric}].is_number()) {
                    summary.compare(model + ' ' + std::string{metric}, expected[std::string{metric}].get<double>(), value);
                    ++compared;
                }
            summary.equal(model + ", some metric is known here", true, compared != 0);
        }
    }
}
