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
#include <verdant/workload/transformer/head_attention.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

/// Llama as a graph.
namespace verdant::workload {

/// How Llama 3.1 stretches the waves of its rotary embedding for texts longer than it was first trained on: waves longer than
/// `original_positions / low_frequency` are slowed down by `factor`, those shorter than `original_positions / high_frequency` stay, between
/// them both are blended. A factor of 1 changes nothing (Llama 2).
struct rotary_scaling {
    double factor = 1;
    double low_frequency = 1;
    double high_frequency = 4;
    int original_positions = 8192;

    friend constexpr bool operator==(const rotary_scaling&, const rotary_scaling&) = default;
};

/// Dimensions of a (truncated) Llama with a head for the classification of texts. A head is width / heads wide, which must be even for the
/// rotary embedding; `heads / key_value_heads` heads read the same keys and values.
struct llama_config {
    int layers = 32;
    int width = 4096;          ///< channels of a token
    int ffn = 11008;           ///< inner channels of the gated feed-forward block
    int heads = 32;            ///< must divide the width
    int key_value_heads = 32;  ///< must divide the heads
    int vocabulary = 32000;
    int positions = 4096;      ///< the longest text, in tokens
    int classes = 2;
    double rotary_base = 10000;
    rotary_scaling scaling{};
    double norm_epsilon = 1e-5;

    [[nodiscard]] constexpr int head_width() const { return width / heads; }
    /// Channels of the keys of a token, and of its values.
    [[nodiscard]] constexpr int key_value_width() const { return key_value_heads * head_width(); }

    friend constexpr bool operator==(const llama_config&, const llama_config&) = default;
};

/// Whether every dimension is positive and within the limits of `dimensions.hpp`, the heads divide the width and leave an even one, and the key/value
/// heads divide the heads.
[[nodiscard]] constexpr bool is_well_formed(const llama_config& c) {
    return all_within(most_layers, {c.layers}) && all_within(most_channels, {c.width, c.ffn, c.heads, c.key_value_heads}) && c.width % c.heads == 0 &&
           c.head_width() % 2 == 0 && c.heads % c.key_value_heads == 0 && all_within(most_tokens, {c.vocabulary, c.positions, c.classes});
}

/// Trainable numbers of one layer, none with a bias: four projections, three layers of the feed-forward block, two norms.
[[nodiscard]] constexpr std::int64_t layer_parameters(const llama_config& c) {
    const std::int64_t width = c.width;
    return 2 * width * width + 2 * width * c.key_value_width() + 3 * width * c.ffn + 2 * width;
}

/// Trainable numbers of the model: embeddings, layers, last norm, classifier.
[[nodiscard]] constexpr std::int64_t parameters(const llama_config& c) {
    return (std::int64_t{c.vocabulary} + 1 + c.classes) * c.width + c.layers * layer_parameters(c);
}

namespace detail {

/// @throws input_error naming what must hold
constexpr void check_described(const llama_config& c) {
    if (!is_well_formed(c))
        throw input_error{"Llama configuration", "",
                          "positive dimensions that are no larger than counts allow, heads that divide the width to an even one, and key/value heads "
                          "that divide the heads",
                          "one that is not so"};
}

/// The stages of the trace of Hugging Face's eager LlamaForSequenceClassification, in execution order.
class llama_trace {
public:
    constexpr llama_trace(const workload::llama_config& c, int tokens) : c_{c}, tokens_{tokens} {
        t_.begin_section("inputs");
        const node_id ids = t_.input("input_ids", {1, tokens}), padding = t_.input("attention_mask", {1, tokens});
        t_.begin_section("embedding");
        t_.enter(component::embeddings);
        const node_id embedded = t_.module("embed_tokens", op_kind::embedding, {1, tokens, c.width}, ids, {c.vocabulary, c.width});
        mask_ = causal_mask(padding);
        rotary_tables();
        t_.begin_section("layer", c.layers);
        const node_id hidden = layer(embedded);
        t_.begin_section("head");
        t_.enter(component::output);
        const node_id scores = t_.linear("score", rms_norm("norm", hidden), c.classes);
        const node_id last = t_.index("getitem", {1, c.classes}, {scores});
        t_.enter(component::none);
        (void)t_.call("output", op_kind::sink, {1}, {last});
    }

    [[nodiscard]] constexpr const workload::graph& result() const { return t_.result(); }

private:
    using node_id = workload::node_id;
    using shape = workload::shape;
    using op_kind = workload::op_kind;
    using component = workload::component;

    constexpr node_id causal_mask(node_id padding) {
        const int n = tokens_;
        const shape square{n, n}, four{1, 1, n, n};
        const node_id full = t_.call("full", op_kind::masked_fill, square);
        const node_id upper = t_.call("triu", op_kind::expand, square, {full});
        const node_id range = t_.call("arange", op_kind::masked_fill, {n});
        const node_id later = t_.index("gt", square, {range});
        const node_id causal = t_.elementwise("causal_mask", op_kind::mul, {upper, later});
        const node_id expanded = t_.call("expand", op_kind::expand, four, {causal});
        const node_id row = t_.index("getitem", {1, 1, 1, n}, {padding});
        const node_id both = t_.elementwise("add_padding", op_kind::add, {expanded, row});
        const node_id padded = t_.index("eq", four, {both});
        return t_.elementwise("masked_fill", op_kind::masked_fill, {expanded, padded});
    }

