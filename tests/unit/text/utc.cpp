#include <verdant/text/utc.hpp>

#include "catch.hpp"

#include <limits>
#include <string>

using verdant::utc_seconds;
using verdant::utc_text;

TEST_CASE("times are text in UTC, and come back", "[text]") {
    REQUIRE(utc_text(0) == "1970-01-01T00:00:00.000000Z");
    REQUIRE(utc_text(951'782'400.25) == "2000-02-29T00:00:00.250000Z"); // `date -u -d @951782400`
    REQUIRE(utc_text(1'795'895'551.000001) == "2026-11-28T19:52:31.000001Z");
    REQUIRE(utc_text(-0.5) == "1969-12-31T23:59:59.500000Z");
    REQUIRE(utc_text(-62'167'219'200) == "0000-01-01T00:00:00.000000Z");
    REQUIRE(utc_text(253'402'300'798) == "9999-12-31T23:59:58.000000Z");
    for (const double none : {253'402'300'800.0, -62'167'219'201.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        REQUIRE(utc_text(none).empty());
    for (const double t : {0.0, 951'782'400.25, 1'795'895'551.000001, -0.5, 1e9 + 0.123456}) REQUIRE(utc_seconds(utc_text(t)) == t);
}

TEST_CASE("what is no such time is none", "[text]") {
    for (const char* text : {"", "2026-11-28", "2026-11-28T19:52:31Z", "2026-11-28 19:52:31.000000Z", "2026-02-29T00:00:00.000000Z", "2026-13-01T00:00:00.000000Z",
                             "2026-00-01T00:00:00.000000Z", "2026-01-00T00:00:00.000000Z", "2026-01-01T24:00:00.000000Z", "2026-01-01T00:60:00.000000Z",
                             "2026-01-01T00:00:60.000000Z", "2026-01-01T00:00:00.00000xZ", "2026-01-01T00:00:00.0000000"})
        REQUIRE_FALSE(utc_seconds(text).has_value());
}
