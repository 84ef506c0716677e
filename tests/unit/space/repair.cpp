#include "spaces.hpp"

#include "catch.hpp"

#include <tuple>

using namespace test_spaces;

namespace {

template <class S>
point<S> anything(random_stream& random) {
    point<S> p;
    for (std::size_t k = 0; k < p.size(); ++k) p[k] = static_cast<typename point<S>::index_type>(random.below(view_of<S>.domain_size(k)));
    return p;
}

/// How far apart points are: changed parameters, then index distances, then the order of the target.
template <class S>
auto distance(const point<S>& from, const point<S>& to) {
    std::size_t changed = 0, moved = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        changed += from[i] != to[i] ? 1 : 0;
        moved += static_cast<std::size_t>(std::abs(int{from[i]} - int{to[i]}));
    }
    return std::tuple{changed, moved, to};
}

} // namespace

TEMPLATE_TEST_CASE("repair gives feasible points, keeps feasible ones, and is idempotent", "[space]", tower, conv, net, diagonal, single, fifty, chain<60>) {
    random_stream random{31};
    for (int i = 0; i < 400; ++i) {
        const auto p = anything<TestType>(random);
        const auto q = repair(p, random);
        REQUIRE(q.feasible());
        CHECK(repair(q, random) == q);
        const auto s = sample<TestType>(random);
        CHECK(repair(s, random) == s);
    }
}

// Spaces whose constrained parameters form one group, so that the nearest point of the space is the nearest of the group.
TEMPLATE_TEST_CASE("repair moves to the nearest feasible point", "[space]", tower, diagonal, four, single) {
    const auto all = brute_force<TestType>();
    random_stream random{32};
    for (int i = 0; i < 60; ++i) {
        const auto p = anything<TestType>(random);
        auto best = all.front();
        for (const auto& q : all)
            if (distance(p, q) < distance(p, best)) best = q;
        CHECK(repair(p, random) == best);
    }
}

TEST_CASE("repair does not touch groups that fit", "[space]") {
    random_stream random{33};
    for (int i = 0; i < 50; ++i) {
        auto p = sample<fifty>(random);
        const auto before = p;
        for (std::size_t k = 80; k < 84; ++k) p[k] = k < 82 ? 7 : 0; // group 20: 8 * 8 <= 1 * 1
        const auto q = repair(p, random);
        for (std::size_t k = 0; k < p.size(); ++k)
            if (k < 80 || k >= 84) CHECK(q[k] == before[k]);
    }
}
