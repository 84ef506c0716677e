// Boosted trees of ours, the mean of three fits with the library's defaults and different seeds, fitted to the training rows and ended by the rows
// `val`, against the best of the published surrogates on the rows `val_dev`. One fit is as good on average, but on 256 rows the sampling of columns
// moves Kendall's tau by some 0.003. Predictions of other rows are compared where a file has them (`surrogate_preds_test.csv`, rows of the split
// `test`), and reported.

#include "golden/anb/rows.hpp"
#include "golden/golden.hpp"

#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/logarithmic.hpp>
#include <verdant/tabular/preferred_labels.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace surrogate = verdant::surrogate;

namespace anb_quality {

struct figures {
    double r2 = 0, tau = 0;
};

figures judge(const std::vector<double>& predicted, const std::vector<double>& measured) {
    double mean = 0, residual = 0, total = 0;
    for (const auto y : measured) mean += y / static_cast<double>(measured.size());
    for (std::size_t i = 0; i < measured.size(); ++i) {
        residual += std::pow(predicted[i] - measured[i], 2);
        total += std::pow(measured[i] - mean, 2);
    }
    return {1 - residual / total, surrogate::kendall_tau(predicted, measured)};
}

/// The best figures of the published predictions of these rows, each of its own column.
figures best_published(const std::vector<golden::row>& predictions, const std::string& target, const golden::anb_rows& unseen) {
    figures best{-1e300, -1};
    if (predictions.empty()) return best;
    for (const auto& [column, ignored] : predictions.front()) {
        if (column == "target" || column == "result_id" || column == "y") continue;
        const auto by_id = golden::published(predictions, target, column);
        std::vector<double> predicted;
        for (const auto& id : unseen.ids)
            if (const auto found = by_id.find(id); found != by_id.end() && !found->second.empty()) predicted.push_back(std::stod(found->second));
        if (predicted.size() != unseen.ids.size()) continue; // this family was not fitted to this target
        const auto one = judge(predicted, unseen.y);
        best = {std::max(best.r2, one.r2), std::max(best.tau, one.tau)};
    }
    return best;
}

/// What the library's defaults give, the mean over three seeds.
std::vector<double> predictions_of_ours(const verdant::io::csv_table& table, const std::string& target, const golden::anb_rows& unseen) {
    const auto training = golden::anb_split(table, target, {"train"}), validation = golden::anb_split(table, target, {"val"});
    const bool rate = target.starts_with("throughput");
    const bool plain = verdant::tabular::preferred_labels(rate ? "images/s" : "%") == surrogate::label_scale::plain;
    constexpr std::uint64_t seeds = 3;
    std::vector<double> one(unseen.y.size()), mean(unseen.y.size());
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        surrogate::boosting_options options;
        options.seed = seed;
        if (plain) surrogate::fit_boosted_trees(training.rows(), options, validation.rows()).model.predict(unseen.rows().x, one);
        else {
            const auto y = surrogate::logarithms_of(training.y, target), y_validation = surrogate::logarithms_of(validation.y, target);
            const surrogate::logarithmic model{
                surrogate::fit_boosted_trees({training.rows().x, y}, options, {validation.rows().x, y_validation}).model};
            model.predict(unseen.rows().x, one);
        }
        for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += one[i] / static_cast<double>(seeds);
    }
    return mean;
}

void check(bool accuracy_alone) {
    for (const auto& f : golden::find_all("anb/surrogate_preds_*.csv")) {
        const auto data = f.path.parent_path() / "anb_dataset.csv";
        if (!std::filesystem::exists(data)) {
            golden::skip(f.name, "no rows beside it");
            continue;
        }
        const bool held = f.star.starts_with("val");
        const auto predictions = golden::read_csv(f.path);
        const auto table = golden::read_anb_table(data);
        for (const auto& target : golden::published_targets(predictions)) {
            if ((target == "acc") != accuracy_alone) continue;
            const auto split = held ? std::string{"val_dev"} : f.star;
            const auto unseen = golden::anb_split(table, target, {split});
            if (unseen.y.size() < 2 || golden::anb_split(table, target, {"train"}).y.empty() || golden::anb_split(table, target, {"val"}).y.empty()) {
                golden::skip(f.name + ", " + target, "the table has no rows of train, val or " + split);
                continue;
            }
            const auto best = best_published(predictions, target, unseen);
            const auto before = std::clock();
            const auto ours = judge(predictions_of_ours(table, target, unseen), unseen.y);
            std::printf("golden %s, %s: R2 %.4f (best published %.4f), tau %.4f (%.4f), %.2f s\n", f.name.c_str(), target.c_str(), ours.r2, best.r2,
                        ours.tau, best.tau, static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
            INFO(target);
            // What is promised is said of val_dev. Of another split it is that ours are no other kind of model.
            const double margin = held ? 0.004 : 0.02;
            CHECK(ours.r2 >= best.r2 - margin);
            CHECK(ours.tau >= best.tau - margin);
        }
    }
}

} // namespace anb_quality

TEST_CASE("boosted trees of accuracy are as good as the best published surrogate", "[golden]") { anb_quality::check(true); }

TEST_CASE("boosted trees of all other targets are as good as the best published surrogates", "[golden][heavy]") { anb_quality::check(false); }
