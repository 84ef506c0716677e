#include <verdant/pareto/growing_hypervolume.hpp>

#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>

#include <cstddef>
#include <limits>
#include <vector>

namespace vp = verdant::pareto;

TEST_CASE("a growing hypervolume is that of all vectors so far", "[pareto]") {
    verdant::random_stream random{7};
    for (std::size_t width = 1; width <= 6; ++width) {
        const std::vector<double> reference(width, 0.8);
        vp::growing_hypervolume growing{reference};
        std::vector<double> all;
        for (int i = 0; i < 60; ++i) {
            std::vector<double> vector(width);
            for (auto& v : vector) v = static_cast<double>(random.below(12)) / 12; // with equal coordinates, equal vectors, and some beyond the reference
            all.insert(all.end(), vector.begin(), vector.end());
            const auto whole = vp::hypervolume({all, width}, reference);
            REQUIRE(growing.add(vector) == Approx(whole).epsilon(1e-12).margin(1e-14));
            REQUIRE(growing.volume() == Approx(whole).epsilon(1e-12).margin(1e-14));
        }
        REQUIRE(growing.size() >= 1);
    }
}

TEST_CASE("a growing hypervolume refuses what has no volume", "[pareto]") {
    constexpr auto nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
    REQUIRE_THROWS_AS(vp::growing_hypervolume(std::vector<double>{}), verdant::input_error);
    REQUIRE_THROWS_AS(vp::growing_hypervolume(std::vector{1.0, nan}), verdant::input_error);
    vp::growing_hypervolume growing{{1.0, 1.0}};
    REQUIRE_THROWS_AS(growing.add(std::vector{0.5}), verdant::input_error);
    REQUIRE_THROWS_AS(growing.add(std::vector{0.5, nan}), verdant::input_error);
    REQUIRE_THROWS_AS(growing.add(std::vector{0.5, -infinity}), verdant::input_error);
    REQUIRE(growing.add(std::vector{0.5, infinity}) == 0);
    REQUIRE(growing.add(std::vector{0.5, 0.5}) == 0.25);
}
