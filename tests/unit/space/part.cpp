#include <verdant/space/part.hpp>
#include <verdant/space/repair.hpp>
#include <verdant/space/variation.hpp>

#include "catch.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

struct net : space<param<"image", choices<96, 128, 224>>, param<"width", range<1, 4>>, param<"heads", range<1, 4>>,
                   where<var<"width"> % var<"heads"> == val<0>>, param<"deep", choices<false, true>>,
                   when<var<"deep"> == val<1>, param<"blocks", range<2, 5>>>> {};

point<net> at(std::size_t width, std::size_t heads) {
    point<net> p;
    p[1] = static_cast<point<net>::index_type>(width - 1);
    p[2] = static_cast<point<net>::index_type>(heads - 1);
    return p;
}

/// Widths and heads (4, 2), (4, 4), (3, 1) of 8 feasible pairs.
space_part<net> some() {
    const std::vector<allowed_combinations<net>> bundles{{{1, 2}, {at(4, 2), at(4, 4), at(3, 1), at(4, 2)}}};
    return space_part<net>{bundles};
}

struct tall : space<param<"a", range<0, 999>>, param<"b", range<0, 999>>, param<"c", range<0, 999>>> {};
struct huge : space<param<"a", range<0, 99'999>>, param<"b", range<0, 99'999>>> {};

} // namespace

TEST_CASE("A part has the points of its combinations, counted and listed", "[space]") {
    const auto part = some();
    std::set<point<net>> listed;
    for (const auto& p : part.points()) {
        CHECK(p.feasible());
        CHECK(part.contains(p));
        listed.insert(p);
    }
    CHECK(listed.size() == 3 * 3 * 5);
    CHECK(part.cardinality() == 45);
    CHECK_FALSE(part.contains(at(2, 1)));
    CHECK_FALSE(part.contains(at(3, 2))); // infeasible at all
    CHECK(space_part<net>{}.cardinality() == 3 * 8 * 5);
    std::size_t outside = 0;
    for (const auto& p : feasible_points<net>()) outside += part.contains(p) ? 0 : 1;
    CHECK(outside == 3 * 5 * 5);
}

TEST_CASE("Points of a part are drawn uniformly", "[space]") {
    const auto part = some();
    random_stream random{3};
    std::map<point<net>, int> drawn;
    for (int i = 0; i < 45'000; ++i) ++drawn[part.sample(random)];
    CHECK(drawn.size() == 45);
    double squares = 0;
    for (const auto& [p, n] : drawn) squares += (n - 1000.0) * (n - 1000.0) / 1000;
    CHECK(squares < 90); // chi squared of 44 degrees of freedom
}

TEST_CASE("Within a part, drawing, walking, repair and variation stay inside; outside of it they are as before", "[space]") {
    const auto part = some();
    random_stream random{5};
    {
        const within_part<net> bound{part};
        std::size_t walked = 0;
        for (const auto& p : feasible_points<net>()) walked += part.contains(p) ? 1 : 0;
        CHECK(walked == 45);
        auto p = sample<net>(random);
        std::set<point<net>> met;
        for (std::size_t i = 0; i < 300; ++i) {
            const auto q = sample<net>(random);
            for (const auto& child : {reset_mutation{}(p, random), plain_mutation{}(p, random), step_mutation{}(p, random),
                                      uniform_crossover{}(p, q, random).first, one_point_crossover{}(p, q, random).second}) {
                CHECK(part.contains(child));
                met.insert(child);
            }
            CHECK(reset_mutation{}(p, random) != p);
            CHECK(part.contains(repair(at(1 + i % 4, 1), random)));
            p = q;
        }
        CHECK(met.size() == 45);
        CHECK(may_be_proposed(at(4, 2)));
        CHECK_FALSE(may_be_proposed(at(2, 1)));
        {
            const auto other = part_with<net>({{"image", "224"}});
            const within_part<net> inner{other};
            CHECK(may_be_proposed(at(2, 1)) == false);
            auto large = at(2, 1);
            large[0] = 2;
            CHECK(may_be_proposed(large));
        }
        CHECK_FALSE(may_be_proposed(at(2, 1)));
    }
    CHECK(may_be_proposed(at(2, 1)));
    std::size_t walked = 0;
    for ([[maybe_unused]] const auto& p : feasible_points<net>()) ++walked;
    CHECK(walked == 120);
}

TEST_CASE("Parts of bundles that are too large to tabulate", "[space]") {
    std::vector<allowed_combinations<tall>> bundles(1);
    bundles[0].parameters = {0, 1, 2};
    random_stream random{2};
    for (int i = 0; i < 20; ++i) bundles[0].combinations.push_back(sample<tall>(random));
    const space_part<tall> part{bundles};
    CHECK(part.cardinality() == 20);
    for (const auto& p : bundles[0].combinations) CHECK(part.contains(p));
    CHECK_FALSE(part.contains(point<tall>{}));
    const within_part<tall> bound{part};
    CHECK(part.contains(repair(point<tall>{}, random)));
    CHECK(part.contains(reset_mutation{}(bundles[0].combinations[0], random)));
}

TEST_CASE("Parts that make no sense are refused", "[space]") {
    const auto refused = [](std::vector<allowed_combinations<net>> bundles) { return space_part<net>{bundles}; };
    CHECK_THROWS_WITH(refused({{{1}, {at(4, 2)}}}), Contains("a bundle with all that constraints tie to width, found none of heads"));
    CHECK_THROWS_WITH(refused({{{1, 2}, {}}}), Contains("combinations of width, ..., found none"));
    CHECK_THROWS_WITH(refused({{{1, 2}, {at(3, 2)}}}), Contains("feasible combinations of width, ..., found one that is not, at heads"));
    CHECK_THROWS_WITH(refused({{{0}, {at(1, 1)}}, {{0}, {at(1, 1)}}}), Contains("parameters that are in one bundle only, found image"));
    CHECK_THROWS_WITH(refused({{{9}, {at(1, 1)}}}), Contains("found no parameter"));
    CHECK_THROWS_WITH((space_part<huge>{std::vector<allowed_combinations<huge>>{{{0, 1}, {point<huge>{}}}}}),
                      Contains("fewer than 2^32 possible combinations of a, ..."));
    auto absent = at(1, 1);
    absent[4] = 2; // blocks without depth
    CHECK_THROWS_WITH(refused({{{3, 4}, {absent}}}), Contains("one that is not, at blocks"));
    CHECK_THROWS_WITH(part_with<net>({{"imgae", "96"}}), Contains("no such parameter"));
    CHECK_THROWS_WITH(part_with<net>({{"image", "97"}}), Contains("one of 96, 128, 224"));
    CHECK_THROWS_WITH(part_with<net>({{"width", "1"}}), Contains("a bundle with all that constraints tie to width"));
}
