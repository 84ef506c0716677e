#include <verdant/optimizer/evolution/rank_and_crowding.hpp>

#include "catch.hpp"

#include <cstdint>
#include <limits>
#include <vector>

using namespace verdant;

namespace {

const double inf = std::numeric_limits<double>::infinity();

survivors survive(const std::vector<double>& values, const std::vector<double>& violations, std::size_t keep) {
    survivors kept;
    rank_and_crowding{}({values, 2}, violations, keep, kept);
    return kept;
}

} // namespace

TEST_CASE("Whole fronts survive while they fit, then the least crowded", "[optimizer]") {
    // Vectors 0 to 4 are the first front, 5 and 6 the second; of the first, 3 lies nearest to its neighbours.
    const std::vector values{0.0, 10.0, 2.0, 8.0, 6.0, 4.0, 7.0, 3.0, 10.0, 0.0, 7.0, 9.0, 11.0, 5.0};
    const auto all = survive(values, {}, 7);
    CHECK(all.indices == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6});
    CHECK(all.ranks == std::vector<std::uint32_t>{0, 0, 0, 0, 0, 1, 1});
    CHECK(all.crowding[0] == inf);
    CHECK(all.crowding[1] == Approx(1.2).margin(1e-15));
    CHECK(all.crowding[3] == Approx(0.8).margin(1e-15));
    CHECK(survive(values, {}, 4).indices == std::vector<std::uint32_t>{0, 1, 2, 4});
    CHECK(survive(values, {}, 3).indices == std::vector<std::uint32_t>{0, 1, 4});
    CHECK(survive(values, {}, 0).indices.empty());
    CHECK(survive(values, {}, 99).indices.size() == 7);
}

TEST_CASE("Infeasible vectors survive in the order of their violations, after all feasible ones", "[optimizer]") {
    const std::vector values{0.0, 0.0, 5.0, 5.0, 1.0, 1.0, 9.0, 9.0};
    const std::vector violations{2.0, 0.0, 1.0, 0.0};
    const auto kept = survive(values, violations, 4);
    CHECK(kept.indices == std::vector<std::uint32_t>{1, 3, 2, 0});
    CHECK(kept.ranks == std::vector<std::uint32_t>{0, 1, 2, 3});
}
