#include "spaces.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <vector>

using namespace test_spaces;
using verdant::detail::linear_constraint;
using verdant::detail::summed_group;

namespace {

/// Six depths with a bounded sum, a weighted sum that must be met, a sum that must be missed, a condition and a constraint on two: 5^5 * 3 * 4
/// combinations.
struct depths : space<param<"a", range<0, 4>>, param<"b", range<0, 4>>, param<"c", range<0, 4>>, param<"d", choices<4, 0, 2, 1, 3>>, param<"on", choices<0, 1, 2>>,
                      when<var<"on"> != val<0>, param<"e", range<0, 4>>>, param<"f", range<0, 3>>,
                      where<var<"a"> + var<"b"> + var<"c"> + var<"d"> + var<"e"> + var<"f"> <= val<9>>,
                      where<(var<"a"> * var<"a"> + val<2> * var<"b"> - var<"c"> > var<"f"> - val<3>)>,
                      where<var<"a"> + var<"b"> + var<"f"> != val<4>>, where<var<"c"> + var<"on"> != var<"d">>,
                      where<(val<12> / var<"c"> + var<"a"> + var<"d"> >= val<3>)>> {};
struct exact : space<param<"a", range<-3, 4>>, param<"b", range<-3, 4>>, param<"c", range<-3, 4>>, param<"d", range<-3, 4>>,
                     where<var<"a"> + var<"b"> - var<"c"> == -var<"d"> + val<2>>, where<(val<5> >= var<"a"> + var<"b"> + var<"c"> + var<"d">)>> {};

/// Twelve depths of 0 to 4 whose sum is at most 4: 1820 of 244 million combinations.
struct twelve : space<param<"d0", range<0, 4>>, param<"d1", range<0, 4>>, param<"d2", range<0, 4>>, param<"d3", range<0, 4>>, param<"d4", range<0, 4>>,
                      param<"d5", range<0, 4>>, param<"d6", range<0, 4>>, param<"d7", range<0, 4>>, param<"d8", range<0, 4>>, param<"d9", range<0, 4>>,
                      param<"d10", range<0, 4>>, param<"d11", range<0, 4>>,
                      where<var<"d0"> + var<"d1"> + var<"d2"> + var<"d3"> + var<"d4"> + var<"d5"> + var<"d6"> + var<"d7"> + var<"d8"> + var<"d9"> + var<"d10"> +
                                var<"d11"> <= val<4>>> {};

} // namespace

TEMPLATE_TEST_CASE("sums are counted exactly, for every beginning of a combination", "[space]", depths, exact) {
    const auto all = brute_force<TestType>();
    const auto& structure = structure_of<TestType>;
    REQUIRE(structure.group_count() == 1);
    const auto counted = summed_group::make(view_of<TestType>, structure, 0);
    REQUIRE(counted);
    CHECK(counted->feasible());
    CHECK(*counted->count() == all.size());
    // Weights are the numbers of completions, up to a factor: equal shares of the sum.
    for (std::size_t i = 0; i < all.size(); i += 7)
        for (std::size_t m = 0; m < all[i].size(); ++m) {
            std::vector<double> completions(view_of<TestType>.domain_size(m), 0);
            double total = 0, weight = 0;
            for (const auto& p : all) {
                if (!std::equal(p.indices().begin(), p.indices().begin() + static_cast<std::ptrdiff_t>(m), all[i].indices().begin())) continue;
                ++completions[p[m]], ++total;
            }
            const auto found = counted->weights(m, all[i]);
            for (const auto w : found) weight += w;
            for (std::size_t v = 0; v < completions.size(); ++v)
                if (completions[v] / total != Approx(found[v] / weight).epsilon(1e-12)) CHECK(completions[v] == found[v]);
        }
    random_stream random{3};
    std::map<point<TestType>, std::size_t> drawn;
    for (int i = 0; i < 40000; ++i) {
        point<TestType> p;
        counted->sample(p, random);
        REQUIRE(p.feasible());
        ++drawn[p];
    }
    CHECK(chi_square(drawn, all.size(), 40000) < chi_square_bound(all.size()));
}

TEST_CASE("twelve depths with a small sum are drawn uniformly, and every mutation changes something", "[space]") {
    const auto& set = feasible_set_of<twelve>();
    REQUIRE(set.groups().front().eliminated());
    CHECK(*count_feasible<twelve>() == 1820);
    random_stream random{5};
    std::map<point<twelve>, std::size_t> drawn;
    for (int i = 0; i < 20000; ++i) ++drawn[sample<twelve>(random)];
    CHECK(chi_square(drawn, 1820, 20000) < chi_square_bound(1820));
    for (int i = 0; i < 500; ++i) {
        const auto p = sample<twelve>(random), q = sample<twelve>(random);
        for (const auto& child : {reset_mutation{}(p, random), step_mutation{}(p, random)}) CHECK((child.feasible() && child != p));
        const auto children = uniform_crossover{}(p, q, random);
        CHECK((children.first.feasible() && children.second.feasible()));
    }
    std::size_t n = 0;
    for (const auto& p : feasible_points<twelve>()) n += p.feasible() ? 1U : 0U;
    CHECK(n == 1820);
    CHECK(ranking_of<twelve>().index_of(ranking_of<twelve>().at(1000)) == 1000);
    point<twelve> full;
    for (std::size_t i = 0; i < full.size(); ++i) full[i] = 4;
    CHECK(repair(full, random).feasible());
}

TEST_CASE("what is no sum, or a hopeless one, is told", "[space]") {
    struct odd : space<param<"a", range<0, 99>>, param<"b", range<0, 99>>, param<"c", range<0, 99>>, where<(var<"a"> * var<"b"> + var<"c"> <= val<7>)>,
                       where<(var<"a"> + var<"b"> + var<"c"> + val<1'000'000'000'000'000> >= val<7>)>, where<(var<"a"> + var<"b">) % val<2> == val<0>>,
                       where<val<2> * var<"a"> + -var<"b"> + var<"c"> <= val<7>>> {};
    CHECK(!linear_constraint::of(view_of<odd>, view_of<odd>.constraint(0)));
    CHECK(!linear_constraint::of(view_of<odd>, view_of<odd>.constraint(1)));
    CHECK(!linear_constraint::of(view_of<odd>, view_of<odd>.constraint(2)));
    const auto sum = linear_constraint::of(view_of<odd>, view_of<odd>.constraint(3));
    REQUIRE(sum);
    CHECK(sum->constant() == -7);
    CHECK((sum->values(0)[10] == 20 && sum->values(1)[10] == -10 && sum->values(2)[10] == 10));
    struct empty : space<param<"a", range<0, 9>>, param<"b", range<0, 9>>, param<"c", range<0, 9>>, where<(var<"a"> + var<"b"> + var<"c"> > val<27>)>> {};
    const auto none = summed_group::make(view_of<empty>, structure_of<empty>, 0);
    REQUIRE(none);
    CHECK((!none->feasible() && *none->count() == 0));
}
