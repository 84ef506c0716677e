// Trains a CLIP from its state to the last epoch, in every process.
#pragma once

#include "../terminal/curves.hpp"
#include "../terminal/program.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop_together.hpp"
#include "options.hpp"
#include "state.hpp"

#include <verdant/io/file/folder_mirror.hpp>
#include <verdant/nn/core/autocast.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/encode.hpp>
#include <verdant/nn/evaluate/results_log.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/processes/agreed.hpp>
#include <verdant/nn/processes/communicator.hpp>
#include <verdant/nn/processes/failed.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/nn/train/train.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace clip_train {

/// What has come of an epoch, for the terminal.
struct epoch_result {
    std::int64_t epoch; ///< from 1
    double loss;        ///< mean of its steps, of those whose loss is finite
    double learning_rate, pairs_per_second;
    std::int64_t left_out; ///< steps that changed nothing
};

inline void print_start(const settings& s, const run_state& t, int processes) {
    std::cout << nn::parameter_count(t.m) << " parameters, " << t.per_epoch << " steps an epoch of " << s.batch * s.accumulated << " pairs";
    if (processes > 1) std::cout << " in each of " << processes << " processes";
    std::cout << '\n';
    if (t.done > 0) std::cout << "going on after epoch " << t.done << '\n';
    std::cout << std::flush;
}

/// In the first process: says how it went, validates where it is time, and keeps a checkpoint.
template <nn::precision_policy Precision>
void end_epoch(const settings& s, run_state& t, const epoch_result& e, std::int64_t last, nn::results_log& results,
               terminal::curves& curves) {
    std::printf("epoch %lld of %lld: loss %.6f, learning rate %.3e, %.1f pairs/s", static_cast<long long>(e.epoch),
                static_cast<long long>(s.epochs), e.loss, e.learning_rate, e.pairs_per_second);
    if (e.left_out > 0) std::printf("; %lld of %lld steps left out", static_cast<long long>(e.left_out), static_cast<long long>(t.per_epoch));
    std::printf("\n");
    if (t.validation.images.defined() && (e.epoch % s.val_frequency == 0 || e.epoch == s.epochs)) {
        const auto v = nn::validate_pairs(nn::image_features<Precision>(t.m, t.validation.images),
                                          nn::text_features<Precision>(t.m, t.validation.ids), std::exp(t.m.logit_scale.template item<double>()));
        results.add(e.epoch, v, t.validation.images.size(0));
        const auto steps = e.epoch * t.per_epoch;
        curves.add("validation/loss", v.loss, steps);
        curves.add("validation/recall_1_by_image", v.image_to_text.recall_1, steps);
        curves.add("validation/recall_1_by_text", v.text_to_image.recall_1, steps);
        std::printf("  validation: loss %.4f, R@1 %.4f by image, %.4f by text\n", v.loss, v.image_to_text.recall_1, v.text_to_image.recall_1);
    }
    t.folders.checkpoints.save(e.epoch, t.m, t.optimizer, t.facts,
                               e.epoch == last ? nn::checkpoint_moment::at_the_end : nn::checkpoint_moment::under_way);
    std::fflush(stdout);
}

/// The epoch that a signal ended training after, in all processes.
struct left_after {
    std::int64_t epoch;
};

