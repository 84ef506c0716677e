#pragma once

#include <verdant/error.hpp>
#include <verdant/io/json.hpp>
#include <verdant/workload/channels.hpp>
#include <verdant/workload/mobile_net.hpp>
#include <verdant/workload/nonlinearity.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

// The originals' `net.config`: mobile networks as JSON (once-for-all, networks/mobilenet_v3.py and proxyless_nets.py).
namespace verdant::detail {

/// Members of one object of a network's configuration; errors name where it is.
template <class Json>
class layer_reader {
public:
    /// @param place of the object, such as `blocks[3].conv`
    layer_reader(const Json& object, std::string_view source, std::string place) : object_{object}, source_{source}, place_{std::move(place)} {
        if (!object_.is_object()) fail("", "an object", object_);
    }

    [[nodiscard]] bool has(const char* name) const { return object_.contains(name) && !object_[name].is_null(); }
    [[nodiscard]] layer_reader inner(const char* name) const {
        if (!has(name)) fail(name, "an object", Json{});
        return {object_[name], source_, path(name)};
    }
    [[nodiscard]] int whole(const char* name, int least = 1) const {
        const Json value = has(name) ? object_[name] : Json{};
        if (!value.is_number_integer() || value < least || value > std::numeric_limits<int>::max())
            fail(name, "a whole number of at least " + std::to_string(least), value);
        return value.template get<int>();
    }
    [[nodiscard]] double number(const char* name, double otherwise) const {
        if (!has(name)) return otherwise;
        if (!object_[name].is_number()) fail(name, "a number", object_[name]);
        return object_[name].template get<double>();
    }
    [[nodiscard]] bool flag(const char* name, bool otherwise) const {
        if (!has(name)) return otherwise;
        if (!object_[name].is_boolean()) fail(name, "true or false", object_[name]);
        return object_[name].template get<bool>();
    }
    [[nodiscard]] std::string text(const char* name) const {
        if (!has(name)) return {};
        if (!object_[name].is_string()) fail(name, "a string", object_[name]);
        return object_[name].template get<std::string>();
    }
    [[nodiscard]] workload::nonlinearity act() const {
        if (!has("act_func")) return workload::nonlinearity::none;
        const auto found = workload::nonlinearity_named(text("act_func"));
        if (!found) fail("act_func", "relu, relu6, tanh, sigmoid, h_swish, h_sigmoid or null", object_["act_func"]);
        return *found;
    }
    /// What is not supported must have the value that leaves it out.
    void only(const char* name, int value) const {
        if (has(name) && object_[name] != Json(value)) fail(name, std::to_string(value) + ", as nothing else is supported", object_[name]);
    }

    [[nodiscard]] const Json& object() const { return object_; }
    [[nodiscard]] std::string path(std::string_view name) const {
        return place_.empty() || name.empty() ? place_ + std::string{name} : place_ + '.' + std::string{name};
    }
    [[noreturn]] void fail(std::string_view name, const std::string& expected, const Json& found) const {
        const std::string what = found.is_null()         ? "nothing"
                                 : found.is_structured() ? found.type_name()
                                                         : found.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60);
        throw input_error{source_, path(name), expected, what};
    }

private:
    const Json& object_;
    std::string_view source_;
    std::string place_;
};

/// A convolution without bias, shuffle, groups and dilation.
template <class Json>
[[nodiscard]] workload::conv_layer conv_from_json(const layer_reader<Json>& r) {
    r.only("groups", 1);
    r.only("dilation", 1);
    if (r.flag("bias", false)) r.fail("bias", "false, as a convolution with bias is not supported", r.object()["bias"]);
    return {.in = r.whole("in_channels"),
            .out = r.whole("out_channels"),
            .kernel = r.whole("kernel_size"),
            .stride = r.has("stride") ? r.whole("stride") : 1,
            .act = r.act(),
            .batch_norm = r.flag("use_bn", true)};
}

