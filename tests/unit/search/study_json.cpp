#include "catch.hpp"
#include "studies.hpp"

#include <verdant/search/study_json.hpp>

#include <cmath>

using namespace studies;
using nlohmann::ordered_json;

namespace {

vd::metrics<vd::accuracy, vd::latency> odd(const point& p) {
    if (p.get<"kernel">() == 5) throw std::runtime_error{"bytes \xff\xfe, \"quotes\"\nand lines"};
    auto found = measure(p);
    if (p.get<"width">() == 2) found.set<vd::latency>(std::numeric_limits<double>::infinity() * vd::seconds{});
    return found;
}

} // namespace

TEST_CASE("a study written as JSON reads back: points, metrics, front", "[search]") {
    using every = study<vd::exhaustive_search>;
    const every s{odd, power};
    const every::options options{.trials = 50, .seed = 12};
    const auto found = s.run(options);
    const auto json = ordered_json::parse(vd::study_json(found, options).dump(1));

    REQUIRE(json["format"] == "verdant study");
    REQUIRE(json["version"] == 1);
    REQUIRE(json["run"]["seed"] == 12);
    REQUIRE(json["run"]["trials_asked"] == 50);
    REQUIRE(json["run"]["trials_made"] == 50);
    REQUIRE(json["run"]["stopped"] == "trials");
    REQUIRE(json["hypervolume_si"] == *found.hypervolume());

    REQUIRE(json["space"]["parameters"].size() == 3);
    REQUIRE(json["space"]["parameters"][2] == ordered_json::parse(R"({"name": "kernel", "values": [3, 5, 7]})"));
    REQUIRE(json["space"]["constraints"] == ordered_json::parse(R"(["width * layers <= 40"])"));
    REQUIRE(json["goals"] == ordered_json::parse(R"([
        {"goal": "maximize", "metric": "accuracy", "unit": "", "threshold": 0.5},
        {"goal": "minimize", "metric": "latency", "unit": "ms", "threshold": 300.0},
        {"goal": "subject_to", "metric": "energy", "unit": "J", "at_least": null, "at_most": 30.0}])"));

    REQUIRE(json["trials"].size() == 50);
    for (const auto& t : found.trials()) {
        const auto& one = json["trials"][static_cast<std::size_t>(t.number)];
        REQUIRE(one["trial"] == t.number);
        REQUIRE(vd::point_from_json<net>(one["point"]) == t.point);
        REQUIRE(one["status"] == (!t.completed() ? "failed" : t.feasible() ? "feasible" : "infeasible"));
        if (t.completed()) {
            REQUIRE(one["metrics"]["accuracy"] == t.get<vd::accuracy>());
            if (std::isfinite(vd::si_value(t.get<vd::latency>())))
                REQUIRE(one["metrics"]["latency"] == vd::in<vd::milliseconds>(t.get<vd::latency>()));
            else REQUIRE((one["metrics"]["latency"].is_null() && one["violation"].is_null()));
        } else {
            REQUIRE(one["message"] == "bytes \xEF\xBF\xBD\xEF\xBF\xBD, \"quotes\"\nand lines"); // the replacement character
            REQUIRE_FALSE(one.contains("metrics"));
        }
    }
    REQUIRE(json["front"].size() == found.size());
    for (std::size_t i = 0; i < found.size(); ++i) REQUIRE(json["front"][i] == found.front()[i].number);
}

TEST_CASE("a study without a hypervolume says null, and one that ran out of points says so", "[search]") {
    using open = vd::search<net, vd::maximize<vd::accuracy>, vd::track<vd::latency>, vd::exhaustive_search>;
    const open::options options{.trials = 1000};
    const auto json = vd::study_json(open{measure}.run(options), options);
    REQUIRE(json["hypervolume_si"].is_null());
    REQUIRE(json["run"]["stopped"] == "exhausted");
    REQUIRE(json["goals"][0]["threshold"].is_null());
    REQUIRE(json["goals"][1] == ordered_json::parse(R"({"goal": "track", "metric": "latency", "unit": "ms"})"));
}
