#include "spaces.hpp"

#include "catch.hpp"

#include <array>
#include <cstdlib>
#include <set>

using namespace test_spaces;

namespace {

/// What every mutation promises.
template <class S, class Mutation>
void check_mutation(const Mutation& mutate, bool can_differ) {
    random_stream random{17};
    for (int i = 0; i < 300; ++i) {
        const auto parent = sample<S>(random);
        const auto child = mutate(parent, random);
        REQUIRE(child.feasible());
        CHECK((child != parent) == can_differ);
    }
}

template <class S, class Crossover>
void check_crossover(const Crossover& cross) {
    random_stream random{18};
    bool mixed = false;
    for (int i = 0; i < 300; ++i) {
        const auto a = sample<S>(random), b = sample<S>(random);
        const auto [c, d] = cross(a, b, random);
        REQUIRE(c.feasible());
        REQUIRE(d.feasible());
        // Where no constraint interferes, the children share out what the parents have.
        for (const auto p : feasible_set_of<S>().free_parameters()) CHECK(((c[p] == a[p] && d[p] == b[p]) || (c[p] == b[p] && d[p] == a[p])));
        mixed = mixed || (c != a && c != b);
        const auto [e, f] = cross(a, a, random);
        CHECK(e == a);
        CHECK(f == a);
    }
    CHECK(mixed);
}

} // namespace

TEMPLATE_TEST_CASE("mutants are feasible and differ from their parent", "[space]", tower, conv, net, diagonal, fifty, chain<60>) {
    check_mutation<TestType>(reset_mutation{}, true);
    check_mutation<TestType>(reset_mutation{.rate = 0.5}, true);
    check_mutation<TestType>(step_mutation{}, true);
    check_mutation<TestType>(step_mutation{.rate = 1, .reach = 3}, true);
}

TEMPLATE_TEST_CASE("plain mutation draws parameters anew, each from its whole domain, and stays feasible", "[space]", tower, conv, net, diagonal, fifty) {
    random_stream random{19};
    int same = 0, other = 0;
    for (int i = 0; i < 400; ++i) {
        const auto parent = sample<TestType>(random);
        const auto child = plain_mutation{}(parent, random);
        REQUIRE(child.feasible());
        ++(child == parent ? same : other);
    }
    CHECK(same > 0);
    CHECK(other > 0);
}

TEST_CASE("at a rate of 1, plain mutation gives all values of a free parameter alike, the old one among them", "[space]") {
    struct four : space<param<"x", choices<1, 2, 3, 4>>> {};
    random_stream random{20};
    std::array<int, 4> seen{};
    for (int i = 0; i < 4000; ++i) ++seen[plain_mutation{.rate = 1}(point<four>{}, random)[0]];
    for (const int n : seen) CHECK(std::abs(n - 1000) < 120); // four standard deviations are 110
}

TEST_CASE("where only one point is feasible, mutation gives it back", "[space]") { check_mutation<single>(reset_mutation{}, false); }

TEST_CASE("mutation finds the one parameter that can vary among many that cannot", "[space]") {
    struct fixed_part : space<param<"x", choices<1>>> {};
    struct lonely : space<repeat<"f", 150, fixed_part>, param<"free", flag>, repeat<"g", 49, fixed_part>> {};
    check_mutation<lonely>(reset_mutation{}, true);
    struct pinned : space<repeat<"s", 60, single>, nest<"d", diagonal>> {};
    check_mutation<pinned>(reset_mutation{}, true);
}

TEST_CASE("mutation reaches every feasible point", "[space]") {
    std::set<point<stem>> seen;
    random_stream random{5};
    point<stem> p = sample<stem>(random);
    for (int i = 0; i < 40000; ++i) seen.insert(p = reset_mutation{}(p, random));
    CHECK(seen.size() == brute_force<stem>().size());
}

TEST_CASE("without constraints, each parameter changes as often as the rate says", "[space]") {
    struct open : space<param<"a", range<0, 9>>, param<"b", range<0, 9>>, param<"c", range<0, 9>>, param<"d", range<0, 9>>> {};
    random_stream random{6};
    const point<open> parent{};
    std::size_t changes = 0;
    std::map<int, std::size_t> values;
    constexpr std::size_t n = 20000;
    for (std::size_t i = 0; i < n; ++i) {
        const auto child = reset_mutation{.rate = 0.6}(parent, random);
        for (std::size_t p = 0; p < 4; ++p) changes += child[p] != 0 ? 1 : 0;
        if (child[0] != 0) ++values[child[0]];
    }
    // A mutation in which nothing changed is tried again, so the rate is conditional on a change; seven standard deviations.
    const auto expected = 0.6 / (1 - std::pow(0.4, 4));
    CHECK(static_cast<double>(changes) / (4.0 * n) == Approx(expected).margin(7 * 0.5 / std::sqrt(4.0 * n)));
    std::size_t total = 0;
    for (const auto& [v, count] : values) total += count;
    CHECK(chi_square(values, 9, total) < chi_square_bound(9));
}

TEST_CASE("steps stay within their reach", "[space]") {
    struct line : space<param<"a", range<0, 99>>> {};
    random_stream random{7};
    for (int i = 0; i < 2000; ++i) {
        const auto p = sample<line>(random);
        const auto q = step_mutation{.rate = 1, .reach = 3}(p, random);
        const auto distance = std::abs(q.get<"a">() - p.get<"a">());
        CHECK(distance >= 1);
        CHECK(distance <= 3);
    }
}

TEMPLATE_TEST_CASE("children are feasible and made of their parents", "[space]", tower, net, fifty, chain<60>) {
    check_crossover<TestType>(uniform_crossover{});
    check_crossover<TestType>(one_point_crossover{});
    check_crossover<TestType>(two_point_crossover{});
}

TEST_CASE("mutation of a long chain stays near its parent", "[space]") {
    random_stream random{8};
    std::size_t changed = 0, unrelated = 0;
    for (int i = 0; i < 200; ++i) {
        const auto p = sample<chain<200>>(random), q = step_mutation{}(p, random), r = sample<chain<200>>(random);
        for (std::size_t k = 0; k < p.size(); ++k) {
            changed += p[k] != q[k] ? 1 : 0;
            unrelated += p[k] != r[k] ? 1 : 0;
        }
    }
    CHECK(3 * changed < unrelated);
}

TEMPLATE_TEST_CASE("neighbours are the feasible points one parameter away", "[space]", tower, conv, diagonal, single) {
    const auto all = brute_force<TestType>();
    for (std::size_t k = 0; k < all.size(); k += 11) {
        const auto& p = all[k];
        const auto found = neighbours(p);
        std::set<point<TestType>> expected;
        for (std::size_t i = 0; i < p.size(); ++i)
            for (std::size_t v = 0; v < view_of<TestType>.domain_size(i); ++v) {
                auto q = p;
                q[i] = static_cast<std::uint8_t>(v);
                q.canonicalise();
                if (q.feasible() && q != p) expected.insert(q);
            }
        CHECK(std::set<point<TestType>>(found.begin(), found.end()) == expected);
        CHECK(found.size() == expected.size());
        for (const auto& q : neighbours(p, 1)) CHECK(expected.contains(q));
    }
}

TEST_CASE("the same seed gives the same mutants", "[space]") {
    random_stream a{1}, b{1};
    auto p = sample<net>(a), q = sample<net>(b);
    for (int i = 0; i < 100; ++i) CHECK((p = reset_mutation{}(p, a)) == (q = reset_mutation{}(q, b)));
}
