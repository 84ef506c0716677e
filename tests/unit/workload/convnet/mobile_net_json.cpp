#include <verdant/error.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/workload/convnet/mobile_net_json.hpp>

#include "catch.hpp"

#include <string>

namespace spaces = verdant::spaces;
namespace workload = verdant::workload;
using nlohmann::json;

namespace {

struct proxyless : spaces::ofa_proxyless<1.3> {};

spaces::ofa_arch some_arch() {
    auto a = spaces::largest_arch<spaces::moofa_v2>();
    a.e = {1, 1.5, 2, 1, 2, 1.5, 2, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1.5, 1.5, 1.5, 1.5};
    a.d = {2, 3, 4, 2, 3};
    a.ks[3] = 3;
    return a;
}

std::string refusal(const json& config) {
    try {
        (void)workload::mobile_net_from_json(config, "net.config");
    } catch (const verdant::input_error& e) { return e.what(); }
    return "accepted";
}

} // namespace

TEST_CASE("networks come back from their configuration", "[workload]") {
    const auto mobile = spaces::net_of(spaces::moofa_v2::family, some_arch());
    CHECK(workload::mobile_net_from_json(workload::to_json(mobile), "net.config", mobile.image_size) == mobile);
    const auto other = spaces::net_of(proxyless::family, spaces::largest_arch<proxyless>());
    CHECK(workload::mobile_net_from_json(workload::to_json(other), "net.config", other.image_size) == other);
}

TEST_CASE("group norms, standardised weights and several heads come back too", "[workload]") {
    auto net = spaces::net_of(spaces::moofa_v3::family, spaces::largest_arch<spaces::moofa_v3>());
    net.gn_channels = 16;
    net.ws_eps = 1e-5;
    net.heads = 3;
    auto config = workload::to_json(net);
    CHECK(config["bn"] == json{{"gn_channel_per_group", 16}, {"eps", 1e-5}, {"ws_eps", 1e-5}});
    CHECK(config["classifier"]["name"] == "MultiHeadLinearLayer");
    CHECK(workload::mobile_net_from_json(config, "net.config", net.image_size) == net);
    config["classifier"]["num_heads"] = 0;
    CHECK(refusal(config) == "verdant: net.config, classifier.num_heads: expected a positive whole number, found 0");
    config["classifier"]["name"] = "ZeroLayer";
    CHECK(refusal(config) == "verdant: net.config, classifier.name: expected \"LinearLayer\", found \"ZeroLayer\"");
}

TEST_CASE("configurations of the old form mean the same", "[workload]") {
    const auto net = spaces::net_of(spaces::moofa_v3::family, spaces::largest_arch<spaces::moofa_v3>());
    auto config = workload::to_json(net);
    for (auto& b : config["blocks"]) {
        b["name"] = "MobileInvertedResidualBlock";
        b["mobile_inverted_conv"] = b["conv"];
        b.erase("conv");
        b["mobile_inverted_conv"]["name"] = "MBInvertedConvLayer";
        b["mobile_inverted_conv"].erase("mid_channels");
        b["mobile_inverted_conv"].erase("groups");
        if (!b["mobile_inverted_conv"]["use_se"].get<bool>()) b["mobile_inverted_conv"].erase("use_se");
    }
    // Widths are multiples of 8 here, so that counting again gives the same.
    CHECK(workload::mobile_net_from_json(config, "net.config", net.image_size) == net);
    config["blocks"].push_back({{"name", "ResidualBlock"}, {"conv", {{"name", "ZeroLayer"}}}, {"shortcut", {{"name", "IdentityLayer"}}}});
    config["blocks"].push_back({{"name", "ResidualBlock"}, {"conv", nullptr}, {"shortcut", {{"name", "IdentityLayer"}}}});
    CHECK(workload::mobile_net_from_json(config, "net.config", net.image_size) == net);
}