/// All steps up to the end of epoch `last`. @throws left_after where a signal ends it before
template <nn::precision_policy Precision, nn::communicator Processes>
void train_epochs(const settings& s, const Processes& processes, run_state& t, std::int64_t last) {
    const bool first = processes.rank() == 0;
    std::optional<nn::results_log> results;
    if (first) results.emplace((t.folders.run / "results.jsonl").string(), t.done);
    terminal::curves curves{first ? s.tensorboard : std::string{}, s.name, t.done * t.per_epoch + 1, s.epochs * t.per_epoch};
    if (first) print_start(s, t, processes.size());
    if (const auto steps = t.per_epoch * s.epochs; first && s.warmup > steps)
        std::cerr << "clip_train: the " << s.warmup << " steps of --warmup are more than the " << steps << " of the whole run, which never reaches --lr" << std::endl;
    // Resuming reads the same files in every process; this holds if one of them saw others.
    std::vector<at::Tensor> weights;
    nn::for_each_parameter(t.m, [&weights](const std::string&, const at::Tensor& w) { weights.push_back(w); });
    nn::broadcast(processes, weights);

    auto begun = std::chrono::steady_clock::now();
    double losses = 0;
    std::size_t passed_over = 0;
    std::int64_t counted = 0, left_out = 0;
    const auto done = t.done * t.per_epoch;
    t.options.steps = last * t.per_epoch;
    terminal::progress line{"training", static_cast<double>(t.options.steps - done), first ? terminal::in_logs::minutes : terminal::in_logs::nothing};
    nn::train<Precision>(
        t.m, t.optimizer, t.batches, t.objective, t.schedule, t.options,
        [&](const nn::training_progress& p) {
            if (std::isfinite(p.loss)) losses += p.loss, ++counted;
            if (p.skipped) ++left_out;
            char loss[64];
            std::snprintf(loss, sizeof loss, "epoch %lld, loss %.4f", static_cast<long long>(p.epoch + 1), p.loss);
            line.at(static_cast<double>(p.step - done), loss);
            if (curves.takes(p.step)) {
                curves.add("training/loss", p.loss, p.step);
                curves.add("training/learning_rate", p.learning_rate, p.step);
            }
            if (!p.epoch_done) return;
            const bool leaves = terminal::any_asked(processes) && p.epoch + 1 < last;
            // In all processes, so that they end together: the last step may have ruined the weights.
            nn::require_finite(nn::state_of(t.m), t.folders.checkpoints.weights(p.epoch + 1));
            if (first) {
                line.hide();
                if (const auto odd = t.batches.source().files.passed_over(); odd.count > passed_over) {
                    passed_over = odd.count;
                    std::cerr << "passed over " << odd.count << (odd.count == 1 ? " sample" : " samples") << " so far; the first: " << odd.first << std::endl;
                }
                const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
                const auto pairs = static_cast<double>(t.per_epoch * s.accumulated * s.batch * processes.size());
                end_epoch<Precision>(s, t, {p.epoch + 1, losses / static_cast<double>(counted), p.learning_rate, pairs / took.count(), left_out},
                                     leaves ? p.epoch + 1 : last,
                                     *results, curves);
            }
            processes.barrier();
            if (leaves) throw left_after{p.epoch + 1};
            losses = 0, counted = 0, left_out = 0;
            begun = std::chrono::steady_clock::now();
        },
        processes);
}

template <nn::precision_policy Precision, nn::communicator Processes>
void run(const settings& s, const Processes& processes) {
    const bool first = processes.rank() == 0;
    nn::set_threads(s.threads);
    const auto state = nn::agreed(
        processes, [&] { return prepare<Precision>(s, processes); },
        [](const std::exception_ptr& e) { return terminal::failure_of(e, "clip_train"); });
    const auto& folder = state->folders.run;
    const auto& remote_folder = state->folders.remote;
    const std::int64_t last = s.stop_after > 0 ? std::min(s.stop_after, s.epochs) : s.epochs;

    // [remote]
    std::optional<vd::io::folder_mirror> remote;
    if (first && !s.remote.empty())
        remote.emplace(folder, remote_folder, std::chrono::seconds{s.remote_frequency},
                       [](const std::string& text) { std::cerr << text << "; the remote copy is tried again" << std::endl; });
    // [/remote]

    std::optional<left_after> left;
    try {
        train_epochs<Precision>(s, processes, *state, last);
    } catch (const left_after& early) { left = early; } catch (const nn::nonfinite_error& wrong) { // in all processes
        throw nn::failed{{1, first ? std::string{"clip_train: "} + wrong.what() + " (--lr, --grad-clip-norm, --skip-nonfinite)" : std::string{}}, 0};
    }
    if (first) std::cout << "in " << folder.string() << ": checkpoints/epoch_" << (left ? left->epoch : last) << ".pt\n" << std::flush;
    if (remote && !remote->finish()) throw nn::failed{{1, "the copy in " + remote_folder.string() + " is not complete"}, processes.rank()};
    if (left) throw terminal::stopped("clip_train", "the same command goes on with --resume latest", processes.rank());
}

template <nn::communicator Processes>
void run(const settings& s, const Processes& processes) {
    if (s.precision == "fp32") run<nn::fp32>(s, processes);
    else if (s.precision == "amp") run<nn::amp>(s, processes);
    else if (s.precision == "amp_bf16") run<nn::amp_bf16>(s, processes);
    else if (s.precision == "pure_bf16") run<nn::pure_bf16>(s, processes);
    else run<nn::pure<at::kDouble>>(s, processes);
}

} // namespace clip_train