template <class Json>
[[nodiscard]] workload::mobile_block block_from_json(const layer_reader<Json>& block, const layer_reader<Json>& conv) {
    if (const auto name = conv.text("name"); name != "MBConvLayer" && name != "MBInvertedConvLayer")
        conv.fail("name", "MBConvLayer or MBInvertedConvLayer", conv.object().contains("name") ? conv.object()["name"] : Json{});
    workload::mobile_block b;
    b.in = conv.whole("in_channels");
    b.out = conv.whole("out_channels");
    b.kernel = conv.whole("kernel_size");
    b.stride = conv.has("stride") ? conv.whole("stride") : 1;
    b.expand = conv.number("expand_ratio", 6);
    if (!(b.expand > 0) || !(b.in * b.expand < 1e9)) conv.fail("expand_ratio", "a positive ratio", conv.object()["expand_ratio"]);
    b.mid = conv.has("mid_channels") ? conv.whole("mid_channels") : workload::round_half_even(b.in * b.expand);
    if (!b.expands()) b.mid = b.in; // without expansion the depthwise convolution works on the input
    b.act = conv.has("act_func") ? conv.act() : workload::nonlinearity::relu6;
    b.se = conv.flag("use_se", false);
    if (conv.has("groups") && conv.whole("groups") != b.mid) conv.fail("groups", "null or the number of inner channels", conv.object()["groups"]);
    b.shortcut = block.has("shortcut") && block.inner("shortcut").text("name") != "ZeroLayer";
    if (b.shortcut && block.inner("shortcut").text("name") != "IdentityLayer")
        block.fail("shortcut.name", "IdentityLayer, ZeroLayer or null", block.object()["shortcut"]);
    if (b.shortcut && (b.stride != 1 || b.in != b.out)) block.fail("shortcut", "none where stride or channels change", block.object()["shortcut"]);
    return b;
}

/// Indices of the stages of blocks behind the first: a new stage begins where there is no shortcut.
inline void number_stages(workload::mobile_net& n) {
    int stage = -1;
    for (std::size_t i = 0; i < n.blocks.size(); ++i) {
        if (i > 0 && !n.blocks[i].shortcut) ++stage;
        n.blocks[i].stage = i == 0 ? -1 : stage;
    }
}

} // namespace verdant::detail

