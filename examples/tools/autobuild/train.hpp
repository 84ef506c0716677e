// autobuild train
#pragma once

#include "../terminal/curves.hpp"
#include "../terminal/paths.hpp"
#include "../terminal/progress.hpp"
#include "data.hpp"
#include "quality.hpp"
#include "results.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/plot/agreement.hpp>
#include <verdant/predictor/corpus_split.hpp>
#include <verdant/predictor/graph/train_graph_predictor.hpp>
#include <verdant/predictor/target_moments.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace autobuild {

namespace detail {

template <class Enum, std::size_t N>
[[nodiscard]] Enum named(const std::array<std::string_view, N>& names, std::string_view name) {
    std::size_t i = 0;
    while (i + 1 < N && names[i] != name) ++i;
    return static_cast<Enum>(i);
}

[[nodiscard]] inline vd::surrogate::graph_predictor_options network_of(const train_settings& s, mbconv_family family) {
    namespace sg = vd::surrogate;
    sg::graph_predictor_options o;
    o.layer = named<sg::graph_layer_kind>(sg::graph_layer_names, s.layer);
    o.width = s.width;
    o.layers = s.layers;
    o.readout = named<sg::graph_readout>(sg::graph_readout_names, s.readout);
    o.activation = named<sg::graph_activation>(sg::graph_activation_names, s.activation);
    o.head_activation = named<sg::graph_activation>(sg::graph_activation_names, s.head_activation);
    o.residual = s.residual;
    o.undirected = !s.directed;
    o.norm = s.norm;
    o.targets = s.targets;
    o.moment_hops = family == mbconv_family::pn ? 5 : 4;
    return o;
}

/// AutoBuild's name of a training (train_predictor.py).
[[nodiscard]] inline std::string run_name(const train_settings& s, mbconv_family family) {
    std::string target;
    for (const auto& t : s.targets) target += (target.empty() ? "" : "_and_") + vd::predictor::format_target(t);
    const std::string readout = s.readout == "sum" ? "add" : s.readout;
    return (s.tag.empty() ? "" : s.tag + '_') + std::string{vd::spaces::name_of(family)} + "_custom_" + target + '_' + s.layer + '_' + readout +
           (s.directed ? "_directed" : "_undirected") + "_srcc" + vd::rounded_text(s.rank_weight, 6); // AutoBuild cuts off what follows the point
}

/// The table of a test with predictions, and the folder that it lies in.
[[nodiscard]] inline std::string test_file(const std::string& out, const std::string& name) {
    return (std::filesystem::path{out} / "evals" / (name + "_test.csv")).string();
}

inline void write_test(const std::string& out, const std::string& name, const train_settings& s, const target_table& table,
                       const std::vector<quality>& found) {
    vd::io::csv_table csv;
    csv.columns = {"resolution", "arch"};
    for (const auto& t : s.targets) {
        csv.columns.push_back(t);
        csv.columns.push_back("predicted " + t);
    }
    for (std::size_t i = 0; i < table.entries().size(); ++i) {
        const auto& c = table.corpus.entries[table.entries()[i]].config;
        auto& row = csv.rows.emplace_back();
        row = {std::to_string(c.resolution), vd::spaces::units_text(c.units)};
        for (std::size_t k = 0; k < s.targets.size(); ++k) {
            row.push_back(vd::exact_text(table.columns[k].values[i]));
            row.push_back(vd::exact_text(found[k].predicted[i]));
        }
    }
    folder_in(out, "evals");
    vd::io::write_file(test_file(out, name), vd::io::csv_text(csv));
    for (std::size_t k = 0; k < s.targets.size(); ++k) {
        std::vector<std::pair<double, double>> points;
        for (std::size_t i = 0; i < found[k].predicted.size(); ++i) points.emplace_back(table.columns[k].values[i], found[k].predicted[i]);
        const auto file = folder_in(out, "plots") + '/' + name + (k == 0 ? "" : "_" + std::to_string(k)) + "_test.svg";
        vd::io::write_file(file,
                           vd::plot::agreement_svg("Predicted and measured, " + std::to_string(points.size()) + " networks that training did not see",
                                                   s.targets[k], "predicted " + s.targets[k], points));
    }
}

} // namespace detail

