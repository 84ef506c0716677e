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
#include <type_traits>

/// CLIP as a graph.
namespace verdant::workload {

/// Dimensions of a (pruned) CLIP: a text and a vision tower that meet in a joint space.
struct clip_config {
    tower text;
    tower vision;
    int patch = 16;          ///< pixels, both ways
    int joint = 512;         ///< joint dimension
    int image = 224;         ///< pixels, both ways
    int context = 77;        ///< text tokens
    int vocabulary = 49408;
    activation nonlinearity = activation::quick_gelu;

    /// Patches of an image and the class token. @throws input_error as `patch_tokens`
    [[nodiscard]] constexpr int vision_tokens() const { return patch_tokens(image, patch); }

    friend constexpr bool operator==(const clip_config&, const clip_config&) = default;
    friend constexpr auto operator<=>(const clip_config&, const clip_config&) = default;
};

/// Whether every dimension is positive and within the limits of `dimensions.hpp`, and the patches tile the image.
[[nodiscard]] constexpr bool is_well_formed(const clip_config& c) {
    const auto sound = [](const tower& t) {
        return all_within(most_layers, {t.layers}) && all_within(most_channels, {t.width, t.ffn}) && heads_fit(t.heads, t.head_width);
    };
    return sound(c.text) && sound(c.vision) && all_within(most_channels, {c.joint}) && patches_tile(c.image, c.patch) &&
           all_within(most_tokens, {c.context, c.vocabulary});
}

namespace detail {

/// @throws input_error naming what must hold
constexpr void check_described(const clip_config& c) {
    if (!is_well_formed(c))
        throw input_error{"CLIP configuration", "", "positive dimensions that are no larger than counts allow, and patches that tile the image",
                          "one that is not so"};
}

/// The stages of the trace of Hugging Face's CLIPModel, in execution order.
class clip_trace {
public:
    explicit constexpr clip_trace(const workload::clip_config& c) : c_{c} {
        t_.begin_section("inputs");
        ids_ = t_.input("input_ids", {1, c.context});
        pixels_ = t_.input("pixel_values", {1, 3, c.image, c.image});
        attention_mask_ = t_.input("attention_mask", {1, c.context});
        vision_tower();
        text_tower();
        head();
    }

    [[nodiscard]] constexpr const workload::graph& result() const { return t_.result(); }

private:
    using node_id = workload::node_id;
    using shape = workload::shape;
    using op_kind = workload::op_kind;
    using component = workload::component;

    constexpr void vision_tower() {
        const int side = c_.image / c_.patch, patches = side * side, tokens = c_.vision_tokens(), width = c_.vision.width;
        const shape kernel{width, 3, c_.patch, c_.patch};
        t_.begin_section("vision embedding");
        const node_id size = t_.index("size", t_.shape_of(pixels_), {pixels_});
        const node_id batch = t_.index("getitem", scalar, {size});
        (void)t_.index("getitem", scalar, {size});
        const node_id height = t_.index("getitem", scalar, {size});
        const node_id breadth = t_.index("getitem", scalar, {size});
        (void)t_.index("ne", scalar, {height});
        (void)t_.index("ne", scalar, {breadth});
        const node_id weight = t_.index("patch_embedding.weight", kernel);
        const node_id dtype = t_.index("getattr", {}, {weight});
        const node_id cast = t_.index("to", t_.shape_of(pixels_), {pixels_, dtype});
        t_.enter(component::embeddings);
        const node_id conv = t_.module("patch_embedding", op_kind::convolution, {1, width, side, side}, cast, kernel);
        const node_id flat = t_.call("flatten", op_kind::view, {1, width, patches}, {conv});
        const node_id patch_tokens = t_.transpose({1, patches, width}, flat);
        const node_id class_weight = t_.index("class_embedding", {width});
        const node_id class_token = t_.call("expand", op_kind::expand, {1, 1, width}, {class_weight, batch});
        const node_id sequence = t_.call("cat", op_kind::expand, {1, tokens, width}, {class_token, patch_tokens});
        const node_id positions = t_.index("position_ids", {1, tokens});
        const node_id position = t_.module("position_embedding", op_kind::embedding, {1, tokens, width}, positions, {tokens, width});
        const node_id embedded = t_.elementwise("add_position", op_kind::add, {sequence, position});
        const node_id normed = t_.layer_norm("pre_layernorm", embedded);

        t_.begin_section("vision layer", c_.vision.layers);
        vision_hidden_ = encoder_layer(t_, normed, {c_.vision, c_.nonlinearity});
        const node_id pooled = t_.index("getitem", {1, width}, {vision_hidden_});
        head_ = t_.begin_section("head");
        vision_pooled_ = t_.layer_norm("post_layernorm", pooled);
    }

