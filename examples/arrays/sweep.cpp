// What no mapping of a CLIP can beat, on all 3240 accelerators at once: latency, carbon, and the operator that holds a chip up.

#include <verdant/carbon/footprint_arrays.hpp>
#include <verdant/hardware/sweep.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <xtensor/xmath.hpp>
#include <xtensor/xsort.hpp>
#include <xtensor/xview.hpp>

#include <cmath>
#include <iostream>
#include <vector>

namespace vd = verdant;
namespace hw = verdant::hardware;

int main() {
    // [sweep]
    const hw::lowered_model clip = hw::lower(vd::workload::operators(vd::workload::clip_named("ViT-B-16")));
    std::vector<hw::accelerator> chips;
    for (const auto& p : vd::feasible_points<vd::spaces::accelerator>()) chips.push_back(vd::spaces::accelerator_of(p));

    const hw::sweep bounds{clip, chips};
    const xt::xtensor<double, 1> seconds = bounds.latency();                                  // of each chip
    const xt::xtensor<double, 1> kilograms = vd::carbon::total(bounds.area(), bounds.energy()); // chip, memory and use
    // [/sweep]
    std::cout << bounds.accelerators() << " accelerators x " << bounds.operators() << " operators\n";
    std::cout << "latency is at least " << std::round(xt::amin(seconds)() * 1e5) / 100 << " ms, carbon at least "
              << std::round(xt::amin(kilograms)() * 1000) << " g CO2e\n";

    // [slowest]
    const std::size_t fastest = xt::argmin(seconds)();
    const xt::xtensor<double, 1> cycles = xt::view(bounds.cycles(), fastest, xt::all()); // only this row is computed
    const auto& slowest = clip.ops[xt::argmax(cycles)()];
    // [/slowest]
    std::cout << "its slowest operator: " << slowest.section << ", " << slowest.name << '\n';

    // [grids]
    const xt::xtensor<double, 1> grids{vd::to_si(vd::carbon::intensity(vd::carbon::place::iceland)),
                                       vd::to_si(vd::carbon::intensity(vd::carbon::place::india))};
    const auto column = xt::view(bounds.energy(), xt::all(), xt::newaxis());
    const xt::xtensor<double, 2> use = vd::carbon::operational(column, grids) * 3e7; // 3240 x 2: each chip on each grid
    // [/grids]
    std::cout << "in use at least " << std::round(xt::amin(xt::view(use, xt::all(), 0))() * 1000) << " g CO2e in Iceland, "
              << std::round(xt::amin(xt::view(use, xt::all(), 1))() * 1000) << " g in India\n";
}
