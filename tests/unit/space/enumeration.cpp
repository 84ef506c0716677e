#include "spaces.hpp"

#include "catch.hpp"

#include <algorithm>
#include <iterator>
#include <type_traits>

using namespace test_spaces;

namespace {

template <class S>
std::vector<point<S>> enumerated() {
    std::vector<point<S>> all;
    for (const auto& p : feasible_points<S>()) all.push_back(p);
    return all;
}

} // namespace

TEMPLATE_TEST_CASE("enumeration gives exactly the points that trying every combination finds, in lexicographic order", "[space]", tower, conv, single,
                   diagonal, stem, chain<5>) {
    const auto all = enumerated<TestType>();
    CHECK(all == brute_force<TestType>());
    CHECK(std::is_sorted(all.begin(), all.end()));
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
    CHECK(!all.empty());
}

TEST_CASE("enumeration agrees with a condition written in plain C++", "[space]") {
    std::vector<std::array<int, 4>> expected, found;
    for (int layers = 6; layers <= 12; ++layers)
        for (int width = 384; width <= 768; width += 96)
            for (int heads = 6; heads <= 12; ++heads)
                for (int mlp = 2; mlp <= 4; ++mlp)
                    if (width % heads == 0 && width * layers <= 6000) expected.push_back({layers, width, heads, mlp});
    for (const auto& p : feasible_points<tower>())
        found.push_back({p.get<"layers">(), p.get<"width">(), p.get<"heads">(), p.get<"mlp">()});
    CHECK(found == expected);
}

TEST_CASE("enumeration of nested conditions gives each architecture once", "[space]") {
    std::size_t expected = 0;
    // Written out by hand: what a conv can be, and how often it is 16 wide or wider (a part that does not exist is 8, its first value).
    std::size_t convs = 0, wide = 0;
    for (const std::string_view kind : {"plain", "grouped", "none"})
        for (int a = 0; a < 3; ++a)
            for (int width = 8; width <= 32; width += 8)
                for (const int groups : {1, 2, 4})
                    for (const bool shuffle : {false, true}) {
                        if (kind == "none" && width != 8) continue;
                        if (kind != "grouped" && groups != 1) continue;
                        if (kind == "grouped" && groups == 1) continue;
                        if (groups != 4 && shuffle) continue;
                        if (groups == 4 && width == 8 && !shuffle) continue;
                        if (a == 2 && kind != "plain") continue;
                        convs += 3;
                        wide += width >= 16 ? 3 : 0;
                    }
    expected = convs /* not deep */ + convs /* deep, off */ + wide * convs /* deep, on */;
    std::size_t found = 0;
    for (const auto& p : feasible_points<net>()) found += p.feasible() ? 1 : 0;
    CHECK(found == expected);
    CHECK(count_feasible<conv>() == convs);
}

TEST_CASE("enumeration of a counted group walks without dead ends", "[space]") {
    // The first points of a chain of 200: all zero, then the last parameter counts up, then the one before it.
    auto p = feasible_points<chain<200>>().begin();
    for (unsigned last = 0; last < 8; ++last, ++p) CHECK((*p)[199] == last);
    CHECK((*p)[198] == 1);
    CHECK((*p)[199] == 1);
    for (int i = 0; i < 2000; ++i, ++p) CHECK((*p).feasible());
}

TEST_CASE("a range of feasible points is an input range that copies", "[space]") {
    static_assert(std::input_iterator<feasible_range<tower>::iterator>);
    static_assert(std::sentinel_for<std::default_sentinel_t, feasible_range<tower>::iterator>);
    auto a = feasible_points<tower>().begin();
    ++a;
    auto b = a;
    ++b;
    CHECK(*a < *b);
    ++a;
    CHECK(*a == *b);
}
