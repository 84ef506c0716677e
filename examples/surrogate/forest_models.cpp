// Boosted trees as models of objectives: fitted, asked for many architectures at once, put together as an ensemble, written and read as XGBoost does.

#include <verdant/random/stream.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/surrogate/ensemble/confidence_bound.hpp>
#include <verdant/surrogate/ensemble/model_file.hpp>
#include <verdant/surrogate/ensemble/noisy_predictions.hpp>
#include <verdant/surrogate/ensemble/regressor_ensemble.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/compiled_trees.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>
#include <verdant/surrogate/index_features.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <unistd.h>
namespace vd = verdant;
namespace surrogate = verdant::surrogate;
using space = verdant::spaces::mnasnet;

/// Stands for a measurement: larger networks are better, with diminishing returns.
double measured(const vd::point<space>& p, vd::random_stream& random) {
    double size = 0;
    for (std::size_t i = 0; i < p.size(); ++i) size += i % 4 == 3 ? -0.3 * p[i] : p[i];
    return 60 + 8 * size / (8 + size) + random.uniform(-0.1, 0.1);
}

/// Points as rows of features.
struct rows_of_points {
    std::vector<float> values;
    surrogate::feature_rows rows;
    explicit rows_of_points(const std::vector<vd::point<space>>& points) : values(points.size() * vd::point<space>::size()) {
        rows = surrogate::index_features(std::span{points}, std::span{values});
    }
};

int main() {
    vd::random_stream random{1};
    std::vector<vd::point<space>> points;
    std::vector<double> labels;
    for (int i = 0; i < 600; ++i) {
        points.push_back(vd::sample<space>(random));
        labels.push_back(measured(points.back(), random));
    }
    const rows_of_points known{points};

    // [fit]
    // Members differ in the rows that they see: each leaves out every fifth one, which ends its training.
    std::vector<surrogate::compiled_trees> members;
    for (std::size_t m = 0; m < 5; ++m) {
        std::vector<vd::point<space>> train, validation;
        std::vector<double> train_labels, validation_labels;
        for (std::size_t i = 0; i < points.size(); ++i) {
            (i % 5 == m ? validation : train).push_back(points[i]);
            (i % 5 == m ? validation_labels : train_labels).push_back(labels[i]);
        }
        const rows_of_points x{train}, v{validation};
        const auto fit = surrogate::fit_boosted_trees({x.rows, train_labels}, {.rounds = 200, .depth = 3}, {v.rows, validation_labels});
        members.emplace_back(fit.model); // made ready to be asked often
    }
    const surrogate::regressor_ensemble ensemble{members};
    // [/fit]

    // [ask]
    std::vector<vd::point<space>> asked;
    for (int i = 0; i < 20000; ++i) asked.push_back(vd::sample<space>(random));
    const rows_of_points x{asked};
    std::vector<double> mean(asked.size()), std(asked.size());
    ensemble.predict_uncertain(x.rows, mean, std); // one call, one thread; any number of threads may ask at a time
    const auto best = static_cast<std::size_t>(std::max_element(mean.begin(), mean.end()) - mean.begin());
    // [/ask]
    vd::random_stream quiet{2};
    std::printf("%zu members; best of %zu: predicted %.1f, measured %.1f\n", ensemble.members().size(), asked.size(), mean[best], measured(asked[best], quiet));

    // [bound]
    const surrogate::confidence_bound careful{ensemble, -2}; // mean minus two standard deviations
    std::vector<double> noisy(3);
    surrogate::noisy_predictions(ensemble, x.rows.part(0, 3), random, noisy); // as three measurements might come out
    // [/bound]
    std::printf("careful below the mean: %d, noise within reason: %d\n", careful.predict(x.rows[best]) <= mean[best], std::abs(noisy[0] - mean[0]) < 6 * std[0] + 1e-9);

    const auto folder = std::filesystem::temp_directory_path() / ("verdant_forest_models_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto trees = surrogate::fit_boosted_trees({known.rows, labels}, {.rounds = 50, .depth = 3}).model;
    // [files]
    const surrogate::xgboost_model file{trees, "reg:squarederror", {{"note", "accuracy"}}, {}, {}};
    surrogate::write_xgboost_json((folder / "member1.json").string(), file);
    surrogate::write_xgboost_ubjson((folder / "member2.ubj").string(), file);
    const auto again = surrogate::read_ensemble(folder.string()); // of whatever models a folder has
    // [/files]
    std::printf("%zu members read, the same to the bit: %d\n", again.members().size(), again.predict(x.rows[0]) == trees.predict(x.rows[0]));
    std::filesystem::remove_all(folder);
}
