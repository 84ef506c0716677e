#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/search.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

struct chain : space<param<"a", range<0, 9>>, param<"b", range<0, 9>>, param<"c", range<0, 9>>, param<"d", range<0, 9>>> {};
struct top : metric<"top"> {};
struct evenness : metric<"evenness"> {};

using policy = regularized_evolution<>;
using engine = policy::engine<chain, goals<maximize<top>>>;
using told = trial<chain, goals<maximize<top>>>;

metrics<top> sum_of(const point<chain>& p) {
    double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i) sum += p[i];
    return sum;
}

told worth(const point<chain>& p, double value) {
    told t;
    t.point = p;
    t.values = {value};
    t.objectives = {-value};
    return t;
}

point<chain> at(std::array<std::uint32_t, 4> indices) { return point<chain>::from_indices(indices); }

std::size_t differences(const point<chain>& a, const point<chain>& b) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < a.size(); ++i) n += a[i] != b[i] ? 1 : 0;
    return n;
}

} // namespace

TEST_CASE("Regularized evolution keeps the laws of optimizers", "[optimizer]") {
    laws::obeys_optimizer_laws<policy>({});
    laws::obeys_pending_laws<policy>({});
    laws::obeys_optimizer_laws<policy>(policy::published(10, 4));
    laws::obeys_pending_laws<policy>(policy::published(10, 4));
    laws::obeys_optimizer_laws<policy>({.population = 1, .sample = 1});
    laws::obeys_pending_laws<policy>({.population = 1, .sample = 1});
    laws::obeys_optimizer_laws<policy>({.population = 12, .sample = 3, .known = known_children::bred_anew});
    laws::obeys_pending_laws<policy>({.population = 12, .sample = 3, .known = known_children::bred_anew});
    laws::obeys_optimizer_laws<regularized_evolution<reset_mutation>>({.population = 12, .sample = 3});
    laws::obeys_pending_laws<regularized_evolution<reset_mutation>>({.population = 12, .sample = 3});
    laws::obeys_optimizer_laws<within<space_part<laws::law_space>, policy>>({.region = space_part<laws::law_space>{}, .optimizer = {}});
    laws::obeys_pending_laws<within<space_part<laws::law_space>, policy>>({.region = space_part<laws::law_space>{}, .optimizer = {}});
}

