// Networks of a weight-sharing supernet and the accelerator they run on, searched together under a limit of memory.

#include <verdant/verdant.hpp>

#include <cmath>
#include <iostream>
namespace vd = verdant;

// [space]
struct codesign : vd::space<vd::nest<"net", vd::spaces::moofa_v3>, // net.image_size, net.stage0.depth, net.stage0.block0.kernel, ...
                            vd::nest<"hw", vd::fix<vd::fix<vd::spaces::accelerator, "l2_bandwidth", 128>, "l2_kib", 256>>> {};

static_assert(vd::cardinality<codesign> > 1e22);
// [/space]

// [accuracy]
// Stands in for a trained predictor, which takes its place: it only knows that larger inputs and more multiply-accumulates do better, with
// diminishing returns.
vd::metrics<vd::accuracy> stand_in_accuracy(const vd::point<codesign>& p) {
    const auto work = static_cast<double>(vd::spaces::macs(p.nested<"net">())) / 1e9;
    return 0.70 + 0.07 * (1 - std::exp(-4 * work)) + 0.0001 * (p.get<"net.image_size">() - 128);
}
// [/accuracy]

// [study]
using study = vd::search<codesign,                                            //
                         vd::maximize<vd::accuracy>,                          //
                         vd::minimize<vd::total_carbon>,                      // kg CO2e
                         vd::subject_to<vd::peak_memory, vd::at_most<400000>>, // elements
                         vd::subject_to<vd::latency, vd::at_most<0.25>>,      // ms
                         vd::nsga2<>>;
// [/study]

int main() {
    // [run]
    const auto front = study{stand_in_accuracy, vd::network_costs{}, vd::network_estimator{}}.run(
        {.trials = 600, .seed = 5, .threads = 0, .optimizer = {.population = 40}});
    for (const auto& t : front) {
        const auto& p = t.point;
        std::cout << vd::rounded_text(t.get<vd::accuracy>(), 4) << "  " << vd::rounded_text(vd::in<vd::kilograms_co2e>(t.get<vd::total_carbon>()), 4)
                  << " kg  " << vd::rounded_text(vd::in<vd::milliseconds>(t.get<vd::latency>()), 4) << " ms  " << t.get<vd::peak_memory>()
                  << " elements  image " << p.get<"net.image_size">() << ", " << p.get<"hw.clusters">() << " x " << p.get<"hw.width">() << " x "
                  << p.get<"hw.depth">() << '\n';
    }
    // [/run]
}
