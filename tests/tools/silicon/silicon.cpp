#include "catch.hpp"

#include "silicon/accuracy.hpp"
#include "silicon/dies.hpp"
#include "silicon/levels.hpp"
#include "silicon/mapped_chip.hpp"
#include "silicon/nests.hpp"
#include "silicon/space.hpp"
#include "silicon/study.hpp"

#include <verdant/carbon/package.hpp>
#include <verdant/carbon/wafer.hpp>
#include <verdant/carbon/yield.hpp>
#include <verdant/hardware/hierarchy/nest_mapper.hpp>
#include <verdant/spaces/mnasnet/mnasnet_costs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/uncertainty.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

namespace vd = verdant;
namespace un = verdant::uncertainty;
using namespace silicon;

constexpr auto four_dies = usual_chip().with<"chiplets", 4>().with<"package", integration::interposer>();
constexpr double square_millimetre = 1e-6;

} // namespace

TEST_CASE("the nests of a network have its multiply-accumulates") {
    for (const auto& network : {vd::spaces::efficientnet_b0, vd::spaces::largest_mnasnet, vd::point<vd::spaces::mnasnet>{}}) {
        std::int64_t macs = 0;
        for (const auto& n : nests_of(vd::spaces::net_of(network))) macs += n.iterations();
        CHECK(macs == vd::spaces::cost_of(network).macs);
    }
}

TEST_CASE("the area of a die by hand") {
    const auto l = levels_of(usual_chip());
    // At 22 nm: 4 MiB, four L2s of 64 KiB; 4 x 64 x 64 multipliers with a byte of registers. At 14 nm by ECO-CHIP's factors.
    const double sram = (6207510.0 + 4 * 105921.0) * 1.902779873 / 3.757501843,
                 logic = 16384 * (379.846667 + 0.348053 / 32) * 3.709574145 / 7.325456759;
    CHECK(vd::in<vd::square_millimetres>(die_area(usual_chip(), l)) == Approx((sram + logic) * 1e-6));
    CHECK(vd::in<vd::square_millimetres>(die_area(four_dies, levels_of(four_dies))) == Approx((sram + logic) * 1e-6 + 0.33));
    CHECK(l.hertz == Approx(625e6 * 1.959590643 / 1.562502831));
}

TEST_CASE("chips that cannot be made are told from those that can") {
    CHECK(holds_its_tile(levels_of(usual_chip()))); // 2 (64 x 64 + 64 + 64) = 8448 of 65536
    constexpr auto small = usual_chip().with<"l2_kib", 8>();
    CHECK_FALSE(holds_its_tile(levels_of(small)));
    CHECK(hw::check_array_fill(levels_of(small).all).found == 8448);
    constexpr auto large = usual_chip().with<"cores", 64>().with<"columns", 512>().with<"rows", 256>().with<"l2_kib", 1024>();
    CHECK(is_above_reticle(die_area(large, levels_of(large))));
    CHECK_FALSE(is_above_reticle(die_area(usual_chip(), levels_of(usual_chip()))));
    const design_costs measure{accuracy_source{""}, world{service{}, {.seed = 1, .count = 20}}};
    auto p = usual_design();
    for (std::size_t i = 0; i < large.size(); ++i) p[vd::parameter_count<vd::spaces::mnasnet> + i] = large[i];
    const auto refused = measure(p);
    CHECK(std::isinf(vd::to_si(refused.known().get<vd::latency>())));
    CHECK(std::isinf(vd::to_si(refused.get<tail>())));
    CHECK(refused.known().get<vd::area>() > 858.0 * vd::square_millimetres{});
}

