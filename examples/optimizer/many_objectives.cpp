// Four objectives at once: what accelerators for CLIP ViT-B/16 take of time, carbon and silicon, and what they could compute.

#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/optimizer/cma/cma_es.hpp>
#include <verdant/optimizer/evolution/moead.hpp>
#include <verdant/optimizer/evolution/nsga3.hpp>
#include <verdant/optimizer/evolution/sms_emoa.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/verdant.hpp>

#include <iostream>
namespace vd = verdant;

// [study]
template <class Optimizer>
using study = vd::search<vd::spaces::accelerator, vd::minimize<vd::latency>, vd::minimize<vd::total_carbon>, vd::minimize<vd::area>,
                         vd::maximize<vd::tops>, vd::subject_to<vd::area, vd::at_most<32>>, Optimizer>;
// [/study]

template <class Found>
void print(const char* name, const Found& found) {
    std::cout << name << ": " << found.front().size() << " accelerators of " << found.trials().size() << '\n';
}

int main() {
    const vd::accelerator_estimator evaluate;
    // [runs]
    // 35 directions: 4 divisions of four objectives. The default, 8 divisions, has 165.
    const auto by_niches = study<vd::nsga3<>>{evaluate}.run({.trials = 150, .seed = 1, .optimizer = {.divisions = 4}});
    const auto by_directions = study<vd::moead<>>{evaluate}.run(
        {.trials = 150, .seed = 1, .optimizer = {.divisions = 4, .value = vd::scalarisation::boundary_intersection}});
    const auto by_volume = study<vd::sms_emoa<>>{evaluate}.run({.trials = 150, .seed = 1, .optimizer = {.population = 30, .batch = 4}});
    // [/runs]
    print("NSGA-III", by_niches);
    print("MOEA/D", by_directions);
    print("SMS-EMOA", by_volume);

    // [cma]
    using fastest = vd::search<vd::spaces::accelerator, vd::minimize<vd::latency>, vd::subject_to<vd::total_carbon, vd::at_most<0.4>>, vd::cma_es>;
    const auto found = fastest{evaluate}.run({.trials = 100, .seed = 1});
    std::cout << "fastest below 0.4 kg: " << vd::rounded_text(vd::in<vd::milliseconds>(found.front().front().get<vd::latency>()), 4) << " ms\n";
    // [/cma]
}
