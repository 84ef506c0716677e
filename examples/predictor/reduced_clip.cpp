// The towers of pruned CLIPs reduced to the best for accuracy and total carbon on one accelerator, and searched beside all of them.
//
//     reduced_clip [SEED [FOLDER]]    SEED: the first of ten; FOLDER: a ranking that was measured

#include "reduced/compared.hpp"
#include "reduced_clip/pruned_accuracy.hpp"
#include "reduced_clip/scored_towers.hpp"

#include <verdant/evaluators.hpp>
#include <verdant/nn/core/openblas.hpp>
#include <verdant/predictor.hpp>
#include <verdant/predictor/graph/train_graph_predictor.hpp>
#include <verdant/pruning/importance_json.hpp>
#include <verdant/space/part.hpp>
#include <verdant/spaces/graph/clip_graph.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/surrogate.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/verdant.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>
namespace vd = verdant;
namespace predictor = verdant::predictor;

using reduced_space = vd::reduced_space<space>;

// A hundred million inferences in California.
const vd::co_design_costs cost{whole_clip, vd::hardware::from_clusters(4, 64, 16, 64, 128, 2),
                               vd::carbon::life{.grid = vd::carbon::california, .inferences = 1e8}};

// [reduce]
reduced_space best_for(const predictor::graph_samples& models, const std::vector<std::array<double, 2>>& measured,
                       const std::function<double(double, double)>& target) {
    predictor::graph_samples samples{models.graphs, {}};
    for (const auto& [accuracy, kilograms] : measured) samples.targets.push_back(target(accuracy, kilograms));
    vd::surrogate::graph_predictor_options network;
    network.features = vd::surrogate::features_of(vd::spaces::columns_of<space>());
    network.moment_units = network.moment_hops = 0;
    const auto split = predictor::split_corpus(samples.size(), 12345);
    const vd::surrogate::graph_predictor predict{predictor::train_graph_predictor(network, samples, split, {.epochs = 40, .batch = 64}).weights};
    return vd::reduced_to_best<space>({scored_towers(predict, 0), scored_towers(predict, 1)}, std::array<std::size_t, 1>{50});
}
// [/reduce]

// Hypervolumes count from accuracy 0.1 and 1.2 kg.
template <class Region>
std::vector<double> volumes_of(const pruned_accuracy& accuracy, const Region& region, std::uint64_t first_seed) {
    return volumes<space, vd::maximize<vd::accuracy, vd::threshold<0.1>>, vd::minimize<vd::total_carbon, vd::threshold<1.2>>>(region, first_seed,
                                                                                                                              accuracy, cost);
}

int main(int argc, char** argv) {
    vd::nn::restart_with_better_kernels(argv);
    const pruned_accuracy accuracy{argc > 2 ? vd::supernet::read_importance(argv[2]) : made_up_ranking()};
    const std::uint64_t first_seed = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2000;

    // [targets]
    predictor::graph_samples models;
    std::vector<std::array<double, 2>> measured;
    vd::random_stream random{1};
    for (int i = 0; i < 400; ++i) {
        const auto p = vd::sample<space>(random);
        models.graphs.push_back(vd::spaces::graph_of(p));
        measured.push_back({accuracy(p).get<vd::accuracy>(), vd::in<vd::kilograms_co2e>(cost(p).get<vd::total_carbon>())});
    }
    const auto per_carbon = best_for(models, measured, [](double correct, double kilograms) { return correct / kilograms; });
    const auto balanced = best_for(models, measured, [](double correct, double kilograms) { return correct - kilograms; });
    const auto accurate = best_for(models, measured, [](double correct, double kilograms) { return correct - kilograms / 6; });
    const auto joined = reduced_space::joined(std::array{per_carbon, balanced, accurate});
    // [/targets]

    // [compare]
    const auto whole = vd::part_with<space>({});
    const auto of_whole = volumes_of(accuracy, whole, first_seed);
    std::printf("%s points\n", whole.cardinality().to_string().c_str());
    compare("accuracy per carbon", per_carbon.cardinality().to_string(), volumes_of(accuracy, per_carbon, first_seed), of_whole);
    compare("three targets joined", joined.cardinality().to_string(), volumes_of(accuracy, joined, first_seed), of_whole);
    // [/compare]
}
