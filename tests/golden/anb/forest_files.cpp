// Models of XGBoost and forests of scikit-learn in files: read, asked, written and read again.

#include "golden/anb/rows.hpp"
#include "golden/golden.hpp"

#include <verdant/io/file/read_file.hpp>
#include <verdant/surrogate/ensemble/regressor_ensemble.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/compiled_trees.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace surrogate = verdant::surrogate;

namespace anb_files {

/// What the trees give, as they are and compiled for all instructions that are here, which must be the same to the bit.
std::vector<double> predictions(golden::summary& summary, const surrogate::boosted_trees& model, const surrogate::feature_rows& rows) {
    std::vector<double> plain(rows.rows()), compiled(rows.rows());
    model.predict(rows, plain);
    for (const auto instructions :
         {surrogate::vector_instructions::baseline, surrogate::vector_instructions::avx2, surrogate::vector_instructions::avx512}) {
        if (!surrogate::has_instructions(instructions)) continue;
        const surrogate::compiled_trees fast{model, instructions};
        fast.predict(rows, compiled);
        summary.equal("compiled, a batch", true, compiled == plain);
        for (std::size_t r = 0; r < rows.rows(); ++r) compiled[r] = fast.predict(rows[r]);
        summary.equal("compiled, one row", true, compiled == plain);
    }
    return plain;
}

/// The features of rows of the data set by their ids.
struct known_rows {
    std::map<std::string, std::size_t> places;
    golden::anb_rows all;

