#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <string>
#include <utility>
#include <variant>
#include <vector>

/// The layers of a network that a latency table has entries for.
namespace verdant::workload {

/// The mean of a whole map.
struct mean_layer {
    int channels = 0;

    friend constexpr bool operator==(const mean_layer&, const mean_layer&) = default;
};

/// A classifier with bias.
struct linear_layer {
    int in = 0;
    int out = 0;
    bool averages = false; ///< the mean of the map is a part of it, as in tables of ProxylessNAS

    friend constexpr bool operator==(const linear_layer&, const linear_layer&) = default;
};

/// One entry of a latency table, and what is to be measured for it.
struct latency_layer {
    std::string key;
    int side = 0; ///< of the map that goes in
    std::variant<conv_layer, mobile_block, mean_layer, linear_layer> what;
};

/// The layers whose latencies `latency_of` adds, in order.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<latency_layer> latency_layers(const mobile_net& n) {
    std::vector<latency_layer> layers;
    int side = first_map_side(n);
    const auto convolution = [&layers](const char* type, const conv_layer& c, int in_side, int out_side) {
        layers.push_back({latency_key(type, in_side, c.in, out_side, c.out), in_side, c});
    };
    convolution("Conv", n.first_conv, n.image_size, side);
    for (const auto& b : n.blocks) {
        layers.push_back({latency_key(b, side, keys_of(n)), side, b});
        side = strided(side, b.stride);
    }
    const auto& mix = n.feature_mix;
    if (n.has_final_expand()) {
        const int channels = n.final_expand.out;
        convolution("Conv_1", n.final_expand, side, side);
        layers.push_back({latency_key("AvgPool2D", side, channels, 1, channels), side, mean_layer{channels}});
        convolution("Conv_2", mix, 1, 1);
        side = 1;
    } else convolution("Conv_1", mix, side, side);
    layers.push_back({"Logits-input:" + map_text(side, mix.out) + "-output:" + std::to_string(n.classes), side,
                      linear_layer{mix.out, n.classes, !n.has_final_expand()}});
    return layers;
}
VERDANT_DEFINED_ONCE(std::vector<latency_layer> latency_layers<>(const mobile_net&));

} // namespace verdant::workload
