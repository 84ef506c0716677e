#include "spaces.hpp"

#include "catch.hpp"

#include <verdant/space/elimination.hpp>

using namespace test_spaces;

namespace {

/// How many feasible combinations begin with the first `fixed` members of `p`.
template <class S>
std::size_t completions(const std::vector<point<S>>& all, const point<S>& p, std::size_t fixed) {
    std::size_t n = 0;
    for (const auto& q : all) {
        bool same = true;
        for (std::size_t i = 0; i < fixed; ++i) same = same && p[i] == q[i];
        n += same ? 1 : 0;
    }
    return n;
}

} // namespace

TEMPLATE_TEST_CASE("elimination counts what enumeration finds, value by value", "[space]", chain<5>, diagonal, stem, four) {
    // All parameters of these spaces form one group, but for stem's scale, which is the last.
    const auto& structure = structure_of<TestType>;
    const auto counted = verdant::detail::eliminated_group::make(view_of<TestType>, structure, 0);
    REQUIRE(counted);
    CHECK(counted->feasible());
    const auto all = brute_force<TestType>();
    const auto members = structure.members(0);
    for (std::size_t k = 0; k < all.size(); k += 7) {
        for (std::size_t m = 0; m < members.size(); ++m) {
            auto p = all[k];
            const auto weight = counted->weights(m, p);
            REQUIRE(weight.size() == view_of<TestType>.domain_size(members[m]));
            double total = 0, sum = 0;
            std::vector<double> count(weight.size());
            for (std::size_t v = 0; v < weight.size(); ++v) {
                p[members[m]] = static_cast<std::uint8_t>(v);
                count[v] = static_cast<double>(completions(all, p, members[m] + 1));
                total += count[v];
                sum += weight[v];
            }
            // Proportional, and zero exactly where there is none; the counts are small integers, so only normalising rounds.
            for (std::size_t v = 0; v < weight.size(); ++v) {
                CHECK(weight[v] / sum == Approx(count[v] / total).epsilon(1e-12));
                CHECK((weight[v] > 0) == (count[v] > 0));
            }
        }
    }
}

TEST_CASE("drawing by counts is uniform", "[space]") {
    const auto counted = verdant::detail::eliminated_group::make(view_of<chain<5>>, structure_of<chain<5>>, 0);
    REQUIRE(counted);
    const auto cells = brute_force<chain<5>>().size();
    CHECK(cells == 792); // multisets of 5 out of 8 values
    random_stream random{21};
    std::map<point<chain<5>>, std::size_t> counts;
    point<chain<5>> p;
    for (std::size_t d = 0; d < 200 * cells; ++d) {
        counted->sample(structure_of<chain<5>>.members(0), p, random);
        ++counts[p];
    }
    CHECK(chi_square(counts, cells, 200 * cells) < chi_square_bound(cells));
}

TEST_CASE("counts beyond the range of doubles keep what is feasible above zero", "[space]") {
    // Where the switch is off everything is pinned, one way; where it is on there are 8^400 ways, more than the largest double.
    struct layer : space<param<"x", range<0, 7>>> {};
    struct wide : space<param<"on", flag>, when<var<"on">, repeat<"l", 400, layer>>> {};
    const auto counted = verdant::detail::eliminated_group::make(view_of<wide>, structure_of<wide>, 0);
    REQUIRE(counted);
    const auto weight = counted->weights(0, point<wide>{});
    CHECK(weight[0] > 0);
    CHECK(weight[1] > 0);
}

TEST_CASE("a contradiction in a large group is found by counting", "[space]") {
    using far = space<nest<"c", chain<40>>, where<var<"c.x020"> < var<"c.x000">>>;
    struct contradiction : far {};
    const auto counted = verdant::detail::eliminated_group::make(view_of<contradiction>, structure_of<contradiction>, 0);
    REQUIRE(counted);
    CHECK(!counted->feasible());
    CHECK(counted->count() == 0U);
    CHECK_THROWS_AS(feasible_set(view_of<contradiction>, structure_of<contradiction>), infeasible_error);
}

TEST_CASE("constraints that touch too many parameters at once are not counted", "[space]") {
    struct entangled : space<param<"a", range<0, 99>>, param<"b", range<0, 99>>, param<"c", range<0, 99>>, param<"d", range<0, 99>>,
                             where<var<"a"> + var<"b"> + var<"c"> + var<"d"> <= val<100>>> {};
    CHECK(!verdant::detail::eliminated_group::make(view_of<entangled>, structure_of<entangled>, 0));
}
