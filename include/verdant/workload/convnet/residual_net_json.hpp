#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net_json.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>
#include <verdant/workload/convnet/residual_net.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

/// ResNets as the originals' `net.config`.
namespace verdant::workload {

namespace detail {

/// Reads the originals' `net.config` of ResNets (networks/resnets.py); errors name the member.
class residual_config_reader : net_config_reader {
public:
    using net_config_reader::net_config_reader;

    [[nodiscard]] workload::residual_net read(int image_size) const {
        workload::residual_net net;
        if (const auto& name = member(root(), "", "name"); name != "ResNets") refuse("name", "ResNets", name);
        net.image_size = image_size;
        read_norm(net);
        read_stem(net);
        const auto& blocks = member(root(), "", "blocks");
        if (!blocks.is_array() || blocks.size() > workload::residual_net::max_blocks)
            refuse("blocks", "a list of at most " + std::to_string(workload::residual_net::max_blocks), blocks);
        int stage = -1;
        for (std::size_t i = 0; i < blocks.size(); ++i) add_block(net, blocks[i], "blocks[" + std::to_string(i) + "].", stage);
        const auto& classifier = member(root(), "", "classifier");
        read_outputs(net, classifier);
        const int width = net.blocks.empty() ? net.last_conv.out : net.blocks.back().out;
        if (const int in = whole(classifier, "classifier.", "in_features"); in != width)
            refuse("classifier.in_features", std::to_string(width) + ", the channels before it", in);
        check(net, width);
        return net;
    }

private:
    void check(const workload::residual_net& net, int width) const {
        check_image(net.image_size);
        const auto last = std::string{net.stem_residual ? "input_stem[2]" : "input_stem[1]"};
        net_config_reader::check(net.first_conv, "input_stem[0]", net.image_size);
        int side = workload::strided(net.image_size, net.first_conv.stride), channels = net.first_conv.out;
        must_be_countable("input_stem[1]", channels, channels, 1, 3, side);
        must_follow(last + ".in_channels", channels, net.last_conv.in);
        net_config_reader::check(net.last_conv, last, side);
        channels = net.last_conv.out;
        side = (side - 1) / 2 + 1; // the pooling
        for (std::size_t i = 0; i < net.blocks.size(); ++i) {
            const auto& b = net.blocks[i];
            const auto place = "blocks[" + std::to_string(i) + "]";
            must_follow(place + ".in_channels", channels, b.in);
            must_be_countable(place, std::max(b.in, b.mid), b.mid, b.out, b.kernel, side);
            must_be_countable(place + ", shortcut", b.in, b.out, 1, 1, side);
            side = workload::strided(side, b.stride);
            channels = b.out;
        }
        check_classifier(net, width);
    }

    void read_stem(workload::residual_net& net) const {
        const auto& stem = member(root(), "", "input_stem");
        if (!stem.is_array() || stem.size() < 2 || stem.size() > 3) refuse("input_stem", "a list of two or three layers", stem);
        net.first_conv = layer(stem.front(), "input_stem[0].");
        net.stem_residual = stem.size() == 3;
        if (net.stem_residual) {
            const std::string where = "input_stem[1].";
            const auto conv = layer(member(stem[1], where, "conv"), where + "conv.");
            const workload::conv_layer wanted{.in = net.first_conv.out, .out = net.first_conv.out, .kernel = 3, .act = net.first_conv.act};
            if (conv != wanted)
                refuse(where + "conv", "a 3x3 convolution of " + std::to_string(wanted.in) + " channels like the one before", stem[1]["conv"]);
            must_be(member(stem[1], where, "shortcut"), where + "shortcut.", "name", "IdentityLayer");
        }
        const auto last = std::to_string(stem.size() - 1);
        net.last_conv = layer(stem.back(), "input_stem[" + last + "].");
    }

