// Networks of Accel-NASBench's space on one accelerator: latency against the carbon of a chip's whole life, measured by the analytic models alone.

#include <verdant/evaluators.hpp>
#include <verdant/spaces.hpp>
#include <verdant/verdant.hpp>

#include <cstdio>
#include <string>

namespace vd = verdant;
namespace spaces = verdant::spaces;

// [forms]
// A network that a program of Accel-NASBench passes on as lists, and the point that it is.
constexpr spaces::mnasnet_design lists{
    {1, 4, 6, 6, 6, 6, 6}, {3, 3, 5, 5, 5, 5, 5}, {1, 1, 2, 3, 2, 4, 2}, {false, false, false, true, false, true, true}};
constexpr auto network = spaces::point_of(lists);
static_assert(network == spaces::mnasnet_named("a100-b"));
static_assert(spaces::rows_of(network)[5] == spaces::mnasnet_row{6, 5, 2, 112, 192, 4, true});
// Its costs are constant expressions: no network is built.
static_assert(spaces::thop_counts_of(spaces::efficientnet_b0).parameters == 5'288'548);
// [/forms]

// [study]
// At least 450 million multiply-accumulates, which stand for what a network can learn; a surrogate of the accuracy is the better goal.
using study = vd::search<spaces::mnasnet,                                     //
                         vd::minimize<vd::latency>,                           //
                         vd::minimize<vd::total_carbon>,                      //
                         vd::subject_to<vd::macs, vd::at_least<450'000'000>>, //
                         vd::nsga2<>>;
// [/study]

int main() {
    // [chip]
    constexpr auto chip = vd::hardware::from_clusters(1, 64, 64, 256, 128, 4);
    const vd::co_design_costs on_chip{vd::whole_network{}, chip};
    // [/chip]
    std::printf("%-16s %9s %9s %9s %8s %8s\n", "network", "MMACs", "elements", "ms", "mJ", "kg CO2e");
    const auto print = [&](const std::string& name, const vd::point<spaces::mnasnet>& p) {
        const auto costs = on_chip(p);
        const auto size = vd::network_costs{}(p);
        std::printf("%-16s %9.1f %9.0f %9.4f %8.3f %8.5f\n", name.c_str(), size.get<vd::macs>() / 1e6, size.get<vd::peak_memory>(),
                    vd::in<vd::milliseconds>(costs.get<vd::latency>()), 1e3 * vd::in<vd::joules>(costs.get<vd::energy>()),
                    vd::in<vd::kilograms_co2e>(costs.get<vd::total_carbon>()));
    };
    for (const auto* name : {"EfficientNet-B0", "largest", "zcu102-b", "a100-a"}) print(name, spaces::mnasnet_named(name));
    // [run]
    const auto result = study{on_chip, vd::network_costs{}}.run({.trials = 4000, .seed = 3, .threads = 0, .optimizer = {.population = 80}});
    for (const auto& t : result.front()) print("found", t.point);
    // [/run]
}
