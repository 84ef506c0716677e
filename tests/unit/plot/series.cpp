#include <verdant/error.hpp>
#include <verdant/plot/series.hpp>

#include "catch.hpp"
#include "svg_marks.hpp"
#include "xml.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vd = verdant;

namespace {

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
    return n;
}

} // namespace

TEST_CASE("series are drawn with all points, joined in order, and a key", "[search]") {
    const std::vector<vd::plot::series> series{{"a < b", {{0, 1}, {2, 3}, {1, 2}}}, {"single", {{5, 4}}}};
    const auto svg = vd::plot::series_svg("title", "across", "up", series, std::vector{1.0, 3.0});
    CHECK(svg.starts_with("<svg "));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(count(svg, "<circle") == 3 + 1);  // of the first, and its entry of the key
    CHECK(count(svg, "<polygon") == 1 + 1); // squares of the second
    CHECK(count(svg, "<polyline") == 1 + 2 + 2); // a single point has no line; two limits, two entries
    CHECK(count(svg, ">a &lt; b<") == 1);
    CHECK(count(svg, "<title>a &lt; b: 2, 3</title>") == 1); // under the pointer
    // 0..5 across from 90 to 660, 1..4 up from 520 to 50.
    CHECK(count(svg, "points=\"90,520 318,206.667 204,363.333\"") == 1);
    CHECK(count(svg, "204,520 204,50") == 1);
}

TEST_CASE("series have axes as asked, say what these leave out, and many have a key that fits", "[plot]") {
    using vd::plot::scale;
    const std::vector<vd::plot::series> one{{"a", {{1, 0}, {10, 5}, {100, 1000}, {200, 10}}}};
    const auto limited = vd::plot::series_svg("t", "x", "y", one, {}, {.x = {.low = 1, .high = 100}, .y = {.high = 500, .label = "speed"}});
    CHECK(xml::complaint(limited) == "");
    CHECK(count(limited, ">2 points beyond the picture<") == 1);
    CHECK(count(limited, ">speed<") == 1);
    CHECK(count(limited, ">y<") == 0);
    CHECK(count(limited, "viewBox=\"90 50 570 470\"") == 1); // the line is clipped to the axes
    const auto logarithmic = vd::plot::series_svg("t", "x", "y", one, {}, {.x = {.scale = scale::logarithmic}, .y = {.scale = scale::logarithmic}});
    CHECK(count(logarithmic, ">1 point not above 0, on a logarithmic scale<") == 1);
    CHECK(count(logarithmic, "<circle") == 3 + 1);
    CHECK(count(vd::plot::series_svg("t", "x", "y", one, {}, {.picture = {.tooltips = vd::plot::tooltips::hidden}}), "<title>") == 1); // of the picture

    std::vector<vd::plot::series> many;
    for (int i = 0; i < 120; ++i) many.push_back({"series " + std::to_string(i), {{i, i}}});
    const auto svg = vd::plot::series_svg("t", "x", "y", many);
    CHECK(xml::complaint(svg) == "");
    CHECK(count(svg, " more<") == 1);
    double last = 0;
    for (const auto& label : marks::texts(svg)) {
        if (label.words.find("series ") != 0) continue;
        CHECK(label.y >= last + 13); // lines of letters of 13
        last = label.y;
    }
    CHECK(last > 400);
    CHECK(last < 530);
}

TEST_CASE("series without points, or with numbers that are not finite, are refused", "[search]") {
    CHECK_THROWS_AS(vd::plot::series_svg("t", "x", "y", {}), vd::input_error);
    const std::vector<vd::plot::series> empty{{"a", {}}}, wrong{{"a", {{1, std::nan("")}}}}, good{{"a", {{1, 1}}}};
    CHECK_THROWS_AS(vd::plot::series_svg("t", "x", "y", empty), vd::input_error);
    CHECK_THROWS_AS(vd::plot::series_svg("t", "x", "y", wrong), vd::input_error);
    CHECK_THROWS_AS(vd::plot::series_svg("t", "x", "y", good, std::vector<double>{INFINITY}), vd::input_error);
    CHECK(vd::plot::series_svg("t", "x", "y", good).size() > 100);
}
