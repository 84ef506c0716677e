// The evaluator of a search over pruned CLIPs: each is fine-tuned briefly, longer the smaller it is, and judged by retrieval. Runs that are finished are kept.

#include <verdant/nn/evaluate/encode.hpp>
#include <verdant/nn/evaluate/retrieval.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/train/train.hpp>
#include <verdant/pruning/clip_importance.hpp>
#include <verdant/pruning/fine_tune.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/workload/transformer/flop_proxy.hpp>

#include <ATen/ops/arange.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <cstdio>
#include <filesystem>

namespace vd = verdant;

struct text_tower : vd::space<vd::param<"layers", vd::range<1, 2>>, vd::param<"ffn", vd::range<32, 64, 8>>, vd::param<"width", vd::range<16, 32, 8>>,
                              vd::param<"heads", vd::range<2, 4>>> {};
struct vision_tower : vd::space<vd::param<"layers", vd::range<1, 2>>, vd::param<"ffn", vd::range<48, 96, 12>>,
                                vd::param<"width", vd::range<24, 48, 12>>, vd::param<"heads", vd::range<3, 6>>> {};
struct small_clips : vd::space<vd::nest<"text", text_tower>, vd::nest<"vision", vision_tower>> {};

int main() {
    const vd::workload::clip_config config{.text = {2, 32, 64, 4, 8},
                                           .vision = {2, 48, 96, 6, 8},
                                           .patch = 4,
                                           .joint = 32,
                                           .image = 16,
                                           .context = 8,
                                           .vocabulary = 64,
                                           .nonlinearity = vd::workload::activation::gelu};
    auto stream = vd::nn::generator(2);
    const auto images = at::randn({32, 3, 16, 16}, stream), tokens = at::randint(1, 64, {32, 8}, stream, at::kLong);
    const auto cache = std::filesystem::temp_directory_path() / "verdant_example_fine_tune";
    std::filesystem::remove_all(cache);

    // [evaluator]
    const vd::supernet::fine_tuner tune{
        vd::nn::random_clip(config, 1),
        vd::supernet::importance_by_position(config),
        vd::nn::memory_batches{images, tokens, 8}, // or nn::caption_batches of files
        {.learning_rate = 2e-3, .warmup = 5, .length = {.epochs = 6}, .cache = cache.string(), .architecture = "small"}};
    const auto accuracy = [&](const vd::point<small_clips>& p) {
        const auto model = tune(p);
        return vd::nn::recall_at(vd::nn::image_features(model, images), vd::nn::text_features(model, tokens), at::arange(32), 1).mean();
    };
    // [/evaluator]

    vd::random_stream draws{7};
    for (int i = 0; i < 3; ++i) {
        const auto p = vd::sample<small_clips>(draws);
        const auto shape = vd::spaces::clip_of(p, config);
        const auto length = vd::workload::scaled_fine_tuning(config, shape, 4, {.epochs = 6});
        const bool better = accuracy(p) > 1.5 / 32; // what guessing gives, and half as much again
        const auto again = accuracy(p); // from the cache
        std::printf("%s: %lld steps, %s\n", vd::supernet::run_name(shape, "small", "pretrained").c_str(), static_cast<long long>(length.steps),
                    better && again > 0 ? "better than guessing" : "no better than guessing");
    }
    std::filesystem::remove_all(cache);
}
