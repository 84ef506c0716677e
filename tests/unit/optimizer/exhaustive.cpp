#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/exhaustive.hpp>

#include <algorithm>

using engine = verdant::exhaustive_search::engine<laws::law_space, laws::law_goals>;

TEST_CASE("exhaustive search visits each feasible point once, in order, then ends", "[optimizer]") {
    std::vector<laws::law_point> expected;
    // Every combination of indices, tested by itself: 6 widths, 4 heads, 5 values of what exists at 2 heads.
    for (unsigned width = 0; width < 6; ++width)
        for (unsigned heads = 0; heads < 4; ++heads)
            for (unsigned shared = 0; shared < (heads == 1 ? 5U : 1U); ++shared)
                if ((2 * width + 2) % (heads + 1) == 0) expected.push_back(laws::law_point::from_indices(std::array{width, heads, shared}));
    std::sort(expected.begin(), expected.end());

    for (const std::size_t batch : {1U, 7U, 1000U}) {
        engine every{{}};
        verdant::random_stream random{0};
        std::vector<laws::law_point> visited;
        for (;;) {
            const auto points = every.ask(random, batch);
            if (points.empty()) break;
            visited.insert(visited.end(), points.begin(), points.end());
        }
        REQUIRE(visited == expected);
        REQUIRE(every.ask(random, batch).empty());
        REQUIRE(random == verdant::random_stream{0});
    }
}

TEST_CASE("a copy of an exhaustive search goes on where the original stands", "[optimizer]") {
    engine one{{.batch = 5}};
    verdant::random_stream random{0};
    REQUIRE(one.preferred_batch() == 5);
    REQUIRE(one.ask(random, 5).size() == 5);
    auto copy = one;
    REQUIRE(copy.ask(random, 9) == one.ask(random, 9));
}
