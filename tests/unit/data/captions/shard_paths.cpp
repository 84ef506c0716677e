#include <verdant/data/captions/shard_paths.hpp>
#include <verdant/error.hpp>

#include "catch.hpp"

#include <string>
#include <vector>

namespace io = verdant::io;
using list = std::vector<std::string>;

TEST_CASE("data sets are joined by two colons", "[io]") {
    CHECK(io::joined_parts("a.tar") == list{"a.tar"});
    CHECK(io::joined_parts("a.tar::/b:c/d.tar::e") == list{"a.tar", "/b:c/d.tar", "e"});
    CHECK(io::joined_parts("1::2::0.5") == list{"1", "2", "0.5"});
    CHECK(io::joined_parts("") == list{""});
    CHECK(io::joined_parts("a::") == list{"a", ""});
}

TEST_CASE("ranges in braces stand for many paths", "[io]") {
    CHECK(io::expanded_paths("a.tar") == list{"a.tar"});
    CHECK(io::expanded_paths("s-{008..011}.tar") == list{"s-008.tar", "s-009.tar", "s-010.tar", "s-011.tar"});
    CHECK(io::expanded_paths("{1..2}/{9..10}") == list{"1/9", "1/10", "2/9", "2/10"});
    CHECK(io::expanded_paths("{5..5}") == list{"5"});
    CHECK(io::expanded_paths("{18446744073709551614..18446744073709551615}") == list{"18446744073709551614", "18446744073709551615"});
    // What is not a range stays.
    for (const char* text : {"{a..b}", "{1,2}", "{1..}", "{..2}", "x{1..2", "}{", "{-1..2}", "{1..2..3}"})
        CHECK(io::expanded_paths(text) == list{text});
    CHECK(io::expanded_paths("{x}{1..2}") == list{"{x}1", "{x}2"});
    CHECK_THROWS_WITH(io::expanded_paths("s-{3..1}.tar"), Catch::Contains("s-{3..1}.tar, {3..1}: expected an ascending range"));
    CHECK_THROWS_AS(io::expanded_paths("{0..18446744073709551615}"), verdant::input_error);
    CHECK_THROWS_AS(io::expanded_paths("{0..9999}{0..9999}"), verdant::input_error);
}
