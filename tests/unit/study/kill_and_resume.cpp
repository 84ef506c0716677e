#include <verdant/study/sqlite_storage.hpp>

#include "catch.hpp"
#include "killing.hpp"

using namespace studies;

TEST_CASE("a search killed at random moments goes on identically: NSGA-II", "[sqlite]") {
    killed_equals_uninterrupted<study<vd::nsga2<>>>({.trials = 140, .seed = 3, .failures_in_a_row = 0, .optimizer = {.population = 10}}, 10'000,
                                                    80'000);
    // With threads, whose trials are kept as they come.
    killed_equals_uninterrupted<study<vd::nsga2<>>>({.trials = 140, .seed = 4, .threads = 3, .failures_in_a_row = 0, .optimizer = {.population = 12}},
                                                    30'000, 80'000);
}

TEST_CASE("a search killed at random moments goes on identically: random search", "[sqlite]") {
    killed_equals_uninterrupted<study<vd::random_search>>({.trials = 150, .seed = 3, .failures_in_a_row = 0}, 8'000, 60'000);
    // Without rest between writes, most moments are in the middle of one.
    killed_equals_uninterrupted<study<vd::random_search>>({.trials = 150, .seed = 5, .batch = 2, .failures_in_a_row = 0}, 100, 1'500);
}
