#include "spaces.hpp"

#include "catch.hpp"

#include <bit>

using namespace test_spaces;

TEMPLATE_TEST_CASE("codes lead back to indices", "[space]", tower, conv, net, fifty) {
    constexpr const auto& space = view_of<TestType>;
    for (std::size_t p = 0; p < space.size(); ++p)
        for (std::size_t i = 0; i < space.domain_size(p); ++i) CHECK(space.index_of(p, space.code_of(p, i)) == i);
}

TEST_CASE("codes that a domain lacks lead to its size", "[space]") {
    struct kinds : space<param<"r", range<-4, 8, 4>>, param<"f", range<0.25, 1.0, 0.25>>, param<"c", choices<1.5, -2.5>>,
                         param<"wide", range<INT64_MIN, INT64_MAX, INT64_MAX / 4>>> {};
    constexpr const auto& space = view_of<kinds>;
    for (const std::int64_t code : {-5, -8, -3, 0, 9, 12}) CHECK((space.index_of(0, code) == 4) == (code != 0));
    const auto floating = [](double x) { return std::bit_cast<std::int64_t>(x); };
    CHECK(space.index_of(1, floating(0.75)) == 2);
    CHECK(space.index_of(1, floating(0.75 + 1e-12)) == 2);
    for (const double x : {0.0, 0.74, 1.25, -1.0, 1e300, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
        CHECK(space.index_of(1, floating(x)) == 4);
    CHECK(space.index_of(2, floating(-2.5)) == 1);
    CHECK(space.index_of(2, floating(2.5)) == 2);
    for (std::size_t i = 0; i < space.domain_size(3); ++i) CHECK(space.index_of(3, space.code_of(3, i)) == i);
    CHECK(space.index_of(3, 5) == space.domain_size(3));
}

TEST_CASE("labels belong to strings and enumerators", "[space]") {
    constexpr const auto& space = view_of<conv>;
    CHECK(space.label(0, 1) == "grouped");
    CHECK(space.label(1, 2) == "silu");
    CHECK(space.label(2, 1).empty());
    CHECK(space.kind(1) == value_kind::enumeration);
    CHECK(space.kind(4) == value_kind::boolean);
    CHECK(space.kind(5) == value_kind::floating);
}

TEST_CASE("activity follows the conditions of a parameter and of those around it", "[space]") {
    const auto p = point<net>{}.with<"deep", true>().with<"b.on", true>().with<"b.c.kind", "grouped">().with<"b.c.groups", 4>();
    const auto active = [](const auto& q, std::string_view name) { return view_of<net>.active(view_of<net>.find(name), q); };
    for (const auto name : {"deep", "a.kind", "b.on", "b.c.kind", "b.c.groups", "b.c.shuffle"}) CHECK(active(p, name));
    CHECK(!active(p, "a.shuffle"));
    CHECK(!active(p.with<"b.c.groups", 2>(), "b.c.shuffle"));
    for (const auto name : {"b.on", "b.c.kind", "b.c.groups", "b.c.shuffle"}) CHECK(!active(p.with<"deep", false>(), name));
    CHECK(!active(p.with<"b.on", false>(), "b.c.kind"));
}