    known_rows(const std::filesystem::path& data, const std::string& target) : all{of_all_splits(golden::read_anb_table(data), target)} {
        for (std::size_t r = 0; r < all.ids.size(); ++r) places[all.ids[r]] = r;
    }
    /// Of whatever splits the table has.
    [[nodiscard]] static golden::anb_rows of_all_splits(const verdant::io::csv_table& table, const std::string& target) {
        std::vector<std::string> names;
        for (const auto& row : table.rows)
            if (const auto& name = row[table.column("split")]; std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        return golden::anb_split(table, target, names);
    }
    /// Of some rows, how many the table lacks.
    [[nodiscard]] std::size_t without(const std::vector<std::string>& ids) const {
        return static_cast<std::size_t>(std::count_if(ids.begin(), ids.end(), [&](const auto& id) { return !places.contains(id); }));
    }
    [[nodiscard]] std::vector<float> of(const std::vector<std::string>& ids) const {
        std::vector<float> x;
        for (const auto& id : ids) {
            const auto row = all.rows().x[places.at(id)];
            x.insert(x.end(), row.begin(), row.end());
        }
        return x;
    }
};

std::vector<std::string> texts(const golden::json& numbers) {
    std::vector<std::string> out;
    for (const auto& n : numbers) out.push_back(std::to_string(n.get<long>()));
    return out;
}

/// Whole numbers of a list of rows.
std::vector<float> features(const golden::json& rows) {
    std::vector<float> x;
    for (const auto& row : rows)
        for (const auto& v : row) x.push_back(v.get<float>());
    return x;
}

/// The members of an ensemble's folder: member1.json, member2.json, ...
std::vector<surrogate::boosted_trees> members(const std::filesystem::path& folder) {
    std::vector<surrogate::boosted_trees> out;
    for (std::size_t i = 1; std::filesystem::exists(folder / ("member" + std::to_string(i) + ".json")); ++i)
        out.push_back(surrogate::read_xgboost((folder / ("member" + std::to_string(i) + ".json")).string()).trees);
    return out;
}

surrogate::tree_forest forest_of(const golden::json& trees, std::size_t columns) {
    std::vector<surrogate::forest_tree> out;
    for (const auto& t : trees) {
        surrogate::forest_tree one;
        one.left = t.at("left").get<std::vector<std::int32_t>>();
        one.right = t.at("right").get<std::vector<std::int32_t>>();
        one.threshold = t.at("threshold").get<std::vector<double>>();
        one.value = t.at("value").get<std::vector<double>>();
        one.default_left.resize(one.left.size());
        for (std::size_t n = 0; n < one.left.size(); ++n) one.feature.push_back(one.leaf(n) ? 0 : t.at("feature").at(n).get<std::uint32_t>());
        out.push_back(std::move(one));
    }
    return {columns, std::move(out), "golden"};
}

} // namespace anb_files

TEST_CASE("models of XGBoost are read, and written as they were, in both forms", "[golden]") {
    auto files = golden::find_all("anb/xgb_*.json");
    for (const auto& f : golden::find_all("anb/xgb_ensemble_acc/member*.json")) files.push_back(f);
    for (const auto& f : files) {
        golden::summary summary{f.name, 0};
        const auto json = golden::read_json(f.path);
        const auto& trees = json.at("learner").at("gradient_booster").at("model").at("trees");
        const auto model = surrogate::read_xgboost(f.path.string());
        summary.equal("trees", trees.size(), model.trees.trees().size());
        for (std::size_t t = 0; t < trees.size(); ++t) {
            summary.next_row();
            const auto& found = model.trees.trees()[t];
            for (std::size_t n = 0; n < found.nodes(); ++n)
                summary.compare("condition", static_cast<double>(trees[t].at("split_conditions").at(n).get<float>()),
                                static_cast<double>(found.leaf(n) ? found.value[n] : found.threshold[n]));
        }
        const auto text = surrogate::xgboost_json(model);
        // Byte by byte where the file is as XGBoost 1.7 wrote it; else by what it says.
        const bool same = text == verdant::io::read_file(f.path.string());
        summary.equal("as JSON again", true, same || (golden::json::parse(text) == json && surrogate::parse_xgboost(text, "again") == model));
        summary.equal("as UBJSON and read", true, surrogate::parse_xgboost(surrogate::xgboost_ubjson(model), "again") == model);
    }
}

TEST_CASE("a model gives the predictions that XGBoost gave, to the bit", "[golden]") {
    const auto data = golden::find("anb/anb_dataset.csv");
    if (!data) return;
    for (const auto& csv : golden::find_all("anb/surrogate_preds_*.csv")) {
        const auto published = golden::read_csv(csv.path);
        for (const auto& f : golden::find_all("anb/xgb_*.json")) {
            const auto seed = f.star.rfind("_seed");
            if (seed == std::string::npos || published.empty() || !published.front().contains("xgb" + f.star.substr(seed))) continue;
            const auto target = f.star.substr(0, seed), column = "xgb" + f.star.substr(seed);
            golden::summary summary{f.name + ", " + column + " of " + csv.name, 0};
            const auto model = surrogate::read_xgboost(f.path.string()).trees;
            const anb_files::known_rows known{*data, target};
            std::vector<std::string> ids;
            std::vector<float> expected;
            std::size_t without = 0;
            for (const auto& [id, text] : golden::published(published, target, column)) {
                if (text.empty()) continue;
                if (!known.places.contains(id)) {
                    ++without;
                    continue;
                }
                ids.push_back(id);
                expected.push_back(std::stof(text));
            }
            if (without > 0 || ids.empty()) summary.leave_out(std::to_string(without) + " rows are not in the table");
            if (ids.empty()) continue;
            const auto x = known.of(ids);
            const auto found = anb_files::predictions(summary, model, {x, model.features()});
            for (std::size_t r = 0; r < ids.size(); ++r) {
                summary.next_row();
                summary.compare("prediction", static_cast<double>(expected[r]), found[r]);
            }
        }
    }
    for (const auto& f : golden::find_all("anb/det_models_goldens*.json")) {
        const auto models = golden::read_json(f.path);
        for (const auto& [name, golden] : models.items()) {
            const auto file = f.path.parent_path() / ("xgb_" + name + "_acc" + f.star + ".json");
            if (!golden.contains("params") || !std::filesystem::exists(file)) continue;
            golden::summary summary{"anb/" + file.filename().string() + ", val_pred", 0};
            const auto model = surrogate::read_xgboost(file.string()).trees;
            const anb_files::known_rows known{*data, "acc"};
            const auto ids = anb_files::texts(golden.at("val_result_id"));
            if (const auto without = known.without(ids); without > 0) {
                summary.leave_out(std::to_string(without) + " of its rows are not in the table");
                continue;
            }
            const auto x = known.of(ids);
            const auto found = anb_files::predictions(summary, model, {x, model.features()});
            for (std::size_t r = 0; r < found.size(); ++r) {
                summary.next_row();
                summary.compare("prediction", static_cast<double>(golden.at("val_pred").at(r).get<float>()), found[r]);
            }
        }
    }
}

TEST_CASE("queries of a model and of an ensemble give what XGBoost gave", "[golden]") {
    for (const auto& f : golden::find_all("anb/query_goldens*.json")) {
        const auto folder = f.path.parent_path();
        const auto file = golden::read_json(f.path);
        const auto x = anb_files::features(file.at("vec"));
        const surrogate::feature_rows rows{x, file.at("vec").at(0).size()};
        std::size_t singles = 0; // the leaves are those of the only single model
        for (const auto& [name, values] : file.items()) singles += name.starts_with("xgb_") ? 1 : 0;
        for (const auto& [name, values] : file.items()) {
            if (!name.starts_with("xgb_") || !std::filesystem::exists(folder / (name + ".json"))) continue;
            golden::summary summary{f.name + ", " + name, 0};
            const auto model = surrogate::read_xgboost((folder / (name + ".json")).string()).trees;
            const auto found = anb_files::predictions(summary, model, rows);
            for (std::size_t r = 0; r < found.size(); ++r) {
                summary.next_row();
                summary.compare("prediction", static_cast<double>(values.at(r).get<float>()), found[r]);
            }
            if (singles != 1) {
                golden::skip(f.name + ", leaves", "of which model they are is not said");
                continue;
            }
            std::vector<std::int32_t> leaves(model.trees().size());
            const auto& expected = file.at("leaf_first5trees_first20");
            for (std::size_t r = 0; r < expected.size(); ++r) {
                model.leaves(rows[r], leaves);
                for (std::size_t t = 0; t < expected[r].size(); ++t) summary.equal("leaf", expected[r][t].get<std::int32_t>(), leaves.at(t));
            }
        }
        const auto models = anb_files::members(folder / "xgb_ensemble_acc");
        if (models.size() != file.at("members").size()) {
            golden::skip(f.name + ", members", "another number of them beside it");
            continue;
        }
        golden::summary summary{f.name + ", members", 0};
        for (std::size_t m = 0; m < models.size(); ++m) {
            const auto found = anb_files::predictions(summary, models[m], rows);
            for (std::size_t r = 0; r < found.size(); ++r) {
                summary.next_row();
                summary.compare("member", static_cast<double>(file.at("members").at(m).at(r).get<float>()), found[r]);
            }
        }
        const surrogate::regressor_ensemble ensemble{models};
        std::vector<double> mean(rows.rows()), std(rows.rows());
        ensemble.predict_uncertain(rows, mean, std);
        golden::summary means{f.name + ", mean of members", 1e-6};
        golden::summary deviations{f.name + ", standard deviation of members", 1e-5};
        for (std::size_t r = 0; r < rows.rows(); ++r) {
            means.next_row();
            deviations.next_row();
            means.compare("mean", file.at("ensemble_mean").at(r).get<double>(), mean[r]);
            deviations.compare("std", file.at("ensemble_std").at(r).get<double>(), std[r]);
        }
    }
}

TEST_CASE("a forest of scikit-learn gives its predictions", "[golden]") {
    const auto data = golden::find("anb/anb_dataset.csv");
    if (!data) return;
    for (const auto& f : golden::find_all("anb/forest*_acc.json")) {
        golden::summary summary{f.name, 1e-14};
        const auto file = golden::read_json(f.path);
        const auto forest = anb_files::forest_of(file.at("trees"), golden::anb_rows::columns);
        const anb_files::known_rows known{*data, "acc"};
        const auto ids = anb_files::texts(file.at("val_result_id"));
        if (const auto without = known.without(ids); without > 0) {
            summary.leave_out(std::to_string(without) + " of its rows are not in the table");
            continue;
        }
        const auto x = known.of(ids);
        std::vector<double> found(file.at("val_pred").size());
        forest.predict({x, golden::anb_rows::columns}, found);
        for (std::size_t r = 0; r < found.size(); ++r) {
            summary.next_row();
            summary.compare("prediction", file.at("val_pred").at(r).get<double>(), found[r]);
        }
    }
}
