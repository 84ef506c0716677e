#include "catch.hpp"

#include <verdant/carbon/accelerator_area.hpp>
#include <verdant/carbon/chiplet.hpp>
#include <verdant/carbon/eco_chip.hpp>
#include <verdant/carbon/gate_area.hpp>
#include <verdant/carbon/layered_process.hpp>
#include <verdant/carbon/package.hpp>
#include <verdant/error.hpp>
#include <verdant/hardware/chip.hpp>
#include <verdant/units.hpp>

#include <cstddef>
#include <vector>

namespace carbon = verdant::carbon;
namespace eco = verdant::carbon::eco_chip;
using carbon::integration;
using carbon::layered_node;
using carbon::stacking;
using verdant::grams_per_kilowatt_hour;
using verdant::input_error;
using verdant::square_millimetres;
using verdant::to_si;
using verdant::hardware::node;

namespace {

const auto taiwan = carbon::intensity(carbon::place::taiwan);
std::vector<carbon::packaged_die> two() {
    return {{74.0 * square_millimetres{}, layered_node::nm7, 13, 2}, {125.0 * square_millimetres{}, layered_node::nm14, 10, 1}};
}
constexpr integration all[] = {integration::organic, integration::rdl_chip_first, integration::rdl_chip_last, integration::interposer,
                               integration::emib,    integration::micro_bumps,    integration::hybrid_bonds};

struct compute : carbon::chiplet<74.0, layered_node::nm7, 13> {};
struct io : carbon::chiplet<125.0, layered_node::nm14, 10> {};
struct server : carbon::package<integration::interposer, carbon::copies<2, compute>, io> {};

} // namespace

TEST_CASE("layered processes are in order and have ACT's figures where both have them", "[carbon]") {
    for (std::size_t i = 0; i < carbon::layered_processes.size(); ++i) CHECK(static_cast<std::size_t>(carbon::layered_processes[i].node) == i);
    CHECK(carbon::layered(node::nm7) == layered_node::nm7);
    CHECK_THROWS_AS(carbon::layered(node::nm22), input_error);
    for (const auto n : {node::nm28, node::nm20, node::nm14, node::nm8, node::nm7, node::nm5, node::nm3})
        CHECK(to_si(carbon::layered_carbon_per_area(carbon::layered(n), 0, taiwan)) ==
              Approx(to_si(carbon::embodied_per_area({n, taiwan, carbon::abatement::gpa99, 1.0}))));
}

TEST_CASE("metal layers cost electricity and gases", "[carbon]") {
    const auto grams = [](int layers) {
        return verdant::in<verdant::grams_per_square_centimetre>(
            carbon::layered_carbon_per_area(layered_node::nm14, layers, 583.0 * grams_per_kilowatt_hour{}));
    };
    CHECK(grams(0) == grams(10));
    CHECK(grams(12) - grams(10) == Approx(0.1 * 583 + 125 * 0.1 / 1.2));
    CHECK_THROWS_AS(grams(-1), input_error);
    CHECK_THROWS_AS(grams(101), input_error);
    CHECK_THROWS_AS(carbon::layered_carbon_per_area(layered_node::nm14, 10, -1.0 * grams_per_kilowatt_hour{}), input_error);
    CHECK(carbon::estimated_layers(layered_node::nm14, 125.0 * square_millimetres{}, 2.09e9) == 12);
    CHECK(carbon::estimated_layers(layered_node::nm5, 304.5 * square_millimetres{}, 4.5e10) <= 20);
    CHECK_THROWS_AS(carbon::estimated_layers(layered_node::nm5, {}, 1e9), input_error);
    CHECK_THROWS_AS(carbon::estimated_layers(layered_node::nm5, 1.0 * square_millimetres{}, -1), input_error);
    CHECK_THROWS_AS(carbon::gate_area(layered_node::nm5, 1), input_error);
    CHECK_THROWS_AS(carbon::gate_area(layered_node::nm5, 1e9, -1), input_error);
    CHECK_THROWS_AS(carbon::vertical_connections(1e9, -1), input_error);
    CHECK(carbon::vertical_connections(1e9, 1e8) == Approx(carbon::vertical_connections(1e8, 1e9)));
}

