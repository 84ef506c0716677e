#include <verdant/error.hpp>
#include <verdant/pareto/peeled_fronts.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"
#include "point_sets.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using namespace verdant;

TEST_CASE("Peeled fronts give an equal vector to the next front", "[pareto]") {
    const std::vector values{1.0, 2.0, 1.0, 2.0, 2.0, 1.0, 2.0, 2.0, 1.0, 3.0};
    const pareto::objective_rows rows{values, 2};
    CHECK(pareto::peeled_fronts(rows, 0).empty());
    CHECK(pareto::peeled_fronts(rows, 1) == std::vector<std::uint32_t>{0, 2});
    CHECK(pareto::peeled_fronts(rows, 2) == std::vector<std::uint32_t>{0, 2, 1});
    CHECK(pareto::peeled_fronts(rows, 3) == std::vector<std::uint32_t>{0, 2, 1, 3, 4});
    CHECK(pareto::peeled_fronts(rows, 100) == std::vector<std::uint32_t>{0, 2, 1, 3, 4});
    CHECK(pareto::peeled_fronts({std::vector<double>{}, 2}, 3).empty());
    CHECK_THROWS_AS(pareto::peeled_fronts({std::vector{0.0, std::numeric_limits<double>::quiet_NaN()}, 2}, 1), input_error);
}

TEST_CASE("Peeled fronts are those of the scan that AutoBuild does", "[pareto]") {
    random_stream random{4};
    for (std::size_t objectives = 1; objectives <= 3; ++objectives) {
        const auto values = point_sets::grid(80, objectives, 4, random);
        const pareto::objective_rows rows{values, objectives};
        std::vector<std::uint32_t> scanned, left(rows.size());
        for (std::uint32_t i = 0; i < rows.size(); ++i) left[i] = i;
        for (std::size_t f = 0; f < 4; ++f) {
            auto kept = left;
            for (std::size_t next = 0; next < kept.size(); ++next) {
                const auto p = kept[next];
                std::erase_if(kept, [&](std::uint32_t q) {
                    if (q == p) return false;
                    for (std::size_t j = 0; j < objectives; ++j)
                        if (rows.row(q)[j] < rows.row(p)[j]) return false;
                    return true;
                });
                next = static_cast<std::size_t>(std::find(kept.begin(), kept.end(), p) - kept.begin());
            }
            scanned.insert(scanned.end(), kept.begin(), kept.end());
            std::erase_if(left, [&](std::uint32_t i) { return std::find(kept.begin(), kept.end(), i) != kept.end(); });
            CHECK(pareto::peeled_fronts(rows, f + 1) == scanned);
        }
    }
}

TEST_CASE("A vector is weakly dominated by itself and by what is nowhere worse", "[pareto]") {
    const std::vector values{1.0, 2.0, 2.0, 1.0};
    const pareto::objective_rows rows{values, 2};
    CHECK(pareto::is_weakly_dominated(rows, std::array{1.0, 2.0}));
    CHECK(pareto::is_weakly_dominated(rows, std::array{3.0, 1.0}));
    CHECK_FALSE(pareto::is_weakly_dominated(rows, std::array{1.5, 1.5}));
    CHECK_FALSE(pareto::is_weakly_dominated({std::vector<double>{}, 2}, std::array{1.0, 1.0}));
}
