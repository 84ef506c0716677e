#include <verdant/search/search_consumption.hpp>

#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/study/memory_storage.hpp>

#include <stdexcept>

using namespace studies;
using evolution = study<vd::nsga2<>>;

namespace {

vd::search_consumption joules(double j, const char* method = "a meter") {
    vd::search_consumption one;
    one.took = j * vd::seconds{};
    one.processors = j * vd::joules{};
    one.graphics = 2 * j * vd::joules{};
    one.memory = 4 * j * vd::joules{};
    one.emitted = j * vd::grams_co2e{};
    one.method = method;
    return one;
}

// Says that so much was consumed each time it is asked.
struct steady_meter {
    double each;
    double so_far = 0;
    vd::search_consumption consumption() { return joules(so_far += each); }
};

vd::metrics<vd::accuracy, vd::latency> broken(const point&) { throw std::runtime_error{"broken"}; }

} // namespace

TEST_CASE("consumptions of runs add up, with the methods of all", "[search]") {
    auto all = joules(1);
    REQUIRE(all.energy().value() == 7);
    all += joules(2, "another");
    all += joules(3);
    REQUIRE(all.took.value() == 6);
    REQUIRE(all.energy().value() == 42);
    REQUIRE(all.emitted.value() == Approx(0.006));
    REQUIRE(all.method == "a meter; also: another");
    REQUIRE(all.runs == 3);
    vd::search_consumption none{.runs = 0};
    none += joules(1);
    REQUIRE(none == joules(1));
}

TEST_CASE("a result says what the search consumed where an observer meters it", "[search]") {
    REQUIRE(!evolution{measure, power}.run({.trials = 20}).consumption());
    steady_meter meter{5};
    const auto found = evolution{measure, power}.run({.trials = 20}, meter);
    REQUIRE(found.consumption() == joules(5)); // asked at the end
    REQUIRE(same(found, evolution{measure, power}.run({.trials = 20})));
}

TEST_CASE("what a kept study consumed adds up over its runs", "[search]") {
    vd::memory_storage kept;
    const evolution s{measure, power};
    steady_meter first{5}, second{7};
    REQUIRE(s.run({.trials = 20}, kept, first).consumption() == joules(5));
    REQUIRE(!s.run({.trials = 30}, kept).consumption()); // this run is not metered, and does not say how much of the whole it was
    const auto found = s.run({.trials = 40}, kept, second);
    REQUIRE(found.consumption()->energy().value() == 84);
    REQUIRE(found.consumption()->runs == 2);
    REQUIRE(kept.load()->consumption == std::vector{joules(5), joules(7)});
}

TEST_CASE("a search that ends by an error has its consumption kept, but not in a study that is not its own", "[search]") {
    vd::memory_storage kept;
    steady_meter meter{5};
    REQUIRE_THROWS_AS((evolution{broken, power}.run({.trials = 60, .failures_in_a_row = 3}, kept, meter)), vd::search_error);
    REQUIRE(kept.load()->consumption == std::vector{joules(5)});
    REQUIRE_THROWS_AS((evolution{measure, power}.run({.trials = 60, .seed = 9}, kept, meter)), vd::input_error);
    REQUIRE(kept.load()->consumption.size() == 1);
}
