#include "spaces.hpp"

#include "catch.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <type_traits>
#include <unordered_set>

using namespace test_spaces;

TEST_CASE("values are read by name in the type of their domain", "[space]") {
    constexpr point<conv> first{};
    static_assert(std::is_same_v<decltype(first.get<"kind">()), std::string_view>);
    static_assert(std::is_same_v<decltype(first.get<"act">()), act>);
    static_assert(std::is_same_v<decltype(first.get<"width">()), int>);
    static_assert(std::is_same_v<decltype(first.get<"shuffle">()), bool>);
    static_assert(std::is_same_v<value_of<conv, "scale">, double>);
    static_assert(first.get<"kind">() == "plain" && first.get<"act">() == act::relu && first.get<"width">() == 8 && !first.get<"shuffle">());
    constexpr auto other = first.with<"kind", "grouped">().with<"act", act::gelu>().with<"groups", 4>().with<"shuffle", true>().with<"scale", 0.3>();
    static_assert(other.get<"kind">() == "grouped" && other.get<"act">() == act::gelu && other.get<"groups">() == 4 && other.get<"shuffle">());
    CHECK(other.get<"scale">() == Approx(0.3).epsilon(1e-15));
    CHECK(other.feasible());
}

TEST_CASE("points are ordered by their indices, first parameter first", "[space]") {
    auto all = brute_force<conv>();
    random_stream random{1};
    random.shuffle(std::span{all});
    std::sort(all.begin(), all.end());
    CHECK(all == brute_force<conv>());
    CHECK(std::is_lt(all.front() <=> all.back()));
}

TEST_CASE("equal points hash equally and different ones nearly always differently", "[space]") {
    std::unordered_set<std::size_t> hashes;
    std::unordered_set<point<net>> points;
    std::size_t n = 0;
    for (const auto& p : feasible_points<net>()) {
        if (n++ % 5 != 0) continue;
        hashes.insert(std::hash<point<net>>{}(p));
        points.insert(p);
        const auto copy = p;
        CHECK(points.contains(copy));
    }
    CHECK(points.size() > 1000);
    CHECK(hashes.size() + 1 >= points.size());
}

TEST_CASE("what does not exist is pinned, through conditions inside conditions", "[space]") {
    auto p = point<conv>{}.with<"kind", "grouped">().with<"width", 32>().with<"groups", 4>().with<"shuffle", true>();
    CHECK(p.feasible());
    p = p.with<"groups", 2>();
    CHECK(!p.feasible()); // shuffle does not exist for two groups
    p.canonicalise();
    CHECK(!p.get<"shuffle">());
    CHECK(p.get<"width">() == 32);
    p = p.with<"kind", "none">();
    p.canonicalise();
    CHECK(p == point<conv>{}.with<"kind", "none">());
}

TEST_CASE("canonicalising is idempotent and leaves feasible points alone", "[space]") {
    random_stream random{4};
    for (int i = 0; i < 2000; ++i) {
        point<net> p;
        for (std::size_t k = 0; k < p.size(); ++k) p[k] = static_cast<point<net>::index_type>(random.below(view_of<net>.domain_size(k)));
        const bool was_feasible = p.feasible();
        auto q = p;
        q.canonicalise();
        CHECK(view_of<net>.canonical(q));
        if (was_feasible) CHECK(p == q);
        auto r = q;
        r.canonicalise();
        CHECK(q == r);
    }
}

TEST_CASE("a condition of an outer nest applies inside, under full names", "[space]") {
    static_assert(view_of<net>.find("b.c.shuffle") < parameter_count<net>);
    static_assert(view_of<net>.find("c.shuffle") == parameter_count<net>);
    auto p = point<net>{}.with<"b.on", true>();
    p.canonicalise();
    CHECK(p == point<net>{}); // not deep, so nothing of b exists
    p = point<net>{}.with<"deep", true>().with<"b.on", true>().with<"a.width", 16>().with<"b.c.width", 24>();
    CHECK(p.feasible());
    CHECK(!p.with<"a.width", 8>().feasible());
}

TEST_CASE("nested points hold the values of their part", "[space]") {
    const auto p = point<net>{}.with<"deep", true>().with<"a.act", act::gelu>().with<"b.on", true>().with<"b.c.width", 24>();
    CHECK(p.nested<"a">() == point<conv>{}.with<"act", act::gelu>());
    const auto b = p.nested<"b">();
    static_assert(std::is_same_v<decltype(b), const point<stem>>);
    CHECK(b.get<"on">());
    CHECK(b.nested<"c">().get<"width">() == 24);
    random_stream random{2};
    for (int i = 0; i < 50; ++i) {
        const auto q = sample<fifty>(random);
        CHECK(q.nested<"g", 7>().get<"c">() == q.get<"g.7.c">());
        CHECK(q.nested<"g", 49>().get<"a">() == q.get<"g.49.a">());
        CHECK(q.nested<"g", 0>().feasible());
    }
}

