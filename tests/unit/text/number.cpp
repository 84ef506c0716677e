#include <verdant/text/number.hpp>
#include <verdant/text/number_in_unit.hpp>

#include "catch.hpp"

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

using verdant::exact_text;
using verdant::rounded_text;

TEST_CASE("numbers for people have the digits asked for", "[text]") {
    CHECK(rounded_text(0.1) == "0.1");
    CHECK(rounded_text(1234567, 3) == "1.23e+06");
    CHECK(rounded_text(-2.0 / 3, 4) == "-0.6667");
    CHECK(rounded_text(2.0 / 3, 1) == "0.7");
}

TEST_CASE("more digits than a double has are as many as it has", "[text]") {
    CHECK(rounded_text(0.1, 40) == "0.1000000000000000055511151231257827021182");
    CHECK(rounded_text(0.1, 55) == "0.1000000000000000055511151231257827021181583404541015625");
    CHECK(rounded_text(0.1, std::numeric_limits<int>::max()) == rounded_text(0.1, 55));
    // The least doubles have the most digits: 767 of them, and an exponent.
    const auto longest = rounded_text(-2.2250738585072011e-308, 2000);
    CHECK(longest.size() == 1 + 767 + 1 + 5);
    CHECK(longest.starts_with("-2.22507385850720"));
    CHECK(longest.ends_with("e-308"));
    CHECK(rounded_text(1e300, 400).size() == 301);
    CHECK(std::stod(longest) == -2.2250738585072011e-308);
    CHECK(exact_text(0.1) == "0.1");
}

TEST_CASE("exact numbers read back as the same number of the same type", "[text]") {
    CHECK(exact_text(0.1F) == "0.1"); // of a double it would be all digits of the float next to 0.1
    CHECK(exact_text(static_cast<double>(0.1F)) == "0.10000000149011612");
    CHECK(exact_text(1.0F / 3) == "0.33333334");
    CHECK(exact_text(0.1L) == "0.1");
    CHECK(std::strtold(exact_text(-1.0L / 3).c_str(), nullptr) == -1.0L / 3);
    CHECK(exact_text(1e21) == "1e+21");
    // Whole numbers have no exponents, and none of their digits is lost in a double.
    CHECK(exact_text(100000) == "100000");
    CHECK(exact_text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(exact_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(exact_text(std::uint8_t{7}) == "7");
    CHECK(exact_text(7ULL) + exact_text(-7LL) + exact_text(7U) == "7-77");
}

TEST_CASE("fewer digits than one are one", "[text]") {
    CHECK(rounded_text(0.75, 0) == "0.8");
    CHECK(rounded_text(0.75, -3) == "0.8");
}

TEST_CASE("numbers are in the unit of their column as far as it holds them, and else say that they are not", "[text]") {
    const auto text = [](double v) { return exact_text(v); };
    CHECK(verdant::number_in_unit(0.0125, 1e-3, text) == "12.5");
    CHECK(verdant::number_with_unit(0.0125, 1e-3, "ms", text) == "12.5 ms");
    CHECK(verdant::number_with_unit(0.5, 1, "", text) == "0.5");
    for (const double large : {1e306, -1e306}) {
        CHECK(verdant::number_in_unit(large, 1e-3, text) == exact_text(large) + " SI");
        CHECK(verdant::number_with_unit(large, 1e-3, "ms", text) == exact_text(large) + " SI");
    }
    // Too small: what is left of it in kilowatt-hours has lost its digits.
    CHECK(verdant::number_in_unit(3e-320, 3.6e6, text) == exact_text(3e-320) + " SI");
    CHECK(verdant::number_in_unit(0.0, 3.6e6, text) == "0");
    // What is not finite is so in any unit.
    CHECK(verdant::number_in_unit(std::numeric_limits<double>::infinity(), 1e-3, text) == "inf");
    CHECK(verdant::number_in_unit(std::numeric_limits<double>::quiet_NaN(), 1e-3, text) == "nan");
}
