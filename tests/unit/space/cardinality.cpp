#include "spaces.hpp"

#include "catch.hpp"

using namespace test_spaces;

TEST_CASE("cardinality is the exact product of the domains, beyond 64 bits", "[space]") {
    static_assert(cardinality<tower> == 7 * 5 * 7 * 3);
    static_assert(cardinality<fifty> > 1e180);
    // 8^200 = 2^600
    CHECK(cardinality<fifty>.to_string() == "4149515568880992958512407863691161151012446232242436899995657329690652811412908146399707048947103794288197886611300789182395151075411775307886874834113963687061181803401509523685376");
    CHECK(static_cast<double>(cardinality<fifty>) == std::ldexp(1.0, 600));
    struct decade : space<param<"x", range<1, 10>>> {};
    struct big : space<repeat<"d", 26, decade>> {};
    CHECK(cardinality<big>.to_string() == "1" + std::string(26, '0'));
    static_assert(cardinality<big> > 18446744073709551615U && cardinality<big> < 1.0000001e26 && !cardinality<big>.fits_64());
}

TEMPLATE_TEST_CASE("the feasible count is what enumeration finds", "[space]", tower, conv, stem, net, diagonal, single) {
    std::size_t n = 0;
    for (auto p = feasible_points<TestType>().begin(); p != std::default_sentinel; ++p) ++n;
    CHECK(count_feasible<TestType>() == n);
    CHECK(cardinality<TestType> >= n);
}
