#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/models/transformer_model.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>

#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// Truncates BERT, ViT and Llama to smaller configurations.
namespace verdant::supernet {

/// As the original: tensors with `embeddings` in their name are cut but never stored, so that they keep their random initial values. That
/// touches BERT's and ViT's, whose first layers then read noise until they are tuned, and not Llama's, which is called `embed_tokens`.
struct faithful_truncation {
    static constexpr bool keeps_embeddings = false;
};

/// Embeddings are cut and kept like all other tensors.
struct corrected_truncation {
    static constexpr bool keeps_embeddings = true;
};

/// How a transformer is cut to a smaller one: which layers, heads and units stay.
template <class P>
concept truncation_policy = requires {
    { P::keeps_embeddings } -> std::convertible_to<bool>;
};

/// The layers that stay of `layers` when `kept` are asked for: the first, and then the last; those from 1 on go.
/// @throws input_error unless 1 <= kept <= layers
[[nodiscard]] inline std::vector<std::size_t> first_and_last_layers(std::int64_t layers, std::int64_t kept) {
    if (kept < 1 || kept > layers) throw input_error{"truncation", "layers", "1 to " + std::to_string(layers), std::to_string(kept)};
    std::vector<std::size_t> out{0};
    for (std::int64_t i = layers - kept + 1; i < layers; ++i) out.push_back(static_cast<std::size_t>(i));
    return out;
}

namespace detail {

/// The leading part of a tensor, a view. @throws input_error if it has no such part
[[nodiscard]] inline at::Tensor leading_part(const std::string& name, const at::Tensor& from, at::IntArrayRef extents) {
    const auto text = [](at::IntArrayRef e) { return io::shape_text(io::tensor_shape(e.begin(), e.end())); };
    bool within = from.dim() == static_cast<std::int64_t>(extents.size());
    for (std::int64_t i = 0; within && i < from.dim(); ++i) within = extents[static_cast<std::size_t>(i)] <= from.size(i);
    if (!within) throw input_error{"truncation", "tensor " + name, "at most " + text(from.sizes()), text(extents)};
    auto part = from;
    for (std::int64_t i = 0; i < from.dim(); ++i) part = part.narrow(i, 0, extents[static_cast<std::size_t>(i)]);
    return part;
}

} // namespace detail

/// The truncated model of these dimensions, a copy of its own (CATransformers, eval/model_eval_hf.py): layers 1 and on go until as many are
/// left as asked for, and of every tensor the leading part stays in every dimension. Heads are not ranked: the channels that stay are
/// divided anew among the heads of the target.
/// @tparam Policy what becomes of embeddings, `faithful_truncation` or `corrected_truncation`
/// @param target the same family; what is not part of a search (vocabulary, positions, image, classes) as the source has it
/// @param seed   of embeddings that start at random
/// @throws input_error if the target is not well formed, or has a tensor that is larger than the source's
template <truncation_policy Policy = faithful_truncation, nn::transformer_model Model>
[[nodiscard]] Model truncate(const Model& source, const typename Model::config_type& target, std::uint64_t seed = 0) {
    const c10::AutoGradMode off{false};
    if (!is_well_formed(target)) throw input_error{"truncation", "target", "a configuration that is well formed", "one that is not"};
    Model kept = source;
    kept.layers.clear();
    for (const auto i : first_and_last_layers(source.config.layers, target.layers)) kept.layers.push_back(source.layers[i]);
    std::vector<at::Tensor> from;
    for_each_parameter(kept, [&from](const std::string&, const at::Tensor& t) { from.push_back(t.detach()); });

    auto stream = nn::generator(seed);
    auto out = Model::empty(target, at::TensorOptions{}.dtype(at::kFloat).device(at::kMeta));
    std::size_t next = 0;
    for_each_parameter(out, [&](const std::string& name, at::Tensor& t) {
        const auto part = verdant::supernet::detail::leading_part(name, from[next++], t.sizes());
        if (Policy::keeps_embeddings || name.find("embeddings") == std::string::npos) {
            t = part.clone(at::MemoryFormat::Contiguous);
            return;
        }
        auto start = at::empty(t.sizes(), at::kFloat);
        verdant::nn::detail::init_parameter(name, start, stream);
        t = start.to(part.device(), part.scalar_type());
    });
    return out;
}

/// The truncated model that a point of a space such as `spaces::bert_base` stands for.
template <truncation_policy Policy = faithful_truncation, nn::transformer_model Model, spaces::transformer_space Space>
[[nodiscard]] Model truncate(const Model& source, const point<Space>& p, std::uint64_t seed = 0) {
    return truncate<Policy>(source, spaces::transformer_of(p, source.config), seed);
}

} // namespace verdant::supernet
