#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/optimizer/evolution/reference_directions.hpp>

#include <cstddef>
#include <numeric>
#include <vector>

using namespace verdant;
using Catch::Contains;

TEST_CASE("Directions are all shares of a whole, in order", "[optimizer]") {
    const auto made = das_dennis_directions(3, 2);
    CHECK(made.values == std::vector<double>{0, 0, 1, 0, 0.5, 0.5, 0, 1, 0, 0.5, 0, 0.5, 0.5, 0.5, 0, 1, 0, 0});
    CHECK(das_dennis_directions(1, 7).values == std::vector<double>{1});
    CHECK(das_dennis_directions(2, 4).values == std::vector<double>{0, 1, 0.25, 0.75, 0.5, 0.5, 0.75, 0.25, 1, 0});
}

TEST_CASE("There are as many directions as published", "[optimizer]") {
    // Deb and Jain 2014, table I.
    const std::vector<std::vector<std::size_t>> table{{3, 91}, {5, 210}, {8, 156}, {10, 275}, {15, 135}};
    for (const auto& row : table) {
        const auto [outer, inner] = published_divisions(row[0]);
        const auto made = das_dennis_directions(row[0], outer, inner);
        CHECK(made.size() == row[1]);
        for (std::size_t i = 0; i < made.size(); ++i) CHECK(std::accumulate(made.row(i), made.row(i) + row[0], 0.0) == Approx(1));
    }
    CHECK(das_dennis_directions(2, published_divisions(2).first).size() == 40);
}

TEST_CASE("The inner layer lies halfway to the centre", "[optimizer]") {
    const auto made = das_dennis_directions(2, 1, 1);
    CHECK(made.values == std::vector<double>{0, 1, 1, 0, 0.25, 0.75, 0.75, 0.25});
}

TEST_CASE("Directions that cannot be are refused", "[optimizer]") {
    CHECK_THROWS_WITH(das_dennis_directions(0, 3), Contains("objectives: expected at least 1"));
    CHECK_THROWS_WITH(das_dennis_directions(3, 0), Contains("divisions: expected at least 1"));
    CHECK_THROWS_WITH(das_dennis_directions(20, 20, 0, "nsga3"), Contains("nsga3") && Contains("at most 100000 directions"));
}
