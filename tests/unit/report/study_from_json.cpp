#include <verdant/report/study_from_json.hpp>

#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/report/consumption_text.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/study/study_result.hpp>

#include <cstdint>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace studies;
using Catch::Contains;
using nlohmann::ordered_json;

namespace {

using every = study<vd::nsga2<>>;

vd::metrics<vd::accuracy, vd::latency> odd(const point& p) {
    if (p.get<"kernel">() == 5) throw std::runtime_error{"no luck"};
    auto found = measure(p);
    if (p.get<"width">() == 2) found.set<vd::latency>(std::numeric_limits<double>::infinity() * vd::seconds{});
    return found;
}

struct deep
    : vd::space<vd::param<"local", vd::choices<false, true>>, vd::when<vd::var<"local"> == vd::val<true>, vd::param<"window", vd::range<3, 9>>>,
                vd::param<"rate", vd::choices<0.1, 0.3, 1.0>>, vd::param<"act", vd::choices<"relu", "a, b">>> {};
using conditional = vd::search<deep, vd::maximize<vd::accuracy>, vd::track<vd::latency>, vd::exhaustive_search>;

template <class Domain>
struct one_rate : vd::space<vd::param<"rate", Domain>> {};

// Whether all trials come back of a study whose only parameter has this domain.
template <class Domain>
bool comes_back() {
    using rated = vd::search<one_rate<Domain>, vd::maximize<vd::accuracy>, vd::exhaustive_search>;
    const typename rated::options all{.trials = 100};
    const auto found =
        rated{[](const vd::point<one_rate<Domain>>& p) { return vd::metrics<vd::accuracy>{static_cast<double>(p.template get<"rate">())}; }}.run(all);
    const auto study = vd::study_from_json(vd::study_json(found, all).dump(), "x.json");
    return vd::study_result<rated>(study, "x.json").trials() == found.trials();
}

} // namespace

TEST_CASE("values of more than twelve digits come back from JSON", "[search]") {
    CHECK(comes_back<vd::uniform<0.0, 1.0, 11>>());
    CHECK(comes_back<vd::uniform<0.0, 1.0, 4>>());
    CHECK(comes_back<vd::uniform<-7.0, 3.0, 38>>());
    CHECK(comes_back<vd::log_range<1e-5, 1e-1, 9>>());
    CHECK(comes_back<vd::log_range<1e-5, 1e-1, 41>>());
    CHECK(comes_back<vd::uniform<0.0f, 1.0f, 4>>());
    CHECK(comes_back<vd::range<0.0f, 1.0f, 0.1f>>());
    CHECK(comes_back<vd::log_range<1e-3f, 1.0f, 7>>());
    CHECK(comes_back<vd::choices<0.3333333333333333, 0.6666666666666666>>());
    CHECK(comes_back<vd::choices<1.0, 1.0000000000001>>());
}

TEST_CASE("a study in JSON comes back exactly, with its type and without", "[search]") {
    const every::options options{.trials = 60, .seed = 5, .optimizer = {.population = 8}};
    const vd::start_points given{feasible(20), feasible(90)};
    const auto found = every{odd, power}.run(options, given);
    const auto text = vd::study_json(found, options).dump(1);
    const auto study = vd::study_from_json(text, "study.json");
    REQUIRE(study.description.optimizer == "nsga2");
    REQUIRE(study.description.library.starts_with("verdant 0."));
    REQUIRE((study.description.seed == 5 && study.trials.size() == 60 && study.trials[1].origin == vd::trial_origin::start_point));
    REQUIRE(study.description.metrics == std::vector<std::string>{"accuracy", "latency", "energy"});
    const auto same_goals = vd::describe_study<net, every::goals_type, vd::nsga2<>>(every::goals_type::limits(), options.optimizer, 5, 0);
    REQUIRE(vd::study_differences(study.description, same_goals).empty());
    const auto back = vd::study_result<every>(study, "study.json");
    REQUIRE(back.trials() == found.trials());
    REQUIRE(back.front() == found.front());
    REQUIRE(back.hypervolume() == found.hypervolume());
    for (std::size_t i = 0; i < 60; ++i) {
        REQUIRE(back.trials()[i].times.started == found.trials()[i].times.started);
        REQUIRE(back.trials()[i].times.ended == found.trials()[i].times.ended);
    }
    REQUIRE_THROWS_WITH(vd::study_result<conditional>(study, "study.json"), Contains("study.json") && Contains("parameter layers"));

    const conditional::options all{.trials = 1000};
    const auto points = conditional{[](const vd::point<deep>& p) {
                            return vd::metrics<vd::accuracy, vd::latency>{p.get<"rate">(), 0.1 * vd::milliseconds{}};
                        }}.run(all);
    const auto again = vd::study_from_json(vd::study_json(points, all).dump(), "s");
    REQUIRE(again.description.parameters[1].condition == "local == true");
    REQUIRE(again.trials[0].parameters[1].empty());
    REQUIRE(vd::study_result<conditional>(again, "s").trials() == points.trials());
}

