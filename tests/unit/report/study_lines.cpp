#include "catch.hpp"
#include "kept_study.hpp"

#include <verdant/error.hpp>
#include <verdant/report/study_lines.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace {

namespace vd = verdant;
using Catch::Contains;

vd::stored_study back(const std::string& text) { return vd::study_from_lines(text, kept::description(), "t.jsonl"); }

} // namespace

TEST_CASE("trials go to lines of JSON and come back with the same numbers", "[study_lines]") {
    auto study = kept::study();
    study.trials[5].metrics[2] = std::numeric_limits<double>::infinity();
    const auto again = back(vd::study_lines(study, "kept"));
    REQUIRE(again.trials.size() == study.trials.size());
    for (std::size_t i = 0; i < study.trials.size(); ++i) {
        auto expected = study.trials[i];
        if (expected.parameters[3] == "0.30000000000000004") expected.parameters[3] = "0.3"; // as its domain has it
        CHECK(kept::same(again.trials[i], expected));
    }
}

TEST_CASE("numbers that are beyond the doubles in the unit of their goal come back from lines", "[study_lines]") {
    auto study = kept::study();
    study.trials[5].metrics[1] = 1e308; // of seconds, shown in milliseconds
    const auto text = vd::study_lines(study, "kept");
    CHECK_THAT(text, Contains(R"("latency":null,)"));
    CHECK(back(text).trials[5].metrics[1] == 1e308);
}

TEST_CASE("what does not fit in a line is named", "[study_lines]") {
    const std::string good =
        R"({"trial":0,"status":"feasible","point":{"depth":2,"act":"relu","on":false,"rate":null},"metrics_si":{"accuracy":1,"latency":2,"energy":3}})";
    const auto with = [&good](const std::string& was, const std::string& is) {
        auto text = good;
        return text.replace(text.find(was), was.size(), is);
    };
    CHECK(back(good + "\n\n").trials.size() == 1);
    CHECK_THROWS_WITH(back(with("\"depth\":2", "\"depth\":3")), Contains("line 1, point.depth: expected a value of its domain, found 3"));
    CHECK_THROWS_WITH(back(with("\"depth\":2,", "")), Contains("depth"));
    CHECK_THROWS_WITH(back(with("\"energy\":3", "\"energy\":\"much\"")), Contains("metrics_si.energy"));
    CHECK_THROWS_WITH(back(with("\"trial\":0", "\"trial\":-1")), Contains("trial: expected a whole number"));
    CHECK_THROWS_WITH(back(with("feasible", "fine")), Contains("status"));
    CHECK_THROWS_WITH(back(with("\"trial\":0", "\"trial\":0,\"colour\":1")), Contains("colour"));
    CHECK_THROWS_WITH(back(good + '\n' + good), Contains("line 2: expected a number above 0"));
    CHECK_THROWS_WITH(back(good + '\n' + with("\"trial\":0", "\"trial\":1")),
                      Contains("line 2: expected a point that no trial before has, found that of trial 0"));
    CHECK_THROWS_WITH(back(with("\"on\":false", "\"on\":true")), Contains("line 1, point.rate: expected a value, since it exists there"));
    CHECK_THROWS_WITH(back(with("\"trial\":0", R"("started":"2026-11-28T12:00:01.000000Z","ended":"2026-11-28T12:00:00.000000Z","trial":0)")),
                      Contains("line 1, ended: expected a time not before that of started"));
    // What is said twice says the same.
    const auto both = [&good](const std::string& metrics) {
        auto text = good;
        return text.insert(text.find("\"metrics_si\""), "\"metrics\":" + metrics + ',');
    };
    CHECK(back(both(R"({"accuracy":100,"latency":2000,"energy":3})")).trials[0].metrics == std::vector<double>{1, 2, 3});
    CHECK_THROWS_WITH(back(both(R"({"accuracy":100,"latency":2001,"energy":3})")),
                      Contains("line 1, metrics.latency: expected 2000, as metrics_si has it, found 2001"));
    CHECK_THROWS_WITH(back(both(R"({"accuracy":100,"latency":null,"energy":3})")), Contains("metrics.latency: expected 2000"));
    CHECK_THROWS_WITH(back(both(R"({"accuracy":100,"latency":2000,"energy":3,"area":1})")), Contains("metrics.area"));
    // One of them is enough.
    CHECK(back(with("\"metrics_si\":{\"accuracy\":1,\"latency\":2", "\"metrics\":{\"accuracy\":100,\"latency\":2000")).trials[0].metrics ==
          std::vector<double>{1, 2, 3});
    CHECK_THROWS_WITH(back(with(R"("metrics_si":{"accuracy":1,"latency":2,"energy":3})", R"("message":"none")")),
                      Contains("message: expected nothing"));
    CHECK_THROWS_WITH(back(with("\"energy\":3", "\"energy\":4")), Contains("status: expected infeasible, as the metrics say"));
    CHECK_THROWS_WITH(back(with("\"feasible\"", "\"failed\",\"message\":\"no\"")), Contains("metrics_si: expected nothing, since the trial failed"));
    CHECK_THROWS_AS(back("{"), vd::input_error);
    CHECK_THROWS_AS(back("[]"), vd::input_error);
}
