#include "catch.hpp"

#include <verdant/meta/fixed_string.hpp>

using verdant::fixed_string;

TEST_CASE("a fixed string keeps its characters, without the terminating zero", "[meta]") {
    constexpr fixed_string name{"width"};
    static_assert(name.view() == "width" && name.size() == 5 && fixed_string<5>::size() == 5);
    static_assert(fixed_string{""}.view().empty());
    static_assert(fixed_string{"a"} < fixed_string{"b"} && fixed_string{"a"} == fixed_string{"a"} && fixed_string{"a"} != fixed_string{"b"});
    CHECK(name.view() == "width");
}
