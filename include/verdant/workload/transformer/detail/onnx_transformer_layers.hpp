#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/strided_copy.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/workload/detail/onnx_network.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The layers of transformers as operators of ONNX, with the weights of checkpoints.
namespace verdant::workload::detail {

/// Queries, keys and values by heads, [batch, heads, tokens, d] each.
struct onnx_heads {
    std::string queries, keys, values;
};

/// The shape of an attention: d is `width`.
struct head_shape {
    int heads;
    int width;
    int tokens;
};

/// Writes the layers of a transformer. Tensors are [batch, tokens, channels] between layers; layers are named after their weights, and matrices are
/// stored as `MatMul` takes them, transposed, under the name of the checkpoint and `.transposed`.
class onnx_transformer_layers : public onnx_network {
public:
    /// The first set with layer normalisation.
    static constexpr std::int64_t opset = 17;

    onnx_transformer_layers(std::string_view network, const io::named_tensors& weights, int batch) : onnx_network{network, weights, opset, batch} {}

    /// A linear layer over the channels. @param bias its name, empty for none
    std::string linear(const std::string& layer, const std::string& x, const std::string& matrix, const std::string& bias, int in, int out) {
        const auto rows = static_cast<std::uint64_t>(out), columns = static_cast<std::uint64_t>(in);
        const auto transposed =
            changed_weight(matrix, {out, in}, matrix + ".transposed", {columns, rows}, [rows, columns](const io::tensor_data& value) {
                return io::strided_copy({.type = value.type(), .shape = {columns, rows}, .strides = {1, columns}}, value.content());
            });
        const bool with_bias = !bias.empty();
        const auto product = graph().node("MatMul", with_bias ? layer + ".product" : layer, {x, transposed});
        return with_bias ? graph().node("Add", layer, {product, weight(bias, {out})}) : product;
    }
    /// One with weight and bias below its name.
    std::string linear(const std::string& layer, const std::string& x, int in, int out) {
        return linear(layer, x, layer + ".weight", layer + ".bias", in, out);
    }

    /// A classifier of one row of each text or image, [batch, in], which gives the output `logits`. @param bias its name, empty for none
    void classifier(const std::string& x, const std::string& matrix, const std::string& bias, int in, int classes) {
        std::vector<std::string> inputs{x, weight(matrix, {classes, in})};
        if (!bias.empty()) inputs.push_back(weight(bias, {classes}));
        graph().output(graph().node("Gemm", "logits", inputs, {{"transB", std::int64_t{1}}}), {classes});
    }

    std::string layer_norm(const std::string& layer, const std::string& x, int width, double epsilon) {
        return graph().node("LayerNormalization", layer, {x, weight(layer + ".weight", {width}), weight(layer + ".bias", {width})},
                            {{"axis", std::int64_t{-1}}, {"epsilon", static_cast<float>(epsilon)}});
    }

    /// x divided by the root of its mean square, times a weight; of which no set up to 17 has an operator.
    std::string rms_norm(const std::string& layer, const std::string& x, int width, double epsilon) {
        const auto squares = graph().node("Mul", layer + ".squares", {x, x});
        const auto mean = graph().node("ReduceMean", layer + ".mean", {squares}, {{"axes", std::vector<std::int64_t>{-1}}});
        const auto safe = graph().node("Add", layer + ".safe", {mean, number(layer + ".epsilon", static_cast<float>(epsilon))});
        const auto normal = graph().node("Div", layer + ".normal", {x, graph().node("Sqrt", layer + ".root", {safe})});
        return graph().node("Mul", layer, {normal, weight(layer + ".weight", {width})});
    }

    std::string activate(const std::string& name, const std::string& x, activation f) {
        if (f == activation::relu) return graph().node("Relu", name, {x});
        if (f == activation::quick_gelu) {
            const auto scaled = graph().node("Mul", name + ".scaled", {x, number(name + ".slope", 1.702F)});
            return graph().node("Mul", name, {x, graph().node("Sigmoid", name + ".gate", {scaled})});
        }
        // x (1 + erf(x / sqrt 2)) / 2: sets up to 17 have no operator for it, and run-times know this form.
        const auto scaled = graph().node("Div", name + ".scaled", {x, number(name + ".root", std::numbers::sqrt2_v<float>)});
        const auto gate = graph().node("Add", name + ".gate", {graph().node("Erf", name + ".erf", {scaled}), number(name + ".one", 1)});
        return graph().node("Mul", name, {graph().node("Mul", name + ".twice", {x, gate}), number(name + ".half", 0.5F)});
    }
    std::string silu(const std::string& name, const std::string& x) {
        return graph().node("Mul", name, {x, graph().node("Sigmoid", name + ".gate", {x})});
    }

