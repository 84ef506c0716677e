#include "catch.hpp"

#include <verdant/space.hpp>
#include <verdant/spaces.hpp>
#include <verdant/workload/clip_configs.hpp>

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
