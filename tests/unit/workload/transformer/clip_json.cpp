#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/clip_json.hpp>

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
    CHECK(message(R"({"embed_dim": 3000000000, "vision_cfg": {}, "text_cfg": {}})") ==
          "verdant: ViT.json, embed_dim: expected a whole number up to 262144, found 3000000000");
    CHECK(message(R"({"embed_dim": 8, "vision_cfg": {"layers": 5000}, "text_cfg": {}})") ==
          "verdant: ViT.json, vision_cfg.layers: expected a whole number up to 4096, found 5000");
    CHECK(message(R"({"embed_dim": 8, "vision_cfg": {"mlp_ratio": 1e300}, "text_cfg": {}})") ==
          "verdant: ViT.json, vision_cfg.mlp_ratio: expected feed-forward layers up to 262144 wide, found 1e+300");
    CHECK(message(R"({"embed_dim": 8, "vision_cfg": {"image_size": 32768, "patch_size": 1}, "text_cfg": {}})") ==
          "verdant: ViT.json, vision_cfg.patch_size: expected patches that tile the image, found 1");
    CHECK(message(R"({"vision_config": {}, "text_config": {}})") ==
          "verdant: ViT.json, vision_cfg: expected an object, as OpenCLIP's configurations have it, found none, but a configuration of transformers "
          "(vision_config, text_config)");
    CHECK_THROWS_AS(workload::read_clip_json("/nowhere/x.json"), verdant::file_error);
}

TEST_CASE("every member of a configuration is understood or refused", "[workload]") {
    const auto with = [](const char* root, const char* vision, const char* text) {
        json c = json::parse(root);
        if (!c.contains("embed_dim")) c["embed_dim"] = 8;
        c["vision_cfg"] = json::parse(vision);
        c["text_cfg"] = json::parse(text);
        return c;
    };
    const auto message = [&](const json& c) -> std::string {
        try {
            (void)workload::clip_from_json(c, "ViT.json");
        } catch (const verdant::input_error& e) { return e.what(); }
        return "accepted";
    };
    CHECK(message(with("{}", R"({"layer": 2})", "{}")) ==
          "verdant: ViT.json, vision_cfg.layer: expected a member that is known here, found 'layer'; did you mean 'layers'?");
    CHECK(message(with("{}", "{}", R"({"contextlength": 32})")).ends_with("text_cfg.contextlength: expected a member that is known here, found "
                                                                          "'contextlength'; did you mean 'context_length'?"));
    CHECK(message(with(R"({"embed_dims": 8})", "{}", "{}")).ends_with("did you mean 'embed_dim'?"));
    CHECK(message(with(R"({"zebra": 8})", "{}", "{}")).starts_with("verdant: ViT.json, zebra: expected one of the members embed_dim, quick_gelu, "));
    CHECK(message(with(R"({"quick_gelu": "yes"})", "{}", "{}")) == "verdant: ViT.json, quick_gelu: expected true or false, found \"yes\"");
    const auto other = [](const char* place) { return "verdant: ViT.json, " + std::string{place}; };
    CHECK(message(with("{}", R"({"timm_model_name": "convnext_base"})", "{}")) ==
          other("vision_cfg.timm_model_name: expected null or \"\", since models that differ there are not understood, found \"convnext_base\""));
    CHECK(message(with("{}", "{}", R"({"no_causal_mask": true})")).starts_with(other("text_cfg.no_causal_mask: expected false, ")));
    CHECK(message(with("{}", "{}", R"({"hf_model_name": "roberta-base"})")).starts_with(other("text_cfg.hf_model_name: expected null")));
    CHECK(message(with("{}", R"({"global_average_pool": true})", "{}")).starts_with(other("vision_cfg.global_average_pool: expected false")));
    CHECK(message(with(R"({"init_logit_bias": -10})", "{}", "{}")).starts_with(other("init_logit_bias: expected null")));
    CHECK(message(with(R"({"init_logit_scale": 2.302})", "{}", "{}")).starts_with(other("init_logit_scale: expected [2.659")));

    // What changes nothing is no matter.
    const auto plain = workload::clip_from_json(with("{}", "{}", "{}"));
    CHECK(workload::clip_from_json(with(R"({"custom_text": true, "init_logit_scale": 2.6592600, "cast_dtype": null})",
                                        R"({"timm_model_name": null, "timm_pool": "avg", "patch_dropout": 0.0, "pool_type": "tok"})",
                                        R"({"no_causal_mask": false, "pad_id": 0, "norm_kwargs": {"eps": 1e-5}})")) == plain);
}

TEST_CASE("a configuration may be wrapped as hubs keep it", "[workload]") {
    const json inner = json::parse(R"({"embed_dim": 1024, "vision_cfg": {"layers": 2, "width": 1280, "head_width": 80, "patch_size": 14},
                                       "text_cfg": {"width": 1024, "heads": 16, "layers": 3}})");
    json wrapped{{"model_cfg", inner}};
    CHECK(workload::clip_from_json(wrapped) == workload::clip_from_json(inner));
    CHECK(workload::clip_from_json(wrapped).vision.heads == 16);
    CHECK(workload::clip_from_json(wrapped).vision.head_width == 80);
    wrapped["preprocess_cfg"] = json::parse(R"({"size": [224, 224], "mode": "RGB", "mean": [0.48145466, 0.4578275, 0.40821073],
        "std": [0.26862954, 0.26130258, 0.27577711], "interpolation": "bicubic", "resize_mode": "shortest", "fill_color": 0})");
    CHECK(workload::clip_from_json(wrapped) == workload::clip_from_json(inner));
    const auto refused = [&wrapped](const char* member, const json& value) -> std::string {
        auto c = wrapped;
        c[json::json_pointer{member}] = value;
        try {
            (void)workload::clip_from_json(c, "a.json");
        } catch (const verdant::input_error& e) { return e.what(); }
        return "accepted";
    };
    CHECK(refused("/preprocess_cfg/mean", {0.5, 0.5, 0.5}).starts_with("verdant: a.json, preprocess_cfg.mean: expected [0.48145466,0.4578275,0.40821073], "));
    CHECK(refused("/preprocess_cfg/size", 336) == "verdant: a.json, preprocess_cfg.size: expected 224, as image_size, found 336");
    CHECK(refused("/preprocess_cfg/resize_mode", "squash").starts_with("verdant: a.json, preprocess_cfg.resize_mode: expected \"shortest\""));
    CHECK(refused("/model_cfg/vision_cfg/layer", 2).starts_with("verdant: a.json, model_cfg.vision_cfg.layer: expected a member that is known here"));
    CHECK(refused("/preprocess", 2).ends_with("did you mean 'preprocess_cfg'?"));
}