    std::string add(const std::string& name, const std::string& x, const std::string& y) { return graph().node("Add", name, {x, y}); }

    /// Rows of a table by their numbers. @param extents of the table
    std::string embedding(const std::string& name, const std::string& ids, const std::string& table, std::vector<int> extents) {
        return graph().node("Gather", name, {weight(table, std::move(extents)), ids}, {{"axis", std::int64_t{0}}});
    }

    /// The first rows of a table of positions, which is cut to them. @param extents of the table, [positions, channels]
    std::string first_rows(const std::string& table, const std::vector<int>& extents, int rows) {
        const io::tensor_shape kept{static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(extents[1])};
        return changed_weight(table, extents, table, kept, [kept](const io::tensor_data& all) {
            auto values = all.to<float>();
            values.resize(static_cast<std::size_t>(kept[0] * kept[1]));
            return io::tensor_data::of(kept, values);
        });
    }

    /// An image in square patches, each a token of `width` channels: [batch, patches, width].
    /// @param bias its name, empty for none
    std::string patches(const std::string& layer, const std::string& pixels, const std::string& bias, int channels, int width, int patch, int side) {
        std::vector<std::string> inputs{pixels, weight(layer + ".weight", {width, channels, patch, patch})};
        if (!bias.empty()) inputs.push_back(weight(bias, {width}));
        const std::vector<std::int64_t> square{patch, patch};
        const auto map = graph().node("Conv", layer, inputs, {{"kernel_shape", square}, {"strides", square}});
        return swap_axes(layer + ".tokens", reshape(layer + ".row", map, {0, width, std::int64_t{side} * side}), {0, 2, 1});
    }

    /// A class token before others, and positions added to all. By padding, since a token that is joined to a batch of any length would have a shape
    /// that ONNX does not infer.
    /// @param token, table names of weights, and their shapes, of equally many axes or one less
    std::string with_class_token(const std::string& name, const std::string& x, const std::string& token, const std::vector<int>& token_shape,
                                 const std::string& table, std::vector<int> table_shape) {
        const int tokens = table_shape[table_shape.size() - 2];
        const io::tensor_shape one_row{1, static_cast<std::uint64_t>(table_shape.back())};
        const auto row = changed_weight(token, token_shape, token, one_row,
                                        [one_row](const io::tensor_data& value) { return io::tensor_data{value.type(), one_row, value.bytes()}; });
        const auto before = graph().node("Pad", name + ".behind_class", {x, graph().integers(name + ".one_before", {0, 1, 0, 0, 0, 0})});
        const auto first = graph().node("Pad", name + ".class", {row, graph().integers(name + ".others_behind", {0, 0, tokens - 1, 0})});
        const auto all = graph().node("Add", name + ".all", {before, first});
        return graph().node("Add", name, {all, weight(table, std::move(table_shape))});
    }