TEST_CASE("what a configuration must not hold is named", "[workload]") {
    const auto good = workload::to_json(spaces::net_of(spaces::moofa_v3::family, spaces::largest_arch<spaces::moofa_v3>()));
    const auto with = [&good](const char* pointer, const json& value) {
        auto config = good;
        config[json::json_pointer{pointer}] = value;
        return refusal(config);
    };
    CHECK(refusal(json::array()) == "verdant: net.config: expected an object, found array");
    CHECK(with("/name", "ResNet") == "verdant: net.config, name: expected MobileNetV3 or ProxylessNASNets, found \"ResNet\"");
    CHECK(with("/first_conv/groups", 3) == "verdant: net.config, first_conv.groups: expected 1, found 3");
    CHECK(with("/blocks/2/conv/kernel_size", 0) == "verdant: net.config, blocks[2].conv.kernel_size: expected a positive whole number, found 0");
    CHECK(with("/blocks/2/conv/name", "ConvLayer") == "verdant: net.config, blocks[2].conv.name: expected MBConvLayer, found \"ConvLayer\"");
    CHECK(with("/blocks/2/conv/act_func", "gelu") ==
          "verdant: net.config, blocks[2].conv.act_func: expected an activation such as relu or h_swish, found \"gelu\"");
    CHECK(with("/classifier/in_features", 7) == "verdant: net.config, classifier.in_features: expected 392, the channels before it, found 7");
    CHECK(with("/blocks/2/conv/in_channels", 16) == "verdant: net.config, blocks, block 3 with a convolution, in_channels: expected " +
                                                        good["blocks"][1]["conv"]["out_channels"].dump() + ", the channels before it, found 16");
    CHECK(with("/final_expand_layer/in_channels", 7).find("final_expand_layer.in_channels: expected") != std::string::npos);
    CHECK(with("/feature_mix_layer/in_channels", 7).find("feature_mix_layer.in_channels: expected") != std::string::npos);
    CHECK(with("/first_conv/out_channels", 2'000'000'000) ==
          "verdant: net.config, first_conv.out_channels: expected a whole number up to 16777216, found 2000000000");
    CHECK(with("/blocks/2/conv/mid_channels", -8).find("blocks[2].conv.mid_channels: expected a positive whole number, found -8") != std::string::npos);
    CHECK(with("/blocks/2/conv/expand_ratio", 1e300).find("blocks[2].conv.expand_ratio: expected a number up to 16777216") != std::string::npos);
    CHECK(with("/blocks/2/conv/expand_ratio", 16777216).find("blocks[2].conv.expand_ratio: expected at most 16777216 channels") != std::string::npos);
    CHECK(with("/classifier/out_features", 1e10).find("classifier.out_features") != std::string::npos);
    // Each number is allowed, but not all of them together.
    CHECK(with("/blocks/2/conv/mid_channels", 16777216).find("a layer of fewer than 2^54 multiply-accumulates") != std::string::npos);
    CHECK_THROWS_AS(workload::mobile_net_from_json(good, "net.config", 0), verdant::input_error);
    auto headless = good;
    headless.erase("classifier");
    CHECK(refusal(headless) == "verdant: net.config, classifier: expected a member of this name, found nothing");
}

TEST_CASE("every member of a network's configuration is understood", "[workload]") {
    const auto good = workload::to_json(spaces::net_of(spaces::moofa_v2::family, some_arch()));
    const auto with = [&good](const char* place, const json& value) {
        auto c = good;
        c[json::json_pointer{place}] = value;
        return refusal(c);
    };
    CHECK(with("/first_conv/stide", 2) == "verdant: net.config, first_conv.stide: expected a member that is known here, found 'stide'; did you mean 'stride'?");
    CHECK(with("/blocks/1/conv/kernelsize", 3).ends_with("blocks[1].conv.kernelsize: expected a member that is known here, found 'kernelsize'; did you mean "
                                                         "'kernel_size'?"));
    CHECK(with("/blocks/1/drop_path", 0.1).starts_with("verdant: net.config, blocks[1].drop_path: expected one of the members name, conv, "));
    CHECK(with("/bn/ep", 0.1).ends_with("did you mean 'eps'?"));
    CHECK(with("/classifier/use_bn", true) == "verdant: net.config, classifier.use_bn: expected false, found true");
    CHECK(with("/final_expand", json::object()).ends_with("did you mean 'final_expand_layer'?"));
}
