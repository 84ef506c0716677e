#include <verdant/plot/agreement.hpp>

#include "catch.hpp"
#include "svg_marks.hpp"
#include "xml.hpp"

#include <algorithm>
#include <limits>
#include <string>

using verdant::plot::agreement_svg;

TEST_CASE("predictions against what they predict share a scale, and exact ones lie on the diagonal", "[search]") {
    const auto svg = agreement_svg("a < b", "measured [ms]", "table [ms]", {{1, 1}, {2, 3}, {4, 4}});
    REQUIRE(xml::complaint(svg) == "");
    for (const auto* words : {">measured [ms]<", ">table [ms]<", "a &lt; b"}) CHECK(svg.find(words) != std::string::npos);
    const auto points = marks::circles(svg);
    REQUIRE(points.size() == 3);
    CHECK(points[2].x > points[0].x);
    CHECK(points[2].y < points[0].y); // larger predictions are higher
    // The exact ones are as far along both axes.
    const auto share = [](const auto& p) { return (p.x - 90) / (770 - 90) - (520 - p.y) / (520 - 50); };
    CHECK(share(points[0]) == Approx(0).margin(1e-3));
    CHECK(share(points[2]) == Approx(0).margin(1e-3));
    CHECK(share(points[1]) < -0.1);
    CHECK(svg.find("stroke-dasharray=\"6 4\"") != std::string::npos);
}

TEST_CASE("few or no predictions", "[search]") {
    CHECK(xml::complaint(agreement_svg("none", "x", "y", {})) == "");
    CHECK(marks::circles(agreement_svg("none", "x", "y", {})).empty());
    CHECK(marks::circles(agreement_svg("one", "x", "y", {{3, 3}})).size() == 1);
}

TEST_CASE("predictions that are not finite are counted, and those that are equal but for rounding are drawn", "[search]") {
    const auto infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    const auto some = agreement_svg("some", "x", "y", {{1, infinity}, {nan, 2}, {3, 3}, {4, 5}});
    REQUIRE(xml::complaint(some) == "");
    CHECK(marks::circles(some).size() == 2);
    CHECK(some.find(">2 points are not finite<") != std::string::npos);
    for (const auto* number : {"nan", "inf"}) CHECK(some.find('"' + std::string{number}) == std::string::npos);
    CHECK(marks::circles(agreement_svg("none", "x", "y", {{nan, nan}})).empty());
    const auto equal = agreement_svg("equal", "x", "y", {{0.3, 0.1 + 0.2}, {0.1 + 0.2, 0.3}});
    CHECK(marks::circles(equal).size() == 2);
    CHECK(equal.size() < 10'000);
}