    /// One of the tokens, [batch, channels].
    std::string token(const std::string& name, const std::string& x, std::int64_t place) {
        return graph().node("Gather", name, {x, graph().integer(name + ".place", place)}, {{"axis", std::int64_t{1}}});
    }
    /// The token at a place of each row's own, [batch, 1]: the first of the largest of `scores`, [batch, tokens].
    std::string token_of_largest(const std::string& name, const std::string& x, const std::string& scores) {
        const auto place = graph().node("ArgMax", name + ".place", {scores}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{1}}});
        return graph().node("GatherND", name, {x, place}, {{"batch_dims", std::int64_t{1}}});
    }

    /// [batch, tokens, heads * d] by heads, [batch, heads, tokens, d].
    std::string by_heads(const std::string& name, const std::string& x, const head_shape& s) {
        return swap_axes(name, reshape(name + ".split", x, {0, s.tokens, s.heads, s.width}), {0, 2, 1, 3});
    }
    /// Queries, keys and values of one projection, [batch, tokens, 3 * heads * d].
    onnx_heads joint_heads(const std::string& name, const std::string& x, const head_shape& s) {
        const auto all = swap_axes(name + ".heads", reshape(name + ".split", x, {0, s.tokens, 3, s.heads, s.width}), {2, 0, 3, 1, 4});
        const auto part = [&](const char* which, std::int64_t place) {
            const auto part_name = name + which;
            return graph().node("Gather", part_name, {all, graph().integer(part_name + ".place", place)}, {{"axis", std::int64_t{0}}});
        };
        return {part(".queries", 0), part(".keys", 1), part(".values", 2)};
    }
    /// Every head `times` times in a row, as several queries read the same keys and values. @param s what comes out
    std::string repeat_heads(const std::string& name, const std::string& x, int times, const head_shape& s) {
        if (times == 1) return x;
        const auto apart = reshape(name + ".apart", x, {0, s.heads / times, 1, s.tokens, s.width});
        const auto repeated = graph().node("Expand", name + ".times", {apart, graph().integers(name + ".count", {1, 1, times, 1, 1})});
        return reshape(name, repeated, {0, s.heads, s.tokens, s.width});
    }

    /// softmax(q k' / sqrt(d) + mask) v, [batch, tokens, heads * d]. @param mask broadcasts to [batch, heads, tokens, tokens]; empty for none
    std::string attention(const std::string& name, const onnx_heads& of, const std::string& mask, const head_shape& s) {
        const auto scaled = graph().node("Mul", name + ".scaled",
                                         {of.queries, number(name + ".scale", static_cast<float>(1 / std::sqrt(static_cast<double>(s.width))))});
        auto scores = graph().node("MatMul", name + ".scores", {scaled, swap_axes(name + ".columns", of.keys, {0, 1, 3, 2})});
        if (!mask.empty()) scores = graph().node("Add", name + ".masked", {scores, mask});
        const auto shares = graph().node("Softmax", name + ".shares", {scores}, {{"axis", std::int64_t{-1}}});
        const auto mixed = swap_axes(name + ".mixed.tokens", graph().node("MatMul", name + ".mixed", {shares, of.values}), {0, 2, 1, 3});
        return reshape(name + ".joined", mixed, {0, s.tokens, std::int64_t{s.heads} * s.width});
    }

    /// 0, 1, ...: the places of tokens in a text.
    std::string places(const std::string& name, int tokens) {
        std::vector<std::int64_t> all(static_cast<std::size_t>(tokens));
        std::iota(all.begin(), all.end(), std::int64_t{0});
        return graph().integers(name, all);
    }
    /// [tokens, tokens]: the lowest number above the diagonal, so that a token sees itself and those before it. Computed from the places of the tokens, since the
    /// numbers of a long text's mask would be most of its file.
    /// @param places as `places` names them
    std::string causal_mask(const std::string& name, const std::string& places, int tokens) {
        const auto later = graph().node("Less", name + ".later", {reshape(name + ".column", places, {tokens, 1}), places});
        return lowest_where(name, later);
    }
    /// [batch, 1, 1, tokens]: the lowest number where `attention_mask` is 0.
    std::string padding_mask(const std::string& name, const std::string& attention_mask, int tokens) {
        const auto padded = graph().node("Equal", name + ".padded", {attention_mask, graph().integer(name + ".zero", 0)});
        return reshape(name, lowest_where(name + ".row", padded), {0, 1, 1, tokens});
    }

    std::string reshape(const std::string& name, const std::string& x, const std::vector<std::int64_t>& shape) {
        return graph().node("Reshape", name, {x, graph().integers(name + ".shape", shape)});
    }
    std::string swap_axes(const std::string& name, const std::string& x, const std::vector<std::int64_t>& order) {
        return graph().node("Transpose", name, {x}, {{"perm", order}});
    }
    /// The length of an axis of a weight that descriptions do not give, as of pruned layers. 0 where the weight is missing or has no such axis, which
    /// is noted when it is taken.
    [[nodiscard]] int length(const std::string& name, std::size_t axis) const {
        const auto* found = weights().find(name);
        if (found == nullptr || axis >= found->shape().size() || found->shape()[axis] > std::numeric_limits<int>::max()) return 0;
        return static_cast<int>(found->shape()[axis]);
    }
    using onnx_network::constant;
    using onnx_network::refuse;
    using onnx_network::weight;

private:
    /// The lowest number where a tensor of truths is true, and 0 elsewhere.
    std::string lowest_where(const std::string& name, const std::string& truths) {
        const auto ones = graph().node("Cast", name + ".ones", {truths}, {{"to", std::int64_t{onnx::TensorProto::FLOAT}}});
        return graph().node("Mul", name, {ones, number(name + ".lowest", lowest)});
    }

    static constexpr float lowest = std::numeric_limits<float>::lowest();
};

} // namespace verdant::workload::detail
