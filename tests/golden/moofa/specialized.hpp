#pragma once

// A network of specialized_nets.json.

#include "golden/golden.hpp"

#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <string>

namespace golden {

inline verdant::workload::mobile_net net_of(const json& j) {
    namespace workload = verdant::workload;
    const auto act_of = [](const json& name) { return workload::nonlinearity_named(name.get<std::string>()).value(); };
    workload::mobile_net n;
    const auto& first = j.at("first_conv");
    n.first_conv = {.in = first[0], .out = first[1], .kernel = 3, .stride = 2, .act = act_of(first[2])};
    for (const auto& b : j.at("blocks")) {
        const int in = b[0];
        const double expand = b[5];
        n.blocks.push_back({.in = in,
                            .mid = b[2].is_null() ? workload::round_half_even(in * expand) : b[2].get<int>(),
                            .out = b[1],
                            .kernel = b[3],
                            .stride = b[4],
                            .expand = expand,
                            .act = act_of(b[6]),
                            .se = b[7] != 0,
                            .shortcut = b[8] != 0});
    }
    if (const auto& last = j.at("final_expand"); !last.is_null()) n.final_expand = {.in = last[0], .out = last[1], .act = act_of(last[2])};
    const auto& mix = j.at("feature_mix");
    n.feature_mix = {.in = mix[0], .out = mix[1], .act = act_of(mix[2]), .batch_norm = mix[3] != 0};
    n.classes = j.at("classifier")[1];
    n.image_size = j.at("image_size");
    return n;
}

} // namespace golden
