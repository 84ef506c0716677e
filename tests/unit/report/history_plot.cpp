#include <verdant/error.hpp>
#include <verdant/report/history_plot.hpp>
#include <verdant/report/hypervolume_plot.hpp>

#include "catch.hpp"
#include "unit/plot/svg_marks.hpp"
#include "unit/plot/xml.hpp"
#include "unit/study/studies.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace studies;

namespace {

using every = study<vd::exhaustive_search>;
using runs = std::vector<std::pair<std::string, every::result_type>>;

/// Accuracies, milliseconds, joules (at most 30 are feasible); a negative accuracy is a failure.
every::result_type told(std::initializer_list<std::array<double, 3>> trials) {
    auto session = every::ask_tell();
    for (const auto& [accuracy, ms, j] : trials) {
        const auto p = session.ask(1).front();
        if (accuracy < 0) session.tell_failure(p, "out of memory");
        else session.tell(p, {accuracy, ms * vd::milliseconds{}, j * vd::joules{}});
    }
    return session.result();
}

/// The corners of a line, back in the values of axes from the first to the second end.
std::vector<std::array<double, 2>> values(const std::string& points, std::array<double, 2> xs, std::array<double, 2> ys) {
    std::vector<std::array<double, 2>> all;
    const auto* at = points.c_str();
    while (*at != '\0') {
        char* end = nullptr;
        const auto x = std::strtod(at, &end), y = std::strtod(end + 1, &end);
        all.push_back({xs[0] + (x - 90) / 680 * (xs[1] - xs[0]), ys[0] + (520 - y) / 470 * (ys[1] - ys[0])});
        at = *end == ' ' ? end + 1 : end;
    }
    return all;
}

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

std::string note_of(const std::string& svg) {
    for (const auto& t : marks::texts(svg))
        if (t.y == 42) return t.words;
    return {};
}

} // namespace

TEST_CASE("a history shows every trial, and the best feasible one so far as steps", "[plot]") {
    const auto found = told({{0.6, 20, 40}, {0.7, 50, 1}, {-1, 0, 0}, {0.8, 80, 1}, {0.9, 10, 31}, {0.75, 30, 1}});
    const auto svg = vd::history_svg<vd::accuracy>(found, "a < b", {.y = {.low = 0.5, .high = 1}});
    REQUIRE(xml::complaint(svg) == "");
    // 6 trials: an axis from 0 to 6. Infeasible trials do not count, though 0.9 is more; nothing is found before the second one.
    const auto line = values(marks::polylines(svg)[0].points, {0, 6}, {0.5, 1});
    const std::vector<std::array<double, 2>> expected{{2, 0.7}, {3, 0.7}, {4, 0.7}, {4, 0.8}, {6, 0.8}};
    REQUIRE(line.size() == expected.size());
    for (std::size_t i = 0; i < line.size(); ++i) {
        CHECK(line[i][0] == Approx(expected[i][0]).margin(1e-3));
        CHECK(line[i][1] == Approx(expected[i][1]).margin(1e-4));
    }
    CHECK(marks::circles(svg).size() == 3 + 1);  // feasible ones, and the key
    CHECK(marks::polygons(svg).size() == 3 + 2); // two infeasible and a failed one, and the key
    for (const auto* words : {">best so far<", ">feasible<", ">breaks a constraint<", ">failed<", ">trials<", ">accuracy<"}) CHECK(svg.find(words) != std::string::npos);
    CHECK(svg.find("<title>trial 2: ") != std::string::npos);
    CHECK(svg.find("failed: out of memory</title>") != std::string::npos);
    CHECK(count(svg, "layers=") == 6);
    CHECK(count(svg, "accuracy 0.9, latency 10 ms, energy 31 J; breaks a constraint") == 1);
    CHECK(marks::colliding(svg) == "");
    const auto silent = vd::history_svg<vd::accuracy>(found, "", {.picture = {.tooltips = vd::plot::tooltips::hidden}});
    CHECK(count(silent, "<title>") == 1);
}

