// anb plot
#pragma once

#include "../terminal/paths.hpp"
#include "data.hpp"
#include "models.hpp"
#include "quality.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/plot/bars.hpp>
#include <verdant/plot/point_groups.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/tabular/ablation.hpp>
#include <verdant/tabular/learning_curve.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/tabular/target_rows.hpp>
#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anb {

/// Draws what records, surrogates and tables of comparisons say.
struct plot_command {
    static constexpr const char* name = "plot";
    static constexpr const char* about =
        "pictures (SVG): predictions against measurements, quality against the number of records, training with proxies against training without, "
        "published networks on devices";

    std::string data, model, model_target, trees, curve, ablation, published, out = "results/anb_plot";
    std::uint32_t split_seed = 6;
    std::vector<std::size_t> sizes{500, 1000, 2000, 4000};
    std::size_t seeds = 3;

    void add_options(CLI::App& app) {
        app.add_option("--data", data, "records of measured networks, for --model and --curve")->check(terminal::path());
        app.add_option("--split_seed", split_seed, "where the records have no column split; see fit")->capture_default_str();
        app.add_option("--model", model, "a surrogate: its predictions against the measurements of --data, split by split")->check(terminal::path());
        app.add_option("--model_target", model_target, "what a model of XGBoost's predicts, such as acc");
        add_trees(app, trees);
        app.add_option("--curve", curve, "a metric of --data, such as acc: how well boosted trees predict it that are fitted to few or many records");
        app.add_option("--sizes", sizes, "of the training sets of --curve")
            ->delimiter(',')
            ->default_str("500,1000,2000,4000"); // LibTorch prints vectors in another way
        app.add_option("--seeds", seeds, "training sets of each size")->capture_default_str();
        app.add_option("--ablation", ablation,
                       "networks that were trained with proxies and without: a table with the columns of Accel-NASBench's ablation")
            ->check(terminal::path());
        app.add_option("--published", published,
                       "published networks: a table with the columns table (a device), model, kind, top1_float, throughput_img_s")
            ->check(terminal::path());
        app.add_option("--out", out, "the folder of the pictures")->check(terminal::path())->capture_default_str();
    }

    [[nodiscard]] int run() const {
        if (model.empty() && curve.empty() && ablation.empty() && published.empty())
            throw vd::input_error{"anb plot", "", "something to draw: --model, --curve, --ablation or --published", "none of them"};
        if (data.empty() && !(model.empty() && curve.empty())) throw vd::input_error{"anb plot", "--data", "records of measured networks", "none"};
        if (!data.empty() && model.empty() && curve.empty())
            throw vd::input_error{"anb plot", "--data", "--model or --curve, which are drawn of it", "neither"};
        if (!model_target.empty() && model.empty()) throw vd::input_error{"anb plot", "--model_target", "--model with it", "none"};
        if (!trees.empty() && model.empty()) throw vd::input_error{"anb plot", "--trees", "--model with it", "none"};
        if (!model.empty()) draw_agreement();
        if (!curve.empty()) draw_curve();
        if (!ablation.empty()) draw_ablation();
        if (!published.empty()) draw_published();
        return 0;
    }

private:
    void write(const std::string& file, const std::string& svg) const {
        // Names of devices and targets come from tables and models.
        if (file.find('/') != file.npos) throw vd::input_error{"anb plot", file, "names without '/', by which pictures are called", "one with it"};
        terminal::make_folder(out); // not before there is something to draw
        const auto path = out + '/' + file;
        vd::io::write_file(path, svg);
        std::printf("%s\n", path.c_str());
    }
    [[nodiscard]] static std::string with_unit(const std::string& what, const std::string& unit) {
        return what + (unit.empty() ? "" : " [" + unit + ']');
    }

