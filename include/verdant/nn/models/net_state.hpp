#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/tensor_naming.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>

#include <c10/core/GradMode.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant::nn {

namespace detail {

struct any_net_visitor {
    void operator()(const std::string&, const at::Tensor&, bool) const {}
};

} // namespace detail

/// A convolutional net as a plain struct of tensors: `for_each_tensor(net, visit)` calls `visit(name, tensor, trained)` for all of them.
template <class N>
concept convolutional_net = requires(N& net) { for_each_tensor(net, verdant::nn::detail::any_net_visitor{}); };

/// A net with copies of all tensors, dense, without history, not yet trainable.
template <convolutional_net Net>
[[nodiscard]] Net clone(const Net& net) {
    Net copy = net;
    for_each_tensor(copy, [](const std::string&, at::Tensor& t, bool) { t = t.detach().clone(at::MemoryFormat::Contiguous); });
    return copy;
}

/// The net on another device, its weights and statistics in another type of numbers.
template <convolutional_net Net>
[[nodiscard]] Net to(const Net& net, at::Device device, at::ScalarType type) {
    Net moved = net;
    for_each_tensor(moved,
                    [&](const std::string&, at::Tensor& t, bool) { t = t.detach().to(device, t.is_floating_point() ? type : t.scalar_type()); });
    return moved;
}

/// Makes every parameter trainable, or none; statistics never are.
template <convolutional_net Net>
void require_grad(Net& net, bool on = true) {
    for_each_tensor(net, [on](const std::string&, at::Tensor& t, bool trained) {
        if (trained) t.set_requires_grad(on);
    });
}

/// Calls `visit(name, tensor)` for every trained tensor.
template <convolutional_net Net, class Visitor>
void for_each_parameter(Net& net, Visitor&& visit) {
    for_each_tensor(net, [&visit](const std::string& name, auto& t, bool trained) {
        if (trained) visit(name, t);
    });
}

/// How many numbers the net learns; running statistics are not among them.
template <convolutional_net Net>
[[nodiscard]] std::int64_t parameter_count(const Net& net) {
    std::int64_t count = 0;
    for_each_tensor(net, [&count](const std::string&, const at::Tensor& t, bool trained) { count += trained ? t.numel() : 0; });
    return count;
}

/// All tensors under their names in the originals' checkpoints, to be written by io::write_safetensors or io::write_torch.
template <convolutional_net Net>
[[nodiscard]] io::named_tensors state_of(const Net& net) {
    io::named_tensors out;
    for_each_tensor(net, [&out](const std::string& name, const at::Tensor& t, bool) { out.add(name, to_tensor_data(t)); });
    return out;
}

/// The name that a net gives what a checkpoint calls `name`, found among the names of the net (ofa_mbv3.py, load_state_dict): `mobile_inverted_conv`,
/// as blocks were called before 2021, is `conv`; and elastic layers wrap plain ones, so that `bn.bn.` stands for `bn.` and the like, or the other
/// way round. Empty where no such rule leads to a tensor of the net.
/// @param known called as `known(name)`
template <std::predicate<const std::string&> Known>
[[nodiscard]] std::string name_in_net(std::string name, const Known& known) {
    const auto replaced = [](std::string text, std::string_view from, std::string_view to) {
        for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
        return text;
    };
    name = replaced(std::move(name), ".mobile_inverted_conv.", ".conv.");
    if (known(name)) return name;
    constexpr std::pair<std::string_view, std::string_view> rules[]{
        {".bn.bn.", ".bn."}, {".conv.conv.weight", ".conv.weight"}, {".linear.linear.", ".linear."}, {".linear.", ".linear.linear."},
        {"bn.", "bn.bn."},   {"conv.weight", "conv.conv.weight"}};
    for (const auto& [from, to] : rules) {
        auto other = replaced(name, from, to);
        if (other != name && known(other)) return other;
    }
    return {};
}

/// What a checkpoint need not have of a net. Counts of batches (`num_batches_tracked`) may always be missing: no result depends on them.
enum class may_lack : unsigned char {
    nothing,
    kernel_matrices, ///< all of `5to3_matrix` and the like, which a static network does not have; not some of them
};

namespace detail {

/// What `load_state` does, with the tensors of a net under their names.
template <class = instantiated_when_used>
std::vector<std::string> load_tensors(std::span<const std::pair<std::string, at::Tensor>> net, const io::named_tensors& state, nn::may_lack lacking) {
    nn::warn_about_slow_blas();
    const std::unordered_map<std::string, at::Tensor> tensors{net.begin(), net.end()};
    const auto known = [&tensors](const std::string& name) { return tensors.contains(name); };
    const auto bare = io::unwrapped(state, [&known](const std::string& name) { return !nn::name_in_net(name, known).empty(); });
    const auto& source = bare.source_name();
    std::unordered_map<std::string, at::Tensor> found;
    for (const auto& [written, value] : bare) {
        const auto name = nn::name_in_net(written, known);
        if (name.empty()) throw input_error{source, "tensor " + written, "only tensors of such a net", "one that it does not have"};
        const auto& place = tensors.at(name);
        auto tensor = nn::shared_tensor(value); // only copied from
        if (tensor.sizes() != place.sizes()) {
            const io::tensor_shape wanted(place.sizes().begin(), place.sizes().end());
            throw input_error{source, "tensor " + written, "the shape " + io::shape_text(wanted), io::shape_text(value.shape())};
        }
        if (!found.emplace(name, std::move(tensor)).second)
            throw input_error{source, "tensor " + written, "one tensor for " + name, "another before it"};
    }
    const auto is_matrix = [](const std::string& name) { return name.ends_with("_matrix"); };
    const bool matrices = lacking == nn::may_lack::kernel_matrices &&
                          std::none_of(found.begin(), found.end(), [&](const auto& one) { return is_matrix(one.first); });
    std::vector<std::string> kept, missing;
    for (const auto& [name, place] : net) {
        if (found.contains(name)) continue;
        const bool allowed = name.ends_with("num_batches_tracked") || (matrices && is_matrix(name));
        (allowed ? kept : missing).push_back(name);
    }
    if (!missing.empty()) throw io::missing_tensors(bare, missing);
    const c10::AutoGradMode off{false};
    for (const auto& [name, place] : net)
        if (const auto at = found.find(name); at != found.end()) place.copy_(at->second);
    return kept;
}
VERDANT_DEFINED_ONCE(std::vector<std::string> load_tensors<>(std::span<const std::pair<std::string, at::Tensor>>, const io::named_tensors&, nn::may_lack));

} // namespace detail

/// Copies a checkpoint's tensors into a net. What the checkpoint may lack keeps its values, so that a static teacher fills a supernet and leaves its
/// matrices. Prefixes of wrapped models, such as `module.`, are dropped.
/// @return names of the net's tensors that the checkpoint does not have, of those that it may lack
/// @throws input_error naming the first tensor that is missing and how many are, one that is not part of the net, or one of another shape; the net is
/// unchanged then
template <convolutional_net Net>
std::vector<std::string> load_state(Net& net, const io::named_tensors& state, may_lack lacking = may_lack::kernel_matrices) {
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for_each_tensor(net, [&tensors](const std::string& name, at::Tensor& t, bool) { tensors.emplace_back(name, t); });
    return verdant::nn::detail::load_tensors(tensors, state, lacking);
}

} // namespace verdant::nn
