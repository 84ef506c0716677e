#include <verdant/plot/colours.hpp>
#include <verdant/report/front_plot.hpp>
#include <verdant/report/overlap_plot.hpp>
#include <verdant/report/scatter_plot.hpp>

#include "catch.hpp"
#include "unit/study/studies.hpp"
#include "unit/plot/svg_marks.hpp"
#include "unit/plot/xml.hpp"

#include <array>
#include <limits>
#include <set>

using namespace studies;

namespace {

using every = study<vd::exhaustive_search>;

/// A session of trials with the given accuracies, milliseconds and joules; the constraint is at most 30 J.
auto told(std::initializer_list<std::array<double, 3>> trials) {
    auto session = every::ask_tell();
    for (const auto& [accuracy, ms, j] : trials) session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, j * vd::joules{}});
    return session;
}

} // namespace

TEST_CASE("a scatter plot is well-formed, names axes and colours with units, and rings the front", "[search]") {
    const auto found = study<vd::exhaustive_search>{measure, power}.run({.trials = 1000});
    const auto svg = vd::scatter_svg<vd::latency, vd::accuracy, vd::energy>(found, "a & b <c> \"d\"");
    REQUIRE(xml::complaint(svg) == "");
    for (const auto* words : {">latency [ms]<", ">accuracy<", ">energy [J]<", "a &amp; b &lt;c&gt;"}) CHECK(svg.find(words) != std::string::npos);
    const auto marks = marks::circles(svg);
    std::size_t ringed = 0, hollow = 0, full = 0, infeasible = 0, feasible = 0;
    for (const auto& m : marks) ++(m.fill == "none" ? hollow : m.stroke == "#000000" ? ringed : full);
    for (const auto& t : found.trials()) ++(t.feasible() ? feasible : infeasible);
    REQUIRE(infeasible > 0);
    CHECK(ringed == found.size() + 1); // and the legend
    CHECK(hollow == infeasible + 1);
    CHECK(full == feasible - found.size() + 1);
    CHECK(svg.find("beyond the picture") == std::string::npos);
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf\"") == std::string::npos);
}

TEST_CASE("marks lie where their values are and have the colour of the third metric", "[search]") {
    const auto svg =
        vd::scatter_svg<vd::latency, vd::accuracy, vd::energy>(told({{0.0, 0.0, 0.0}, {1.0, 100.0, 20.0}, {0.5, 50.0, 10.0}}).result(), "");
    const auto marks = marks::circles(svg);
    REQUIRE(marks.size() == 6);
    // All three are of the front: more accuracy takes more time. They are drawn in order of number.
    CHECK((marks[0].x == 90 && marks[0].y == 520));
    CHECK((marks[1].x == 660 && marks[1].y == 50));
    CHECK((marks[2].x == 375 && marks[2].y == 285));
    CHECK(marks[0].fill == "#440154");
    CHECK(marks[1].fill == "#fde725");
    CHECK(marks[2].fill == "#21918c");
}

TEST_CASE("ranges of a scatter plot can be chosen: colours end there, trials beyond are counted", "[search]") {
    const auto session = told({{0.1, 10.0, 1.0}, {0.9, 20.0, 25.0}, {0.8, 5000.0, 2.0}});
    const auto svg = vd::scatter_svg<vd::latency, vd::accuracy, vd::energy>(session.result(), "", {.x = {0, 50}, .colour = {5, 10}});
    REQUIRE(xml::complaint(svg) == "");
    CHECK(svg.find(">1 trial beyond the picture<") != std::string::npos);
    const auto marks = marks::circles(svg);
    REQUIRE(marks.size() == 5);
    CHECK(marks[0].fill == "#440154");
    CHECK(marks[1].fill == "#fde725");
    CHECK(svg.find(">50<") != std::string::npos);
    CHECK(svg.find(">5000<") == std::string::npos);
}

