#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/predictor/corpus_split.hpp>
#include <verdant/predictor/graph/graph_quality.hpp>
#include <verdant/predictor/graph/graph_trainer.hpp>
#include <verdant/predictor/target_moments.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>

#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

/// Trains a graph predictor, tests it, and keeps what a kill would lose.
namespace verdant::predictor {

/// What is done around the epochs. Everything may be left empty.
struct graph_training_run {
    std::string checkpoint{};    ///< a file that the training goes on from, and is written to: whole or not at all; it is locked meanwhile
    std::int64_t save_epochs = 1; ///< epochs between writings, at least 1; the last one is always written
    std::chrono::seconds save_time{0}; ///< least time between them
    std::function<bool(const graph_epoch&)> report{}; ///< after every epoch; true ends the training after it, to go on later
    std::function<void(const std::string&)> warn{};   ///< told what is wrong with a checkpoint that cannot be read, and is begun anew
};

/// A training that came to its end, or was stopped.
struct trained_graph_predictor {
    surrogate::graph_predictor_weights weights; ///< predicts without LibTorch, and goes into files
    std::vector<graph_quality> test;            ///< of each output on the test part; empty where it was stopped
    std::size_t best_entry = 0;                 ///< the first sample whose first target is the greatest
    std::int64_t epochs = 0;                    ///< that were trained
    bool finished = false;
};

/// Some of the samples. @pre each number is below their number
[[nodiscard]] inline graph_samples chosen_samples(const graph_samples& from, std::span<const std::size_t> entries) {
    graph_samples out;
    const auto outputs = from.size() == 0 ? 0 : from.targets.size() / from.size();
    for (const auto i : entries) {
        out.graphs.push_back(from.graphs.at(i));
        for (std::size_t k = 0; k < outputs; ++k) out.targets.push_back(from.targets.at(i * outputs + k));
    }
    return out;
}

namespace detail {

/// Mean and deviation (that of a sample) of the norms of all nodes, hop by hop.
inline void set_hop_moments(graph_network& net, const graph_readings& readings) {
    const c10::AutoGradMode off{false};
    auto* const to = writable<float>(net.hop_moments());
    const auto levels = readings.node_norms.size();
    for (std::size_t h = 0; h < levels; ++h) {
        const auto n = static_cast<double>(readings.node_norms[h].size());
        const auto m = surrogate::moments_of(std::span<const double>{readings.node_norms[h]});
        to[h] = static_cast<float>(m.mean);
        to[levels + h] = static_cast<float>(n > 1 ? std::sqrt(m.variance * n / (n - 1)) : 0.0);
    }
}

inline void set_test_metrics(graph_network& net, const std::vector<graph_quality>& test) {
    const c10::AutoGradMode off{false};
    auto* const to = writable<float>(net.test_metrics());
    for (std::size_t k = 0; k < test.size(); ++k) {
        to[k] = static_cast<float>(test[k].normalised.mean_absolute);
        to[test.size() + k] = static_cast<float>(test[k].normalised.relative);
        to[2 * test.size() + k] = static_cast<float>(test[k].spearman);
    }
}

inline void set_unit_moments(graph_network& net, const unit_moments& moments) {
    const auto& o = net.options();
    if (o.moment_units != moments.units() || o.moment_hops != moments.hops())
        throw input_error{"training of a graph predictor", "moments of units",
                          std::to_string(o.moment_units) + " units of " + std::to_string(o.moment_hops) + " hops, as the options say",
                          std::to_string(moments.units()) + " of " + std::to_string(moments.hops())};
    const c10::AutoGradMode off{false};
    auto* const to = writable<float>(net.unit_moments());
    for (std::size_t i = 0; i < moments.values().size(); ++i) to[i] = static_cast<float>(moments.values()[i]);
}

/// Goes on from a checkpoint where there is one. One of another training is refused, one that cannot be read is passed over.
inline void go_on(graph_trainer& trainer, const graph_training_run& run) {
    if (run.checkpoint.empty() || !std::filesystem::exists(run.checkpoint)) return;
    std::optional<io::named_tensors> state;
    try {
        state = io::read_safetensors(run.checkpoint);
    } catch (const input_error& wrong) {
        if (run.warn) run.warn(wrong.what());
    }
    if (state) trainer.restore(*state);
}

inline void keep(const graph_trainer& trainer, const graph_training_run& run) {
    if (run.checkpoint.empty()) return;
    const auto state = trainer.state();
    io::named_tensors checked;
    for (const auto& [name, value] : state)
        if (name != "network.test_metrics") checked.add(name, value); // infinite before the test
    nn::require_finite(checked, run.checkpoint);
    io::write_safetensors(run.checkpoint, state);
}

} // namespace detail

/// Trains a graph predictor on one part of the samples and tests it on the other: targets are normalised by the training part, and after training the
/// moments of norms that scores of modules need are taken over its nodes (AutoBuild: train_predictor.py). Stopped or killed at any time and started
/// again with the same checkpoint, it ends with the same bits.
/// @param network what is trained @param units moments of the targets by unit and hop (`unit_moments_of`), where the options have such a table
/// @throws input_error for options, samples or a split that do not fit, and for the checkpoint of another training; file_error, also where another
/// process trains with the checkpoint; nonfinite_error for a loss or gradients that are not finite
template <class = instantiated_when_used>
[[nodiscard]] trained_graph_predictor train_graph_predictor(const surrogate::graph_predictor_options& network, const graph_samples& samples,
                                                            const corpus_split& split, const graph_training_options& o = {},
                                                            const graph_training_run& run = {}, const std::optional<unit_moments>& units = {}) {
    if (run.save_epochs < 1) throw input_error{"training of a graph predictor", "save_epochs", "at least 1", std::to_string(run.save_epochs)};
    for (const auto* part : {&split.train, &split.test})
        if (part->size() < 2 || *std::max_element(part->begin(), part->end()) >= samples.size())
            throw input_error{"training of a graph predictor", "split",
                              "two or more samples below " + std::to_string(samples.size()) + " on both sides", "others"};
    graph_trainer trainer{network, chosen_samples(samples, split.train), o};
    if (units) detail::set_unit_moments(trainer.network(), *units);
    std::optional<io::detail::study_lock> lock;
    if (!run.checkpoint.empty()) {
        if (const auto folder = std::filesystem::path{run.checkpoint}.parent_path(); !folder.empty()) {
            std::error_code failure;
            std::filesystem::create_directories(folder, failure);
            if (failure) throw file_error{folder.string(), "make the folder", failure.message()};
        }
        lock.emplace(run.checkpoint, "training");
    }
    detail::go_on(trainer, run);
    trained_graph_predictor out;
    auto saved = std::chrono::steady_clock::now();
    bool stop = false;
    while (!trainer.done() && !stop) {
        const auto epoch = trainer.run_epoch();
        stop = run.report && run.report(epoch);
        const auto now = std::chrono::steady_clock::now();
        if (trainer.done() || stop || (epoch.epoch % run.save_epochs == 0 && now - saved >= run.save_time)) {
            detail::keep(trainer, run);
            saved = now;
        }
    }
    out.epochs = trainer.epochs_done();
    out.finished = trainer.done();
    const auto outputs = network.outputs();
    for (std::size_t i = 1; i < samples.size(); ++i)
        if (samples.targets[i * outputs] > samples.targets[out.best_entry * outputs]) out.best_entry = i;
    if (out.finished) {
        const nn::thread_scope alone{1};
        const auto held_out = chosen_samples(samples, split.test);
        const auto readings = read_graphs(trainer.network(), network_graphs{held_out.graphs, network});
        std::vector<double> column(held_out.size());
        for (std::size_t k = 0; k < outputs; ++k) {
            for (std::size_t i = 0; i < column.size(); ++i) column[i] = held_out.targets[i * outputs + k];
            out.test.push_back(quality_of_output(readings, k, column, trainer.scales()[k]));
        }
        detail::set_test_metrics(trainer.network(), out.test);
        detail::set_hop_moments(trainer.network(), read_graphs(trainer.network(), trainer.graphs()));
    }
    out.weights = trainer.network().weights();
    return out;
}
VERDANT_DEFINED_ONCE(trained_graph_predictor train_graph_predictor<>(const surrogate::graph_predictor_options&, const graph_samples&,
                                                                     const corpus_split&, const graph_training_options&, const graph_training_run&,
                                                                     const std::optional<unit_moments>&));

} // namespace verdant::predictor
