#include "catch.hpp"

#include <verdant/carbon/footprint.hpp>
#include <verdant/error.hpp>

#include <limits>

namespace carbon = verdant::carbon;
using namespace verdant;

TEST_CASE("the worked example of the original comes out", "[carbon]") {
    // 2 cores of 64x16, 4 MiB, 256 KiB: what the unmodified original prints (docs/estimator.md 7.3)
    const auto f = carbon::footprint_of(8825857.866496 * square_micrometres{}, 0.4244996208452466 / 3e7 * kilowatt_hours{});
    CHECK(in<kilograms_co2e>(f.embodied_chip) == Approx(0.13916753897616757).epsilon(1e-12));
    CHECK(in<kilograms_co2e>(f.embodied()) == Approx(0.3494532532618818).epsilon(1e-12));
    CHECK(in<kilograms_co2e>(f.total) == Approx(0.3783192274793586).epsilon(1e-12));
    CHECK(in<kilowatt_hours>(f.lifetime_energy) == Approx(0.4244996208452466).epsilon(1e-12));
}

TEST_CASE("operational carbon is proportional to energy, inferences and grid", "[carbon]") {
    const auto die = 1.0 * square_millimetres{};
    const auto of = [&](double joule, carbon::life l) {
        const auto f = carbon::footprint_of(die, joule * joules{}, l);
        return in<kilograms_co2e>(f.total - f.embodied());
    };
    const double one = of(1, {});
    CHECK(of(2, {}) == Approx(2 * one));
    CHECK(of(1, {.inferences = 6e7}) == Approx(2 * one));
    CHECK(of(1, {.grid = 136.0 * grams_per_kilowatt_hour{}}) == Approx(2 * one));
    CHECK(of(0, {}) == Approx(0).margin(1e-15));
}

TEST_CASE("areas, energies and intensities below zero are refused", "[carbon]") {
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    for (const double amount : {-1.0, nan}) {
        CHECK_THROWS_WITH(carbon::embodied(amount * square_millimetres{}),
                          Catch::Contains("area of a die in mm2: expected a number that is not negative"));
        CHECK_THROWS_AS(carbon::embodied<hardware::node::nm7>(amount * square_millimetres{}), input_error);
        CHECK_THROWS_AS(carbon::embodied(1.0 * square_millimetres{}, {.intensity = amount * grams_per_kilowatt_hour{}}), input_error);
        CHECK_THROWS_AS(carbon::operational(amount * joules{}), input_error);
        CHECK_THROWS_AS(carbon::operational(1.0 * joules{}, amount * grams_per_kilowatt_hour{}), input_error);
        CHECK_THROWS_AS(carbon::footprint_of(amount * square_millimetres{}, 1.0 * joules{}), input_error);
    }
    CHECK(to_si(carbon::embodied(0.0 * square_millimetres{})) == 0);
}

TEST_CASE("an impossible yield is refused", "[carbon]") {
    const auto die = 1.0 * square_millimetres{};
    for (const double yield : {0.0, -0.5, 1.0001}) {
        CHECK_THROWS_AS(carbon::embodied(die, {.yield = yield}), input_error);
        CHECK_THROWS_AS(carbon::embodied<hardware::node::nm7>(die, yield), input_error);
        CHECK_THROWS_AS(carbon::embodied(carbon::dram::lpddr4, 1.0, yield), input_error);
        CHECK_THROWS_AS(carbon::embodied(carbon::ssd::nand_10nm, 1.0, yield), input_error);
    }
}

TEST_CASE("capacities and inferences that are negative or not finite are refused", "[carbon]") {
    const auto die = 1.0 * square_millimetres{};
    for (const double amount : {-1e-9, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
        CHECK_THROWS_AS(carbon::embodied(carbon::dram::lpddr4, amount), input_error);
        CHECK_THROWS_AS(carbon::embodied(carbon::ssd::nand_10nm, amount), input_error);
        CHECK_THROWS_AS(carbon::embodied(carbon::hdd::barracuda, amount), input_error);
        CHECK_THROWS_AS(carbon::footprint_of(die, 1.0 * joules{}, {.memory_gigabytes = amount}), input_error);
        CHECK_THROWS_AS(carbon::footprint_of(die, 1.0 * joules{}, {.inferences = amount}), input_error);
    }
    CHECK(in<grams_co2e>(carbon::embodied(carbon::hdd::barracuda, 0.0)) == 0.0);
}