inline int train(const train_settings& s) {
    for (std::size_t i = 0; i < s.targets.size(); ++i)
        if (std::find(s.targets.begin(), s.targets.begin() + static_cast<std::ptrdiff_t>(i), s.targets[i]) !=
            s.targets.begin() + static_cast<std::ptrdiff_t>(i))
            throw vd::input_error{"--target", "", "each target once", s.targets[i] + " twice"};
    const auto table = read_targets(s.data, s.targets, s.networks);
    if (const auto text = left_out(table); !text.empty()) std::fprintf(stderr, "autobuild train: %s: %s\n", s.data.c_str(), text.c_str());
    const auto family = table.corpus.family;
    auto test_networks = s.networks;
    test_networks.family = vd::spaces::name_of(family);
    const auto test = s.test.empty() ? std::vector<target_table>{} : std::vector{read_targets(s.test, s.targets, test_networks)};

    const auto network = detail::network_of(s, family);
    vd::predictor::graph_samples samples{graphs_of(table.corpus, table.entries(), network.undirected), {}};
    for (std::size_t i = 0; i < table.entries().size(); ++i)
        for (const auto& column : table.columns) samples.targets.push_back(column.values[i]);
    const auto split = vd::predictor::split_corpus(samples.size(), s.seed, s.split);
    std::vector<std::size_t> trained;
    std::vector<double> first_targets;
    for (const auto i : split.train) {
        trained.push_back(table.entries()[i]);
        first_targets.push_back(table.columns.front().values[i]);
    }
    const auto units = vd::predictor::unit_moments_of(table.corpus, trained, first_targets);

    const auto name = detail::run_name(s, family);
    if (!s.test.empty())
        terminal::require_another_file("--out", detail::test_file(s.out, name), {s.data, s.test},
                                       "the tables that are read, for the test of the predictor");
    const auto models = folder_in(s.out, "saved_models");
    const auto kept = models + '/' + name + "_training.safetensors";
    if (s.fresh) std::filesystem::remove(kept);
    terminal::progress line{"training", static_cast<double>(s.epochs), terminal::in_logs::tenths};
    vd::predictor::graph_training_options o{.epochs = s.epochs,
                                            .batch = s.batch,
                                            .learning_rate = s.learning_rate,
                                            .last_rate = s.last_rate,
                                            .weight_decay = s.weight_decay,
                                            .seed = s.seed};
    o.ranks.weight = s.rank_weight;
    vd::predictor::graph_training_run run{.checkpoint = kept, .save_time = std::chrono::seconds{10}};
    std::int64_t begun = 0;
    std::optional<terminal::curves> curves;
    run.report = [&](const vd::predictor::graph_epoch& e) {
        if (begun == 0 && e.epoch > 1) line.skip(static_cast<double>(e.epoch - 1));
        if (begun == 0) {
            begun = e.epoch;
            curves.emplace(s.tensorboard, name, begun, s.epochs);
        }
        curves->add("training/loss", e.loss, e.epoch);
        curves->add("test/spearman", e.spearman.front(), e.epoch);
        line.at(static_cast<double>(e.epoch - begun + 1),
                "loss " + vd::rounded_text(e.loss, 3) + "  SRCC " + vd::rounded_text(e.spearman.front(), 3));
        return terminal::stop_asked();
    };
    run.warn = [&](const std::string& wrong) { line.say("autobuild train: " + wrong + "; it is begun anew"); };
    const auto done = vd::predictor::train_graph_predictor(network, samples, split, o, run, units);
    line.finish();
    if (!done.finished) throw terminal::stopped("autobuild train", "the same command goes on after epoch " + std::to_string(done.epochs));

    const auto model = models + '/' + name + "_predictor.safetensors";
    nlohmann::ordered_json settings{{"families", vd::spaces::name_of(family)},
                                    {"seed", s.seed},
                                    {"corr_lambda", s.rank_weight},
                                    {"epochs_predictor", s.epochs},
                                    {"batch_size", s.batch},
                                    {"lr", s.learning_rate},
                                    {"weight_decay", s.weight_decay},
                                    {"data", s.data},
                                    {"split", s.split}};
    vd::surrogate::write_graph_predictor(model, done.weights, std::move(settings));
    std::printf("%zu networks of %s, %zu of them trained with\n", samples.size(), s.data.c_str(), split.train.size());
    for (std::size_t k = 0; k < s.targets.size(); ++k)
        std::printf("internal test, %s: SRCC %.4f  Kendall tau-b %.4f  MAE %s\n", s.targets[k].c_str(), done.test[k].spearman, done.test[k].kendall,
                    vd::rounded_text(done.test[k].raw.mean_absolute, 4).c_str());
    if (!test.empty()) {
        const auto found = qualities_of(vd::surrogate::graph_predictor{done.weights}, test.front());
        for (std::size_t k = 0; k < s.targets.size(); ++k) print(s.targets[k], found[k]);
        detail::write_test(s.out, name, s, test.front(), found);
    }
    std::printf("the greatest %s: %s\n", s.targets.front().c_str(),
                vd::spaces::units_text(table.corpus.entries[table.entries()[done.best_entry]].config.units).c_str());
    std::printf("%s\n", model.c_str());
    return 0;
}

} // namespace autobuild
