// Bayesian optimisation: accelerators for CLIP ViT-B/16 with a quarter of the evaluations.

#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/verdant.hpp>

#include <cstdint>
#include <iostream>
namespace vd = verdant;

// [study]
template <class Optimizer>
using study = vd::search<vd::spaces::accelerator,                          // 3240 accelerators
                         vd::minimize<vd::latency, vd::threshold<100>>,    // ms
                         vd::minimize<vd::total_carbon, vd::threshold<1>>, // kg
                         vd::subject_to<vd::area, vd::at_most<32>>,        // mm2
                         vd::subject_to<vd::tops, vd::at_most<20.48>>, Optimizer>;
// [/study]

int main() {
    const vd::accelerator_estimator estimate;

    // [run]
    const auto found = study<vd::bayes<>>{estimate}.run({.trials = 40, .seed = 1});
    // [/run]

    // [closed]
    using closed_form = study<vd::bayes<vd::ehvi>>; // no sampling: several times faster
    const auto quick = closed_form{estimate}.run({.trials = 40, .seed = 1, .optimizer = {.batch = 4}});
    // [/closed]

    // One seed says little about an optimizer.
    const auto best = study<vd::exhaustive_search>{estimate}.run({.trials = 3240});
    double bayesian = *found.hypervolume(), in_batches = *quick.hypervolume(), random = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        random += *study<vd::random_search>{estimate}.run({.trials = 40, .seed = seed}).hypervolume();
        if (seed == 1) continue;
        bayesian += *study<vd::bayes<>>{estimate}.run({.trials = 40, .seed = seed}).hypervolume();
        in_batches += *closed_form{estimate}.run({.trials = 40, .seed = seed, .optimizer = {.batch = 4}}).hypervolume();
    }
    const auto share = [&](double sum) { return vd::rounded_text(25 * sum / *best.hypervolume(), 3); };
    std::cout << "of the hypervolume of all 3240 accelerators, 40 trials find (means of four seeds)\n  " << share(bayesian) << " % (bayes)\n  "
              << share(in_batches) << " % (closed form, four points at a time)\n  " << share(random) << " % (random)\n";

    // [model]
    study<vd::bayes<>>::session_type session{1, {}};
    for (int i = 0; i < 20; ++i)
        for (const auto& p : session.ask(1)) {
            const auto m = estimate(p);
            session.tell(p, {m.get<vd::latency>(), m.get<vd::total_carbon>(), m.get<vd::area>(), m.get<vd::tops>()});
        }
    vd::random_stream random_numbers{2};
    const auto model = session.engine().fit(random_numbers);
    // [/model]
    std::cout << "after " << model.inputs.cols() << " trials the model of latency explains "
              << vd::rounded_text(model.outcomes[0].kernel().outputscale, 2) << " of its variance scale over " << model.dimensions()
              << " coordinates\n";
}