TEST_CASE("minimised objectives fall, logarithmic axes count what is not above 0", "[plot]") {
    const auto found = told({{0.6, 100, 1}, {0.7, 10, 1}, {0.6, 0, 1}, {0.6, 1000, 1}});
    const auto svg = vd::history_svg<vd::latency>(found, "", {.x = {.scale = vd::plot::scale::logarithmic}, .y = {.scale = vd::plot::scale::logarithmic}});
    REQUIRE(xml::complaint(svg) == "");
    CHECK(note_of(svg) == "1 trial not above 0, on a logarithmic scale, or infinite");
    const auto line = values(marks::polylines(svg)[0].points, {0, 1}, {1, 3}); // decades, from 10 to 1000
    REQUIRE(line.size() == 3);                                                  // 0 has no place
    CHECK((line[0][1] == Approx(2) && line[2][1] == Approx(1)));
}

TEST_CASE("trials far worse than the best are counted, not drawn", "[plot]") {
    const auto svg = vd::history_svg<vd::latency>(told({{0.6, 20, 1}, {0.7, 10, 1}, {0.6, 1e9, 1}}), "");
    CHECK(note_of(svg) == "1 trial beyond the picture");
    CHECK(marks::circles(svg).size() == 2 + 1);
    CHECK(note_of(vd::history_svg<vd::latency>(told({{0.6, 20, 1}, {0.7, 10, 1}, {0.6, 30, 1}}), "", {.x = {.high = 2}})) == "1 trial beyond the picture");
}

TEST_CASE("a history shows at least half of the feasible trials", "[plot]") {
    CHECK(note_of(vd::history_svg<vd::latency>(told({{0.6, 10, 1}, {0.6, 1e6, 1}, {0.6, 2e6, 1}, {0.6, 1e9, 1}, {0.6, 1e10, 1}}), "")) ==
          "2 trials beyond the picture");
    CHECK(note_of(vd::history_svg<vd::latency>(told({{0.6, 10, 1}, {0.6, 1e6, 31}, {0.6, 2e6, 31}}), "")) == "2 trials beyond the picture"); // infeasible
}

TEST_CASE("messages that are not UTF-8 make no broken history", "[plot]") {
    auto session = every::ask_tell();
    session.tell_failure(session.ask(1).front(), "no file Ger\xe4t.csv");
    const auto svg = vd::history_svg<vd::accuracy>(session.result(), "Ger\xe4t");
    CHECK(xml::complaint(svg) == "");
    CHECK(svg.find("failed: no file Ger\xef\xbf\xbdt.csv</title>") != std::string::npos);
}

TEST_CASE("a history of one result has no band, and refuses one", "[plot]") {
    const auto found = told({{0.6, 10, 1}});
    const auto refused = Catch::Contains("history, band: expected several runs, of which a band is drawn, found one result");
    CHECK_THROWS_WITH(vd::history_svg<vd::accuracy>(found, "", {.band = vd::history_band::quartiles}), refused);
    CHECK_THROWS_WITH(vd::hypervolume_svg(found, "", {.band = vd::history_band::deviation}), refused);
    CHECK(vd::history_svg<vd::accuracy>(found, "", {.band = vd::history_band::none}) == vd::history_svg<vd::accuracy>(found, ""));
    CHECK_NOTHROW(vd::history_svg<vd::accuracy>(runs{{"a", found}}, "", {.band = vd::history_band::quartiles}));
}

TEST_CASE("runs that have nothing to show are said", "[plot]") {
    const auto found = told({{0.6, 10, 1}, {0.7, 10, 1}}), none = told({}), infeasible = told({{0.6, 10, 31}});
    const auto svg = vd::history_svg<vd::accuracy>(runs{{"a", found}, {"a", none}, {"a", infeasible}, {"b", none}, {"c", infeasible}, {"d", found}}, "");
    for (const auto* words : {">a (3 runs, 1 without trials, 1 with nothing feasible)<", ">b (no trials)<", ">c (nothing feasible)<", ">d<"})
        CHECK(svg.find(words) != std::string::npos);
    CHECK(note_of(vd::history_svg<vd::accuracy>(runs{}, "")) == "no runs");
    CHECK(note_of(vd::hypervolume_svg(runs{}, "")) == "no runs");
    CHECK(vd::hypervolume_svg(none, "").find(">hypervolume (no trials)<") != std::string::npos);
}

