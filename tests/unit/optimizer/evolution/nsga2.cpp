#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>

#include <cstddef>
#include <limits>
#include <set>

using nsga2 = verdant::nsga2<>;
using engine = nsga2::engine<laws::law_space, laws::law_goals>;

TEST_CASE("NSGA-II is an optimizer with each of its policies", "[optimizer]") {
    laws::obeys_optimizer_laws<nsga2>({.population = 10});
    laws::obeys_pending_laws<nsga2>({.population = 10});
    laws::obeys_optimizer_laws<nsga2>({.population = 10, .offspring = 1, .duplicates = verdant::duplicate_policy::allow});
    laws::obeys_pending_laws<nsga2>({.population = 10, .offspring = 1, .duplicates = verdant::duplicate_policy::allow});
    laws::obeys_optimizer_laws<nsga2>({.population = 11, .offspring = 7, .duplicates = verdant::duplicate_policy::avoid_current});
    laws::obeys_pending_laws<nsga2>({.population = 11, .offspring = 7, .duplicates = verdant::duplicate_policy::avoid_current});
    laws::obeys_optimizer_laws<verdant::nsga2<verdant::one_point_crossover, verdant::step_mutation, verdant::uniform_selection>>(
        {.population = 10, .crossover_probability = 0.5, .mutation = {.reach = 2}});
    laws::obeys_pending_laws<verdant::nsga2<verdant::one_point_crossover, verdant::step_mutation, verdant::uniform_selection>>(
        {.population = 10, .crossover_probability = 0.5, .mutation = {.reach = 2}});
    laws::obeys_optimizer_laws<verdant::nsga2<verdant::two_point_crossover>>({.population = 10});
    laws::obeys_pending_laws<verdant::nsga2<verdant::two_point_crossover>>({.population = 10});
}

TEST_CASE("NSGA-II asks for a generation at a time and proposes no known point while there are others", "[optimizer]") {
    REQUIRE(engine{{.population = 12}}.preferred_batch() == 2); // a tenth, rounded up
    REQUIRE(engine{{.population = 10}}.preferred_batch() == 1);
    REQUIRE(engine{{.population = 12, .offspring = 5}}.preferred_batch() == 5);
    engine e{{.population = 8, .offspring = 8}};
    verdant::random_stream random{3};
    std::set<laws::law_point> seen;
    for (int generation = 0; generation < 4; ++generation) {
        const auto points = e.ask(random, 8);
        REQUIRE(points.size() == 8);
        for (const auto& p : points) REQUIRE(seen.insert(p).second);
        e.tell(laws::measured(points, 0));
    }
    REQUIRE(e.core().generation() == 4);
}

TEST_CASE("failed points never breed, and points with an infinite violation rank last", "[optimizer]") {
    engine e{{.population = 6}};
    verdant::random_stream random{3};
    for (int generation = 0; generation < 12; ++generation) e.tell(laws::measured(e.ask(random, 6), 0));
    REQUIRE(e.core().parents().size() == 6);
    for (const auto& p : e.core().parents().genomes) {
        REQUIRE(laws::measured(p, 0).completed());
        REQUIRE(laws::measured(p, 0).feasible());
    }
}

TEST_CASE("the best of all points that were told survive", "[optimizer]") {
    engine e{{.population = 4}};
    verdant::random_stream random{3};
    double best = 0;
    for (int generation = 0; generation < 10; ++generation) {
        const auto trials = laws::measured(e.ask(random, 4), 0);
        for (const auto& t : trials)
            if (t.feasible()) best = std::min(best, t.objectives[0]);
        e.tell(trials);
        bool kept = false;
        for (std::size_t i = 0; i < e.core().parents().size(); ++i) kept = kept || e.core().parents().rows()[i][0] == best;
        REQUIRE((kept || best == 0));
    }
    REQUIRE(best < 0);
}

TEST_CASE("a population of one is refused", "[optimizer]") { REQUIRE_THROWS_AS(engine({.population = 1}), verdant::input_error); }

TEST_CASE("options that are no probabilities or counts are refused by their names", "[optimizer]") {
    using Catch::Contains;
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    REQUIRE_THROWS_WITH(engine({.crossover_probability = 7}), Contains("nsga2, crossover_probability: expected a number from 0 to 1, found 7"));
    REQUIRE_THROWS_WITH(engine({.crossover_probability = nan}), Contains("nsga2, crossover_probability: expected a number from 0 to 1, found nan"));
    REQUIRE_THROWS_WITH(engine({.crossover = {.swap = -0.5}}), Contains("nsga2, crossover.swap: expected a number from 0 to 1, found -0.5"));
    REQUIRE_THROWS_WITH(engine({.mutation = {.rate = 7}}), Contains("nsga2, mutation.rate: expected a number from 0 to 1, found 7"));
    REQUIRE_THROWS_WITH(engine({.mutation = {.rate = nan}}), Contains("nsga2, mutation.rate"));
    REQUIRE_THROWS_WITH(engine({.population = static_cast<std::size_t>(-3)}),
                        Contains("nsga2, population: expected a number from 2 to 2147483647, found 18446744073709551613 (-3 without its sign)"));
    REQUIRE_THROWS_WITH(engine({.offspring = static_cast<std::size_t>(-1)}), Contains("nsga2, offspring: "));
    REQUIRE_NOTHROW(engine({.crossover_probability = 1, .crossover = {.swap = 0}, .mutation = {.rate = 1}}));
}

TEST_CASE("steps of any length stay in their domain", "[optimizer]") {
    verdant::random_stream random{4};
    for (const std::size_t reach : {std::size_t{1}, std::size_t{100}, static_cast<std::size_t>(-1)})
        for (int i = 0; i < 200; ++i) {
            const auto p = verdant::sample<laws::law_space>(random);
            const auto q = verdant::step_mutation{.rate = 1, .reach = reach}(p, random);
            REQUIRE(q.feasible());
            REQUIRE(q != p);
        }
}
