#include <verdant/error.hpp>
#include <verdant/search/series_plot.hpp>

#include "catch.hpp"

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
    const std::vector<vd::plot_series> series{{"a < b", {{0, 1}, {2, 3}, {1, 2}}}, {"single", {{5, 4}}}};
    const auto svg = vd::series_svg("title", "across", "up", series, std::vector{1.0, 3.0});
    CHECK(svg.starts_with("<svg "));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(count(svg, "<circle") == 3 + 1 + 2);
    CHECK(count(svg, "<polyline") == 1 + 2); // a single point has no line; two limits
    CHECK(count(svg, "a &lt; b") == 1);
    // 0..5 across from 90 to 660, 1..4 up from 520 to 50.
    CHECK(count(svg, "points=\"90,520 318,206.667 204,363.333\"") == 1);
    CHECK(count(svg, "204,520 204,50") == 1);
}

TEST_CASE("series without points, or with numbers that are none, are refused", "[search]") {
    CHECK_THROWS_AS(vd::series_svg("t", "x", "y", {}), vd::input_error);
    const std::vector<vd::plot_series> empty{{"a", {}}}, wrong{{"a", {{1, std::nan("")}}}}, good{{"a", {{1, 1}}}};
    CHECK_THROWS_AS(vd::series_svg("t", "x", "y", empty), vd::input_error);
    CHECK_THROWS_AS(vd::series_svg("t", "x", "y", wrong), vd::input_error);
    CHECK_THROWS_AS(vd::series_svg("t", "x", "y", good, std::vector{INFINITY}), vd::input_error);
    CHECK(vd::series_svg("t", "x", "y", good).size() > 100);
}