TEST_CASE("a study in JSON is refused by the place of what is wrong", "[search]") {
    const every::options options{.trials = 8, .seed = 5, .optimizer = {.population = 8}};
    const auto good = vd::study_json(every{measure, power}.run(options), options);
    const auto refusal = [&](const std::string& patch) {
        try {
            static_cast<void>(vd::study_from_json(good.patch(ordered_json::parse(patch)).dump(), "s.json"));
        } catch (const vd::input_error& e) { return std::string{e.what()}; }
        return std::string{"accepted"};
    };
    REQUIRE(refusal("[]") == "accepted");
    REQUIRE(refusal(R"([{"op": "add", "path": "/run/model", "value": "a program's own"}])") == "accepted");
    const bool feasible = good["trials"][3]["status"] == "feasible";
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"([{"op": "add", "path": "/extra", "value": 1}])", "'extra'"},
        {R"([{"op": "remove", "path": "/goals"}])", "goals: expected a member, found none"},
        {R"([{"op": "replace", "path": "/version", "value": 2}])", "version: expected 1, found 2"},
        {R"([{"op": "replace", "path": "/trials/3/trial", "value": 4}])", "trials[4].trial: expected a number that no trial before has, found 4"},
        {R"([{"op": "add", "path": "/trials/3/message", "value": "hot"}])", "trials[3].message: expected nothing, since the trial did not fail"},
        {R"([{"op": "replace", "path": "/trials/3/violation", "value": 12345}])", "trials[3].violation: expected "},
        {R"([{"op": "replace", "path": "/trials/3/violation", "value": -1}])", "trials[3].violation: expected "},
        {R"([{"op": "replace", "path": "/trials/3/point/kernel", "value": 4}])", "trials[3].point.kernel: expected one of 3, 5, 7, found 4"},
        {R"([{"op": "replace", "path": "/trials/3/point/kernel", "value": "3"}])",
         "trials[3].point.kernel: expected a value of the kind integer, found \"3\""},
        {R"([{"op": "replace", "path": "/trials/3/point/kernel", "value": null}])",
         "trials[3].point.kernel: expected a value of the kind integer, found null"},
        {R"([{"op": "copy", "from": "/trials/2/point", "path": "/trials/3/point"}])", "trials[3].point: expected a point that no trial before has"},
        {R"([{"op": "replace", "path": "/trials/3/metrics/accuracy", "value": null}])", "trials[3].metrics.accuracy: expected a number, found null"},
        {R"([{"op": "add", "path": "/trials/3/metrics/acuracy", "value": 1}])", "acuracy"},
        {R"([{"op": "add", "path": "/trials/3/metrics_si", "value": {"latency": 7}}])",
         "trials[3].metrics_si.latency: expected what metrics says, in SI units"},
        {R"([{"op": "replace", "path": "/trials/3/started", "value": "yesterday"}])", "trials[3].started: expected a time like"},
        {R"([{"op": "replace", "path": "/trials/3/seconds", "value": 77}])", "trials[3].seconds: expected the seconds from started to ended"},
        {R"([{"op": "add", "path": "/front/0", "value": 99}])", "front: expected the number of a feasible trial"},
        {R"([{"op": "replace", "path": "/trials/3/status", "value": ")" + std::string{feasible ? "infeasible" : "feasible"} + R"("}])",
         "trials[3].status: expected "},
        {R"([{"op": "replace", "path": "/trials/3/violation", "value": )" + std::string{feasible ? "2" : "0"} + "}]",
         "trials[3].violation: expected "},
        {R"([{"op": "replace", "path": "/goals/1/factor", "value": 0}])", "goals[1].factor: expected a number above 0"},
        {R"([{"op": "replace", "path": "/goals/1/goal", "value": "minimise"}])", "goals[1].goal: expected maximize, minimize, subject_to or track"},
        {R"([{"op": "replace", "path": "/run/seed", "value": -1}])", "run.seed: expected a whole number of 0 or more, found -1"},
    };
    for (const auto& [patch, message] : cases) {
        CAPTURE(patch);
        REQUIRE_THAT(refusal(patch), Contains(message));
    }
}

