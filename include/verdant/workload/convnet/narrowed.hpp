#pragma once

#include <verdant/error.hpp>
#include <verdant/text/number.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <algorithm>

namespace verdant::workload {

/// A net with all its channels times a width, rounded to multiples of eight (the width multiplier of Howard et al., MobileNets, arXiv 1704.04861,
/// section 3.3; Accel-NASBench's networks have one as well, which its space leaves at 1). Expanded channels keep their ratio to a block's input, and
/// squeezed ones theirs. Shortcuts are where they were, also where rounding made other channels equal.
/// @throws input_error for a width that is not above 0 and at most 4
[[nodiscard]] inline mobile_net narrowed(mobile_net net, double width) {
    if (!(width > 0 && width <= 4)) throw input_error{"network", "width", "a number above 0 and at most 4", exact_text(width)};
    const auto scaled = [width](int channels) { return channels == 0 ? 0 : make_divisible(channels * width); };
    net.first_conv.out = scaled(net.first_conv.out);
    for (auto& b : net.blocks) {
        const int in = scaled(b.in);
        if (b.squeezed > 0) b.squeezed = std::max(1, static_cast<int>(static_cast<long long>(b.squeezed) * in / b.in));
        b.mid = make_divisible(in * b.expand);
        b.in = in;
        b.out = scaled(b.out);
    }
    if (net.has_final_expand()) {
        net.final_expand.in = scaled(net.final_expand.in);
        net.final_expand.out = scaled(net.final_expand.out);
    }
    net.feature_mix.in = scaled(net.feature_mix.in);
    net.feature_mix.out = scaled(net.feature_mix.out);
    return net;
}

} // namespace verdant::workload
