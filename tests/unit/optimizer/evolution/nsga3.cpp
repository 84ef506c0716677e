#include "catch.hpp"
#include "dtlz2.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/evolution/nsga3.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>

#include <set>
#include <vector>

using namespace verdant;
using Catch::Contains;

TEST_CASE("NSGA-III keeps the laws of optimizers", "[optimizer]") {
    laws::obeys_optimizer_laws<nsga3<>>({.divisions = 9});
    laws::obeys_optimizer_laws<nsga3<two_point_crossover, step_mutation>>({.divisions = 9, .population = 12, .offspring = 12});
    laws::obeys_optimizer_laws<within<space_part<laws::law_space>, nsga3<>>>(
        {.region = space_part<laws::law_space>{}, .optimizer = {.divisions = 7}});
}

TEST_CASE("NSGA-III spreads over a front of three objectives", "[optimizer]") {
    const auto drawn = dtlz2::mean_volume<random_search>({});
    CHECK(dtlz2::mean_volume<nsga3<>>({.divisions = 6}) > drawn + 0.15);
}

TEST_CASE("The population of NSGA-III follows from the directions", "[optimizer]") {
    using engine = nsga3<>::engine<dtlz2::variables, goals<minimize<dtlz2::first>, minimize<dtlz2::second>, minimize<dtlz2::third>>>;
    engine one{{}};
    CHECK(one.directions().size() == 91);
    CHECK(one.preferred_batch() == 10); // of 92
    random_stream random{4};
    const auto points = one.ask(random, 120);
    CHECK(std::set<point<dtlz2::variables>>(points.begin(), points.end()).size() == 120);
    CHECK(one.parents().empty());
}

TEST_CASE("NSGA-III forgets a best value that was wrong", "[optimizer]") {
    using engine = nsga3<>::engine<laws::law_space, laws::law_goals>;
    const nsga3<>::options o{.divisions = 3, .population = 2, .offspring = 2};
    engine right{o}, corrected{o};
    random_stream random{3}, again{3};
    std::vector<laws::law_trial> told(2);
    told[0].point = right.ask(random, 2)[0];
    told[0].objectives = {-0.5, 0.004};
    told[1].status = trial_status::failed;
    REQUIRE(corrected.ask(again, 2)[0] == told[0].point);
    right.tell(told);
    const auto as_it_is = told[0];
    told[0].objectives = {-1e9, -1e9}; // mistyped
    corrected.tell(told);
    REQUIRE(right.ask(random, 3) == corrected.ask(again, 3)); // after a selection
    REQUIRE(corrected.save() != right.save());
    corrected.correct(as_it_is);
    CHECK(corrected.save() == right.save());
}

TEST_CASE("NSGA-III says what is wrong with its options", "[optimizer]") {
    using engine = nsga3<>::engine<laws::law_space, laws::law_goals>;
    CHECK_THROWS_WITH(engine{{.population = 1}}, Contains("nsga3") && Contains("population: expected at least 2, found 1"));
    CHECK_THROWS_WITH(engine{{.divisions = 1'000'000}}, Contains("nsga3") && Contains("at most 100000 directions"));
    CHECK_THROWS_WITH(engine{{.crossover_probability = 2}}, Contains("crossover_probability: expected a number from 0 to 1, found 2"));
    CHECK_THROWS_WITH(engine{{.mutation = {.rate = -1}}}, Contains("mutation.rate"));
}