TEST_CASE("points carry over to other spaces by name and value", "[space]") {
    struct renamed : space<param<"width", choices<64, 32, 16>>, param<"act", choices<act::gelu>>, param<"else", flag>> {};
    const auto p = point<conv>{}.with<"width", 32>().with<"act", act::silu>();
    const auto q = point_cast<renamed>(p);
    CHECK(q.get<"width">() == 32);
    CHECK(q.get<"act">() == act::gelu); // silu is not allowed there
    CHECK(!q.get<"else">());
    for (const auto& r : feasible_points<conv>()) CHECK(point_cast<conv>(point_cast<net>(r)) == point<conv>{}); // no common names
}

TEST_CASE("assigning by code refuses what the domain lacks", "[space]") {
    point<tower> p;
    CHECK(p.assign(1, 576));
    CHECK(p.get<"width">() == 576);
    CHECK(!p.assign(1, 577));
    CHECK(p.get<"width">() == 576);
}

TEST_CASE("an index is as small as the largest domain allows", "[space]") {
    struct wide : space<param<"a", range<0, 256>>> {};
    struct wider : space<param<"a", range<0, 65536>>> {};
    static_assert(sizeof(point<conv>) == parameter_count<conv>);
    static_assert(sizeof(point<wide>) == 2);
    static_assert(sizeof(point<wider>) == 4);
    CHECK(point<wider>{}.with<"a", 65536>()[0] == 65536);
}

TEST_CASE("a point knows which parameters exist at it", "[space]") {
    constexpr auto none = point<conv>{}.with<"kind", "none">();
    static_assert(!none.active<"width">() && !none.active<"groups">() && none.active<"scale">() && none.active<"kind">());
    static_assert(!none.get_if<"width">() && !none.get_if<"shuffle">() && *none.get_if<"act">() == act::relu);
    static_assert(std::is_same_v<decltype(none.get_if<"width">()), std::optional<int>>);
    constexpr auto grouped = point<conv>{}.with<"kind", "grouped">().with<"width", 24>().with<"groups", 2>();
    static_assert(*grouped.get_if<"width">() == 24 && *grouped.get_if<"groups">() == 2 && !grouped.active<"shuffle">());
    // The conditions of outer spaces count, too.
    static_assert(!point<net>{}.active<"b.on">() && point<net>{}.with<"deep", true>().active<"b.on">() &&
                  !point<net>{}.with<"deep", true>().active<"b.c.kind">());
}

TEST_CASE("equal architectures are equal points, whichever space they come from", "[space]") {
    // Other first values of what need not exist.
    struct wide : fix<conv, "width", 32> {};
    struct turned : restrict<wide, "groups", choices<4, 2>> {};
    for (const auto& p : brute_force<turned>()) {
        const auto q = point_cast<conv>(p);
        CHECK(q.feasible());
        CHECK(point_cast<turned>(q) == p);
        CHECK(q.get_if<"width">() == p.get_if<"width">());
    }
    CHECK(point_cast<conv>(point<turned>{}.with<"kind", "none">()) == point<conv>{}.with<"kind", "none">());
    struct net_of_wide : restrict<restrict<net, "b.c.width", choices<24, 32>>, "a.groups", choices<4, 2>> {};
    random_stream random{8};
    for (int i = 0; i < 300; ++i) {
        const auto p = sample<net_of_wide>(random);
        CHECK(point_cast<net>(p).feasible());
        CHECK(p.nested<"a">().feasible());
        CHECK(view_of<stem>.canonical(p.nested<"b">()));
        CHECK(p.nested<"b">() == point_cast<net>(p).nested<"b">());
        CHECK(p.nested<"b">().nested<"c">() == point_cast<net>(p).nested<"b">().nested<"c">());
        if (!p.active<"b.on">()) CHECK(p.nested<"b">() == point<stem>{});
    }
    // A space that has everywhere what another one has in a when.
    struct plain : space<param<"kind", choices<"plain", "grouped", "none">>, param<"width", range<8, 32, 8>>> {};
    CHECK(point_cast<conv>(point<plain>{}.with<"kind", "none">().with<"width", 32>()) == point<conv>{}.with<"kind", "none">());
    CHECK(point_cast<plain>(point<conv>{}.with<"kind", "none">().with<"width", 32>()) == point<plain>{}.with<"kind", "none">());
}
