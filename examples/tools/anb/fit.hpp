// anb fit
#pragma once

#include "../terminal/curves.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "data.hpp"
#include "models.hpp"
#include "option_texts.hpp"
#include "quality.hpp"

#include <verdant/error.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/forest/fit_distributional_trees.hpp>
#include <verdant/surrogate/forest/fit_forest.hpp>
#include <verdant/surrogate/forest/forest_options.hpp>
#include <verdant/surrogate/kernel/fit_support_vectors.hpp>
#include <verdant/surrogate/kernel/support_vector_options.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
#include <verdant/surrogate/logarithmic.hpp>
#include <verdant/tabular/preferred_labels.hpp>
#include <verdant/tabular/record_splits.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/tabular/target_model_files.hpp>
#include <verdant/tabular/target_rows.hpp>
#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anb {

/// Fits a surrogate of one metric to records.
struct fit_command {
    static constexpr const char* name = "fit";
    static constexpr const char* about = "a surrogate of one metric, fitted to records, and how well it predicts them";

    data_settings data;
    std::string target, out, family = "boosted", labels = "auto";
    std::vector<std::uint32_t> seeds;
    std::vector<std::string> options;
    std::string tensorboard;

    void add_options(CLI::App& app) {
        add_data(app, data);
        app.add_option("--target", target, "the metric: acc (val_top1), latency_<device>, throughput_<device>, or another one of the records")
            ->required();
        app.add_option("--out", out, "the surrogate: a folder, which is made; a surrogate that is there is replaced")
            ->check(terminal::path())
            ->required();
        app.add_option("--model", family,
                       "its family: boosted trees, a random forest, extra trees, support vectors (svr, nu_svr), natural gradient boosting (ngboost), "
                       "or ensemble: boosted with seeds 1 to 6")
            ->check(CLI::IsMember({"boosted", "forest", "extra", "svr", "nu_svr", "ngboost", "ensemble"}))
            ->capture_default_str();
        app.add_option("--seeds", seeds,
                       "several make an ensemble: a member each, which learns from eight of nine parts of train and val, shuffled by its seed, and "
                       "stops by the ninth; "
                       "one seed learns from train and stops by val (default: 1)")
            ->delimiter(',')
            ->check(terminal::whole<std::uint32_t>(0));
        app.add_option("--labels", labels,
                       "fits the numbers as they are (plain) or their logarithms; auto: logarithms of rates, as the library prefers")
            ->check(CLI::IsMember({"auto", "plain", "logarithm"}))
            ->capture_default_str();
        app.add_option("--set", options, "options of the family, such as depth=3 rate=0.05, by the names that the library has for them");
        terminal::add_tensorboard(app, tensorboard);
        terminal::explain_stop(app, "the tree under way", "nothing written");
    }

    [[nodiscard]] int run() const {
        check_options();
        const auto table = load_records(data, name);
        const auto members = member_seeds();
        std::vector<vd::tabular::fitted_model> fitted;
        const auto begun = std::clock();
        for (const auto seed : members) fitted.push_back(fit_member(table, seed, members.size(), fitted.size() + 1));
        const auto took = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
        const auto metric = vd::tabular::target_name(table, target);
        const vd::tabular::target_model model{metric, unit_in(table, metric), vd::tabular::parameter_names<mnasnet>(), std::move(fitted)};
        vd::tabular::write_target_model(out, model);
        std::printf("%s in %s, by %s, fitted in %s CPU seconds\n", metric.c_str(), model.unit().c_str(), described(model).c_str(),
                    vd::rounded_text(took, 3).c_str());
        print_quality(model, table);
        std::printf("%s\n", out.c_str());
        return 0;
    }

private:
    using any_model = vd::tabular::fitted_model::any_model;

    /// What another option says already, or what would have no effect, is refused.
    void check_options() const {
        const bool trees = family != "svr" && family != "nu_svr", rounds = trees && family != "forest" && family != "extra";
        if (family == "ensemble" && seeds.size() == 1)
            throw vd::input_error{"anb fit", "--seeds", "two seeds or more for an ensemble, or --model boosted", std::to_string(seeds[0])};
        if (!tensorboard.empty() && !rounds)
            throw vd::input_error{"anb fit", "--tensorboard", "a --model that is fitted in rounds: boosted, ngboost or ensemble", family};
        for (const auto& text : options) {
            const auto option = text.substr(0, text.find('='));
            if (option == "seed" || (option == "loss" && !trees))
                throw vd::input_error{"anb fit", "--set " + option,
                                      option == "seed" ? "--seeds, which says it" : "--model, which says it: svr or nu_svr", text};
        }
    }

