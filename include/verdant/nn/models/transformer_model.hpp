#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/tensor_naming.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/residual_block.hpp>

#include <ATen/ops/empty.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What BERT, ViT and Llama have in common: plain structs of tensors, told apart by the names of their parameters.
namespace verdant::nn {

namespace detail {

/// Visits weight and bias below a name.
template <class Affine, class Visitor>
void visit_affine(Affine& a, const std::string& name, Visitor& visit) {
    visit(name + ".weight", a.weight);
    visit(name + ".bias", a.bias);
}

struct any_visitor {
    void operator()(const std::string&, at::Tensor&) const {}
};

/// What a parameter of that name starts with: norms are one and zero, biases zero, all else is normal with deviation 0.02; the embedding of
/// BERT's padding token is zero (transformers, _init_weights of the three families).
inline void init_parameter(const std::string& name, at::Tensor& t, at::Generator& stream) {
    if (t.dim() > 1) t.normal_(0, 0.02, stream);
    else if (name.ends_with(".bias")) t.zero_();
    else t.fill_(1);
    if (name == "bert.embeddings.word_embeddings.weight") t.select(0, 0).zero_();
}

} // namespace detail

/// A classifier of the Hugging Face families: `nn::bert`, `nn::vit`, `nn::llama`. Copies share their tensors as tensors do.
template <class M>
concept transformer_model = requires(M m, const typename M::config_type& c, const at::TensorOptions& o) {
    { m.config } -> std::same_as<typename M::config_type&>;
    { M::empty(c, o) } -> std::same_as<M>; // tensors of no particular content
    { M::trunk } -> std::convertible_to<std::string_view>;
    { M::head } -> std::convertible_to<std::string_view>;
    for_each_parameter(m, detail::any_visitor{});
};

/// Name and extents of a parameter.
struct parameter_shape {
    std::string name;
    std::vector<std::int64_t> extents;

