#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/workload/graph/bounded_list.hpp>
#include <verdant/workload/graph/shape.hpp>

namespace wl = verdant::workload;

TEST_CASE("a bounded list says when it is full", "[workload]") {
    wl::bounded_list<int, 2> list;
    CHECK(list.empty());
    list.push_back(1);
    list.push_back(2);
    CHECK(list.size() == 2);
    CHECK(list.back() == 2);
    CHECK_THROWS_AS(list.push_back(3), verdant::error);
    CHECK(list.size() == 2);
}

TEST_CASE("bounded lists are equal by what they hold", "[workload]") {
    wl::bounded_list<int, 3> a, b;
    a.push_back(1);
    a.push_back(2);
    b.push_back(1);
    CHECK_FALSE(a == b);
    b.push_back(2);
    CHECK(a == b);
    a.clear();
    CHECK_FALSE(a == b);
}

TEST_CASE("a shape counts its elements, one for a scalar, and knows its bounds", "[workload]") {
    const wl::shape s{2, 3, 5};
    CHECK(s.elements() == 30);
    CHECK(wl::shape{}.elements() == 1);
    CHECK(s.from_back(1) == 5);
    CHECK(s.from_back(3) == 2);
    CHECK_THROWS_AS(s[3], verdant::error);
    CHECK_THROWS_AS(s.from_back(4), verdant::error);
    CHECK_THROWS_AS((wl::shape{1, 1, 1, 1, 1, 1}), verdant::error);
    CHECK(wl::shape{200000, 200000}.elements() == 40000000000LL);
}
