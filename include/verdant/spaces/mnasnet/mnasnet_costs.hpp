#pragma once

#include <verdant/space/point.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/thop_counts.hpp>

#include <array>
#include <cstddef>

/// Costs of points of MnasNet's space: sums and maxima of what its blocks cost, since no block changes the channels or the map of another one. They
/// are looked up in tables that are made at compile time; no network is built.
namespace verdant::spaces {

namespace detail {

/// Costs by kind, index of expansion, kernel, layers and squeeze-and-excitation of each block, for the largest domain of layers.
template <class Cost>
struct mnasnet_cost_table {
    using choices = std::array<std::array<std::array<std::array<Cost, 2>, 4>, 2>, 3>;
    Cost frame{};
    std::array<choices, spaces::mnasnet_block_count> block{};

    [[nodiscard]] constexpr Cost of(const point<spaces::mnasnet>& p) const {
        auto sum = frame;
        for (std::size_t b = 0; b < block.size(); ++b) {
            using layout = spaces::mnasnet_layout;
            sum = sum + block[b][p[layout::expansion(b)]][p[layout::kernel(b)]][p[layout::layers(b)]][p[layout::excitation(b)]];
        }
        return sum;
    }
};

/// @param of_layer the cost of a layer on a map of some side @param of_frame that of a network without blocks, whose last map has some side
template <class Cost, class OfLayer, class OfFrame>
[[nodiscard]] consteval mnasnet_cost_table<Cost> make_mnasnet_costs(const spaces::mnasnet_frame& frame, const OfLayer& of_layer, const OfFrame& of_frame) {
    mnasnet_cost_table<Cost> t;
    const auto net = spaces::frame_of(frame);
    int side = workload::first_map_side(net);
    for (std::size_t b = 0; b < t.block.size(); ++b) {
        const int after = workload::strided(side, spaces::mnasnet_blocks[b].stride);
        for (std::size_t e = 0; e < 3; ++e)
            for (std::size_t k = 0; k < 2; ++k)
                for (std::size_t se = 0; se < 2; ++se) {
                    const auto weights = spaces::mnasnet_excitation::value(se) ? spaces::channel_weights::squeezed : spaces::channel_weights::none;
                    const auto layer = [&](int position) {
                        return spaces::mnasnet_layer(b, position, spaces::mnasnet_expansions::value(e), spaces::mnasnet_kernels::value(k), weights,
                                                     frame.act);
                    };
                    const Cost first = of_layer(layer(0), side), later = of_layer(layer(1), after);
                    auto sum = first;
                    for (std::size_t l = 0; l < 4; ++l) {
                        t.block[b][e][k][l][se] = sum;
                        sum = sum + later;
                    }
                }
        side = after;
    }
    t.frame = of_frame(net, side);
    return t;
}

template <spaces::mnasnet_frame Frame>
inline constexpr auto mnasnet_costs = make_mnasnet_costs<workload::block_cost>(
    Frame, [](const workload::mobile_block& b, int side) { return workload::cost_of(b, side); },
    [](const workload::mobile_net& n, int side) { return workload::stem_cost(n) + workload::head_cost(n, side); });

template <spaces::mnasnet_frame Frame>
inline constexpr auto mnasnet_counts = make_mnasnet_costs<workload::thop_counts>(
    Frame, [](const workload::mobile_block& b, int side) { return workload::thop_counts_of(b, side); },
    [](const workload::mobile_net& n, int side) { return workload::thop_counts_of(n.first_conv, n.image_size) + workload::thop_counts_of_head(n, side); });

} // namespace detail

/// Peak memory (elements), multiply-accumulates and parameters of a point's network: `workload::cost_of(net_of(p, Frame))`.
/// @tparam Frame image size and classes
template <mnasnet_frame Frame = mnasnet_frame{}>
[[nodiscard]] constexpr workload::block_cost cost_of(const point<mnasnet>& p) {
    return verdant::spaces::detail::mnasnet_costs<Frame>.of(p);
}

/// What Accel-NASBench's records say of a point's network, at 224 pixels and 1000 classes: `macs` in millions are `operations() / 1e6`, `params` are
/// `parameters / 1e6`. The numbers of `workload::thop_counts_of(net_of(p, Frame))`.
template <mnasnet_frame Frame = mnasnet_frame{}>
[[nodiscard]] constexpr workload::thop_counts thop_counts_of(const point<mnasnet>& p) {
    return verdant::spaces::detail::mnasnet_counts<Frame>.of(p);
}

} // namespace verdant::spaces
