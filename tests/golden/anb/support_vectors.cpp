// Support vectors of scikit-learn: models that are read, and models fitted here to the same rows.

#include "golden/anb/rows.hpp"
#include "golden/golden.hpp"

#include <verdant/surrogate/kernel/fit_support_vectors.hpp>
#include <verdant/surrogate/kernel/support_vector_json.hpp>
#include <verdant/surrogate/kernel/support_vector_options.hpp>
#include <verdant/surrogate/kernel/support_vector_regressor.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace surrogate = verdant::surrogate;

namespace anb_support {

/// Whether the rows that a model says it has its support vectors from are those of a table.
bool learnt_from(const golden::json& model, const golden::anb_rows& training) {
    if (!model.contains("support_train_pos")) return true;
    const auto places = model.at("support_train_pos").get<std::vector<std::size_t>>();
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i] >= training.y.size()) return false;
        const auto row = training.rows().x[places[i]];
        if (model.at("support_vectors").at(i).get<std::vector<float>>() != std::vector<float>(row.begin(), row.end())) return false;
    }
    return true;
}

} // namespace anb_support

TEST_CASE("support vectors of scikit-learn predict what they predicted there", "[golden]") {
    for (const auto& f : golden::find_all("anb/svr*_model.json")) {
        // The name is COLUMN_TARGET_model.json.
        const auto predictions_path = f.path.parent_path() / "surrogate_preds_val.csv", data_path = f.path.parent_path() / "anb_dataset.csv";
        if (!std::filesystem::exists(predictions_path) || !std::filesystem::exists(data_path)) {
            golden::skip(f.name, "no predictions or rows beside it");
            continue;
        }
        const auto predictions = golden::read_csv(predictions_path);
        const auto name = "svr" + f.star;
        std::string target;
        for (const auto& t : golden::published_targets(predictions))
            if (name.ends_with('_' + t) && t.size() > target.size()) target = t;
        if (target.empty()) {
            golden::skip(f.name, "no predictions of its target");
            continue;
        }
        const auto column = name.substr(0, name.size() - target.size() - 1);
        if (!predictions.front().contains(column)) {
            golden::skip(f.name, "no column " + column + " of predictions");
            continue;
        }
        const auto model = surrogate::read_support_vectors(f.path.string());
        const auto expected = golden::published(predictions, target, column);
        const auto table = golden::read_anb_table(data_path);
        golden::summary rows{f.name, 1e-5};
        const auto unseen = golden::anb_split(table, target, {"val", "val_dev"});
        const auto predicted = [&](std::size_t r) { return expected.contains(unseen.ids[r]) && !expected.at(unseen.ids[r]).empty(); };
        for (std::size_t r = 0; r < unseen.y.size(); ++r) {
            if (!predicted(r)) continue;
            rows.next_row();
            rows.compare("row " + unseen.ids[r], std::stod(expected.at(unseen.ids[r])), model.predict(unseen.rows().x[r]));
        }

        // The same fit: both stop within the tolerance of the optimum, at the same vectors but for a few.
        const auto object = golden::read_json(f.path);
        surrogate::support_vector_options o{.cost = object.at("C"), .tolerance = object.at("tol")};
        if (object.at("nu").is_null()) o.epsilon = object.at("epsilon");
        else {
            o.loss = surrogate::support_loss::nu;
            o.nu = object.at("nu");
        }
        if (object.at("kernel") != "rbf") continue;
        const auto training = golden::anb_split(table, target, {"train"});
        if (training.y.empty() || !anb_support::learnt_from(object, training)) {
            golden::skip(f.name + ", fitted", "the table has not the rows that it learnt from");
            continue;
        }
        golden::summary fitted{f.name + ", fitted", 2 * o.tolerance};
        const auto fit = surrogate::fit_support_vectors(training.rows(), o);
        fitted.equal("converged", true, fit.converged);
        fitted.compare("gamma", object.at("gamma_value"), fit.model.kernel().gamma);
        for (std::size_t r = 0; r < unseen.y.size(); ++r) {
            if (!predicted(r)) continue;
            fitted.next_row();
            fitted.compare("row " + unseen.ids[r], std::stod(expected.at(unseen.ids[r])), fit.model.predict(unseen.rows().x[r]));
        }
    }
}
