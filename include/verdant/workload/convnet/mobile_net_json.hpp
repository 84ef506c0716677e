#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// MobileNets as the originals' `net.config`.
namespace verdant::workload {

namespace detail {

/// Reads the originals' `net.config` (ofa/utils/layers.py), old spellings too; errors name the member.
class net_config_reader {
public:
    net_config_reader(const nlohmann::json& root, std::string_view source) : root_{root}, source_{source} {}

    [[nodiscard]] workload::mobile_net read(int image_size) const {
        workload::mobile_net net;
        const auto& name = member(root_, "", "name");
        if (name != "MobileNetV3" && name != "MobileNetV3Large" && name != "ProxylessNASNets")
            refuse("name", "MobileNetV3 or ProxylessNASNets", name);
        io::check_members(root_, source_, "",
                          std::array{"name", "bn", "first_conv", "blocks", "final_expand_layer", "feature_mix_layer", "classifier"});
        net.image_size = image_size;
        read_norm(net);
        net.first_conv = layer("first_conv");
        const auto& blocks = member(root_, "", "blocks");
        if (!blocks.is_array() || blocks.size() > workload::mobile_net::max_blocks)
            refuse("blocks", "a list of at most " + std::to_string(workload::mobile_net::max_blocks), blocks);
        int stage = -1;
        for (std::size_t i = 0; i < blocks.size(); ++i) add_block(net, blocks[i], "blocks[" + std::to_string(i) + "]", stage);
        if (name != "ProxylessNASNets") net.final_expand = layer("final_expand_layer");
        net.feature_mix = layer("feature_mix_layer");
        const auto& classifier = member(root_, "", "classifier");
        read_outputs(net, classifier);
        if (const int in = whole(classifier, "classifier.", "in_features"); in != net.feature_mix.out)
            refuse("classifier.in_features", std::to_string(net.feature_mix.out) + ", the channels before it", in);
        check(net);
        return net;
    }

protected:
    [[noreturn]] void refuse(const std::string& place, const std::string& expected, const nlohmann::json& found) const {
        throw input_error{source_, place, expected, found.is_null() ? "nothing" : found.dump()};
    }
    [[nodiscard]] const nlohmann::json& member(const nlohmann::json& from, const std::string& where, const char* name) const {
        if (!from.is_object() || !from.contains(name)) refuse(where + name, "a member of this name", {});
        return from[name];
    }
    [[nodiscard]] int whole(const nlohmann::json& from, const std::string& where, const char* name) const {
        const auto& value = member(from, where, name);
        if (!value.is_number_integer() || value < 1) refuse(where + name, "a positive whole number", value);
        if (value > largest) refuse(where + name, "a whole number up to " + std::to_string(largest), value);
        return value.get<int>();
    }
    [[nodiscard]] double number(const nlohmann::json& from, const std::string& where, const char* name) const {
        const auto& value = member(from, where, name);
        if (!value.is_number() || !(value > 0)) refuse(where + name, "a positive number", value);
        if (value > largest) refuse(where + name, "a number up to " + std::to_string(largest), value);
        return value.get<double>();
    }
    [[nodiscard]] bool flag(const nlohmann::json& from, const std::string& where, const char* name, bool otherwise) const {
        if (!from.contains(name) || from[name].is_null()) return otherwise;
        if (!from[name].is_boolean()) refuse(where + name, "true or false", from[name]);
        return from[name].get<bool>();
    }
    [[nodiscard]] workload::nonlinearity act(const nlohmann::json& from, const std::string& where) const {
        const auto& value = member(from, where, "act_func");
        if (value.is_null()) return workload::nonlinearity::none;
        const auto found = value.is_string() ? workload::nonlinearity_named(value.get<std::string>()) : std::nullopt;
        if (!found) refuse(where + "act_func", "an activation such as relu or h_swish", value);
        return *found;
    }
    [[nodiscard]] static bool is_named(const nlohmann::json& layer, const char* name) {
        return layer.is_object() && layer.contains("name") && layer["name"] == name;
    }
    /// Of any kind of network: batch norm, or group norm, and standardised weights.
    template <class Net>
    void read_norm(Net& net) const {
        if (!root_.contains("bn") || !root_["bn"].is_object()) return;
        const auto& norm = root_["bn"];
        io::check_members(norm, source_, "bn.", std::array{"momentum", "eps", "ws_eps", "gn_channel_per_group"});
        const auto given = [&norm](const char* member) { return norm.contains(member) && !norm[member].is_null(); };
        if (given("gn_channel_per_group")) net.gn_channels = whole(norm, "bn.", "gn_channel_per_group");
        else net.bn_momentum = number(norm, "bn.", "momentum");
        net.bn_eps = number(norm, "bn.", "eps");
        if (given("ws_eps")) net.ws_eps = number(norm, "bn.", "ws_eps");
    }
    template <class Net>
    void read_outputs(Net& net, const nlohmann::json& classifier) const {
        net.classes = whole(classifier, "classifier.", "out_features");
        io::check_members(classifier, source_, "classifier.",
                          std::array{"name", "in_features", "out_features", "num_heads", "bias", "use_bn", "act_func", "dropout_rate", "ops_order"});
        must_be(classifier, "classifier.", "bias", true);
        must_be(classifier, "classifier.", "use_bn", false);
        must_be(classifier, "classifier.", "act_func", nullptr);
        if (is_named(classifier, "MultiHeadLinearLayer")) net.heads = whole(classifier, "classifier.", "num_heads");
        else must_be(classifier, "classifier.", "name", "LinearLayer");
    }