    constexpr void text_tower() {
        const int n = c_.context, width = c_.text.width;
        const shape square{n, n}, mask{1, 1, n, n};
        t_.begin_section("text embedding");
        const node_id size = t_.index("size", {1, n}, {ids_});
        const node_id last = t_.index("getitem", scalar, {size});
        flat_ids_ = t_.view({1, n}, {ids_, last});
        const node_id flat_size = t_.index("size", {1, n}, {flat_ids_});
        const node_id flat_last = t_.index("getitem", scalar, {flat_size});
        const node_id all_positions = t_.index("position_ids", {1, n});
        const node_id positions = t_.index("getitem", {1, n}, {all_positions, flat_last});
        t_.enter(component::embeddings);
        const node_id token = t_.module("token_embedding", op_kind::embedding, {1, n, width}, flat_ids_, {c_.vocabulary, width});
        const node_id position = t_.module("position_embedding", op_kind::embedding, {1, n, width}, positions, {n, width});
        const node_id embedded = t_.elementwise("add_position", op_kind::add, {token, position});

        const node_id causal = causal_mask(size, embedded, square, mask);
        const node_id padding = padding_mask(embedded, mask);

        t_.begin_section("text layer", c_.text.layers);
        const std::array<node_id, 2> masks{causal, padding};
        const node_id hidden = encoder_layer(t_, embedded, {c_.text, c_.nonlinearity, workload::norm_placement::before, masks});

        t_.enter(head_);
        text_hidden_ = t_.layer_norm("final_layer_norm", hidden);
        const node_id hidden_size = t_.index("size", {1, n, width}, {text_hidden_});
        const node_id rows = t_.index("getitem", scalar, {hidden_size});
        const node_id device = t_.index("getattr", {}, {text_hidden_});
        const node_id row = t_.call("arange", op_kind::masked_fill, scalar, {rows, device});
        const node_id other_device = t_.index("getattr", {}, {text_hidden_});
        const node_id cast = t_.index("to", {1, n}, {flat_ids_, other_device});
        const node_id end = t_.index("argmax", scalar, {cast});
        text_pooled_ = t_.index("getitem", {1, width}, {text_hidden_, row, end});
    }

    constexpr node_id causal_mask(node_id size, node_id embedded, const shape& square, const shape& mask) {
        const int n = square[0];
        const node_id length = t_.index("getitem", scalar, {size});
        const node_id plus = t_.call("key_length", op_kind::add, scalar, {length});
        const node_id batch = t_.index("getitem", scalar, {size});
        const node_id query = t_.index("getitem", scalar, {size});
        const node_id past = t_.call("past_length", op_kind::sub, scalar, {plus, query});
        (void)t_.index("gt", scalar, {query});
        const node_id dtype = t_.index("getattr", {}, {embedded});
        const node_id info = t_.index("finfo", scalar, {dtype});
        const node_id lowest = t_.index("getattr", scalar, {info});
        const node_id device = t_.index("getattr", {}, {embedded});
        const node_id full = t_.call("full", op_kind::masked_fill, square, {query, lowest, device});
        const node_id columns = t_.index("size", scalar, {full});
        const node_id range = t_.call("arange", op_kind::masked_fill, {n}, {columns, device});
        const node_id next = t_.call("next_position", op_kind::add, {n}, {range});
        const node_id rows = t_.index("size", scalar, {full});
        const node_id column = t_.view({n, 1}, {next, rows});
        const node_id below = t_.index("lt", square, {range, column});
        (void)t_.call("masked_fill", op_kind::masked_fill, square, {full, below});
        const node_id cast = t_.index("to", square, {full, dtype});
        (void)t_.index("gt", scalar, {past});
        const node_id unsqueezed = t_.index("getitem", mask, {cast});
        const node_id keys = t_.call("key_value_length", op_kind::add, scalar, {query, past});
        return t_.call("expand", op_kind::expand, mask, {unsqueezed, batch, query, keys});
    }

