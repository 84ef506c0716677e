#pragma once

#include <verdant/workload/graph/graph.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>

#include <span>

/// Attention whose heads are split, as nodes of a graph.
namespace verdant::workload {

/// Queries, keys and values of all heads, [1, heads, tokens, head width] each.
struct head_nodes {
    node_id queries, keys, values;
};

/// Traces [1, tokens, heads * head width] to [1, heads, tokens, head width].
[[nodiscard]] constexpr node_id split_heads(tracer& t, node_id x, int heads) {
    const int tokens = t.shape_of(x).from_back(2), head = t.shape_of(x).from_back(1) / heads;
    return t.transpose({1, heads, tokens, head}, t.view({1, tokens, heads, head}, {x}));
}

/// Traces eager attention over split heads as Hugging Face's BERT, ViT and Llama have it: two four-dimensional `matmul`s, the scores
/// divided by the root of the head's width, masks added, softmax, dropout. Batch 1. Unlike the `bmm`s of `self_attention`, the inner
/// extents of these products are costed as they are (docs/estimator.md 3.4). Returns [1, tokens, heads * head width].
/// @param masks additive masks that broadcast to [1, heads, tokens, tokens], may be empty
[[nodiscard]] constexpr node_id head_attention(tracer& t, const head_nodes& h, std::span<const node_id> masks) {
    const shape by_head = t.shape_of(h.queries);
    const int heads = by_head[1], tokens = by_head[2], head = by_head[3];
    const node_id keys_transposed = t.transpose({1, heads, head, tokens}, h.keys);
    const node_id products = t.call("attention_scores", op_kind::matmul, {1, heads, tokens, tokens}, {h.queries, keys_transposed});
    node_id weights = t.elementwise("scale", op_kind::div, {products});
    for (const node_id mask : masks) weights = t.elementwise("add_mask", op_kind::add, {weights, mask});
    const node_id soft = t.elementwise("softmax", op_kind::softmax, {weights});
    const node_id dropped = t.elementwise("dropout", op_kind::dropout, {soft});
    const node_id mixed = t.call("attention_values", op_kind::matmul, by_head, {dropped, h.values});
    const node_id joined = t.transpose({1, tokens, heads, head}, mixed);
    return t.view({1, tokens, heads * head}, {joined});
}

} // namespace verdant::workload
