// Embodied carbon with the process in the type, and the total footprint of a chip's life.

#include <verdant/carbon.hpp>
#include <verdant/hardware/chip.hpp>
#include <verdant/units.hpp>

#include <cstdio>

namespace vd = verdant;
namespace carbon = verdant::carbon;
namespace hw = verdant::hardware;
using hw::node;

// [embodied]
struct my_chip : hw::chip<hw::from_clusters(2, 64, 16, 256, 64, 4)> {};

constexpr vd::si::area die = hw::area<my_chip>();
static_assert(carbon::embodied<node::nm22>(die) < 140.0 * vd::grams_co2e{}); // Taiwan's grid, 95 % abatement, yield 0.875
static_assert(carbon::embodied<node::nm22, carbon::place::iceland, carbon::abatement::gpa99>(die) < 63.0 * vd::grams_co2e{});
// [/embodied]

// [footprint]
constexpr carbon::footprint life = carbon::footprint_of(die, 0.05 * vd::joules{}, // area, energy of one inference
                                                        {.memory = carbon::dram::lpddr4,
                                                         .memory_gigabytes = 2.0,
                                                         .grid = carbon::intensity(carbon::place::europe),
                                                         .inferences = 3e7});
static_assert(life.total < 1.0 * vd::kilograms_co2e{});
// [/footprint]

int main() {
    const auto grams = [](vd::si::mass m) { return vd::in<vd::grams_co2e>(m); };
    std::printf("the same die, %.2f mm2, made elsewhere:\n", vd::in<vd::square_millimetres>(die));
    for (const auto& p : carbon::logic_processes)
        std::printf("  %-5.*s%7.1f g in Taiwan%8.1f g on wind power\n", static_cast<int>(hw::name(p.node).size()), hw::name(p.node).data(),
                    grams(carbon::embodied(die, {.node = p.node})),
                    grams(carbon::embodied(die, {.node = p.node, .intensity = carbon::intensity(carbon::source::wind)})));
    std::printf("over 30 million inferences in Europe:\n");
    std::printf("  chip %.1f g, DRAM %.1f g, use %.1f g, together %.1f g; %.3f kWh\n", grams(life.embodied_chip), grams(life.embodied_dram),
                grams(life.total - life.embodied()), grams(life.total), vd::in<vd::kilowatt_hours>(life.lifetime_energy));
    std::printf("a command line may say \"brazil\" (%.0f g/kWh) or a number\n",
                vd::in<vd::grams_per_kilowatt_hour>(carbon::parse_intensity("brazil")));
}
