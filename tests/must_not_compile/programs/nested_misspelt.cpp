// expect: verdant: this space nests no space below that prefix
#include <verdant/carbon.hpp>
#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/verdant.hpp>
#include <verdant/workload.hpp>

#include <cmath>
#include <iostream>
namespace vd = verdant;

struct tower : vd::space<vd::param<"layers", vd::range<6, 12>>,         // 6, 7, ..., 12
                         vd::param<"width", vd::range<384, 768, 96>>,   // 384, 480, ..., 768
                         vd::param<"heads", vd::range<6, 12>>,          //
                         vd::where<vd::var<"width"> % vd::var<"heads"> == vd::val<0>>> {};

struct codesign : vd::space<vd::nest<"vision", tower>,               // vision.layers, vision.width, vision.heads
                            vd::nest<"hw", vd::spaces::accelerator>, // hw.clusters, hw.width, ...
                            vd::where<vd::var<"hw.width"> * vd::var<"hw.depth"> <= vd::val<8192>>> {};

static_assert(vd::valid<codesign>); // names are unique, every name used exists, some point is feasible
static_assert(vd::cardinality<codesign> == 245 * 3240);

constexpr auto start = vd::point<codesign>{}.with<"vision.heads", 8>().with<"hw.depth", 16>();
static_assert(start.get<"vision.heads">() == 8);
static_assert(start.feasible());
static_assert(sizeof start == 9); // one byte a parameter

vd::metrics<vd::accuracy> my_accuracy(const vd::point<codesign>& p) {
    const auto size = p.get<"vision.layers">() / 12.0 * p.get<"vision.width">() / 768.0;
    return 0.62 * (1 - std::exp(-3 * size)) - 0.01 * std::abs(p.get<"vision.heads">() - 8) / 4.0;
}

struct my_cost {
    vd::hardware::estimator<> cost;

    vd::metrics<vd::latency, vd::total_carbon> operator()(const vd::point<codesign>& p) const {
        auto clip = vd::workload::clip_named("ViT-B-16");
        clip.vision.layers = p.get<"vision.layers">();
        clip.vision.width = p.get<"vision.width">();
        clip.vision.heads = p.get<"vision.heads">();
#if defined(VERDANT_GOOD)
        const auto chip = vd::spaces::accelerator_of(p.nested<"hw">());
#else
        const auto chip = vd::spaces::accelerator_of(p.nested<"hardware">());
#endif
        const auto inference = cost(vd::hardware::lower(vd::workload::operators(clip)), chip);
        return {inference.latency, vd::carbon::footprint_of(vd::hardware::area(chip), inference.energy).total};
    }
};

using study = vd::search<codesign,                                         //
                         vd::maximize<vd::accuracy, vd::threshold<0.4>>,   //
                         vd::minimize<vd::total_carbon, vd::threshold<1>>, // kg CO2e
                         vd::subject_to<vd::latency, vd::at_most<25>>,     // ms
                         vd::nsga2<>>;

int main() {
    const auto front = study{my_accuracy, my_cost{}}.run({.trials = 1000, .seed = 7, .threads = 0, .optimizer = {.population = 40}});
    vd::print_table(std::cout, vd::report_of(front.front(), {.status = false, .digits = 3}), 8);
}