TEST_CASE("what a study in JSON says of its front, its volume and its trials agrees with these", "[search]") {
    const every::options options{.trials = 40, .seed = 5, .optimizer = {.population = 8}};
    const auto good = vd::study_json(every{measure, power}.run(options), options);
    const auto refusal = [](const ordered_json& study) {
        try {
            static_cast<void>(vd::study_from_json(study.dump(), "s.json"));
        } catch (const vd::input_error& e) { return std::string{e.what()}; }
        return std::string{"accepted"};
    };
    REQUIRE(refusal(good) == "accepted");
    const std::set<std::uint64_t> front(good["front"].begin(), good["front"].end());
    REQUIRE(front.size() > 1);
    for (const auto& t : good["trials"]) {
        auto more = good;
        more["front"].push_back(t["trial"]);
        if (t["status"] == "feasible" && !front.contains(t["trial"].get<std::uint64_t>()))
            CHECK_THAT(refusal(more), Contains("front: expected trials that no other dominates, found trial " + t["trial"].dump()) ||
                                          Contains("front: expected one trial of those that are equal in all objectives, found trials "));
    }
    auto less = good;
    less["front"].erase(0);
    CHECK_THAT(refusal(less), Contains("front: expected all trials that no other dominates, found none like trial "));
    const auto with = [&](const std::string& pointer, const ordered_json& value) {
        auto changed = good;
        changed[ordered_json::json_pointer{pointer}] = value;
        return refusal(changed);
    };
    const auto volume = good["hypervolume_si"].get<double>();
    REQUIRE(volume > 0);
    CHECK(with("/hypervolume_si", volume * (1 + 1e-13)) == "accepted");
    CHECK_THAT(with("/hypervolume_si", volume * 1.5), Contains("hypervolume_si: expected ") && Contains("as thresholds and metrics say"));
    CHECK_THAT(with("/hypervolume_si", nullptr), Contains("hypervolume_si: expected "));
    CHECK_THAT(with("/hypervolume_si", "much"), Contains("hypervolume_si: expected a number"));
    CHECK_THAT(with("/run/trials_made", 41), Contains("run.trials_made: expected 40, as many as there are trials, found 41"));
    CHECK_THAT(with("/goals/1", good["goals"][0]), Contains("goal maximize accuracy: expected a metric that no objective before has"));
    CHECK_THAT(with("/goals/2/at_least", 31), Contains("goal subject_to energy: expected a lower bound, and an upper one that is not below it"));
    auto late = good;
    late["trials"][3]["started"] = "2026-11-28T12:00:01.000000Z";
    late["trials"][3]["ended"] = "2026-11-28T12:00:00.000000Z";
    late["trials"][3]["seconds"] = -1;
    CHECK_THAT(refusal(late), Contains("trials[3].ended: expected a time not before that of started"));
}

TEST_CASE("the volume of a front of many objectives agrees with the front, too", "[search]") {
    const auto refusal = [](const ordered_json& study) {
        try {
            static_cast<void>(vd::study_from_json(study.dump(), "s.json"));
        } catch (const vd::input_error& e) { return std::string{e.what()}; }
        return std::string{"accepted"};
    };
    const auto both = [](const point& p) {
        const auto size = size_of(p), kernel = static_cast<double>(p.get<"kernel">());
        return vd::metrics<vd::accuracy, vd::latency, vd::energy, vd::tops>{
            1 - 1 / (size + kernel), (100 - size) * vd::milliseconds{}, kernel * size * vd::joules{}, 1.0 / static_cast<double>(p.get<"layers">())};
    };
    using three = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0.5>>, vd::minimize<vd::latency, vd::threshold<300>>,
                             vd::minimize<vd::energy, vd::threshold<200>>, vd::track<vd::tops>, vd::nsga2<>>;
    using four = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0.5>>, vd::minimize<vd::latency, vd::threshold<300>>,
                            vd::minimize<vd::energy, vd::threshold<200>>, vd::maximize<vd::tops, vd::threshold<0.1>>, vd::nsga2<>>;
    const auto check = [&]<class Search>(Search search) {
        const typename Search::options options{.trials = 40, .seed = 5, .optimizer = {.population = 8}};
        auto study = vd::study_json(search.run(options), options);
        const auto volume = study["hypervolume_si"].template get<double>();
        REQUIRE((volume > 0 && study["front"].size() > 2));
        CHECK(refusal(study) == "accepted");
        for (const auto& [said, message] :
             {std::pair{ordered_json(volume * (1 + 1e-13)), "accepted"}, std::pair{ordered_json(volume * 1.5), "as thresholds and metrics say"},
              std::pair{ordered_json(0.0), "as thresholds and metrics say"}, std::pair{ordered_json(nullptr), "as thresholds and metrics say"}}) {
            study["hypervolume_si"] = said;
            CHECK_THAT(refusal(study), Contains(message));
        }
    };
    check(three{both});
    check(four{both});
}