    void draw_agreement() const {
        const auto surrogate = load_model(model, model_target, trees, "--model_target");
        const auto table = load_records({.data = data, .split_seed = split_seed}, name);
        static_cast<void>(vd::tabular::target_name(table, surrogate.target())); // also where no split has it
        std::vector<vd::plot::point_group> groups;
        vd::plot::point_groups_options options{.identity = true, .radius = 2.5};
        for (const auto& split : table.split_names()) {
            vd::tabular::target_rows rows;
            try {
                rows = vd::tabular::rows_of(table, table.split(split), surrogate.target());
            } catch (const vd::input_error&) { // of a split in which nobody measured it there is nothing to draw
                continue;
            }
            std::vector<double> predicted(rows.rows());
            surrogate.predict(rows.features(), predicted);
            auto& group = groups.emplace_back(vd::plot::point_group{split, {}});
            for (std::size_t i = 0; i < predicted.size(); ++i) group.points.push_back({rows.y[i], predicted[i]});
            if (predicted.size() < 2) continue;
            const auto q = vd::surrogate::surrogate_quality_of(predicted, rows.y);
            options.box.push_back(split + ": R2 " + vd::rounded_text(q.r2, 4) + ", tau " + vd::rounded_text(q.kendall_tau, 4) + ", MAE " +
                                  vd::rounded_text(q.mae, 4));
        }
        std::size_t points = 0;
        for (const auto& g : groups) points += g.points.size();
        if (points > 1000) options.picture.tooltips = vd::plot::tooltips::hidden;
        write("agreement_" + surrogate.target() + ".svg",
              vd::plot::point_groups_svg("Predictions of " + surrogate.target() + ", " + described(surrogate),
                                         with_unit("measured", surrogate.unit()), with_unit("predicted", surrogate.unit()), groups, options));
    }

    void draw_curve() const {
        const auto table = load_records({.data = data, .split_seed = split_seed}, name);
        const auto training = vd::tabular::rows_of(table, table.split("train"), curve);
        std::vector<std::size_t> judged_records;
        for (const auto& split : table.split_names())
            if (split == "val" || split == "validation")
                for (const auto i : table.split(split)) judged_records.push_back(i);
        const auto judged = vd::tabular::rows_of(table, judged_records, curve);
        std::vector<std::size_t> used;
        for (const auto n : sizes)
            if (n <= training.rows()) used.push_back(n);
            else std::fprintf(stderr, "anb plot: --sizes %zu is left out, since there are %zu records to train with\n", n, training.rows());
        if (used.empty())
            throw vd::input_error{"anb plot", "--sizes", "a size of at most " + std::to_string(training.rows()) + ", the records to train with",
                                  "larger ones"};
        const auto fit = [](const vd::surrogate::labelled_rows& rows, std::uint64_t seed) {
            return vd::surrogate::fit_boosted_trees(rows, {.rounds = 600, .seed = seed}).model;
        };
        const auto found = vd::tabular::learning_curve(training, judged, used, seeds, fit);
        std::array<vd::plot::point_group, 1> tau{{{"boosted trees, " + std::to_string(seeds) + " seeds", {}, vd::plot::joined::yes}}}, mae = tau;
        for (const auto& p : found) {
            const bool ranked = !std::isnan(p.kendall_tau.mean);
            if (ranked) tau[0].points.push_back({static_cast<double>(p.size), p.kendall_tau.mean, 0, p.kendall_tau.std});
            else
                std::fprintf(
                    stderr,
                    "anb plot: --sizes %zu has no rank correlation and is left out of its picture, since a surrogate says the same of all networks\n",
                    p.size);
            mae[0].points.push_back({static_cast<double>(p.size), p.mae.mean, 0, p.mae.std});
            const auto correlation =
                ranked ? vd::rounded_text(p.kendall_tau.mean, 4) + " +- " + vd::rounded_text(p.kendall_tau.std, 2) : std::string{"none"};
            std::printf("%6zu records: tau %s, MAE %s +- %s %s\n", p.size, correlation.c_str(), vd::rounded_text(p.mae.mean, 4).c_str(),
                        vd::rounded_text(p.mae.std, 2).c_str(), training.unit.c_str());
        }
        if (tau[0].points.empty())
            throw vd::input_error{"anb plot", "--sizes", "a size of which surrogates tell networks apart", "none among those asked for"};
        vd::plot::point_groups_options levels;
        if (!ablation.empty() && training.target == "val_top1") {
            const auto a = vd::tabular::proxy_ablation::from(vd::io::read_csv(ablation));
            std::vector<std::size_t> others;
            for (std::size_t s = 1; s < a.proxified.seeds(); ++s) others.push_back(s);
            const auto q = vd::surrogate::surrogate_quality_of(a.proxified.mean_over(std::array<std::size_t, 1>{0}), a.proxified.mean_over(others));
            levels.levels = {{"one training against the mean of others", q.kendall_tau}};
        }
        write("curve_tau_" + training.target + ".svg",
              vd::plot::point_groups_svg("Rank correlation of " + training.target + " against records", "records", "Kendall's tau", tau, levels));
        write("curve_mae_" + training.target + ".svg", vd::plot::point_groups_svg("Error of " + training.target + " against records", "records",
                                                                                  with_unit("mean absolute error", training.unit), mae));
    }

