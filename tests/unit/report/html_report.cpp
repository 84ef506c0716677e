#include "catch.hpp"
#include "kept_study.hpp"

#include <verdant/report/detail/html_text.hpp>
#include <verdant/report/html_report.hpp>
#include <verdant/report/parameter_importance.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/text/json_text.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace {

namespace vd = verdant;
using Catch::Contains;

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

} // namespace

TEST_CASE("texts of HTML and of scripts hold no markup", "[html_report]") {
    CHECK(vd::detail::html("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
    CHECK(vd::detail::html("\xff\x01z") == "\xEF\xBF\xBD\xEF\xBF\xBDz");
    CHECK(vd::json_text("</script>\n\"\\\xff") == "\"\\u003c/script\\u003e\\u000a\\u0022\\u005c\xEF\xBF\xBD\"");
    CHECK(vd::detail::base64({'M', 'a', 'n', 'M', 'a', 'M'}) == "TWFuTWFN");
    CHECK(vd::detail::base64({'M', 'a'}) == "TWE=");
    CHECK(vd::detail::base64({'M'}) == "TQ==");
    CHECK(vd::detail::base64({}).empty());
}

TEST_CASE("importance: what decides a metric, and how sure that is", "[html_report]") {
    vd::study_columns table{.parameters = {{.name = "a", .values = {"0", "1", "2", "3"}}, {.name = "b", .values = {"0", "1", "2", "3"}}},
                            .metrics = {{.name = "m"}}};
    for (std::uint32_t i = 0; i < 64; ++i) {
        table.numbers.push_back(i);
        table.parameters[0].codes.push_back(i % 4);
        table.parameters[1].codes.push_back(i / 4 % 4);
        table.metrics[0].values.push_back(3.0 * (i % 4) + 0.5 * (i / 4 % 4));
    }
    const auto found = vd::parameter_importance(table, 0);
    CHECK(found.trials == 64);
    CHECK(found.r2 > 0.95);
    CHECK(found.shares.alone[0].mean > 0.9);
    CHECK(found.shares.alone[1].mean < 0.1);
    CHECK(found.shares.alone[1].mean > 0.001);
    // Neither shares nor R² depend on the unit, be the squares of the numbers beyond the doubles.
    for (const double unit : {std::ldexp(1.0, 1020), std::ldexp(1.0, -1040)}) {
        auto scaled = table;
        for (auto& v : scaled.metrics[0].values) v *= unit;
        const auto same = vd::parameter_importance(scaled, 0);
        CHECK(same.r2 == found.r2);
        CHECK(same.shares.alone[0].mean == found.shares.alone[0].mean);
    }
    auto penalty = table; // as evaluators say that a point is bad
    penalty.metrics[0].values[5] = penalty.metrics[0].values[9] = std::numeric_limits<double>::max();
    CHECK(vd::parameter_importance(penalty, 0).shares.trees > 0);
    table.metrics[0].values.assign(64, std::nan(""));
    CHECK(vd::parameter_importance(table, 0).shares.trees == 0);
    table.metrics[0].values.assign(64, 2.5);
    CHECK(vd::parameter_importance(table, 0).shares.trees == 0);
}

TEST_CASE("a metric that is always the same is explained by nothing, however its mean is rounded", "[html_report]") {
    vd::study_columns table;
    table.parameters.push_back({.name = "a", .values = {"0", "1", "2"}});
    table.metrics.push_back({.name = "m"});
    for (std::uint32_t i = 0; i < 21; ++i) {
        table.numbers.push_back(i);
        table.parameters[0].codes.push_back(i % 3);
        table.metrics[0].values.push_back(0.1);
    }
    const auto found = vd::parameter_importance(table, 0);
    CHECK(std::isnan(found.r2));
    CHECK(found.shares.trees == 0);
}

TEST_CASE("a report holds the numbers of its study, and nothing of it as markup", "[html_report]") {
    const auto page = vd::html_report(kept::study(), "kept", {.title = "<i>mine</i>", .facts = {{"machine", "<two> cores"}}});
    // Front: the accuracy grows with depth and rate, and so does the latency; 3.1 J and more are out of bounds, and number 3 failed.
    CHECK_THAT(page, Contains("<dt>trials</dt><dd>20</dd>") && Contains("<dt>failed</dt><dd>1</dd>") && Contains("<dt>infeasible</dt><dd>3</dd>"));
    CHECK_THAT(page, Contains("<dt>best accuracy</dt><dd>80 %</dd>") && Contains("<dt>best latency</dt><dd>2 ms</dd>"));
    CHECK_THAT(page, Contains("&lt;i&gt;mine&lt;/i&gt;") && Contains("&lt;two&gt; cores"));
    CHECK_THAT(page, Contains("<code>diverged at &lt;step&gt; 3 &amp; &quot;stopped&quot;</code>"));
    CHECK_THAT(page, Contains("data-copy=\"depth=6 act=relu on=false\""));
    CHECK_THAT(page, Contains("act == relu || depth &lt; 6"));
    CHECK_THAT(page, Contains("energy [J]</td><td class=\"n\">-</td><td class=\"n\">3</td><td class=\"n\">16</td><td class=\"n\">3</td>"));
    for (const double seconds : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()})
        CHECK_THROWS_WITH(vd::html_report(kept::study(), "kept", {.reload = seconds}), Contains("kept, reload: expected seconds, 0 or more"));
    CHECK(count(page, "</script>") == 2);
    CHECK(count(page, "<script") == 2);
    CHECK(count(page, "<b>") == 0);
    CHECK(page.find("http") == page.find("http://www.w3.org/2000/svg")); // no other address than the name of SVG
    CHECK(page == vd::html_report(kept::study(), "kept", {.title = "<i>mine</i>", .facts = {{"machine", "<two> cores"}}}));
}

TEST_CASE("numbers of a report that stay the same or count up are kept as first, step and count", "[html_report]") {
    auto study = kept::study();
    for (auto& t : study.trials) t.times.worker = 7;
    CHECK_THAT(vd::html_report(study, "kept"), Contains("\"number\":[\"u4\",[0,1,20]]") && Contains("\"lane\":[\"u2\",[7,0,20]]"));
    study.trials[19].number = 20;
    study.trials[5].times.worker = 8;
    CHECK_THAT(vd::html_report(study, "kept"), Contains("\"number\":[\"u4\",\"AAAAAAEAAAAC") && Contains("\"lane\":[\"u2\",\"BwAHAAcABwAHAAgA"));
}

TEST_CASE("studies with little in them have reports, too", "[html_report]") {
    auto study = kept::study();
    study.trials.clear();
    CHECK_THAT(vd::html_report(study, "kept"), Contains("There is no trial yet"));
    study.trials.push_back(kept::study().trials[3]);
    study.trials[0].times = {};
    CHECK_THAT(vd::html_report(study, "kept"), Contains("When trials were evaluated is not known"));
    study.description.goals.clear();
    study.description.parameters.clear();
    study.description.constraints.clear();
    study.trials[0].parameters.clear();
    CHECK_THAT(vd::html_report(study, "kept"), Contains("Not every goal has a threshold"));
    CHECK_THAT(vd::html_report(vd::stored_study{}, "nothing"), Contains("<title>study</title>"));
}

TEST_CASE("what is beyond the unit of its column stands in a report in SI units", "[html_report]") {
    auto study = kept::study();
    const auto latency = vd::columns_of_study(study, "kept").objectives[1].metric;
    for (auto& t : study.trials)
        if (t.completed) t.metrics[latency] = 1e306;
    const auto page = vd::html_report(study, "kept");
    CHECK_THAT(page, Contains("<dt>best latency</dt><dd>1e+306 SI</dd>") && Contains("<td class=\"n\">1e+306 SI</td>"));
    CHECK_THAT(page, !Contains(">inf<") && !Contains(">inf ms<"));
}

TEST_CASE("pictures of many trials draw the fronts and a part of the others", "[html_report]") {
    const auto whole = vd::html_report(kept::study(), "kept");
    const auto page = vd::html_report(kept::study(), "kept", {.most_bytes = 400});
    CHECK_THAT(page, Contains("of the 20 trials: all that are on a front"));
    CHECK(whole.find("all that are on a front") == std::string::npos);
    CHECK_THAT(page, Contains("<dt>trials</dt><dd>20</dd>"));
}
