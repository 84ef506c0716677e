#pragma once

#include <verdant/spaces/once_for_all/mobile_family.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/latency/latency_layers.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verdant::spaces {

/// Every layer that some network of a space has at a size of image, once, in the order of networks: what a complete latency table holds. Layers with
/// the same key are one layer to a table, and the first of them stands for all.
template <elastic_space S>
[[nodiscard]] std::vector<workload::latency_layer> latency_layers(int image_size) {
    // Blocks of a stage differ in whether they are its first one, in kernel and in ratio; a coupling may leave out ratios.
    const auto allowed = [](std::size_t stage, int least_depth, double expand) {
        if (S::family.stages[stage].blocks == 1) return least_depth == 1 && S::coupling::allows(1, expand);
        for (std::size_t d = 0; d < S::depths::size; ++d)
            if (const int depth = static_cast<int>(S::depths::value(d)); depth >= least_depth && S::coupling::allows(depth, expand)) return true;
        return false;
    };
    auto net = frame_of(S::family, image_size);
    const auto style = workload::keys_of(net);
    auto frame = workload::latency_layers(net); // first convolution and block, then what follows the elastic blocks, on maps of another side
    std::set<std::string> keys;
    std::vector<workload::latency_layer> layers;
    const auto add = [&](workload::latency_layer layer) {
        if (keys.insert(layer.key).second) layers.push_back(std::move(layer));
    };
    add(std::move(frame[0]));
    add(std::move(frame[1]));
    int side = workload::strided(workload::first_map_side(net), net.blocks[0].stride);
    for (std::size_t s = 0; s < S::stages; ++s)
        for (const int position : {0, 1}) {
            for (std::size_t k = 0; k < S::kernels::size; ++k)
                for (std::size_t e = 0; e < S::expands::size; ++e) {
                    const auto expand = static_cast<double>(S::expands::value(e));
                    if (!allowed(s, position + 1, expand)) continue;
                    const auto block = block_of(S::family, static_cast<int>(s), position, static_cast<int>(S::kernels::value(k)), expand);
                    add({workload::latency_key(block, side, style), side, block});
                }
            if (position == 0) side = workload::strided(side, S::family.stages[s].stride);
        }
    // A network of this one block has the very layers that follow.
    auto last = net;
    last.blocks.clear();
    last.image_size = side;
    last.first_conv.stride = 1;
    auto head = workload::latency_layers(last);
    for (std::size_t i = 1; i < head.size(); ++i) add(std::move(head[i]));
    return layers;
}

} // namespace verdant::spaces
