#include "spaces.hpp"

#include "catch.hpp"

using namespace test_spaces;

TEST_CASE("names are full names, in order of declaration", "[space]") {
    const auto all = names<net>();
    const std::vector<std::string_view> expected{"deep",      "a.kind",  "a.act",     "a.width",    "a.groups", "a.shuffle",
                                                 "a.scale",   "b.on",    "b.c.kind",  "b.c.act",    "b.c.width", "b.c.groups",
                                                 "b.c.shuffle", "b.c.scale"};
    CHECK(std::vector<std::string_view>(all.begin(), all.end()) == expected);
    CHECK(names<fifty>()[199] == "g.49.d");
    for (std::size_t p = 0; p < all.size(); ++p) CHECK(view_of<net>.find(all[p]) == p);
    for (const auto name : {"", "a", "a.", ".a", "a.kin", "a.kindd", "A.kind"}) CHECK(view_of<net>.find(name) == parameter_count<net>);
}

TEST_CASE("a constraint of a repeated space holds for each copy alone", "[space]") {
    struct pair : space<param<"a", range<1, 3>>, param<"b", range<1, 3>>, where<var<"a"> < var<"b">>> {};
    struct three : space<repeat<"p", 3, pair>, where<var<"p.0.b"> == var<"p.2.a">>> {};
    std::size_t expected = 0;
    const std::vector<std::pair<int, int>> pairs{{1, 2}, {1, 3}, {2, 3}};
    for (const auto& x : pairs)
        for (std::size_t y = 0; y < pairs.size(); ++y)
            for (const auto& z : pairs) expected += x.second == z.first ? 1 : 0;
    CHECK(count_feasible<three>() == expected);
    CHECK(view_of<three>.constraint_count() == 4);
}

TEST_CASE("repeats may be many and prefixes long", "[space]") {
    struct x : space<param<"x", flag>> {};
    struct long_prefix : space<repeat<"a234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890", 12, x>> {};
    static_assert(well_formed<long_prefix>);
    CHECK(names<long_prefix>()[11] == "a234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890.11.x");
    CHECK(parameter_count<space<repeat<"r", 0, x>, nest<"n", x>>> == 1);
}

TEST_CASE("a name may be derived from a space twice", "[space]") {
    struct named : tower {};
    CHECK(parameter_count<named> == 4);
    CHECK(point<named>{}.get<"width">() == 384);
}

TEST_CASE("conditions of repeated and nested conditional parts", "[space]") {
    struct layer : space<param<"kind", choices<"conv", "skip">>, when<var<"kind"> == val<"conv">, param<"k", choices<3, 5>>>> {};
    struct stage : space<param<"depth", range<1, 3>>, when<(var<"depth"> >= val<2>), nest<"second", layer>>, when<(var<"depth"> >= val<3>), nest<"third", layer>>> {};
    struct body : space<repeat<"s", 2, stage>> {};
    // A layer is one of conv 3, conv 5, skip; a stage has none, one or two of them.
    CHECK(count_feasible<stage>() == 1U + 3U + 9U);
    CHECK(count_feasible<body>() == 13U * 13U);
    auto p = point<body>{}.with<"s.1.depth", 3>().with<"s.1.third.k", 5>();
    CHECK(p.feasible());
    p = p.with<"s.1.depth", 2>();
    CHECK(!p.feasible());
    p.canonicalise();
    CHECK(p == point<body>{}.with<"s.1.depth", 2>());
}
