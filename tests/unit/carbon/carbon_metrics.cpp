#include "catch.hpp"

#include <verdant/carbon/amortisation.hpp>
#include <verdant/carbon/board.hpp>
#include <verdant/carbon/carbon_metrics.hpp>
#include <verdant/carbon/memory_density.hpp>
#include <verdant/error.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/units.hpp>

#include <limits>
#include <string>

namespace carbon = verdant::carbon;
namespace vd = verdant;
using vd::input_error;
using vd::kilograms_co2e;

TEST_CASE("metrics of carbon, time and energy", "[carbon]") {
    constexpr auto made = 2.0 * kilograms_co2e{};
    constexpr auto delay = 3.0 * vd::milliseconds{};
    constexpr auto energy = 0.5 * vd::joules{};
    static_assert(carbon::cdp(made, delay) == carbon::tcdp(made, delay));
    CHECK(vd::in<vd::gram_seconds>(carbon::cdp(made, delay)) == Approx(2000 * 3e-3));
    CHECK(vd::in<vd::gram_joules>(carbon::cep(made, energy)) == Approx(1000));
    CHECK(vd::in<vd::square_gram_joules>(carbon::c2ep(made, energy)) == Approx(2e6));
    CHECK(vd::in<vd::gram_square_joules>(carbon::ce2p(made, energy)) == Approx(500));
    // 10 kg over 2e21 operations.
    CHECK(vd::in<vd::grams_per_exaflop>(carbon::cci(10.0 * kilograms_co2e{}, 2e21)) == Approx(5));
    const vd::metrics<vd::carbon_delay_product, vd::compute_carbon_intensity> record{carbon::cdp(made, delay), carbon::cci(made, 1e18)};
    CHECK(record.get<vd::carbon_delay_product>() == carbon::cdp(made, delay));
    CHECK(vd::compute_carbon_intensity::name() == "CCI");
    for (const double bad : {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        CHECK_THROWS_AS(carbon::cdp(bad * kilograms_co2e{}, delay), input_error);
        CHECK_THROWS_AS(carbon::cdp(made, bad * vd::seconds{}), input_error);
        CHECK_THROWS_AS(carbon::cep(made, bad * vd::joules{}), input_error);
        CHECK_THROWS_AS(carbon::c2ep(made, bad * vd::joules{}), input_error);
        CHECK_THROWS_AS(carbon::ce2p(bad * kilograms_co2e{}, energy), input_error);
        CHECK_THROWS_AS(carbon::tcdp(bad * kilograms_co2e{}, delay), input_error);
        CHECK_THROWS_AS(carbon::cci(made, bad), input_error);
    }
    CHECK_THROWS_AS(carbon::cci(made, 0), input_error);
    CHECK(carbon::cci(vd::si::mass{}, 1e-300) == vd::si::mass{}); // no number where the quotient came first
}

TEST_CASE("embodied carbon is shared by what a device does in its life", "[carbon]") {
    constexpr carbon::service s{.lifetime = 1000.0 * vd::hours{}, .duty = 0.5};
    static_assert(s.active() == 500.0 * vd::hours{});
    CHECK(vd::in<vd::grams_co2e>(carbon::amortised(1.0 * kilograms_co2e{}, 5.0 * vd::hours{}, s)) == Approx(10));
    CHECK(carbon::amortised(1.0 * kilograms_co2e{}, s.active(), s) == 1.0 * kilograms_co2e{});
    CHECK(vd::to_si(carbon::lifetime_operational(100.0 * vd::watts{}, 400.0 * vd::grams_per_kilowatt_hour{}, s)) == Approx(0.1 * 500 * 0.4));
    CHECK(vd::in<vd::grams_co2e>(carbon::task_carbon(1.0 * vd::kilowatt_hours{}, 400.0 * vd::grams_per_kilowatt_hour{}, 1.0 * kilograms_co2e{},
                                                     5.0 * vd::hours{}, s)) == Approx(410));
    CHECK_THROWS_AS(carbon::amortised(1.0 * kilograms_co2e{}, 501.0 * vd::hours{}, s), input_error);
    CHECK_THROWS_AS(carbon::amortised(-1.0 * kilograms_co2e{}, 1.0 * vd::hours{}, s), input_error);
    for (const carbon::service& bad : {carbon::service{.lifetime = {}}, carbon::service{.duty = 0}, carbon::service{.duty = 1.1},
                                       carbon::service{.duty = std::numeric_limits<double>::quiet_NaN()}})
        CHECK_THROWS_AS(carbon::amortised({}, {}, bad), input_error);
    CHECK_THROWS_AS(carbon::lifetime_operational(-1.0 * vd::watts{}, {}, s), input_error);
    CHECK_THROWS_AS(carbon::task_carbon(-1.0 * vd::joules{}, {}, {}, {}, s), input_error);
}

TEST_CASE("memories by density", "[carbon]") {
    static_assert(carbon::embodied_ram(0) == 5.22 * kilograms_co2e{});
    CHECK(vd::to_si(carbon::embodied_ram(32, carbon::dram_18nm)) == Approx(2.2 * 32 / 2.38 + 5.22));
    CHECK(vd::to_si(carbon::embodied_ssd(1024, carbon::memory_density{48})) == Approx(2.2 * 1024 / 48 + 6.34));
    CHECK(vd::to_si(carbon::embodied_processor(200.0 * vd::square_millimetres{})) == Approx(0.0197 * 200 + 9.14));
    CHECK_THROWS_AS(carbon::embodied_ram(-1), input_error);
    CHECK_THROWS_AS(carbon::embodied_ram(1, {0}), input_error);
    CHECK_THROWS_AS(carbon::embodied_ssd(1, {-1}), input_error);
    CHECK_THROWS_AS(carbon::embodied_processor(-1.0 * vd::square_millimetres{}), input_error);
}

TEST_CASE("boards, batteries, housings and servers", "[carbon]") {
    CHECK(vd::to_si(carbon::embodied_circuit_board(0.1 * vd::square_metres{}, 6)) == Approx(0.071));
    CHECK(vd::to_si(carbon::embodied_circuit_board(0.1 * vd::square_metres{}, 12)) == Approx(0.156));
    CHECK(vd::to_si(carbon::embodied_battery(0.05 * vd::kilowatt_hours{}, carbon::battery_chemistry::lfp)) == Approx(3.075));
    CHECK(vd::to_si(carbon::embodied_housing(2.0 * kilograms_co2e{}, carbon::housing_material::aluminium)) == Approx(30.2));
    constexpr carbon::server s{.chips = 10.0 * kilograms_co2e{},
                               .packaged_chips = 2,
                               .memory = 5.0 * kilograms_co2e{},
                               .board = 0.1 * vd::square_metres{},
                               .steel = 1.0 * kilograms_co2e{}};
    CHECK(vd::to_si(carbon::embodied(s)) == Approx(10 + 0.3 + 5 + 0.091 + 1.89));
    CHECK(vd::to_si(carbon::embodied(carbon::server{})) == 0);
    CHECK(vd::to_si(carbon::device_share(5700.0 * kilograms_co2e{}, 8, 164.0 * kilograms_co2e{})) == Approx(876.5));
    CHECK_THROWS_AS(carbon::embodied_circuit_board(0.1 * vd::square_metres{}, 0), input_error);
    CHECK_THROWS_AS(carbon::embodied(carbon::server{.other = -1.0 * kilograms_co2e{}}), input_error);
    CHECK_THROWS_AS(carbon::embodied(carbon::server{.packaged_chips = -1}), input_error);
    CHECK_THROWS_AS(carbon::embodied(carbon::server{.steel = -1.0 * kilograms_co2e{}}), input_error);
    CHECK_THROWS_AS(carbon::device_share({}, 0, {}), input_error);
}
