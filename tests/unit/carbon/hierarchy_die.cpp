#include "catch.hpp"

#include <verdant/carbon/chiplet.hpp>
#include <verdant/carbon/hierarchy_die.hpp>
#include <verdant/carbon/uncertain_package.hpp>
#include <verdant/carbon/wafer.hpp>
#include <verdant/carbon/yield.hpp>
#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/sram.hpp>
#include <verdant/uncertainty.hpp>
#include <verdant/units.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace {

namespace carbon = verdant::carbon;
namespace hw = verdant::hardware;
namespace un = verdant::uncertainty;
using carbon::integration;
using hw::node;
using verdant::grams_per_kilowatt_hour;
using verdant::in;
using verdant::square_millimetres;
using verdant::to_si;

// Four cores of 64 x 64 multipliers with 64 KiB each, below 1 MiB; 2 bytes of registers a multiplier.
struct quad : hw::hierarchy<hw::level<"DRAM", hw::fans_out<2>>, hw::level<"buffer", hw::words<8>, hw::capacity<1 << 20>, hw::fans_out<4>>,
                            hw::level<"L2", hw::words<16>, hw::capacity<1 << 15>, hw::fans_out<64, 64>>,
                            hw::level<"register", hw::words<16>, hw::capacity<1>, hw::keeps<hw::operand::weights>>, hw::multipliers<0.5>> {};
constexpr auto on_die = std::span{quad::levels}.subspan(1);

struct compute : carbon::hierarchy_die<quad, node::nm7> {};
struct chip : carbon::package<integration::organic, carbon::copies<2, compute>> {};

} // namespace

TEST_CASE("the area of a die is that of its memories and multipliers", "[carbon]") {
    // By hand: CACTI's 1 MiB and four of 64 KiB; 4 x 64 x 64 multipliers with two bytes of the 32 that a register file has.
    const double sram = 1642130.0 + 4 * 105921.0, logic = 16384 * (379.846667 + 2 * 0.348053 / 32);
    const auto area = carbon::hierarchy_area(on_die);
    CHECK(in<square_millimetres>(area.sram_area) == Approx(sram * 1e-6));
    CHECK(in<square_millimetres>(area.logic_area) == Approx(logic * 1e-6));
    // At 7 nm: ECO-CHIP's factors, SRAM 3.757501843 and logic 7.325456759 from 22 nm.
    CHECK(in<square_millimetres>(carbon::hierarchy_die_area(on_die, node::nm7)) == Approx(sram * 1e-6 / 3.757501843 + logic * 1e-6 / 7.325456759));
    CHECK(compute::value.area == carbon::hierarchy_die_area(on_die, node::nm7));
    STATIC_REQUIRE(compute::value.node == carbon::layered_node::nm7);
    STATIC_REQUIRE(carbon::silicon_area<chip>() == 2.0 * compute::value.area);
}

TEST_CASE("columns of wide rows are one macro a row", "[carbon]") {
    std::array levels{hw::memory_level{.name = "buffer", .capacity = 1 << 20, .fan_out_x = 16},
                      hw::memory_level{.name = "sums", .capacity = 1024, .word_bits = 32}};
    const auto apart = carbon::hierarchy_area(levels);
    levels[1].rows = 2;
    const auto wide = carbon::hierarchy_area(levels);
    const auto macro = [](long long bytes) { return hw::sram(bytes).area_square_micrometres * 1e-6; };
    CHECK(in<square_millimetres>(apart.sram_area) == Approx(macro(1 << 20) + 16 * macro(4096)));
    CHECK(in<square_millimetres>(wide.sram_area) == Approx(macro(1 << 20) + 2 * macro(8 * 4096)));
    levels[1].rows = 3; // 16 columns in 3 rows: 6 in the longest
    CHECK(in<square_millimetres>(carbon::hierarchy_area(levels).sram_area) == Approx(macro(1 << 20) + 3 * macro(6 * 4096)));
    levels[1].keeps = 8; // of a fourth tensor
    CHECK(in<square_millimetres>(carbon::hierarchy_area(levels).sram_area) == Approx(macro(1 << 20) + 3 * macro(6 * 4096)));
    levels[1].keeps = 0; // a mere place
    CHECK(in<square_millimetres>(carbon::hierarchy_area(levels).sram_area) == Approx(macro(1 << 20)));
}

