#include <verdant/text/number.hpp>

#include "catch.hpp"

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

TEST_CASE("fewer digits than one are one", "[text]") {
    CHECK(rounded_text(0.75, 0) == "0.8");
    CHECK(rounded_text(0.75, -3) == "0.8");
}
