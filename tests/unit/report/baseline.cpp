#include <verdant/error.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/front_plot.hpp>
#include <verdant/report/overlap_plot.hpp>
#include <verdant/report/scatter_plot.hpp>

#include "catch.hpp"
#include "unit/plot/svg_marks.hpp"
#include "unit/plot/xml.hpp"
#include "unit/study/studies.hpp"

#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace studies;

namespace {

using every = study<vd::exhaustive_search>;

/// Accuracies, milliseconds; one joule each.
every::result_type told(std::initializer_list<std::array<double, 2>> trials) {
    auto session = every::ask_tell();
    for (const auto& [accuracy, ms] : trials) session.tell(session.ask(1).front(), {accuracy, ms * vd::milliseconds{}, 1.0 * vd::joules{}});
    return session.result();
}

std::string refusal(const vd::baseline& b) {
    try {
        static_cast<void>(vd::front_svg(told({{0.8, 10}, {0.9, 20}}), "t", {.baselines = {b}}));
    } catch (const vd::input_error& e) {
        return e.what();
    }
    return "nothing";
}

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

} // namespace

TEST_CASE("a baseline lies where its values are, in the picture and in the key, even where the search found better", "[plot]") {
    const auto found = told({{0.8, 10}, {0.9, 20}});
    const auto svg = vd::front_svg(found, "t", {.baselines = {{"un<pruned", {{"latency", 0.001}, {"accuracy", 0.95}}}}});
    CHECK(xml::complaint(svg) == "");
    CHECK(marks::polygons(svg) == std::vector<std::string>{"#e69f00", "#d98a63", "#e69f00"}); // the star, then the key
    CHECK(count(svg, ">un&lt;pruned<") == 2);                                                    // under the pointer, and in the key
    CHECK(svg.find("beyond") == std::string::npos);                                              // the axes reach to it
    CHECK(marks::colliding(svg) == "");
    for (const auto& other : {vd::overlap_svg(std::vector{std::pair{std::string{"run"}, found}}, "t", {.baselines = {{"un<pruned", {{"latency", 15}, {"accuracy", 0.95}}}}}),
                              vd::scatter_svg<vd::latency, vd::accuracy, vd::energy>(found, "t", {.baselines = {{"un<pruned", {{"latency", 15}, {"accuracy", 0.95}}}}})}) {
        CHECK(xml::complaint(other) == "");
        CHECK(count(other, ">un&lt;pruned<") == 2);
        CHECK(marks::colliding(other) == "");
    }
}

TEST_CASE("a picture says how much of the front a baseline dominates", "[plot]") {
    const auto found = told({{0.7, 5}, {0.8, 10}, {0.9, 20}}); // accuracy, ms
    const auto note = [&](double accuracy, double ms) {
        const auto svg = vd::front_svg(found, "t", {.baselines = {{"unpruned", {{"accuracy", accuracy}, {"latency", ms}}}}});
        const auto at = svg.find(">unpruned dominates ");
        return at == std::string::npos ? std::string{} : svg.substr(at + 1, svg.find('<', at) - at - 1);
    };
    CHECK(note(0.95, 8) == "unpruned dominates 2 of 3 on the front");
    CHECK(note(0.7, 4) == "unpruned dominates 1 of 3 on the front");
    CHECK(note(0.85, 15) == "");
    CHECK(note(0.6, 5) == "");
}

TEST_CASE("a baseline is made from a record of metrics or from a trial", "[plot]") {
    const auto b = vd::baseline_of("first", vd::metrics<vd::accuracy, vd::latency>{0.5, 20.0 * vd::milliseconds{}});
    CHECK(b.name == "first");
    REQUIRE(b.values.size() == 2);
    CHECK((b.values[0].first == "accuracy" && b.values[0].second == 0.5));
    CHECK((b.values[1].first == "latency" && b.values[1].second == Approx(20))); // ms, as reports show it
    const auto found = told({{0.8, 10}});
    CHECK(vd::baseline_of("trial", found.trials()[0]).values.size() == 3);
    auto session = every::ask_tell();
    session.tell_failure(session.ask(1).front(), "out of memory");
    CHECK_THROWS_WITH(vd::baseline_of("trial", session.result().trials()[0]), Catch::Contains("a failed one: out of memory"));
}

TEST_CASE("baselines that a picture cannot show are refused by name, those beyond its axes are named", "[plot]") {
    const auto infinity = std::numeric_limits<double>::infinity();
    CHECK(refusal({"unpruned", {{"accuracy", 0.9}}}) == "verdant: baseline unpruned, values: expected a value of latency, which the picture shows, found only accuracy");
    CHECK(refusal({"unpruned", {}}).find("found none") != std::string::npos);
    CHECK(refusal({"unpruned", {{"accuracy", 0.9}, {"latncy", 3}}}).find("found latncy; did you mean 'latency'?") != std::string::npos);
    CHECK(refusal({"unpruned", {{"accuracy", infinity}, {"latency", 3}}}).find("unpruned, accuracy: expected a finite number, found inf") != std::string::npos);
    CHECK(refusal({"unpruned", {{"accuracy", 1}, {"accuracy", 2}, {"latency", 3}}}).find("expected one value, found two") != std::string::npos);
    CHECK(refusal({"", {{"accuracy", 1}, {"latency", 3}}}).find("expected a name") != std::string::npos);
    CHECK(refusal({"unpruned", {{"accuracy", 0.9}, {"latency", 3}, {"energy", 7}}}) == "nothing"); // a metric of the goals that this picture does not show

    const auto found = told({{0.8, 10}, {0.9, 20}});
    const vd::baseline far{"far", {{"accuracy", 0.9}, {"latency", 500}}}, zero{"zero", {{"accuracy", 0.9}, {"latency", 0}}};
    CHECK(vd::front_svg(found, "t", {.y = {.high = 50}, .baselines = {far}}).find(">far beyond the picture<") != std::string::npos);
    CHECK(vd::front_svg(found, "t", {.y = {.scale = vd::plot::scale::logarithmic}, .baselines = {zero}}).find("zero not above 0, on a logarithmic scale<") != std::string::npos);
}
