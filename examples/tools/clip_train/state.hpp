// Everything that clip_train makes before its first step, so that whatever is wrong is found out before.
#pragma once

#include "../terminal/device.hpp"
#include "../terminal/paths.hpp"
#include "data.hpp"
#include "facts.hpp"
#include "model.hpp"
#include "options.hpp"

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/io/file/read_file.hpp>
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
#include <verdant/study/result_folder.hpp>
#include <verdant/tokenizer/merges_file.hpp>
#include <verdant/tokenizer/tokenizer.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
            if (!folder->empty()) terminal::make_folder(*folder);
        }
        checkpoints.remove_leftovers();
        if (!remote.empty()) remote_checkpoints.remove_leftovers();
        vd::io::write_file((run / "merges.txt").string(), vd::io::merges_text(merges));
    }

private:
    bool fresh_;
};

/// Keeps other processes out of a run: of two that trained in one folder the work of one would be lost. @throws file_error where another one trains there
class run_lock {
public:
    explicit run_lock(const fs::path& run) : runs_{run.has_parent_path() ? run.parent_path() : fs::path{"."}}, lock_{run.string(), "clip_train"} {}

private:
    vd::result_folder runs_; // gone again where nothing came of the run
    vd::io::detail::study_lock lock_;
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
    std::unique_ptr<run_lock> reserved; // in the first process
};

/// The newest checkpoint of the run that can be read, into model and optimiser. @return the epochs that are done
/// @throws input_error where the run that is there is another one, or where none of its checkpoints can be read: it is never trained over
inline std::int64_t go_on(const run_folders& folders, nn::clip_model& m, nn::adamw& optimizer, const nn::run_settings& facts, std::int64_t per_epoch,
                          const vd::io::bpe_merges& merges, bool speaks) {
    // What another machine has left in the remote copy is taken where this one has nothing.
    const bool remote = folders.checkpoints.epochs().empty() && !folders.remote.empty();
    const auto& from = remote ? folders.remote_checkpoints : folders.checkpoints;
    const auto& run = remote ? folders.remote : folders.run;
    const auto there = from.epochs();
    if (there.empty()) return 0;
    std::vector<std::string> wrong; // of checkpoints, the newest first
    std::optional<std::int64_t> done;
    try {
        done = from.resume(m, optimizer, facts, [&wrong](const std::string& text) { wrong.push_back(text); });
    } catch (const vd::input_error&) { refuse_other_settings(from.optimizer(there[there.size() - 1 - wrong.size()]), facts, per_epoch); }
    if (!done)
        throw vd::input_error{"--resume", run.string(),
                              "a checkpoint that this model can go on from (same --config, --model, --point), or another --name for a new run",
                              std::to_string(there.size()) + " that cannot be used (the newest: " + wrong.front() + ")"};
    const auto kept = (run / "merges.txt").string();
    if (fs::exists(kept) && vd::io::read_file(kept) != vd::io::merges_text(merges))
        throw vd::input_error{"--vocabulary", "", "the merges of the run that goes on, which are in " + kept,
                              "others (without the option they are trained from the captions)"};
    for (const auto& text : wrong)
        if (speaks) std::cerr << text << "; trying the checkpoint before" << std::endl;
    return *done;
}

/// @throws input_error for more groups than a tower has
inline void check_groups(const char* option, std::int64_t unlocked, std::size_t blocks) {
    const auto groups = static_cast<std::int64_t>(blocks) + 2;
    if (unlocked > groups)
        throw vd::input_error{option, "",
                              "at most the " + std::to_string(groups) + " groups of the tower: embeddings, " + std::to_string(blocks) +
                                  " blocks, projection",
                              std::to_string(unlocked)};
}

/// @throws input_error, file_error where something is wrong with what the options name
template <nn::precision_policy Precision, nn::communicator Processes>
std::unique_ptr<run_state> prepare(const settings& s, const Processes& processes) {
    const bool first = processes.rank() == 0;
    const run_folders folders{s};
    std::unique_ptr<run_lock> reserved;
    if (first) reserved = std::make_unique<run_lock>(folders.run);
    const auto device = terminal::device_of(s.device);
    { const typename Precision::scope there{device}; } // a precision that the device lacks is found out now
    auto samples = read_samples(s.train_data, s.columns);
    auto m = nn::to(starting_model(s), device, Precision::weights);
    if (s.loss == "siglip" && !m.logit_bias.defined()) nn::init_for_siglip(m);
    const auto size = static_cast<std::size_t>(nn::config_of(m).image);
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
    check_groups("--lock-image-unlocked-groups", s.locks.unlocked_image_groups, m.vision.blocks.size());
    check_groups("--lock-text-unlocked-layers", s.locks.unlocked_text_layers, m.text.blocks.size());
    // [lock]
    nn::lock_towers(m, s.locks);
    auto optimizer = nn::adamw_of_trainable(m, {.weight_decay = s.decay});
    if (s.gradient_checkpointing) nn::use_gradient_checkpointing<Precision>(m);
    // [/lock]
    const auto facts = facts_of_run(s, nn::config_of(m), objective.teacher, processes.size(), steps, count);
    const auto done = s.resume == "latest" ? go_on(folders, m, optimizer, facts, per_epoch, merges, first) : std::int64_t{0};
    if (s.stop_after > 0 && s.stop_after < done)
        throw vd::input_error{"--stop-after", folders.run.string(), "at least " + std::to_string(done) + ", the epoch that the run has reached",
                              std::to_string(s.stop_after)};
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
                                                    facts,
                                                    std::move(reserved)});
}

} // namespace clip_train
