#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>

#include "catch.hpp"

#include <string>
#include <vector>

namespace spaces = verdant::spaces;
using spaces::mbconv_family;
using spaces::mbconv_units;

TEST_CASE("sub-networks are read from text with and without the names of their family", "[spaces]") {
    const mbconv_units expected{{{3, 7}, {6, 3}}, {{4, 5}}};
    CHECK(spaces::units_from_text("e3_k7-e6_k3|e4_k5", mbconv_family::mbv3, "x") == expected);
    CHECK(spaces::units_from_text("mbconv2_e3_k7-mbconv2_e6_k3|e4_k5", mbconv_family::pn, "x") == expected);
    CHECK(spaces::units_text(expected) == "e3_k7-e6_k3|e4_k5");
    CHECK(spaces::block_text(mbconv_family::mbv3, {6, 5}) == "mbconv3_e6_k5");
}

TEST_CASE("what is no sub-network is refused with its place", "[spaces]") {
    const auto read = [](const std::string& text) { return spaces::config_from_text(text, mbconv_family::mbv3, 224, "a.csv", "line 2"); };
    CHECK_THROWS_WITH(read("e3_k3-mbconv2_e3_k3"),
                      "verdant: a.csv, line 2, unit 1, block 2: expected a block whose name begins with 'mbconv3_', found 'mbconv2_e3_k3'");
    CHECK_THROWS_WITH(read("e3_k3|e3_k4"), "verdant: a.csv, line 2, unit 2, block 1: expected a kernel of 3, 5 or 7, found 4");
    CHECK_THROWS_WITH(read("e5_k3"), "verdant: a.csv, line 2, unit 1, block 1: expected an expansion of 3, 4 or 6, found 5");
    for (const auto* text : {"", "e3", "e3_k", "e3_k3x", "e3_k3-", "e3_k3||", "ek3", "e99999999999_k3"})
        CHECK_THROWS_WITH(read(text), Catch::Matchers::Contains("expected a block such as 'mbconv3_e6_k5' or 'e6_k5'"));
    CHECK_THROWS_WITH(read("e3_k3-e3_k3"), "verdant: a.csv, line 2: expected 5 units, found 1");
    CHECK_THROWS_WITH(read("e3_k3-e3_k3|e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3"), "verdant: a.csv, line 2, unit 2: expected 2 to 4 blocks, found 1");
    CHECK_THROWS_WITH(spaces::config_from_text("e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3|e3_k3-e3_k3", mbconv_family::pn, 224, "a"),
                      "verdant: a, unit 6: expected 1 block, found 2");
}

TEST_CASE("sub-networks and points are the same things", "[spaces]") {
    using space = spaces::ofa_mobilenet_v3<1.2>;
    const auto config = spaces::config_from_text("e3_k7-e6_k3|e4_k5-e4_k3-e6_k7|e3_k3-e3_k5-e3_k7-e4_k3|e6_k3-e6_k5|e4_k7-e6_k5", mbconv_family::mbv3, 192, "x");
    const auto arch = spaces::arch_of<spaces::ofa_arch>(config);
    CHECK(arch.ks == std::array<int, 20>{7, 3, 0, 0, 5, 3, 7, 0, 3, 5, 7, 3, 3, 5, 0, 0, 7, 5, 0, 0});
    CHECK(arch.d == std::array<int, 5>{2, 3, 4, 2, 2});
    const auto p = spaces::point_of<space>(config);
    CHECK(p.feasible());
    CHECK(spaces::config_of(p) == config);
    CHECK_THROWS_WITH(spaces::arch_of<spaces::proxyless_arch>(config), "verdant: sub-network, family: expected pn, found mbv3");
    auto odd = arch;
    odd.e[4] = 5;
    CHECK_THROWS_WITH(spaces::config_of(odd), Catch::Matchers::StartsWith("verdant: sub-network, e[4]: expected 3, 4 or 6, found 5"));
    odd = arch;
    odd.d[1] = 1;
    CHECK_THROWS_WITH(spaces::config_of(odd), "verdant: sub-network, d[1]: expected 2 to 4, found 1");
    static_assert(spaces::mbconv_space<spaces::ofa_proxyless<>> && spaces::mbconv_family_of<spaces::ofa_proxyless<>> == mbconv_family::pn);
}

TEST_CASE("blocks are nodes with six features", "[spaces]") {
    const auto units = spaces::units_from_text("e3_k7-e6_k3|e4_k5", mbconv_family::mbv3, "x");
    const auto whole = spaces::custom_graph(mbconv_family::mbv3, units, 128);
    CHECK(whole.columns == 6);
    CHECK(whole.features == std::vector<float>{0, 0, 1, 0, 2, -2, 0, 1, 1, 2, 0, -2, 1, 0, 1, 1, 1, -2});
    CHECK(edges_of(whole.edges) == std::vector<verdant::graph::edge>{{0, 1}, {1, 2}});
    const auto both = spaces::custom_graph(mbconv_family::mbv3, units, 128, {.undirected = true});
    CHECK(edges_of(both.edges) == std::vector<verdant::graph::edge>{{0, 1}, {1, 0}, {1, 2}, {2, 1}});
    // The original adds `layer` for whole networks alone.
    CHECK(spaces::custom_graph(mbconv_family::pn, units, 224, {.layer = 2}).features[1] == 2);
    CHECK(spaces::custom_graph(mbconv_family::pn, units, 224, {.unit = 1, .layer = 2}).features[1] == 0);
    CHECK_THROWS_WITH(spaces::custom_graph(mbconv_family::pn, {{{3, 9}}}, 224),
                      "verdant: graph of a sub-network, unit 1, block 1: expected a kernel of 3, 5 or 7, found 9");
}

TEST_CASE("modules have the numbers of their units", "[spaces]") {
    const auto pair = spaces::module_graph(mbconv_family::pn, {{{3, 3}, {4, 5}}, {{6, 7}}}, 5);
    CHECK(pair.features == std::vector<float>{4, 0, 0, 0, 0, 1, 4, 1, 0, 1, 1, 1, 5, 0, 0, 2, 2, 1});
    CHECK(spaces::module_graph(mbconv_family::mbv3, {{{3, 3}}}, 1, 192).features == std::vector<float>{0, 0, 1, 0, 0, 0});
    CHECK_THROWS_WITH(spaces::module_graph(mbconv_family::mbv3, {{{3, 3}}}, 6), "verdant: module, unit: expected 1 to 5, found 6");
    CHECK_THROWS_WITH(spaces::module_graph(mbconv_family::mbv3, {{{3, 3}}}, 0), "verdant: module, unit: expected 1 to 5, found 0");
    CHECK_THROWS(spaces::module_graph(mbconv_family::pn, {{{3, 3}}, {{3, 3}}}, 6));
}
