// Predictors trained on the recorded data sets, beside the shipped ones. VERDANT_SEEDS says how many seeds (1 by default; a training takes about 8 s
// of one core), VERDANT_SETS which sets.

#include "golden/golden.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/nn/core/runtime.hpp>
#include <verdant/numeric/prediction_quality.hpp>
#include <verdant/predictor/accuracy_encoding.hpp>
#include <verdant/predictor/accuracy_table.hpp>
#include <verdant/predictor/training/accuracy_training.hpp>
#include <verdant/predictor/training/encoded_samples.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

using namespace verdant;

namespace {

std::string setting(const char* name, const char* otherwise) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : otherwise;
}

/// Whether a table has enough of the rows that the shipped predictor learnt from: rows have their numbers among all. One that learns from fewer is
/// not as good.
bool has_most_rows(const golden::file& set) {
    std::size_t all = 0, here = 0;
    for (const auto& r : golden::read_csv(set.path)) {
        all = std::max<std::size_t>(all, std::stoul(r.at("row")) + 1);
        ++here;
    }
    if (4 * here >= 3 * all) return true;
    golden::skip(set.name + ", training",
                 "it has " + std::to_string(here) + " of at least " + std::to_string(all) + " rows that the shipped predictor learnt from");
    return false;
}

/// Trains on the rows that the originals trained on, and compares on all rows, as the published figures do, and on the others.
template <class S>
void check(const golden::file& set, const predictor::accuracy_training_options& base) {
    const auto& name = set.star;
    const auto samples = predictor::encoded_samples<spaces::moofa_encoding<S>>(spaces::read_accuracy_table<S>(set.path.string()));
    predictor::sample_split split;
    std::vector<float> shipped, shipped_held, held;
    const auto rows = golden::read_csv(set.path);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool validates = rows[i].at("orig_split") == "val";
        (validates ? split.validation : split.train).push_back(static_cast<std::int64_t>(i));
        shipped.push_back(std::stof(rows[i].at("predicted")));
        if (validates) {
            shipped_held.push_back(shipped.back());
            held.push_back(samples.accuracies[i]);
        }
    }
    const auto published = surrogate::quality_of<float, float>(shipped, samples.accuracies);
    const auto published_held = surrogate::quality_of<float, float>(shipped_held, held);
    const auto seeds = std::stoul(setting("VERDANT_SEEDS", "1"));
    surrogate::prediction_quality mean, mean_held;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        auto o = base;
        o.seed = seed;
        std::string course;
        const auto trained = predictor::train_accuracy_predictor(samples, split, o, [&](const predictor::accuracy_training_progress& p) {
            if (p.epoch % 5 == 4) course += ' ' + std::to_string(std::sqrt(p.validation_loss)).substr(0, 6);
        });
        const auto network = surrogate::mlp::from(trained.state);
        const auto all = surrogate::quality_of<float, float>(network.predict(samples.features), samples.accuracies);
        std::printf("%s, seed %zu: all rows %.4f / %.3f, validation %.4f / %.3f, course%s\n", name.c_str(), static_cast<std::size_t>(seed), all.rmse,
                    all.pearson, trained.validation.rmse, trained.validation.pearson, course.c_str());
        std::fflush(stdout);
        const auto share = 1.0 / static_cast<double>(seeds);
        mean.rmse += share * all.rmse;
        mean.pearson += share * all.pearson;
        mean_held.rmse += share * trained.validation.rmse;
        mean_held.pearson += share * trained.validation.pearson;
    }
    std::printf("%s, mean of %lu: all rows %.4f / %.3f (shipped %.4f / %.3f), validation %.4f / %.3f (shipped %.4f / %.3f)\n", name.c_str(), seeds,
                mean.rmse, mean.pearson, published.rmse, published.pearson, mean_held.rmse, mean_held.pearson, published_held.rmse,
                published_held.pearson);
    std::fflush(stdout);
    CHECK(mean.rmse <= published.rmse);
    CHECK(mean.pearson >= published.pearson);
}

/// Trains on the recorded sets, at most so many of them.
void train_on_sets(std::size_t most) {
    const nn::thread_scope one{1};
    predictor::accuracy_training_options o;
    o.learning_rate = std::stod(setting("VERDANT_RATE", std::to_string(o.learning_rate).c_str()));
    o.epochs = std::stol(setting("VERDANT_EPOCHS", std::to_string(o.epochs).c_str()));
    std::size_t trained = 0;
    for (const auto& set : golden::find_all("moofa/acc_datasets/*.csv")) {
        if (setting("VERDANT_SETS", set.star.c_str()).find(set.star) == std::string::npos) continue;
        const auto family = golden::family_of_set(set.star);
        if (family.empty()) {
            golden::skip(set.name, "a set of no known family");
            continue;
        }
        if (!has_most_rows(set)) continue;
        if (++trained > most) break;
        golden::with_space(family, [&]<class S>() { check<S>(set, o); });
    }
}

} // namespace

TEST_CASE("A predictor trained on recorded data is as good as the shipped one", "[golden]") { train_on_sets(1); }

TEST_CASE("Predictors trained on all recorded data are as good as the shipped ones", "[golden][heavy]") {
    train_on_sets(std::numeric_limits<std::size_t>::max());
}
