// From measured sub-networks to searched ones: a balanced collection, an accuracy predictor, and a search for each memory limit.

#include <verdant/evaluators/network_costs.hpp>
#include <verdant/goal.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/predictor/accuracy_collection.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/predictor/training/accuracy_training.hpp>
#include <verdant/predictor/training/encoded_samples.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces/once_for_all/elastic_mutation.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>

namespace vd = verdant;

using space = vd::spaces::moofa_v3;
using encoding = vd::spaces::moofa_encoding<space>;

// Stands for a supernet: take the sub-network out, calibrate its normalisation, run the test images.
double measure(const vd::spaces::ofa_arch& a) {
    double capacity = 0;
    for (std::size_t i = 0; i < a.ks.size(); ++i)
        if (static_cast<int>(i % 4) < a.d[i / 4]) capacity += a.e[i] + 0.2 * a.ks[i];
    return 0.45 + 0.002 * capacity + 0.0005 * a.image_size;
}

int main() {
    const vd::nn::thread_scope one{1};
    const auto folder = std::filesystem::temp_directory_path() / "verdant_example_fit_and_search";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const auto table = (folder / "accuracies.csv").string(), checkpoint = (folder / "predictor.pt").string();

    // [collect]
    const auto collected = vd::spaces::collect_accuracies<space>(table, measure, {.low = 300'000, .high = 700'000, .ranges = 4, .samples = 400});
    // [/collect]
    for (const auto n : collected.counts) std::printf("%zu samples\n", n);

    // [fit]
    const auto samples = vd::predictor::encoded_samples<encoding>(collected.records);
    const auto split = vd::predictor::published_split(samples.size());
    const auto fitted = vd::predictor::train_accuracy_predictor(samples, split, {.epochs = 60, .hidden = 64, .seed = 1});
    vd::io::write_torch(checkpoint, fitted.state); // whole or not at all
    // [/fit]
    std::printf("validation correlation above 0.9: %s\n", fitted.validation.pearson > 0.9 ? "yes" : "no");

    // [search]
    using study = vd::search<space, vd::maximize<vd::spaces::predicted_accuracy>, vd::subject_to<vd::peak_memory, vd::at_most<800'000>>, // elements
                             vd::evolution<vd::network_costs, vd::spaces::elastic_mutation>>;
    const auto network = vd::surrogate::mlp::from(vd::io::read_tensors(checkpoint));
    study limited{vd::network_costs{}, vd::spaces::predict_accuracy<space>{network}};
    // [/search]
    for (const double limit : {320'000, 400'000, 600'000}) {
        // [limit]
        const auto found = limited.at_most<vd::peak_memory>(limit).run({.trials = 1000, .seed = 3, .optimizer = {.population = 50}});
        const auto& best = found.front().front();
        // [/limit]
        double best_sample = 0;
        for (const auto& sample : collected.records)
            if (static_cast<double>(sample.peak_memory) <= limit) best_sample = std::max(best_sample, sample.accuracy);
        const bool fits = best.get<vd::peak_memory>() <= limit, better = measure(vd::spaces::arch_of(best.point)) > best_sample;
        std::printf("%.0f elements: %s, %s the best sample that does\n", limit, fits ? "fits" : "does not fit",
                    better ? "better than" : "no better than");
    }
    std::filesystem::remove_all(folder);
}
