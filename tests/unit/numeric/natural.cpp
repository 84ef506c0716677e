#include "catch.hpp"

#include <verdant/numeric/natural.hpp>
#include <verdant/random/stream.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

using namespace verdant;

namespace {

/// School multiplication on decimal digits, to compare with. @pre factor < 2^59
std::string times(std::string digits, std::uint64_t factor) {
    std::string product;
    std::uint64_t carry = 0;
    for (auto d = digits.rbegin(); d != digits.rend(); ++d) {
        carry += static_cast<std::uint64_t>(*d - '0') * factor;
        product.insert(product.begin(), static_cast<char>('0' + carry % 10));
        carry /= 10;
    }
    for (; carry != 0; carry /= 10) product.insert(product.begin(), static_cast<char>('0' + carry % 10));
    return product;
}

} // namespace

TEST_CASE("products are exact", "[meta]") {
    random_stream random{1};
    for (int run = 0; run < 30; ++run) {
        natural<40> product{1};
        std::string digits = "1";
        for (int i = 0; i < 15; ++i) {
            const auto factor = (random() >> (5 + random.below(55))) | 1U;
            if (factor >> 32U == 0) product *= static_cast<std::uint32_t>(factor);
            else product.multiply(factor);
            digits = times(digits, factor);
            REQUIRE(product.to_string() == digits);
        }
    }
}

TEST_CASE("naturals of any capacity, integers and doubles compare by value", "[meta]") {
    const natural<2> small{7};
    const natural<5> large{7};
    CHECK(small == large);
    CHECK(small == 7);
    CHECK(7U == large);
    CHECK(small != -7);
    CHECK(small > -1);
    CHECK(small < 8);
    CHECK(small == 7.0);
    CHECK(small < 7.5);
    CHECK(natural<2>{~std::uint64_t{0}} == ~std::uint64_t{0});
    auto big = natural<5>{~std::uint64_t{0}};
    big *= 2;
    CHECK(big > ~std::uint64_t{0});
    CHECK(big > natural<2>{~std::uint64_t{0}});
    CHECK(natural<2>{~std::uint64_t{0}} < big);
    CHECK(!big.fits_64());
    CHECK(natural<5>{5}.fits_64());
    CHECK(natural<5>{5}.low_64() == 5);
    CHECK(natural<3>{0}.to_string() == "0");
    CHECK(natural<1>{4294967295U}.to_string() == "4294967295");
}

TEST_CASE("a natural is written in digits, and is a plain integer where it fits", "[meta]") {
    auto large = natural<5>{~std::uint64_t{0}};
    std::ostringstream text;
    text << large << ' ' << natural<2>{0};
    CHECK(text.str() == "18446744073709551615 0");
    CHECK(static_cast<std::uint64_t>(large) == ~std::uint64_t{0});
    CHECK(static_cast<int>(natural<2>{2147483647}) == 2147483647);
    CHECK_THROWS_AS(static_cast<std::int64_t>(large), verdant::input_error);
    CHECK_THROWS_AS(static_cast<int>(natural<2>{2147483648}), verdant::input_error);
    large *= 2;
    CHECK_THROWS_AS(static_cast<std::uint64_t>(large), verdant::input_error);
}

TEST_CASE("the order is that of the products", "[meta]") {
    natural<20> a{1}, b{1};
    for (int i = 0; i < 15; ++i) {
        a.multiply(1'000'000'000'000U);
        b.multiply(1'000'000'000'001U);
        CHECK(a < b);
        CHECK(b > a);
        CHECK(a <= a);
        CHECK(static_cast<double>(a) == Approx(std::pow(10.0, 12 * (i + 1))).epsilon(1e-14));
    }
}

TEST_CASE("what passes the range of doubles becomes infinite", "[meta]") {
    natural<40> a{1};
    for (int i = 0; i < 30; ++i) a.multiply(std::uint64_t{1} << 40U);
    CHECK(static_cast<double>(a) == std::numeric_limits<double>::infinity());
    CHECK(a > 1e300);
}
