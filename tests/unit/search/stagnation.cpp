#include <verdant/search/stagnation.hpp>

#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/study/memory_storage.hpp>

#include <limits>
#include <span>

using namespace studies;
using evolution = study<vd::nsga2<>>;

TEST_CASE("a search ends where its hypervolume has grown too little", "[search]") {
    const evolution s{measure, power};
    const auto whole = s.run({.trials = 300, .seed = 3, .optimizer = {.population = 12, .offspring = 1}});
    // The trial at which it should end, by the definition.
    std::size_t expected = 0;
    std::vector<double> after;
    for (std::size_t n = 1; n <= whole.trials().size() && expected == 0; ++n) {
        after.push_back(*evolution::result_type::hypervolume_of(std::span{whole.trials()}.first(n), whole.limits()));
        if (n > 40 && after[n - 41] > 0 && after[n - 1] - after[n - 41] < 0.01 * after[n - 41]) expected = n;
    }
    REQUIRE(expected > 41);
    vd::stagnation<evolution> enough{{.gain = 0.01, .trials = 40}};
    const auto found = s.run({.trials = 300, .seed = 3, .optimizer = {.population = 12, .offspring = 1}}, enough);
    REQUIRE(found.reason() == vd::stop_reason::requested);
    REQUIRE(found.trials().size() == expected); // behind the first population, each question is one trial
    REQUIRE(s.run({.trials = 300, .seed = 3, .threads = 3, .optimizer = {.population = 12, .offspring = 1}}, enough).trials().size() == expected);
}

TEST_CASE("a resumed search ends at the same trial as one that was not interrupted", "[search]") {
    const evolution s{measure, power};
    const evolution::options options{.trials = 300, .seed = 3, .optimizer = {.population = 12, .offspring = 1}};
    vd::stagnation<evolution> enough{{.gain = 0.01, .trials = 40}};
    const auto whole = s.run(options, enough);
    vd::memory_storage kept;
    auto first = options;
    first.trials = 30;
    static_cast<void>(s.run(first, kept, enough));
    REQUIRE(same(s.run(options, kept, enough), whole));
}

TEST_CASE("nothing feasible is no stagnation", "[search]") {
    evolution s{measure, power};
    s.threshold<vd::latency>(1e-9 * vd::seconds{});
    vd::stagnation<evolution> enough{{.gain = 0.5, .trials = 1}, s.limits()};
    REQUIRE(s.run({.trials = 60}, enough).reason() == vd::stop_reason::trials);
}

TEST_CASE("a stagnation that ends no search or every one is refused", "[search]") {
    using observer = vd::stagnation<evolution>;
    REQUIRE_THROWS_AS(observer({.gain = 0}), vd::input_error);
    REQUIRE_THROWS_AS(observer({.gain = -1}), vd::input_error);
    REQUIRE_THROWS_AS(observer({.gain = std::numeric_limits<double>::quiet_NaN()}), vd::input_error);
    REQUIRE_THROWS_AS(observer({.trials = 0}), vd::input_error);
    using open = vd::search<net, vd::minimize<vd::latency>, vd::random_search>;
    REQUIRE_THROWS_WITH(vd::stagnation<open>{}, Catch::Contains("a threshold of each objective"));
}