TEST_CASE("every package costs something, and its parts sum up", "[carbon]") {
    for (const auto how : all)
        for (const auto stack : {stacking::die_to_wafer, stacking::wafer_to_wafer}) {
            const auto dies = two();
            const carbon::package_plan plan{how, taiwan, {}, stack};
            const auto faithful = carbon::embodied(dies, plan);
            const auto mended = carbon::embodied<carbon::corrected_packages>(dies, plan);
            CHECK(faithful.total() > verdant::si::mass{});
            CHECK(to_si(faithful.total()) == Approx(to_si(faithful.dies + faithful.bonding + faithful.substrate + faithful.package)));
            const bool joined = how == integration::rdl_chip_last || how == integration::interposer || how == integration::emib;
            if (joined) CHECK(mended.total() > faithful.total());
            const auto cleaner = carbon::embodied(dies, {how, 20.0 * grams_per_kilowatt_hour{}, {}, stack});
            CHECK(cleaner.total() < faithful.total());
        }
}

TEST_CASE("a package in 2-D is its dies and a substrate", "[carbon]") {
    const auto dies = two();
    const auto c = carbon::embodied(dies, {integration::organic, taiwan});
    CHECK(to_si(c.dies) == Approx(to_si(carbon::embodied(dies[0], {integration::organic, taiwan})) +
                                  to_si(carbon::embodied(dies[1], {integration::organic, taiwan}))));
    CHECK(to_si(c.package) == Approx(1.2 * 273 * 0.00135 * 642e-3));
    CHECK(c.bonding == verdant::si::mass{});
}

TEST_CASE("small chiplets are cheaper than one large die, until the package takes it back", "[carbon]") {
    const auto one = [](double area, int count) {
        const carbon::packaged_die d[]{{area * square_millimetres{}, layered_node::nm3, 0, count}};
        return to_si(carbon::embodied(d, {integration::organic, taiwan}).dies);
    };
    CHECK(one(200, 4) < one(400, 2));
    CHECK(one(400, 2) < one(800, 1));
}

TEST_CASE("typed packages are the same as their dies and plan", "[carbon]") {
    constexpr auto c = carbon::embodied<server>({.area = 400.0 * square_millimetres{}});
    const auto dies = two();
    const auto at_run_time = carbon::embodied(dies, {integration::interposer, taiwan, 400.0 * square_millimetres{}});
    CHECK(to_si(c.total()) == Approx(to_si(at_run_time.total())).epsilon(1e-14));
    static_assert(carbon::silicon_area<server>() > 272.9 * square_millimetres{} && carbon::silicon_area<server>() < 273.1 * square_millimetres{});
}

