#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/workload/graph/shape.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/dimensions.hpp>

#include <string>

namespace wl = verdant::workload;

TEST_CASE("every published CLIP is well formed, has heads of 64 and a graph", "[workload]") {
    for (const auto& [name, config] : wl::clips) {
        INFO(name);
        CHECK(wl::is_well_formed(config));
        CHECK(config.vision.heads * config.vision.head_width == config.vision.width);
        CHECK(config.text.heads * config.text.head_width == config.text.width);
        CHECK(wl::trace(config).nodes.size() > 190);
        CHECK(wl::operators(config).operations.size() >= 61);
        CHECK(&wl::clip_named(name) == &config);
    }
}

TEST_CASE("an unknown CLIP is refused with the names that there are", "[workload]") {
    try {
        (void)wl::clip_named("ViT-B-17");
        FAIL("accepted");
    } catch (const verdant::input_error& e) {
        CHECK(std::string{e.what()}.find("ViT-B-16, ViT-B-32, ViT-L-14") != std::string::npos);
        CHECK(std::string{e.what()}.find("\"ViT-B-17\"") != std::string::npos);
    }
}

TEST_CASE("dimensions whose counts would not fit are refused", "[workload]") {
    wl::clip_config c = wl::clip_named("ViT-B-16");
    c.image = 32768;
    c.patch = 1;
    CHECK_FALSE(wl::is_well_formed(c));
    CHECK_THROWS_WITH(wl::trace(c), Catch::Contains("no larger than counts allow"));
    CHECK_THROWS_WITH(c.vision_tokens(), Catch::Contains("an image of 32768 and patches of 1"));
    c.image = 65536; // 2^32 patches
    CHECK_THROWS_AS(c.vision_tokens(), verdant::input_error);
    c.patch = 0;
    CHECK_THROWS_AS(c.vision_tokens(), verdant::input_error);
    c = wl::clip_named("ViT-B-16");
    c.image = 4080; // 65025 patches, whose scores are counted
    CHECK(wl::is_well_formed(c));
    CHECK(c.vision_tokens() == 65026);
    c.text.heads = c.text.head_width = 65536;
    CHECK_FALSE(wl::is_well_formed(c));
    for (const int layers : {wl::most_layers, wl::most_layers + 1}) {
        c = wl::clip_named("ViT-B-16");
        c.vision.layers = layers;
        CHECK(wl::is_well_formed(c) == (layers == wl::most_layers));
    }
    const wl::shape large{1 << 30, 1 << 22}, larger{1 << 30, (1 << 22) + 1}, negative{-1, 3}, none{0, 1 << 30, 1 << 30, 1 << 30};
    CHECK(large.elements() == 1LL << 52);
    CHECK_THROWS_AS(larger.elements(), verdant::error);
    CHECK_THROWS_AS(negative.elements(), verdant::error);
    CHECK(none.elements() == 0);
}

TEST_CASE("a malformed configuration has no graph", "[workload]") {
    wl::clip_config c = wl::clip_named("ViT-B-16");
    c.patch = 15;
    CHECK_THROWS_AS(wl::trace(c), verdant::input_error);
    c.patch = 0;
    CHECK_THROWS_AS(wl::trace(c), verdant::input_error);
    c = wl::clip_named("ViT-B-16");
    c.text.heads = -8;
    CHECK_THROWS_AS(wl::operators(c), verdant::input_error);
}

TEST_CASE("inputs of a node come before it, and only within the graph", "[workload]") {
    const wl::graph g = wl::trace(wl::clip_named("ViT-B-32"));
    for (std::size_t i = 0; i < g.nodes.size(); ++i)
        for (const auto p : g.nodes[i].inputs) CHECK((p >= 0 && static_cast<std::size_t>(p) < i));
}

TEST_CASE("fusion neither loses nor doubles an operator", "[workload]") {
    for (const auto& [name, config] : wl::clips) {
        INFO(name);
        const wl::graph g = wl::trace(config);
        const wl::model m = wl::operators(config);
        std::size_t before = 0, after = 0;
        for (const auto& n : g.nodes) before += wl::core_of(n.kind) != wl::core_kind::none;
        for (const auto& o : m.operations) {
            ++after;
            for (const auto kind : o.members) after += wl::core_of(kind) != wl::core_kind::none;
        }
        CHECK(before == after);
    }
}
