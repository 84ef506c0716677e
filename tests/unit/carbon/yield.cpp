#include "catch.hpp"

#include <verdant/carbon/wafer.hpp>
#include <verdant/carbon/yield.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <cmath>
#include <limits>

namespace carbon = verdant::carbon;
using carbon::yield_model;
using verdant::square_centimetres;
using verdant::square_millimetres;

TEST_CASE("yield models are their formulas", "[carbon]") {
    for (const double area : {0.01, 0.5, 1.0, 4.25, 8.58})
        for (const double density : {0.05, 0.1, 0.2, 2.0}) {
            const auto die = area * square_centimetres{};
            const double x = area * density;
            CHECK(carbon::die_yield(die, {density}, yield_model::poisson) == Approx(std::exp(-x)));
            CHECK(carbon::die_yield(die, {density}, yield_model::murphy) == Approx(std::pow((1 - std::exp(-x)) / x, 2)));
            CHECK(carbon::die_yield(die, {density}, yield_model::seeds) == Approx(std::exp(-std::sqrt(x))));
            CHECK(carbon::die_yield(die, {density}) == Approx(std::pow(1 + x / 10, -10)));
            CHECK(carbon::die_yield(die, {density, 1}) == Approx(1 / (1 + x)));
            CHECK(carbon::die_yield(die, {density, 2.5}) == Approx(std::pow(1 + x / 2.5, -2.5)));
        }
}

TEST_CASE("yield falls with area, and the models lie between Poisson's and each other", "[carbon]") {
    double last = 1;
    for (double area = 0.1; area < 9; area += 0.1) {
        const auto die = area * square_centimetres{};
        const double poisson = carbon::die_yield(die, {0.2}, yield_model::poisson), murphy = carbon::die_yield(die, {0.2}, yield_model::murphy),
                     clustered = carbon::die_yield(die, {0.2, 2});
        CHECK(poisson < murphy);
        CHECK(poisson < carbon::die_yield(die, {0.2, 1e6}) * (1 + 1e-9));
        CHECK(poisson < clustered);
        CHECK(clustered < last);
        last = clustered;
    }
    // Many weak clusters are no clusters.
    CHECK(carbon::die_yield(2.0 * square_centimetres{}, {0.2, 1e9}) ==
          Approx(carbon::die_yield(2.0 * square_centimetres{}, {0.2}, yield_model::poisson)));
    // A die without area or a process without defects always works.
    for (const auto m : {yield_model::poisson, yield_model::murphy, yield_model::seeds, yield_model::negative_binomial}) {
        CHECK(carbon::die_yield({}, {0.2}, m) == 1);
        CHECK(carbon::die_yield(1.0 * square_centimetres{}, {0}, m) == 1);
        CHECK(carbon::die_yield(1e-12 * square_centimetres{}, {0.2}, m) == Approx(1).epsilon(1e-6));
    }
}

TEST_CASE("yield is the same at compile time", "[carbon]") {
    constexpr auto die = 1.4 * square_centimetres{};
    constexpr double poisson = carbon::die_yield(die, {0.2}, yield_model::poisson), murphy = carbon::die_yield(die, {0.2}, yield_model::murphy),
                     seeds = carbon::die_yield(die, {0.2}, yield_model::seeds), binomial = carbon::die_yield(die, {0.2, 2.5});
    CHECK(poisson == Approx(carbon::die_yield(die, {0.2}, yield_model::poisson)).epsilon(1e-14));
    CHECK(murphy == Approx(carbon::die_yield(die, {0.2}, yield_model::murphy)).epsilon(1e-14));
    CHECK(seeds == Approx(carbon::die_yield(die, {0.2}, yield_model::seeds)).epsilon(1e-14));
    CHECK(binomial == Approx(carbon::die_yield(die, {0.2, 2.5})).epsilon(1e-14));
}

