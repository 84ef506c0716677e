#include <verdant/nn/core/timing.hpp>

#include "catch.hpp"

#include <chrono>
#include <cmath>
#include <thread>
#include <vector>

using namespace verdant;
using Catch::Contains;

TEST_CASE("disturbed times do not count", "[nn]") {
    const auto t = nn::timing_of({10, 12, 11, 9, 200, 8, 10});
    CHECK(t.count == 6);
    CHECK(t.mean == 10);
    CHECK(t.deviation == Approx(std::sqrt(2.0)));
    CHECK(t.median == 10);
    // Nothing varies, one is off.
    CHECK(nn::timing_of({5, 5, 9, 5}).count == 3);
    CHECK(nn::timing_of({5, 5, 9, 5}).deviation == 0);
    const auto two = nn::timing_of({1, 3});
    CHECK((two.count == 2 && two.mean == 2 && two.median == 2));
    CHECK(nn::timing_of({7}).deviation == 0);
    CHECK_THROWS_AS(nn::timing_of({}), input_error);
}

TEST_CASE("calls are counted as asked, and waited for", "[nn]") {
    int calls = 0, waits = 0;
    const auto t = nn::time_of([&] { ++calls; }, {.warm_up = 2, .repetitions = 4, .calls = 3}, [&] { ++waits; });
    CHECK(calls == 2 + 4 * 3);
    CHECK(waits == 1 + 4);
    CHECK((t.count >= 2 && t.count <= 4));
    CHECK(t.mean >= 0);
    // Time that passes while the process sleeps is none of the processor's.
    const auto sleep = [] { std::this_thread::sleep_for(std::chrono::milliseconds{20}); };
    CHECK(nn::time_of(sleep, {.warm_up = 0, .repetitions = 3}).median >= 20);
    CHECK(nn::time_of(sleep, {.warm_up = 0, .repetitions = 3, .clock = nn::timing_clock::processor}).median < 20);
    CHECK_THROWS_WITH(nn::time_of([] {}, {.repetitions = 0}), Contains("repetitions"));
}
