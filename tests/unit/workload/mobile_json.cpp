#include <verdant/workload/mobile_json.hpp>

#include <verdant/spaces/moofa.hpp>
#include <verdant/spaces/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/ofa_proxyless.hpp>
#include <verdant/workload/mobile_costs.hpp>

#include "catch.hpp"

#include <nlohmann/json.hpp>

#include <string>

using namespace verdant;
using nlohmann::json;

namespace {

template <class S>
workload::mobile_net largest() {
    return spaces::net_of(S::family, spaces::largest_arch<S>());
}

std::string message(const json& configuration) {
    try {
        static_cast<void>(workload::mobile_net_from_json(configuration, 224, "net.config"));
    } catch (const input_error& e) { return e.what(); }
    return "nothing thrown";
}

} // namespace

TEST_CASE("configurations of mobile networks, both ways") {
    for (const auto& net : {largest<spaces::ofa_mobilenet_v3<>>(), largest<spaces::moofa_v2>(), largest<spaces::ofa_proxyless<>>(),
                            spaces::net_of(point<spaces::moofa_v2>{})}) {
        const auto text = workload::to_json(net).dump();
        CHECK(workload::mobile_net_from_json(json::parse(text), net.image_size) == net);
    }
}

TEST_CASE("old forms of the configuration") {
    const auto net = largest<spaces::ofa_mobilenet_v3<>>();
    auto old = workload::to_json<json>(net);
    for (auto& block : old["blocks"]) {
        block["name"] = "MobileInvertedResidualBlock";
        block["mobile_inverted_conv"] = block["conv"];
        block.erase("conv");
        auto& conv = block["mobile_inverted_conv"];
        conv["name"] = "MBInvertedConvLayer";
        conv.erase("groups");
        if (conv["use_se"] == false) conv.erase("use_se");
        // Here mid_channels is the plain product, so it may be missing.
        if (conv["mid_channels"] == static_cast<int>(conv["in_channels"].get<int>() * conv["expand_ratio"].get<double>())) conv.erase("mid_channels");
        if (block["shortcut"].is_null()) block["shortcut"] = json{{"name", "ZeroLayer"}, {"stride", 1}};
    }
    CHECK(workload::mobile_net_from_json(old) == net);

    // A block that only passes on its input.
    auto padded = workload::to_json<json>(net);
    padded["blocks"].push_back(json{{"name", "ResidualBlock"}, {"conv", nullptr}, {"shortcut", {{"name", "IdentityLayer"}}}});
    padded["blocks"].push_back(json{{"name", "ResidualBlock"}, {"conv", {{"name", "ZeroLayer"}}}, {"shortcut", {{"name", "IdentityLayer"}}}});
    CHECK(workload::mobile_net_from_json(padded) == net);
}

TEST_CASE("wrong configurations name the member") {
    const auto good = workload::to_json<json>(largest<spaces::moofa_v3>());
    CHECK(message(json::array()) == "verdant: net.config: expected an object, found array");
    auto bad = good;
    bad["blocks"][2]["conv"]["kernel_size"] = "three";
    CHECK(message(bad) == "verdant: net.config, blocks[2].conv.kernel_size: expected a whole number of at least 1, found \"three\"");
    bad = good;
    bad["blocks"][3]["conv"]["in_channels"] = 25;
    CHECK_THAT(message(bad), Catch::Contains("blocks[3]"));
    bad = good;
    bad["blocks"][1]["conv"]["act_func"] = "gelu";
    CHECK_THAT(message(bad), Catch::Contains("blocks[1].conv.act_func") && Catch::Contains("h_swish"));
    bad = good;
    bad.erase("classifier");
    CHECK_THAT(message(bad), Catch::Contains("classifier"));
    bad = good;
    bad["first_conv"]["groups"] = 3;
    CHECK_THAT(message(bad), Catch::Contains("first_conv.groups"));
    bad = good;
    bad["blocks"][1]["conv"]["name"] = "DWConv";
    CHECK_THAT(message(bad), Catch::Contains("MBConvLayer"));
}
