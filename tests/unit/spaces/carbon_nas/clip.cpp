#include "catch.hpp"

#include <verdant/space.hpp>
#include <verdant/spaces.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

namespace vd = verdant;

TEST_CASE("the CLIP space has the published parameters and 1,071,875 points", "[spaces]") {
    STATIC_REQUIRE(vd::valid<vd::spaces::clip>);
    STATIC_REQUIRE(vd::cardinality<vd::spaces::clip> == 1'071'875);
    const auto names = vd::names<vd::spaces::clip>();
    REQUIRE(std::vector<std::string_view>(names.begin(), names.end()) == std::vector<std::string_view>{"text.layers", "text.ffn", "text.width",
                                                                                                       "text.heads", "vision.layers", "vision.ffn",
                                                                                                       "vision.width", "vision.heads"});
}

TEST_CASE("the largest point is the unpruned model, and what the space does not vary comes from the base", "[spaces]") {
    const auto& base = vd::workload::clip_named("ViT-B-16");
    const auto largest = vd::parse_point<vd::spaces::clip>("text.layers=12 text.ffn=2048 text.width=512 text.heads=8 "
                                                           "vision.layers=12 vision.ffn=3072 vision.width=768 vision.heads=12");
    const auto whole = vd::spaces::clip_of(largest, base);
    REQUIRE(whole.text.layers == base.text.layers);
    REQUIRE(whole.text.ffn == base.text.ffn);
    REQUIRE(whole.text.width == base.text.width);
    REQUIRE(whole.text.heads == base.text.heads);
    REQUIRE(whole.vision.layers == base.vision.layers);
    REQUIRE(whole.vision.ffn == base.vision.ffn);
    REQUIRE(whole.vision.width == base.vision.width);
    REQUIRE(whole.vision.heads == base.vision.heads);
    const auto smallest = vd::spaces::clip_of(vd::point<vd::spaces::clip>{}, base);
    REQUIRE(smallest.text.width == 256);
    REQUIRE(smallest.vision.ffn == 1536);
    REQUIRE(smallest.patch == base.patch);
}

TEST_CASE("shares of ViT-B are the published space, point for point", "[spaces]") {
    STATIC_REQUIRE(vd::cardinality<vd::spaces::clip_shares> == 1'071'875);
    STATIC_REQUIRE(vd::cardinality<vd::spaces::clip_shares_co_design> == vd::cardinality<vd::spaces::clip_co_design>);
    const auto& base = vd::workload::clip_named("ViT-B-16");
    vd::random_stream draws{1};
    for (int i = 0; i < 200; ++i) {
        // Both spaces number the values of their parameters alike.
        const auto p = vd::sample<vd::spaces::clip_shares>(draws);
        vd::point<vd::spaces::clip> same;
        for (std::size_t k = 0; k < vd::parameter_count<vd::spaces::clip>; ++k) same[k] = p[k];
        REQUIRE(vd::spaces::clip_of(p, base) == vd::spaces::clip_of(same, base));
    }
}

TEST_CASE("shares of other models are whole numbers of at least 1, and the largest point is the model", "[spaces]") {
    for (const char* name : {"ViT-L-14", "ViT-S-32-alt", "TinyCLIP-ViT-8M-16-Text-3M-YFCC15M"}) {
        const auto& base = vd::workload::clip_named(name);
        const auto largest =
            vd::parse_point<vd::spaces::clip_shares>("text.layer_twelfths=12 text.ffn_eighths=8 text.width_eighths=8 text.head_eighths=8 "
                                                     "vision.layer_twelfths=12 vision.ffn_eighths=8 vision.width_eighths=8 vision.head_twelfths=12");
        REQUIRE(vd::spaces::clip_of(largest, base) == base);
        REQUIRE(vd::workload::is_well_formed(vd::spaces::clip_of(vd::point<vd::spaces::clip_shares>{}, base)));
    }
    auto tiny = vd::workload::clip_named("TinyCLIP-ViT-8M-16-Text-3M-YFCC15M");
    const auto half = vd::spaces::clip_of(vd::point<vd::spaces::clip_shares>{}, tiny);
    REQUIRE(half.text.layers == 1); // of 3
    REQUIRE(half.text.width == 128);
    tiny.text.heads = tiny.text.layers = 1;
    REQUIRE(vd::spaces::clip_of(vd::point<vd::spaces::clip_shares>{}, tiny).text.heads == 1);
    REQUIRE(vd::spaces::clip_of(vd::point<vd::spaces::clip_shares>{}, tiny).text.layers == 1);
}
