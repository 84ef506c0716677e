#include "spaces.hpp"

#include "catch.hpp"

#include <type_traits>

using namespace test_spaces;

TEMPLATE_TEST_CASE("samples are feasible and uniform over the feasible points", "[space]", tower, conv, stem, diagonal) {
    const auto all = brute_force<TestType>();
    const auto draws = 200 * all.size();
    random_stream random{11};
    std::map<point<TestType>, std::size_t> counts;
    for (std::size_t d = 0; d < draws; ++d) ++counts[sample<TestType>(random)];
    for (const auto& [p, n] : counts) CHECK(p.feasible());
    CHECK(counts.size() == all.size());
    CHECK(chi_square(counts, all.size(), draws) < chi_square_bound(all.size()));
}

TEST_CASE("the test of uniformity would notice a bias of a tenth", "[space]") {
    random_stream random{3};
    std::map<std::uint64_t, std::size_t> counts;
    constexpr std::size_t cells = 50, draws = 200 * 2000;
    for (std::size_t d = 0; d < draws; ++d) ++counts[random.chance(0.9) ? random.below(cells) : random.below(cells / 2)];
    CHECK(chi_square(counts, cells, draws) > chi_square_bound(cells));
}

TEST_CASE("the same seed gives the same samples", "[space]") {
    random_stream a{7}, b{7}, c{8};
    std::size_t different = 0;
    for (int i = 0; i < 100; ++i) {
        const auto p = sample<net>(a);
        CHECK(p == sample<net>(b));
        different += p != sample<net>(c) ? 1 : 0;
    }
    CHECK(different > 50);
}

TEST_CASE("200 parameters in 50 groups are sampled group by group", "[space]") {
    static_assert(parameter_count<fifty> == 200);
    static_assert(valid<fifty>);
    random_stream random{5};
    for (int i = 0; i < 200; ++i) CHECK(sample<fifty>(random).feasible());
    const auto one = count_feasible<four>();
    REQUIRE(one);
    natural<40> power{1};
    for (int i = 0; i < 50; ++i) power.multiply(one->low_64());
    CHECK(count_feasible<fifty>() == power);
}

TEST_CASE("a chain of 200 parameters is sampled uniformly by counting", "[space]") {
    static_assert(valid<chain<200>>);
    // By symmetry (x -> 7 - x, order reversed), the middle pair averages 3.5; and multisets of size 200 of 8 values give P(x0 = 0) = 200 / 207.
    random_stream random{9};
    constexpr int draws = 4000;
    double middle = 0;
    int zero = 0;
    for (int i = 0; i < draws; ++i) {
        const auto p = sample<chain<200>>(random);
        REQUIRE(p.feasible());
        middle += p[99] + p[100];
        zero += p[0] == 0 ? 1 : 0;
    }
    // Seven standard deviations: of a sum within [0, 14], and of a binomial variable.
    CHECK(middle / draws == Approx(7).margin(7 * 7.0 / std::sqrt(draws)));
    CHECK(zero / double{draws} == Approx(200.0 / 207).margin(7 * std::sqrt(200.0 / 207 * 7 / 207 / draws)));
}

TEST_CASE("what cannot be enumerated or counted is drawn by rejection, with a known acceptance rate", "[space]") {
    struct entangled : space<param<"a", range<0, 99>>, param<"b", range<0, 99>>, param<"c", range<0, 99>>, param<"d", range<0, 99>>,
                             where<(var<"a"> + var<"b"> * var<"c"> + var<"d">) % val<4> == val<0>>> {};
    const auto& set = feasible_set_of<entangled>();
    REQUIRE(set.groups().size() == 1);
    CHECK(!set.groups().front().enumerated());
    CHECK(!set.groups().front().eliminated());
    CHECK(!count_feasible<entangled>());
    // A quarter, within seven standard deviations.
    CHECK(set.acceptance_rate(set.groups().front(), 40000, random_stream{2}) == Approx(0.25).margin(7 * std::sqrt(0.25 * 0.75 / 40000)));
    random_stream random{1};
    std::map<int, std::size_t> residues;
    for (int i = 0; i < 20000; ++i) {
        const auto p = sample<entangled>(random);
        REQUIRE(p.feasible());
        ++residues[p.get<"a">() % 4];
    }
    CHECK(chi_square(residues, 4, 20000) < chi_square_bound(4));
}

TEST_CASE("acceptance rates of enumerated groups are exact", "[space]") {
    const auto& set = feasible_set_of<diagonal>();
    CHECK(set.acceptance_rate(set.groups().front(), 0, random_stream{}) == Approx(6.0 / 216).epsilon(1e-15));
}

TEST_CASE("a space without a feasible point throws an error that names the parameters", "[space]") {
    // Two even numbers never have an odd sum; the compile-time search gives up before it has tried all of them.
    struct impossible : space<param<"a", range<0, 198, 2>>, param<"b", range<0, 198, 2>>, param<"c", range<0, 9>>,
                              where<(var<"a"> + var<"b">) % val<2> == val<1>>> {};
    static_assert(feasibility_of<impossible> == feasibility::undecided);
    random_stream random{1};
    CHECK_THROWS_WITH(sample<impossible>(random), "verdant: no combination of a, b satisfies the constraints");
    CHECK_THROWS_AS(sample<impossible>(random), infeasible_error);
}

TEST_CASE("free parameters and groups are told apart", "[space]") {
    const auto& set = feasible_set_of<tower>();
    REQUIRE(set.free_parameters().size() == 1);
    CHECK(set.free_parameters()[0] == 3);
    CHECK(set.group_of(3) == nullptr);
    CHECK(set.group_of(0) == set.group_of(2));
    CHECK(&set == &feasible_set_of<tower>());
}
