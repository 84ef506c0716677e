#include "catch.hpp"
#include "unit/plot/svg_marks.hpp"
#include "unit/plot/xml.hpp"

#include <verdant/goal.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/report/band_plot.hpp>
#include <verdant/report/bands.hpp>
#include <verdant/search.hpp>
#include <verdant/uncertainty.hpp>

#include <limits>
#include <string>
#include <vector>

namespace vd = verdant;
namespace un = verdant::uncertainty;

namespace {

struct plan : vd::space<vd::param<"size", vd::range<1, 6>>> {};
using carbon = vd::total_carbon;
using study = vd::search<plan, vd::minimize<vd::latency>, vd::minimize<vd::quantile<carbon, 0.9>>, vd::track<vd::quantile<carbon, 0.5>>,
                         vd::track<vd::quantile<carbon, 0.1>>, vd::track<vd::area>, vd::exhaustive_search>;
using shown = vd::band<carbon, 0.1, 0.9>;

auto found() {
    return study{[](const vd::point<plan>& p) {
               const double size = static_cast<double>(p.get<"size">());
               if (p.get<"size">() == 6) throw vd::error{"too large"};
               auto drawn = un::draws<vd::si::mass>::of_si({1 * size, 2 * size, 3 * size});
               if (p.get<"size">() == 5) drawn.si()[2] = std::numeric_limits<double>::infinity();
               return vd::uncertain_metrics<vd::metrics<vd::latency, vd::area>, vd::drawn<carbon>>{
                   vd::metrics<vd::latency, vd::area>{1.0 / size * vd::seconds{}, size * vd::square_millimetres{}}, drawn};
           }}
        .run({.trials = 6});
}

} // namespace

TEST_CASE("a report with bands has one column in place of three", "[report]") {
    const auto result = found();
    const auto plain = vd::report_of(result.trials());
    const auto banded = vd::report_with_bands<shown>(result.trials());
    CHECK(banded.columns.size() + 2 == plain.columns.size());
    CHECK(banded.columns ==
          std::vector<std::string>{"trial", "status", "size", "latency [ms]", "total_carbon [kgCO2e]", "area [mm2]", "violation", "message"});
    CHECK(banded.rows[0][4] == "2 (1.2 to 2.8)");
    CHECK(banded.rows[0][5] == "1");
    CHECK(banded.rows[5][4].empty()); // failed
    for (const auto& row : banded.rows) CHECK(row.size() == banded.columns.size());
}

TEST_CASE("a picture with bands is well-formed, and bands lie where their quantiles are", "[report]") {
    const auto svg = vd::band_svg<vd::area, shown>(found(), "bands & more", {.x = {0, 5}, .y = {0, 12}});
    REQUIRE(xml::complaint(svg) == "");
    for (const auto* words :
         {">area [mm2]<", ">total_carbon [kgCO2e]<", "10 % to 90 % of draws", "1 trial failed", "1 trial with an infinite value", "bands &amp; more"})
        CHECK(svg.find(words) != std::string::npos);
    const auto circles = marks::circles(svg);
    REQUIRE(circles.size() == 4 + 2); // all four are of the front; and the key
    // The axes end at 90 and 770, at 520 and 50: the first trial is at area 1 of 5 and 2 kg of 12.
    CHECK(circles[0].x == Approx(90 + (circles[3].x - 90) / 4));
    CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("bands may share a median", "[report]") {
    using shares =
        vd::search<plan, vd::minimize<vd::quantile<carbon, 0.5>>, vd::track<vd::quantile<carbon, 0.05>>, vd::track<vd::quantile<carbon, 0.95>>,
                   vd::track<vd::quantile<carbon, 0.25>>, vd::track<vd::quantile<carbon, 0.75>>, vd::exhaustive_search>;
    const auto result =
        shares{[](const vd::point<plan>&) {
            return vd::uncertain_metrics<vd::metrics<>, vd::drawn<carbon>>{vd::metrics<>{}, un::draws<vd::si::mass>::of_si({1, 2, 3})};
        }}.run({.trials = 6});
    const auto banded = vd::report_with_bands<vd::band<carbon>, vd::band<carbon, 0.25, 0.75>>(result.trials());
    REQUIRE(banded.columns.size() == vd::report_of(result.trials()).columns.size() - 3);
    for (const auto& row : banded.rows) {
        REQUIRE(row.size() == banded.columns.size());
        CHECK(row[3] == "2 (1.1 to 2.9)");
        CHECK(row[4] == "2 (1.5 to 2.5)");
    }
}
