#include "catch.hpp"
#include "studies.hpp"

#include <limits>

using namespace studies;

namespace {

using evolution = study<vd::nsga2<>>;
constexpr auto infinity = std::numeric_limits<double>::infinity();

evolution::goals_type::metrics_type all_metrics(const point& p) {
    const auto a = measure(p);
    return {a.get<vd::accuracy>(), a.get<vd::latency>(), power(p).get<vd::energy>()};
}

} // namespace

TEST_CASE("a loop of one's own finds what run() finds, bit for bit", "[search]") {
    const evolution::options options{.trials = 70, .seed = 4, .optimizer = {.population = 10, .duplicates = vd::duplicate_policy::allow}};
    auto session = evolution::session(options);
    while (session.trials().size() < 70)
        for (const auto& p : session.ask(std::min<std::size_t>(10, 70 - session.trials().size())))
            if (session.tell_known(p) == nullptr) session.tell(p, all_metrics(p));
    const auto found = evolution{measure, power}.run(options);
    REQUIRE(same(session.result(), found));
    REQUIRE(found.repeated() > 0);
}

TEST_CASE("a told point is known, and keeps its first trial", "[search]") {
    auto session = evolution::session();
    const auto p = session.ask(1).front();
    REQUIRE(session.find(p) == nullptr);
    REQUIRE(session.tell_known(p) == nullptr);
    const auto first = session.tell(p, all_metrics(p));
    REQUIRE(first.number == 0);
    REQUIRE(*session.find(p) == first);
    REQUIRE(session.tell(p, {0.1, 1.0 * vd::seconds{}, 1.0 * vd::joules{}}) == first);
    REQUIRE(session.tell_failure(p, "too late") == first);
    REQUIRE(*session.tell_known(p) == first);
    REQUIRE(session.repeated() == 3);
    REQUIRE(session.trials().size() == 1);
}

TEST_CASE("failures and NaN make failed trials with a message", "[search]") {
    auto session = evolution::session({.optimizer = {.population = 4}});
    const auto points = session.ask(4);
    const auto& failed = session.tell_failure(points[0], "out of memory");
    REQUIRE(failed.message == "out of memory");
    REQUIRE_FALSE(failed.completed());
    REQUIRE_FALSE(failed.feasible());
    REQUIRE(session.tell_failure(points[1], "").message == "failed");
    auto values = all_metrics(points[2]);
    values.set<vd::energy>(std::numeric_limits<double>::quiet_NaN() * vd::joules{});
    REQUIRE(session.tell(points[2], values).message == "energy is NaN");
    REQUIRE(session.result().empty());
    REQUIRE(session.tell(points[3], all_metrics(points[3])).completed());
}

TEST_CASE("an infinite objective is a measured trial that is infeasible", "[search]") {
    auto session = evolution::session({.optimizer = {.population = 4}});
    const auto points = session.ask(4);
    const auto& slow = session.tell(points[0], {0.9, infinity * vd::seconds{}, 1.0 * vd::joules{}});
    REQUIRE(slow.completed());
    REQUIRE(slow.violation == infinity);
    REQUIRE_FALSE(slow.feasible());
    REQUIRE_FALSE(session.tell(points[1], {-infinity, 1.0 * vd::seconds{}, 1.0 * vd::joules{}}).feasible());
    REQUIRE_FALSE(session.tell(points[2], {infinity, 1.0 * vd::seconds{}, 1.0 * vd::joules{}}).feasible());
    REQUIRE(session.tell(points[3], all_metrics(points[3])).completed());
    for (int generation = 0; generation < 3; ++generation)
        for (const auto& p : session.ask(4))
            if (session.tell_known(p) == nullptr) session.tell(p, {0.5, infinity * vd::seconds{}, 1.0 * vd::joules{}});
    REQUIRE(session.result().hypervolume().has_value());
}

TEST_CASE("a session may have limits of its own", "[search]") {
    auto limits = evolution::goals_type::limits();
    limits.high[0] = 1;
    auto session = evolution::session({}, limits);
    const auto p = session.ask(1).front();
    REQUIRE(session.tell(p, {0.5, 1.0 * vd::seconds{}, 2.0 * vd::joules{}}).violation == 1);
    REQUIRE(session.result().limits() == limits);
}

TEST_CASE("points that nobody asked for may be told", "[search]") {
    auto session = evolution::session({.optimizer = {.population = 5}});
    for (auto p = vd::feasible_points<net>().begin(); p != std::default_sentinel; ++p) session.tell(*p, all_metrics(*p));
    REQUIRE(session.result().front() == study<vd::exhaustive_search>{measure, power}.run({.trials = 1000}).front());
    REQUIRE(session.ask(3).size() == 3);
}
