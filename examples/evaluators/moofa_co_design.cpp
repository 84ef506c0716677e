// Networks of a weight-sharing supernet and the accelerator they run on, searched together under a limit of memory.

#include <verdant/evaluators.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/spaces.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>
#include <verdant/verdant.hpp>
#include <verdant/workload.hpp>

#include <cstddef>
#include <iostream>
#include <vector>

namespace vd = verdant;

// [space]
struct codesign : vd::space<vd::nest<"net", vd::spaces::moofa_v3>, // net.image_size, net.stage0.depth, net.stage0.block0.kernel, ...
                            vd::nest<"hw", vd::fix<vd::fix<vd::spaces::accelerator, "l2_bandwidth", 128>, "l2_kib", 256>>> {};

static_assert(vd::cardinality<codesign> > 1e22);
// [/space]

// [accuracy]
// Stands in for a trained predictor, `vd::surrogate::mlp::from(vd::io::read_tensors("predictor.pt"))`: one layer, which knows what each choice adds.
vd::surrogate::mlp stand_in_predictor() {
    using encoding = vd::spaces::moofa_encoding<vd::spaces::moofa_v3>; // one input for each value of each choice
    std::vector<float> worth(encoding::width);
    for (std::size_t i = 0; i < 4; ++i) worth[encoding::image_offset + i] = 0.0032F * static_cast<float>(i); // 128, 160, 192, 224 pixels
    for (std::size_t block = 0; block < vd::spaces::moofa_v3::blocks; ++block)
        for (std::size_t i = 0; i < 3; ++i) {
            worth[encoding::kernel_offset + 3 * block + i] = 0.0005F + 0.0004F * static_cast<float>(i); // 3, 5, 7
            worth[encoding::expand_offset + 3 * block + i] = 0.0005F + 0.0006F * static_cast<float>(i); // 2, 3, 4
        }
    const vd::surrogate::dense_layer sum{encoding::width, 1, worth, {}, vd::surrogate::dense_output::linear};
    return vd::surrogate::mlp{{sum}, 0.70F};
}
// [/accuracy]

// [study]
using study = vd::search<codesign,                                            //
                         vd::maximize<vd::spaces::predicted_accuracy>,         //
                         vd::minimize<vd::total_carbon>,                      // kg CO2e
                         vd::subject_to<vd::peak_memory, vd::at_most<400000>>, // elements
                         vd::subject_to<vd::latency, vd::at_most<0.25>>,      // ms
                         vd::nsga2<>>;
// [/study]

int main() {
    // [run]
    const auto front = study{vd::spaces::predict_accuracy<codesign>{stand_in_predictor()}, vd::network_costs{}, vd::network_estimator{}}.run(
        {.trials = 600, .seed = 5, .threads = 0, .optimizer = {.population = 40}});
    for (const auto& t : front) {
        const auto& p = t.point;
        std::cout << vd::rounded_text(t.get<vd::spaces::predicted_accuracy>(), 4) << "  "
                  << vd::rounded_text(vd::in<vd::kilograms_co2e>(t.get<vd::total_carbon>()), 4) << " kg  "
                  << vd::rounded_text(vd::in<vd::milliseconds>(t.get<vd::latency>()), 4) << " ms  " << t.get<vd::peak_memory>() << " elements  image "
                  << p.get<"net.image_size">() << ", " << p.get<"hw.clusters">() << " x " << p.get<"hw.width">() << " x " << p.get<"hw.depth">()
                  << '\n';
    }
    // [/run]
}
