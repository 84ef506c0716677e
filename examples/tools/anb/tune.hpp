// anb tune
#pragma once

#include "../terminal/curves.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"
#include "data.hpp"

#include <verdant/error.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/tpe/tpe.hpp>
#include <verdant/search.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
#include <verdant/surrogate/logarithmic.hpp>
#include <verdant/tabular/preferred_labels.hpp>
#include <verdant/tabular/target_rows.hpp>
#include <verdant/tabular/tuning_spaces.hpp>
#include <verdant/tabular/validation_error.hpp>
#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anb {

/// Searches settings of a surrogate's fit by its error on the rows `val`.
struct tune_command {
    static constexpr const char* name = "tune";
    static constexpr const char* about = "settings of a surrogate's fit, searched by a tree-structured Parzen estimator for the least error on the "
                                         "records val; prints them for fit --set";

    data_settings data;
    std::string target, family = "boosted", labels = "auto";
    std::size_t trials = 30;
    std::uint32_t seed = 1;
    unsigned threads = 1;
    std::string tensorboard;

    void add_options(CLI::App& app) {
        add_data(app, data);
        app.add_option("--target", target, "the metric: acc (val_top1), latency_<device>, throughput_<device>, or another one of the records")
            ->required();
        app.add_option("--model", family, "the family, as fit has it")
            ->check(CLI::IsMember({"boosted", "forest", "svr", "nu_svr", "ngboost"}))
            ->capture_default_str();
        app.add_option("--labels", labels, "what is fitted, as fit has it")
            ->check(CLI::IsMember({"auto", "plain", "logarithm"}))
            ->capture_default_str();
        app.add_option("--trials", trials, "settings that are tried")->check(terminal::whole<std::size_t>(1))->capture_default_str();
        app.add_option("--seed", seed, "of the search and of the fits")->capture_default_str();
        app.add_option("--threads", threads, "fits at once; 0: one a processor")->capture_default_str();
        terminal::add_tensorboard(app, tensorboard);
        terminal::explain_stop(app, "the fits under way", "the best settings until then printed");
    }

    [[nodiscard]] int run() const {
        const auto table = load_records(data, name);
        const auto training = vd::tabular::rows_of(table, table.split("train"), target),
                   validation = vd::tabular::rows_of(table, table.split("val"), target);
        const auto scale = labels == "plain"       ? vd::surrogate::label_scale::plain
                           : labels == "logarithm" ? vd::surrogate::label_scale::logarithm
                                                   : vd::tabular::preferred_labels(training.unit);
        const auto y = scaled(training, scale), y_validation = scaled(validation, scale);
        const vd::surrogate::labelled_rows learn{training.features(), y}, judge{validation.features(), y_validation};
        const auto unit = (scale == vd::surrogate::label_scale::plain ? "" : "natural logarithms of ") + training.unit;
        if (family == "forest") return search_in<vd::tabular::forest_space>(vd::tabular::tune_random_forest{learn, judge, {.seed = seed}}, unit);
        if (family == "ngboost")
            return search_in<vd::tabular::distributional_space>(vd::tabular::tune_distributional_trees{learn, judge, {.seed = seed}}, unit);
        if (family == "boosted") return search_in<vd::tabular::boosting_space>(vd::tabular::tune_boosted_trees{learn, judge, {.seed = seed}}, unit);
        vd::surrogate::support_vector_options fixed;
        fixed.loss = family == "svr" ? vd::surrogate::support_loss::epsilon : vd::surrogate::support_loss::nu;
        fixed.labels = vd::surrogate::label_unit::standard; // as fit does
        fixed.steps = 1'000'000;                            // some kernels never come to an end
        return search_in<vd::tabular::support_vector_space>(vd::tabular::tune_support_vectors{learn, judge, fixed}, unit);
    }

private:
    [[nodiscard]] std::vector<double> scaled(const vd::tabular::target_rows& rows, vd::surrogate::label_scale scale) const {
        return scale == vd::surrogate::label_scale::plain ? rows.y : vd::surrogate::logarithms_of(rows.y, data.data + ", " + rows.target);
    }

    /// Shows how far the search is, and the least error.
    template <class Trial>
    struct reporter {
        terminal::progress& shown;
        terminal::curves& curves;
        std::optional<double> least{}; ///< none while all fits failed, which have no error
        void told(const Trial& t, const vd::search_state& state) {
            const auto step = static_cast<std::int64_t>(state.done);
            if (t.completed()) {
                const auto error = t.template get<vd::tabular::validation_rmse>();
                least = std::min(least.value_or(error), error);
                curves.add("validation/rmse", error, step);
            }
            shown.at(static_cast<double>(state.done), least ? "RMSE " + vd::rounded_text(*least, 4) : "all failed");
            if (least) curves.add("validation/least_rmse", *least, step);
        }
    };

    template <class Space, class Evaluator>
    [[nodiscard]] int search_in(const Evaluator& evaluator, const std::string& unit) const {
        using study = vd::search<Space, vd::minimize<vd::tabular::validation_rmse>, vd::tpe>;
        terminal::progress shown{"trying settings", static_cast<double>(trials)};
        terminal::curves curves{tensorboard, "tune_" + family + '_' + target, 1, static_cast<std::int64_t>(trials)};
        reporter<typename study::result_type::trial_type> report{shown, curves};
        vd::interrupts stop;
        const auto found = study{evaluator}.run({.trials = trials, .seed = seed, .threads = threads}, report, stop);
        if (found.front().empty()) throw vd::search_error{"anb tune: no trial came to its end"};
        const auto& best = found.front().front();
        std::printf("RMSE %s in %s on val, of %zu settings\n", vd::rounded_text(best.template get<vd::tabular::validation_rmse>(), 5).c_str(),
                    unit.c_str(), found.trials().size());
        std::printf("--set %s\n", settings_of(best.point).c_str());
        if (terminal::stop_asked()) return terminal::stopped_status();
        return 0;
    }

    /// The settings of a point under the names that fit --set takes.
    template <class Space>
    [[nodiscard]] static std::string settings_of(const vd::point<Space>& p) {
        std::string out;
        const auto text = vd::to_string(p);
        std::size_t begin = 0;
        while (begin < text.size()) {
            const auto end = std::min(text.find(' ', begin), text.size());
            auto one = text.substr(begin, end - begin);
            for (const std::string_view within : {"offset", "degree"})
                if (one.starts_with(within)) one = "kernel." + one;
            if (one.starts_with("kernel=")) one = "kernel.kind" + one.substr(6);
            out += (out.empty() ? "" : " ") + one;
            begin = end + 1;
        }
        return out;
    }
};

} // namespace anb
