#pragma once

#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/graph/bounded_list.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

/// Closed-form costs of mobile networks: multiply-accumulates, parameters, peak memory. All of them are exact integers.
namespace verdant::workload {

/// What one part of a network costs.
struct block_cost {
    std::int64_t peak = 0;       ///< elements in use while its most demanding convolution runs
    std::int64_t macs = 0;       ///< multiply-accumulates
    std::int64_t parameters = 0; ///< learnable numbers

    friend constexpr bool operator==(const block_cost&, const block_cost&) = default;
};

/// What follows one after the other: the larger peak, the sums of the rest.
[[nodiscard]] constexpr block_cost operator+(const block_cost& a, const block_cost& b) {
    return {std::max(a.peak, b.peak), a.macs + b.macs, a.parameters + b.parameters};
}

/// Elements in use while a convolution runs at batch 1: input, output, weights; the same of each convolution of a block, in order. The unit is
/// elements, not bytes; activations work in place, batch normalisation is not counted (memory-optimized-once-for-all, PeakMemoryEfficiency).
/// @param side of the map that goes in
[[nodiscard]] constexpr std::int64_t memory_of(const conv_layer& c, int side) {
    const std::int64_t before = std::int64_t{side} * side, o = strided(side, c.stride), after = o * o;
    return c.in * before + c.out * after + std::int64_t{c.in} * c.out * c.kernel * c.kernel;
}

/// The memory of the convolutions of a block.
struct block_memory {
    std::int64_t expansion = 0;  ///< 0 where there is none
    std::int64_t depthwise = 0;  ///< with the block's input where a shortcut keeps it
    std::int64_t projection = 0; ///< without what the shortcut keeps: as the original

