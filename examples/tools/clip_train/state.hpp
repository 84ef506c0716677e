// Everything that clip_train makes before its first step, so that whatever is wrong is found out before.
#pragma once

#include "data.hpp"
#include "model.hpp"
#include "options.hpp"

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/nn/batches/caption_batches.hpp>
#include <verdant/nn/batches/prefetched.hpp>
#include <verdant/nn/core/autocast.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/nn/models/gradient_checkpointing.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/train/checkpoint.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/locked_towers.hpp>
#include <verdant/nn/train/train.hpp>
#include <verdant/tokenizer/merges_file.hpp>
#include <verdant/tokenizer/tokenizer.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace clip_train {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

/// Where a run is kept, and its copy where there is one.
struct run_folders {
    fs::path run, remote; // empty without a copy
    nn::checkpoint_folder checkpoints, remote_checkpoints;

    explicit run_folders(const settings& s)
        : run{fs::path{s.logs} / s.name}, remote{s.remote.empty() ? fs::path{} : fs::path{s.remote} / s.name},
          checkpoints{run / "checkpoints", s.checkpoints}, remote_checkpoints{remote / "checkpoints", s.checkpoints}, fresh_{s.resume == "none"} {}

    // A run that is not to go on must not be there. @throws input_error
    void check() const {
        for (const auto& [there, where] : {std::pair{&checkpoints, &run}, std::pair{&remote_checkpoints, &remote}})
            if (fresh_ && !where->empty() && !there->epochs().empty())
                throw vd::input_error{where->string(), "", "a run without checkpoints, another --name, or --resume latest", "checkpoints"};
    }

    // @throws file_error
    void make(const vd::io::bpe_merges& merges) const {
        for (const auto* folder : {&remote, &run}) {
            std::error_code failure;
            if (!folder->empty()) fs::create_directories(*folder, failure);
            if (failure) throw vd::file_error{folder->string(), "make the folder", failure.message()};
        }
        checkpoints.remove_leftovers();
        if (!remote.empty()) remote_checkpoints.remove_leftovers();
        vd::io::write_file((run / "merges.txt").string(), vd::io::merges_text(merges));
    }

private:
    bool fresh_;
};

/// Everything that is made before the first step, so that whatever is wrong is found out before.
struct run_state {
    nn::clip_model m;
    nn::adamw optimizer;
    nn::prefetched<device_batches> batches;
    nn::image_text_batch validation;
    chosen_objective objective;
    nn::training_options options;
    chosen_schedule schedule;
    std::int64_t per_epoch, done = 0;
    run_folders folders;
    nn::run_settings facts;
};

/// What a run must have in common with the one that it goes on with.
inline nn::run_settings facts_of_run(const settings& s, int processes, std::int64_t steps, std::int64_t samples) {
    // The product of batch and processes, so that a run may go on with another number of processes.
    nn::run_settings facts{{"batch", static_cast<double>(s.batch * processes)},
                           {"accum-freq", static_cast<double>(s.accumulated)},
                           {"steps", static_cast<double>(steps)},
                           {"seed", static_cast<double>(s.seed)},
                           {"samples", static_cast<double>(samples)},
                           {"lr", s.rate},
                           {"wd", s.decay},
                           {"warmup", static_cast<double>(s.warmup)}};
    if (s.colours.probability > 0)
        for (std::size_t i = 0; i < s.jitter.size(); ++i) facts.emplace_back("color-jitter-" + std::to_string(i), s.jitter[i]);
    if (s.colours.probability > 0) facts.emplace_back("color-jitter-prob", s.colours.probability);
    if (s.colours.gray_probability > 0) facts.emplace_back("gray-scale-prob", s.colours.gray_probability);
    if (s.locks.image) facts.emplace_back("lock-image-unlocked-groups", static_cast<double>(s.locks.unlocked_image_groups));
    if (s.locks.text) facts.emplace_back("lock-text-unlocked-layers", static_cast<double>(s.locks.unlocked_text_layers));
    if (s.locks.text) facts.emplace_back("lock-text-freeze-layer-norm", s.locks.freeze_text_norms ? 1 : 0);
    if (s.dropped_patches > 0) facts.emplace_back("force-patch-dropout", s.dropped_patches);
    if (s.resampled) facts.emplace_back("train-num-samples", static_cast<double>(s.train_samples));
    for (std::size_t i = 0; i < s.factors.size(); ++i) facts.emplace_back("train-data-upsampling-factors-" + std::to_string(i), s.factors[i]);
    return facts;
}