TEST_CASE("impossible yields are refused", "[carbon]") {
    const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    for (const auto m : {yield_model::poisson, yield_model::murphy, yield_model::seeds, yield_model::negative_binomial}) {
        for (const double bad : {-1.0, nan, inf}) {
            CHECK_THROWS_AS(carbon::die_yield(bad * square_centimetres{}, {0.1}, m), verdant::input_error);
            CHECK_THROWS_AS(carbon::die_yield(1.0 * square_centimetres{}, {bad}, m), verdant::input_error);
        }
        CHECK_THROWS_AS(carbon::die_yield(1e299 * square_centimetres{}, {1e30}, m), verdant::input_error);
    }
    for (const double bad : {0.0, -1.0, nan, inf}) CHECK_THROWS_AS(carbon::die_yield(1.0 * square_centimetres{}, {0.1, bad}), verdant::input_error);
    CHECK_THROWS_AS(carbon::die_yield(1.0 * square_centimetres{}, {1000}, yield_model::poisson), verdant::input_error);
}

TEST_CASE("dies per wafer", "[carbon]") {
    CHECK(carbon::dies_per_wafer(211.0 * square_millimetres{}) == 289);
    CHECK(carbon::dies_per_wafer(78.0 * square_millimetres{}) == 830);
    CHECK(carbon::dies_per_wafer(100.0 * square_millimetres{}, carbon::wafer::mm200) <
          carbon::dies_per_wafer(100.0 * square_millimetres{}, carbon::wafer::mm300));
    CHECK(verdant::in<square_centimetres>(carbon::wafer_area()) == Approx(706.8583));
    for (const double bad : {0.0, -1.0, 1e6, 5e4, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e-12})
        CHECK_THROWS_AS(carbon::dies_per_wafer(bad * square_millimetres{}), verdant::input_error);
}

TEST_CASE("who pays for the wafer's edge", "[carbon]") {
    const auto per_area = 1000.0 * verdant::grams_per_square_centimetre{};
    const auto die = 200.0 * square_millimetres{};
    const auto alone = carbon::silicon_carbon(die, per_area, 0.8, carbon::wafer_share::die_alone);
    const auto whole = carbon::silicon_carbon(die, per_area, 0.8);
    const auto unused = carbon::silicon_carbon(die, per_area, 0.8, carbon::wafer_share::unused_too);
    CHECK(verdant::to_si(alone) == Approx(2.5));
    CHECK(alone < unused);
    CHECK(unused < whole);
    // All dies of a wafer that never fail share it without rest.
    CHECK(verdant::to_si(carbon::silicon_carbon(die, per_area, 1)) * static_cast<double>(carbon::dies_per_wafer(die)) ==
          Approx(verdant::to_si(carbon::wafer_area() * per_area)));
    for (const double bad : {0.0, -0.1, 1.01, std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_AS(carbon::silicon_carbon(die, per_area, bad), verdant::input_error);
    CHECK_THROWS_AS(carbon::silicon_carbon(die, -1.0 * verdant::grams_per_square_centimetre{}, 0.5), verdant::input_error);
}

TEST_CASE("Murphy's yield of small dies has its digits and is never above 1", "[carbon]") {
    for (double x = 1e-12; x < 0.1; x *= 1.01) {
        const double share = -std::expm1(-x) / x, yield = carbon::die_yield(x * square_centimetres{}, {1}, yield_model::murphy);
        REQUIRE(yield <= 1);
        REQUIRE(yield == Approx(share * share).epsilon(1e-12));
    }
}

TEST_CASE("with defects that cluster less and less, yield goes to Poisson's", "[carbon]") {
    for (const double clustering : {65.0, 1e3, 1e6, 1e15, 1e17, 1e300})
        for (const double x : {1e-6, 0.1, 1.0, 100.0})
            CHECK(carbon::die_yield(x * square_centimetres{}, {1, clustering}) ==
                  Approx(std::exp(-clustering * std::log1p(x / clustering))).epsilon(1e-12));
    static_assert(carbon::die_yield(1.0 * square_centimetres{}, {1, 1e17}) < 0.3679);
    CHECK_THROWS_AS(carbon::die_yield(700.0 * square_centimetres{}, {1, 1e17}), verdant::input_error);
}
