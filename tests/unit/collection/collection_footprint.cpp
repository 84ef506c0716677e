#include <verdant/carbon/intensity.hpp>
#include <verdant/collection/collection_footprint.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include "catch.hpp"

#include <limits>

namespace vd = verdant;
using vd::collection::footprint_of;

TEST_CASE("a collection emits power times time times intensity", "[collection]") {
    const auto ours = footprint_of(10.0 * vd::hours{}, 1500.0 * vd::watts{}, 710.0 * vd::grams_per_kilowatt_hour{});
    CHECK(vd::in<vd::kilowatt_hours>(ours.used) == Approx(15));
    CHECK(vd::in<vd::kilograms_co2e>(ours.emitted) == Approx(15 * 0.71));
    CHECK(vd::in<vd::hours>(ours.busy) == Approx(10));
    const auto windy = footprint_of(10.0 * vd::hours{}, 1500.0 * vd::watts{}, vd::carbon::intensity_named("wind"));
    CHECK(vd::in<vd::kilograms_co2e>(windy.emitted) < 0.2);
}

TEST_CASE("no time, power or intensity is negative", "[collection]") {
    const auto grid = 100.0 * vd::grams_per_kilowatt_hour{};
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(footprint_of(-1.0 * vd::seconds{}, 1.0 * vd::watts{}, grid), vd::input_error);
    CHECK_THROWS_AS(footprint_of(1.0 * vd::seconds{}, nan * vd::watts{}, grid), vd::input_error);
    CHECK_THROWS_AS(footprint_of(1.0 * vd::seconds{}, 1.0 * vd::watts{}, -1.0 * vd::grams_per_kilowatt_hour{}), vd::input_error);
}