TEST_CASE("options that are infinite come back from JSON as storages keep them", "[search]") {
    const every::options options{.trials = 4, .seed = 5, .optimizer = {.population = 4}};
    auto study = vd::study_json(every{measure, power}.run(options), options);
    const vd::detail::options_json write{study["run"]["options"]};
    write.value("most", std::numeric_limits<double>::infinity());
    write.value("least", -std::numeric_limits<double>::infinity());
    const auto read = vd::study_from_json(study.dump(), "s.json").description.options;
    const auto of = [&](std::string_view name) {
        for (const auto& o : read)
            if (o[0] == name) return o[1];
        return std::string{"none"};
    };
    CHECK(of("most") == vd::detail::stored_number_text(std::numeric_limits<double>::infinity()));
    CHECK(of("least") == vd::detail::stored_number_text(-std::numeric_limits<double>::infinity()));
}

TEST_CASE("values in JSON that their unit has no place for come back exactly", "[search]") {
    const every::options options{.trials = 4, .seed = 5, .optimizer = {.population = 4}};
    const std::vector<double> odd_ones{1e306, -1e306, 5e-324, 1e-310};
    std::size_t next = 0;
    const auto found = every{[&](const point& p) {
                                 auto measured = measure(p);
                                 measured.set<vd::latency>(odd_ones[next++ % 4] * vd::seconds{});
                                 return measured;
                             },
                             power}
                           .run(options);
    const auto json = vd::study_json(found, options);
    const auto study = vd::study_from_json(json.dump(), "s.json");
    for (std::size_t i = 0; i < 4; ++i) CHECK(study.trials[i].metrics[1] == odd_ones[i]);
    // A unit that is large as none of ours is: the values are 0 in it.
    auto large = json;
    const auto unit = json["goals"][1]["factor"].get<double>();
    large["goals"][1]["factor"] = unit * 1e30;
    for (auto& t : large["trials"]) {
        t["metrics_si"]["latency"] = 1e-297;
        t["metrics"]["latency"] = 0;
    }
    large.erase("hypervolume_si");
    const ordered_json* best = nullptr; // of equal latencies
    for (const auto& t : large["trials"])
        if (t["status"] == "feasible" && (best == nullptr || t["metrics"]["accuracy"] > (*best)["metrics"]["accuracy"])) best = &t;
    large["front"] = ordered_json::array();
    if (best != nullptr) large["front"].push_back((*best)["trial"]);
    CHECK(vd::study_from_json(large.dump(), "s.json").trials[1].metrics[1] == 1e-297);
    const auto refused = [&large](const char* member, const ordered_json& value, const char* said) {
        auto wrong = large;
        auto& t = wrong["trials"][1];
        if (std::string_view{member} == "metrics") t.erase("metrics_si");
        t[member]["latency"] = value;
        CHECK_THROWS_WITH(vd::study_from_json(wrong.dump(), "s.json"), Contains(said));
    };
    refused("metrics", 1e300, "trials[1].metrics.latency: expected a number that SI units have, too, found 1e+300");
    refused("metrics", nullptr, "trials[1].metrics.latency: expected a number, found null");
    refused("metrics_si", 1e-3, "trials[1].metrics_si.latency: expected what metrics says, in SI units, found 0.001");
    auto without = large;
    without["trials"][1]["metrics"]["latency"] = nullptr;
    CHECK_THROWS_WITH(vd::study_from_json(without.dump(), "s.json"), Contains("expected what metrics says"));
    without["goals"][1]["threshold"] = 1e300;
    CHECK_THROWS_WITH(vd::study_from_json(without.dump(), "s.json"), Contains("goals[1].threshold: expected a number that SI units have, too"));
}

