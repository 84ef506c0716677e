#pragma once

#include <verdant/workload/graph/graph.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>
#include <verdant/workload/transformer/head_attention.hpp>

#include <span>

/// Blocks of transformers as nodes of a graph.
namespace verdant::workload {

/// The nonlinearity of a feed-forward block: x * sigmoid(1.702 x) as three operators, or a GELU or ReLU as one.
enum class activation : unsigned char { quick_gelu, gelu, relu };

/// Where the two norms of a layer stand: before its blocks (CLIP, ViT) or after the residual sums (BERT).
enum class norm_placement : unsigned char { before, after };

/// How the products of attention are traced: with the heads folded into the batch of `bmm`s (CLIP), or with a dimension of their own (BERT,
/// ViT).
enum class attention_form : unsigned char { folded_heads, split_heads };

/// The dimensions of one encoder of a transformer. Its attention is heads * head_width wide whatever the model width, as in pruned CLIPs.
struct tower {
    int layers;
    int width;           ///< channels of a token
    int ffn;             ///< inner channels of the feed-forward block
    int heads;
    int head_width = 64; ///< channels of a head

    friend constexpr bool operator==(const tower&, const tower&) = default;
    friend constexpr auto operator<=>(const tower&, const tower&) = default;
};

/// Everything about an encoder layer but its input.
struct encoder_layer_options {
    workload::tower tower;
    activation nonlinearity = activation::quick_gelu;
    norm_placement norms = norm_placement::before;
    std::span<const node_id> masks{}; ///< additive attention masks [1, 1, tokens, tokens], from another section as a rule
    attention_form attention = attention_form::folded_heads;
    bool block_dropout = false; ///< whether a dropout follows each of the two blocks, before its residual sum (BERT, ViT)
};

/// Traces eager multi-head self-attention as Hugging Face's CLIP has it: batch 1, heads folded into the batch of two `bmm`s, the
/// scores brought to four dimensions and back for every mask, shape checks included (docs/estimator.md 3.1; their sequence decides
/// what can be fused). Returns the output projection.
/// @param x      [1, tokens, width], what the projections read
/// @param masks  additive masks, may be empty
[[nodiscard]] constexpr node_id self_attention(tracer& t, node_id x, const tower& dimensions, std::span<const node_id> masks) {
    const int tokens = t.shape_of(x).from_back(2);
    const int heads = dimensions.heads, head = dimensions.head_width, width = heads * head;
    const shape scalar{1}, split{1, tokens, heads, head}, swapped{1, heads, tokens, head}, folded{heads, tokens, head}, scores{heads, tokens, tokens},
        four{1, heads, tokens, tokens};

    const node_id size = t.index("size", t.shape_of(x), {x});
    const node_id batch = t.index("getitem", scalar, {size});
    const node_id length = t.index("getitem", scalar, {size});
    (void)t.index("getitem", scalar, {size});

    t.enter(component::attention);
    const node_id q = t.linear("q_proj", x, width);
    const node_id scaled = t.elementwise("scale", op_kind::mul, {q});
    const node_id k = t.linear("k_proj", x, width);
    const node_id k_split = t.view(split, {k, batch});
    const node_id k_heads = t.call("contiguous", op_kind::view, swapped, {t.transpose(swapped, k_split)});
    const node_id v = t.linear("v_proj", x, width);
    const node_id v_split = t.view(split, {v, batch});
    const node_id v_heads = t.call("contiguous", op_kind::view, swapped, {t.transpose(swapped, v_split)});
    const node_id batch_heads = t.call("batch_times_heads", op_kind::mul, scalar, {batch});
    const node_id q_split = t.view(split, {scaled, batch, length});
    const node_id q_heads = t.call("contiguous", op_kind::view, swapped, {t.transpose(swapped, q_split)});
    const node_id queries = t.view(folded, {q_heads, batch_heads});
    const node_id keys = t.view(folded, {k_heads, batch_heads});
    const node_id values = t.view(folded, {v_heads, batch_heads});
    const node_id source_length = t.index("size", scalar, {keys});
    const node_id keys_transposed = t.transpose({heads, head, tokens}, keys);

    node_id weights = t.call("attention_scores", op_kind::bmm, scores, {queries, keys_transposed});
    const node_id scores_size = t.index("size", scores, {weights});
    const node_id scores_check = t.call("batch_times_heads", op_kind::mul, scalar, {batch});
    (void)t.index("ne", scalar, {scores_size, scores_check, length, source_length});
    for (const node_id mask : masks) {
        const node_id mask_size = t.index("size", t.shape_of(mask), {mask});
        (void)t.index("ne", scalar, {mask_size, batch, length, source_length});
        const node_id unfolded = t.view(four, {weights, batch, length, source_length});
        const node_id masked = t.call("add_mask", op_kind::add, four, {unfolded, mask});
        const node_id refold = t.call("batch_times_heads", op_kind::mul, scalar, {batch});
        weights = t.view(scores, {masked, refold, length, source_length});
    }
    const node_id soft = t.elementwise("softmax", op_kind::softmax, {weights});
    const node_id dropped = t.elementwise("dropout", op_kind::dropout, {soft});
    const node_id mixed = t.call("attention_values", op_kind::bmm, folded, {dropped, values});
    const node_id mixed_size = t.index("size", folded, {mixed});
    const node_id mixed_check = t.call("batch_times_heads", op_kind::mul, scalar, {batch});
    (void)t.index("ne", scalar, {mixed_size, mixed_check, length});
    const node_id mixed_heads = t.view(swapped, {mixed, batch, length});
    const node_id mixed_split = t.transpose(split, mixed_heads);
    const node_id joined = t.view({1, tokens, width}, {mixed_split, batch, length});
    return t.linear("out_proj", joined, dimensions.width);
}

/// Traces eager multi-head self-attention as Hugging Face's BERT and ViT have it: projections, `head_attention`, output projection, which is
/// returned. Parameters as of `self_attention`.
[[nodiscard]] constexpr node_id split_head_self_attention(tracer& t, node_id x, const tower& dimensions, std::span<const node_id> masks) {
    const int width = dimensions.heads * dimensions.head_width;
    t.enter(component::attention);
    const node_id q = t.linear("q_proj", x, width);
    const node_id k = split_heads(t, t.linear("k_proj", x, width), dimensions.heads);
    const node_id v = split_heads(t, t.linear("v_proj", x, width), dimensions.heads);
    const node_id mixed = head_attention(t, {split_heads(t, q, dimensions.heads), k, v}, masks);
    return t.linear("out_proj", mixed, dimensions.width);
}

/// Traces a feed-forward block: linear, nonlinearity, linear. Returns the second linear.
[[nodiscard]] constexpr node_id feed_forward(tracer& t, node_id x, const tower& dimensions, activation nonlinearity) {
    t.enter(component::feed_forward);
    node_id h = t.linear("fc1", x, dimensions.ffn);
    if (nonlinearity == activation::quick_gelu) {
        const node_id scaled = t.elementwise("gelu_scale", op_kind::mul, {h});
        const node_id gate = t.elementwise("gelu_sigmoid", op_kind::sigmoid, {scaled});
        h = t.elementwise("gelu_gate", op_kind::mul, {h, gate});
    } else {
        h = t.elementwise(nonlinearity == activation::gelu ? "gelu" : "relu", op_kind::relu, {h});
    }
    return t.linear("fc2", h, dimensions.width);
}

/// Traces one encoder layer into the section in force. Returns its output.
/// @param x [1, tokens, width]
[[nodiscard]] constexpr node_id encoder_layer(tracer& t, node_id x, const encoder_layer_options& o) {
    const bool before = o.norms == norm_placement::before;
    const auto dropped = [&](node_id block) { return o.block_dropout ? t.elementwise("block_dropout", op_kind::dropout, {block}) : block; };
    const node_id read = before ? t.layer_norm("layer_norm1", x) : x;
    const node_id attended = o.attention == attention_form::folded_heads ? self_attention(t, read, o.tower, o.masks)
                                                                         : split_head_self_attention(t, read, o.tower, o.masks);
    node_id h = t.elementwise("attention_residual", op_kind::add, {x, dropped(attended)});
    if (before) {
        const node_id normed = t.layer_norm("layer_norm2", h);
        return t.elementwise("ffn_residual", op_kind::add, {h, dropped(feed_forward(t, normed, o.tower, o.nonlinearity))});
    }
    h = t.layer_norm("layer_norm1", h);
    h = t.elementwise("ffn_residual", op_kind::add, {h, dropped(feed_forward(t, h, o.tower, o.nonlinearity))});
    return t.layer_norm("layer_norm2", h);
}

} // namespace verdant::workload
