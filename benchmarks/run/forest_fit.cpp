// Boosted trees fitted to the accuracies of Accel-NASBench by histograms, ours and XGBoost's with the same settings and rounds, on one core: 1931
// trees of depth 3, as its surrogate of accuracy has. The counter `rmse` is the error on validation rows. Where the data set is not there, drawn rows
// of the same shape take its place.

#include <verdant/io/document/csv.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/forest/xgboost_booster.hpp>
#include <verdant/surrogate/forest/xgboost_options.hpp>
#include <verdant/surrogate/labelled_rows.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

using namespace verdant;

namespace {

constexpr std::size_t columns = 28, rounds = 1931;

struct rows_of_choices {
    std::vector<float> x;
    std::vector<double> y;
    [[nodiscard]] surrogate::labelled_rows rows() const { return {{x, columns}, y}; }
};
struct data_set {
    rows_of_choices training, validation;
};

float feature_of(std::size_t column, double value) {
    switch (column % 4) {
        case 0: return value == 1 ? 0 : value == 4 ? 1 : 2;
        case 1: return value == 3 ? 0 : 1;
        case 2: return static_cast<float>(value - 1);
        default: return value != 0 ? 0 : 1;
    }
}

data_set from_file(const std::string& path) {
    const auto table = io::read_csv(path);
    const auto first = table.column("block0_e"), label = table.column("val_top1"), split = table.column("split");
    data_set out;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const auto& part = table.rows[r][split];
        if (part == "none" || table.rows[r][label].empty()) continue;
        auto& to = part == "train" ? out.training : out.validation;
        for (std::size_t c = 0; c < columns; ++c) to.x.push_back(feature_of(c, table.number(r, first + c)));
        to.y.push_back(table.number(r, label));
    }
    return out;
}
data_set drawn() {
    data_set out;
    random_stream random{1};
    for (auto* part : {&out.training, &out.validation})
        for (std::size_t r = 0; r < (part == &out.training ? 4100U : 512U); ++r) {
            double label = 60 + 0.3 * random.uniform();
            for (std::size_t c = 0; c < columns; ++c) {
                part->x.push_back(static_cast<float>(random.below(c % 2 == 0 ? 3 : 2)));
                label += 0.4 * static_cast<double>(part->x.back()) * std::sin(static_cast<double>(c));
            }
            part->y.push_back(label);
        }
    return out;
}
const data_set& data() {
    static const data_set all = [] {
        const char* const chosen = std::getenv("VERDANT_GOLDENS");
        const auto path = std::string{chosen != nullptr ? chosen : VERDANT_GOLDENS_DEFAULT} + "/anb/anb_dataset.csv";
        return std::filesystem::exists(path) ? from_file(path) : drawn();
    }();
    return all;
}

void ours(benchmark::State& state, surrogate::split_search search) {
    const auto& [training, validation] = data();
    surrogate::boosting_options o{.rounds = rounds, .rate = 0.093728, .depth = 3, .least_weight = 63, .l2 = 5.42373, .l1 = 0.23001, .columns_of_tree = 0.99979, .columns_of_level = 0.91578};
    o.search = search;
    o.patience = rounds;
    double rmse = 0;
    for (auto _ : state) rmse = surrogate::fit_boosted_trees(training.rows(), o, validation.rows()).rounds.back().validation_rmse;
    state.counters["rmse"] = rmse;
    state.counters["rounds"] = static_cast<double>(rounds);
}

void xgboost(benchmark::State& state, surrogate::xgboost_method method) {
    const auto& [training, validation] = data();
    const std::vector<float> y(training.y.begin(), training.y.end()), y_validation(validation.y.begin(), validation.y.end());
    const surrogate::xgboost_options o{.rounds = rounds, .tree_method = method, .max_depth = 3, .eta = 0.093728, .min_child_weight = 63, .lambda = 5.42373, .alpha = 0.23001,
                                       .colsample_bytree = 0.99979, .colsample_bylevel = 0.91578, .seed = 3};
    double rmse = 0;
    for (auto _ : state)
        rmse = surrogate::xgboost_booster::fit(training.rows().x, y, o, validation.rows().x, y_validation).validation_rmse.back();
    state.counters["rmse"] = rmse;
    state.counters["rounds"] = static_cast<double>(rounds);
}

} // namespace

BENCHMARK_CAPTURE(ours, histogram, surrogate::split_search::histogram)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(xgboost, hist, surrogate::xgboost_method::hist)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ours, exact, surrogate::split_search::exact)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(xgboost, exact, surrogate::xgboost_method::exact)->Unit(benchmark::kMillisecond);
