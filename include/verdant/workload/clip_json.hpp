#pragma once

#include <verdant/error.hpp>
#include <verdant/io/json.hpp>
#include <verdant/workload/clip.hpp>
#include <verdant/workload/transformer.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

namespace verdant::detail {

/// Reads the members of an OpenCLIP configuration; errors name the member.
class clip_json_reader {
public:
    clip_json_reader(const nlohmann::json& root, std::string_view source) : root_{root}, source_{source} {}

    [[nodiscard]] workload::clip_config read() const {
        const auto& vision = section("vision_cfg");
        const auto& text = section("text_cfg");
        workload::clip_config c{};
        c.joint = whole(root_, "", "embed_dim");
        c.image = whole(vision, "vision_cfg.", "image_size", 224);
        c.patch = whole(vision, "vision_cfg.", "patch_size", 16);
        c.vision.layers = whole(vision, "vision_cfg.", "layers", 12);
        c.vision.width = whole(vision, "vision_cfg.", "width", 768);
        c.vision.head_width = whole(vision, "vision_cfg.", "head_width", 64);
        c.vision.heads = divided(c.vision.width, c.vision.head_width, "vision_cfg.head_width");
        c.vision.ffn = scaled(c.vision.width, vision, "vision_cfg.");
        c.context = whole(text, "text_cfg.", "context_length", 77);
        c.vocabulary = whole(text, "text_cfg.", "vocab_size", 49408);
        c.text.layers = whole(text, "text_cfg.", "layers", 12);
        c.text.width = whole(text, "text_cfg.", "width", 512);
        c.text.heads = whole(text, "text_cfg.", "heads", 8);
        c.text.head_width = divided(c.text.width, c.text.heads, "text_cfg.heads");
        c.text.ffn = scaled(c.text.width, text, "text_cfg.");
        const bool quick = root_.contains("quick_gelu") && root_["quick_gelu"].is_boolean() && root_["quick_gelu"].get<bool>();
        c.nonlinearity = quick ? workload::activation::quick_gelu : workload::activation::gelu;
        if (!is_well_formed(c)) throw input_error{source_, "vision_cfg.patch_size", "patches that tile the image", std::to_string(c.patch)};
        return c;
    }

private:
    [[nodiscard]] const nlohmann::json& section(const char* name) const {
        if (!root_.is_object() || !root_.contains(name) || !root_[name].is_object()) throw input_error{source_, name, "an object", "none"};
        return root_[name];
    }

    [[nodiscard]] int whole(const nlohmann::json& from, const std::string& where, const char* name, int otherwise = 0) const {
        if (!from.contains(name) && otherwise > 0) return otherwise;
        const auto value = from.contains(name) ? from[name] : nlohmann::json{};
        if (!value.is_number_integer() || value < 1 || value > std::numeric_limits<int>::max())
            throw input_error{source_, where + name, "a positive whole number", value.is_null() ? "nothing" : value.dump()};
        return value.get<int>();
    }

    [[nodiscard]] int divided(int width, int by, const char* place) const {
        if (width % by != 0) throw input_error{source_, place, "a divisor of the width " + std::to_string(width), std::to_string(by)};
        return width / by;
    }

    /// The feed-forward width, rounded towards zero as the original does.
    [[nodiscard]] int scaled(int width, const nlohmann::json& from, const std::string& where) const {
        if (!from.contains("mlp_ratio")) return 4 * width;
        const auto& ratio = from["mlp_ratio"];
        if (!ratio.is_number() || !(ratio.get<double>() * width >= 1) || !(ratio.get<double>() * width < 1e9))
            throw input_error{source_, where + "mlp_ratio", "a positive number", ratio.dump()};
        return static_cast<int>(std::trunc(ratio.get<double>() * width));
    }

    const nlohmann::json& root_;
    std::string_view source_;
};

} // namespace verdant::detail

namespace verdant::workload {

/// A CLIP from an OpenCLIP model configuration: `embed_dim`, `quick_gelu`, `vision_cfg`, `text_cfg`. What is left out has OpenCLIP's
/// default; members of other kinds of models (time-wise towers, ResNets, Hugging Face text models) are not understood.
/// @param source names the configuration in errors
/// @throws input_error naming the member
[[nodiscard]] inline clip_config clip_from_json(const nlohmann::json& configuration, std::string_view source = "model configuration") {
    return verdant::detail::clip_json_reader{configuration, source}.read();
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