/// @throws input_error, file_error where something is wrong with what the options name
template <nn::precision_policy Precision, nn::communicator Processes>
std::unique_ptr<run_state> prepare(const settings& s, const Processes& processes) {
    const bool first = processes.rank() == 0;
    const auto device = device_of(s);
    { const typename Precision::scope there{device}; } // a precision that the device lacks is found out now
    auto samples = read_samples(s.train_data, s.columns);
    auto m = nn::to(starting_model(s), device, Precision::weights);
    if (s.loss == "siglip" && !m.logit_bias.defined()) nn::init_for_siglip(m);
    const auto size = static_cast<std::size_t>(nn::config_of(m).image);
    const run_folders folders{s};
    folders.check();
    auto objective = objective_of(s, m, device);
    const auto merges = merges_of(s, m, samples);
    vd::io::clip_tokenizer tokenizer{merges, {.context_length = static_cast<std::size_t>(nn::config_of(m).context)}};
    nn::image_text_batch validation;
    if (!s.val_data.empty() && first) validation = nn::load_captions(read_samples(s.val_data, s.columns), tokenizer, {.size = size}, s.threads);
    const auto count = static_cast<std::int64_t>(samples.size());
    const auto resampling = resampling_of(s, samples);
    // [batches]
    nn::caption_batches files{
        std::move(samples),
        std::move(tokenizer),
        {.batch = s.batch, .seed = s.seed, .preprocessing = {.size = size}, .colours = s.colours, .threads = s.threads, .resampled = resampling},
        {processes.rank(), processes.size()}};
    // [/batches]
    const std::int64_t per_epoch = files.size() / s.accumulated, steps = per_epoch * s.epochs;
    if (per_epoch < 1)
        throw vd::input_error{"--accum-freq", "", "at most the " + std::to_string(files.size()) + " batches of an epoch",
                              std::to_string(s.accumulated)};
    // [lock]
    nn::lock_towers(m, s.locks);
    auto optimizer = nn::adamw_of_trainable(m, {.weight_decay = s.decay});
    if (s.gradient_checkpointing) nn::use_gradient_checkpointing<Precision>(m);
    // [/lock]
    const auto facts = facts_of_run(s, processes.size(), steps, count);
    std::int64_t done = 0;
    if (s.resume == "latest") {
        const auto warn = [first](const std::string& text) {
            if (first) std::cerr << text << "; trying the checkpoint before" << std::endl;
        };
        // What another machine has left in the remote copy is taken where this one has nothing.
        const auto& from = folders.checkpoints.epochs().empty() && !s.remote.empty() ? folders.remote_checkpoints : folders.checkpoints;
        done = from.resume(m, optimizer, facts, warn).value_or(0);
    }
    if (first) folders.make(merges);
    const auto ahead = s.threads == 1 ? nn::looking_ahead::not_at_all : nn::looking_ahead::in_another_thread;
    return std::unique_ptr<run_state>(new run_state{m,
                                                    std::move(optimizer),
                                                    nn::prefetched<device_batches>{device_batches{std::move(files), device}, ahead},
                                                    validation,
                                                    std::move(objective),
                                                    {.steps = steps,
                                                     .accumulated_batches = s.accumulated,
                                                     .largest_gradient = s.largest_gradient,
                                                     .gathered = s.gathered,
                                                     .dropped_patches = {s.dropped_patches, s.seed},
                                                     .nonfinite = s.nonfinite},
                                                    schedule_of(s, steps, per_epoch),
                                                    per_epoch,
                                                    done,
                                                    folders,
                                                    facts});
}

} // namespace clip_train
