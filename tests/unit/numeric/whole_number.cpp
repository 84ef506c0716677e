#include <verdant/numeric/whole_number.hpp>

#include "catch.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

using verdant::whole_within;

TEST_CASE("only whole numbers that the type holds are converted", "[numeric]") {
    CHECK(whole_within<int>(12.0) == 12);
    CHECK(whole_within<int>(-2147483648.0) == std::numeric_limits<int>::min());
    CHECK_FALSE(whole_within<int>(2147483648.0));
    CHECK_FALSE(whole_within<int>(12.5));
    CHECK_FALSE(whole_within<int>(std::nan("")));
    CHECK_FALSE(whole_within<int>(INFINITY));
    CHECK_FALSE(whole_within<std::int64_t>(1e300));
    CHECK_FALSE(whole_within<std::int64_t>(0x1p63)); // rounds to what `INT64_MAX` rounds to
    CHECK(whole_within<std::int64_t>(-0x1p63) == std::numeric_limits<std::int64_t>::min());
    CHECK(whole_within<std::uint64_t>(0x1p63) == std::uint64_t{1} << 63);
    CHECK_FALSE(whole_within<std::uint64_t>(0x1p64));
    CHECK_FALSE(whole_within<unsigned>(-1.0));
    CHECK(whole_within<unsigned char>(255.0) == 255);
    CHECK_FALSE(whole_within<unsigned char>(256.0));
    CHECK(whole_within(7.0, 1, 7) == 7);
    CHECK_FALSE(whole_within(8.0, 1, 7));
    CHECK_FALSE(whole_within(0.0, 1, 7));
}

TEST_CASE("a number that is no such whole number is named", "[numeric]") {
    CHECK(verdant::whole_number(3.0, 0, 9, "a count", "a.csv", "line 2") == 3);
    CHECK_THROWS_WITH(verdant::whole_number(1e300, 0, 9, "a count", "a.csv", "line 2"),
                      "verdant: a.csv, line 2: expected a count: a whole number from 0 to 9, found 1e+300");
    CHECK_THROWS_WITH(verdant::whole_number<int>(-1, 0, std::numeric_limits<int>::max(), "a count", "a.csv", ""),
                      "verdant: a.csv: expected a count: a whole number from 0 on, found -1");
}