    /// Groups, dilation and the like that the description has no place for.
    void must_be(const nlohmann::json& from, const std::string& where, const char* name, const nlohmann::json& wanted) const {
        if (from.contains(name) && !from[name].is_null() && from[name] != wanted) refuse(where + name, wanted.dump(), from[name]);
    }

    [[nodiscard]] workload::conv_layer layer(const char* name) const { return layer(member(root_, "", name), std::string{name} + "."); }
    [[nodiscard]] workload::conv_layer layer(const nlohmann::json& from, const std::string& where) const {
        if (!from.is_object()) refuse(where.substr(0, where.size() - 1), "an object", from);
        io::check_members(from, source_, where,
                          std::array{"name", "in_channels", "out_channels", "kernel_size", "stride", "dilation", "groups", "bias", "has_shuffle",
                                     "use_se", "use_bn", "act_func", "dropout_rate", "ops_order"});
        must_be(from, where, "name", "ConvLayer");
        must_be(from, where, "dilation", 1);
        must_be(from, where, "groups", 1);
        must_be(from, where, "bias", false);
        must_be(from, where, "use_se", false);
        must_be(from, where, "has_shuffle", false);
        must_be(from, where, "ops_order", "weight_bn_act");
        return {.in = whole(from, where, "in_channels"),
                .out = whole(from, where, "out_channels"),
                .kernel = whole(from, where, "kernel_size"),
                .stride = whole(from, where, "stride"),
                .act = act(from, where),
                .batch_norm = flag(from, where, "use_bn", true)};
    }

    [[nodiscard]] const nlohmann::json& root() const { return root_; }

    /// Channels that go into a layer are those that come out of the one before it.
    void must_follow(const std::string& place, int before, int in) const {
        if (in != before) refuse(place, std::to_string(before) + ", the channels before it", in);
    }
    /// Costs are summed in 64 bits, of a few hundred layers at most. @param in, mid, out channels of up to two convolutions
    void must_be_countable(const std::string& place, double in, double mid, double out, double kernel, double side) const {
        const double most = std::max({in * mid, mid * mid, mid * out, mid}) * kernel * kernel * side * side;
        if (!(most < largest_layer)) refuse(place, "a layer of fewer than 2^54 multiply-accumulates", most);
    }
    void check_image(int image_size) const {
        if (image_size < 1 || image_size > largest) refuse("image size", "a number of pixels from 1 to " + std::to_string(largest), image_size);
    }
    void check(const workload::conv_layer& layer, const std::string& place, int side) const {
        must_be_countable(place, layer.in, layer.out, 1, layer.kernel, side);
    }
    template <class Net>
    void check_classifier(const Net& net, int width) const {
        must_be_countable("classifier", width, static_cast<double>(net.classes) * net.heads, 1, 1, 1);
    }

    static constexpr int largest = 1 << 24; ///< of any number
    static constexpr double largest_layer = 0x1p54;

private:
    void check(const workload::mobile_net& net) const {
        check_image(net.image_size);
        check(net.first_conv, "first_conv", net.image_size);
        int side = first_map_side(net), channels = net.first_conv.out;
        for (std::size_t i = 0; i < net.blocks.size(); ++i) {
            const auto& b = net.blocks[i];
            const auto place = "blocks, block " + std::to_string(i + 1) + " with a convolution";
            must_follow(place + ", in_channels", channels, b.in);
            if (b.shortcut && (b.stride != 1 || b.in != b.out)) refuse(place + ", shortcut", "none where stride or channels change", "IdentityLayer");
            must_be_countable(place, b.in, b.mid, b.out, b.kernel, side);
            side = strided(side, b.stride);
            channels = b.out;
        }
        if (net.has_final_expand()) {
            must_follow("final_expand_layer.in_channels", channels, net.final_expand.in);
            check(net.final_expand, "final_expand_layer", side);
            channels = net.final_expand.out;
        }
        must_follow("feature_mix_layer.in_channels", channels, net.feature_mix.in);
        check(net.feature_mix, "feature_mix_layer", side);
        check_classifier(net, net.feature_mix.out);
    }

