#include "catch.hpp"
#include "dtlz2.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/evolution/sms_emoa.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>

#include <vector>

using namespace verdant;
using Catch::Contains;

TEST_CASE("SMS-EMOA keeps the laws of optimizers", "[optimizer]") {
    laws::obeys_optimizer_laws<sms_emoa<>>({.population = 10});
    laws::obeys_optimizer_laws<sms_emoa<one_point_crossover, reset_mutation>>({.population = 15, .batch = 4});
    laws::obeys_optimizer_laws<within<space_part<laws::law_space>, sms_emoa<>>>(
        {.region = space_part<laws::law_space>{}, .optimizer = {.population = 10}});
}

TEST_CASE("The vector that adds least to the hypervolume leaves", "[optimizer]") {
    least_contributor leaving;
    // In units of the extent, reference (2, 2): 0.25 x 1, 0.25 x 0.5, 0.5 x 0.125, 1 x 0.375.
    std::vector<double> rows{0, 4, 1, 2, 2, 1.5, 4, 0};
    CHECK(leaving({rows, 2}, {}) == 2);
    // Of equal vectors, which add nothing, the oldest.
    rows.insert(rows.end(), {1, 2});
    CHECK(leaving({rows, 2}, {}) == 1);
    // Before the first front those leave that most vectors dominate: two of (3, 3), three of (2, 5).
    const std::vector<double> two_fronts{0, 4, 1, 2, 2, 1.5, 4, 0, 3, 3, 2, 5};
    CHECK(leaving({two_fronts, 2}, {}) == 5);
    // What breaks constraints leaves first, the worst first, of equals the oldest.
    CHECK(leaving({two_fronts, 2}, std::vector<double>{0.1, 0.2, 0, 0.2, 0, 0}) == 1);
}

TEST_CASE("SMS-EMOA spreads over a front of three objectives", "[optimizer]") {
    const auto drawn = dtlz2::mean_volume<random_search>({});
    CHECK(dtlz2::mean_volume<sms_emoa<>>({}) > drawn + 0.2);
}

TEST_CASE("SMS-EMOA never has more members than its population", "[optimizer]") {
    sms_emoa<>::engine<laws::law_space, laws::law_goals> one{{.population = 5}};
    random_stream random{2};
    for (int round = 0; round < 30; ++round) one.tell(laws::measured(one.ask(random, 3), 0));
    CHECK(one.population().size() == 5);
    CHECK(one.preferred_batch() == 1);
}

TEST_CASE("SMS-EMOA says what is wrong with its options", "[optimizer]") {
    using engine = sms_emoa<>::engine<laws::law_space, laws::law_goals>;
    CHECK_THROWS_WITH(engine{{.population = 1}}, Contains("sms_emoa") && Contains("population: expected at least 2, found 1"));
    CHECK_THROWS_WITH(engine{{.batch = 0}}, Contains("batch: expected at least 1, found 0"));
    CHECK_THROWS_WITH(engine{{.reference_offset = 0}}, Contains("reference_offset: expected a number above 0, found 0"));
}
