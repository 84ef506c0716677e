// Boosted trees fitted here to the rows that XGBoost was given, without sampling: the same trees, node for node.

#include "golden/anb/rows.hpp"
#include "golden/golden.hpp"

#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace surrogate = verdant::surrogate;

namespace anb_fit {

surrogate::boosting_options options_of(const golden::json& model) {
    const auto& p = model.at("params");
    surrogate::boosting_options o;
    o.rounds = model.at("rounds");
    o.rate = p.at("eta");
    o.depth = p.at("max_depth");
    o.l2 = p.at("lambda");
    o.l1 = p.at("alpha");
    o.least_weight = p.at("min_child_weight");
    o.least_gain = p.at("gamma");
    o.start = surrogate::boosting_start::given;
    o.base_score = std::stod(model.at("base_score").get<std::string>());
    o.columns_of_level = 1;
    o.keep = surrogate::kept_rounds::all;
    o.patience = o.rounds;
    return o;
}

/// Both trees from their roots: where they part, by which feature and threshold, and what their leaves give.
void compare(golden::summary& rows, const golden::json& expected, const surrogate::regression_tree& found, double l2, std::size_t a = 0,
             std::size_t b = 0) {
    const auto left = expected.at("left_children").at(a).get<int>(), right = expected.at("right_children").at(a).get<int>();
    rows.equal("whether a node is a leaf", left == -1, found.leaf(b));
    if ((left == -1) != found.leaf(b)) return;
    if (left == -1) {
        rows.compare("leaf", expected.at("split_conditions").at(a), static_cast<double>(found.value[b]));
        return;
    }
    rows.equal("feature", expected.at("split_indices").at(a).get<std::uint32_t>(), found.feature[b]);
    rows.equal("threshold", expected.at("split_conditions").at(a).get<float>(), found.threshold[b]);
    rows.equal("default side", expected.at("default_left").at(a).get<int>() != 0, found.default_left[b] != 0);
    rows.equal("rows", expected.at("sum_hessian").at(a).get<float>(), found.cover[b]);
    // A gain is a difference of scores in single precision, so it is as exact as these are: the node's is weight^2 (rows + lambda).
    const auto score = std::pow(static_cast<double>(found.weight[b]), 2) * (static_cast<double>(found.cover[b]) + l2),
               gain = expected.at("loss_changes").at(a).get<double>();
    rows.equal("gain", true, std::abs(static_cast<double>(found.gain[b]) - gain) <= 0x1.0p-20 * (score + gain));
    compare(rows, expected, found, l2, static_cast<std::size_t>(left), static_cast<std::size_t>(found.left[b]));
    compare(rows, expected, found, l2, static_cast<std::size_t>(right), static_cast<std::size_t>(found.right[b]));
}

} // namespace anb_fit

TEST_CASE("trees without sampling are those of XGBoost, by both searches of splits", "[golden]") {
    for (const auto& f : golden::find_all("anb/det_models_goldens*.json")) {
        const auto models = golden::read_json(f.path);
        for (const auto& [name, model] : models.items()) {
            const auto file = f.path.parent_path() / ("xgb_" + name + "_acc" + f.star + ".json"), data = f.path.parent_path() / "anb_dataset.csv";
            if (!model.contains("params")) continue;
            if (!std::filesystem::exists(file) || !std::filesystem::exists(data)) {
                golden::skip(f.name + ", " + name, "no model or rows beside it");
                continue;
            }
            const auto trees = golden::read_json(file).at("learner").at("gradient_booster").at("model").at("trees");
            const auto table = golden::read_anb_table(data);
            const auto training = golden::anb_split(table, "acc", {"train"}), validation = golden::anb_split(table, "acc", {"val", "val_dev"});
            // A root knows how many rows its tree was grown from.
            if (const auto rows = trees.at(0).at("sum_hessian").at(0).get<double>(); rows != static_cast<double>(training.y.size())) {
                golden::skip(f.name + ", " + name, "fitted to " + std::to_string(static_cast<long long>(rows)) + " rows, of which the table has " +
                                                       std::to_string(training.y.size()));
                continue;
            }
            for (const auto search : {surrogate::split_search::exact, surrogate::split_search::histogram}) {
                auto o = anb_fit::options_of(model);
                o.search = search;
                const auto fit = surrogate::fit_boosted_trees(training.rows(), o, validation.rows());
                golden::summary rows{"anb/" + file.filename().string() + (search == surrogate::split_search::exact ? ", exact" : ", histograms"),
                                     1e-6};
                rows.equal("trees", trees.size(), fit.model.trees().size());
                for (std::size_t t = 0; t < trees.size(); ++t) {
                    rows.next_row();
                    anb_fit::compare(rows, trees.at(t), fit.model.trees()[t], o.l2);
                    rows.compare("training error", model.at("train_rmse").at(t), fit.rounds.at(t).training_rmse);
                    rows.compare("validation error", model.at("val_rmse").at(t), fit.rounds.at(t).validation_rmse);
                }
                rows.equal("rows of validation", model.at("val_result_id").size(), validation.y.size());
                for (std::size_t r = 0; r < validation.y.size() && r < model.at("val_result_id").size(); ++r) {
                    rows.equal("order of rows", model.at("val_result_id").at(r).get<int>(), std::stoi(validation.ids[r]));
                    rows.compare("prediction", model.at("val_pred").at(r), fit.model.predict(validation.rows().x[r]));
                }
            }
        }
    }
}
