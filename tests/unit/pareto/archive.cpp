#include <verdant/error.hpp>
#include <verdant/pareto/archive.hpp>
#include <verdant/pareto/front_filter.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"
#include "point_sets.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

using namespace verdant;
using pareto::equal_vectors;

TEST_CASE("An archive holds the front of what was inserted, whatever becomes of equal vectors", "[pareto]") {
    random_stream random{10};
    for (const auto policy : {equal_vectors::keep_first, equal_vectors::keep_all, equal_vectors::keep_none})
        for (std::size_t objectives = 1; objectives <= 4; ++objectives) {
            const auto values = point_sets::grid(120, objectives, 6, random);
            const pareto::objective_rows rows{values, objectives};
            pareto::archive<std::uint32_t> archive{objectives, policy};
            for (std::uint32_t i = 0; i < rows.size(); ++i) archive.insert(i, rows[i]);
            CHECK(archive.values() == pareto::front_indices(rows, policy));
            for (std::size_t k = 0; k < archive.size(); ++k)
                CHECK(std::equal(archive.rows()[k].begin(), archive.rows()[k].end(), rows[archive.values()[k]].begin()));
        }
}

TEST_CASE("An archive prefers the least violation, then drops all infeasible members", "[pareto]") {
    pareto::archive<int> archive{2};
    CHECK(archive.insert(1, std::array{0.0, 0.0}, 2.0));
    CHECK(archive.insert(2, std::array{9.0, 9.0}, 1.0));
    CHECK_FALSE(archive.insert(3, std::array{0.0, 0.0}, 1.5));
    CHECK(archive.values() == std::vector{2});
    CHECK(archive.insert(4, std::array{5.0, 5.0}));
    CHECK(archive.values() == std::vector{4});
    CHECK_FALSE(archive.insert(5, std::array{0.0, 0.0}, 1e-9));
    CHECK(archive.insert(6, std::array{0.0, 6.0}));
    CHECK(archive.size() == 2);
    archive.clear();
    CHECK(archive.empty());
    CHECK(archive.insert(7, std::array{9.0, 9.0}));
}

TEST_CASE("An archive refuses a NaN and a wrong length", "[pareto]") {
    pareto::archive<int> archive{2};
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(archive.insert(1, std::array{0.0, nan}), input_error);
    CHECK_THROWS_AS(archive.insert(1, std::array{0.0, 0.0}, nan), input_error);
    CHECK_THROWS_AS(archive.insert(1, std::array{0.0}), input_error);
    CHECK_THROWS_AS(pareto::archive<int>{0}, input_error);
    CHECK(archive.empty());
}
