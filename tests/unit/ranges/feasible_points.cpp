#include "unit/space/spaces.hpp"

#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/ranges/feasible_points.hpp>

#include <range/v3/algorithm/equal.hpp>
#include <range/v3/algorithm/lower_bound.hpp>
#include <range/v3/range/conversion.hpp>
#include <range/v3/view/cartesian_product.hpp>
#include <range/v3/view/chunk.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/reverse.hpp>
#include <range/v3/view/sample.hpp>
#include <range/v3/view/stride.hpp>
#include <range/v3/view/take.hpp>
#include <range/v3/view/transform.hpp>

#include <iterator>
#include <random>

using namespace test_spaces;
namespace rv = ranges::views;

namespace {

/// One constraint over ten parameters of eight values: too many combinations to enumerate or to tabulate, but fewer than 2^63.
struct tangle : space<param<"a", range<0, 7>>, param<"b", range<0, 7>>, param<"c", range<0, 7>>, param<"d", range<0, 7>>, param<"e", range<0, 7>>,
                      param<"f", range<0, 7>>, param<"g", range<0, 7>>, param<"h", range<0, 7>>, param<"i", range<0, 7>>, param<"j", range<0, 7>>,
                      where<(var<"a"> + var<"b"> + var<"c"> + var<"d"> + var<"e"> + var<"f"> + var<"g"> + var<"h"> + var<"i"> + var<"j">) % val<7> == val<3>>> {};

template <class S>
using view_of_points = std::remove_cvref_t<decltype(views::feasible_points<S>)>;

static_assert(ranges::random_access_range<const view_of_points<tower>>);
static_assert(ranges::sized_range<const view_of_points<tower>>);
static_assert(ranges::common_range<const view_of_points<tower>>);
static_assert(ranges::view_<view_of_points<tower>>);
static_assert(std::is_same_v<ranges::range_value_t<view_of_points<tower>>, point<tower>>);
// 8^200 combinations have no numbers in 64 bits.
static_assert(ranges::input_range<const view_of_points<fifty>> && !ranges::forward_range<const view_of_points<fifty>>);

template <class S>
void is_the_enumeration() {
    const auto expected = brute_force<S>();
    const auto view = views::feasible_points<S>;
    REQUIRE(static_cast<std::size_t>(ranges::distance(view)) == expected.size());
    REQUIRE(ranges::size(view) == expected.size());
    REQUIRE(count_feasible<S>() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto place = static_cast<std::ptrdiff_t>(i);
        REQUIRE(view[place] == expected[i]);
        REQUIRE(view.index_of(expected[i]) == place);
        REQUIRE(*(ranges::end(view) - static_cast<std::ptrdiff_t>(expected.size() - i)) == expected[i]);
    }
    REQUIRE(ranges::equal(view, expected));
}

} // namespace

TEST_CASE("the view is the enumeration, by place and back", "[ranges]") {
    is_the_enumeration<tower>();
    is_the_enumeration<conv>();
    is_the_enumeration<net>();
    is_the_enumeration<single>();
    is_the_enumeration<diagonal>();
    is_the_enumeration<four>();
}

TEST_CASE("a point that is not feasible has no place", "[ranges]") {
    const auto p = point<diagonal>::from_indices(std::array{0, 1, 0});
    REQUIRE_FALSE(p.feasible());
    CHECK_FALSE(views::feasible_points<diagonal>.index_of(p));
}

TEST_CASE("adaptors that want random access work on points", "[ranges]") {
    const auto expected = brute_force<tower>();
    const auto view = views::feasible_points<tower>;
    const auto size = static_cast<std::ptrdiff_t>(expected.size());

    std::vector<point<tower>> joined;
    for (const auto& part : view | rv::chunk(7)) {
        CHECK(ranges::distance(part) <= 7);
        for (const auto& p : part) joined.push_back(p);
    }
    CHECK(joined == expected);

    const auto backwards = view | rv::reverse | rv::stride(5) | ranges::to<std::vector>;
    for (std::size_t i = 0; i < backwards.size(); ++i) CHECK(backwards[i] == expected[expected.size() - 1 - 5 * i]);

    std::mt19937 random{1};
    const auto drawn = view | rv::sample(9, random) | ranges::to<std::vector>;
    CHECK(drawn.size() == 9);
    for (const auto& p : drawn) CHECK(p.feasible());

    const auto pairs = rv::cartesian_product(view, views::feasible_points<single>);
    CHECK(ranges::distance(pairs) == size);
    CHECK(std::get<0>(pairs[3]) == expected[3]);

    CHECK(ranges::lower_bound(view, expected[11]) - ranges::begin(view) == 11);
}

TEST_CASE("places reach into spaces that nobody can enumerate", "[ranges]") {
    // 20 parameters of 8 values in one ascending chain: 888030 of 2^60 combinations, counted by elimination.
    using long_chain = chain<20>;
    const auto view = views::feasible_points<long_chain>;
    REQUIRE(ranges::size(view) == 888'030U);
    CHECK(view[0] == point<long_chain>{});
    for (const std::ptrdiff_t i : {1, 7, 8, 100'000, 654'321, 888'029}) {
        CHECK(view[i].feasible());
        CHECK(view.index_of(view[i]) == i);
        CHECK(view[i - 1] < view[i]);
    }
    std::ptrdiff_t place = 0;
    for (const auto& p : feasible_points<long_chain>()) {
        if (place % 997 == 0) {
            CHECK(view[place] == p);
        }
        if (++place > 50'000) break;
    }
}

TEST_CASE("a space whose points cannot be counted says so", "[ranges]") {
    CHECK_THROWS_WITH(ranking_of<tangle>(), Catch::Contains("cannot be counted"));
}

TEST_CASE("a space beyond 64 bits is walked in one pass, lazily", "[ranges]") {
    const auto wide = [](const point<fifty>& p) { return p.get<"g.49.d">() == 5; };
    const auto value = [](const point<fifty>& p) { return p.get<"g.49.c">(); };
    const auto found = views::feasible_points<fifty> | rv::filter(wide) | rv::transform(value) | rv::take(5) | ranges::to<std::vector>;
    std::vector<int> expected;
    for (const auto& p : feasible_points<fifty>()) {
        if (expected.size() == 5) break;
        if (wide(p)) expected.push_back(value(p));
    }
    CHECK(found == expected);
    CHECK(found.size() == 5);
    CHECK_THROWS_WITH(ranking_of<fifty>(), Catch::Contains("2^63"));
}