    void add_block(workload::mobile_net& net, const nlohmann::json& from, const std::string& place, int& stage) const {
        if (!from.is_object()) refuse(place, "an object", from);
        io::check_members(from, source_, place + ".", std::array{"name", "conv", "mobile_inverted_conv", "shortcut"});
        const char* const key = from.contains("mobile_inverted_conv") ? "mobile_inverted_conv" : "conv";
        const auto& conv = member(from, place + ".", key);
        // Without a convolution only the shortcut is left, which changes nothing.
        if (conv.is_null() || is_named(conv, "ZeroLayer")) return;
        const auto where = place + "." + key + ".";
        if (!conv.is_object() || (conv.contains("name") && conv["name"] != "MBConvLayer" && conv["name"] != "MBInvertedConvLayer"))
            refuse(where + "name", "MBConvLayer", conv.is_object() ? conv["name"] : conv);
        io::check_members(conv, source_, where,
                          std::array{"name", "in_channels", "out_channels", "kernel_size", "stride", "expand_ratio", "mid_channels", "act_func", "use_se",
                                     "groups"});
        must_be(conv, where, "groups", 1);
        workload::mobile_block b{.in = whole(conv, where, "in_channels"), .out = whole(conv, where, "out_channels")};
        b.kernel = whole(conv, where, "kernel_size");
        b.stride = whole(conv, where, "stride");
        b.expand = number(conv, where, "expand_ratio");
        b.act = conv.contains("act_func") ? act(conv, where) : workload::nonlinearity::relu6;
        b.se = flag(conv, where, "use_se", false);
        const bool counted = conv.contains("mid_channels") && !conv["mid_channels"].is_null();
        if (!(b.in * b.expand <= largest)) refuse(where + "expand_ratio", "at most " + std::to_string(largest) + " channels", b.in * b.expand);
        b.mid = b.expand == 1 ? b.in : counted ? whole(conv, where, "mid_channels") : workload::round_half_even(b.in * b.expand);
        if (b.mid < 1) refuse(where + "expand_ratio", "a channel or more", b.in * b.expand);
        if (from.contains("shortcut") && from["shortcut"].is_object() && !is_named(from["shortcut"], "ZeroLayer")) {
            const auto way = place + ".shortcut.";
            io::check_members(from["shortcut"], source_, way,
                              std::array{"name", "in_channels", "out_channels", "use_bn", "act_func", "dropout_rate", "ops_order"});
            must_be(from["shortcut"], way, "name", "IdentityLayer");
            must_be(from["shortcut"], way, "use_bn", false);
            must_be(from["shortcut"], way, "act_func", nullptr);
            b.shortcut = true;
        }
        // Stages begin where the input cannot be added; the first block belongs to none.
        if (!net.blocks.empty() && !b.shortcut) ++stage;
        b.stage = net.blocks.empty() ? -1 : stage;
        net.blocks.push_back(b);
    }