TEST_CASE("packages that cannot be are refused", "[carbon]") {
    const auto dies = two();
    const std::vector<carbon::packaged_die> none, one{{74.0 * square_millimetres{}, layered_node::nm7}};
    CHECK_THROWS_AS(carbon::embodied(none, {}), input_error);
    CHECK_THROWS_AS(carbon::embodied(one, {integration::hybrid_bonds}), input_error);
    CHECK_THROWS_AS(carbon::embodied(dies, {integration::monolithic}), input_error);
    CHECK_THROWS_AS(carbon::embodied(dies, {integration::organic, -1.0 * grams_per_kilowatt_hour{}}), input_error);
    CHECK_THROWS_AS(carbon::embodied(dies, {integration::organic, taiwan, 100.0 * square_millimetres{}}), input_error);
    for (auto bad : {carbon::packaged_die{-1.0 * square_millimetres{}}, carbon::packaged_die{{}, layered_node::nm7},
                     carbon::packaged_die{1e5 * square_millimetres{}}, carbon::packaged_die{10.0 * square_millimetres{}, layered_node::nm7, -1},
                     carbon::packaged_die{10.0 * square_millimetres{}, layered_node::nm7, 0, 0},
                     carbon::packaged_die{10.0 * square_millimetres{}, layered_node::nm7, 0, 2'000'000'000}}) {
        const std::vector<carbon::packaged_die> with{bad, bad};
        for (const auto how : all) CHECK_THROWS_AS(carbon::embodied(with, {how, taiwan}), input_error);
    }
}

TEST_CASE("a package is at least as large as the largest die of its stack", "[carbon]") {
    const std::vector<carbon::packaged_die> stack{{50.0 * square_millimetres{}, layered_node::nm7},
                                                  {200.0 * square_millimetres{}, layered_node::nm7}};
    CHECK_THROWS_WITH(carbon::embodied(stack, {integration::hybrid_bonds, taiwan, 100.0 * square_millimetres{}}),
                      Catch::Contains("at least that of its dies, 200"));
    CHECK_NOTHROW(carbon::embodied(stack, {integration::hybrid_bonds, taiwan, 200.0 * square_millimetres{}}));
}

TEST_CASE("ECO-CHIP's packages, corrections and refusals", "[carbon]") {
    const std::vector<eco::die> dies{{carbon::block::logic, 100.0 * square_millimetres{}, node::nm7},
                                     {carbon::block::sram, 50.0 * square_millimetres{}, node::nm14},
                                     {carbon::block::analog, 20.0 * square_millimetres{}, node::nm22}};
    for (const auto kind :
         {eco::package_kind::rdl, eco::package_kind::emib, eco::package_kind::passive, eco::package_kind::active, eco::package_kind::stacked}) {
        const auto faithful = eco::package(dies, {.kind = kind}), mended = eco::package<eco::corrected>(dies, {.kind = kind});
        CHECK(to_si(faithful.manufacture) > 0);
        CHECK(to_si(mended.manufacture) > 0);
        CHECK(mended.manufacture <= faithful.manufacture);
    }
    CHECK(to_si(eco::package(std::vector<eco::die>{dies[0]}).manufacture) == 0);
    CHECK(eco::design<eco::corrected>(dies[0], {.iterations = 180}) > eco::design(dies[0], {.iterations = 180}));
    CHECK(to_si(eco::design(dies[0], {.iterations = 180})) == to_si(eco::design(dies[0], {.iterations = 90})));
    CHECK_THROWS_AS(eco::package(std::vector<eco::die>{}), input_error);
    CHECK_THROWS_AS(eco::package(std::vector<eco::die>(65, dies[0])), input_error);
    CHECK_THROWS_AS(eco::package(dies, {.rdl_layers = 0}), input_error);
    CHECK_THROWS_AS(eco::manufacture(eco::die{carbon::block::logic, {}, node::nm7}), input_error);
    CHECK_THROWS_AS(eco::manufacture(eco::die{carbon::block::logic, 10.0 * square_millimetres{}, node::nm5}), input_error);
    CHECK_THROWS_AS(eco::operation(dies, 3, {}), input_error);
    CHECK_THROWS_AS(eco::operation(dies, 0, {.power = -1.0 * verdant::watts{}}), input_error);
    CHECK_THROWS_AS(eco::operation(dies, 0, {.active = 1.5}), input_error);
    CHECK_THROWS_AS(carbon::design_carbon(10.0 * square_millimetres{}, 1e6, {.chips = 0}), input_error);
    CHECK_THROWS_AS(carbon::design_carbon(-1.0 * square_millimetres{}, 1e6), input_error);
}

TEST_CASE("an accelerator in another process", "[carbon]") {
    const carbon::scaled_costs at_22{.logic_area = 6.0 * square_millimetres{},
                                     .sram_area = 4.0 * square_millimetres{},
                                     .logic_energy = 0.03 * verdant::joules{},
                                     .sram_energy = 0.01 * verdant::joules{},
                                     .outside_energy = 0.02 * verdant::joules{},
                                     .on_chip_time = 2.0 * verdant::milliseconds{},
                                     .outside_time = 1.5 * verdant::milliseconds{}};
    const auto at_7 = carbon::rescaled(at_22, node::nm7);
    CHECK(verdant::in<square_millimetres>(at_7.area()) == Approx(6 / 7.325456759 + 4 / 3.757501843));
    CHECK(at_7.outside_energy == at_22.outside_energy);
    CHECK(verdant::in<verdant::milliseconds>(at_7.latency()) == Approx(1.5)); // now bound by the DRAM
    const auto back = carbon::rescaled(at_7, node::nm22);
    CHECK(to_si(back.area()) == Approx(to_si(at_22.area())));
    CHECK(to_si(back.energy()) == Approx(to_si(at_22.energy())));
    CHECK_THROWS_AS(carbon::rescaled(at_22, node::nm5), input_error);
}

TEST_CASE("accelerators leave 22 nm", "[carbon]") {
    constexpr auto a = verdant::hardware::from_clusters(2, 64, 16, 256, 64, 4);
    constexpr auto parts = carbon::area_by_block(a);
    CHECK(parts.logic_area > verdant::si::area{});
    CHECK(parts.sram_area > verdant::si::area{});
    CHECK(to_si(parts.area()) == Approx(to_si(verdant::hardware::area(a))));
    CHECK(to_si(carbon::area_at(a, node::nm22)) == Approx(to_si(verdant::hardware::area(a))));
    CHECK(carbon::area_at(a, node::nm28) > carbon::area_at(a, node::nm14));
    CHECK(carbon::area_at(a, node::nm14) > carbon::area_at(a, node::nm7));
    CHECK_THROWS_AS(carbon::area_at(a, node::nm3), input_error);
    CHECK_THROWS_AS(carbon::area_at(verdant::hardware::accelerator{}, node::nm7), input_error);
}

TEST_CASE("two tiers of one kind are two tiers", "[carbon]") {
    const carbon::package_plan plan{.how = integration::monolithic};
    carbon::packaged_die tier{.area = 80.0 * square_millimetres{}, .node = layered_node::nm7};
    const std::vector<carbon::packaged_die> each{tier, tier};
    tier.count = 2;
    const std::vector<carbon::packaged_die> together{tier};
    CHECK(to_si(carbon::embodied<carbon::corrected_packages>(together, plan).dies) ==
          Approx(to_si(carbon::embodied<carbon::corrected_packages>(each, plan).dies)));
    CHECK(carbon::embodied(together, plan).dies == carbon::embodied(each, plan).dies); // published: the lower one alone
}

TEST_CASE("two thirds of one metal layer are not the usual ones", "[carbon]") {
    const auto with = [](int layers) {
        const carbon::packaged_die tier{.area = 80.0 * square_millimetres{}, .node = layered_node::nm7, .metal_layers = layers};
        return carbon::embodied(std::vector<carbon::packaged_die>{tier, tier}, {.how = integration::monolithic}).dies;
    };
    CHECK(with(1) == with(2)); // one layer
    CHECK(with(1) < with(3));
    CHECK(with(3) < with(0));
}

TEST_CASE("packages of which none works are refused", "[carbon]") {
    const std::vector<eco::die> stack(2, {.area_at_7nm = 50.0 * square_millimetres{}});
    CHECK_THROWS_AS(eco::package(stack, {.kind = eco::package_kind::stacked, .via_pitch = 0.01, .via_size = 0.02}), input_error);
    const std::vector<carbon::packaged_die> many{{.area = 0.001 * square_millimetres{}, .count = 20'000}};
    CHECK_THROWS_AS(carbon::embodied(many, {.how = integration::interposer}), input_error);
    CHECK_THROWS_AS(carbon::bonding_yield(0, {.how = integration::emib}), input_error);
    CHECK_THROWS_AS(carbon::bonding_yield<carbon::corrected_packages>(-1, {.how = integration::micro_bumps}), input_error);
}
