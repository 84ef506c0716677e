#include "spaces.hpp"

#include "catch.hpp"

#include <string>

using namespace test_spaces;

TEST_CASE("a point that is not feasible names the first constraint that it breaks", "[space]") {
    CHECK(broken_constraint(point<tower>{}).empty());
    CHECK(broken_constraint(point<tower>{}.with<"heads", 7>()) == "width % heads == 0");
    CHECK(broken_constraint(point<tower>{}.with<"width", 768>().with<"layers", 12>()) == "width * layers <= 6000");
    CHECK(broken_constraint(point<conv>{}.with<"kind", "grouped">().with<"width", 16>()) == "groups != 1 when kind != none && kind == grouped");
    CHECK(broken_constraint(point<conv>{}.with<"kind", "none">().with<"width", 16>()) == "width=16 only where kind != none");
    random_stream random{4};
    point<net> p;
    for (int i = 0; i < 1000; ++i) {
        for (std::size_t k = 0; k < p.size(); ++k) p[k] = static_cast<point<net>::index_type>(random.below(view_of<net>.domain_size(k)));
        if (i % 2 == 0) p.canonicalise();
        CHECK(broken_constraint(p).empty() == p.feasible());
    }
}

TEST_CASE("a point that is required to be feasible is refused by its source, its place and the constraint", "[space]") {
    CHECK_NOTHROW(require_feasible(point<tower>{}, "baseline.txt", "line 2"));
    CHECK_THROWS_WITH(require_feasible(point<tower>{}.with<"heads", 7>(), "baseline.txt", "line 2"),
                      "verdant: baseline.txt, line 2: expected a feasible point, found layers=6 width=384 heads=7 mlp=2, which breaks width % heads == 0");
}