    const nlohmann::json& root_;
    std::string_view source_;
};

[[nodiscard]] inline nlohmann::json act_json(workload::nonlinearity f) {
    return f == workload::nonlinearity::none ? nlohmann::json{} : nlohmann::json(std::string{workload::name(f)});
}

[[nodiscard]] inline nlohmann::json layer_json(const workload::conv_layer& l) {
    return {{"name", "ConvLayer"},
            {"kernel_size", l.kernel},
            {"stride", l.stride},
            {"dilation", 1},
            {"groups", 1},
            {"bias", false},
            {"has_shuffle", false},
            {"use_se", false},
            {"in_channels", l.in},
            {"out_channels", l.out},
            {"use_bn", l.batch_norm},
            {"act_func", act_json(l.act)},
            {"dropout_rate", 0},
            {"ops_order", "weight_bn_act"}};
}

/// @throws input_error where squeeze-and-excitation is not the originals', for which such files have no place
[[nodiscard]] inline nlohmann::json block_json(const workload::mobile_block& b) {
    const workload::mobile_block originals;
    if (b.se && (squeezed_channels(b) != workload::squeezed_channels(b.mid) || b.squeeze_act != originals.squeeze_act || b.gate != originals.gate))
        throw input_error{"mobile_net", "squeeze-and-excitation", std::to_string(workload::squeezed_channels(b.mid)) + " channels, relu and h_sigmoid",
                          std::to_string(squeezed_channels(b)) + " channels, " + std::string{workload::name(b.squeeze_act)} + " and " +
                              std::string{workload::name(b.gate)}};
    const bool fixed = b.stage < 0;
    nlohmann::json conv{{"name", "MBConvLayer"},
                        {"in_channels", b.in},
                        {"out_channels", b.out},
                        {"kernel_size", b.kernel},
                        {"stride", b.stride},
                        {"expand_ratio", b.expand == std::trunc(b.expand) ? nlohmann::json(static_cast<int>(b.expand)) : nlohmann::json(b.expand)},
                        {"mid_channels", fixed && !b.expands() ? nlohmann::json{} : nlohmann::json(b.mid)},
                        {"act_func", act_json(b.act)},
                        {"use_se", b.se}};
    if (fixed) conv["groups"] = nullptr;
    nlohmann::json shortcut;
    if (b.shortcut)
        shortcut = {{"name", "IdentityLayer"}, {"in_channels", b.out}, {"out_channels", b.out},       {"use_bn", false},
                    {"act_func", nullptr},     {"dropout_rate", 0},    {"ops_order", "weight_bn_act"}};
    return {{"name", "ResidualBlock"}, {"conv", std::move(conv)}, {"shortcut", std::move(shortcut)}};
}

template <class Net>
[[nodiscard]] nlohmann::json norm_json(const Net& net) {
    nlohmann::json norm{{"eps", net.bn_eps}, {"ws_eps", net.ws_eps > 0 ? nlohmann::json(net.ws_eps) : nlohmann::json{}}};
    if (net.gn_channels > 0) norm["gn_channel_per_group"] = net.gn_channels;
    else norm["momentum"] = net.bn_momentum;
    return norm;
}

/// @param features that it takes
template <class Net>
[[nodiscard]] nlohmann::json classifier_json(const Net& net, int features, double dropout) {
    if (net.heads > 1)
        return {{"name", "MultiHeadLinearLayer"}, {"in_features", features}, {"out_features", net.classes}, {"num_heads", net.heads}, {"bias", true},
                {"dropout_rate", dropout}};
    return {{"name", "LinearLayer"}, {"in_features", features}, {"out_features", net.classes}, {"bias", true},
            {"use_bn", false},       {"act_func", nullptr},     {"dropout_rate", dropout},     {"ops_order", "weight_bn_act"}};
}

} // namespace detail

/// The network of a `net.config` of the originals: MobileNetV3 or ProxylessNAS, also as it was written before 2021 (`mobile_inverted_conv`,
/// `MBInvertedConvLayer`, no `mid_channels`, `use_se` or `groups`). Blocks without a convolution are left out.
/// @param source the file, for errors @param image_size side of the input, which such files do not hold
/// @throws input_error that names the member, for anything that such a network cannot have
[[nodiscard]] inline mobile_net mobile_net_from_json(const nlohmann::json& config, std::string_view source = "net.config", int image_size = 224) {
    if (!config.is_object()) throw input_error{source, "", "an object", config.type_name()};
    return detail::net_config_reader{config, source}.read(image_size);
}

/// The `net.config` of a network, as the originals write it.
/// @throws input_error where squeeze-and-excitation is not the originals'
[[nodiscard]] inline nlohmann::json to_json(const mobile_net& net, double dropout = 0) {
    nlohmann::json blocks = nlohmann::json::array();
    for (const auto& b : net.blocks) blocks.push_back(detail::block_json(b));
    nlohmann::json out{{"name", net.has_final_expand() ? "MobileNetV3" : "ProxylessNASNets"},
                       {"bn", detail::norm_json(net)},
                       {"first_conv", detail::layer_json(net.first_conv)},
                       {"blocks", std::move(blocks)},
                       {"feature_mix_layer", detail::layer_json(net.feature_mix)},
                       {"classifier", detail::classifier_json(net, net.feature_mix.out, dropout)}};
    if (net.has_final_expand()) out["final_expand_layer"] = detail::layer_json(net.final_expand);
    return out;
}

} // namespace verdant::workload
