#include "spaces.hpp"

#include "catch.hpp"

#include <verdant/space/views.hpp>

#include <range/v3/range/conversion.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/take.hpp>
#include <range/v3/view/transform.hpp>

using namespace test_spaces;
namespace rv = ranges::views;

TEST_CASE("the view holds what enumeration gives", "[space]") {
    CHECK((views::feasible_points<tower> | ranges::to<std::vector>) == brute_force<tower>());
    CHECK((views::feasible_points<single> | ranges::to<std::vector>).size() == 1);
}

TEST_CASE("views of points are lazy, so the first few of a huge space come at once", "[space]") {
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
}

TEST_CASE("a view can be walked twice", "[space]") {
    const auto view = views::feasible_points<conv>;
    std::size_t first = 0, second = 0;
    for (const auto& p : view) first += p.feasible() ? 1 : 0;
    for (const auto& p : view) second += p.feasible() ? 1 : 0;
    CHECK(first == second);
    CHECK(first == brute_force<conv>().size());
}
