// The small CLIP of carbon_clip, trained on Fashion-MNIST.
#pragma once

#include "../terminal/data_digest.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "options.hpp"
#include "workbench.hpp"

#include <verdant/data/images/fashion_mnist.hpp>
#include <verdant/data/images/image_set.hpp>
#include <verdant/data/images/mnist_images.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/evaluate/classification.hpp>
#include <verdant/nn/evaluate/encode.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/train.hpp>
#include <verdant/pruning/fine_tune.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/report/report.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/text/number.hpp>
#include <verdant/tokenizer/bpe_training.hpp>
#include <verdant/tokenizer/tokenizer.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace carbon_clip {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

// [spaces]
/// What is searched in the small CLIP: as in the published space, sizes are eighths of the trained model's.
struct small_text : vd::space<vd::param<"layers", vd::range<1, 2>>, vd::param<"ffn", vd::range<96, 192, 24>>,
                              vd::param<"width", vd::range<24, 48, 6>>, vd::param<"heads", vd::range<2, 4>>> {};
struct small_vision : vd::space<vd::param<"layers", vd::range<2, 4>>, vd::param<"ffn", vd::range<192, 384, 48>>,
                                vd::param<"width", vd::range<48, 96, 12>>, vd::param<"heads", vd::range<2, 4>>> {};
struct small_co_design : vd::space<vd::nest<"text", small_text>, vd::nest<"vision", small_vision>, vd::nest<"hw", vd::spaces::accelerator>> {};
// [/spaces]

constexpr vd::workload::clip_config small_clip(int vocabulary) {
    return {.text = {.layers = 2, .width = 48, .ffn = 192, .heads = 4, .head_width = 12},
            .vision = {.layers = 4, .width = 96, .ffn = 384, .heads = 4, .head_width = 24},
            .patch = 7,
            .joint = 48,
            .image = 28,
            .context = 16,
            .vocabulary = vocabulary};
}

inline at::Tensor rows_of(const vd::io::clip_tokenizer& tokenizer, const std::vector<std::string>& captions) {
    std::vector<at::Tensor> rows;
    for (const auto& c : captions) {
        const auto row = tokenizer.row(c);
        rows.push_back(at::tensor(std::vector<std::int64_t>(row.begin(), row.end())));
    }
    return at::stack(rows);
}

// [train]
/// The small CLIP, trained from nothing on images with captions; kept in the folder of results.
inline nn::clip_model train_small_clip(const settings& s, const vd::workload::clip_config& config, const nn::memory_batches& source) {
    const auto path =
        s.out + "/clip_seed" + std::to_string(s.seed) + "_" + std::to_string(s.train_steps) + "x" + std::to_string(s.pairs()) + ".safetensors";
    if (fs::exists(path)) return nn::load_clip(vd::io::read_tensors(path), config);
    auto model = nn::random_clip(config, s.seed);
    const nn::training_options options{.optimizer = {.weight_decay = 0.1}, .steps = s.train_steps, .largest_gradient = 1, .nonfinite = s.nonfinite};
    auto optimizer = nn::adamw_of(model, options.optimizer);
    terminal::progress line{"training", static_cast<double>(s.train_steps), terminal::in_logs::tenths};
    nn::train(model, optimizer, source, nn::contrastive_objective{}, nn::cosine_schedule{1.5e-3, s.train_steps / 10, s.train_steps}, options,
              [&](const nn::training_progress& p) {
                  line.at(static_cast<double>(p.step), "loss " + vd::rounded_text(p.loss, 4));
                  if (p.step < s.train_steps)
                      terminal::leave_if_asked("carbon_clip", "nothing is kept of this training, and the same command begins it again");
              });
    nn::require_grad(model, false);
    const auto state = nn::state_of(model);
    nn::require_finite(state, path);
    vd::io::write_safetensors(path, state);
    return model;
}
// [/train]

inline constexpr std::array caption_templates{"a photo of a {}.",         "a grey picture of a {}.",     "an image of one {}.",
                                              "a {} for sale.",           "a shop shows the {}.",        "this is a {}.",
                                              "a small photo of the {}.", "a catalogue picture of a {}."};

/// Captions of each class, made from its label.
inline std::vector<std::vector<std::string>> class_captions() {
    std::vector<std::vector<std::string>> captions;
    for (const auto label : vd::io::fashion_mnist_classes) {
        auto& of_class = captions.emplace_back();
        for (std::string text : caption_templates) {
            text.replace(text.find("{}"), 2, label);
            of_class.push_back(text);
        }
    }
    return captions;
}

