#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/tensor_naming.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/positional_embedding.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_names.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// CLIP to and from the tensors of an OpenCLIP checkpoint.
namespace verdant::nn {

namespace detail {

/// The shapes in a checkpoint as dimensions of a model.
class clip_shapes {
public:
    explicit clip_shapes(io::named_shapes state) : tensors_{plainly_named(std::move(state))} {}

    [[nodiscard]] const std::string& source() const { return tensors_.source_name(); }

    /// Axis `axis` of a tensor that must have it.
    [[nodiscard]] int length(const std::string& name, std::size_t axis) const {
        const auto* const there = tensors_.find(name);
        if (there == nullptr) throw io::missing_tensors(tensors_, std::vector{name});
        const auto& shape = there->shape();
        if (axis >= shape.size() || shape[axis] == 0 || shape[axis] > (1U << 30))
            throw input_error{source(), "tensor " + name, "an axis " + std::to_string(axis) + " of 1 to 2^30", io::shape_text(shape)};
        return static_cast<int>(shape[axis]);
    }

    [[nodiscard]] workload::tower tower(const std::string& prefix, int head_width) const {
        const auto in = [&prefix](int block) { return prefix + "transformer.resblocks." + std::to_string(block); };
        workload::tower t{.layers = 0,
                          .width = length(in(0) + ".ln_1.weight", 0),
                          .ffn = length(in(0) + ".mlp.c_fc.weight", 0),
                          .heads = 0,
                          .head_width = head_width};
        while (tensors_.find(in(t.layers) + ".ln_1.weight") != nullptr) ++t.layers;
        const int rows = length(in(0) + ".attn.in_proj_weight", 0);
        if (head_width < 1 || rows % (3 * head_width) != 0)
            throw input_error{source(), "tensor " + in(0) + ".attn.in_proj_weight",
                              "rows of heads of " + std::to_string(head_width) + " channels, or another width of heads to be given",
                              std::to_string(rows) + " rows"};
        t.heads = rows / (3 * head_width);
        return t;
    }

private:
    io::named_shapes tensors_;
};

} // namespace detail

/// What the shapes in a checkpoint do not tell. Heads of 64 channels are those of most published models; the vision towers of ViT-H, ViT-g and
/// ViT-bigG have 80, 88 and 104. With a wrong width a model loads and computes something else.
struct checkpoint_facts {
    int text_head_width = 64;
    int vision_head_width = 64;
    workload::activation nonlinearity = workload::activation::gelu;
};

/// The dimensions of the model in a checkpoint, pruned or not, read off its shapes, for which `io::read_shapes` reads no weights.
/// @throws input_error if that is not a CLIP with a vision transformer
template <class = instantiated_when_used>
[[nodiscard]] workload::clip_config config_of(io::named_shapes state, const checkpoint_facts& facts = {}) {
    const detail::clip_shapes from{std::move(state)};
    workload::clip_config c{.text = from.tower("", facts.text_head_width), .vision = from.tower("visual.", facts.vision_head_width)};
    c.patch = from.length("visual.conv1.weight", 2);
    c.joint = from.length("text_projection", 1);
    c.context = from.length("positional_embedding", 0);
    c.vocabulary = from.length("token_embedding.weight", 0);
    c.nonlinearity = facts.nonlinearity;
    const int patches = from.length("visual.positional_embedding", 0) - 1;
    int side = 0;
    while ((side + 1) * (side + 1) <= patches) ++side;
    if (side < 1 || side * side != patches)
        throw input_error{from.source(), "tensor visual.positional_embedding", "a square of patches and one token",
                          std::to_string(patches + 1) + " rows"};
    c.image = side * c.patch;
    return c;
}
VERDANT_DEFINED_ONCE(workload::clip_config config_of<>(io::named_shapes, const checkpoint_facts&));
[[nodiscard]] inline workload::clip_config config_of(const io::named_tensors& state, const checkpoint_facts& facts = {}) {
    return config_of(io::shapes_of(state), facts);
}

/// A model with the weights of a checkpoint of OpenCLIP's names or Hugging Face's, in 32-bit numbers unless told otherwise. Prefixes of wrapped
/// models (`module.`, `_orig_mod.`, `model.`, ...), `text.` and the numbers that TorchScript archives hold besides are dropped; a projection may be a
/// linear layer (`text_projection.weight`), the logit scale a list of one; positional tables of another length are interpolated.
///
/// The weights are the model's own and may be trained in place. From a state that the caller gives up, such as what a reader has just returned, it
/// takes over the memory of all weights that need no conversion and that nothing else shares; the others are copied one after the other.
/// @throws input_error naming the first tensor that is missing and how many are, one of another shape, or one that is not part of such a model
template <class = instantiated_when_used>
[[nodiscard]] clip_model load_clip(io::named_tensors state, const workload::clip_config& c, at::ScalarType type = at::kFloat) {
    warn_about_slow_blas();
    auto from = detail::plainly_named(std::move(state));
    const auto written = io::shapes_of(from);
    if (!is_well_formed(c)) throw input_error{"CLIP configuration", "", "positive dimensions, and patches that tile the image", "one that is not so"};
    clip_model m = empty_clip(c, at::TensorOptions{}.dtype(at::kFloat).device(at::kMeta));
    if (written.find("logit_bias") != nullptr) m.logit_bias = m.logit_scale;
    std::vector<std::string> missing;
    for_each_parameter(m, [&](const std::string& name, const at::Tensor&) {
        if (written.find(name) == nullptr) missing.push_back(name);
    });
    if (!missing.empty()) throw io::missing_tensors(written, missing);
    for_each_parameter(m, [&](const std::string& name, at::Tensor& t) {
        const auto& shape = written.at(name).shape();
        auto found = to_tensor(from.take(name)).to(type);
        if (name == "visual.positional_embedding") found = resized_vision_positions(found, t.size(0));
        else if (name == "positional_embedding") found = resized_text_positions(found, t.size(0));
        if (found.sizes() != t.sizes()) {
            const io::tensor_shape wanted(t.sizes().begin(), t.sizes().end());
            throw input_error{written.source_name(), "tensor " + name, "the shape " + io::shape_text(wanted), io::shape_text(shape)};
        }
        t = found;
    });
    if (!from.empty())
        throw input_error{written.source_name(), "tensor " + from.begin()->name,
                          "only the tensors of a CLIP with " + std::to_string(c.vision.layers) + " vision and " + std::to_string(c.text.layers) +
                              " text layers",
                          "this one too"};
    return m;
}
VERDANT_DEFINED_ONCE(clip_model load_clip<>(io::named_tensors, const workload::clip_config&, at::ScalarType));

/// The same, with the dimensions that the checkpoint itself has.
[[nodiscard]] inline clip_model load_clip(io::named_tensors state, const checkpoint_facts& facts = {}) {
    const auto c = config_of(state, facts);
    return load_clip(std::move(state), c);
}

/// The weights under the names of OpenCLIP's checkpoints, to be written by io::write_safetensors or io::write_torch.
template <class = instantiated_when_used>
[[nodiscard]] io::named_tensors state_of(const clip_model& m) {
    io::named_tensors out;
    for_each_parameter(m, [&out](const std::string& name, const at::Tensor& t) {
        // A view of a larger model has [3, Q, E] where files have [3Q, E].
        const bool joint = name.ends_with("attn.in_proj_weight") ? t.dim() == 3 : name.ends_with("attn.in_proj_bias") && t.dim() == 2;
        out.add(name, to_tensor_data(joint ? t.flatten(0, 1) : t));
    });
    return out;
}
VERDANT_DEFINED_ONCE(io::named_tensors state_of<>(const clip_model&));

} // namespace verdant::nn
