#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/graph/graph.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>
#include <verdant/workload/transformer/dimensions.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

/// BERT as a graph.
namespace verdant::workload {

/// Dimensions of a (truncated) BERT with a head for classification. A head is width / heads wide.
struct bert_config {
    int layers = 12;
    int width = 768;        ///< channels of a token
    int ffn = 3072;         ///< inner channels of the feed-forward block
    int heads = 12;         ///< must divide the width
    int vocabulary = 30522;
    int positions = 512;    ///< the longest text, in tokens
    int token_types = 2;    ///< segments that a text can have
    int classes = 2;

    [[nodiscard]] constexpr int head_width() const { return width / heads; }

    friend constexpr bool operator==(const bert_config&, const bert_config&) = default;
    friend constexpr auto operator<=>(const bert_config&, const bert_config&) = default;
};

/// Whether every dimension is positive and within the limits of `dimensions.hpp`, and the heads divide the width.
[[nodiscard]] constexpr bool is_well_formed(const bert_config& c) {
    return all_within(most_layers, {c.layers}) && all_within(most_channels, {c.width, c.ffn, c.heads}) && c.width % c.heads == 0 &&
           all_within(most_tokens, {c.vocabulary, c.positions, c.token_types, c.classes});
}

/// Trainable numbers of one layer of BERT or ViT: four square projections, two layers of the feed-forward block, two norms, all with biases.
[[nodiscard]] constexpr std::int64_t encoder_layer_parameters(std::int64_t width, std::int64_t ffn) {
    return 4 * width * (width + 1) + ffn * (width + 1) + width * (ffn + 1) + 4 * width;
}

/// Trainable numbers of the model: three tables of embeddings and their norm, layers, pooler, classifier.
[[nodiscard]] constexpr std::int64_t parameters(const bert_config& c) {
    const std::int64_t width = c.width;
    return (std::int64_t{c.vocabulary} + c.positions + c.token_types + 2) * width + c.layers * encoder_layer_parameters(width, c.ffn) +
           width * (width + 1) + c.classes * (width + 1);
}

namespace detail {

/// @throws input_error naming what must hold
constexpr void check_tokens(int tokens, int most) {
    if (tokens < 1 || tokens > most) throw input_error{"texts of a model", "tokens", "1 to " + std::to_string(most), std::to_string(tokens)};
}

/// @throws input_error naming what must hold
constexpr void check_described(const bert_config& c) {
    if (!is_well_formed(c))
        throw input_error{"BERT configuration", "", "positive dimensions that are no larger than counts allow, and heads that divide the width",
                          "one that is not so"};
}

[[nodiscard]] constexpr workload::graph traced(const workload::bert_config& c, int tokens) {
    check_described(c);
    check_tokens(tokens, c.positions);
    const int n = tokens, width = c.width;
    tracer t;
    t.begin_section("inputs");
    const node_id ids = t.input("input_ids", {1, n}), types = t.input("token_type_ids", {1, n}), padding = t.input("attention_mask", {1, n});

    t.begin_section("embedding");
    const node_id row = t.index("getitem", {1, 1, 1, n}, {padding});
    const node_id inverted = t.elementwise("invert_mask", op_kind::sub, {row});
    const node_id mask = t.elementwise("scale_mask", op_kind::mul, {inverted});
    const node_id position_ids = t.index("position_ids", {1, n});
    t.enter(component::embeddings);
    const node_id word = t.module("word_embeddings", op_kind::embedding, {1, n, width}, ids, {c.vocabulary, width});
    const node_id type = t.module("token_type_embeddings", op_kind::embedding, {1, n, width}, types, {c.token_types, width});
    const node_id typed = t.elementwise("add_type", op_kind::add, {word, type});
    const node_id position = t.module("position_embeddings", op_kind::embedding, {1, n, width}, position_ids, {c.positions, width});
    const node_id embedded = t.elementwise("add_position", op_kind::add, {typed, position});
    const node_id normed = t.layer_norm("embedding_norm", embedded);
    const node_id input = t.elementwise("dropout", op_kind::dropout, {normed});

    t.begin_section("layer", c.layers);
    const std::array<node_id, 1> masks{mask};
    const node_id hidden = encoder_layer(t, input,
                                         {.tower = {c.layers, width, c.ffn, c.heads, c.head_width()},
                                          .nonlinearity = activation::gelu,
                                          .norms = norm_placement::after,
                                          .masks = masks,
                                          .attention = attention_form::split_heads,
                                          .block_dropout = true});

    t.begin_section("head");
    t.enter(component::output);
    const node_id first = t.index("getitem", {1, width}, {hidden});
    const node_id pooled = t.elementwise("tanh", op_kind::tanh, {t.linear("pooler", first, width)});
    const node_id dropped = t.elementwise("dropout", op_kind::dropout, {pooled});
    const node_id logits = t.linear("classifier", dropped, c.classes);
    t.enter(component::none);
    (void)t.call("output", op_kind::sink, {1}, {logits});
    return t.result();
}

template <class = instantiated_when_used>
[[nodiscard]] workload::graph traced_at_run_time(const workload::bert_config& c, int tokens) {
    return traced(c, tokens);
}
VERDANT_DEFINED_ONCE(workload::graph traced_at_run_time<>(const workload::bert_config&, int));

} // namespace detail

/// The operator graph of a BERT that classifies one text, as Hugging Face's eager BertForSequenceClassification runs: embeddings, one
/// representative layer, pooler and classifier.
/// @param tokens length of the text with its padding; 512 in the searches of CarbonNAAS (CATransformers, optimization/optimizer_*_hf.py)
/// @throws input_error if the configuration is not well formed, or the text longer than it allows
[[nodiscard]] constexpr graph trace(const bert_config& c, int tokens = 512) {
    if (std::is_constant_evaluated()) return verdant::workload::detail::traced(c, tokens);
    return verdant::workload::detail::traced_at_run_time(c, tokens);
}

/// The operators of that graph that cost something, after fusion.
/// @throws as `trace` does
[[nodiscard]] constexpr model operators(const bert_config& c, int tokens = 512) { return fuse(trace(c, tokens)); }

} // namespace verdant::workload