TEST_CASE("dies of hierarchies that have no area are refused", "[carbon]") {
    const std::array unlimited{hw::memory_level{.name = "buffer"}};
    CHECK_THROWS_AS(carbon::hierarchy_area(unlimited), verdant::input_error);
    const std::array huge{hw::memory_level{.name = "buffer", .capacity = 1024, .fan_out_x = 1 << 20, .fan_out_y = 1 << 12}};
    CHECK_THROWS_AS(carbon::hierarchy_area(huge), verdant::input_error);
    const std::array endless{hw::memory_level{.name = "buffer", .capacity = 1LL << 60}};
    CHECK_THROWS_AS(carbon::hierarchy_area(endless), verdant::input_error);
    const std::array overflowing{hw::memory_level{.name = "buffer", .capacity = 1024, .fan_out_x = 1LL << 40, .fan_out_y = 1LL << 40}};
    CHECK_THROWS_AS(carbon::hierarchy_area(overflowing), verdant::input_error);
    const std::array wide{hw::memory_level{.name = "buffer", .capacity = 1024, .fan_out_x = 1'000'000'000},
                          hw::memory_level{.name = "sums", .capacity = 1LL << 40, .rows = 1}};
    CHECK_THROWS_AS(carbon::hierarchy_area(wide), verdant::input_error);
    CHECK_THROWS_AS(carbon::hierarchy_die_area(on_die, node::nm3), verdant::input_error);
}

TEST_CASE("from the area of a die over wafer and yield to its carbon", "[carbon]") {
    const auto ci = 500.0 * grams_per_kilowatt_hour{};
    const carbon::packaged_die die{100.0 * square_millimetres{}, carbon::layered_node::nm7, 0, 2, 3.0};
    // N = floor(pi 300^2 / 4 / 100 - pi 300 / sqrt(200)) = 640; Y = (1 + 1 cm2 x 0.3 / 10)^-10; 2.15 x 500 + 200 + 500 g/cm2 of 706.858 cm2.
    CHECK(carbon::dies_per_wafer(die.area) == 640);
    const double yield = 1 / (1.03 * 1.03 * 1.03 * 1.03 * 1.03 * 1.03 * 1.03 * 1.03 * 1.03 * 1.03);
    CHECK(carbon::die_yield(die.area, carbon::defects_of(die)) == Approx(yield));
    const double grams = 2 * 1775 * 706.8583470577 / 640 / yield;
    const auto made = carbon::embodied({&die, 1}, {.intensity = ci});
    CHECK(to_si(made.dies) == Approx(grams / 1000));
    CHECK(to_si(made.package) == Approx(1.2 * 200 * 0.00135 * 500 / 1000));
    auto usual = die, wrong = die;
    usual.defect_factor = 1;
    wrong.defect_factor = -1;
    CHECK(to_si(carbon::embodied({&usual, 1}, {.intensity = ci}).dies) < to_si(made.dies));
    CHECK_THROWS_AS(carbon::embodied({&wrong, 1}, {.intensity = ci}), verdant::input_error);
}

TEST_CASE("the factor of defects reaches the dies of every kind of package", "[carbon]") {
    for (const auto how : {integration::organic, integration::rdl_chip_first, integration::rdl_chip_last, integration::interposer, integration::emib,
                           integration::micro_bumps, integration::hybrid_bonds, integration::monolithic})
        for (const auto stacked : {carbon::stacking::die_to_wafer, carbon::stacking::wafer_to_wafer}) {
            carbon::packaged_die die{100.0 * square_millimetres{}, carbon::layered_node::nm7, 0, 2};
            const carbon::package_plan plan{.how = how, .stacking = stacked};
            const auto usual = carbon::embodied({&die, 1}, plan).total();
            die.defect_factor = 2;
            CHECK(carbon::embodied({&die, 1}, plan).total() > usual);
        }
}

TEST_CASE("each draw of a package is what its inputs give", "[carbon]") {
    carbon::uncertain_making making;
    making.fab_intensity = un::uniform{400.0 * grams_per_kilowatt_hour{}, 600.0 * grams_per_kilowatt_hour{}};
    making.defect_factor = un::triangular{0.5, 1.0, 4.0};
    const un::draw_inputs drawn_by{.seed = 3, .count = 50};
    const carbon::uncertain_package packages{making, drawn_by};
    const std::array dies{carbon::packaged_die{100.0 * square_millimetres{}, carbon::layered_node::nm7, 0, 2},
                          carbon::packaged_die{50.0 * square_millimetres{}, carbon::layered_node::nm14, 0, 1, 2.0}};
    const auto made = packages.embodied<carbon::corrected_packages>(dies, {.how = integration::interposer});
    REQUIRE(made.size() == 50);
    const auto intensity = drawn_by("fab intensity", un::uniform{400.0 * grams_per_kilowatt_hour{}, 600.0 * grams_per_kilowatt_hour{}});
    const auto factor = drawn_by("defects", un::triangular{0.5, 1.0, 4.0});
    for (std::size_t i = 0; i < made.size(); ++i) {
        auto these = dies;
        these[0].defect_factor = factor.si()[i];
        these[1].defect_factor = 2 * factor.si()[i];
        const carbon::package_plan plan{.how = integration::interposer, .intensity = intensity[i]};
        CHECK(to_si(made[i]) == to_si(carbon::embodied<carbon::corrected_packages>(std::span<const carbon::packaged_die>{these}, plan).total()));
    }
    // Known inputs: no draw differs from what is computed without them.
    const carbon::uncertain_package known{{}, {.count = 3}};
    const auto same = known.embodied(dies, {});
    for (const double kg : same.si()) CHECK(kg == to_si(carbon::embodied(std::span<const carbon::packaged_die>{dies}, {}).total()));
    making.defect_factor = -0.5;
    CHECK_THROWS_AS((carbon::uncertain_package{making, drawn_by}), verdant::input_error);
}
