#include "catch.hpp"

#include <limits>

#include <verdant/carbon/footprint.hpp>
#include <verdant/carbon/footprint_arrays.hpp>
#include <verdant/error.hpp>

#include <xtensor/xtensor.hpp>

namespace vd = verdant;
namespace carbon = verdant::carbon;

TEST_CASE("carbon of arrays is that of their elements, to the last bit", "[carbon]") {
    const xt::xtensor<double, 1> areas{1e-6, 1.3e-5, 3.1990347e-5, 0.0}, joules{0.03, 0.0, 1.7, 1e-9};
    const carbon::life life{.fab = {.node = vd::hardware::node::nm7, .yield = 0.6},
                            .memory = carbon::dram::lpddr4,
                            .memory_gigabytes = 3.0,
                            .grid = carbon::intensity(carbon::place::europe),
                            .inferences = 12345.0};
    const xt::xtensor<double, 1> made = carbon::embodied(areas, life.fab), used = carbon::operational(joules, life.grid);
    const xt::xtensor<double, 1> whole = carbon::total(areas, joules, life), usual = carbon::total(areas, joules);
    for (std::size_t i = 0; i < areas.size(); ++i) {
        const auto die = vd::from_si<vd::si::area>(areas(i));
        const auto energy = vd::from_si<vd::si::energy>(joules(i));
        REQUIRE(made(i) == vd::to_si(carbon::embodied(die, life.fab)));
        REQUIRE(used(i) == vd::to_si(carbon::operational(energy, life.grid)));
        REQUIRE(whole(i) == vd::to_si(carbon::footprint_of(die, energy, life).total));
        REQUIRE(usual(i) == vd::to_si(carbon::footprint_of(die, energy).total));
    }
}

TEST_CASE("carbon of use broadcasts over grids", "[carbon]") {
    const xt::xtensor<double, 2> joules{{0.03}, {1.7}, {2.0}};
    const xt::xtensor<double, 1> grids{vd::to_si(carbon::intensity(carbon::place::iceland)), vd::to_si(carbon::intensity(carbon::place::india))};
    const xt::xtensor<double, 2> used = carbon::operational(joules, grids);
    REQUIRE(used.shape(0) == 3);
    REQUIRE(used.shape(1) == 2);
    CHECK(used(1, 0) == 1.7 * grids(0));
    CHECK(used(2, 1) == 2.0 * grids(1));
}

TEST_CASE("what the scalar footprint refuses, the arrays refuse", "[carbon]") {
    const xt::xtensor<double, 1> one{1.0};
    CHECK_THROWS_AS(carbon::embodied(one, {.yield = 0.0}), vd::input_error);
    CHECK_THROWS_AS(carbon::total(one, one, {.inferences = -1.0}), vd::input_error);
    CHECK_THROWS_AS(carbon::total(one, one, {.grid = -1.0 * vd::grams_per_kilowatt_hour{}}), vd::input_error);
    CHECK_THROWS_AS(carbon::operational(one, std::numeric_limits<double>::quiet_NaN() * vd::grams_per_kilowatt_hour{}), vd::input_error);
}
