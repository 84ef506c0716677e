// OFA-MobileNetV3 reduced to its best modules for accuracy and total carbon on one accelerator, and searched beside the whole space.

#include "reduced/compared.hpp"

#include <verdant/evaluators.hpp>
#include <verdant/nn/core/openblas.hpp>
#include <verdant/predictor.hpp>
#include <verdant/predictor/graph/train_graph_predictor.hpp>
#include <verdant/predictor/module_labels.hpp>
#include <verdant/predictor/scored_modules.hpp>
#include <verdant/predictor/target_moments.hpp>
#include <verdant/space/part.hpp>
#include <verdant/spaces.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/module_point.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/verdant.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>
namespace vd = verdant;
namespace predictor = verdant::predictor;

using space = vd::spaces::ofa_mobilenet_v3<1.2>;
using reduced_space = vd::reduced_space<space>;
using measured = vd::metrics<vd::accuracy, vd::total_carbon>;

// [measure]
// Stands in for validating a sub-network: each block adds quality by its expansion and kernel, less so the later it stands in its stage, and accuracy saturates.
double accuracy_of(const vd::point<space>& p) {
    double quality = 0;
    for (const auto& unit : vd::spaces::config_of(p).units)
        for (std::size_t j = 0; j < unit.size(); ++j)
            quality += std::sqrt(unit[j].expand) * (1 + 0.05 * unit[j].kernel) / std::sqrt(static_cast<double>(j + 1));
    return 0.82 - 0.25 * std::exp(-quality / 20);
}

// A camera that looks at thirty pictures a second for three years, in California.
const vd::co_design_costs carbon{vd::whole_network{}, vd::hardware::from_clusters(1, 32, 16, 64, 64, 2),
                                 vd::carbon::life{.grid = vd::carbon::california, .inferences = 2.8e9}};

measured measure(const vd::point<space>& p) { return {accuracy_of(p), carbon(p).get<vd::total_carbon>()}; }
// [/measure]

// [reduce]
// The best 25 modules of each stage by a predictor of one target, which is trained on networks that were measured.
reduced_space best_for(const predictor::graph_corpus& networks, const std::function<double(double, double)>& target) {
    predictor::graph_samples samples;
    for (const auto& n : networks.entries) {
        samples.graphs.push_back(vd::spaces::custom_graph(n.config));
        samples.targets.push_back(target(n.values[0], n.values[1]));
    }
    const auto split = predictor::split_corpus(samples.size(), 12345);
    std::vector<double> trained;
    for (const auto i : split.train) trained.push_back(samples.targets[i]);
    const auto moments = predictor::unit_moments_of(networks, split.train, trained);
    const auto done = predictor::train_graph_predictor({}, samples, split, {.epochs = 40, .batch = 64}, {}, moments);
    const auto labels = predictor::label_modules(done.weights, vd::spaces::mbconv_family::mbv3);
    return vd::reduced_to_best<space>(predictor::scored_modules<space>(labels), std::array<std::size_t, 1>{25}).at("image_size", "224");
}
// [/reduce]

// [goals]
// Hypervolumes count from accuracy 0.70 and 2.4 kg.
template <class Region>
std::vector<double> volumes_of(const Region& region, std::uint64_t first_seed) {
    return volumes<space, vd::maximize<vd::accuracy, vd::threshold<0.70>>, vd::minimize<vd::total_carbon, vd::threshold<2.4>>>(region, first_seed,
                                                                                                                               measure);
}
// [/goals]

int main(int argc, char** argv) {
    vd::nn::restart_with_better_kernels(argv);
    const std::uint64_t first_seed = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2000;
    const auto whole = vd::part_with<space>({{"image_size", "224"}});

    // [targets]
    predictor::graph_corpus networks;
    networks.metrics = {"accuracy", "carbon"};
    vd::random_stream random{1};
    for (int i = 0; i < 400; ++i) {
        const auto p = whole.sample(random);
        const auto m = measure(p);
        networks.entries.push_back({vd::spaces::config_of(p), {m.get<vd::accuracy>(), vd::in<vd::kilograms_co2e>(m.get<vd::total_carbon>())}});
    }
    const auto per_carbon = best_for(networks, [](double accuracy, double kilograms) { return accuracy / kilograms; });
    const auto balanced = best_for(networks, [](double accuracy, double kilograms) { return 100 * accuracy - 6 * kilograms; });
    const auto accurate = best_for(networks, [](double accuracy, double kilograms) { return 100 * accuracy - kilograms; });
    const auto joined = reduced_space::joined(std::array{per_carbon, balanced, accurate});
    // [/targets]

    // [compare]
    const auto of_whole = volumes_of(whole, first_seed);
    std::printf("%s points\n", whole.cardinality().to_string().c_str());
    compare("accuracy per carbon", per_carbon.cardinality().to_string(), volumes_of(per_carbon, first_seed), of_whole);
    compare("three targets joined", joined.cardinality().to_string(), volumes_of(joined, first_seed), of_whole);
    // [/compare]
}