TEST_CASE("A child differs from the best of the drawn members in one parameter, uniformly among parameters and other values", "[optimizer]") {
    engine one{policy::published(3, 60)}; // so many draws find the best of three
    random_stream random{5};
    const auto best = at({5, 5, 5, 5});
    one.tell(std::array{worth(at({0, 0, 0, 0}), 0), worth(best, 20), worth(at({1, 1, 1, 1}), 4)});
    std::array<std::array<int, 10>, 4> times{};
    for (const auto& p : one.ask(random, 18'000)) {
        REQUIRE(differences(p, best) == 1);
        for (std::size_t i = 0; i < 4; ++i)
            if (p[i] != 5) ++times[i][p[i]];
    }
    for (const auto& of_parameter : times)
        for (std::size_t v = 0; v < 10; ++v) {
            CAPTURE(v);
            if (v == 5) CHECK(of_parameter[v] == 0);
            else CHECK(std::abs(of_parameter[v] - 500) < 120); // five deviations
        }
}

TEST_CASE("The oldest member of a full population leaves, however good it is", "[optimizer]") {
    engine one{policy::published(3, 3)};
    const std::vector<point<chain>> line{at({9, 9, 9, 9}), at({0, 0, 0, 1}), at({0, 0, 0, 2}), at({0, 0, 0, 3})};
    for (std::size_t i = 0; i < line.size(); ++i) one.tell(std::array{worth(line[i], i == 0 ? 36.0 : 1.0)});
    CHECK(one.by_age() == std::vector(line.begin() + 1, line.end()));
    // A failed one has no place.
    auto failed = worth(at({3, 3, 3, 3}), 0);
    failed.status = trial_status::failed;
    one.tell(std::array{failed});
    CHECK(one.by_age() == std::vector(line.begin() + 1, line.end()));
    // A correction reaches members; one that turns out to have failed leaves.
    auto corrected = worth(line[2], 0);
    corrected.status = trial_status::failed;
    one.correct(corrected);
    CHECK(one.by_age() == std::vector{line[1], line[3]});
}

TEST_CASE("Known children join as published, or only where they are no worse than their parents", "[optimizer]") {
    random_stream random{3};
    const auto asked = [&](known_children known) {
        engine one{{.population = 2, .sample = 2, .initial = 1, .draws = tournament_draws::distinct, .known = known}};
        std::vector<told> all;
        // All neighbours of the best are known and worse.
        const auto best = at({4, 4, 4, 4});
        for (const auto& p : neighbours(best)) all.push_back(worth(p, 1));
        all.push_back(worth(at({9, 0, 9, 0}), 2));
        all.push_back(worth(best, 16));
        one.tell(all);
        std::set<point<chain>> known_points;
        for (const auto& t : all) known_points.insert(t.point);
        std::size_t again = 0;
        for (int i = 0; i < 50; ++i) again += known_points.contains(one.ask(random, 1).front()) ? 1 : 0;
        return again;
    };
    CHECK(asked(known_children::join) == 50);
    CHECK(asked(known_children::join_if_no_worse) == 0);
    CHECK(asked(known_children::bred_anew) == 0);
}

TEST_CASE("In a small space everything is found, and the search ends", "[optimizer]") {
    const auto study = search<laws::law_space, maximize<accuracy>, policy>{
        [](const laws::law_point& p) -> metrics<accuracy> { return static_cast<double>(p.get<"width">()); }};
    const auto result = study.run({.trials = 1000, .seed = 3});
    CHECK(result.trials().size() == *count_feasible<laws::law_space>());
}

TEST_CASE("Regularized evolution climbs, with several objectives to a front, within constraints", "[optimizer]") {
    const auto climbed = search<chain, maximize<top>, policy>{&sum_of}.run({.trials = 300, .seed = 1});
    CHECK(climbed.front().front().get<top>() >= 33);
    const auto both = [](const point<chain>& p) -> metrics<top, evenness> {
        double sum = 0, off = 0;
        for (std::size_t i = 0; i < p.size(); ++i) sum += p[i], off += p[i] * p[i];
        return {sum, off};
    };
    const auto limited = search<chain, maximize<top>, subject_to<evenness, at_most<60>>, policy>{both}.run({.trials = 400, .seed = 4});
    CHECK(limited.front().front().get<top>() == 15); // 4, 4, 4, 3: squares of 57
    const auto spread = search<chain, maximize<top>, minimize<evenness>, policy>{both}.run({.trials = 400, .seed = 4});
    double best = 0;
    for (const auto& t : spread.front()) best = std::max(best, 3 * t.get<top>() - t.get<evenness>() / 4);
    CHECK(best > 35); // at most 36, for 6, 6, 6, 6
    CHECK(spread.front().size() > 20);
}

TEST_CASE("Where single changes break a constraint for ever, groups of parameters change", "[optimizer]") {
    struct shares : space<param<"a", range<0, 20>>, param<"b", range<0, 20>>, param<"c", range<0, 20>>, where<var<"a"> + var<"b"> + var<"c"> == val<20>>> {};
    random_stream random{1};
    auto p = sample<shares>(random);
    for (int i = 0; i < 100; ++i) {
        const auto q = single_mutation{}(p, random);
        REQUIRE(q.feasible());
        REQUIRE(q != p);
        p = q;
    }
}

TEST_CASE("Regularized evolution says what is wrong with its options and with a stored state", "[optimizer]") {
    CHECK_THROWS_WITH(engine{{.population = 0}}, Contains("population: expected at least 1, found 0"));
    CHECK_THROWS_WITH((engine{{.population = 5, .sample = 6}}), Contains("sample: expected a number from 1 to 5, found 6"));
    CHECK_THROWS_WITH((engine{{.population = 5, .sample = 5, .initial = 6}}), Contains("initial: expected a number from 0 to 5, found 6"));
    CHECK_NOTHROW(engine{policy::published(5, 6)});
    engine one{{.population = 2, .sample = 1}};
    CHECK_THROWS_WITH(one.restore("1 0 0 0 0 0", {}), Contains("members that were told"));
    CHECK_THROWS_WITH(one.restore("3 0 0 0 0 0 0 0 0 0 0 0 0 0", {}), Contains("no more members than the population has"));
}