    [[nodiscard]] constexpr std::int64_t peak() const { return std::max({expansion, depthwise, projection}); }
};
[[nodiscard]] constexpr block_memory memory_of(const mobile_block& b, int side) {
    const std::int64_t before = std::int64_t{side} * side, o = strided(side, b.stride), after = o * o, mid = b.mid;
    return {.expansion = b.expands() ? b.in * before + mid * before + b.in * mid : 0,
            .depthwise = mid * before + mid * after + mid * b.kernel * b.kernel + (b.shortcut ? b.in * before : 0),
            .projection = mid * after + b.out * after + mid * b.out};
}

/// Multiply-accumulates of a convolution.
[[nodiscard]] constexpr std::int64_t macs(const conv_layer& c, int side) {
    const std::int64_t o = strided(side, c.stride);
    return std::int64_t{c.in} * c.out * c.kernel * c.kernel * o * o;
}
/// Multiply-accumulates of a block, squeeze-and-excitation included.
[[nodiscard]] constexpr std::int64_t macs(const mobile_block& b, int side) {
    const std::int64_t before = std::int64_t{side} * side, o = strided(side, b.stride), after = o * o, mid = b.mid;
    return (b.expands() ? b.in * mid * before : 0) + mid * b.kernel * b.kernel * after + (b.se ? 2 * mid * squeezed_channels(b) : 0) +
           mid * b.out * after;
}

/// Learnable numbers of a convolution: weights, gain and shift of the batch normalisation.
[[nodiscard]] constexpr std::int64_t parameters(const conv_layer& c) {
    return std::int64_t{c.in} * c.out * c.kernel * c.kernel + (c.batch_norm ? 2 * std::int64_t{c.out} : 0);
}
/// Learnable numbers of a block.
[[nodiscard]] constexpr std::int64_t parameters(const mobile_block& b) {
    const std::int64_t mid = b.mid, squeezed = squeezed_channels(b);
    return (b.expands() ? b.in * mid + 2 * mid : 0) + mid * b.kernel * b.kernel + 2 * mid + (b.se ? 2 * mid * squeezed + squeezed + mid : 0) +
           mid * b.out + 2 * b.out;
}

/// All costs of a block.
[[nodiscard]] constexpr block_cost cost_of(const mobile_block& b, int side) { return {memory_of(b, side).peak(), macs(b, side), parameters(b)}; }

/// Costs of what comes before the blocks.
[[nodiscard]] constexpr block_cost stem_cost(const mobile_net& n) {
    return {memory_of(n.first_conv, n.image_size), macs(n.first_conv, n.image_size), parameters(n.first_conv)};
}

/// Costs of what comes after the blocks. The feature mix of a net without final expansion works on the last map and counts in the peak like
/// that expansion; after the mean it does not count, nor does the classifier (as the original).
/// @param side of the last map
[[nodiscard]] constexpr block_cost head_cost(const mobile_net& n, int side) {
    const auto& mix = n.feature_mix;
    const auto outputs = std::int64_t{n.classes} * n.heads;
    const block_cost classifier{0, mix.out * outputs, (mix.out + 1) * outputs};
    if (!n.has_final_expand()) return block_cost{memory_of(mix, side), macs(mix, side), parameters(mix)} + classifier;
    return block_cost{memory_of(n.final_expand, side), macs(n.final_expand, side), parameters(n.final_expand)} +
           block_cost{0, macs(mix, 1), parameters(mix)} + classifier;
}

/// Peak memory, multiply-accumulates and parameters of a network.
[[nodiscard]] constexpr block_cost cost_of(const mobile_net& n) {
    auto sum = stem_cost(n);
    int side = first_map_side(n);
    for (const auto& b : n.blocks) {
        sum = sum + cost_of(b, side);
        side = strided(side, b.stride);
    }
    return sum + head_cost(n, side);
}

/// Multiply-accumulates of one inference; `peak_memory` in elements and `parameters` likewise.
[[nodiscard]] constexpr std::int64_t macs(const mobile_net& n) { return cost_of(n).macs; }
[[nodiscard]] constexpr std::int64_t parameters(const mobile_net& n) { return cost_of(n).parameters; }
[[nodiscard]] constexpr std::int64_t peak_memory(const mobile_net& n) { return cost_of(n).peak; }

/// Multiply-accumulates as the originals' profiler reports them: the same numbers of each layer, summed in single precision, so that they are off by
/// rounding above 2^24.
[[nodiscard]] constexpr float profiled_macs(const mobile_net& n) {
    float sum = 0;
    const auto add = [&sum](std::int64_t layer) { sum += static_cast<float>(layer); };
    add(macs(n.first_conv, n.image_size));
    int side = first_map_side(n);
    for (const auto& b : n.blocks) {
        const std::int64_t before = std::int64_t{side} * side, o = strided(side, b.stride), after = o * o, mid = b.mid;
        if (b.expands()) add(b.in * mid * before);
        add(mid * b.kernel * b.kernel * after);
        if (b.se) {
            add(mid * squeezed_channels(b));
            add(mid * squeezed_channels(b));
        }
        add(mid * b.out * after);
        side = static_cast<int>(o);
    }
    if (n.has_final_expand()) add(macs(n.final_expand, side));
    add(macs(n.feature_mix, n.has_final_expand() ? 1 : side));
    for (int head = 0; head < n.heads; ++head) add(std::int64_t{n.feature_mix.out} * n.classes);
    return sum;
}

/// Elements in use while each convolution runs, in order: first convolution, expansion (where there is one), depthwise and projection of each
/// block, last convolution.
using memory_history_list = bounded_list<std::int64_t, 3 * mobile_net::max_blocks + 2>;
[[nodiscard]] constexpr memory_history_list memory_history(const mobile_net& n) {
    memory_history_list history;
    history.push_back(memory_of(n.first_conv, n.image_size));
    int side = first_map_side(n);
    for (const auto& b : n.blocks) {
        const auto m = memory_of(b, side);
        if (b.expands()) history.push_back(m.expansion);
        history.push_back(m.depthwise);
        history.push_back(m.projection);
        side = strided(side, b.stride);
    }
    history.push_back(memory_of(n.has_final_expand() ? n.final_expand : n.feature_mix, side));
    return history;
}

} // namespace verdant::workload
