#include <verdant/workload/clip_configs.hpp>
#include <verdant/workload/clip_json.hpp>

#include "catch.hpp"

#include <string>

namespace workload = verdant::workload;
using nlohmann::json;

TEST_CASE("a configuration is read with OpenCLIP's defaults and written back", "[workload]") {
    const auto plain = workload::clip_from_json(json::parse(R"({"embed_dim": 512, "vision_cfg": {}, "text_cfg": {}})"));
    auto expected = workload::clip_named("ViT-B-16");
    expected.nonlinearity = workload::activation::gelu;
    CHECK(plain == expected);
    for (const auto& c : workload::clips) CHECK(workload::clip_from_json(workload::to_json(c.config)) == c.config);
}

TEST_CASE("a bad configuration is refused by member", "[workload]") {
    const auto message = [](const char* text) -> std::string {
        try {
            (void)workload::clip_from_json(json::parse(text), "ViT.json");
        } catch (const verdant::input_error& e) { return e.what(); }
        return "accepted";
    };
    CHECK(message("[]") == "verdant: ViT.json, vision_cfg: expected an object, found none");
    CHECK(message(R"({"vision_cfg": {}})") == "verdant: ViT.json, text_cfg: expected an object, found none");
    CHECK(message(R"({"vision_cfg": {}, "text_cfg": {}})") == "verdant: ViT.json, embed_dim: expected a positive whole number, found nothing");
    CHECK(message(R"({"embed_dim": 8, "vision_cfg": {"layers": [3, 4]}, "text_cfg": {}})") ==
          "verdant: ViT.json, vision_cfg.layers: expected a positive whole number, found [3,4]");
    CHECK(message(R"({"embed_dim": 8, "vision_cfg": {"width": 100}, "text_cfg": {}})") ==
          "verdant: ViT.json, vision_cfg.head_width: expected a divisor of the width 100, found 64");
    CHECK(message(R"({"embed_dim": 8, "vision_cfg": {"mlp_ratio": -1}, "text_cfg": {}})") ==
          "verdant: ViT.json, vision_cfg.mlp_ratio: expected a positive number, found -1");
    CHECK(message(R"({"embed_dim": 8, "vision_cfg": {"patch_size": 15}, "text_cfg": {}})") ==
          "verdant: ViT.json, vision_cfg.patch_size: expected patches that tile the image, found 15");
    CHECK_THROWS_AS(workload::read_clip_json("/nowhere/x.json"), verdant::file_error);
}
