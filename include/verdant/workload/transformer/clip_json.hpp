#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/dimensions.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Configurations of CLIPs as OpenCLIP's JSON.
namespace verdant::workload {

namespace detail {

/// A member of OpenCLIP's configurations that is understood only where it changes nothing.
struct neutral_member {
    std::string_view name;
    std::string_view values; ///< a list in JSON of those that change nothing; empty where it is not looked at without another member that is refused
};

// open_clip/transformer.py, model.py (CLIPVisionCfg, CLIPTextCfg, CLIP), version 2.30 and before.
inline constexpr std::array neutral_in_tower{
    neutral_member{"ls_init_value", "[null]"},        neutral_member{"final_ln_after_pool", "[false]"}, neutral_member{"output_tokens", "[false]"},
    neutral_member{"act_kwargs", "[null, {}]"},       neutral_member{"norm_kwargs", R"([null, {}, {"eps": 1e-5}])"},
    neutral_member{"block_type", R"([null, "default"])"}, neutral_member{"qk_norm", "[false]"},         neutral_member{"scaled_cosine_attn", "[false]"},
    neutral_member{"scale_heads", "[false]"},         neutral_member{"scale_attn_inner", "[false]"},    neutral_member{"scale_attn", "[false]"},
    neutral_member{"scale_fc", "[false]"}};
inline constexpr std::array neutral_in_vision{
    neutral_member{"patch_dropout", "[0, null]"},     neutral_member{"attentional_pool", "[false]"},    neutral_member{"attn_pooler_queries", ""},
    neutral_member{"attn_pooler_heads", ""},          neutral_member{"no_ln_pre", "[false]"},           neutral_member{"input_patchnorm", "[false]"},
    neutral_member{"global_average_pool", "[false]"}, neutral_member{"pos_embed_type", R"(["learnable"])"},
    neutral_member{"pool_type", R"(["tok"])"},        neutral_member{"timm_model_name", R"([null, ""])"}, neutral_member{"timm_model_pretrained", ""},
    neutral_member{"timm_pool", ""},                  neutral_member{"timm_proj", ""},                  neutral_member{"timm_proj_bias", ""},
    neutral_member{"timm_drop", ""},                  neutral_member{"timm_drop_path", ""}};
inline constexpr std::array neutral_in_text{
    neutral_member{"hf_model_name", R"([null, ""])"}, neutral_member{"hf_model_pretrained", ""},        neutral_member{"hf_proj_type", ""},
    neutral_member{"hf_pooler_type", ""},             neutral_member{"hf_tokenizer_name", R"([null, ""])"},
    neutral_member{"tokenizer_kwargs", "[null, {}]"}, neutral_member{"tokenizer_mode", "[null]"},       neutral_member{"embed_cls", "[false]"},
    neutral_member{"pad_id", "[0]"},                  neutral_member{"no_causal_mask", "[false]"},      neutral_member{"pool_type", R"(["argmax"])"},
    neutral_member{"proj_bias", "[false]"},           neutral_member{"proj_type", R"(["linear"])"}};
inline constexpr std::array neutral_in_model{
    neutral_member{"custom_text", "[false, true]"}, // how a text tower is named, nothing else
    neutral_member{"output_dict", "[false, true]"},   neutral_member{"nonscalar_logit_scale", "[false, true]"}, neutral_member{"cast_dtype", "[null]"},
    neutral_member{"init_logit_bias", "[null]"},      neutral_member{"multimodal_cfg", "[null]"}};
inline constexpr std::array neutral_in_preprocessing{neutral_member{"mode", R"(["RGB"])"}, neutral_member{"interpolation", R"(["bicubic"])"},
                                                     neutral_member{"resize_mode", R"(["shortest"])"}, neutral_member{"fill_color", "[0]"}};

/// Reads the members of an OpenCLIP configuration; errors name the member.
class clip_json_reader {
public:
    clip_json_reader(const nlohmann::json& root, std::string_view source) : whole_{root}, root_{model_in(root)}, source_{source} {
        if (&root_ != &whole_) at_ = "model_cfg.";
    }

