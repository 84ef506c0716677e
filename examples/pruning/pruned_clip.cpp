// A CLIP whose pruned models share its weights: rank the heads and feed-forward blocks, then take any point of a space as a model.

#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/pruning/rank_importance.hpp>
#include <verdant/pruning/shared_clip.hpp>
#include <verdant/space.hpp>

#include <ATen/ops/randn.h>

#include <cstdio>

namespace vd = verdant;

// A space of the shapes that a small CLIP can be pruned to.
struct text_tower : vd::space<vd::param<"layers", vd::range<2, 4>>, vd::param<"ffn", vd::range<64, 128, 16>>,
                              vd::param<"width", vd::range<16, 32, 4>>, vd::param<"heads", vd::range<2, 4>>> {};
struct vision_tower : vd::space<vd::param<"layers", vd::range<2, 4>>, vd::param<"ffn", vd::range<96, 192, 24>>,
                                vd::param<"width", vd::range<24, 48, 6>>, vd::param<"heads", vd::range<3, 6>>> {};
struct small_clips : vd::space<vd::nest<"text", text_tower>, vd::nest<"vision", vision_tower>> {};

int main() {
    const vd::workload::clip_config config{.text = {4, 32, 128, 4, 8},
                                           .vision = {4, 48, 192, 6, 8},
                                           .patch = 8,
                                           .joint = 32,
                                           .image = 32,
                                           .context = 16,
                                           .vocabulary = 256,
                                           .nonlinearity = vd::workload::activation::gelu};
    const auto model = vd::nn::random_clip(config, 1);
    auto stream = vd::nn::generator(2);
    const auto images = at::randn({4, 3, 32, 32}, stream);
    const auto whole = vd::nn::normalised(vd::nn::encode_image(model, images));

    // Without data at hand, a unit counts as much as the embeddings of noise move when it goes.
    // [share]
    const auto importance = vd::supernet::rank_importance(model, [&](const vd::nn::clip_model& without_one) {
        const auto features = vd::nn::normalised(vd::nn::encode_image(without_one, images));
        return vd::supernet::unit_quality{.accuracy = (features * whole).sum(1).mean().item<double>()};
    });
    const vd::supernet::shared_clip shared{model, importance};

    vd::random_stream draws{7};
    for (int i = 0; i < 3; ++i) {
        const auto p = vd::sample<small_clips>(draws);
        const auto pruned = shared(p);                              // views, made in a moment
        const auto copy = vd::supernet::prune(model, importance, p); // a model of its own, to fine-tune and save
        // [/share]
        const auto gap = (vd::nn::encode_image(pruned, images) - vd::nn::encode_image(copy, images)).abs().max().item<double>();
        const auto c = vd::nn::config_of(pruned);
        std::printf("text %d x %d, vision %d x %d: %lld parameters, %s, copy and views %s\n", c.text.layers, c.text.width, c.vision.layers,
                    c.vision.width, static_cast<long long>(vd::nn::parameter_count(pruned)), vd::nn::size_text(pruned).c_str(),
                    gap < 1e-5 ? "agree" : "differ");
    }
}
