#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/group_norm.hpp>
#include <verdant/nn/layers/mbconv.hpp>
#include <verdant/supernet/elastic_mobile_net.hpp>
#include <verdant/supernet/elastic_residual_net.hpp>
#include <verdant/workload/convnet/channels.hpp>

#include <ATen/ops/sort.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

/// Sorts the channels of a supernet by importance.
namespace verdant::supernet {

namespace detail {

inline void permute(at::Tensor& t, std::int64_t axis, const at::Tensor& order) { t.copy_(t.index_select(axis, order)); }

inline void permute(nn::batch_norm& n, const at::Tensor& order) {
    for (auto* const t : {&n.weight, &n.bias, &n.running_mean, &n.running_var}) permute(*t, 0, order);
}

inline void permute_outputs(nn::convolution& c, const at::Tensor& order) {
    permute(c.weight, 0, order);
    if (c.norm) permute(*c.norm, order);
    if (c.grouped_norm)
        for (auto* const t : {&c.grouped_norm->weight, &c.grouped_norm->bias}) permute(*t, 0, order);
}

/// Sum of the sizes of weights over all axes but one.
[[nodiscard]] inline at::Tensor size_along(const at::Tensor& weight, std::int64_t axis) {
    std::vector<std::int64_t> others;
    for (std::int64_t i = 0; i < weight.dim(); ++i)
        if (i != axis) others.push_back(i);
    return weight.abs().sum(others);
}

/// Gives the channels of each group of a group norm their mean importance, so that they stay together and in order.
inline void level_groups(at::Tensor& importance, const std::optional<nn::group_norm>& norm) {
    if (!norm) return;
    const auto width = nn::group_width(importance.size(0), norm->channels);
    importance = importance.view({-1, width}).mean(at::IntArrayRef{1}, true).expand({-1, width}).reshape({-1});
}

/// Indices by falling importance; equals keep their order.
[[nodiscard]] inline at::Tensor falling_order(const at::Tensor& importance) { return std::get<1>(at::sort(importance, true, 0, true)); }

/// Nested widths of `channels` times each ratio, widest first.
[[nodiscard]] inline std::vector<std::int64_t> falling_widths(int channels, std::span<const double> ratios) {
    std::vector<std::int64_t> widths;
    for (const double e : ratios) widths.push_back(workload::mid_channels(channels, e));
    std::sort(widths.begin(), widths.end(), std::greater{});
    return widths;
}

inline void check_stage(std::span<const double> ratios, int stage) {
    if (stage < 0 || static_cast<std::size_t>(stage) >= ratios.size())
        throw input_error{"sorting of channels", "stage", "less than the " + std::to_string(ratios.size()) + " ratios, and not negative",
                          std::to_string(stage)};
}

/// Keeps the channels that nested widths add behind those of the narrower ones, for the widest `stage` of them.
/// @param widths falling
inline void separate_groups(at::Tensor& importance, std::span<const std::int64_t> widths, int stage) {
    if (stage < 1) return;
    double base = -1e5 * static_cast<double>(widths.size());
    auto right = importance.size(0);
    for (int i = 0; i <= stage; ++i) {
        const auto left = widths[static_cast<std::size_t>(i)];
        importance.slice(0, left, right).add_(base);
        base += 1e5;
        right = left;
    }
}

} // namespace detail

/// The importance of inner channels, by which they are sorted: the sum of the sizes of the projection's weights that read them, lowered for
/// channels that only the widest `stage` nested widths have. Channels of a group of a group norm share their mean.
/// @param expands ratios of the supernet, in any order
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor channel_importance(const nn::mbconv& b, std::span<const double> expands, int stage) {
    const c10::AutoGradMode off{false};
    auto importance = verdant::supernet::detail::size_along(b.projection.weight, 1);
    verdant::supernet::detail::level_groups(importance, b.depthwise.grouped_norm);
    const auto in = static_cast<int>(nn::channels_in(b.expansion ? *b.expansion : b.depthwise));
    verdant::supernet::detail::separate_groups(importance, verdant::supernet::detail::falling_widths(in, expands), stage);
    return importance;
}
VERDANT_DEFINED_ONCE(at::Tensor channel_importance<>(const nn::mbconv&, std::span<const double>, int));

/// Sorts the inner channels of every elastic block by falling importance, so that narrow sub-networks get the most important ones; the largest
/// network's function stays (dynamic_layers.py, re_organize_middle_weights). Groups of channels that are trained as nested widths already stay apart.
/// @param expands ratios of the supernet, in any order
/// @param stage   how many of its nested widths are trained: 0 before the first phase of elastic widths
/// @return for each block the former places of its channels, [C]; undefined for blocks without an expansion, which stay as they are
/// @throws input_error if there are no more than `stage` ratios
template <class = instantiated_when_used>
std::vector<at::Tensor> sort_channels(elastic_mobile_net& net, std::span<const double> expands, int stage = 0) {
    detail::check_stage(expands, stage);
    const c10::AutoGradMode off{false};
    std::vector<at::Tensor> orders(net.whole.blocks.size());
    for (std::size_t i = 1; i < net.whole.blocks.size(); ++i) {
        auto& b = net.whole.blocks[i];
        if (!b.expansion) continue;
        const auto order = detail::falling_order(channel_importance(b, expands, stage));
        detail::permute(b.projection.weight, 1, order);
        detail::permute_outputs(b.depthwise, order);
        if (b.excitation) {
            auto &reduce = b.excitation->reduce, &expand = b.excitation->expand;
            detail::permute(expand.weight, 0, order);
            detail::permute(expand.bias, 0, order);
            detail::permute(reduce.weight, 1, order);
            const auto inner = detail::falling_order(detail::size_along(expand.weight, 1));
            detail::permute(expand.weight, 1, inner);
            detail::permute(reduce.weight, 0, inner);
            detail::permute(reduce.bias, 0, inner);
        }
        detail::permute_outputs(*b.expansion, order);
        orders[i] = order;
    }
    return orders;
}
VERDANT_DEFINED_ONCE(std::vector<at::Tensor> sort_channels<>(elastic_mobile_net&, std::span<const double>, int));

/// The same for a residual supernet, twice a block: inputs of the last layer, then those of the middle one.
template <class = instantiated_when_used>
void sort_channels(elastic_residual_net& net, std::span<const double> ratios, int stage = 0) {
    detail::check_stage(ratios, stage);
    const c10::AutoGradMode off{false};
    for (auto& b : net.whole.blocks) {
        const auto widths = detail::falling_widths(static_cast<int>(nn::channels_out(b.expand)), ratios);
        const auto sort = [&](nn::convolution& reader, nn::convolution& writer) {
            auto importance = detail::size_along(reader.weight, 1);
            detail::level_groups(importance, writer.grouped_norm);
            detail::separate_groups(importance, widths, stage);
            const auto order = detail::falling_order(importance);
            detail::permute(reader.weight, 1, order);
            detail::permute_outputs(writer, order);
        };
        sort(b.expand, b.middle);
        sort(b.middle, b.reduce);
    }
}
VERDANT_DEFINED_ONCE(void sort_channels<>(elastic_residual_net&, std::span<const double>, int));

/// The stage at which Once-for-all sorts before it trains with these ratios: none of two are trained yet, one of three.
[[nodiscard]] constexpr int sorting_stage(std::size_t ratios) { return ratios < 2 ? 0 : static_cast<int>(ratios) - 2; }

} // namespace verdant::supernet