    constexpr void rotary_tables() {
        const int half = c_.head_width() / 2;
        const node_id frequencies = t_.index("inv_freq", {1, half, 1}), positions = t_.index("position_ids", {1, 1, tokens_});
        const node_id products = t_.call("rotary_angles", op_kind::matmul, {1, half, tokens_}, {frequencies, positions});
        const node_id angles = t_.transpose({1, tokens_, half}, products);
        const node_id twice = t_.call("cat", op_kind::expand, {1, tokens_, c_.head_width()}, {angles});
        const shape by_head{1, 1, tokens_, c_.head_width()};
        const node_id cosines = t_.elementwise("scale_cos", op_kind::mul, {t_.elementwise("cos", op_kind::cos, {twice})});
        const node_id sines = t_.elementwise("scale_sin", op_kind::mul, {t_.elementwise("sin", op_kind::sin, {twice})});
        cos_ = t_.index("unsqueeze", by_head, {cosines});
        sin_ = t_.index("unsqueeze", by_head, {sines});
    }

    /// x cos + (second half negated, first half) sin.
    constexpr node_id rotated(node_id x) {
        const shape whole = t_.shape_of(x);
        shape half = whole;
        half.extent[3] /= 2;
        const node_id first = t_.index("getitem", half, {x}), second = t_.index("getitem", half, {x});
        const node_id along = t_.elementwise("rotary_cos", op_kind::mul, {x, cos_});
        const node_id turned = t_.call("cat", op_kind::expand, whole, {t_.elementwise("rotary_neg", op_kind::neg, {second}), first});
        const node_id across = t_.elementwise("rotary_sin", op_kind::mul, {turned, sin_});
        return t_.elementwise("rotary_add", op_kind::add, {along, across});
    }

    constexpr node_id rms_norm(std::string_view name, node_id x) {
        shape column = t_.shape_of(x);
        column.extent[static_cast<std::size_t>(column.rank - 1)] = 1;
        const node_id squares = t_.elementwise("rms_square", op_kind::pow, {x});
        const node_id mean = t_.call("rms_mean", op_kind::mean, column, {squares});
        const node_id root = t_.elementwise("rms_root", op_kind::sqrt, {t_.elementwise("rms_epsilon", op_kind::add, {mean})});
        const node_id scaled = t_.elementwise("rms_scale", op_kind::mul, {x, root});
        const node_id gain = t_.index("weight", {c_.width});
        return t_.call(name, op_kind::mul, t_.shape_of(x), {scaled, gain});
    }

    constexpr node_id layer(node_id x) {
        const node_id read = rms_norm("input_layernorm", x);
        t_.enter(component::attention);
        const node_id q = workload::split_heads(t_, t_.linear("q_proj", read, c_.width), c_.heads);
        const node_id k = workload::split_heads(t_, t_.linear("k_proj", read, c_.key_value_width()), c_.key_value_heads);
        const node_id v = workload::split_heads(t_, t_.linear("v_proj", read, c_.key_value_width()), c_.key_value_heads);
        const node_id turned_q = rotated(q), turned_k = rotated(k);
        const std::array<node_id, 1> masks{mask_};
        const node_id mixed = workload::head_attention(t_, {turned_q, repeated(turned_k), repeated(v)}, masks);
        const node_id h = t_.elementwise("attention_residual", op_kind::add, {x, t_.linear("o_proj", mixed, c_.width)});

        const node_id normed = rms_norm("post_attention_layernorm", h);
        t_.enter(component::feed_forward);
        const node_id gate = t_.elementwise("silu", op_kind::silu, {t_.linear("gate_proj", normed, c_.ffn)});
        const node_id gated = t_.elementwise("gate", op_kind::mul, {gate, t_.linear("up_proj", normed, c_.ffn)});
        return t_.elementwise("ffn_residual", op_kind::add, {h, t_.linear("down_proj", gated, c_.width)});
    }

    /// Keys or values once for each head that reads them: data movement only.
    constexpr node_id repeated(node_id x) {
        if (c_.key_value_heads == c_.heads) return x;
        return t_.call("repeat_kv", op_kind::expand, {1, c_.heads, tokens_, c_.head_width()}, {x});
    }

    const workload::llama_config& c_;
    int tokens_;
    workload::tracer t_{};
    node_id mask_ = 0, cos_ = 0, sin_ = 0;
};

[[nodiscard]] constexpr workload::graph traced(const workload::llama_config& c, int tokens) {
    check_described(c);
    check_tokens(tokens, c.positions);
    return llama_trace{c, tokens}.result();
}

template <class = instantiated_when_used>
[[nodiscard]] workload::graph traced_at_run_time(const workload::llama_config& c, int tokens) {
    return traced(c, tokens);
}
VERDANT_DEFINED_ONCE(workload::graph traced_at_run_time<>(const workload::llama_config&, int));

} // namespace detail

/// The operator graph of a Llama that classifies one text, as Hugging Face's eager LlamaForSequenceClassification runs: embeddings with
/// causal mask and rotary tables, one representative layer whatever the number of layers, norm and scores of all tokens.
/// @param tokens length of the text with its padding; 512 in the searches of CarbonNAAS (CATransformers, optimization/optimizer_*_hf.py)
/// @throws input_error if the configuration is not well formed, or the text longer than it allows
[[nodiscard]] constexpr graph trace(const llama_config& c, int tokens = 512) {
    if (std::is_constant_evaluated()) return verdant::workload::detail::traced(c, tokens);
    return verdant::workload::detail::traced_at_run_time(c, tokens);
}

/// The operators of that graph that cost something, after fusion.
/// @throws as `trace` does
[[nodiscard]] constexpr model operators(const llama_config& c, int tokens = 512) { return fuse(trace(c, tokens)); }

} // namespace verdant::workload