TEST_CASE("what a search consumed is in its JSON and comes back", "[search]") {
    const every::options options{.trials = 20, .seed = 5, .optimizer = {.population = 8}};
    auto found = every{measure, power}.run(options);
    REQUIRE(!vd::study_json(found, options).contains("consumption"));
    vd::search_consumption used{
        .took = 90.0 * vd::seconds{}, .processors = 0.1 * vd::joules{}, .graphics = 7.0 * vd::kilowatt_hours{}, .memory = 3.0 * vd::kilowatt_hours{}};
    used.emitted = 0.7 * vd::grams_co2e{};
    used.method = "processors: RAPL";
    used.runs = 2;
    found.set_consumption(used);
    auto json = vd::study_json(found, options);
    const auto study = vd::study_from_json(json.dump(), "study.json");
    REQUIRE(study.consumption == std::vector{used});
    REQUIRE(vd::study_result<every>(study, "study.json").consumption() == used);
    REQUIRE(vd::consumption_text(used) == "10 kWh in 1 min 30 s (processors 2.78e-08, graphics 7, memory 3), 0.7 g CO2e in 2 runs; processors: RAPL");

    // With the shares of workers.
    used.workers.add(
        {.worker = "host 17", .processors = 0.05 * vd::joules{}, .memory = 1.0 * vd::kilowatt_hours{}, .emitted = 0.1 * vd::grams_co2e{}});
    used.workers.add({.worker = "host 18", .processors = 0.02 * vd::joules{}});
    found.set_consumption(used);
    json = vd::study_json(found, options);
    REQUIRE(vd::study_from_json(json.dump(), "study.json").consumption == std::vector{used});
    REQUIRE_THAT(vd::consumption_text(used), Contains("0.7 g CO2e, of it 1 kWh by workers (host 17: 1, host 18: 5.56e-09) in 2 runs; "));
    auto unnamed = json;
    unnamed["consumption"]["workers"][1].erase("worker");
    REQUIRE_THROWS_WITH(vd::study_from_json(unnamed.dump(), "study.json"), Contains("consumption.workers[1].worker"));
    auto twice = json;
    twice["consumption"]["workers"][1]["worker"] = "host 17";
    REQUIRE_THROWS_WITH(vd::study_from_json(twice.dump(), "study.json"), Contains("consumption.workers[1].worker: expected each worker once"));
    for (const char* const name : {"", "host; 17"}) { // which storages could not tell from the method
        auto nameless = json;
        nameless["consumption"]["workers"][1]["worker"] = name;
        REQUIRE_THROWS_WITH(vd::study_from_json(nameless.dump(), "study.json"), Contains("consumption.workers[1].worker: expected a name without"));
    }
    // Shares are parts: what is more than the whole is refused, but not what rounding makes of the whole itself.
    for (const char* const name : {"processors", "graphics", "memory"}) {
        auto parts = json;
        auto& of_first = parts["consumption"]["workers"][0]["joules"][name];
        of_first = parts["consumption"]["joules"][name].get<double>() - parts["consumption"]["workers"][1]["joules"][name].get<double>();
        REQUIRE_NOTHROW(vd::study_from_json(parts.dump(), "study.json"));
        of_first = of_first.get<double>() + 1e-6 * parts["consumption"]["joules"][name].get<double>();
        REQUIRE_THROWS_WITH(vd::study_from_json(parts.dump(), "study.json"),
                            Contains(std::string{"consumption.joules."} + name + ": expected at least the ") && Contains("of its workers"));
    }
    auto emitted = json;
    emitted["consumption"]["workers"][1]["kg_co2e"] = 1;
    REQUIRE_THROWS_WITH(vd::study_from_json(emitted.dump(), "study.json"), Contains("consumption.kg_co2e: expected at least the 1.0001"));

    const auto refused = [&json](const char* name, const ordered_json& value) {
        auto wrong = json;
        wrong["consumption"][name] = value;
        REQUIRE_THROWS_WITH(vd::study_from_json(wrong.dump(), "study.json"), Contains(std::string{"consumption."} + name));
    };
    refused("seconds", -1);
    refused("kg_co2e", "much");
    refused("joules", ordered_json{{"processors", 1}, {"graphics", 1}});
    refused("runs", 1.5);
    refused("runs", 0);
    refused("method", 3);
    refused("other", 3);
    refused("workers", 3);
}

TEST_CASE("a study in JSON whose trials were told as they were completed comes back in that order", "[study_from_json]") {
    const every::options options{.seed = 3, .order = vd::tell_order::as_completed};
    auto session = every::ask_tell(options);
    const auto points = session.ask(4);
    for (const std::size_t i : {std::size_t{2}, std::size_t{0}, std::size_t{3}}) {
        const auto m = measure(points[i]);
        session.tell(points[i], {m.get<vd::accuracy>(), m.get<vd::latency>(), power(points[i]).get<vd::energy>()}); // the second is pending
    }
    const auto found = session.result();
    const auto back = vd::study_from_json(vd::study_json(found, options).dump(), "study.json");
    CHECK(back.description.order == "as_completed");
    const auto again = vd::study_result<every>(back, "study.json");
    REQUIRE(again.trials().size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(again.trials()[i].point == found.trials()[i].point);
        CHECK(again.trials()[i].number == found.trials()[i].number);
    }
}
