#pragma once

#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/residual_net.hpp>

#include <algorithm>
#include <cstdint>

/// Closed-form costs of ResNet-D networks. Multiply-accumulates are the original's; the original has no peak memory of these networks, so the rule
/// of mobile networks is carried over: input, output and weights of each convolution, and whatever a shortcut keeps alive meanwhile.
namespace verdant::workload {

/// Side of a map after the max-pooling of the stem, 3x3 with stride 2 and padding 1.
[[nodiscard]] constexpr int pooled(int side) { return (side - 1) / 2 + 1; }

/// The convolutions of a bottleneck.
struct bottleneck_convs {
    conv_layer reduce, spatial, expand, shortcut; ///< `shortcut.out == 0`: identity
};
[[nodiscard]] constexpr bottleneck_convs convs_of(const bottleneck_block& b) {
    bottleneck_convs c{.reduce = {.in = b.in, .out = b.mid, .act = nonlinearity::relu},
                       .spatial = {.in = b.mid, .out = b.mid, .kernel = b.kernel, .stride = b.stride, .act = nonlinearity::relu},
                       .expand = {.in = b.mid, .out = b.out},
                       .shortcut = {}};
    if (b.shortcut != downsample::identity) {
        c.shortcut.in = b.in;
        c.shortcut.out = b.out;
        c.shortcut.stride = b.shortcut == downsample::conv ? b.stride : 1;
    }
    return c;
}

/// All costs of a bottleneck. The averaging of a shortcut costs no multiply-accumulates and has sides rounded up.
[[nodiscard]] constexpr block_cost cost_of(const bottleneck_block& b, int side) {
    const auto c = convs_of(b);
    const std::int64_t before = std::int64_t{side} * side * b.in, o = strided(side, b.stride), after = o * o * b.out;
    // The input stays until the shortcut has taken it; then the shortcut's result stays beside the sum's other operand.
    block_cost sum{memory_of(c.reduce, side), macs(c.reduce, side), parameters(c.reduce)};
    sum = sum + block_cost{memory_of(c.spatial, side) + before, macs(c.spatial, side), parameters(c.spatial)};
    sum = sum + block_cost{memory_of(c.expand, static_cast<int>(o)) + before, macs(c.expand, static_cast<int>(o)), parameters(c.expand)};
    if (c.shortcut.out == 0) return sum;
    const int in_side = b.shortcut == downsample::avgpool_conv ? static_cast<int>(o) : side; // ceil(side / stride) is `strided`
    return sum + block_cost{memory_of(c.shortcut, in_side) + after, macs(c.shortcut, in_side), parameters(c.shortcut)};
}

/// Peak memory, multiply-accumulates and parameters of a network.
[[nodiscard]] constexpr block_cost cost_of(const residual_net& n) {
    const auto layer = [](const conv_layer& c, int side, std::int64_t kept = 0) {
        return block_cost{memory_of(c, side) + kept, macs(c, side), parameters(c)};
    };
    auto sum = layer(n.first_conv, n.image_size);
    int side = strided(n.image_size, n.first_conv.stride);
    if (n.stem_residual)
        sum = sum + layer({.in = n.first_conv.out, .out = n.first_conv.out, .kernel = 3}, side); // its input is what the shortcut keeps
    sum = sum + layer(n.last_conv, side);
    side = pooled(side);
    for (const auto& b : n.blocks) {
        sum = sum + cost_of(b, side);
        side = strided(side, b.stride);
    }
    const int width = n.blocks.empty() ? n.last_conv.out : n.blocks.back().out;
    const auto outputs = std::int64_t{n.classes} * n.heads;
    return sum + block_cost{0, width * outputs, (width + 1) * outputs};
}

/// Multiply-accumulates of one inference; `peak_memory` in elements and `parameters` likewise.
[[nodiscard]] constexpr std::int64_t macs(const residual_net& n) { return cost_of(n).macs; }
[[nodiscard]] constexpr std::int64_t parameters(const residual_net& n) { return cost_of(n).parameters; }
[[nodiscard]] constexpr std::int64_t peak_memory(const residual_net& n) { return cost_of(n).peak; }

} // namespace verdant::workload
