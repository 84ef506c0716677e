#include <verdant/error.hpp>
#include <verdant/plot/bars.hpp>
#include <verdant/plot/point_groups.hpp>

#include "catch.hpp"
#include "xml.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace vd = verdant;

namespace point_groups_tests {

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
    return n;
}

} // namespace point_groups_tests
using namespace point_groups_tests;

TEST_CASE("groups of points have bars of error, a key, levels and a box", "[search]") {
    const std::vector<vd::plot::point_group> groups{{"one", {{1, 2, 0.5, 0.25}, {3, 4, 0, 0.5}}, vd::plot::joined::yes}, {"two", {{2, 2}}}};
    const auto svg =
        vd::plot::point_groups_svg("title", "across", "up", groups, {.identity = true, .levels = {{"limit", 3}}, .box = {"tau 0.9", "a < b"}});
    CHECK(svg.starts_with("<svg "));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(count(svg, "<circle") == 2 + 1);
    CHECK(count(svg, "<polygon") == 1 + 1);
    CHECK(count(svg, "stroke=\"#0072b2\" stroke-width=\"1\"") == 3); // bars
    CHECK(count(svg, "stroke=\"#8f9ba6\"") == 1);                    // the diagonal
    CHECK(count(svg, "stroke=\"#009e73\"") == 2);                    // the level, and its entry
    CHECK(count(svg, ">a &lt; b<") == 1);
}

TEST_CASE("names beside points keep clear of each other", "[search]") {
    const std::vector<vd::plot::point_group> groups{{"all",
                                                     {{0, 0, 0, 0, "far"}, {10, 10, 0, 0, "one"}, {10, 10, 0, 0, "same place"}, {5, 5, 0, 0, ""}},
                                                     vd::plot::joined::no,
                                                     vd::plot::point_names::beside}};
    const auto svg = vd::plot::point_groups_svg("title", "x", "y", groups);
    CHECK(count(svg, ">far</text>") == 1);
    CHECK(count(svg, ">one</text>") + count(svg, ">same place</text>") == 1); // the corner has one free side
}

TEST_CASE("pictures of groups refuse what has no place", "[search]") {
    using group = vd::plot::point_group;
    CHECK_THROWS_AS(vd::plot::point_groups_svg("t", "x", "y", std::vector<group>{{"none", {}}}), vd::input_error);
    CHECK_THROWS_AS(vd::plot::point_groups_svg("t", "x", "y", std::vector<group>{{"nan", {{1, std::nan("")}}}}), vd::input_error);
    vd::plot::point_groups_options logarithmic;
    logarithmic.x.scale = vd::plot::scale::logarithmic;
    const auto svg = vd::plot::point_groups_svg("t", "x", "y", std::vector<group>{{"some", {{-1, 1}, {1, 2}, {10, 3}}}}, logarithmic);
    CHECK(count(svg, "1 point not above 0, on a logarithmic scale") == 1);
    CHECK_THROWS_WITH(vd::plot::point_groups_svg("t", "x", "y", std::vector<group>{{"back", {{1, 2, -0.5, 0}}}}),
                      "verdant: t, back, point 1: expected errors of 0 or more, found -0.5 and 0");
}

TEST_CASE("a bar of error that reaches below the places of a logarithmic axis is drawn from its end", "[plot]") {
    using group = vd::plot::point_group;
    vd::plot::point_groups_options logarithmic;
    logarithmic.x = logarithmic.y = {.low = 0.1, .high = 100, .scale = vd::plot::scale::logarithmic};
    const auto lines = [&](const std::vector<vd::plot::measured_point>& points) {
        return count(vd::plot::point_groups_svg("t", "x", "y", std::vector<group>{{"some", points}}, logarithmic), "<line") +
               count(vd::plot::point_groups_svg("t", "x", "y", std::vector<group>{{"some", points}}, logarithmic), "<polyline");
    };
    const auto without = lines({{1, 1}, {10, 10}});
    CHECK(lines({{1, 1, 0.5, 0.5}, {10, 10}}) == without + 2);
    CHECK(lines({{1, 1, 1, 3}, {10, 10}}) == without + 2);
}

TEST_CASE("bars are as long as their values", "[search]") {
    const auto svg = vd::plot::bars_svg("carbon", "kg", std::vector<vd::plot::bar>{{"half", 50}, {"whole", 100}});
    CHECK(count(svg, "<rect") == 2 + 1); // and the ground
    CHECK(count(svg, ">50 kg<") == 1);
    CHECK(count(svg, "<title>whole: 100 kg</title>") == 1);
    // The largest of numbers are bars, too.
    const auto huge = vd::plot::bars_svg("carbon", "kg", std::vector<vd::plot::bar>{{"half", 8e307}, {"whole", 1.6e308}});
    CHECK(huge.find("\"inf\"") == std::string::npos);
    CHECK(huge.find("\"nan\"") == std::string::npos);
    CHECK_THROWS_AS(vd::plot::bars_svg("carbon", "kg", std::vector<vd::plot::bar>{}), vd::input_error);
    CHECK_THROWS_AS(vd::plot::bars_svg("carbon", "kg", std::vector<vd::plot::bar>{{"debt", -1}}), vd::input_error);
    CHECK_THROWS_AS(vd::plot::bars_svg("carbon", "kg", std::vector<vd::plot::bar>{{"all", std::numeric_limits<double>::infinity()}}),
                    vd::input_error);
}
