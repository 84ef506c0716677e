#include "catch.hpp"

#include <verdant/search/plot_axis.hpp>

#include <array>
#include <cmath>

TEST_CASE("an axis begins and ends at round ticks around its data", "[search]") {
    const verdant::plot_axis a{4.95, 73.8, 90, 770};
    REQUIRE(a.low() == 0);
    REQUIRE(a.high() == 80);
    REQUIRE(a.at(0) == 90);
    REQUIRE(a.at(80) == 770);
    REQUIRE(a.at(40) == 430);
    REQUIRE(a.ticks() == std::vector<double>{0, 10, 20, 30, 40, 50, 60, 70, 80});
    REQUIRE(a.holds(80));
    REQUIRE_FALSE(a.holds(80.1));
    REQUIRE_FALSE(a.holds(std::nan("")));
}

TEST_CASE("every range of data has a handful of ticks and lies within them", "[search]") {
    for (const double scale : {1e-12, 1e-3, 1.0, 7e5, 3e15})
        for (const auto& [low, high] :
             {std::array{0.1, 0.13}, std::array{-5.0, 3.0}, std::array{0.0, 9.99}, std::array{-2.0, -1.0}, std::array{1.0, 1000.0}}) {
            const verdant::plot_axis a{low * scale, high * scale, 500, 50};
            REQUIRE(a.low() <= low * scale * (low < 0 ? 1 - 1e-12 : 1 + 1e-12));
            REQUIRE(a.high() >= high * scale * (high < 0 ? 1 + 1e-12 : 1 - 1e-12));
            REQUIRE(a.ticks().size() >= 4);
            REQUIRE(a.ticks().size() <= 12);
            REQUIRE(a.at(low * scale) > a.at(high * scale)); // upwards in the picture
        }
}

TEST_CASE("an empty range is widened", "[search]") {
    for (const double value : {0.0, 5.0, -3.0, 1e-9}) {
        const verdant::plot_axis a{value, value, 0, 100};
        REQUIRE(a.low() < value);
        REQUIRE(a.high() > value);
        REQUIRE(a.holds(value));
    }
}