    friend bool operator==(const parameter_shape&, const parameter_shape&) = default;
};

/// The table of a model's parameters under their names in checkpoints, in their order; costs no memory for weights.
template <transformer_model Model>
[[nodiscard]] std::vector<parameter_shape> parameter_shapes(const typename Model::config_type& c) {
    std::vector<parameter_shape> out;
    auto m = Model::empty(c, at::TensorOptions{}.dtype(at::kFloat).device(at::kMeta));
    for_each_parameter(m, [&out](const std::string& name, const at::Tensor& t) { out.push_back({name, t.sizes().vec()}); });
    return out;
}

/// How many numbers the model learns.
template <transformer_model Model>
[[nodiscard]] std::int64_t parameter_count(const Model& m) {
    std::int64_t count = 0;
    for_each_parameter(m, [&count](const std::string&, const at::Tensor& t) { count += t.numel(); });
    return count;
}

/// A model with copies of all tensors, dense, without history, not yet trainable.
template <transformer_model Model>
[[nodiscard]] Model clone(const Model& m) {
    Model copy = m;
    for_each_parameter(copy, [](const std::string&, at::Tensor& t) { t = t.detach().clone(at::MemoryFormat::Contiguous); });
    return copy;
}

/// The model on another device or in another type of numbers.
template <transformer_model Model>
[[nodiscard]] Model to(const Model& m, at::Device device, at::ScalarType type) {
    Model moved = m;
    for_each_parameter(moved, [&](const std::string&, at::Tensor& t) { t = t.detach().to(device, type); });
    return moved;
}

/// Makes every parameter trainable, or none.
template <transformer_model Model>
void require_grad(Model& m, bool on = true) {
    for_each_parameter(m, [on](const std::string&, at::Tensor& t) { t.set_requires_grad(on); });
}

/// A model to train from nothing, initialised as Hugging Face's are: norms one and zero, biases zero, all else normal with deviation 0.02,
/// and the embedding of BERT's padding token zero. The seed alone determines the weights.
/// @throws input_error if the configuration is not well formed
template <transformer_model Model>
[[nodiscard]] Model random_transformer(const typename Model::config_type& c, std::uint64_t seed = 0) {
    warn_about_slow_blas();
    if (!is_well_formed(c)) throw input_error{"transformer configuration", "", "one that is well formed", "one that is not"};
    auto stream = generator(seed);
    auto m = Model::empty(c, at::kFloat);
    for_each_parameter(m, [&stream](const std::string& name, at::Tensor& t) { detail::init_parameter(name, t, stream); });
    return m;
}

/// The weights under the names of Hugging Face's checkpoints, to be written by io::write_safetensors or io::write_torch.
template <transformer_model Model>
[[nodiscard]] io::named_tensors state_of(const Model& m) {
    io::named_tensors out;
    for_each_parameter(m, [&out](const std::string& name, const at::Tensor& t) { out.add(name, to_tensor_data(t)); });
    return out;
}

namespace detail {

/// Names of tensors that checkpoints of these families hold besides the parameters of a classifier: other heads, and buffers.
[[nodiscard]] inline bool is_beside_classifier(std::string_view name) {
    for (const char* start : {"cls.", "lm_head.", "pooler.", "vit.pooler."})
        if (name.starts_with(start)) return true;
    return name.ends_with("position_ids") || name.ends_with("inv_freq");
}

/// The name that transformers of today give what a checkpoint calls `name`.
[[nodiscard]] inline std::string todays_name(std::string name) {
    for (const auto& [old_end, new_end] : {std::pair{"LayerNorm.gamma", "LayerNorm.weight"}, std::pair{"LayerNorm.beta", "LayerNorm.bias"}})
        if (name.ends_with(old_end)) return name.substr(0, name.size() - std::string_view{old_end}.size()) + new_end;
    return name;
}

} // namespace detail

/// A classifier with the weights of a checkpoint of Hugging Face's names, in 32-bit numbers. Prefixes of wrapped models, such as `module.`, are
/// dropped, that of the trunk (`bert.`, `vit.`, `model.`) may be missing, and other heads and buffers are ignored. A checkpoint without a classifier,
/// as the pretrained ones are, leaves that at random from `seed`; one with a part of it is refused. The weights are the model's own; from a state
/// that the caller gives up it takes over the memory of those that nothing else shares.
/// @throws input_error naming the first tensor that is missing and how many are, one of another shape, or one that is not part of such a model
template <transformer_model Model>
[[nodiscard]] Model load_transformer(io::named_tensors state, const typename Model::config_type& c, std::uint64_t seed = 0) {
    const std::string source = state.source_name().empty() ? "checkpoint" : state.source_name();
    if (!is_well_formed(c)) throw input_error{"transformer configuration", "", "one that is well formed", "one that is not"};
    io::named_tensors found{source};
    const auto shapes = parameter_shapes<Model>(c);
    io::named_tensors known;
    for (const auto& p : shapes) known.add(p.name, {});
    const auto named = [&known](const std::string& written) {
        const auto name = detail::todays_name(written);
        return known.find(name) != nullptr || known.find(std::string{Model::trunk} + name) != nullptr;
    };
    for (auto& [written, value] : io::unwrapped(std::move(state), named).entries()) {
        auto name = detail::todays_name(written);
        if (known.find(name) == nullptr && known.find(std::string{Model::trunk} + name) != nullptr) name = std::string{Model::trunk} + name;
        if (known.find(name) != nullptr) found.add(std::move(name), std::move(value));
        else if (!detail::is_beside_classifier(name))
            throw input_error{source, "tensor " + written, "only the tensors of a classifier with " + std::to_string(c.layers) + " layers",
                              "this one too"};
    }
    const auto outlines = io::shapes_of(found);
    const auto in_head = [](const std::string& name) { return name.starts_with(Model::head); };
    const bool with_head = std::any_of(found.begin(), found.end(), [&](const auto& one) { return in_head(one.name); });
    std::vector<std::string> missing;
    for (const auto& p : shapes)
        if (outlines.find(p.name) == nullptr && (with_head || !in_head(p.name))) missing.push_back(p.name);
    if (!missing.empty()) throw io::missing_tensors(outlines, missing);
    auto m = Model::empty(c, at::TensorOptions{}.dtype(at::kFloat).device(at::kMeta));
    auto stream = generator(seed);
    for_each_parameter(m, [&](const std::string& name, at::Tensor& t) {
        if (in_head(name) && outlines.find(name) == nullptr) {
            t = at::empty(t.sizes(), at::kFloat);
            detail::init_parameter(name, t, stream);
            return;
        }
        const auto& shape = outlines.at(name).shape();
        auto weights = to_tensor(found.take(name)).to(at::kFloat);
        if (weights.sizes() != t.sizes()) {
            const io::tensor_shape wanted(t.sizes().begin(), t.sizes().end());
            throw input_error{source, "tensor " + name, "the shape " + io::shape_text(wanted), io::shape_text(shape)};
        }
        t = std::move(weights);
    });
    return m;
}

} // namespace verdant::nn