namespace verdant::workload {

/// A mobile network from the originals' configuration: MobileNetV3 with `final_expand_layer`, or ProxylessNAS without. The old forms are read too:
/// `mobile_inverted_conv` for `conv`, `MobileInvertedResidualBlock`, `MBInvertedConvLayer`, no `mid_channels`, `use_se` or `groups`. A block
/// whose convolution is null or a `ZeroLayer` only passes on its input, and is left out.
/// @param image_size side of the input, which the configuration does not say
/// @param source     names the configuration in errors
/// @throws input_error naming the member
template <class Json>
[[nodiscard]] mobile_net mobile_net_from_json(const Json& configuration, int image_size = 224, std::string_view source = "network configuration") {
    using reader = verdant::detail::layer_reader<Json>;
    const reader root{configuration, source, ""};
    mobile_net n;
    n.image_size = image_size;
    if (root.has("bn")) {
        n.bn_momentum = root.inner("bn").number("momentum", n.bn_momentum);
        n.bn_eps = root.inner("bn").number("eps", n.bn_eps);
    }
    n.first_conv = verdant::detail::conv_from_json(root.inner("first_conv"));
    if (!root.has("blocks") || !configuration["blocks"].is_array()) root.fail("blocks", "an array of blocks", Json{});
    int width = n.first_conv.out;
    std::size_t i = 0;
    for (const auto& element : configuration["blocks"]) {
        const auto place = "blocks[" + std::to_string(i++) + "]";
        const reader block{element, source, place};
        const char* key = block.has("conv") ? "conv" : "mobile_inverted_conv";
        if (!block.has(key) || block.inner(key).text("name") == "ZeroLayer") continue;
        const auto b = verdant::detail::block_from_json(block, block.inner(key));
        if (b.in != width) block.inner(key).fail("in_channels", std::to_string(width) + ", the channels of the layer before", Json(b.in));
        if (n.blocks.size() == mobile_net::max_blocks)
            throw input_error{source, place, "at most " + std::to_string(mobile_net::max_blocks) + " blocks", "more"};
        n.blocks.push_back(b);
        width = b.out;
    }
    verdant::detail::number_stages(n);
    const auto follows = [&](const char* name) {
        const auto conv = verdant::detail::conv_from_json(root.inner(name));
        if (conv.in != width) root.inner(name).fail("in_channels", std::to_string(width) + ", the channels of the layer before", Json(conv.in));
        width = conv.out;
        return conv;
    };
    if (root.has("final_expand_layer")) n.final_expand = follows("final_expand_layer");
    n.feature_mix = follows("feature_mix_layer");
    const auto classifier = root.inner("classifier");
    if (classifier.whole("in_features") != width) classifier.fail("in_features", std::to_string(width), classifier.object()["in_features"]);
    n.classes = classifier.whole("out_features");
    return n;
}

/// The configuration in a file. @throws file_error, input_error
[[nodiscard]] inline mobile_net read_mobile_net(const std::string& path, int image_size = 224) {
    return mobile_net_from_json(io::read_json(path), image_size, path);
}

/// The configuration of a network as the originals write it today.
/// @param dropout before the classifier
template <class Json = nlohmann::ordered_json>
[[nodiscard]] Json to_json(const mobile_net& n, double dropout = 0) {
    const auto act = [](nonlinearity f) { return f == nonlinearity::none ? Json{} : Json(std::string{name(f)}); };
    const auto conv = [&](const conv_layer& c) {
        return Json{{"name", "ConvLayer"},
                    {"kernel_size", c.kernel},
                    {"stride", c.stride},
                    {"dilation", 1},
                    {"groups", 1},
                    {"bias", false},
                    {"has_shuffle", false},
                    {"use_se", false},
                    {"in_channels", c.in},
                    {"out_channels", c.out},
                    {"use_bn", c.batch_norm},
                    {"act_func", act(c.act)},
                    {"dropout_rate", 0},
                    {"ops_order", "weight_bn_act"}};
    };
    const auto ratio = [](double e) { return e == std::floor(e) ? Json(static_cast<int>(e)) : Json(e); };
    auto blocks = Json::array();
    for (const auto& b : n.blocks) {
        Json shortcut;
        if (b.shortcut)
            shortcut = Json{{"name", "IdentityLayer"},
                            {"in_channels", Json::array({b.in})},
                            {"out_channels", Json::array({b.out})},
                            {"use_bn", false},
                            {"act_func", nullptr},
                            {"dropout_rate", 0},
                            {"ops_order", "weight_bn_act"}};
        Json layer{
            {"name", "MBConvLayer"},           {"in_channels", b.in},   {"out_channels", b.out},  {"kernel_size", b.kernel}, {"stride", b.stride},
            {"expand_ratio", ratio(b.expand)}, {"mid_channels", b.mid}, {"act_func", act(b.act)}, {"use_se", b.se},          {"groups", nullptr}};
        blocks.push_back(Json{{"name", "ResidualBlock"}, {"conv", std::move(layer)}, {"shortcut", std::move(shortcut)}});
    }
    Json all{{"name", n.has_final_expand() ? "MobileNetV3" : "ProxylessNASNets"},
             {"bn", Json{{"momentum", n.bn_momentum}, {"eps", n.bn_eps}, {"ws_eps", nullptr}}},
             {"first_conv", conv(n.first_conv)},
             {"blocks", std::move(blocks)}};
    if (n.has_final_expand()) all["final_expand_layer"] = conv(n.final_expand);
    all["feature_mix_layer"] = conv(n.feature_mix);
    all["classifier"] =
        Json{{"name", "LinearLayer"}, {"in_features", n.feature_mix.out}, {"out_features", n.classes},   {"bias", true}, {"use_bn", false},
             {"act_func", nullptr},   {"dropout_rate", dropout},          {"ops_order", "weight_bn_act"}};
    return all;
}

} // namespace verdant::workload
