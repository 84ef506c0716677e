#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_graph.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>
#include <verdant/workload/convnet/residual_costs.hpp>
#include <verdant/workload/convnet/residual_net.hpp>
#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/graph/graph.hpp>
#include <verdant/workload/graph/operator.hpp>

#include <type_traits>

namespace verdant::workload {

namespace detail {

[[nodiscard]] constexpr workload::graph traced(const workload::residual_net& n) {
    network_tracer t;
    t.enter(component::embeddings);
    node_id x = t.conv("first_conv", t.image(n.first_conv.in, n.image_size), n.first_conv);
    if (n.stem_residual) {
        const int channels = n.first_conv.out;
        x = t.add(t.conv("stem_conv", x, {.in = channels, .out = channels, .kernel = 3, .act = nonlinearity::relu}), x);
    }
    x = t.conv("last_conv", x, n.last_conv);
    x = t.pool("max_pool", x, pooled(t.side_of(x)));
    t.enter(component::feed_forward);
    for (const auto& b : n.blocks) {
        const auto c = convs_of(b);
        node_id shortcut = x;
        if (b.shortcut == downsample::avgpool_conv && b.stride > 1) shortcut = t.pool("avg_pool", x, strided(t.side_of(x), b.stride));
        if (b.shortcut != downsample::identity) shortcut = t.conv("downsample", shortcut, c.shortcut);
        const node_id main = t.conv("conv3", t.conv("conv2", t.conv("conv1", x, c.reduce), c.spatial), c.expand);
        x = t.activation_of(t.add(main, shortcut), nonlinearity::relu);
    }
    return t.finish(t.mean(x), n.classes * n.heads);
}

template <class = instantiated_when_used>
[[nodiscard]] workload::graph traced_at_run_time(const workload::residual_net& n) {
    return traced(n);
}
VERDANT_DEFINED_ONCE(workload::graph traced_at_run_time<>(const workload::residual_net&));

} // namespace detail

/// The operator graph of a ResNet-D, batch 1; lowered as `mobile_graph.hpp` says.
/// @throws error if it has more operators than a graph holds
[[nodiscard]] constexpr graph trace(const residual_net& n) {
    if (std::is_constant_evaluated()) return verdant::workload::detail::traced(n);
    return verdant::workload::detail::traced_at_run_time(n);
}

/// The operators of that graph that cost something, after fusion.
/// @throws as `trace` does
[[nodiscard]] constexpr model operators(const residual_net& n) { return fuse(trace(n)); }

} // namespace verdant::workload