    constexpr node_id padding_mask(node_id embedded, const shape& mask) {
        const int n = c_.context;
        const node_id size = t_.index("size", {1, n}, {attention_mask_});
        const node_id batch = t_.index("getitem", scalar, {size});
        const node_id length = t_.index("getitem", scalar, {size});
        const node_id row = t_.index("getitem", {1, 1, 1, n}, {attention_mask_});
        const node_id expanded = t_.call("expand", op_kind::expand, mask, {row, batch, length});
        const node_id dtype = t_.index("getattr", {}, {embedded});
        const node_id cast = t_.index("to", mask, {expanded, dtype});
        const node_id inverted = t_.elementwise("invert_mask", op_kind::sub, {cast});
        const node_id as_bool = t_.index("to", mask, {inverted});
        const node_id info = t_.index("finfo", scalar, {dtype});
        const node_id lowest = t_.index("getattr", scalar, {info});
        return t_.call("masked_fill", op_kind::masked_fill, mask, {inverted, as_bool, lowest});
    }

    constexpr void head() {
        t_.enter(head_);
        t_.enter(component::output);
        const node_id image = t_.linear("visual_projection", vision_pooled_, c_.joint);
        const node_id text = t_.linear("text_projection", text_pooled_, c_.joint);
        const node_id image_unit = normalised(image);
        const node_id text_unit = normalised(text);
        const node_id scale = t_.index("logit_scale", {});
        const node_id exponential = t_.call("exp", op_kind::pow, {}, {scale});
        const node_id transposed = t_.call("t", op_kind::matrix_transpose, {c_.joint, 1}, {image_unit});
        const node_id text_device = t_.index("getattr", {}, {text_unit});
        const node_id image_there = t_.index("to", {c_.joint, 1}, {transposed, text_device});
        const node_id similarity = t_.call("logits", op_kind::matmul, {1, 1}, {text_unit, image_there});
        const node_id other_device = t_.index("getattr", {}, {text_unit});
        const node_id scale_there = t_.index("to", {}, {exponential, other_device});
        const node_id logits = t_.call("scale_logits", op_kind::mul, {1, 1}, {similarity, scale_there});
        const node_id by_image = t_.call("t", op_kind::matrix_transpose, {1, 1}, {logits});
        t_.enter(component::none);
        (void)t_.call("output", op_kind::sink, scalar,
                      {by_image, logits, text_unit, image_unit, text_hidden_, text_pooled_, vision_hidden_, vision_pooled_});
    }

    constexpr node_id normalised(node_id x) {
        const node_id squares = t_.elementwise("square", op_kind::pow, {x});
        const node_id total = t_.call("sum", op_kind::sum, {1, 1}, {squares});
        const node_id length = t_.elementwise("root", op_kind::pow, {total});
        return t_.call("normalise", op_kind::div, t_.shape_of(x), {x, length});
    }

    static constexpr shape scalar{1};

    const workload::clip_config& c_;
    workload::tracer t_{};
    std::int8_t head_ = 0;
    node_id ids_ = 0, pixels_ = 0, attention_mask_ = 0, flat_ids_ = 0;
    node_id vision_hidden_ = 0, vision_pooled_ = 0, text_hidden_ = 0, text_pooled_ = 0;
};

[[nodiscard]] constexpr workload::graph traced(const workload::clip_config& c) {
    check_described(c);
    return clip_trace{c}.result();
}

template <class = instantiated_when_used>
[[nodiscard]] workload::graph traced_at_run_time(const workload::clip_config& c) {
    return traced(c);
}
VERDANT_DEFINED_ONCE(workload::graph traced_at_run_time<>(const workload::clip_config&));

} // namespace detail

/// The operator graph of a CLIP, batch 1, as the original traces it (Hugging Face's eager CLIP; docs/estimator.md 3.1), with one
/// representative layer of each tower.
/// @throws input_error if the configuration is not well formed (see `is_well_formed`)
[[nodiscard]] constexpr graph trace(const clip_config& c) {
    if (std::is_constant_evaluated()) return verdant::workload::detail::traced(c);
    return verdant::workload::detail::traced_at_run_time(c);
}

/// The operators of a CLIP that cost something, after fusion: the list of docs/estimator.md 3.5. Works at compile time and at run
/// time; build it once per model, estimates only read it.
/// @throws input_error if the configuration is not well formed (see `is_well_formed`)
[[nodiscard]] constexpr model operators(const clip_config& c) { return fuse(trace(c)); }

} // namespace verdant::workload