/// Images [n, 3, 28, 28] and their classes.
inline std::pair<at::Tensor, at::Tensor> read_split(const settings& s, const std::string& split) {
    const auto files = vd::io::read_mnist(s.images, split);
    // Mean and deviation of the training images.
    auto pixels = nn::to_tensor(files.images).to(at::kFloat).div_(255).sub_(0.2860).div_(0.3530);
    return std::pair{pixels.unsqueeze(1).expand({-1, 3, -1, -1}).contiguous(), nn::to_tensor(files.labels).to(at::kLong)};
}

/// The tokens of one caption for each image, drawn from those of its class.
inline at::Tensor drawn_captions(const std::vector<at::Tensor>& prompts, const at::Tensor& labels, std::uint64_t seed) {
    const auto ids = at::stack(prompts).index_select(0, labels); // every caption of its class
    vd::random_stream draws{seed};
    std::vector<std::int64_t> drawn;
    for (std::int64_t i = 0; i < ids.size(0); ++i) drawn.push_back(static_cast<std::int64_t>(draws.below(caption_templates.size())));
    return ids.gather(1, at::tensor(drawn).view({-1, 1, 1}).expand({-1, 1, ids.size(2)})).squeeze(1).contiguous();
}

/// Fashion-MNIST: 55,000 images to train, 5,000 to choose by, 10,000 to test; captions are made from the labels.
inline workbench fashion_bench(const settings& s, vd::result_folder& out) {
    const auto captions = class_captions();
    std::vector<std::string> all;
    for (const auto& of_class : captions) all.insert(all.end(), of_class.begin(), of_class.end());
    const auto merges = vd::io::train_merges(all, 400);
    const vd::io::clip_tokenizer tokenizer{merges, {.context_length = 16}};
    std::vector<at::Tensor> prompts;
    for (const auto& of_class : captions) prompts.push_back(rows_of(tokenizer, of_class));

    const auto [images, labels] = read_split(s, "train");
    const auto [test_images, test_labels] = read_split(s, "t10k");
    const auto chosen = images.size(0) - images.size(0) / 12;
    const nn::memory_batches source{images.slice(0, 0, chosen), drawn_captions(prompts, labels, s.seed).slice(0, 0, chosen), s.pairs(), s.seed};

    const auto zero_shot = [prompts](at::Tensor pictures, at::Tensor classes) {
        return [prompts, pictures, classes](const nn::clip_model& m) {
            const auto logits = nn::class_logits(nn::image_features(m, pictures, 250), nn::zero_shot_classifier(m, prompts));
            return nn::classify(logits, classes).accuracy;
        };
    };
    const auto digest = terminal::digest_of_images(nn::any_image_set{vd::io::mnist_images::train(s.images)},
                                                   nn::any_image_set{vd::io::mnist_images::test(s.images)})();
    workbench b{.name = "small CLIP on Fashion-MNIST", .measure = "10-way zero-shot accuracy"};
    claim(out, s,
          {{"model", "small CLIP, seed " + std::to_string(s.seed) + ", " + std::to_string(s.train_steps) + " steps of " + std::to_string(s.pairs()) +
                         " pairs"},
           {"data", "Fashion-MNIST (" + digest + "), " + std::to_string(images.size(0)) + " images"},
           {"fine-tuning", vd::exact_text(s.epochs()) + " epochs"}});
    b.model = train_small_clip(s, small_clip(static_cast<int>(merges.size()) + 514), source);
    b.accuracy = zero_shot(images.slice(0, chosen), labels.slice(0, chosen));
    b.test_accuracy = zero_shot(test_images, test_labels);
    b.importance = importance_of(s, b.model, zero_shot(images.slice(0, chosen, chosen + 1000), labels.slice(0, chosen, chosen + 1000)));
    claim(out, b.importance);
    const auto original = b.config();
    b.fine_tune = [=](const nn::clip_model& pruned) {
        auto how = fine_tuning(s, "small", "fashion-mnist " + digest + ", " + std::to_string(s.train_steps) + " steps before");
        how.learning_rate = 5e-4, how.warmup = 2, how.largest_gradient = 1;
        return vd::supernet::fine_tune(pruned, original, source, how);
    };
    return b;
}

} // namespace carbon_clip
