#include "spaces.hpp"

#include "catch.hpp"

using namespace test_spaces;

namespace {

struct wide_tower : fix<tower, "width", 768> {};
struct gelu_conv : restrict<conv, "act", choices<act::silu, act::gelu>> {};
struct deep_net : fix<fix<net, "deep", true>, "b.on", true> {};
struct coarse : restrict<tower, "width", range<384, 768, 192>> {};

} // namespace

TEST_CASE("a fixed space has the points of the space that hold the value", "[space]") {
    std::vector<point<tower>> expected, found;
    for (const auto& p : feasible_points<tower>())
        if (p.get<"width">() == 768) expected.push_back(p);
    for (const auto& p : feasible_points<wide_tower>()) {
        CHECK(p.get<"width">() == 768);
        found.push_back(point_cast<tower>(p));
    }
    CHECK(found == expected);
    CHECK(!found.empty());
    CHECK(names<wide_tower>() == names<tower>());
}

TEST_CASE("a restricted space has the points that the values allow, in the order of the values", "[space]") {
    std::size_t expected = 0, found = 0;
    for (const auto& p : feasible_points<conv>()) expected += p.get<"act">() != act::relu ? 1 : 0;
    for (const auto& p : feasible_points<gelu_conv>()) {
        ++found;
        CHECK(p.get<"act">() != act::relu);
        CHECK(point_cast<conv>(p).feasible());
    }
    CHECK(found == expected);
    CHECK(point<gelu_conv>{}.get<"act">() == act::silu);
    std::size_t coarse_points = 0, all = 0;
    for (const auto& p : feasible_points<coarse>()) coarse_points += p.get<"width">() % 192 == 0 ? 1 : 0;
    for (const auto& p : feasible_points<tower>()) all += p.get<"width">() % 192 == 0 ? 1 : 0;
    CHECK(coarse_points == all);
}

TEST_CASE("fixing parameters of nested spaces keeps conditions and nested parts", "[space]") {
    static_assert(valid<deep_net>);
    std::size_t expected = 0, found = 0;
    for (const auto& p : feasible_points<net>()) expected += p.get<"deep">() && p.get<"b.on">() ? 1 : 0;
    for (const auto& p : feasible_points<deep_net>()) {
        if (found++ % 97 != 0) continue;
        const auto q = point_cast<net>(p);
        CHECK(q.feasible());
        CHECK(q.get<"b.c.width">() == p.get<"b.c.width">());
        CHECK(p.nested<"b">().nested<"c">() == q.nested<"b">().nested<"c">());
        CHECK(p.nested<"a">() == q.nested<"a">());
        CHECK(p.nested<"b">().get<"on">());
    }
    CHECK(found == expected);
}

TEST_CASE("nested parts of a fixed space are found by value, not by index", "[space]") {
    struct later : restrict<net, "a.width", choices<32, 16>> {};
    const auto p = point<later>{};
    CHECK(p.nested<"a">().get<"width">() == 32);
    CHECK(point_cast<net>(p).get<"a.width">() == 32);
}

TEST_CASE("domains of a million values are narrowed without a look at each", "[space]") {
    struct wide : space<param<"n", range<0, 999'999>>, param<"rate", log_range<1e-5, 1e-1, 1'000'001>>, param<"share", uniform<0.0, 1.0, 1'000'001>>> {};
    using few = restrict<restrict<restrict<wide, "n", range<10, 999'990, 10>>, "rate", log_range<1e-4, 1e-2, 500'001>>, "share", uniform<0.0, 0.5, 250'001>>;
    static_assert(valid<few> && view_of<few>.domain_size(1) == 500'001);
    CHECK(point_cast<wide>(point<few>::from_indices(std::array{1, 1, 1})) == point<wide>::from_indices(std::array{20, 250'001, 2}));
    static_assert(diagnosis_of<restrict<wide, "n", range<10, 1'000'000, 10>>>.kind == problem::foreign_value);
    static_assert(diagnosis_of<restrict<wide, "share", uniform<0.5, 1.5, 11>>>.kind == problem::foreign_value);
}

TEST_CASE("whole numbers may narrow a floating-point domain, and decimals mean the nearest value", "[space]") {
    struct scaled : space<param<"scale", range<0.5, 3.0, 0.5>>, param<"rate", range<0.1, 0.9, 0.1>>> {};
    struct one : fix<scaled, "scale", 1> {};
    struct third : fix<one, "rate", 0.3> {};
    static_assert(valid<third>);
    CHECK(point<third>{}.get<"scale">() == 1.0);
    CHECK(point<third>{}.get<"rate">() == 0.3);
    CHECK(point_cast<scaled>(point<third>{})[1] == 2);
    struct whole : restrict<scaled, "scale", range<1, 3>> {};
    CHECK(cardinality<whole> == 27);
    CHECK(to_string(point<scaled>{}.with<"rate", 0.3>()) == "scale=0.5 rate=0.3");
}
