#include "catch.hpp"

#include <verdant/io/tensor/half.hpp>

#include <bit>
#include <cmath>
#include <limits>

namespace io = verdant::io;

TEST_CASE("every half that is a number survives the way to float and back", "[io]") {
    std::size_t nan = 0;
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const float value = io::half_to_float(half);
        if (std::isnan(value)) {
            ++nan;
            CHECK(std::isnan(io::half_to_float(io::float_to_half(value))));
        } else if (io::float_to_half(value) != half) {
            FAIL("half " << bits << " became " << io::float_to_half(value));
        }
    }
    CHECK(nan == 2 * 1023);
    static_assert(io::half_to_float(0x3c00) == 1.0F && io::half_to_float(0x0001) == 0x1p-24F && io::half_to_float(0x7bff) == 65504.0F);
}

TEST_CASE("floats are rounded to the nearest half, ties to even", "[io]") {
    // Between neighbours a < b: what is nearer to a gives a, the middle the one with an even mantissa.
    for (unsigned bits = 0; bits < 0x7bff; bits += 7) {
        const auto a = static_cast<std::uint16_t>(bits), b = static_cast<std::uint16_t>(bits + 1);
        const float low = io::half_to_float(a), high = io::half_to_float(b), middle = low + (high - low) / 2;
        const auto even = bits % 2 == 0 ? a : b;
        if (io::float_to_half(middle) != even || io::float_to_half(std::nextafter(middle, low)) != a ||
            io::float_to_half(std::nextafter(middle, high)) != b)
            FAIL("between halves " << bits << " and " << bits + 1);
    }
    CHECK(io::float_to_half(65519.99F) == 0x7bff);
    CHECK(io::float_to_half(65520.0F) == 0x7c00);
    CHECK(io::float_to_half(-1e9F) == 0xfc00);
    CHECK(io::float_to_half(0x1p-25F) == 0); // a tie between 0 and the least subnormal
    CHECK(io::float_to_half(std::nextafter(0x1p-25F, 1.0F)) == 1);
}

TEST_CASE("bfloat16 is the upper half of a float, rounded to nearest even", "[io]") {
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
        const auto value = io::bfloat16_to_float(static_cast<std::uint16_t>(bits));
        if (!std::isnan(value) && io::float_to_bfloat16(value) != bits) FAIL("bfloat16 " << bits);
    }
    CHECK(io::float_to_bfloat16(std::bit_cast<float>(0x3f808000u)) == 0x3f80);
    CHECK(io::float_to_bfloat16(std::bit_cast<float>(0x3f818000u)) == 0x3f82);
    CHECK(std::isnan(io::bfloat16_to_float(io::float_to_bfloat16(std::numeric_limits<float>::signaling_NaN()))));
}
