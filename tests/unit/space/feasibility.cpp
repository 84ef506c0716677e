#include "spaces.hpp"

#include "catch.hpp"

using namespace test_spaces;

TEST_CASE("the compile-time search decides what it can and says when it cannot", "[space]") {
    struct never : space<param<"a", range<0, 9>>, param<"b", range<0, 9>>, where<var<"a"> + var<"b"> == val<19>>> {};
    struct contradicted_by_condition : space<param<"on", flag>, when<var<"on">, param<"x", range<1, 4>>>, where<var<"x"> == val<4> && !var<"on">>> {};
    struct hidden : space<param<"a", range<0, 999>>, param<"b", range<0, 999>>, param<"c", range<0, 999>>, where<var<"a"> * var<"b"> * var<"c"> == val<997002999>>> {};
    static_assert(feasibility_of<never> == feasibility::infeasible);
    static_assert(feasibility_of<contradicted_by_condition> == feasibility::infeasible);
    static_assert(feasibility_of<hidden> == feasibility::undecided); // 999^3, the last combination
    static_assert(feasibility_of<net> == feasibility::feasible);
    static_assert(feasibility_of<chain<200>> == feasibility::feasible);
    CHECK(feasibility_of<fifty> == feasibility::feasible);
}

TEST_CASE("one impossible group among many makes a space infeasible", "[space]") {
    struct never : space<param<"a", range<0, 9>>, where<(var<"a"> > val<9>)>> {};
    struct with_one : space<nest<"good", fifty>, nest<"bad", never>> {};
    CHECK(feasibility_of<with_one> == feasibility::infeasible);
}

TEST_CASE("a constraint that is always undefined is never satisfied", "[space]") {
    struct by_zero : space<param<"a", range<0, 9>>, where<var<"a"> / val<0> == val<0>>> {};
    struct overflowing : space<param<"a", range<1, 9>>, where<(var<"a"> * val<INT64_MAX> + val<1> > val<0>)>> {};
    CHECK(feasibility_of<by_zero> == feasibility::infeasible);
    CHECK(feasibility_of<overflowing> == feasibility::infeasible);
}

TEST_CASE("constraints under an undefined condition do not apply", "[space]") {
    struct divided : space<param<"a", range<0, 2>>, param<"b", range<0, 2>>,
                           when<val<2> / var<"a"> == val<1>, param<"c", range<1, 3>>, where<var<"c"> == val<3>>>> {};
    // a = 0: 2 / a is undefined, so c does not exist; a = 1: neither; a = 2: c is 3.
    CHECK(point<divided>{}.feasible());
    CHECK(!point<divided>{}.with<"c", 3>().feasible());
    CHECK(!point<divided>{}.with<"a", 2>().feasible());
    CHECK(point<divided>{}.with<"a", 2>().with<"c", 3>().feasible());
    CHECK(count_feasible<divided>() == 9U);
}
