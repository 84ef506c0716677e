// What clip_train is told.
#pragma once

#include "../terminal/curves.hpp"
#include "../terminal/paths.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"
#include "../terminal/weights.hpp"
#include "files.hpp"

#include <verdant/data/captions/caption_table.hpp>
#include <verdant/data/captions/shard_paths.hpp>
#include <verdant/error.hpp>
#include <verdant/image/colour_jitter.hpp>
#include <verdant/nn/train/checkpoint.hpp>
#include <verdant/nn/train/distributed_gradients.hpp>
#include <verdant/nn/train/locked_towers.hpp>
#include <verdant/nn/train/nonfinite.hpp>

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace clip_train {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

inline const std::vector<std::string> precision_names{"fp32", "amp", "amp_bf16", "pure_bf16", "fp64"},
    schedule_names{"cosine", "const", "const-cooldown"}, loss_names{"clip", "siglip"}; // checkpoints keep positions in these lists

struct settings {
    std::string model, config, pretrained, importance, teacher;
    terminal::weight_options weights, teacher_weights;
    std::vector<int> sizes;
    std::vector<std::string> train_data, val_data;
    vd::io::caption_columns columns;
    std::string separator = "\t", vocabulary;
    std::int64_t batch = 64, epochs = 32, accumulated = 1, stop_after = 0, val_frequency = 1;
    double rate = 5e-4, decay = 0.2, largest_gradient = 0;
    std::int64_t warmup = 10000, cooldown_epochs = 0;
    nn::nonfinite_steps nonfinite;
    std::string schedule = "cosine", precision = "fp32", loss = "clip", device = "cpu", dist = "auto", resume = "none", name = "clip_train",
                logs = "logs", tensorboard;
    nn::gathering gathered;
    bool global_loss = false, no_gather_gradient = false;
    nn::checkpoint_options checkpoints;
    std::uint64_t seed = 0;
    unsigned threads = 0;
    std::vector<double> jitter;
    vd::io::colour_jitter colours;
    nn::tower_locks locks;
    double dropped_patches = 0;
    bool gradient_checkpointing = false, resampled = false;
    std::int64_t train_samples = 0, remote_frequency = 300;
    std::string upsampling, remote;
    std::vector<double> factors; // of the parts of train_data
};

inline void add_model_options(CLI::App& app, settings& s) {
    auto* const model = app.add_option("--model", s.model, "a published CLIP: ViT-B-16, ViT-B-32, ...");
    app.add_option("--config", s.config,
                   "sizes of a CLIP in a JSON file of OpenCLIP; of --pretrained the width of heads and the activation, not the sizes")
        ->check(terminal::path())
        ->excludes(model);
    app.add_option("--point", s.sizes, "pruned sizes: layers,width,ffn,heads of the text tower, then of the vision tower")
        ->delimiter(',')
        ->expected(8);
    auto* const pretrained =
        app.add_option("--pretrained", s.pretrained,
                       "weights to start from (.pt, .safetensors, an index of several, a folder of a hub); without them from nothing")
            ->check(terminal::path());
    terminal::add_weight_options(app, s.weights, pretrained);
    app.add_option("--importance", s.importance, "folder of the rankings by which --pretrained is pruned to --point")
        ->check(terminal::path())
        ->needs(pretrained);
    auto* const teacher = app.add_option("--distill", s.teacher, "weights of a teacher, such as the unpruned model")->check(terminal::path());
    terminal::add_weight_options(app, s.teacher_weights, teacher, "distill-", "the student's");
}

inline void add_data_options(CLI::App& app, settings& s) {
    using terminal::whole;
    app.add_option("--train-data", s.train_data,
                   "a table of images and captions, or webdataset shards (.tar, .tar.gz), as in shard-{000..127}.tar; parts may be joined by ::")
        ->required();
    auto* const resampled = app.add_flag("--dataset-resampled", s.resampled, "shards are drawn with replacement, without end");
    app.add_option("--train-num-samples", s.train_samples, "pairs of an epoch then; without it as many as there are")
        ->check(whole(1, 1'000'000'000'000))
        ->needs(resampled);
    app.add_option("--train-data-upsampling-factors", s.upsampling, "how often shards of each part are drawn then, joined by ::")->needs(resampled);
    app.add_option("--val-data", s.val_data, "pairs to measure by, likewise");
    app.add_option("--val-frequency", s.val_frequency, "epochs between validations")->check(whole(1))->capture_default_str();
    app.add_option("--csv-separator", s.separator, "one character; a tab by default");
    app.add_option("--csv-img-key", s.columns.image, "column of the image's path")->capture_default_str();
    app.add_option("--csv-caption-key", s.columns.caption, "column of the caption")->capture_default_str();
    app.add_option("--vocabulary", s.vocabulary, "merges of the tokenizer; without them a small vocabulary is trained from the captions")
        ->check(terminal::path());
}

inline void add_training_options(CLI::App& app, settings& s) {
    using terminal::not_negative, terminal::positive, terminal::whole;
    app.add_option("--batch-size", s.batch, "pairs of a process in a batch")->check(whole(1, 1'000'000))->capture_default_str();
    app.add_option("--epochs", s.epochs, "passes through the data")->check(whole(1, 1'000'000))->capture_default_str();
    app.add_option("--stop-after", s.stop_after, "end after this epoch, to go on later")->check(whole(1));
    app.add_option("--accum-freq", s.accumulated, "batches a step")->check(whole(1, 1'000'000))->capture_default_str();
    app.add_option("--lr", s.rate, "learning rate")->check(positive())->capture_default_str();
    app.add_option("--wd", s.decay, "weight decay")->check(not_negative())->capture_default_str();
    app.add_option("--warmup", s.warmup, "steps until the learning rate is reached")->check(whole(0))->capture_default_str();
    app.add_option("--lr-scheduler", s.schedule, "how the learning rate falls")->check(CLI::IsMember(schedule_names))->capture_default_str();
    app.add_option("--epochs-cooldown", s.cooldown_epochs, "epochs at the end in which const-cooldown falls")->check(whole(0));
    app.add_option("--grad-clip-norm", s.largest_gradient, "longer gradients are shortened to this; 0 for no limit")
        ->check(not_negative())
        ->capture_default_str();
    terminal::add_skip_nonfinite(app, s.nonfinite.left_out);
}

inline void add_regularising_options(CLI::App& app, settings& s) {
    using terminal::not_negative, terminal::whole;
    app.add_option("--color-jitter", s.jitter, "changes of colours: brightness, contrast, saturation, hue")->delimiter(',')->expected(4);
    app.add_option("--color-jitter-prob", s.colours.probability, "how often they are made")->capture_default_str();
    app.add_option("--gray-scale-prob", s.colours.gray_probability, "how often a picture loses its colour")->capture_default_str();
    app.add_option("--force-patch-dropout", s.dropped_patches, "the part of an image's patches that a step leaves out")->check(not_negative());
    auto* const lock_image = app.add_flag("--lock-image", s.locks.image, "the vision tower keeps its weights");
    app.add_option("--lock-image-unlocked-groups", s.locks.unlocked_image_groups,
                   "but not so many groups at its end: of the embeddings, each block, and the projection")
        ->check(whole(0))
        ->needs(lock_image);
    auto* const lock_text = app.add_flag("--lock-text", s.locks.text, "the text tower keeps its weights, but for its norms");
    app.add_option("--lock-text-unlocked-layers", s.locks.unlocked_text_layers, "and so many groups at its end, likewise")
        ->check(whole(0))
        ->needs(lock_text);
    app.add_flag("--lock-text-freeze-layer-norm", s.locks.freeze_text_norms, "norms of locked text layers are locked too")->needs(lock_text);
    app.add_flag("--grad-checkpointing", s.gradient_checkpointing, "compute blocks again in the backward pass instead of keeping their activations");
}

inline void add_computing_options(CLI::App& app, settings& s) {
    app.add_option("--loss", s.loss, "contrastive or sigmoid")->check(CLI::IsMember(loss_names))->capture_default_str();
    app.add_flag("--global-loss", s.global_loss, "every process forms all similarities, not only the rows of its pairs");
    app.add_flag("--no-gather-grad", s.no_gather_gradient,
                 "no gradients through gathered features; the result then depends on the number of processes");
    app.add_option("--precision", s.precision, "numbers to compute in")->check(CLI::IsMember(precision_names))->capture_default_str();
    app.add_option("--device", s.device, "where to compute; of several graphics cards each process of a machine takes one")
        ->check(CLI::IsMember({"cpu", "cuda"}))
        ->capture_default_str();
    app.add_option("--dist", s.dist, "several processes: by MPI, by c10d with Gloo, not, or by MPI if mpirun or srun started this")
        ->check(CLI::IsMember({"auto", "none", "mpi", "c10d"}))
        ->capture_default_str();
}

inline void add_file_options(CLI::App& app, settings& s) {
    using terminal::whole;
    app.add_option("--save-frequency", s.checkpoints.frequency, "epochs between checkpoints that stay")->check(whole(1))->capture_default_str();
    app.add_flag("--save-most-recent", s.checkpoints.most_recent, "a checkpoint after every epoch, of which the newest stays");
    app.add_flag("--delete-previous-checkpoint", s.checkpoints.delete_previous, "only the newest checkpoint stays");
    app.add_option("--resume", s.resume,
                   "go on from the newest checkpoint of the run, if there is one; what changes results is refused then; --train-data may be "
                   "elsewhere, with as many pairs")
        ->check(CLI::IsMember({"none", "latest"}))
        ->capture_default_str();
    app.add_option("--logs", s.logs, "folder of the runs")->check(terminal::path())->capture_default_str();
    auto* const remote = app.add_option("--remote-sync", s.remote, "a folder, such as a mounted storage, in which the run is copied while it trains")
                             ->check(terminal::path());
    app.add_option("--remote-sync-frequency", s.remote_frequency, "seconds between copies")->check(whole(1))->needs(remote)->capture_default_str();
    app.add_option("--name", s.name, "of the run, its folder in --logs")
        ->check(terminal::path())
        ->check(terminal::name_within())
        ->capture_default_str();
    terminal::add_tensorboard(app, s.tensorboard);
    app.add_option("--seed", s.seed, "of the weights, the order and the crops")->check(whole(0))->capture_default_str();
    app.add_option("--threads", s.threads, "of a process, 0 for one a processor; the result does not depend on it")
        ->check(whole(0))
        ->capture_default_str();
}

inline void add_options(CLI::App& app, settings& s) {
    add_model_options(app, s);
    add_data_options(app, s);
    add_training_options(app, s);
    add_regularising_options(app, s);
    add_computing_options(app, s);
    add_file_options(app, s);
    terminal::explain_stop(app, "the epoch under way");
}

inline void read_factors(settings& s) {
    const char* const option = "--train-data-upsampling-factors";
    for (const auto& text : vd::io::joined_parts(s.upsampling)) {
        const auto factor = terminal::number_in<double>(text);
        if (!factor || !std::isfinite(*factor) || *factor <= 0) throw vd::input_error{option, "", "numbers above 0 joined by ::", '\'' + text + '\''};
        s.factors.push_back(*factor);
    }
    const auto parts = files_of(s.train_data).parts;
    if (s.factors.size() != parts)
        throw vd::input_error{option, "", std::to_string(parts) + ", one for each part of --train-data", std::to_string(s.factors.size())};
}

/// What no validator of a single option can say.
/// @throws input_error
inline void complete(settings& s) {
    if (s.separator.size() != 1) throw vd::input_error{"--csv-separator", "", "one character", "'" + s.separator + "'"};
    s.columns.separator = s.separator[0];
    if (s.jitter.empty() && s.colours.probability > 0) throw vd::input_error{"--color-jitter-prob", "", "--color-jitter beside it", "nothing"};
    if (!s.jitter.empty() && s.colours.probability == 0)
        throw vd::input_error{"--color-jitter", "", "--color-jitter-prob above 0 beside it, how often colours are changed", "0"};
    if (!s.jitter.empty())
        s.colours.brightness = s.jitter[0], s.colours.contrast = s.jitter[1], s.colours.saturation = s.jitter[2], s.colours.hue = s.jitter[3];
    vd::io::check(s.colours);
    if (s.dropped_patches >= 1)
        throw vd::input_error{"--force-patch-dropout", "", "a part of at least 0, below 1", std::to_string(s.dropped_patches)};
    if (!s.upsampling.empty()) read_factors(s);
    if (!is_table(s.train_data) && (s.val_data.empty() || !is_table(s.val_data))) {
        const vd::io::caption_columns usual;
        const auto require_usual = [](const char* option, const std::string& value, const std::string& same) {
            if (value != same) throw vd::input_error{option, "", "a table in --train-data or --val-data", "webdataset shards alone"};
        };
        require_usual("--csv-separator", s.separator, {usual.separator});
        require_usual("--csv-img-key", s.columns.image, usual.image);
        require_usual("--csv-caption-key", s.columns.caption, usual.caption);
    }
    if (!s.importance.empty() && s.sizes.empty()) throw vd::input_error{"--importance", "", "--point beside it", "nothing"};
    if (s.precision == "amp" && s.device == "cpu")
        throw vd::input_error{"--precision", "", "amp_bf16 or one that does not mix, with --device cpu", "amp"};
    if (s.cooldown_epochs > 0 && s.schedule != "const-cooldown")
        throw vd::input_error{"--epochs-cooldown", "", "--lr-scheduler const-cooldown beside it", s.schedule};
    if (s.cooldown_epochs > s.epochs)
        throw vd::input_error{"--epochs-cooldown", "", "at most the " + std::to_string(s.epochs) + " of --epochs", std::to_string(s.cooldown_epochs)};
    s.gathered = {.local_loss = !s.global_loss, .with_gradient = !s.no_gather_gradient};
}

} // namespace clip_train
