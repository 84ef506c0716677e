#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include "catch.hpp"
#include "killing.hpp"

using namespace studies;

TEST_CASE("a search killed at random moments goes on identically: Bayesian optimisation", "[sqlite]") {
    study<vd::bayes<>>::options options{.trials = 36, .seed = 2, .failures_in_a_row = 0};
    options.optimizer.maximiser = {.raw_samples = 64, .starts = 2};
    options.optimizer.acquisition.samples = 16;
    killed_equals_uninterrupted<study<vd::bayes<>>>(options, 10'000, 30'000);
}
