#pragma once

#include <verdant/error.hpp>
#include <verdant/io/named_tensors.hpp>
#include <verdant/nn/clip.hpp>
#include <verdant/nn/from_tensor_data.hpp>
#include <verdant/nn/positional_embedding.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/nn/runtime.hpp>
#include <verdant/workload/clip.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace verdant::detail {

/// The name under which OpenCLIP's plain model keeps what a checkpoint calls `name`; empty for what is no parameter.
[[nodiscard]] inline std::string plain_name(std::string_view name) {
    // TorchScript archives hold these numbers too, and some checkpoints the causal mask.
    for (const char* number : {"input_resolution", "context_length", "vocab_size", "attn_mask"})
        if (name == number || name == std::string{"text."} + number) return {};
    // Models with a text tower of their own call its parts text.*.
    return std::string{name.starts_with("text.") ? name.substr(5) : name};
}

/// A checkpoint under plain names.
class clip_checkpoint {
public:
    explicit clip_checkpoint(const io::named_tensors& state) : source_{state.source_name().empty() ? "checkpoint" : state.source_name()} {
        const auto bare = state.without_prefix("module.");
        tensors_ = io::named_tensors{source_};
        for (const auto& [name, value] : bare)
            if (auto plain = plain_name(name); !plain.empty()) tensors_.add(std::move(plain), value);
    }

    [[nodiscard]] const std::string& source() const { return source_; }
    [[nodiscard]] const io::named_tensors& tensors() const { return tensors_; }

    /// Axis `axis` of a tensor that must have it.
    [[nodiscard]] int length(const std::string& name, std::size_t axis) const {
        const auto& shape = tensors_.at(name).shape();
        if (axis >= shape.size() || shape[axis] == 0 || shape[axis] > (1U << 30))
            throw input_error{source_, "tensor " + name, "an axis " + std::to_string(axis) + " of 1 to 2^30", io::shape_text(shape)};
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
            throw input_error{source_, "tensor " + in(0) + ".attn.in_proj_weight", "rows of heads of " + std::to_string(head_width) + " channels",
                              std::to_string(rows) + " rows"};
        t.heads = rows / (3 * head_width);
        return t;
    }

private:
    std::string source_;
    io::named_tensors tensors_;
};

} // namespace verdant::detail

namespace verdant::nn {

/// What the shapes in a checkpoint do not tell.
struct checkpoint_facts {
    int text_head_width = 64;
    int vision_head_width = 64;
    workload::activation nonlinearity = workload::activation::gelu;
};

/// The dimensions of the model in a checkpoint, pruned or not, read off its shapes.
/// @throws input_error if that is no CLIP with a vision transformer
[[nodiscard]] inline workload::clip_config config_of(const io::named_tensors& state, const checkpoint_facts& facts = {}) {
    const detail::clip_checkpoint from{state};
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

/// A model with the weights of a checkpoint of OpenCLIP's names, in 32-bit numbers unless told otherwise. A `module.` or `text.` prefix and the numbers that
/// TorchScript archives hold besides are dropped; positional tables of another length are interpolated.
/// @throws input_error naming the first tensor that is missing, of another shape, or not part of such a model
[[nodiscard]] inline clip_model load_clip(const io::named_tensors& state, const workload::clip_config& c, at::ScalarType type = at::kFloat) {
    warn_about_slow_blas();
    const detail::clip_checkpoint from{state};
    if (!is_well_formed(c)) throw input_error{"CLIP configuration", "", "positive dimensions, and patches that tile the image", "one that is not so"};
    clip_model m = empty_clip(c, at::TensorOptions{}.dtype(at::kFloat).device(at::kMeta));
    if (from.tensors().find("logit_bias") != nullptr) m.logit_bias = m.logit_scale;
    std::size_t used = 0;
    for_each_parameter(m, [&](const std::string& name, at::Tensor& t) {
        auto found = to_tensor(from.tensors().at(name)).to(type);
        if (name == "visual.positional_embedding") found = resized_vision_positions(found, t.size(0));
        else if (name == "positional_embedding") found = resized_text_positions(found, t.size(0));
        if (found.sizes() != t.sizes()) {
            const io::tensor_shape wanted(t.sizes().begin(), t.sizes().end());
            throw input_error{from.source(), "tensor " + name, "the shape " + io::shape_text(wanted),
                              io::shape_text(from.tensors().at(name).shape())};
        }
        t = found;
        ++used;
    });
    if (used != from.tensors().size()) {
        io::named_tensors known;
        for_each_parameter(m, [&known](const std::string& name, const at::Tensor&) { known.add(name, {}); });
        for (const auto& entry : from.tensors())
            if (known.find(entry.name) == nullptr)
                throw input_error{from.source(), "tensor " + entry.name,
                                  "only the tensors of a CLIP with " + std::to_string(c.vision.layers) + " vision and " +
                                      std::to_string(c.text.layers) + " text layers",
                                  "this one too"};
    }
    return m;
}

/// The same, with the dimensions that the checkpoint itself has.
[[nodiscard]] inline clip_model load_clip(const io::named_tensors& state, const checkpoint_facts& facts = {}) {
    return load_clip(state, config_of(state, facts));
}

/// The weights under the names of OpenCLIP's checkpoints, to be written by io::write_safetensors or io::write_torch.
[[nodiscard]] inline io::named_tensors state_of(const clip_model& m) {
    io::named_tensors out;
    for_each_parameter(m, [&out](const std::string& name, const at::Tensor& t) {
        // A view of a larger model has [3, Q, E] where files have [3Q, E].
        const bool joint = name.ends_with("attn.in_proj_weight") ? t.dim() == 3 : name.ends_with("attn.in_proj_bias") && t.dim() == 2;
        out.add(name, to_tensor_data(joint ? t.flatten(0, 1) : t));
    });
    return out;
}

} // namespace verdant::nn