    [[nodiscard]] workload::clip_config read() const {
        const auto& vision = section("vision_cfg");
        const auto& text = section("text_cfg");
        const auto in_vision = at_ + "vision_cfg.", in_text = at_ + "text_cfg.";
        if (&root_ != &whole_) io::check_members(whole_, source_, "", std::array{"model_cfg", "preprocess_cfg"});
        check(root_, at_, {"embed_dim", "quick_gelu", "vision_cfg", "text_cfg", "init_logit_scale"}, {neutral_in_model});
        check(vision, in_vision, {"layers", "width", "head_width", "mlp_ratio", "patch_size", "image_size"}, {neutral_in_tower, neutral_in_vision});
        check(text, in_text, {"context_length", "vocab_size", "layers", "width", "heads", "mlp_ratio"}, {neutral_in_tower, neutral_in_text});
        workload::clip_config c{};
        c.joint = whole(root_, at_, "embed_dim");
        c.image = whole(vision, in_vision, "image_size", 224);
        c.patch = whole(vision, in_vision, "patch_size", 16);
        c.vision.layers = whole(vision, in_vision, "layers", 12);
        c.vision.width = whole(vision, in_vision, "width", 768);
        c.vision.head_width = whole(vision, in_vision, "head_width", 64);
        c.vision.heads = divided(c.vision.width, c.vision.head_width, in_vision + "head_width");
        c.vision.ffn = scaled(c.vision.width, vision, in_vision);
        c.context = whole(text, in_text, "context_length", 77);
        c.vocabulary = whole(text, in_text, "vocab_size", 49408);
        c.text.layers = whole(text, in_text, "layers", 12);
        c.text.width = whole(text, in_text, "width", 512);
        c.text.heads = whole(text, in_text, "heads", 8);
        c.text.head_width = divided(c.text.width, c.text.heads, in_text + "heads");
        c.text.ffn = scaled(c.text.width, text, in_text);
        c.nonlinearity = flag(root_, at_, "quick_gelu") ? workload::activation::quick_gelu : workload::activation::gelu;
        near(root_, at_, "init_logit_scale", {std::log(1 / 0.07)});
        if (!is_well_formed(c)) throw input_error{source_, in_vision + "patch_size", "patches that tile the image", std::to_string(c.patch)};
        if (&root_ != &whole_ && whole_.contains("preprocess_cfg")) check_preprocessing(whole_["preprocess_cfg"], c);
        return c;
    }

private:
    /// What the hubs of models put around a configuration (`open_clip_config.json`).
    [[nodiscard]] static const nlohmann::json& model_in(const nlohmann::json& root) {
        return root.is_object() && root.contains("model_cfg") && root["model_cfg"].is_object() ? root["model_cfg"] : root;
    }

    [[nodiscard]] const nlohmann::json& section(const char* name) const {
        if (root_.is_object() && root_.contains(name) && root_[name].is_object()) return root_[name];
        const bool other = root_.is_object() && root_.contains("vision_config");
        throw input_error{source_, at_ + name, other ? "an object, as OpenCLIP's configurations have it" : "an object",
                          other ? "none, but a configuration of transformers (vision_config, text_config)" : "none"};
    }

    /// Every member is read, or is neutral.
    void check(const nlohmann::json& from, const std::string& where, std::vector<std::string_view> known,
               std::initializer_list<std::span<const neutral_member>> neutral) const {
        for (const auto& list : neutral)
            for (const auto& n : list) known.push_back(n.name);
        io::check_members(from, source_, where, known);
        for (const auto& list : neutral)
            for (const auto& n : list) must_be_neutral(from, where, n);
    }
    void must_be_neutral(const nlohmann::json& from, const std::string& where, const neutral_member& n) const {
        const std::string name{n.name};
        if (n.values.empty() || !from.contains(name)) return;
        const auto values = nlohmann::json::parse(n.values);
        std::string all;
        for (const auto& v : values) {
            if (from[name] == v) return;
            all += (all.empty() ? "" : " or ") + v.dump();
        }
        throw input_error{source_, where + name, all + ", since models that differ there are not understood", from[name].dump()};
    }

    /// The pictures of a model must be prepared as they are prepared here. See `io::preprocessing`.
    void check_preprocessing(const nlohmann::json& from, const workload::clip_config& c) const {
        const std::string where = "preprocess_cfg.";
        if (!from.is_object()) throw input_error{source_, "preprocess_cfg", "an object", from.dump()};
        check(from, where, {"size", "mean", "std"}, {neutral_in_preprocessing});
        if (from.contains("size") && from["size"] != c.image && from["size"] != nlohmann::json{c.image, c.image})
            throw input_error{source_, where + "size", std::to_string(c.image) + ", as image_size", from["size"].dump()};
        near(from, where, "mean", {0.48145466, 0.4578275, 0.40821073});
        near(from, where, "std", {0.26862954, 0.26130258, 0.27577711});
    }
    /// Numbers that must be the given ones, but for rounding, where they are there.
    void near(const nlohmann::json& from, const std::string& where, const char* name, const std::vector<double>& wanted) const {
        if (!from.contains(name) || from[name].is_null()) return;
        const auto list = from[name].is_array() ? from[name] : nlohmann::json::array({from[name]});
        bool same = list.size() == wanted.size();
        for (std::size_t i = 0; same && i < wanted.size(); ++i) same = list[i].is_number() && std::abs(list[i].get<double>() - wanted[i]) < 1e-4;
        if (same) return;
        throw input_error{source_, where + name, nlohmann::json(wanted).dump() + ", since models that differ there are not understood",
                          from[name].dump()};
    }

