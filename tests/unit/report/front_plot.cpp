#include "catch.hpp"
#include "unit/study/studies.hpp"
#include "unit/plot/svg_marks.hpp"
#include "unit/plot/xml.hpp"

#include <verdant/report/front_plot.hpp>

#include <array>
#include <limits>
#include <string>
#include <vector>

using namespace studies;

namespace {

int count(std::string_view text, std::string_view what) {
    int n = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

} // namespace

TEST_CASE("the checker of XML of these tests knows what is wrong", "[search]") {
    REQUIRE(xml::complaint("<a b=\"1\"><c/>text &lt; more</a>\n").empty());
    for (const auto* bad : {"", "<a>", "<a></b>", "<a b=1/>", "<a>&</a>", "<a>1 < 2</a>", "<a/><b/>", "<a b=\"1\" b=\"2\"/>", "x<a/>", "<a>\x01</a>"})
        REQUIRE_FALSE(xml::complaint(bad).empty());
}

TEST_CASE("the picture of a front is well-formed and shows the front as steps", "[search]") {
    const auto found = study<vd::exhaustive_search>{measure, power}.run({.trials = 1000});
    const auto svg = vd::front_svg(found, "accuracy & latency <of> \"nets\"\n");
    REQUIRE(xml::complaint(svg) == "");
    REQUIRE(svg.find("accuracy &amp; latency &lt;of&gt; &quot;nets&quot; ") != std::string::npos);
    REQUIRE(svg.find("latency [ms]") != std::string::npos);
    REQUIRE(count(svg, "r=\"4\" fill=\"#1b7f4d\"") == static_cast<int>(found.size()) + 1); // and the legend
    const auto begin = svg.find("points=\"") + 8;
    const auto corners = svg.substr(begin, svg.find('"', begin) - begin);
    REQUIRE(count(corners, ",") == 2 * static_cast<int>(found.size()) + 1);
    // Each step changes no more than one coordinate.
    std::string x, y;
    for (std::size_t at = 0; at < corners.size();) {
        const auto comma = corners.find(',', at), end = std::min(corners.find(' ', at), corners.size());
        const auto next_x = corners.substr(at, comma - at), next_y = corners.substr(comma + 1, end - comma - 1);
        REQUIRE((at == 0 || next_x == x || next_y == y));
        x = next_x;
        y = next_y;
        at = end + 1;
    }
    REQUIRE(svg.find("nan") == std::string::npos);
    REQUIRE(svg.find("inf\"") == std::string::npos);
}

TEST_CASE("maximised objectives keep their sign in the picture, and the steps lead to the worse side", "[search]") {
    // One front point: accuracy 0.9 at 10 ms. The border goes from worse latency to it and on to worse accuracy.
    using every = study<vd::exhaustive_search>;
    auto session = every::ask_tell();
    for (const auto& [accuracy, ms] : {std::array{0.9, 10.0}, std::array{0.5, 20.0}})
        session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, 1.0 * vd::joules{}});
    const auto svg = vd::front_svg(session.result(), "one");
    REQUIRE(xml::complaint(svg) == "");
    const auto begin = svg.find("points=\"") + 8;
    double x[3]{}, y[3]{};
    REQUIRE(std::sscanf(svg.c_str() + begin, "%lf,%lf %lf,%lf %lf,%lf", &x[0], &y[0], &x[1], &y[1], &x[2], &y[2]) == 6);
    REQUIRE(x[0] == x[1]);
    REQUIRE(y[0] == 50); // top: more latency
    REQUIRE(y[1] > 50);
    REQUIRE(y[2] == y[1]);
    REQUIRE(x[2] == 90); // left: less accuracy
    REQUIRE(x[1] > 90);
}

