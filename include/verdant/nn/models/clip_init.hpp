#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <ATen/ops/full.h>

#include <cmath>
#include <cstdint>

/// The first weights of a CLIP, as OpenCLIP draws them.
namespace verdant::nn {

namespace detail {

/// What torch.nn.Linear starts with, weight and bias alike: uniform within the inverse root of the inputs.
inline void init_linear(nn::affine& layer, at::Generator& stream) {
    const double bound = 1 / std::sqrt(static_cast<double>(layer.weight.size(1)));
    layer.weight.uniform_(-bound, bound, stream);
    layer.bias.uniform_(-bound, bound, stream);
}

inline void init_norm(nn::affine& norm) {
    norm.weight.fill_(1);
    norm.bias.zero_();
}

/// What the layers of PyTorch start with; attention biases are zero, its joint projection is Glorot's uniform.
inline void init_block(nn::residual_block& b, at::Generator& stream) {
    init_norm(b.ln_1);
    init_norm(b.ln_2);
    const double in = static_cast<double>(b.attn.in_proj_weight.size(1)), out = static_cast<double>(b.attn.in_proj_weight.size(0));
    const double bound = std::sqrt(6 / (in + out));
    b.attn.in_proj_weight.uniform_(-bound, bound, stream);
    b.attn.in_proj_bias.zero_();
    init_linear(b.attn.out_proj, stream);
    b.attn.out_proj.bias.zero_();
    init_linear(b.c_fc, stream);
    init_linear(b.c_proj, stream);
}

} // namespace detail

/// A model to train from nothing, initialised as OpenCLIP does: normal token embeddings of deviation 0.02 and positions of 0.01; in the
/// text blocks, for width w and L layers, attention w^-1/2, both projections back w^-1/2 (2L)^-1/2, the feed-forward layer (2w)^-1/2, the
/// text projection w^-1/2; in the vision tower class, positions and projection W^-1/2 and PyTorch's defaults elsewhere; logit scale ln(1/0.07).
/// The seed alone determines the weights.
template <class = instantiated_when_used>
[[nodiscard]] clip_model random_clip(const workload::clip_config& c, std::uint64_t seed = 0) {
    warn_about_slow_blas();
    auto stream = generator(seed);
    clip_model m = empty_clip(c);
    m.logit_scale.fill_(std::log(1 / 0.07));

    auto& v = m.vision;
    const double vision = 1 / std::sqrt(static_cast<double>(c.vision.width));
    for (auto* t : {&v.class_embedding, &v.positional_embedding, &v.projection}) t->normal_(0, vision, stream);
    const double bound = 1 / std::sqrt(3.0 * c.patch * c.patch);
    v.conv1.uniform_(-bound, bound, stream);
    detail::init_norm(v.ln_pre);
    detail::init_norm(v.ln_post);
    for (auto& b : v.blocks) detail::init_block(b, stream);

    auto& t = m.text;
    const double width = c.text.width;
    t.token_embedding.normal_(0, 0.02, stream);
    t.positional_embedding.normal_(0, 0.01, stream);
    t.projection.normal_(0, 1 / std::sqrt(width), stream);
    detail::init_norm(t.ln_final);
    for (auto& b : t.blocks) {
        detail::init_block(b, stream);
        const double back = 1 / std::sqrt(width * 2 * c.text.layers);
        b.attn.in_proj_weight.normal_(0, 1 / std::sqrt(width), stream);
        b.attn.out_proj.weight.normal_(0, back, stream);
        b.c_fc.weight.normal_(0, 1 / std::sqrt(2 * width), stream);
        b.c_proj.weight.normal_(0, back, stream);
    }
    return m;
}
VERDANT_DEFINED_ONCE(clip_model random_clip<>(const workload::clip_config&, std::uint64_t));

/// What a model trained with the sigmoid loss starts with: scale ln 10, bias -10.
inline void init_for_siglip(clip_model& m) {
    m.logit_scale = at::full({}, std::log(10.0), m.logit_scale.options());
    m.logit_bias = at::full({}, -10.0, m.logit_scale.options());
}

} // namespace verdant::nn
