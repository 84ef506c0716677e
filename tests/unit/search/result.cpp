#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <algorithm>

using namespace studies;

namespace {

using every = study<vd::exhaustive_search>;
using trial = every::trial_type;
using goals = every::goals_type;

// Trials with these accuracies and latencies (ms); energy decides whether they are feasible.
every::result_type result_of(const std::vector<std::array<double, 3>>& values, const goals::limits_type& limits = goals::limits()) {
    vd::search_session<net, goals, vd::exhaustive_search> session{0, {}, limits};
    for (const auto& v : values) session.tell(session.ask(1).front(), {v[0], v[1] * vd::milliseconds{}, v[2] * vd::joules{}});
    return session.result();
}

bool dominates(const trial& a, const trial& b) {
    return a.objectives != b.objectives && a.objectives[0] <= b.objectives[0] && a.objectives[1] <= b.objectives[1];
}

} // namespace

TEST_CASE("the front holds the feasible trials that no other one dominates, the best first objective first", "[search]") {
    const auto found = every{measure, power}.run({.trials = 1000});
    REQUIRE(found.size() > 3);
    for (const auto& t : found.trials()) {
        const bool dominated =
            std::any_of(found.trials().begin(), found.trials().end(), [&](const trial& o) { return o.feasible() && dominates(o, t); });
        const bool in_front = std::any_of(found.begin(), found.end(), [&](const trial& f) { return f.objectives == t.objectives; });
        if (t.feasible()) REQUIRE(in_front != dominated);
    }
    for (std::size_t i = 1; i < found.size(); ++i) REQUIRE(found.front()[i - 1].objectives < found.front()[i].objectives);
    for (std::size_t i = 1; i < found.size(); ++i) REQUIRE(found.front()[i - 1].get<vd::accuracy>() > found.front()[i].get<vd::accuracy>());
}

TEST_CASE("of trials with equal objectives the front keeps the first", "[search]") {
    const auto found = result_of({{0.7, 20, 1}, {0.9, 30, 1}, {0.9, 30, 2}, {0.7, 20, 0.5}, {0.6, 20, 1}});
    REQUIRE(found.size() == 2);
    REQUIRE(found.front()[0].number == 1);
    REQUIRE(found.front()[1].number == 0);
}

TEST_CASE("infeasible trials are not in the front, however good", "[search]") {
    const auto found = result_of({{0.99, 1, 31}, {0.7, 20, 30}});
    REQUIRE(found.size() == 1);
    REQUIRE(found.front()[0].number == 1);
    REQUIRE(result_of({{0.99, 1, 31}}).empty());
}

TEST_CASE("the hypervolume is measured to the thresholds, in SI units", "[search]") {
    // Rectangles to accuracy 0.5 and 300 ms: (0.9 - 0.5) * 0.2 s, and of the second what the first leaves.
    REQUIRE(*result_of({{0.9, 100, 1}}).hypervolume() == Approx(0.4 * 0.2));
    REQUIRE(*result_of({{0.9, 100, 1}, {0.7, 50, 1}}).hypervolume() == Approx(0.4 * 0.2 + 0.2 * 0.05));
    REQUIRE(*result_of({{0.9, 100, 1}, {0.4, 50, 1}, {0.8, 300, 1}, {0.95, 400, 1}}).hypervolume() == Approx(0.4 * 0.2)); // beyond: nothing
    REQUIRE(*result_of({{0.9, 100, 31}}).hypervolume() == 0);
    REQUIRE(*result_of({}).hypervolume() == 0);
    auto limits = goals::limits();
    limits.threshold = {0.8, 0.2};
    REQUIRE(*result_of({{0.9, 100, 1}}, limits).hypervolume() == Approx(0.1 * 0.1));
    REQUIRE(*every::result_type::hypervolume_of(result_of({{0.9, 100, 1}}).trials(), limits) == Approx(0.1 * 0.1));
}

TEST_CASE("there is no hypervolume where an objective has no threshold", "[search]") {
    using open = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency, vd::threshold<300>>, vd::random_search>;
    REQUIRE_FALSE(open{measure}.run({.trials = 5}).hypervolume().has_value());
}

TEST_CASE("one objective is enough, and three are not too many", "[search]") {
    using best = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::exhaustive_search>;
    const auto one = best{measure}.run({.trials = 1000});
    REQUIRE(one.size() == 1);
    for (const auto& t : one.trials()) REQUIRE(t.get<vd::accuracy>() <= one.front()[0].get<vd::accuracy>());
    REQUIRE(*one.hypervolume() == Approx(one.front()[0].get<vd::accuracy>()));

    using three = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency, vd::threshold<1>, vd::seconds>,
                             vd::minimize<vd::energy, vd::threshold<50>>, vd::nsga2<>>;
    const auto found = three{measure, power}.run({.trials = 100, .optimizer = {.population = 10}});
    REQUIRE(found.size() > 3);
    REQUIRE(*found.hypervolume() > 0);
}