TEST_CASE("a search with one objective has a history and a hypervolume without being told which", "[plot]") {
    using one = vd::search<net, vd::minimize<vd::latency, vd::threshold<100>>, vd::exhaustive_search>;
    auto session = one::ask_tell();
    for (const double ms : {80.0, 120.0, 30.0}) session.tell(session.ask(1).front(), {ms * vd::milliseconds{}});
    const auto found = session.result();
    const auto svg = vd::history_svg(found, "one");
    CHECK(xml::complaint(svg) == "");
    CHECK(svg == vd::history_svg<vd::latency>(found, "one"));
    const auto volume = vd::hypervolume_svg(found, "one", {.y = {.low = 0, .high = 0.1}});
    const auto line = values(marks::polylines(volume)[0].points, {0, 3}, {0, 0.1}); // seconds below the threshold
    REQUIRE(line.size() == 4);
    CHECK((line.front()[1] == Approx(0.02) && line.back()[1] == Approx(0.07)));
}

TEST_CASE("runs of one name are one line, their mean, in a band", "[plot]") {
    // Best accuracies after 1, 2, 3 trials: 0.6 0.6 0.9; 0.8 0.8 (it ends, and keeps that).
    const runs all{{"a & b", told({{0.6, 9, 1}, {0.5, 9, 1}, {0.9, 9, 1}})}, {"a & b", told({{0.8, 9, 1}, {0.7, 9, 1}})}, {"other", told({{0.65, 9, 1}})}};
    const vd::plot_range range{.low = 0, .high = 1};
    const auto svg = vd::history_svg<vd::accuracy>(all, "", {.y = range});
    REQUIRE(xml::complaint(svg) == "");
    CHECK(note_of(svg) == "mean and one standard deviation of runs");
    CHECK(svg.find(">a &amp; b (2 runs)<") != std::string::npos);
    CHECK(svg.find(">other<") != std::string::npos);
    const auto line = values(marks::polylines(svg)[0].points, {0, 3}, {0, 1});
    REQUIRE(line.size() == 4);
    CHECK((line[0][1] == Approx(0.7) && line[1][1] == Approx(0.7) && line[3][1] == Approx(0.85)));
    CHECK(line[2][0] == Approx(3));
    const auto band = [&](vd::history_band b) {
        const auto picture = vd::history_svg<vd::accuracy>(all, "", {.y = range, .band = b});
        const auto at = picture.find(" points=\"", picture.find("<polygon")) + 9;
        return values(picture.substr(at, picture.find('"', at) - at), {0, 3}, {0, 1});
    };
    const auto deviation = std::sqrt(2 * 0.1 * 0.1), last = std::sqrt(2 * 0.05 * 0.05);
    CHECK(band(vd::history_band::deviation).front()[1] == Approx(0.7 + deviation).epsilon(1e-4));
    CHECK(band(vd::history_band::deviation)[3][1] == Approx(0.85 + last).epsilon(1e-4));
    CHECK(band(vd::history_band::deviation).back()[1] == Approx(0.7 - deviation).epsilon(1e-4));
    CHECK(band(vd::history_band::extremes).front()[1] == Approx(0.8));
    CHECK(band(vd::history_band::extremes).back()[1] == Approx(0.6));
    CHECK(band(vd::history_band::quartiles).front()[1] == Approx(0.75));
    CHECK(marks::polygons(vd::history_svg<vd::accuracy>(all, "", {.band = vd::history_band::none})).size() + 1 == marks::polygons(svg).size());
    // Lines differ by colour, dashes and marks.
    const auto lines = marks::polylines(svg);
    REQUIRE(lines.size() == 3); // the line of one trial is a mark; two are of the key
    CHECK((lines[1].stroke != lines[2].stroke && lines[1].dashes != lines[2].dashes));
    CHECK(marks::colliding(svg) == "");
}

