// What carbon_clip is told.
#pragma once

#include "../terminal/intensity.hpp"
#include "../terminal/paths.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"
#include "../terminal/weights.hpp"

#include <verdant/data/images/fashion_mnist.hpp>
#include <verdant/nn/train/nonfinite.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace carbon_clip {

namespace vd = verdant;

struct settings {
    terminal::weight_options weights; // of the checkpoint
    verdant::nn::nonfinite_steps nonfinite;
    std::string checkpoint, config, vocabulary, importance, metric = "carbon", out = "results/carbon_clip";
    std::vector<std::string> data;
    std::string images{vd::io::fashion_mnist_folder};
    std::string use_intensity = "british_columbia", fab_intensity = "taiwan";
    std::size_t trials = 40;
    std::uint64_t seed = 1;
    double time_limit = std::numeric_limits<double>::infinity(); // seconds
    double inferences = 3e7, accuracy_threshold = -1; // below 0: that of the mode
    std::optional<double> fine_tune_epochs;
    std::optional<std::int64_t> batch;
    std::int64_t train_steps = 1400, held_out = 10;
    unsigned threads = 0;
    bool quick_gelu = false;

    // A checkpoint is fine-tuned as in the published search.
    [[nodiscard]] double epochs() const { return fine_tune_epochs.value_or(checkpoint.empty() ? 0.12 : 1); }
    [[nodiscard]] std::int64_t pairs() const { return batch.value_or(checkpoint.empty() ? 128 : 64); }
    [[nodiscard]] std::string study() const { return out + "/" + metric + ".db"; }
};

inline void add_options(CLI::App& app, settings& s) {
    auto* const checkpoint =
        app.add_option("--checkpoint", s.checkpoint,
                       "a CLIP with a vision transformer of any size, in OpenCLIP's names or Hugging Face's; without one a small CLIP is trained")
            ->check(terminal::path());
    app.add_option("--config", s.config, "OpenCLIP's JSON file of the checkpoint: the width of its heads and its activation")
        ->check(terminal::path())
        ->needs(checkpoint);
    terminal::add_weight_options(app, s.weights, checkpoint);
    app.add_option("--data", s.data, "a table with columns filepath and title, or webdataset shards");
    app.add_option("--vocabulary", s.vocabulary, "the merges file of the tokenizer, plain or .gz")->check(terminal::path())->needs(checkpoint);
    app.add_flag("--quick-gelu", s.quick_gelu, "the checkpoint's activation is x sigmoid(1.702 x), as in OpenAI's models")->needs(checkpoint);
    app.add_option("--importance", s.importance, "a folder of rankings; without it they are measured")->check(terminal::path());
    app.add_option("--fashion-mnist", s.images, "the folder of the images for the small CLIP")
        ->check(terminal::path())
        ->excludes(checkpoint)
        ->capture_default_str();
    app.add_option("--metric", s.metric, "what is optimised beside accuracy")
        ->check(CLI::IsMember({"carbon", "latency", "energy", "all"}))
        ->capture_default_str();
    app.add_option("--trials", s.trials, "points to evaluate; more than a kept study has go on with it")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    terminal::add_time_limit(app, s.time_limit);
    app.add_option("--seed", s.seed, "seed of everything")->capture_default_str();
    app.add_option("--train-steps", s.train_steps, "steps of training the small CLIP, without --checkpoint")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    // Not by `excludes`: of several such options --help has those of --checkpoint in the order of their addresses.
    app.parse_complete_callback([&app] {
        if (app.count("--checkpoint") > 0 && app.count("--train-steps") > 0) throw CLI::ExcludesError{"--checkpoint", "--train-steps"};
    });
    app.add_option("--fine-tune-epochs", s.fine_tune_epochs,
                   "epochs of fine-tuning, multiplied by how much smaller a model is (default: 0.12; 1 with --checkpoint)")
        ->check(terminal::positive());
    app.add_option("--batch", s.batch, "pairs of a training step (default: 128; 64 with --checkpoint)")->check(CLI::Range(2, 100'000));
    terminal::add_skip_nonfinite(app, s.nonfinite.left_out);
    app.add_option("--held-out", s.held_out, "of so many images one is kept to judge by, with --data")
        ->check(CLI::Range(2, 1000))
        ->needs(checkpoint)
        ->capture_default_str();
    app.add_option("--accuracy-threshold", s.accuracy_threshold,
                   "accuracy that is of no use: of the reference point of the hypervolume (default: the mode's)")
        ->check(terminal::number(0, 1));
    app.add_option("--use-intensity", s.use_intensity, "carbon intensity of use: a place, a source, or g CO2e/kWh")
        ->check(terminal::intensity())
        ->capture_default_str();
    app.add_option("--fab-intensity", s.fab_intensity, "carbon intensity of the fab, likewise")->check(terminal::intensity())->capture_default_str();
    app.add_option("--inferences", s.inferences, "inferences in a device's life")->check(terminal::positive())->capture_default_str();
    app.add_option("--threads", s.threads, "that compute, 0 for one a processor; the result does not depend on it")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    app.add_option("--out", s.out, "folder of results, kept models and studies")->check(terminal::path())->capture_default_str();
    terminal::explain_stop(app, "the trial under way");
}

} // namespace carbon_clip
