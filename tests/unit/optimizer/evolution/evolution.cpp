#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/search.hpp>
#include <verdant/space/enumeration.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace verdant;

namespace {

struct chain : space<param<"a", range<0, 9>>, param<"b", range<0, 9>>, param<"c", range<0, 9>>, param<"d", range<0, 9>>, param<"e", range<0, 9>>,
                     param<"f", range<0, 9>>> {};
struct worth : metric<"worth"> {};
struct need : metric<"need"> {};

template <class P>
double sum_of(const P& p) {
    double sum = 0;
    for (const auto i : p.indices()) sum += i;
    return sum;
}
/// The largest index, as a peak is a maximum: only 3^6 of 10^6 points stay below 3.
struct largest_index {
    metrics<need> operator()(const point<chain>& p) const { return {static_cast<double>(*std::max_element(p.indices().begin(), p.indices().end()))}; }
};
/// The same, which knows that no index is below 0.
struct bounded_index : largest_index {
    template <class, std::same_as<need>>
    static double least() {
        return 0;
    }
};
struct small_step {
    metrics<latency> operator()(const laws::law_point& p) const {
        return {static_cast<double>(p.get<"width">() + p.get<"heads">()) * milliseconds{}};
    }
};

template <int Limit>
using study = search<chain, maximize<worth>, subject_to<need, at_most<Limit>>, evolution<largest_index>>;

const auto measure = [](const point<chain>& p) { return metrics<worth>{sum_of(p) + (p[0] == p[5] ? 0.5 : 0.0)}; };

} // namespace

TEST_CASE("evolution is an optimizer with and without closed-form constraints", "[optimizer]") {
    laws::obeys_optimizer_laws<evolution<>>({.population = 10});
    laws::obeys_pending_laws<evolution<>>({.population = 10});
    laws::obeys_optimizer_laws<evolution<>>({.population = 4, .parent_ratio = 1, .mutation_ratio = 0});
    laws::obeys_pending_laws<evolution<>>({.population = 4, .parent_ratio = 1, .mutation_ratio = 0});
    laws::obeys_optimizer_laws<evolution<small_step>>({.population = 10, .draws = 3});
    laws::obeys_pending_laws<evolution<small_step>>({.population = 10, .draws = 3});
    laws::obeys_optimizer_laws<evolution<no_closed_form_constraints, step_mutation, one_point_crossover>>({.population = 10});
    laws::obeys_pending_laws<evolution<no_closed_form_constraints, step_mutation, one_point_crossover>>({.population = 10});
}

TEST_CASE("with closed-form constraints no point is measured that breaks the constraint, however tight", "[optimizer]") {
    const auto found = study<2>{measure, largest_index{}}.run({.trials = 300, .seed = 3, .optimizer = {.population = 20}});
    for (const auto& t : found.trials()) REQUIRE(t.violation == 0);
    // The best of the 729 that fit.
    double best = 0;
    for (const auto& t : found.trials()) best = std::max(best, t.get<worth>());
    CHECK(best == 12.5);

    // One point in a million fits: rejection alone would draw 20 million times.
    evolution<largest_index>::engine<chain, goals<maximize<worth>, subject_to<need, at_most<0>>>> engine{{.population = 20}};
    random_stream random{1};
    for (const auto& p : engine.ask(random, 20)) REQUIRE(sum_of(p) == 0);
    CHECK(engine.closed_form_evaluations() < 200'000);
}

TEST_CASE("what nothing fits is one clear error", "[optimizer]") {
    try {
        static_cast<void>(study<-1>{measure, largest_index{}}.run({.trials = 10, .optimizer = {.repair_steps = 1000}}));
        FAIL("found something");
    } catch (const infeasible_error& e) {
        CHECK(std::string{e.what()}.find("evolution found no point that meets the constraints known in advance in 1100 tries") != std::string::npos);
        CHECK(std::string{e.what()}.find("the nearest, a=") != std::string::npos);
    }
}

TEST_CASE("a limit below the least that the closed form knows is refused before anything is drawn", "[optimizer]") {
    using bounded = search<chain, maximize<worth>, subject_to<need, at_most<3>>, evolution<bounded_index>>;
    CHECK(bounded{measure, bounded_index{}}.run({.trials = 20, .seed = 1, .optimizer = {.population = 10}}).trials().size() == 20);
    bounded tight{measure, bounded_index{}};
    tight.at_most<need>(-0.5);
    CHECK_THROWS_WITH(tight.run({.trials = 10}), Catch::Contains("no point has a need of at most -0.5; the least of this space is 0"));
}

TEST_CASE("a limit that a study changes is the one that counts before points are measured", "[optimizer]") {
    study<2> changed{measure, largest_index{}};
    changed.at_most<need>(1);
    const auto found = changed.run({.trials = 64, .seed = 3, .optimizer = {.population = 10}});
    for (const auto& t : found.trials()) REQUIRE(t.get<need>() <= 1);
}

TEST_CASE("evolution needs fewer trials than random search", "[optimizer]") {
    using free = search<chain, maximize<worth>, evolution<>>;
    int wins = 0;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const auto found = free{measure}.run({.trials = 400, .seed = seed, .optimizer = {.population = 20}});
        double best = 0;
        for (const auto& t : found.trials()) best = std::max(best, t.get<worth>());
        wins += best >= 50 ? 1 : 0; // two random points in 10^4 have so much
    }
    CHECK(wins >= 4);
}

TEST_CASE("options that leave no parent are refused", "[optimizer]") {
    using engine = evolution<>::engine<laws::law_space, laws::law_goals>;
    CHECK_THROWS_AS(engine({.population = 1}), input_error);
    CHECK_THROWS_AS(engine({.population = 10, .parent_ratio = 1.5}), input_error);
    CHECK_THROWS_AS(engine({.population = 10, .mutation_ratio = -1}), input_error);
}

TEST_CASE("options that are no shares, rates or counts are refused by their names", "[optimizer]") {
    using engine = evolution<>::engine<laws::law_space, laws::law_goals>;
    using Catch::Contains;
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(engine({.parent_ratio = 1e300}), Contains("evolution, parent_ratio: expected a number from 0 to 1, found 1e+300"));
    CHECK_THROWS_WITH(engine({.parent_ratio = nan}), Contains("evolution, parent_ratio: "));
    CHECK_THROWS_WITH(engine({.mutation_ratio = nan}), Contains("evolution, mutation_ratio: "));
    CHECK_THROWS_WITH(engine({.mutation = {.rate = 7}}), Contains("evolution, mutation.rate: expected a number from 0 to 1, found 7"));
    CHECK_THROWS_WITH(engine({.crossover = {.swap = nan}}), Contains("evolution, crossover.swap: "));
    CHECK_THROWS_WITH(engine({.population = static_cast<std::size_t>(-100)}), Contains("evolution, population: "));
}
