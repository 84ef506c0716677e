#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/graph/graph.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>
#include <verdant/workload/transformer/bert.hpp>
#include <verdant/workload/transformer/dimensions.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <cstdint>
#include <type_traits>

/// ViT as a graph.
namespace verdant::workload {

/// Dimensions of a (truncated) vision transformer with a head for classification. A head is width / heads wide.
struct vit_config {
    int layers = 12;
    int width = 768;   ///< channels of a token
    int ffn = 3072;    ///< inner channels of the feed-forward block
    int heads = 12;    ///< must divide the width
    int image = 224;   ///< pixels, both ways
    int patch = 16;    ///< pixels, both ways; must divide the image
    int channels = 3;
    int classes = 10;

    [[nodiscard]] constexpr int head_width() const { return width / heads; }
    /// Patches of an image and the class token. @throws input_error as `patch_tokens`
    [[nodiscard]] constexpr int tokens() const { return patch_tokens(image, patch); }

    friend constexpr bool operator==(const vit_config&, const vit_config&) = default;
    friend constexpr auto operator<=>(const vit_config&, const vit_config&) = default;
};

/// Whether every dimension is positive and within the limits of `dimensions.hpp`, the heads divide the width, and the patches tile the image.
[[nodiscard]] constexpr bool is_well_formed(const vit_config& c) {
    return all_within(most_layers, {c.layers}) && all_within(most_channels, {c.width, c.ffn, c.heads, c.classes}) && c.width % c.heads == 0 &&
           patches_tile(c.image, c.patch) && all_within(most_layers, {c.channels});
}

/// Trainable numbers of the model: patch embedding, class token, positions, layers, last norm, classifier.
[[nodiscard]] constexpr std::int64_t parameters(const vit_config& c) {
    const std::int64_t width = c.width;
    return (std::int64_t{c.channels} * c.patch * c.patch + 1 + 1 + c.tokens() + 2) * width + c.layers * encoder_layer_parameters(width, c.ffn) +
           c.classes * (width + 1);
}

namespace detail {

/// @throws input_error naming what must hold
constexpr void check_described(const vit_config& c) {
    if (!is_well_formed(c))
        throw input_error{"ViT configuration", "",
                          "positive dimensions that are no larger than counts allow, heads that divide the width, and patches that tile the image",
                          "one that is not so"};
}

[[nodiscard]] constexpr workload::graph traced(const workload::vit_config& c) {
    check_described(c);
    const int side = c.image / c.patch, patches = side * side, n = c.tokens(), width = c.width;
    tracer t;
    t.begin_section("inputs");
    const node_id pixels = t.input("pixel_values", {1, c.channels, c.image, c.image});

    t.begin_section("embedding");
    t.enter(component::embeddings);
    const node_id conv = t.module("patch_embeddings", op_kind::convolution, {1, width, side, side}, pixels, {width, c.channels, c.patch, c.patch});
    const node_id patch_tokens = t.transpose({1, patches, width}, t.view({1, width, patches}, {conv}));
    const node_id class_token = t.call("expand", op_kind::expand, {1, 1, width}, {t.index("cls_token", {1, 1, width})});
    const node_id sequence = t.call("cat", op_kind::expand, {1, n, width}, {class_token, patch_tokens});
    const node_id positions = t.index("position_embeddings", {1, n, width});
    const node_id embedded = t.elementwise("add_position", op_kind::add, {sequence, positions});
    const node_id input = t.elementwise("dropout", op_kind::dropout, {embedded});

    t.begin_section("layer", c.layers);
    const node_id hidden = encoder_layer(t, input,
                                         {.tower = {c.layers, width, c.ffn, c.heads, c.head_width()},
                                          .nonlinearity = activation::gelu,
                                          .norms = norm_placement::before,
                                          .attention = attention_form::split_heads,
                                          .block_dropout = true});

    t.begin_section("head");
    t.enter(component::output);
    const node_id normed = t.layer_norm("layernorm", hidden);
    const node_id first = t.index("getitem", {1, width}, {normed});
    const node_id logits = t.linear("classifier", first, c.classes);
    t.enter(component::none);
    (void)t.call("output", op_kind::sink, {1}, {logits});
    return t.result();
}

template <class = instantiated_when_used>
[[nodiscard]] workload::graph traced_at_run_time(const workload::vit_config& c) {
    return traced(c);
}
VERDANT_DEFINED_ONCE(workload::graph traced_at_run_time<>(const workload::vit_config&));

} // namespace detail

/// The operator graph of a ViT that classifies one image, as Hugging Face's eager ViTForImageClassification runs: embeddings, one
/// representative layer, norm and classifier.
/// @throws input_error if the configuration is not well formed
[[nodiscard]] constexpr graph trace(const vit_config& c) {
    if (std::is_constant_evaluated()) return verdant::workload::detail::traced(c);
    return verdant::workload::detail::traced_at_run_time(c);
}

/// The operators of that graph that cost something, after fusion.
/// @throws as `trace` does
[[nodiscard]] constexpr model operators(const vit_config& c) { return fuse(trace(c)); }

} // namespace verdant::workload