TEST_CASE("a design costs what mapper, package and draws give") {
    const un::draw_inputs drawn{.seed = 5, .count = 60};
    const service served{300.0 * vd::grams_per_kilowatt_hour{}, 2e6};
    const design_costs measure{accuracy_source{""}, world{served, drawn}, 300};
    auto p = usual_design();
    for (std::size_t i = 0; i < four_dies.size(); ++i) p[vd::parameter_count<vd::spaces::mnasnet> + i] = four_dies[i];
    const auto costs = measure(p);

    const auto l = levels_of(four_dies);
    std::int64_t cycles = 0;
    double picojoules = 0;
    for (const auto& n : nests_of(vd::spaces::net_of(vd::spaces::efficientnet_b0))) {
        const auto m = hw::map_nest(n, l.all, l.unit, {.most_exhaustive = 0, .most_local = 300, .most_branches = 0});
        CHECK(hw::check_mapping(n, l.all, m.mapping).fault == hw::mapping_fault::none);
        cycles += m.cost.cycles;
        picojoules += m.cost.energy;
    }
    CHECK(vd::to_si(costs.known().get<vd::latency>()) == Approx(static_cast<double>(cycles) / l.hertz).epsilon(1e-12));
    CHECK(vd::to_si(costs.known().get<vd::energy>()) == Approx(picojoules * 1e-12).epsilon(1e-12));

    const auto fab = drawn("fab intensity", un::uniform{480.8 * vd::grams_per_kilowatt_hour{}, 546.7 * vd::grams_per_kilowatt_hour{}});
    const auto defects = drawn("defects", un::triangular{0.85, 1.0, 4.1});
    const auto grid = drawn("grid", un::lognormal{served.grid, 0.4});
    const auto years = drawn("years", un::triangular{2.0, 4.0, 7.0});
    const auto images = drawn("images a day", un::lognormal{2e6, 0.6});
    std::vector<double> total;
    const double area = vd::to_si(die_area(four_dies, l)) / square_millimetre;
    for (std::size_t i = 0; i < 60; ++i) {
        // The four dies from wafer and yield: 1.2 kWh, 125 g and 500 g a cm2 at 14 nm; the interposer loses 4 % of what each of four bonds joins.
        const double ci = vd::in<vd::grams_per_kilowatt_hour>(fab[i]);
        const double n = std::floor(M_PI * 90000 / 4 / area - M_PI * 300 / std::sqrt(2 * area));
        const double yield = std::pow(1 + area / 100 * 0.1 * defects.si()[i] / 10, -10.0);
        const double dies = 4 * (1.2 * ci + 125 + 500) * M_PI * 15 * 15 / n / yield / std::pow(0.96, 4);
        const double square_centimetres = 1.1 * 4 * area / 100;
        const double n_interposer = std::floor(M_PI * 225 / square_centimetres - M_PI * 30 / std::sqrt(2 * square_centimetres));
        const double interposer = (1.2 * ci + 250) * M_PI * 225 / n_interposer / std::pow(1 + square_centimetres * 0.06 / 6, -6.0);
        const double bonding = 1.1 * 4 * area * 0.0009 * ci / std::pow(0.96, 4), package = 1.2 * 4 * area * 0.00135 * ci;
        const double made = (dies + interposer + bonding + package) / 1000;
        CHECK(costs.draws<vd::embodied_carbon>().si()[i] == Approx(made));
        const double used = picojoules * 1e-12 / 3.6e6 * vd::in<vd::grams_per_kilowatt_hour>(grid[i]) / 1000 * 365 * years.si()[i] * images.si()[i];
        CHECK(costs.draws<vd::operational_carbon>().si()[i] == Approx(used));
        total.push_back(made + used);
    }
    std::sort(total.begin(), total.end());
    // Definition 7: place 0.95 x 59 = 56.05.
    CHECK(vd::to_si(costs.get<tail>()) == Approx(total[56] + 0.05 * (total[57] - total[56])));
}

TEST_CASE("a part of the space leaves the other half as it is") {
    vd::random_stream random{3};
    const auto half = vd::parameter_count<vd::spaces::mnasnet>;
    for (int i = 0; i < 20; ++i) {
        const auto of_network = part_of(searched::network).sample(random), of_chip = part_of(searched::chip).sample(random);
        CHECK(of_network.nested<"chip">() == usual_chip());
        CHECK(of_chip.nested<"net">() == vd::spaces::efficientnet_b0);
    }
    CHECK(part_of(searched::network).cardinality().to_string() == "104485552128");
    CHECK(half + vd::parameter_count<chip> == vd::parameter_count<co_design>);
    CHECK(part_of(searched::both).contains(usual_design()));
}

TEST_CASE("the stand-in rises with work and weights, and never to 0.8") {
    CHECK(stand_in_accuracy(vd::spaces::efficientnet_b0) == Approx(0.74).margin(0.001));
    CHECK(stand_in_accuracy(vd::spaces::largest_mnasnet) > stand_in_accuracy(vd::spaces::efficientnet_b0));
    CHECK(stand_in_accuracy(vd::spaces::largest_mnasnet) < 0.8);
    CHECK(stand_in_accuracy(vd::point<vd::spaces::mnasnet>{}) < stand_in_accuracy(vd::spaces::efficientnet_b0));
}
