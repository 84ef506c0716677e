#include <verdant/error.hpp>
#include <verdant/report/front_plot.hpp>
#include <verdant/report/pair_plot.hpp>

#include "catch.hpp"
#include "unit/plot/svg_marks.hpp"
#include "unit/plot/xml.hpp"
#include "unit/study/studies.hpp"

#include <limits>
#include <string>
#include <vector>

using namespace studies;

namespace {

using three = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::minimize<vd::energy>, vd::exhaustive_search>;

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

} // namespace

TEST_CASE("three objectives are three planes, each of which says that it is a projection", "[plot]") {
    const auto found = three{measure, power}.run({.trials = 1000});
    const auto svg = vd::pairs_svg(found, "a < b", {.baselines = {{"unpruned", {{"accuracy", 0.7}, {"latency", 100}, {"energy", 20}}}}});
    REQUIRE(xml::complaint(svg) == "");
    CHECK(count(svg, ">projection<") == 3);
    CHECK(count(svg, "fill=\"#1b7f4d\"") == 3 * found.size() + 1); // the front in each plane, and the key
    CHECK(count(svg, ">unpruned<") == 3 + 1);
    for (const auto* words : {">accuracy<", ">latency [ms]<", ">energy [J]<"}) CHECK(svg.find(words) != std::string::npos);
    CHECK(marks::colliding(svg) == "");
    // Planes lie in the picture and not over each other: three clips of one size, at two places across and two down.
    std::vector<std::string> boxes;
    for (auto at = svg.find("<svg x="); at != std::string::npos; at = svg.find("<svg x=", at + 1)) boxes.push_back(marks::attribute(svg.substr(at, 200), "viewBox"));
    CHECK(boxes.size() == 3);
    const auto front = vd::front_svg(found, "t");
    CHECK(front.find(">projection: 2 of 3 objectives<") != std::string::npos);
    const auto two = vd::pairs_svg(study<vd::exhaustive_search>{measure, power}.run({.trials = 1000}), "two");
    CHECK(xml::complaint(two) == "");
    CHECK(count(two, ">projection<") == 0); // the whole front
}

TEST_CASE("planes of pair plots count failed trials and infinite values", "[plot]") {
    auto session = three::ask_tell();
    session.tell(session.ask(1).front(), {0.5, 1.0 * vd::milliseconds{}, 1.0 * vd::joules{}});
    session.tell_failure(session.ask(1).front(), "no");
    session.tell(session.ask(1).front(), {0.5, std::numeric_limits<double>::infinity() * vd::milliseconds{}, 1.2 * vd::joules{}});
    const auto svg = vd::pairs_svg(session.result(), "");
    CHECK(count(svg, ">2 not in it<") == 2); // both planes of latency
    CHECK(count(svg, ">1 not in it<") == 1);
}

TEST_CASE("planes of pair plots have axes as asked, and count what these leave out", "[plot]") {
    auto session = three::ask_tell();
    for (const auto& [accuracy, ms, j] : {std::array{0.5, 0.0, 1.0}, std::array{0.6, 10.0, 2.0}, std::array{0.7, 1000.0, 3.0}})
        session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, j * vd::joules{}});
    const auto found = session.result();
    const auto svg = vd::pairs_svg(found, "", {.axes = {{"latency", {.scale = vd::plot::scale::logarithmic, .label = "time"}}, {"accuracy", {.low = 0.55}}}});
    CHECK(xml::complaint(svg) == "");
    CHECK(svg.find(">time<") != std::string::npos);
    CHECK(count(svg, ">1 not in it<") == 3);
    CHECK_THROWS_WITH(vd::pairs_svg(found, "", {.axes = {{"latncy", {}}}}), Catch::Contains("did you mean 'latency'?"));
    CHECK_THROWS_WITH(vd::pairs_svg(found, "", {.axes = {{"energy", {}}, {"energy", {}}}}), Catch::Contains("energy twice"));
    CHECK_THROWS_WITH(vd::pairs_svg(found, "", {.axes = {{"energy", {.low = 3, .high = 2}}}}), Catch::Contains("energy [J], range: expected a lower end"));
    CHECK_THROWS_WITH(vd::pairs_svg(found, "", {.picture = {.width = 10}}), Catch::Contains("picture, width"));
}

TEST_CASE("pair plots of nothing and of strange values are pictures, too", "[plot]") {
    const auto huge = std::numeric_limits<double>::max();
    for (const auto& all : std::vector<std::vector<std::array<double, 3>>>{{}, {{0.5, 1, 1}}, {{0.3, 1, 1}, {0.1 + 0.2, 2, 1}}, {{-huge, 0, huge}, {huge, huge, -huge}}, {{0, 5e-324, 1e-310}, {0, 0, 0}}})
        for (const auto scale : {vd::plot::scale::linear, vd::plot::scale::logarithmic, vd::plot::scale::automatic}) {
            auto session = three::ask_tell();
            for (const auto& [accuracy, ms, j] : all) session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, j * vd::joules{}});
            const auto svg = vd::pairs_svg(session.result(), "strange", {.axes = {{"accuracy", {.scale = scale}}, {"latency", {.scale = scale}}, {"energy", {.scale = scale}}}});
            CHECK(xml::complaint(svg) == "");
            CHECK(svg.size() < 30'000);
            for (const auto* wrong : {"\"nan", "\"inf", "\"-inf", ",nan", ",inf", " nan,", " inf,"}) CHECK(svg.find(wrong) == std::string::npos);
        }
}
