#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <ATen/ops/cosine_similarity.h>
#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

/// Which layers stay when some are dropped.
namespace verdant::supernet {

/// Which layers of a text tower stay: the first floor(kept / 2) and the last of the rest, so that the middle goes.
/// @throws input_error unless 1 <= kept <= layers
[[nodiscard]] inline std::vector<std::size_t> outer_layers(std::int64_t layers, std::int64_t kept) {
    if (kept < 1 || kept > layers) throw input_error{"pruning", "text layers", "1 to " + std::to_string(layers) + " kept", std::to_string(kept)};
    std::vector<std::size_t> out;
    for (std::int64_t i = 0; i < layers; ++i)
        if (i < kept / 2 || i >= layers - (kept - kept / 2)) out.push_back(static_cast<std::size_t>(i));
    return out;
}

/// How the ten tokens of the probe are fed to the vision blocks.
enum class probe_layout {
    sequence, ///< one sequence of ten tokens, as when the original trains a pruned model
    batch     ///< ten sequences of one token, as when it evaluates one without training (a slip of axes; the outcomes can differ)
};

/// What vision layers are chosen by.
struct layer_probe {
    std::uint64_t seed = 0; ///< of the probe's uniform numbers
    at::Tensor values = {}; ///< the probe itself, [1, 10, width], instead of drawn numbers; only for models of that width
    probe_layout layout = probe_layout::sequence;
};

/// How little every block changes what passes through it: the cosine of input and output along the axis of tokens, averaged over channels.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<double> block_similarities(const std::vector<nn::residual_block>& blocks, std::int64_t width,
                                                     workload::activation nonlinearity, const layer_probe& probe = {}) {
    const c10::AutoGradMode off{false};
    const auto options = blocks.empty() ? at::TensorOptions{} : blocks.front().ln_1.weight.options();
    auto x = probe.values;
    if (!x.defined()) {
        auto stream = nn::generator(probe.seed);
        x = at::empty({1, 10, width}).uniform_(0, 1, stream).to(options);
    }
    if (x.dim() != 3 || x.size(0) != 1 || x.size(2) != width)
        throw input_error{"pruning", "layer probe", "the shape [1, tokens, " + std::to_string(width) + "]", "another"};
    const bool batch = probe.layout == probe_layout::batch;
    std::vector<double> out;
    for (const auto& b : blocks) {
        const auto y = batch ? nn::forward(b, x.transpose(0, 1), {}, nonlinearity).transpose(0, 1) : nn::forward(b, x, {}, nonlinearity);
        out.push_back(at::cosine_similarity(x, y, 1, 1e-8).mean().item<double>());
        x = y;
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<double> block_similarities<>(const std::vector<nn::residual_block>&, std::int64_t, workload::activation,
                                                              const layer_probe&));

/// The blocks in the order in which they are pruned, those that change least first; of equals the earlier.
[[nodiscard]] inline std::vector<std::size_t> pruning_order(const std::vector<double>& similarities) {
    std::vector<std::size_t> order(similarities.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return similarities[a] != similarities[b] ? similarities[a] > similarities[b] : a < b; });
    return order;
}

/// Which blocks stay when `kept` of them may, in their original order.
/// @throws input_error unless 1 <= kept <= their number
[[nodiscard]] inline std::vector<std::size_t> kept_layers(std::vector<std::size_t> order, std::int64_t kept) {
    const auto layers = static_cast<std::int64_t>(order.size());
    if (kept < 1 || kept > layers) throw input_error{"pruning", "vision layers", "1 to " + std::to_string(layers) + " kept", std::to_string(kept)};
    order.erase(order.begin(), order.begin() + (layers - kept));
    std::sort(order.begin(), order.end());
    return order;
}

} // namespace verdant::supernet