    void draw_ablation() const {
        const auto a = vd::tabular::proxy_ablation::from(vd::io::read_csv(ablation));
        const auto q = a.quality();
        const auto x = a.few_proxy.mean(), y = a.proxified.mean(), dx = a.few_proxy.deviation(), dy = a.proxified.deviation();
        std::array<vd::plot::point_group, 1> groups;
        groups[0].name = std::to_string(x.size()) + " networks, means and deviations of " + std::to_string(a.proxified.seeds()) + " seeds";
        for (std::size_t i = 0; i < x.size(); ++i) groups[0].points.push_back({x[i], y[i], dx[i], dy[i]});
        write("ablation.svg",
              vd::plot::point_groups_svg("Training with proxies against training without", "without: top-1 [%]", "with proxies: top-1 [%]", groups,
                                         {.box = {"tau " + vd::rounded_text(q.kendall_tau, 4), "Spearman " + vd::rounded_text(q.spearman, 4),
                                                  "KL " + vd::rounded_text(q.kl_divergence, 3)}}));
        const vd::tabular::training_node node;
        const std::array<vd::plot::bar, 2> bars{
            {{"with proxies", node.emissions(a.proxified.hours())}, {"without", node.emissions(a.few_proxy.hours())}}};
        write("ablation_carbon.svg", vd::plot::bars_svg("Carbon of these trainings", "kg CO2e", bars));
        std::printf("tau %s, Spearman %s, KL %s; %s h and %s h, %s kg and %s kg CO2e\n", vd::rounded_text(q.kendall_tau, 4).c_str(),
                    vd::rounded_text(q.spearman, 4).c_str(), vd::rounded_text(q.kl_divergence, 3).c_str(),
                    vd::rounded_text(a.proxified.hours(), 5).c_str(), vd::rounded_text(a.few_proxy.hours(), 5).c_str(),
                    vd::rounded_text(bars[0].value, 4).c_str(), vd::rounded_text(bars[1].value, 4).c_str());
    }

    /// A picture for each device: those designed by hand and those that were searched. Rows without both numbers have no place.
    void draw_published() const {
        const auto table = vd::io::read_csv(published);
        const auto device = table.column("table"), model_name = table.column("model"), kind = table.column("kind"),
                   accuracy = table.column("top1_float"), speed = table.column("throughput_img_s");
        std::map<std::string, std::map<std::string, vd::plot::point_group>> devices;
        const auto place = [&](std::size_t r, std::size_t column) {
            return "line " + std::to_string(table.lines[r]) + ", column '" + table.columns[column] + '\'';
        };
        const auto number = [&](std::size_t r, std::size_t column) {
            const auto value = table.number(r, column);
            if (!std::isfinite(value)) throw vd::input_error{published, place(r, column), "a finite number, or nothing", table.rows[r][column]};
            return value;
        };
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            if (table.rows[r][accuracy].empty() || table.rows[r][speed].empty()) continue;
            if (table.rows[r][device].empty())
                throw vd::input_error{published, place(r, device), "a device, by which its picture is called", "nothing"};
            auto& group = devices[table.rows[r][device]][table.rows[r][kind]];
            group.name = table.rows[r][kind];
            group.names = vd::plot::point_names::beside;
            group.points.push_back({number(r, speed), number(r, accuracy), 0, 0, table.rows[r][model_name]});
        }
        if (devices.empty()) throw vd::input_error{published, "rows", "some with an accuracy and a throughput", "none"};
        for (const auto& [of, kinds] : devices) {
            std::vector<vd::plot::point_group> groups;
            for (const auto& [k, group] : kinds) groups.push_back(group);
            write("published_" + of + ".svg", vd::plot::point_groups_svg("Published networks on " + of, "images/s", "top-1 [%]", groups));
        }
    }
};

} // namespace anb
