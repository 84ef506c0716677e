#include <verdant/report/overlap_plot.hpp>

#include "catch.hpp"
#include "unit/study/studies.hpp"
#include "unit/plot/svg_marks.hpp"
#include "unit/plot/xml.hpp"

#include <algorithm>
#include <array>
#include <set>

using namespace studies;

namespace {

using every = study<vd::exhaustive_search>;
using runs = std::vector<std::pair<std::string, every::result_type>>;

every::result_type told(std::initializer_list<std::array<double, 2>> trials) {
    auto session = every::ask_tell();
    for (const auto& [accuracy, ms] : trials) session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, 1.0 * vd::joules{}});
    return session.result();
}

} // namespace

TEST_CASE("fronts of several runs lie over each other in colours of their own, named in a key", "[search]") {
    runs all;
    // Runs of other optimizers are of the same type.
    all.emplace_back("exhaustive & all", every{measure, power}.run({.trials = 1000}));
    all.emplace_back("random", study<vd::random_search>{measure, power}.run({.trials = 20, .seed = 1}));
    all.emplace_back("<NSGA-II>", study<vd::nsga2<>>{measure, power}.run({.trials = 20, .seed = 1}));
    const auto svg = vd::overlap_svg(all, "three & more");
    REQUIRE(xml::complaint(svg) == "");
    for (const auto* words : {">exhaustive &amp; all<", ">random<", ">&lt;NSGA-II&gt;<", ">accuracy<", ">latency [ms]<", ">three &amp; more<"})
        CHECK(svg.find(words) != std::string::npos);
    // The borders of all fronts, then the lines of the key.
    const auto lines = marks::polylines(svg);
    REQUIRE(lines.size() == 6);
    const auto circles = marks::circles(svg);
    std::set<std::string> colours, dashes;
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK((lines[i].stroke == lines[3 + i].stroke && lines[i].dashes == lines[3 + i].dashes));
        colours.insert(lines[i].stroke);
        dashes.insert(lines[i].dashes);
        // The first front has circles, the others other marks.
        const auto marks = marks::polygons(svg);
        const auto of_colour = i == 0 ? std::count_if(circles.begin(), circles.end(), [&](const auto& c) { return c.fill == lines[i].stroke; })
                                      : std::count(marks.begin(), marks.end(), lines[i].stroke);
        CHECK(of_colour == static_cast<std::ptrdiff_t>(all[i].second.size()) + 1);
    }
    CHECK((colours.size() == 3 && dashes.size() == 3));
    CHECK(circles.size() == all[0].second.size() + 1);
    for (const auto& c : circles) CHECK(((c.x >= 90 && c.x <= 600) || c.x == 626));
    for (const auto& c : circles) CHECK((c.y >= 50 && c.y <= 520));
    CHECK(svg.find("<title>&lt;NSGA-II&gt;, trial ") != std::string::npos);
}

TEST_CASE("all fronts share the axes, and each is drawn where its values are", "[search]") {
    const auto svg = vd::overlap_svg(runs{{"a", told({{0.5, 0}, {1.0, 100}})}, {"b", told({{0.75, 50}})}}, "");
    const auto circles = marks::circles(svg);
    REQUIRE(circles.size() == 3);
    // Sorted by the first objective, the greatest accuracy first; then the key of `a`.
    CHECK((circles[0].x == 600 && circles[0].y == 50));
    CHECK((circles[1].x == 90 && circles[1].y == 520));
    // b dominates what is slower and less accurate: from more latency down to it, then to less accuracy.
    CHECK(marks::polylines(svg)[1].points == "345,50 345,285 90,285");
}

TEST_CASE("runs without a front are named, more runs than colours differ by dashes, many fit", "[search]") {
    CHECK(xml::complaint(vd::overlap_svg(runs{}, "none")) == "");
    CHECK(vd::overlap_svg(runs{}, "none").find(">no runs<") != std::string::npos);
    const auto empty = vd::overlap_svg(runs{{"nothing", told({})}, {"one", told({{0.5, 3}})}}, "");
    CHECK(xml::complaint(empty) == "");
    CHECK(empty.find(">nothing (no front)<") != std::string::npos);
    CHECK(empty.find(">one<") != std::string::npos);
    runs many;
    for (int i = 0; i < 28; ++i) many.emplace_back(std::to_string(i), told({{0.5 + 0.01 * i, 3.0 + i}}));
    const auto svg = vd::overlap_svg(many, "");
    CHECK(xml::complaint(svg) == "");
    std::set<std::pair<std::string, std::string>> kinds;
    for (const auto& line : marks::polylines(svg)) kinds.emplace(line.stroke, line.dashes);
    CHECK(kinds.size() == 28);
    for (const auto& c : marks::circles(svg)) CHECK((c.y >= 50 && c.y <= 520));
    CHECK(marks::colliding(svg) == "");
}