TEST_CASE("colours may be logarithmic, are of what is drawn, and the bar says what it does not hold", "[plot]") {
    const auto session = told({{0.1, 10, 1}, {0.5, 10, 10}, {0.9, 10, 100}, {0.8, 1e6, 1e9}});
    const auto svg = vd::scatter_svg<vd::accuracy, vd::latency, vd::energy>(session.result(), "", {.y = {.high = 20}, .colour = {.scale = vd::plot::scale::logarithmic}});
    REQUIRE(xml::complaint(svg) == "");
    const auto marks = marks::circles(svg);
    REQUIRE(marks.size() == 3 + 3); // the trial of 1e9 joules is beyond the picture, and so is its colour
    CHECK(marks::colliding(svg) == "");
    CHECK(svg.find(">1 trial beyond the picture<") != std::string::npos);
    // Ends and middle of 1 to 100.
    CHECK(marks[0].stroke == "#fde725"); // infeasible ones first
    CHECK(marks[1].fill == "#440154");
    CHECK(marks[2].fill == "#21918c");
    CHECK(svg.find(">50<") != std::string::npos);
    const auto beyond = vd::scatter_svg<vd::accuracy, vd::latency, vd::energy>(told({{0.1, 10, 1}, {0.5, 10, 10}, {0.9, 10, 29}}).result(), "", {.colour = {5, 20}});
    CHECK(beyond.find(">2 beyond the colours<") != std::string::npos);
    const auto zero = vd::scatter_svg<vd::accuracy, vd::latency, vd::energy>(told({{0.1, 10, 0}, {0.5, 10, 10}}).result(), "", {.colour = {.scale = vd::plot::scale::logarithmic}});
    CHECK(zero.find(">1 without a colour (grey)<") != std::string::npos);
    CHECK_THROWS_WITH((vd::scatter_svg<vd::accuracy, vd::latency, vd::energy>(session.result(), "", {.colour = {7, 3}})), Catch::Contains("energy [J], range: expected a lower end"));
}

TEST_CASE("scatter plots of nothing, of one trial and of infinite values are pictures, too", "[search]") {
    const auto picture = [](const auto& session) { return vd::scatter_svg<vd::accuracy, vd::energy, vd::latency>(session.result(), "strange"); };
    CHECK(xml::complaint(picture(told({}))) == "");
    auto failed = told({});
    failed.tell_failure(failed.ask(1).front(), "no");
    CHECK(marks::circles(picture(failed)).size() == 3);
    CHECK(picture(failed).find(">1 trial failed<") != std::string::npos);
    CHECK(xml::complaint(vd::scatter_svg<vd::accuracy, vd::energy, vd::latency>(failed.result(), "Ger\xe4t")) == "");
    CHECK(xml::complaint(picture(told({{0.5, 20.0, 1.0}}))) == "");
    const auto infinite = std::numeric_limits<double>::infinity();
    const auto colour = picture(told({{0.5, infinite, 1.0}, {0.6, 10, 2.0}, {0.7, 20, 3.0}}));
    CHECK(xml::complaint(colour) == "");
    CHECK(marks::circles(colour).front().fill == "none"); // an infinite objective is infeasible
    CHECK(marks::circles(colour).front().stroke == "#fde725");
    const auto place = picture(told({{0.5, 10.0, infinite}, {0.6, 10, 2.0}}));
    CHECK(xml::complaint(place) == "");
    CHECK(place.find(">1 trial beyond the picture<") != std::string::npos);
    CHECK(place.find("inf\"") == std::string::npos);
}

TEST_CASE("pictures of values that only rounding tells apart, and of huge ones, are short and show all trials", "[search]") {
    const auto huge = std::numeric_limits<double>::max();
    for (const auto& session : {told({{0.3, 10.0, 1.0}, {0.1 + 0.2, 10.0, 1.0}}), told({{-huge, 0.0, -huge}, {huge, huge, huge}, {0.5, huge / 2, 0.0}}),
                                told({{0.0, 5e-324, 0.0}, {1e-310, 0.0, 5e-324}})}) {
        const auto found = session.result();
        const auto scatter = vd::scatter_svg<vd::accuracy, vd::energy, vd::latency>(found, "strange");
        const auto front = vd::front_svg(found, "strange");
        for (const auto& svg : {scatter, front, vd::overlap_svg<net, every::goals_type>({{"only", found}}, "strange")}) {
            REQUIRE(xml::complaint(svg) == "");
            CHECK(svg.size() < 20'000);
            for (const auto* wrong : {"nan", "inf\"", "inf,", "inf "}) CHECK(svg.find(wrong) == std::string::npos);
        }
        CHECK(marks::circles(scatter).size() == found.trials().size() + 3);
        CHECK(scatter.find("beyond the picture") == std::string::npos);
    }
}

TEST_CASE("the colour scale gets brighter all the way", "[search]") {
    const auto brightness = [](const std::string& colour) {
        const auto part = [&](std::size_t at) { return std::stoi(colour.substr(at, 2), nullptr, 16); };
        REQUIRE(colour.size() == 7);
        return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
    };
    for (int i = 0; i < 100; ++i) CHECK(brightness(vd::plot::scale_colour(i / 100.0)) < brightness(vd::plot::scale_colour((i + 1) / 100.0)));
    CHECK(vd::plot::scale_colour(-1) == vd::plot::scale_colour(0));
    CHECK(vd::plot::scale_colour(2) == vd::plot::scale_colour(1));
    CHECK(vd::plot::scale_colour(std::numeric_limits<double>::quiet_NaN()) == vd::plot::scale_colour(0));
    CHECK(std::set<std::string_view>(vd::plot::kind_colours.begin(), vd::plot::kind_colours.end()).size() == vd::plot::kind_colours.size());
}
