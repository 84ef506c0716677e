#pragma once

#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <cstdint>

/// Operations and parameters of mobile networks as `thop` counts them, the profiler of Accel-NASBench's records (PyTorch-OpCounter 0.1.1:
/// vision/basic_hooks.py, vision/calc_func.py). Pools are adaptive ones down to one pixel: those of squeeze-and-excitation, and one before the
/// classifier.
namespace verdant::workload {

/// What a network computes, by the kinds of layers that thop knows. Activations, products, sums and dropout count nothing.
struct thop_counts {
    std::int64_t convolutions = 0; ///< multiply-accumulates, biases not among them
    std::int64_t linear = 0;       ///< multiply-accumulates of the classifier
    std::int64_t normalised = 0;   ///< elements that batch normalisation gives
    std::int64_t pooled = 0;       ///< operations of the pools: for a channel one more than it has elements
    std::int64_t parameters = 0;   ///< learnable numbers; running statistics are none

    /// Multiply-accumulates of convolutions and linear layers.
    [[nodiscard]] constexpr std::int64_t macs() const { return convolutions + linear; }
    /// What thop reports as operations, and Accel-NASBench's records as `macs`: four for each normalised element, since thop doubles its two where
    /// there is a scale.
    [[nodiscard]] constexpr std::int64_t operations() const { return macs() + 4 * normalised + pooled; }

    friend constexpr bool operator==(const thop_counts&, const thop_counts&) = default;
};

/// What follows one after the other.
[[nodiscard]] constexpr thop_counts operator+(const thop_counts& a, const thop_counts& b) {
    return {a.convolutions + b.convolutions, a.linear + b.linear, a.normalised + b.normalised, a.pooled + b.pooled, a.parameters + b.parameters};
}

/// What is added to the output channels of a convolution: nothing, a bias for each, or batch normalisation.
enum class channel_terms : unsigned char { none, biases, batch_norm };

/// The counts of a convolution on a map of `pixels` that it gives: the elements of one channel, whatever the number of axes.
/// @param taps weights of one filter and input channel: `kernel * kernel` on images, `kernel` on signals
[[nodiscard]] constexpr thop_counts thop_counts_of(std::int64_t in, std::int64_t out, std::int64_t groups, std::int64_t taps, std::int64_t pixels,
                                                   channel_terms terms) {
    const std::int64_t weights = in / groups * out * taps;
    return {.convolutions = weights * pixels,
            .normalised = terms == channel_terms::batch_norm ? out * pixels : 0,
            .parameters = weights + (terms == channel_terms::batch_norm ? 2 * out
                                     : terms == channel_terms::biases   ? out
                                                                        : 0)};
}

/// The counts of a convolution. @param side of the map that goes in
[[nodiscard]] constexpr thop_counts thop_counts_of(const conv_layer& c, int side) {
    const std::int64_t o = strided(side, c.stride);
    return thop_counts_of(c.in, c.out, 1, std::int64_t{c.kernel} * c.kernel, o * o, c.batch_norm ? channel_terms::batch_norm : channel_terms::none);
}

/// The counts of a block.
[[nodiscard]] constexpr thop_counts thop_counts_of(const mobile_block& b, int side) {
    const std::int64_t before = std::int64_t{side} * side, o = strided(side, b.stride), after = o * o;
    thop_counts sum;
    if (b.expands()) sum = thop_counts_of(b.in, b.mid, 1, 1, before, channel_terms::batch_norm);
    sum = sum + thop_counts_of(b.mid, b.mid, b.mid, std::int64_t{b.kernel} * b.kernel, after, channel_terms::batch_norm);
    if (b.se) {
        const int squeezed = squeezed_channels(b);
        sum = sum + thop_counts_of(b.mid, squeezed, 1, 1, 1, channel_terms::biases) + thop_counts_of(squeezed, b.mid, 1, 1, 1, channel_terms::biases);
        sum.pooled += (after + 1) * b.mid;
    }
    return sum + thop_counts_of(b.mid, b.out, 1, 1, after, channel_terms::batch_norm);
}

/// The counts of what comes after the blocks. @param side of the last map
[[nodiscard]] constexpr thop_counts thop_counts_of_head(const mobile_net& n, int side) {
    thop_counts sum;
    const std::int64_t outputs = std::int64_t{n.classes} * n.heads, pixels = std::int64_t{side} * side;
    if (n.has_final_expand()) {
        sum = thop_counts_of(n.final_expand, side) + thop_counts_of(n.feature_mix, 1);
        sum.pooled += (pixels + 1) * n.final_expand.out;
    } else {
        sum = thop_counts_of(n.feature_mix, side);
        sum.pooled += (pixels + 1) * n.feature_mix.out;
    }
    sum.linear += n.feature_mix.out * outputs;
    sum.parameters += (n.feature_mix.out + 1) * outputs;
    return sum;
}

/// The counts of a network, batch 1.
[[nodiscard]] constexpr thop_counts thop_counts_of(const mobile_net& n) {
    auto sum = thop_counts_of(n.first_conv, n.image_size);
    int side = first_map_side(n);
    for (const auto& b : n.blocks) {
        sum = sum + thop_counts_of(b, side);
        side = strided(side, b.stride);
    }
    return sum + thop_counts_of_head(n, side);
}

} // namespace verdant::workload
