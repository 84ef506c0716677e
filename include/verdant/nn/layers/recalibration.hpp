#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/layers/activation.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution.hpp>

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randperm.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

/// Recalibrates the statistics of batch normalisation for a sub-network.
namespace verdant::nn {

namespace detail {

/// What a norm has seen so far: sums, weighted by the batches' sizes, and the statistics that they will replace.
struct seen_statistics {
    at::Tensor running_mean, running_var, mean, variance;
    std::int64_t items = 0;
};

/// The norm of a batch by its own mean and biased variance, which are added to what the norm has seen.
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor normalised_by_batch(const nn::batch_norm& b, const at::Tensor& x, seen_statistics& s) {
    // A channel knows of no others, so that threads share them out.
    const auto channels = x.size(1), count = std::min<std::int64_t>(8, channels);
    auto flat = at::empty({channels}, x.options()), variance = at::empty({channels}, x.options());
    const nn::thread_team team;
    team(count, [&](std::int64_t i) {
        const auto from = channels * i / count, width = channels * (i + 1) / count - from;
        const auto part = x.narrow(1, from, width);
        const auto mean = part.mean(at::IntArrayRef{0}, true).mean(at::IntArrayRef{2}, true).mean(at::IntArrayRef{3}, true);
        const auto difference = part - mean;
        flat.narrow(0, from, width).copy_(mean.flatten());
        variance.narrow(0, from, width)
            .copy_((difference * difference).mean(at::IntArrayRef{0}, true).mean(at::IntArrayRef{2}, true).mean(at::IntArrayRef{3}, true).flatten());
    });
    const auto items = x.size(0);
    if (s.items == 0) s = {b.running_mean, b.running_var, flat * items, variance * items, items};
    else {
        s.mean = s.mean + flat * items;
        s.variance = s.variance + variance * items;
        s.items += items;
    }
    return nn::computed_in_shards(
        x, [&](const at::Tensor& rows) { return at::batch_norm(rows, b.weight, b.bias, flat, variance, false, 0, b.epsilon, true); });
}
VERDANT_DEFINED_ONCE(at::Tensor normalised_by_batch<>(const nn::batch_norm&, const at::Tensor&, seen_statistics&));

/// A convolution of images that threads share out.
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor convolved_by_images(const nn::convolution& c, const at::Tensor& weight, const at::Tensor& x) {
    const std::array stride{c.stride, c.stride}, padding{nn::kernel_size(c) / 2, nn::kernel_size(c) / 2}, dilation{std::int64_t{1}, std::int64_t{1}};
    return nn::computed_in_shards(x, [&](const at::Tensor& rows) { return at::conv2d(rows, weight, {}, stride, padding, dilation, c.groups); });
}
VERDANT_DEFINED_ONCE(at::Tensor convolved_by_images<>(const nn::convolution&, const at::Tensor&, const at::Tensor&));

} // namespace detail

/// A forward mode that measures what norms see (Once-for-all, set_running_statistics): every batch is normalised with its own mean and
/// biased variance, and their averages, weighted by the batches' sizes, replace the statistics that the norms hold when all batches have passed. A
/// sub-network of a supernet needs this before it is judged, since the supernet's statistics are those of many sub-networks.
class recalibrating {
public:
    [[nodiscard]] at::Tensor normalise(const batch_norm& b, const at::Tensor& x) {
        return detail::normalised_by_batch(b, x, sums_[b.running_mean.data_ptr()]);
    }
    /// A convolution knows of no other samples.
    [[nodiscard]] static bool takes(const convolution& c, const at::Tensor&) { return !c.grouped_norm; }
    [[nodiscard]] at::Tensor convolve(const convolution& c, const at::Tensor& weight, const at::Tensor& x) {
        const auto y = detail::convolved_by_images(c, weight, x);
        return activate(c.act, c.norm ? normalise(*c.norm, y) : y);
    }
    [[nodiscard]] static at::Tensor drop(const at::Tensor& x, double) { return x; }

    /// Writes the averages into the norms that batches have passed through.
    void finish() {
        for (auto& [place, s] : sums_) {
            s.running_mean.copy_(s.mean / s.items);
            s.running_var.copy_(s.variance / s.items);
        }
        sums_.clear();
    }

private:
    std::unordered_map<const void*, detail::seen_statistics> sums_; // by the statistics that they will replace
};

/// Replaces the statistics of all norms of a net, or of a supernet's active sub-network, by those of these batches.
/// @param batches a range of images [B, 3, S, S], or of labelled images @throws error if there are none
/// @tparam Mode `recalibrating`, or `channels_last` of it for narrow nets
template <std::derived_from<recalibrating> Mode = recalibrating, class Net, class Batches>
void recalibrate(const Net& net, const Batches& batches) {
    const c10::AutoGradMode off{false};
    const thread_team team;
    Mode mode;
    bool any = false;
    for (const auto& batch : batches) {
        if constexpr (requires { batch.images; }) (void)forward(net, batch.images, mode);
        else (void)forward(net, batch, mode);
        any = true;
    }
    if (!any) throw error{"the statistics of a net cannot be measured without images"};
    mode.finish();
}

/// How many training images the originals recalibrate with, and the seed by which these are drawn (ofa, set_running_statistics and
/// build_sub_train_loader).
inline constexpr std::int64_t recalibration_images = 2000;
inline constexpr std::uint64_t recalibration_seed = 937162211;

/// Which of `items` training images the originals recalibrate with, in batches of 200: always the same ones.
/// @return indices [min(count, items)]
[[nodiscard]] inline at::Tensor recalibration_subset(std::int64_t items, std::int64_t count = recalibration_images) {
    return at::randperm(items, generator(recalibration_seed), at::kLong).narrow(0, 0, std::min(count, items));
}

} // namespace verdant::nn
