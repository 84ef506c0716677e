#include <verdant/error.hpp>
#include <verdant/pareto/front_filter.hpp>
#include <verdant/pareto/non_dominated_sort.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"
#include "point_sets.hpp"

#include <cstdint>
#include <limits>
#include <vector>

using namespace verdant;
using pareto::equal_vectors;

TEST_CASE("Fronts keep one, all or none of equal vectors", "[pareto]") {
    const std::vector values{1.0, 2.0, 1.0, 2.0, 2.0, 1.0, 2.0, 2.0, 1.0, 3.0};
    const pareto::objective_rows rows{values, 2};
    CHECK(pareto::front_indices(rows) == std::vector<std::uint32_t>{0, 2});
    CHECK(pareto::front_indices(rows, equal_vectors::keep_all) == std::vector<std::uint32_t>{0, 1, 2});
    CHECK(pareto::front_indices(rows, equal_vectors::keep_none) == std::vector<std::uint32_t>{2});
    CHECK(pareto::without_repeats(rows) == std::vector<std::uint32_t>{0, 2, 3, 4});
}

TEST_CASE("A front that keeps equal vectors is the first front of the sort", "[pareto]") {
    random_stream random{11};
    for (std::size_t objectives = 1; objectives <= 5; ++objectives) {
        const auto values = point_sets::grid(150, objectives, 5, random);
        const auto ranks = pareto::non_dominated_ranks({values, objectives});
        std::vector<std::uint32_t> first;
        for (std::uint32_t i = 0; i < ranks.size(); ++i)
            if (ranks[i] == 0) first.push_back(i);
        CHECK(pareto::front_indices({values, objectives}, equal_vectors::keep_all) == first);
    }
}

TEST_CASE("A front of nothing is empty, one with NaN is refused", "[pareto]") {
    CHECK(pareto::front_indices({std::vector<double>{}, 2}).empty());
    CHECK_THROWS_AS(pareto::front_indices({std::vector{0.0, std::numeric_limits<double>::quiet_NaN()}, 2}), input_error);
}