TEST_CASE("a picture without a front, without trials, or with strange values is a picture, too", "[search]") {
    using every = study<vd::exhaustive_search>;
    auto session = every::ask_tell();
    REQUIRE(xml::complaint(vd::front_svg(session.result(), "nothing")) == "");
    session.tell_failure(session.ask(1).front(), "no");
    REQUIRE(xml::complaint(vd::front_svg(session.result(), "only a failure")) == "");
    session.tell(session.ask(1).front(), {0.5, 20.0 * vd::milliseconds{}, 1000.0 * vd::joules{}});
    session.tell(session.ask(1).front(), {0.6, std::numeric_limits<double>::infinity() * vd::seconds{}, 1.0 * vd::joules{}});
    const auto infeasible = vd::front_svg(session.result(), "only infeasible trials");
    REQUIRE(xml::complaint(infeasible) == "");
    REQUIRE(infeasible.find("<polyline") == std::string::npos);
    session.tell(session.ask(1).front(), {0.0, 0.0 * vd::milliseconds{}, 1.0 * vd::joules{}});
    REQUIRE(xml::complaint(vd::front_svg(session.result(), "zeros")) == "");
}

TEST_CASE("trials far behind the front are counted, not drawn", "[search]") {
    using every = study<vd::exhaustive_search>;
    auto session = every::ask_tell();
    for (const auto& [accuracy, ms] : {std::array{0.9, 10.0}, std::array{0.8, 5.0}, std::array{0.7, 15.0}, std::array{0.75, 5000.0}})
        session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, 1.0 * vd::joules{}});
    const auto svg = vd::front_svg(session.result(), "far");
    REQUIRE(svg.find(">1 trial beyond the picture<") != std::string::npos);
}

TEST_CASE("failed trials and infinite values are counted", "[plot]") {
    using every = study<vd::exhaustive_search>;
    auto session = every::ask_tell();
    session.tell(session.ask(1).front(), {0.9, 10.0 * vd::milliseconds{}, 1.0 * vd::joules{}});
    for (int i = 0; i < 2; ++i) session.tell_failure(session.ask(1).front(), "no file Ger\xe4t.csv");
    session.tell(session.ask(1).front(), {0.9, std::numeric_limits<double>::infinity() * vd::milliseconds{}, 1.0 * vd::joules{}});
    const auto svg = vd::front_svg(session.result(), "Ger\xe4t");
    REQUIRE(xml::complaint(svg) == "");
    CHECK(svg.find(">2 trials failed; 1 trial with an infinite value<") != std::string::npos);
}

TEST_CASE("the axes of a front show at least half of the feasible trials", "[plot]") {
    using every = study<vd::exhaustive_search>;
    auto session = every::ask_tell();
    // The front is one trial; the others lie behind it by 1, 2, ..., 29 times a thousand.
    session.tell(session.ask(1).front(), {0.9, 1.0 * vd::milliseconds{}, 1.0 * vd::joules{}});
    for (int i = 1; i < 30; ++i) session.tell(session.ask(1).front(), {0.9 - 0.01 * i, 1000.0 * i * vd::milliseconds{}, 1.0 * vd::joules{}});
    // Infeasible ones do not count.
    for (int i = 0; i < 20; ++i) session.tell(session.ask(1).front(), {0.9, 1e6 * vd::milliseconds{}, 31.0 * vd::joules{}});
    const auto found = session.result();
    REQUIRE(found.size() == 1);
    const auto svg = vd::front_svg(found, "one");
    CHECK(svg.find(">35 trials beyond the picture<") != std::string::npos); // the farther 15 of 30, and the infeasible ones
    CHECK(count(svg, "r=\"2\" fill=\"#8f9ba6\"") == 15);
    CHECK(vd::front_svg(found, "all", {.y = {.high = 1e6}}).find("beyond the picture") == std::string::npos);
    CHECK(vd::front_svg(found, "all", {.y = {.scale = vd::plot::scale::logarithmic}}).find("beyond the picture") == std::string::npos);
}

