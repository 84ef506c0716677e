#include "catch.hpp"

#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <algorithm>

namespace wl = verdant::workload;
using wl::op_kind;

namespace {

wl::model one_layer(wl::encoder_layer_options options, int tokens) {
    wl::tracer t;
    t.begin_section("inputs");
    const auto x = t.input("x", {1, tokens, options.tower.width});
    t.begin_section("layer", options.tower.layers);
    (void)wl::encoder_layer(t, x, options);
    return wl::fuse(t.result());
}

/// Operators of that kind, fused ones included.
std::ptrdiff_t count(const wl::model& m, op_kind kind) {
    std::ptrdiff_t n = 0;
    for (const auto& o : m.operations) n += (o.kind == kind) + std::count(o.members.begin(), o.members.end(), kind);
    return n;
}

} // namespace

TEST_CASE("an encoder layer has six linear layers, two batched products, two norms and a softmax, wherever the norms stand", "[workload]") {
    for (const auto norms : {wl::norm_placement::before, wl::norm_placement::after})
        for (const auto nonlinearity : {wl::activation::quick_gelu, wl::activation::gelu, wl::activation::relu}) {
            const wl::model m = one_layer({{12, 768, 3072, 12}, nonlinearity, norms, {}}, 128);
            CHECK(count(m, op_kind::linear) == 6);
            CHECK(count(m, op_kind::bmm) == 2);
            CHECK(count(m, op_kind::layer_norm) == 2);
            CHECK(count(m, op_kind::softmax) == 1);
            CHECK(count(m, op_kind::sigmoid) == (nonlinearity == wl::activation::quick_gelu ? 1 : 0));
            CHECK(m.sections[1].layers == 12);
        }
}

TEST_CASE("the attention of a pruned layer is as wide as its heads, not as the model", "[workload]") {
    const wl::model m = one_layer({.tower = {6, 480, 1920, 8}}, 50);
    const auto q = std::find_if(m.operations.begin(), m.operations.end(), [](const auto& o) { return o.name == "q_proj"; });
    const auto out = std::find_if(m.operations.begin(), m.operations.end(), [](const auto& o) { return o.name == "out_proj"; });
    REQUIRE(q != m.operations.end());
    REQUIRE(out != m.operations.end());
    CHECK(q->output == wl::shape{1, 50, 512});
    CHECK(out->output == wl::shape{1, 50, 480});
    CHECK(q->members.size() == 1);
    CHECK(out->members.size() == 1);
}

TEST_CASE("heads of another width are possible", "[workload]") {
    const wl::model m = one_layer({.tower = {.layers = 2, .width = 256, .ffn = 512, .heads = 8, .head_width = 32}}, 10);
    CHECK(std::any_of(m.operations.begin(), m.operations.end(), [](const auto& o) { return o.output == wl::shape{8, 10, 32}; }));
}
