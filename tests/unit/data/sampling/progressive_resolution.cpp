#include <verdant/data/sampling/progressive_resolution.hpp>
#include <verdant/error.hpp>

#include "catch.hpp"

#include <cmath>
#include <cstdint>

namespace vd = verdant;
using vd::nn::progressive_resolution;

TEST_CASE("images of Accel-NASBench have 160 pixels to epoch 11 and 192 from epoch 12 on", "[data]") {
    const progressive_resolution published;
    CHECK_NOTHROW(check(published));
    for (std::int64_t epoch = 0; epoch < 16; ++epoch) CHECK(published(epoch) == (epoch <= 11 ? 160 : 192)); // 176 is halfway between multiples
}

TEST_CASE("between the ramps sides are on the line, rounded to multiples, halves to even ones", "[data]") {
    const progressive_resolution r{.least = 64, .greatest = 192, .start_ramp = 2, .end_ramp = 18, .multiple = 16};
    for (std::int64_t epoch = 0; epoch < 20; ++epoch) {
        const double exact = epoch <= 2 ? 64 : epoch >= 18 ? 192 : 64 + 8.0 * static_cast<double>(epoch - 2);
        CHECK(static_cast<double>(r(epoch)) == 16 * std::nearbyint(exact / 16)); // the default mode of rounding is to even
    }
    CHECK(r(3) == 64);  // 72 = 4.5 * 16
    CHECK(r(5) == 96);  // 88 = 5.5 * 16
    CHECK((progressive_resolution{.least = 28, .greatest = 28, .start_ramp = 4, .end_ramp = 4}(9)) == 28);
}

TEST_CASE("resizing that cannot be is refused by name", "[data]") {
    CHECK_THROWS_WITH(check(progressive_resolution{.least = 0}), Catch::Contains("least"));
    CHECK_THROWS_WITH(check(progressive_resolution{.least = 200}), Catch::Contains("greatest"));
    CHECK_THROWS_WITH(check(progressive_resolution{.start_ramp = 14}), Catch::Contains("end_ramp"));
    CHECK_THROWS_WITH(check(progressive_resolution{.multiple = 0}), Catch::Contains("multiple"));
    CHECK_THROWS_WITH(check(progressive_resolution{.least = 8, .greatest = 64, .start_ramp = 0, .end_ramp = 12, .multiple = 64}),
                      Catch::Contains("nothing"));
}
