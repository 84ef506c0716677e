#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/workload/convnet/residual_costs.hpp>
#include <verdant/workload/convnet/residual_net_json.hpp>

#include "catch.hpp"

#include <string>

namespace spaces = verdant::spaces;
namespace workload = verdant::workload;
using nlohmann::json;

namespace {

struct resnet50 : spaces::ofa_resnet<> {};

workload::residual_net deep() { return spaces::net_of(verdant::point<resnet50>{}.with<"stem.depth", 2>().with<"stage1.depth", 1>()); }

std::string refusal(const json& config) {
    try {
        (void)workload::residual_net_from_json(config, "net.config");
    } catch (const verdant::input_error& e) { return e.what(); }
    return "accepted";
}

} // namespace

TEST_CASE("residual networks come back from their configuration", "[workload]") {
    verdant::random_stream random{4};
    for (int i = 0; i < 50; ++i) {
        const auto net = spaces::net_of(verdant::sample<resnet50>(random));
        CHECK(workload::residual_net_from_json(workload::to_json(net), "net.config", net.image_size) == net);
    }
    auto other = deep();
    other.blocks[0].shortcut = workload::downsample::conv;
    other.classes = 10;
    CHECK(workload::residual_net_from_json(workload::to_json(other), "net.config", other.image_size) == other);
    auto grouped = deep();
    grouped.gn_channels = 8;
    grouped.ws_eps = 1e-5;
    grouped.heads = 3;
    CHECK(workload::residual_net_from_json(workload::to_json(grouped), "net.config", grouped.image_size) == grouped);
}

TEST_CASE("a configuration of a residual network as the originals write it", "[workload]") {
    const auto text = R"({"name": "ResNets", "bn": {"momentum": 0.1, "eps": 1e-05, "ws_eps": null},
      "input_stem": [
        {"name": "ConvLayer", "kernel_size": 3, "stride": 2, "dilation": 1, "groups": 1, "bias": false, "has_shuffle": false, "use_se": false,
         "in_channels": 3, "out_channels": 24, "use_bn": true, "act_func": "relu", "dropout_rate": 0, "ops_order": "weight_bn_act"},
        {"name": "ResidualBlock",
         "conv": {"name": "ConvLayer", "kernel_size": 3, "stride": 1, "dilation": 1, "groups": 1, "bias": false, "has_shuffle": false, "use_se": false,
                  "in_channels": 24, "out_channels": 24, "use_bn": true, "act_func": "relu", "dropout_rate": 0, "ops_order": "weight_bn_act"},
         "shortcut": {"name": "IdentityLayer", "in_channels": 24, "out_channels": 24, "use_bn": false, "act_func": null, "dropout_rate": 0,
                      "ops_order": "weight_bn_act"}},
        {"name": "ConvLayer", "kernel_size": 3, "stride": 1, "dilation": 1, "groups": 1, "bias": false, "has_shuffle": false, "use_se": false,
         "in_channels": 24, "out_channels": 40, "use_bn": true, "act_func": "relu", "dropout_rate": 0, "ops_order": "weight_bn_act"}],
      "blocks": [
        {"name": "ResNetBottleneckBlock", "in_channels": 40, "out_channels": 168, "kernel_size": 3, "stride": 1, "expand_ratio": 0.25,
         "mid_channels": 40, "act_func": "relu", "groups": 1, "downsample_mode": "avgpool_conv"},
        {"name": "ResNetBottleneckBlock", "in_channels": 168, "out_channels": 168, "kernel_size": 3, "stride": 1, "expand_ratio": 0.2,
         "mid_channels": null, "act_func": "relu", "groups": 1, "downsample_mode": "avgpool_conv"},
        {"name": "ResNetBottleneckBlock", "in_channels": 168, "out_channels": 336, "kernel_size": 3, "stride": 2, "expand_ratio": 0.35,
         "mid_channels": 120, "act_func": "relu", "groups": 1, "downsample_mode": "conv"}],
      "classifier": {"name": "LinearLayer", "in_features": 336, "out_features": 1000, "bias": true, "use_bn": false, "act_func": null,
                     "dropout_rate": 0, "ops_order": "weight_bn_act"}})";
    const auto config = json::parse(text);
    const auto net = workload::residual_net_from_json(config, "net.config", 160);
    CHECK(net.stem_residual);
    CHECK((net.image_size == 160 && net.first_conv.out == 24 && net.last_conv.out == 40 && net.blocks.size() == 3));
    CHECK(net.blocks[0].shortcut == workload::downsample::avgpool_conv);
    CHECK((net.blocks[1].shortcut == workload::downsample::identity && net.blocks[1].mid == 32 && net.blocks[1].stage == 0));
    CHECK((net.blocks[2].shortcut == workload::downsample::conv && net.blocks[2].stage == 1 && net.blocks[2].stride == 2));
    auto written = config;
    written["blocks"][1]["mid_channels"] = 32;
    CHECK(workload::to_json(net) == written);
}

TEST_CASE("what a configuration of a residual network must not hold is named", "[workload]") {
    const auto good = workload::to_json(deep());
    CHECK(refusal(good) == "accepted");
    const auto with = [&good](const char* pointer, const json& value) {
        auto config = good;
        config[json::json_pointer{pointer}] = value;
        return refusal(config);
    };
    CHECK(refusal("ResNets") == "verdant: net.config: expected an object, found string");
    CHECK(with("/name", "MobileNetV3") == "verdant: net.config, name: expected ResNets, found \"MobileNetV3\"");
    CHECK(with("/input_stem/0", 3) == "verdant: net.config, input_stem[0]: expected an object, found 3");
    CHECK(
        with("/input_stem/1/conv/out_channels", 8).starts_with("verdant: net.config, input_stem[1].conv: expected a 3x3 convolution of 24 channels"));
    CHECK(with("/blocks/2/stride", 0) == "verdant: net.config, blocks[2].stride: expected a positive whole number, found 0");
    CHECK(with("/blocks/2/groups", 32) == "verdant: net.config, blocks[2].groups: expected 1, found 32");
    CHECK(with("/blocks/0/downsample_mode", "max") == "verdant: net.config, blocks[0].downsample_mode: expected conv or avgpool_conv, found \"max\"");
    CHECK(with("/classifier/in_features", 7).starts_with("verdant: net.config, classifier.in_features: expected 1328, the channels before it"));
    auto config = good;
    config.erase("input_stem");
    CHECK(refusal(config) == "verdant: net.config, input_stem: expected a member of this name, found nothing");
}
