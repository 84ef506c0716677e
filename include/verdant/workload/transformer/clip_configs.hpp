#pragma once

#include <verdant/error.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <array>
#include <string>
#include <string_view>

/// Published CLIPs.
namespace verdant::workload {

/// A published CLIP by name.
struct named_clip {
    std::string_view name;
    clip_config config;
};

/// The published base models: text of 77 tokens, images of 224 x 224, heads of 64 channels, feed-forward 4 times the width. The first three
/// are OpenAI's and have the quick GELU, the others an exact GELU, which the cost model sees as one operator.
/// Sources: CATransformers, eval/model_constants.py; open_clip, model_configs; for TinyCLIP microsoft/Cream, TinyCLIP/src/open_clip/model_configs.
inline constexpr std::array<named_clip, 13> clips{{
    {"ViT-B-16", {.text = {12, 512, 2048, 8}, .vision = {12, 768, 3072, 12}, .patch = 16, .joint = 512}},
    {"ViT-B-32", {.text = {12, 512, 2048, 8}, .vision = {12, 768, 3072, 12}, .patch = 32, .joint = 512}},
    {"ViT-L-14", {.text = {12, 768, 3072, 12}, .vision = {24, 1024, 4096, 16}, .patch = 14, .joint = 768}},
    {"ViT-S-16", {.text = {12, 384, 1536, 6}, .vision = {12, 384, 1536, 6}, .patch = 16, .joint = 384, .nonlinearity = activation::gelu}},
    {"ViT-S-32", {.text = {12, 384, 1536, 6}, .vision = {12, 384, 1536, 6}, .patch = 32, .joint = 384, .nonlinearity = activation::gelu}},
    {"ViT-M-16", {.text = {12, 512, 2048, 8}, .vision = {12, 512, 2048, 8}, .patch = 16, .joint = 512, .nonlinearity = activation::gelu}},
    {"ViT-M-32", {.text = {12, 512, 2048, 8}, .vision = {12, 512, 2048, 8}, .patch = 32, .joint = 512, .nonlinearity = activation::gelu}},
    {"ViT-S-16-alt", {.text = {10, 256, 1024, 4}, .vision = {12, 384, 1536, 6}, .patch = 16, .joint = 256, .nonlinearity = activation::gelu}},
    {"ViT-S-32-alt", {.text = {10, 256, 1024, 4}, .vision = {12, 384, 1536, 6}, .patch = 32, .joint = 256, .nonlinearity = activation::gelu}},
    {"TinyCLIP-ViT-8M-16-Text-3M-YFCC15M",
     {.text = {3, 256, 1024, 4}, .vision = {10, 256, 1024, 4}, .patch = 16, .joint = 512, .nonlinearity = activation::gelu}},
    {"TinyCLIP-ViT-39M-16-Text-19M-YFCC15M",
     {.text = {6, 512, 2048, 8}, .vision = {12, 512, 2048, 8}, .patch = 16, .joint = 512, .nonlinearity = activation::gelu}},
    {"TinyCLIP-ViT-40M-32-Text-19M-LAION400M",
     {.text = {6, 512, 2048, 8}, .vision = {12, 512, 2048, 8}, .patch = 32, .joint = 512, .nonlinearity = activation::gelu}},
    {"TinyCLIP-ViT-61M-32-Text-29M-LAION400M",
     {.text = {9, 512, 2048, 8}, .vision = {12, 640, 2560, 10}, .patch = 32, .joint = 512, .nonlinearity = activation::gelu}},
}};

/// The published CLIP of that name.
/// @throws input_error listing the names, if there is none
[[nodiscard]] constexpr const clip_config& clip_named(std::string_view name) {
    for (const named_clip& c : clips)
        if (c.name == name) return c.config;
    std::string known;
    for (const named_clip& c : clips) known += (known.empty() ? "" : ", ") + std::string{c.name};
    throw input_error{"model", "", "one of " + known, std::string{"\""} + std::string{name} + "\""};
}

} // namespace verdant::workload
