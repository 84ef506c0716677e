#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>
#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/graph/graph.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>

#include <string_view>
#include <type_traits>

/// Mobile networks as operator graphs, so that the accelerator model can cost them. The lowering:
/// - a convolution is one nest of seven loops (docs/estimator.md 3.4); a depthwise one has the weight [C, 1, k, k], so one input channel and C
///   output channels: its multiply-accumulates are exact, the words of its input are counted for one channel (the cost model knows no groups);
/// - batch normalisation and activation are fused into their convolution;
/// - squeeze-and-excitation is a mean over the flattened map, two 1x1 convolutions on a map of one pixel, and a product;
/// - a ReLU6 is a hardtanh, any pooling a mean.
namespace verdant::workload {

/// Records convolutional networks: a tracer with layers instead of operators. Maps have the shape [1, C, H, W].
class network_tracer {
public:
    /// One section, so that the cost of each operator sees all its operands.
    constexpr network_tracer() { t_.begin_section("network"); }

    /// The input image.
    constexpr node_id image(int channels, int side) { return t_.input("pixel_values", {1, channels, side, side}); }
    /// Later nodes belong to this part.
    constexpr void enter(component part) { t_.enter(part); }

    /// A convolution with its normalisation and activation.
    /// @param groups 1, or the number of channels for a depthwise convolution
    constexpr node_id conv(std::string_view name, node_id input, const conv_layer& c, int groups = 1) {
        const int side = strided(side_of(input), c.stride);
        const shape out{1, c.out, side, side};
        node_id x = t_.module(name, op_kind::convolution, out, input, {c.out, c.in / groups, c.kernel, c.kernel});
        if (c.batch_norm) x = t_.module("batch_norm", op_kind::batch_norm, out, x, {c.out});
        return activation_of(x, c.act);
    }
    /// Scales channels by what a small network makes of their means.
    /// @param squeezed channels between its layers, with `act` behind them @param gate_act of the factors
    constexpr node_id squeeze_excite(node_id input, int squeezed, nonlinearity act, nonlinearity gate_act) {
        const int channels = channels_of(input);
        const node_id pooled = mean(input);
        const node_id map = t_.view({1, channels, 1, 1}, {pooled});
        const node_id reduced = conv("se_reduce", map, {.in = channels, .out = squeezed, .act = act, .batch_norm = false});
        const node_id gate = conv("se_expand", reduced, {.in = squeezed, .out = channels, .act = gate_act, .batch_norm = false});
        return t_.elementwise("se_scale", op_kind::mul, {input, gate});
    }
    /// Means of the channels: [1, C].
    constexpr node_id mean(node_id input) {
        const int channels = channels_of(input), side = side_of(input);
        const node_id flat = t_.view({1, channels, side * side}, {input});
        return t_.call("mean", op_kind::mean, {1, channels}, {flat});
    }
    /// Pooling of windows, whatever the rule.
    constexpr node_id pool(std::string_view name, node_id input, int side) {
        return t_.call(name, op_kind::mean, {1, channels_of(input), side, side}, {input});
    }
    constexpr node_id add(node_id a, node_id b) { return t_.elementwise("add", op_kind::add, {a, b}); }
    constexpr node_id activation_of(node_id x, nonlinearity f) { return f == nonlinearity::none ? x : t_.elementwise(name(f), operator_of(f), {x}); }
    /// A view of features as a map of one pixel, and back.
    constexpr node_id as_map(node_id features) { return t_.view({1, t_.shape_of(features)[1], 1, 1}, {features}); }
    constexpr node_id as_features(node_id map) { return t_.view({1, channels_of(map)}, {map}); }
    /// The classifier and the end.
    constexpr graph finish(node_id features, int classes) {
        t_.enter(component::output);
        const node_id logits = t_.linear("classifier", features, classes);
        t_.enter(component::none);
        static_cast<void>(t_.call("output", op_kind::sink, {1}, {logits}));
        return t_.result();
    }

    [[nodiscard]] constexpr int channels_of(node_id map) const { return t_.shape_of(map)[1]; }
    [[nodiscard]] constexpr int side_of(node_id map) const { return t_.shape_of(map)[2]; }

private:
    tracer t_{};
};

namespace detail {

[[nodiscard]] constexpr workload::graph traced(const workload::mobile_net& n) {
    network_tracer t;
    t.enter(component::embeddings);
    node_id x = t.conv("first_conv", t.image(n.first_conv.in, n.image_size), n.first_conv);
    for (const auto& b : n.blocks) {
        t.enter(component::feed_forward);
        const node_id input = x;
        if (b.expands()) x = t.conv("inverted_bottleneck", x, {.in = b.in, .out = b.mid, .act = b.act});
        x = t.conv("depth_conv", x, {.in = b.mid, .out = b.mid, .kernel = b.kernel, .stride = b.stride, .act = b.act}, b.mid);
        if (b.se) {
            t.enter(component::attention);
            x = t.squeeze_excite(x, squeezed_channels(b), b.squeeze_act, b.gate);
            t.enter(component::feed_forward);
        }
        x = t.conv("point_linear", x, {.in = b.mid, .out = b.out});
        if (b.shortcut) x = t.add(x, input);
    }
    t.enter(component::embeddings);
    if (n.has_final_expand()) {
        x = t.conv("final_expand", x, n.final_expand);
        x = t.as_features(t.conv("feature_mix", t.as_map(t.mean(x)), n.feature_mix));
    } else {
        x = t.mean(t.conv("feature_mix", x, n.feature_mix));
    }
    return t.finish(x, n.classes * n.heads);
}

template <class = instantiated_when_used>
[[nodiscard]] workload::graph traced_at_run_time(const workload::mobile_net& n) {
    return traced(n);
}
VERDANT_DEFINED_ONCE(workload::graph traced_at_run_time<>(const workload::mobile_net&));

} // namespace detail

/// The operator graph of a mobile network, batch 1. Stem and final layers are reported as embeddings, blocks as FFN, squeeze-and-excitation as
/// attention, the classifier as output.
/// @throws error if it has more operators than a graph holds: about 24 blocks with squeeze-and-excitation
[[nodiscard]] constexpr graph trace(const mobile_net& n) {
    if (std::is_constant_evaluated()) return verdant::workload::detail::traced(n);
    return verdant::workload::detail::traced_at_run_time(n);
}

/// The operators of that graph that cost something, after fusion.
/// @throws as `trace` does
[[nodiscard]] constexpr model operators(const mobile_net& n) { return fuse(trace(n)); }

} // namespace verdant::workload
