#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/report/study_json.hpp>
#include <verdant/study/study_description.hpp>

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
    REQUIRE(json["space"]["parameters"][2] == ordered_json::parse(R"({"name": "kernel", "kind": "integer", "values": [3, 5, 7]})"));
    REQUIRE(json["space"]["constraints"] == ordered_json::parse(R"(["width * layers <= 40"])"));
    REQUIRE(json["goals"] == ordered_json::parse(R"([
        {"goal": "maximize", "metric": "accuracy", "unit": "", "factor": 1.0, "threshold": 0.5},
        {"goal": "minimize", "metric": "latency", "unit": "ms", "factor": 0.001, "threshold": 300.0},
        {"goal": "subject_to", "metric": "energy", "unit": "J", "factor": 1.0, "at_least": null, "at_most": 30.0}])"));

    REQUIRE(json["trials"].size() == 50);
    for (const auto& t : found.trials()) {
        const auto& one = json["trials"][static_cast<std::size_t>(t.number)];
        REQUIRE(one["trial"] == t.number);
        REQUIRE(vd::point_from_json<net>(one["point"]) == t.point);
        REQUIRE(one["status"] == (!t.completed() ? "failed" : t.feasible() ? "feasible" : "infeasible"));
        if (t.completed()) {
            REQUIRE(one["metrics"]["accuracy"] == t.get<vd::accuracy>());
            if (std::isfinite(vd::to_si(t.get<vd::latency>()))) REQUIRE(one["metrics"]["latency"] == vd::in<vd::milliseconds>(t.get<vd::latency>()));
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
    REQUIRE(json["goals"][1] == ordered_json::parse(R"({"goal": "track", "metric": "latency", "unit": "ms", "factor": 0.001})"));
}

TEST_CASE("a study says which options its optimizer had, in the words of kept studies", "[search]") {
    using evolved = study<vd::nsga2<>>;
    const evolved::options options{.trials = 30, .seed = 2, .optimizer = {.population = 10, .mutation = {.rate = 0.125}}};
    const auto json = ordered_json::parse(vd::study_json(evolved{measure, power}.run(options), options).dump());
    REQUIRE(json["run"]["options"] == ordered_json::parse(R"({"population": 10, "offspring": 0, "crossover_probability": 0.9, "duplicates": 2,
        "crossover": "uniform_crossover", "crossover.swap": 0.3, "mutation": "plain_mutation", "mutation.rate": 0.125,
        "selection": "binary_tournament", "survival": "rank_and_crowding"})"));

    const auto kept = vd::describe_study<net, evolved::goals_type, vd::nsga2<>>(evolved::goals_type::limits(), options.optimizer, 2, 10);
    std::vector<std::string> names;
    for (const auto& [name, value] : json["run"]["options"].items()) names.push_back(name);
    std::vector<std::string> stored;
    for (const auto& [name, value] : kept.options) stored.push_back(name);
    REQUIRE(names == stored);

    // Nothing that points depend on: nothing to say.
    using every = study<vd::exhaustive_search>;
    const every::options none{.trials = 5};
    REQUIRE_FALSE(vd::study_json(every{measure, power}.run(none), none)["run"].contains("options"));
}

TEST_CASE("options that a search was not run with are refused", "[search]") {
    using every = study<vd::exhaustive_search>;
    const every::options options{.trials = 5, .seed = 1};
    const auto found = every{measure, power}.run(options);
    REQUIRE(found.seed() == 1U);
    REQUIRE(found.trials_asked() == 5);
    auto other = options;
    other.seed = 99;
    REQUIRE_THROWS_WITH(vd::study_json(found, other), Catch::Contains("study_json, seed") && Catch::Contains("found 99"));
    other = options;
    other.trials = 3;
    REQUIRE_THROWS_WITH(vd::study_json(found, other), Catch::Contains("study_json, trials") && Catch::Contains("found 3"));
    // Nobody asked a session for a number of trials.
    auto session = every::ask_tell({.seed = 1});
    for (const auto& p : session.ask(2)) session.tell(p, {0.5, 1.0 * vd::seconds{}, 1.0 * vd::joules{}});
    REQUIRE(vd::study_json(session.result(), options)["run"]["trials_made"] == 2);
    REQUIRE_THROWS_AS(vd::study_json(session.result(), every::options{}), vd::input_error);
}

TEST_CASE("what does not exist at a point is null, and points read back", "[search]") {
    struct local : vd::space<vd::param<"local", vd::flag>, vd::when<vd::var<"local">, vd::param<"window", vd::choices<7, 9>>>> {};
    using search = vd::search<local, vd::maximize<vd::accuracy>, vd::exhaustive_search>;
    const auto found = search{[](const vd::point<local>&) { return vd::metrics<vd::accuracy>{0.5}; }}.run();
    const auto json = vd::study_json(found, search::options{});
    REQUIRE(json["trials"][0]["point"].dump() == R"({"local":false,"window":null})");
    REQUIRE(json["trials"][1]["point"].dump() == R"({"local":true,"window":7})");
    for (std::size_t i = 0; i < found.trials().size(); ++i)
        REQUIRE(vd::point_from_json<local>(json["trials"][i]["point"]) == found.trials()[i].point);
}
