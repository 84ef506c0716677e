#pragma once

#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/thop_counts.hpp>
#include <verdant/workload/graph/bounded_list.hpp>

#include <cstddef>
#include <cstdint>

/// Mobile networks for signals: convolutions over one axis, with biases and without any norm (ANB-DatasetCollection: ecg-code, satellite-code and
/// deepsea-code, models/accelbenchnet_1d*.py).
namespace verdant::workload {

/// A classifier of signals of `first_conv.in` channels and `length` samples: first convolution, blocks, last convolution, mean, classifier.
struct mobile_net_1d {
    static constexpr std::size_t max_blocks = 32;

    conv_layer first_conv{};
    bounded_list<mobile_block, max_blocks> blocks{};
    conv_layer last_conv{};
    int classes = 1;
    int length = 1;

    friend constexpr bool operator==(const mobile_net_1d&, const mobile_net_1d&) = default;
};

/// The counts of a network of signals, batch 1.
[[nodiscard]] constexpr thop_counts thop_counts_of(const mobile_net_1d& n) {
    const auto layer = [](int in, int out, int groups, int kernel, int length) {
        return thop_counts_of(in, out, groups, kernel, length, channel_terms::biases);
    };
    int length = strided(n.length, n.first_conv.stride);
    auto sum = layer(n.first_conv.in, n.first_conv.out, 1, n.first_conv.kernel, length);
    for (const auto& b : n.blocks) {
        if (b.expands()) sum = sum + layer(b.in, b.mid, 1, 1, length);
        length = strided(length, b.stride);
        sum = sum + layer(b.mid, b.mid, b.mid, b.kernel, length) + layer(b.mid, b.out, 1, 1, length);
    }
    length = strided(length, n.last_conv.stride);
    sum = sum + layer(n.last_conv.in, n.last_conv.out, 1, n.last_conv.kernel, length);
    sum.pooled += (std::int64_t{length} + 1) * n.last_conv.out;
    sum.linear += std::int64_t{n.last_conv.out} * n.classes;
    sum.parameters += (std::int64_t{n.last_conv.out} + 1) * n.classes;
    return sum;
}

} // namespace verdant::workload
