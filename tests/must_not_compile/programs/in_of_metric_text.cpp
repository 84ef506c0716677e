// expect: verdant: the metric stands between < and >
#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/verdant.hpp>

#include <iostream>
namespace vd = verdant;

using study = vd::search<vd::spaces::accelerator,                          // 3240 accelerators
                         vd::minimize<vd::latency, vd::threshold<100>>,    // ms, of CLIP ViT-B/16
                         vd::minimize<vd::total_carbon, vd::threshold<1>>, // kg CO2e over the device's life
                         vd::subject_to<vd::area, vd::at_most<32>>,        // mm2
                         vd::subject_to<vd::tops, vd::at_most<20.48>>,     // 10^12 operations per second
                         vd::nsga2<>>;

int main() {
    const auto front = study{vd::accelerator_estimator{}}.run({.trials = 400, .seed = 7, .optimizer = {.population = 40}});
    for (const auto& t : front)
#if defined(VERDANT_GOOD)
        std::cout << vd::rounded_text(vd::in<vd::milliseconds>(t.get<vd::latency>()), 4) << " ms  "
#else
        std::cout << vd::rounded_text(vd::in<vd::milliseconds>(t.get("latency")), 4) << " ms  "
#endif
                  << vd::rounded_text(vd::in<vd::kilograms_co2e>(t.get<vd::total_carbon>()), 4) << " kg  " << to_string(t.point) << '\n';
}
