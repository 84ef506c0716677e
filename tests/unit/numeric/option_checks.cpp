#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>

#include "catch.hpp"

#include <cstddef>
#include <limits>

using namespace verdant;
using Catch::Equals;

TEST_CASE("options are refused with their name, what was expected and what was found", "[numeric]") {
    const auto inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    for (const double good : {0.0, 0.5, 1.0}) CHECK_NOTHROW(require_share("me", "rate", good));
    for (const double bad : {-1e-300, 1.5, nan, inf, -inf}) CHECK_THROWS_AS(require_share("me", "rate", bad), input_error);
    CHECK_THROWS_WITH(require_share("me", "rate", 7), Equals("verdant: me, rate: expected a number from 0 to 1, found 7"));
    for (const double bad : {0.0, -1.0, nan, inf}) CHECK_THROWS_AS(require_positive("me", "width", bad), input_error);
    CHECK_NOTHROW(require_positive("me", "width", 1e-300));
    for (const double bad : {-1.0, nan, inf}) CHECK_THROWS_AS(require_not_negative("me", "width", bad), input_error);
    CHECK_NOTHROW(require_not_negative("me", "width", 0));
    CHECK_NOTHROW(require_count("me", "children", 1, 1, 3));
    CHECK_THROWS_WITH(require_count("me", "children", 0, 1, 3), Equals("verdant: me, children: expected a number from 1 to 3, found 0"));
    CHECK_THROWS_WITH(require_count("me", "children", 0, 1), Equals("verdant: me, children: expected at least 1, found 0"));
    CHECK_THROWS_WITH(require_count("me", "children", static_cast<std::size_t>(-2), 1),
                      Equals("verdant: me, children: expected a number from 1 to 2147483647, found 18446744073709551614 (-2 without its sign)"));
}
