#include "spaces.hpp"

#include "catch.hpp"

using namespace test_spaces;

TEMPLATE_TEST_CASE("a group contains what the constraints allow", "[space]", tower, conv, net, stem, four, chain<60>) {
    const auto& set = feasible_set_of<TestType>();
    random_stream random{51};
    std::size_t inside = 0;
    for (int i = 0; i < 3000; ++i) {
        // Half of them feasible but for one parameter, so that both answers come up.
        auto p = sample<TestType>(random);
        const auto k = static_cast<std::size_t>(random.below(p.size()));
        p[k] = static_cast<std::uint8_t>(random.below(view_of<TestType>.domain_size(k)));
        bool all = true;
        for (const auto& group : set.groups()) all = all && group.contains(p);
        CHECK(all == p.feasible());
        inside += all ? 1 : 0;
    }
    CHECK(inside > 0);
    CHECK(inside < 3000);
}

TEST_CASE("an enumerated group ranks its combinations", "[space]") {
    const auto& group = feasible_set_of<tower>().groups().front();
    REQUIRE(group.enumerated());
    point<tower> p;
    for (std::size_t r = 0; r < group.count(); ++r) {
        group.assign(r, p);
        CHECK(p.feasible());
        CHECK(group.allowed(group.rank(p)));
        CHECK(group.row_of(group.rank(p)) == r);
        for (std::size_t m = 0; m < group.members().size(); ++m) CHECK(group.row(r, m) == p[group.members()[m]]);
    }
    CHECK(group.exact_count() == group.count());
}

TEST_CASE("large groups are counted exactly as long as doubles are exact", "[space]") {
    // Multisets of size n out of 8 values: (n + 7 choose 7).
    const auto multisets = [](std::uint64_t n) {
        std::uint64_t c = 1;
        for (std::uint64_t k = 1; k <= 7; ++k) c = c * (n + k) / k;
        return c;
    };
    CHECK(count_feasible<chain<60>>() == multisets(60));
    CHECK(count_feasible<chain<200>>() == multisets(200));
    struct many : space<nest<"c", chain<200>>, param<"x", range<1, 1000>>, nest<"d", chain<200>>> {};
    natural<8> product{1000};
    product.multiply(multisets(200)).multiply(multisets(200));
    CHECK(count_feasible<many>() == product);
    struct layer : space<param<"x", range<0, 7>>> {};
    struct huge : space<param<"on", flag>, when<var<"on">, repeat<"l", 60, layer>>> {};
    CHECK(!count_feasible<huge>()); // 8^60 + 1 does not fit
}