    [[nodiscard]] bool flag(const nlohmann::json& from, const std::string& where, const char* name) const {
        if (!from.contains(name)) return false;
        if (!from[name].is_boolean()) throw input_error{source_, where + name, "true or false", from[name].dump()};
        return from[name].get<bool>();
    }

    [[nodiscard]] int whole(const nlohmann::json& from, const std::string& where, const char* name, int otherwise = 0) const {
        if (!from.contains(name) && otherwise > 0) return otherwise;
        const auto value = from.contains(name) ? from[name] : nlohmann::json{};
        if (!value.is_number_integer() || value < 1)
            throw input_error{source_, where + name, "a positive whole number", value.is_null() ? "nothing" : value.dump()};
        const std::string_view member = name;
        const int most = member == "layers" ? workload::most_layers
                         : member == "vocab_size" || member == "context_length" ? workload::most_tokens
                                                                                : workload::most_channels;
        if (value > most) throw input_error{source_, where + name, "a whole number up to " + std::to_string(most), value.dump()};
        return value.get<int>();
    }

    [[nodiscard]] int divided(int width, int by, const std::string& place) const {
        if (width % by != 0) throw input_error{source_, place, "a divisor of the width " + std::to_string(width), std::to_string(by)};
        return width / by;
    }

    /// The feed-forward width, rounded towards zero as the original does.
    [[nodiscard]] int scaled(int width, const nlohmann::json& from, const std::string& where) const {
        const auto ratio = from.contains("mlp_ratio") ? from["mlp_ratio"] : nlohmann::json(4);
        if (!ratio.is_number() || !(ratio.get<double>() * width >= 1))
            throw input_error{source_, where + "mlp_ratio", "a positive number", ratio.dump()};
        if (!(ratio.get<double>() * width <= workload::most_channels))
            throw input_error{source_, where + "mlp_ratio", "feed-forward layers up to " + std::to_string(workload::most_channels) + " wide", ratio.dump()};
        return static_cast<int>(std::trunc(ratio.get<double>() * width));
    }

    const nlohmann::json& whole_;
    const nlohmann::json& root_;
    std::string_view source_;
    std::string at_; ///< before the names of members of the model
};

} // namespace detail

/// A CLIP from an OpenCLIP model configuration: `embed_dim`, `quick_gelu`, `vision_cfg`, `text_cfg`, or one with `model_cfg` and `preprocess_cfg`
/// around it, as Hugging Face's hub keeps them. What is left out has OpenCLIP's default. Members of other kinds of models (ResNets, towers of timm,
/// text models of Hugging Face, text without the causal mask, ...) are refused unless they have the value that changes nothing, and so are members of
/// no known name.
/// @param source names the configuration in errors
/// @throws input_error naming the member, and the nearest name of a member that is not known
[[nodiscard]] inline clip_config clip_from_json(const nlohmann::json& configuration, std::string_view source = "model configuration") {
    return verdant::workload::detail::clip_json_reader{configuration, source}.read();
}

/// The configuration in a file. @throws file_error, input_error
[[nodiscard]] inline clip_config read_clip_json(const std::string& path) { return clip_from_json(io::read_json(path), path); }

/// The configuration as OpenCLIP writes it. What it cannot say (a text feed-forward width apart) is said by `mlp_ratio` in both towers.
[[nodiscard]] inline nlohmann::json to_json(const clip_config& c) {
    const auto ratio = [](const tower& t) { return static_cast<double>(t.ffn) / t.width; };
    return {{"embed_dim", c.joint},
            {"quick_gelu", c.nonlinearity == activation::quick_gelu},
            {"vision_cfg",
             {{"image_size", c.image},
              {"layers", c.vision.layers},
              {"width", c.vision.width},
              {"head_width", c.vision.head_width},
              {"patch_size", c.patch},
              {"mlp_ratio", ratio(c.vision)}}},
            {"text_cfg",
             {{"context_length", c.context},
              {"vocab_size", c.vocabulary},
              {"width", c.text.width},
              {"heads", c.text.heads},
              {"layers", c.text.layers},
              {"mlp_ratio", ratio(c.text)}}}};
}

} // namespace verdant::workload
