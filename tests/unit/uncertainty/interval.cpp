#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/uncertainty/interval.hpp>
#include <verdant/units.hpp>

#include <limits>
#include <type_traits>

namespace vd = verdant;
namespace un = verdant::uncertainty;
using Catch::Contains;

TEST_CASE("interval arithmetic holds every result, and its bounds are results", "[uncertainty]") {
    vd::random_stream random{3};
    for (int round = 0; round < 200; ++round) {
        const auto any = [&] {
            const double a = random.uniform(-2, 2), b = random.uniform(-2, 2);
            return un::interval<double>{a < b ? a : b, a < b ? b : a};
        };
        const auto a = any(), b = any();
        const auto sum = a + b, difference = a - b, product = a * b;
        for (int i = 0; i < 50; ++i) {
            const double x = random.uniform(a.low(), a.high()), y = random.uniform(b.low(), b.high());
            REQUIRE(sum.holds(x + y));
            REQUIRE(difference.holds(x - y));
            REQUIRE(product.holds(x * y));
            if (!b.holds(0)) REQUIRE((a / b).holds(x / y));
        }
    }
    CHECK(un::interval{-1.0, 2.0} * un::interval{3.0, 4.0} == un::interval{-4.0, 8.0});
    CHECK(un::interval{1.0, 2.0} / un::interval{-4.0, -2.0} == un::interval{-1.0, -0.25});
    CHECK(-un::interval{1.0, 2.0} == un::interval{-2.0, -1.0});
    CHECK(un::interval{1.0, 3.0} + 1.0 == un::interval{2.0, 4.0});
    CHECK(un::interval{1.0, 3.0} * 2.0 == un::interval{2.0, 6.0});
    CHECK(un::interval{1.0, 3.0}.middle() == 2);
    CHECK(un::interval{1.0, 3.0}.width() == 2);
}

TEST_CASE("intervals have units", "[uncertainty]") {
    // CarbonSet's span of a fab's grid
    const un::interval grid{480.8 * vd::grams_per_kilowatt_hour{}, 546.7 * vd::grams_per_kilowatt_hour{}};
    const auto emitted = grid * (2.0 * vd::kilowatt_hours{});
    STATIC_REQUIRE(std::is_same_v<decltype(emitted)::quantity, vd::si::mass>);
    CHECK(vd::in<vd::grams_co2e>(emitted.low()) == Approx(961.6));
    CHECK(vd::in<vd::grams_co2e>(emitted.high()) == Approx(1093.4));
    STATIC_REQUIRE(std::is_same_v<decltype(emitted / emitted)::quantity, double>);
}

TEST_CASE("what is no interval is refused", "[uncertainty]") {
    CHECK_THROWS_WITH((un::interval{2.0, 1.0}), Contains("interval: expected two numbers, the lower one first"));
    CHECK_THROWS_AS((un::interval{0.0, std::numeric_limits<double>::quiet_NaN()}), vd::input_error);
    CHECK_THROWS_WITH((un::interval{1.0, 2.0} / un::interval{-1.0, 1.0}), Contains("a divisor that cannot be 0"));
}

TEST_CASE("products and quotients of open intervals hold every result", "[uncertainty]") {
    constexpr double open = std::numeric_limits<double>::infinity();
    using bounds = un::interval<double>;
    // 0 times an open bound is 0: the first of these was 5 to infinity, although -1 x 0 is 0.
    CHECK(bounds{-5, 0} * bounds{-open, -1} == bounds{0, open});
    CHECK(bounds{0, 1} * bounds{2, open} == bounds{0, open});
    CHECK(bounds{-1, 0} * bounds{1, open} == bounds{-open, 0});
    CHECK(bounds{0, 0} * bounds{-open, open} == bounds{0, 0});
    CHECK(bounds{1, open} / bounds{1, open} == bounds{0, open});
    CHECK(bounds{-open, -1} / bounds{2, open} == bounds{-open, 0});
    CHECK(bounds{3, 4} / bounds{2, open} == bounds{0, 2});
}
