#include "catch.hpp"

#include <verdant/numeric/spaced_numbers.hpp>

#include <cstddef>
#include <cstdint>

using namespace verdant::detail;

TEST_CASE("a quotient is rounded to the nearest double", "[numeric]") {
    static_assert(nearest_double(quotient(1, 10)) == 0.1 && nearest_double(quotient(1, 3)) == 1.0 / 3);
    for (std::uint64_t p = 1; p < 400; ++p)
        for (std::uint64_t q = 1; q < 400; q += 7) CHECK(nearest_double(quotient(p, q)) == static_cast<double>(p) / static_cast<double>(q));
    constexpr auto ten_20 = wide{100'000'000'000} * 1'000'000'000;
    CHECK(nearest_double(quotient(ten_20, 3)) == 1e20 / 3);
    CHECK(nearest_double(quotient(1, ten_20 * 100'000)) == 1e-25);
    CHECK(nearest_double(quotient(ten_20 * 100'000'000'000'000, 7)) == 1.428571428571428571428571428571429e33);
}

TEST_CASE("halves go to the even double, and numbers below the normal ones keep what digits they have", "[numeric]") {
    static_assert(nearest_double(long_real_of((wide{1} << 53U) + 1)) == 0x1p53 && nearest_double(long_real_of((wide{1} << 53U) + 3)) == 0x1p53 + 4);
    static_assert(nearest_double(long_real_of(~wide{0})) == 0x1p128);
    static_assert(nearest_double(long_real_of(5e-324)) == 5e-324 && nearest_double(long_real_of(1.7976931348623157e308)) == 1.7976931348623157e308);
    static_assert(nearest_double({wide{1} << 127U, -1202}) == 0 && nearest_double({wide{3} << 126U, -1202}) == 5e-324);
    static_assert(nearest_whole(long_real_of(2.5)) == 3 && nearest_whole(long_real_of(0.49)) == 0 && nearest_whole(long_real_of(0.5)) == 1);
}

TEST_CASE("numbers are the fractions that were written", "[numeric]") {
    static_assert(written(0.1, 15).numerator == 1 && written(0.1, 15).denominator == 10);
    static_assert(written(-2.75, 15).numerator == -275 && written(3e20, 15).denominator == 1);
    static_assert(written(1.0 / 3, 15).exponent == -54 && written(0, 15).numerator == 0);
}

TEST_CASE("geometric numbers end where they should after any number of steps", "[numeric]") {
    const auto last = []<std::size_t Steps>(double a, double b) { return nearest_double(geometric_numbers<Steps>::between(a, b)(Steps)); };
    CHECK(last.operator()<1>(1e-300, 1e300) == 1e300);
    CHECK(last.operator()<7>(0.1, 0.7) == 0.7);
    CHECK(last.operator()<1000>(1.0, 1.000001) == 1.000001);
    CHECK(last.operator()<(1U << 24U) - 1>(1e-8, 1.0) == 1.0);
    CHECK(last.operator()<3>(5e-324, 1e-310) == 1e-310);
}