    void add_block(workload::residual_net& net, const nlohmann::json& from, const std::string& where, int& stage) const {
        must_be(from, where, "name", "ResNetBottleneckBlock");
        must_be(from, where, "groups", 1);
        must_be(from, where, "act_func", "relu");
        workload::bottleneck_block b{.in = whole(from, where, "in_channels"), .out = whole(from, where, "out_channels")};
        b.kernel = whole(from, where, "kernel_size");
        b.stride = whole(from, where, "stride");
        b.expand = number(from, where, "expand_ratio");
        const bool counted = from.contains("mid_channels") && !from["mid_channels"].is_null();
        if (!(b.out * b.expand <= largest)) refuse(where + "expand_ratio", "at most " + std::to_string(largest) + " channels", b.out * b.expand);
        b.mid = counted ? whole(from, where, "mid_channels") : workload::mid_channels(b.out, b.expand);
        const auto mode = from.contains("downsample_mode") ? from["downsample_mode"] : nlohmann::json("avgpool_conv");
        if (mode != "conv" && mode != "avgpool_conv") refuse(where + "downsample_mode", "conv or avgpool_conv", mode);
        if (b.stride == 1 && b.in == b.out) b.shortcut = workload::downsample::identity;
        else b.shortcut = mode == "conv" ? workload::downsample::conv : workload::downsample::avgpool_conv;
        if (b.shortcut != workload::downsample::identity || stage < 0) ++stage;
        b.stage = stage;
        net.blocks.push_back(b);
    }
};

[[nodiscard]] inline nlohmann::json block_json(const workload::bottleneck_block& b) {
    return {{"name", "ResNetBottleneckBlock"},
            {"in_channels", b.in},
            {"out_channels", b.out},
            {"kernel_size", b.kernel},
            {"stride", b.stride},
            {"expand_ratio", b.expand},
            {"mid_channels", b.mid},
            {"act_func", "relu"},
            {"groups", 1},
            {"downsample_mode", b.shortcut == workload::downsample::conv ? "conv" : "avgpool_conv"}};
}

} // namespace detail

/// The network of a `net.config` of the originals' ResNets. Where a block has stride 1 and as many channels before as behind, its shortcut is the
/// identity, whatever its `downsample_mode`; `mid_channels` may be missing.
/// @param source the file, for errors @param image_size side of the input, which such files do not hold
/// @throws input_error that names the member, for anything that such a network cannot have
[[nodiscard]] inline residual_net residual_net_from_json(const nlohmann::json& config, std::string_view source = "net.config", int image_size = 224) {
    if (!config.is_object()) throw input_error{source, "", "an object", config.type_name()};
    return detail::residual_config_reader{config, source}.read(image_size);
}

/// The `net.config` of a network, as the originals write it.
[[nodiscard]] inline nlohmann::json to_json(const residual_net& net, double dropout = 0) {
    nlohmann::json stem = nlohmann::json::array({detail::layer_json(net.first_conv)});
    if (net.stem_residual) {
        const int channels = net.first_conv.out;
        stem.push_back({{"name", "ResidualBlock"},
                        {"conv", detail::layer_json({.in = channels, .out = channels, .kernel = 3, .act = net.first_conv.act})},
                        {"shortcut",
                         {{"name", "IdentityLayer"},
                          {"in_channels", channels},
                          {"out_channels", channels},
                          {"use_bn", false},
                          {"act_func", nullptr},
                          {"dropout_rate", 0},
                          {"ops_order", "weight_bn_act"}}}});
    }
    stem.push_back(detail::layer_json(net.last_conv));
    nlohmann::json blocks = nlohmann::json::array();
    for (const auto& b : net.blocks) blocks.push_back(detail::block_json(b));
    return {{"name", "ResNets"},
            {"bn", detail::norm_json(net)},
            {"input_stem", std::move(stem)},
            {"blocks", std::move(blocks)},
            {"classifier", detail::classifier_json(net, net.blocks.empty() ? net.last_conv.out : net.blocks.back().out, dropout)}};
}

} // namespace verdant::workload
