// Surrogates as files.
#pragma once

#include "data.hpp"

#include <verdant/error.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>
#include <verdant/tabular/device_metrics.hpp>
#include <verdant/tabular/record_schema.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/tabular/target_model_files.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anb {

/// A surrogate, what it predicts where its file does not say so, and which of its trees do.
struct model_settings {
    std::string model, target, trees;
};

inline void add_trees(CLI::App& app, std::string& trees) {
    app.add_option("--trees", trees,
                   "of a model of XGBoost's that was stopped early: all, as Booster.predict takes them, or best, those of best_iteration, as "
                   "XGBRegressor.predict "
                   "does; where it is not given, all, and that there are others is said; a best_iteration or best_ntree_limit that is no round of "
                   "the model is refused but with all")
        ->check(CLI::IsMember({"all", "best"}));
}

inline void add_model(CLI::App& app, model_settings& s) {
    app.add_option("--model", s.model, "a surrogate: what fit wrote, or a model of XGBoost's (JSON or UBJSON)")->check(terminal::path())->required();
    app.add_option("--target", s.target, "what a model of XGBoost's predicts, such as acc or throughput_a100");
    add_trees(app, s.trees);
}

/// The unit of a metric of records. @throws input_error where it has none that is known
[[nodiscard]] inline std::string unit_of_target(const std::string& target, std::string_view option) {
    const auto schema = vd::tabular::open_schema();
    std::vector<std::string> names;
    for (const auto* fields : {&schema.metrics, &schema.model_info})
        for (const auto& f : *fields) {
            if (f.name == target) return f.unit;
            names.push_back(f.name);
        }
    const auto platform = vd::tabular::platform_name::of(target);
    if (!platform.device.empty()) return std::string{platform.unit()};
    throw vd::input_error{option, "", "acc, latency_<device>, throughput_<device>, energy_<device>, or one of " + vd::io::name_list(names),
                          '\'' + target + '\''};
}

/// A model of XGBoost's with those of its trees that are wanted. @param trees as `add_trees` has it
[[nodiscard]] inline vd::surrogate::xgboost_model read_trees(const std::string& path, const std::string& trees) {
    auto model = vd::surrogate::read_xgboost(path);
    if (trees == "all") return model;
    std::optional<std::size_t> best;
    try {
        best = model.best_rounds(path);
    } catch (const vd::input_error& stale) { // of a model that was cut or trained on after it was noted
        throw vd::input_error{path, stale.place(), stale.expected() + "; --trees all takes all trees, whatever it says", stale.found()};
    }
    if (trees == "best") {
        if (!best) throw vd::input_error{path, "learner.attributes.best_iteration", "what early stopping found, for --trees best", "nothing"};
        model.trees = model.trees.first(*best);
    } else if (const auto all = model.trees.trees().size(); trees.empty() && best && *best < all)
        std::fprintf(stderr, "%s: all %zu trees are taken, as Booster.predict does; early stopping found the first %zu best (--trees best)\n",
                     path.c_str(), all, *best);
    return model;
}

/// Reads a surrogate. @param option what errors call its target
[[nodiscard]] inline vd::tabular::target_model load_model(const std::string& path, const std::string& target, const std::string& trees,
                                                          const char* option = "--target") {
    if (std::filesystem::is_directory(path)) {
        if (!trees.empty()) throw vd::input_error{"--trees", "", "a model of XGBoost's; " + path + " is what fit wrote", trees};
        auto model = vd::tabular::read_target_model(path);
        if (!target.empty() && target != model.target() && !(target == "acc" && model.target() == "val_top1"))
            throw vd::input_error{option, "", model.target() + ", which " + path + " predicts", '\'' + target + '\''};
        return model;
    }
    const auto parameters = vd::tabular::parameter_names<mnasnet>();
    auto summed = vd::tabular::trees_over(read_trees(path, trees), parameters, path);
    if (target.empty()) throw vd::input_error{option, "", "what " + path + " predicts, since a model of XGBoost's does not say it", "nothing"};
    const std::string metric = target == "acc" ? "val_top1" : target;
    std::vector<vd::tabular::fitted_model> members;
    members.emplace_back(vd::tabular::fitted_model::any_model{std::move(summed)});
    return {metric, unit_of_target(metric, option), parameters, std::move(members), path};
}
[[nodiscard]] inline vd::tabular::target_model load_model(const model_settings& s) { return load_model(s.model, s.target, s.trees); }

/// `6 members of boosted_trees`.
[[nodiscard]] inline std::string described(const vd::tabular::target_model& m) {
    const auto family = std::string{m.members().front().family()};
    return m.members().size() == 1 ? family : std::to_string(m.members().size()) + " members of " + family;
}

} // namespace anb
