#include <verdant/optimizer/bayes/bayes.hpp>

#include "catch.hpp"
#include "laws/optimizer.hpp"

TEST_CASE("It is asked while trials are pending, which it knows of by itself", "[optimizer]") {
    verdant::bayes<>::options options{.initial = 6};
    options.maximiser = {.raw_samples = 32, .starts = 1};
    options.acquisition.samples = 16;
    laws::obeys_pending_laws<verdant::bayes<>>(options, 1);
}
