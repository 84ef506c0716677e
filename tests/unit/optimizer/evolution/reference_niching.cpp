#include "catch.hpp"

#include <verdant/optimizer/evolution/reference_niching.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

using namespace verdant;

namespace {

std::set<std::uint32_t> as_set(std::span<const std::uint32_t> indices) { return {indices.begin(), indices.end()}; }

} // namespace

TEST_CASE("Of a front that does not fit those survive that are nearest to empty directions", "[optimizer]") {
    // Directions (0, 1), (0.5, 0.5), (1, 0); the extreme vectors give intercepts of 1 and 1.
    const std::vector<double> rows{0, 1, 0.1, 0.9, 0.45, 0.54, 0.7, 0.4, 1, 0};
    random_stream random{3};
    reference_niching select{das_dennis_directions(2, 2)};
    CHECK(as_set(select({rows, 2}, {}, 3, random)) == std::set<std::uint32_t>{0, 2, 4});
    CHECK(select.scale()[0] == Approx(1));
    CHECK(select.ideal() == std::vector<double>{0, 0});
    CHECK(select.distances()[2] == Approx((0.54 - 0.45) / std::sqrt(2.0)));
    // In other units nothing changes.
    auto scaled = rows;
    for (std::size_t i = 0; i < scaled.size(); i += 2) scaled[i] = 1000 * scaled[i] + 7;
    reference_niching again{das_dennis_directions(2, 2)};
    CHECK(as_set(again({scaled, 2}, {}, 3, random)) == std::set<std::uint32_t>{0, 2, 4});
    CHECK(again.scale()[0] == Approx(1000));
}

TEST_CASE("Survivors of whole fronts count at their directions", "[optimizer]") {
    // The first front is (0.5, 0.5) and stands at the diagonal; of the second the ones at the axes have empty directions.
    const std::vector<double> rows{0.5, 0.5, 0.6, 0.7, 0.5, 2, 2, 0.5};
    random_stream random{1};
    reference_niching select{das_dennis_directions(2, 2)};
    select.restore({0, 0});
    const auto kept = select({rows, 2}, {}, 3, random);
    CHECK(kept[0] == 0);
    CHECK(as_set(kept) == std::set<std::uint32_t>{0, 2, 3});
}

TEST_CASE("What breaks constraints survives by how little, and moves no measure", "[optimizer]") {
    const std::vector<double> rows{1, 1, -5, -5, -6, -6, 2, 0.5};
    const std::vector<double> violations{0, 0.2, 0.1, 0};
    random_stream random{1};
    reference_niching select{das_dennis_directions(2, 2)};
    const auto kept = select({rows, 2}, violations, 3, random);
    CHECK(as_set(kept) == std::set<std::uint32_t>{0, 2, 3});
    CHECK(select.ideal() == std::vector<double>{1, 0.5});
    CHECK(select({rows, 2}, violations, 9, random).size() == 4);
}

TEST_CASE("Extreme vectors that span no plane leave the extent of the front", "[optimizer]") {
    // One vector is extreme along both axes.
    const std::vector<double> rows{1, 1, 1, 1, 1, 1};
    random_stream random{1};
    reference_niching select{das_dennis_directions(2, 2)};
    CHECK(select({rows, 2}, {}, 2, random).size() == 2);
    CHECK(select.scale()[0] == 1);
    CHECK(detail::solve_for_ones({2, 0, 0, 4}, 2) == std::vector<double>{0.5, 0.25});
    CHECK(detail::solve_for_ones({0, 1, 1, 1}, 2) == std::vector<double>{0, 1});
    CHECK(detail::solve_for_ones({1, 2, 2, 4}, 2).empty());
}

TEST_CASE("Places are shared evenly among directions that have enough", "[optimizer]") {
    // One front; four vectors near each of (0, 1) and (0.5, 0.5), one at (1, 0).
    std::vector<double> rows{1, 0};
    for (const double x : {0.0, 0.01, 0.02, 0.03, 0.49, 0.5, 0.505, 0.51}) rows.insert(rows.end(), {x, 1 - x});
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        random_stream random{seed};
        reference_niching select{das_dennis_directions(2, 2)};
        const auto kept = as_set(select({rows, 2}, {}, 7, random));
        CHECK(kept.size() == 7);
        CHECK((kept.contains(0) && kept.contains(1) && kept.contains(6))); // the nearest of each come first
        const auto near_axis = std::count_if(kept.begin(), kept.end(), [](std::uint32_t i) { return i >= 1 && i <= 4; });
        CHECK(near_axis == 3);
    }
}