    [[nodiscard]] std::vector<std::uint32_t> member_seeds() const {
        auto sorted = seeds;
        std::sort(sorted.begin(), sorted.end());
        if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) // whose members would agree, and seem sure
            throw vd::input_error{"anb fit", "--seeds", "different ones", std::to_string(*twice) + " twice"};
        if (!seeds.empty()) return seeds;
        if (family == "ensemble") return {1, 2, 3, 4, 5, 6};
        return {1};
    }

    [[nodiscard]] static std::string unit_in(const record_table& table, const std::string& metric) {
        for (const auto& r : table.records)
            if (const auto* const m = r.find(metric)) return m->unit;
        return {};
    }

    [[nodiscard]] vd::tabular::fitted_model fit_member(const record_table& table, std::uint32_t seed, std::size_t members, std::size_t number) const {
        auto parts = parts_of(table, seed, members);
        const auto train = vd::tabular::rows_of(table, parts.train, target), validation = vd::tabular::rows_of(table, parts.validation, target);
        for (const auto* const rows : {&train, &validation})
            if (rows->lacking > 0)
                std::fprintf(stderr, "anb fit: %zu of %zu records of %s are left out, since they lack %s\n", rows->lacking,
                             rows->lacking + rows->rows(), rows == &train ? "train" : "val", rows->target.c_str());
        const auto scale = labels == "plain"       ? vd::surrogate::label_scale::plain
                           : labels == "logarithm" ? vd::surrogate::label_scale::logarithm
                                                   : vd::tabular::preferred_labels(train.unit);
        const auto y = scaled(train, scale), y_validation = scaled(validation, scale);
        return {fit_model({train.features(), y}, {validation.features(), y_validation}, seed, members, number), scale};
    }

    [[nodiscard]] std::vector<double> scaled(const vd::tabular::target_rows& rows, vd::surrogate::label_scale scale) const {
        return scale == vd::surrogate::label_scale::plain ? rows.y : vd::surrogate::logarithms_of(rows.y, data.data + ", " + rows.target);
    }

    [[nodiscard]] any_model fit_model(const vd::surrogate::labelled_rows& train, const vd::surrogate::labelled_rows& validation, std::uint32_t seed,
                                      std::size_t members, std::size_t number) const {
        if (family == "svr" || family == "nu_svr") return fit_vectors(train);
        if (family == "forest" || family == "extra") return fit_forest(train, seed);
        const auto what = members == 1 ? std::string{"fitting trees"} : "fitting member " + std::to_string(number) + " of " + std::to_string(members);
        return family == "ngboost" ? fit_distributions(train, validation, seed, what) : fit_boosted(train, validation, seed, what);
    }

    /// What a member learns from, and what stops it.
    [[nodiscard]] static vd::tabular::record_fold parts_of(const record_table& table, std::uint32_t seed, std::size_t members) {
        auto train = table.split("train"), validation = table.split("val");
        if (members == 1) return {std::move(train), std::move(validation)};
        train.insert(train.end(), validation.begin(), validation.end());
        return vd::tabular::member_fold(train, seed);
    }

    /// Of one member.
    template <class Count>
    [[nodiscard]] terminal::curves curves_of(std::uint32_t seed, Count rounds) const {
        return {tensorboard, family + '_' + target + "_seed" + std::to_string(seed), 1, static_cast<std::int64_t>(rounds)};
    }

    [[nodiscard]] any_model fit_boosted(const vd::surrogate::labelled_rows& train, const vd::surrogate::labelled_rows& validation, std::uint32_t seed,
                                        const std::string& what) const {
        vd::surrogate::boosting_options o;
        o.seed = seed;
        set_options(o, options, "--set");
        terminal::progress shown{what, static_cast<double>(o.rounds)};
        auto curves = curves_of(seed, o.rounds);
        auto fit = vd::surrogate::fit_boosted_trees(train, o, validation, [&](const vd::surrogate::boosting_round& r) {
            shown.at(static_cast<double>(r.round), "RMSE " + vd::rounded_text(r.validation_rmse, 4));
            curves.add("validation/rmse", r.validation_rmse, static_cast<std::int64_t>(r.round));
            return !terminal::stop_asked();
        });
        terminal::leave_if_asked("anb fit", "nothing was written");
        return std::move(fit.model);
    }

    [[nodiscard]] any_model fit_distributions(const vd::surrogate::labelled_rows& train, const vd::surrogate::labelled_rows& validation,
                                              std::uint32_t seed, const std::string& what) const {
        vd::surrogate::distributional_options o;
        o.seed = seed;
        set_options(o, options, "--set");
        terminal::progress shown{what, static_cast<double>(o.rounds)};
        auto curves = curves_of(seed, o.rounds);
        auto fit = vd::surrogate::fit_distributional_trees(train, o, validation, [&](const vd::surrogate::distributional_round& r) {
            shown.at(static_cast<double>(r.round));
            curves.add("training/loss", r.training_loss, static_cast<std::int64_t>(r.round));
            curves.add("validation/loss", r.validation_loss, static_cast<std::int64_t>(r.round));
            return !terminal::stop_asked();
        });
        terminal::leave_if_asked("anb fit", "nothing was written");
        return std::move(fit.model);
    }

    [[nodiscard]] any_model fit_forest(const vd::surrogate::labelled_rows& train, std::uint32_t seed) const {
        vd::surrogate::forest_options o;
        o.seed = seed;
        o.bootstrap = family == "forest";
        set_options(o, options, "--set");
        return family == "forest" ? vd::surrogate::fit_random_forest(train, o) : vd::surrogate::fit_extra_trees(train, o);
    }

    [[nodiscard]] any_model fit_vectors(const vd::surrogate::labelled_rows& train) const {
        vd::surrogate::support_vector_options o;
        o.loss = family == "svr" ? vd::surrogate::support_loss::epsilon : vd::surrogate::support_loss::nu;
        o.labels = vd::surrogate::label_unit::standard; // so that cost and epsilon mean the same for per cent and for images a second
        set_options(o, options, "--set");
        auto fit = vd::surrogate::fit_support_vectors(train, o);
        if (!fit.converged) std::fprintf(stderr, "anb fit: the solver ended before the optimum; --set steps=... lets it go on\n");
        return std::move(fit.model);
    }
};

} // namespace anb