TEST_CASE("the hypervolume after each trial is that of the trials so far", "[plot]") {
    const auto found = study<vd::random_search>{measure, power}.run({.trials = 60, .seed = 3});
    const auto reference = vd::detail::plotted_reference<every::goals_type>(found.limits());
    const auto volumes = vd::detail::volumes_of(found, reference);
    REQUIRE(volumes.size() == 60);
    for (std::size_t k = 1; k <= 60; ++k) {
        const std::span so_far{found.trials().data(), k};
        REQUIRE(volumes[k - 1] == Approx(*every::result_type::hypervolume_of(so_far, found.limits())).epsilon(1e-12));
    }
    CHECK(volumes.back() == Approx(*found.hypervolume()).epsilon(1e-12));
    const auto svg = vd::hypervolume_svg(found, "volume", {.baselines = {{"unpruned", {{"accuracy", 0.7}, {"latency", 100}}}}});
    CHECK(xml::complaint(svg) == "");
    CHECK(svg.find(">hypervolume [SI units]<") != std::string::npos);
    CHECK(svg.find("<title>unpruned alone: 0.04</title>") != std::string::npos); // 0.2 above its threshold, 0.2 s below
    CHECK(marks::colliding(svg) == "");
}

TEST_CASE("hypervolumes without thresholds, or up to different ones, are refused by name", "[plot]") {
    using bare = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0.5>>, vd::minimize<vd::latency>, vd::minimize<vd::energy>, vd::random_search>;
    CHECK_THROWS_WITH(vd::hypervolume_svg(bare{measure, power}.run({.trials = 3}), ""), Catch::Contains("found none of latency, energy"));
    study<vd::random_search> wider{measure, power};
    wider.threshold<vd::latency>(400.0 * vd::milliseconds{});
    const runs differ{{"one", study<vd::random_search>{measure, power}.run({.trials = 3})}, {"two", wider.run({.trials = 3})}};
    CHECK_THROWS_WITH(vd::hypervolume_svg(differ, ""), Catch::Contains("run two: expected the thresholds of the first run"));
}

TEST_CASE("histories of nothing, of failures, and of strange values are pictures, too", "[plot]") {
    constexpr auto greatest = std::numeric_limits<double>::max(), infinity = std::numeric_limits<double>::infinity();
    const std::vector<std::vector<double>> cases{{}, {0.5}, {0.3, 0.1 + 0.2}, {-greatest, greatest, 0}, {0, 5e-324, 1e-310}, {infinity, 1}, {infinity}, {1e300, 1e-300}};
    for (const auto& ms : cases)
        for (const auto scale : {vd::plot::scale::linear, vd::plot::scale::logarithmic, vd::plot::scale::automatic}) {
            auto session = every::ask_tell();
            session.tell_failure(session.ask(1).front(), "no");
            for (const auto v : ms) session.tell(session.ask(1).front(), {0.6, v * 1e3 * vd::milliseconds{}, 1.0 * vd::joules{}});
            const auto found = session.result();
            const runs twice{{"a", found}, {"a", found}, {"b", told({})}};
            const vd::history_options options{.x = {.scale = scale}, .y = {.scale = scale}};
            for (const auto& svg : {vd::history_svg<vd::latency>(found, "s", options), vd::history_svg<vd::latency>(twice, "s", options)}) {
                CHECK(xml::complaint(svg) == "");
                CHECK(svg.size() < 30'000);
                for (const auto* wrong : {"\"nan", "\"inf", "\"-inf", ",nan", ",inf", " nan,", " inf,"}) CHECK(svg.find(wrong) == std::string::npos);
                CHECK(marks::colliding(svg) == "");
            }
        }
    CHECK(xml::complaint(vd::history_svg<vd::latency>(runs{}, "none")) == "");
    CHECK(xml::complaint(vd::hypervolume_svg(runs{}, "none")) == "");
}