TEST_CASE("of more than two objectives the first two are drawn", "[search]") {
    using three = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::minimize<vd::energy>, vd::exhaustive_search>;
    const auto svg = vd::front_svg(three{measure, power}.run({.trials = 1000}), "three");
    REQUIRE(xml::complaint(svg) == "");
    REQUIRE(svg.find(">energy") == std::string::npos);
    REQUIRE(svg.find(">projection: 2 of 3 objectives<") != std::string::npos);
}

TEST_CASE("marks of a front say their trial under the pointer", "[plot]") {
    using every = study<vd::exhaustive_search>;
    auto session = every::ask_tell();
    session.tell(session.ask(1).front(), {0.9, 10.0 * vd::milliseconds{}, 1.0 * vd::joules{}});
    session.tell(session.ask(1).front(), {0.8, 20.0 * vd::milliseconds{}, 31.0 * vd::joules{}});
    const auto found = session.result();
    const auto svg = vd::front_svg(found, "t");
    REQUIRE(count(svg, "<title>trial 0: layers=1 width=1 kernel=3; accuracy 0.9, latency 10 ms, energy 1 J</title>") == 2); // a trial, of the front
    REQUIRE(count(svg, "<title>trial 1: layers=1 width=1 kernel=5; accuracy 0.8, latency 20 ms, energy 31 J; breaks a constraint</title>") == 1);
    REQUIRE(count(vd::front_svg(found, "t", {.picture = {.tooltips = vd::plot::tooltips::hidden}}), "<title>") == 1); // of the picture
}

TEST_CASE("axes of a front begin and end where they are asked to, and may be logarithmic", "[plot]") {
    using every = study<vd::exhaustive_search>;
    auto session = every::ask_tell();
    for (const auto& [accuracy, ms] : {std::array{0.9, 1000.0}, std::array{0.8, 10.0}, std::array{0.7, 0.0}, std::array{0.6, 1e5}})
        session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, 1.0 * vd::joules{}});
    const auto found = session.result();
    const auto svg = vd::front_svg(found, "t", {.x = {.low = 0.5, .high = 1}, .y = {.scale = vd::plot::scale::logarithmic, .label = "time"}});
    REQUIRE(xml::complaint(svg) == "");
    REQUIRE(svg.find(">1 trial not above 0, on a logarithmic scale<") != std::string::npos);
    REQUIRE(svg.find(">time<") != std::string::npos);
    REQUIRE(svg.find("cx=\"634\" cy=\"285\" r=\"4\"") != std::string::npos); // 0.9 of 0.5 to 1; 1000 of 10 to 1e5, two of four decades
    REQUIRE(vd::front_svg(found, "t", {.y = {.low = 5, .high = 20}}).find(">3 trials beyond the picture<") != std::string::npos);
    REQUIRE_THROWS_WITH(vd::front_svg(found, "t", {.y = {.low = 20, .high = 5}}), Catch::Contains("latency [ms], range: expected a lower end below the upper one"));
    REQUIRE_THROWS_WITH(vd::front_svg(found, "t", {.picture = {.height = -1}}), Catch::Contains("picture, height"));
}

TEST_CASE("the words of a front never lie over each other", "[plot]") {
    using every = study<vd::exhaustive_search>;
    auto session = every::ask_tell();
    for (int i = 0; i < 60; ++i) session.tell(session.ask(1).front(), {0.5 + 0.001 * i, (i < 3 ? 1.0 : 1e7) * vd::milliseconds{}, 1.0 * vd::joules{}});
    const auto found = session.result();
    std::vector<vd::baseline> baselines;
    for (int i = 0; i < 9; ++i) {
        for (const double width : {420.0, 800.0, 1600.0}) {
            const auto svg = vd::front_svg(found, "a title", {.baselines = baselines, .picture = {.width = width}});
            REQUIRE(xml::complaint(svg) == "");
            REQUIRE(marks::colliding(svg) == "");
        }
        baselines.push_back({std::string(static_cast<std::size_t>(1 + 7 * i), 'b'), {{"accuracy", 0.5}, {"latency", 1 + i}}});
    }
}
