// A graph predictor of accuracy and latency at once: trained on drawn sub-networks, kept, and used without LibTorch.

#include <verdant/graph.hpp>
#include <verdant/nn/core/openblas.hpp>
#include <verdant/predictor.hpp>
#include <verdant/predictor/graph/train_graph_predictor.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/graph/mbconv_graph.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/surrogate.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <vector>
namespace vd = verdant;
namespace predictor = verdant::predictor;

using space = vd::spaces::ofa_mobilenet_v3<>;

// Stand for measurements: top-1 on validation images, milliseconds on a device.
struct measured {
    double accuracy, latency;
};
measured measure(const vd::point<space>& p) {
    const auto arch = vd::spaces::arch_of(p);
    double capacity = 0;
    for (std::size_t i = 0; i < arch.ks.size(); ++i)
        if (static_cast<int>(i % 4) < arch.d[i / 4]) capacity += arch.e[i] + 0.3 * arch.ks[i];
    return {0.6 + 0.001 * capacity + 0.0002 * arch.image_size, 0.0005 * capacity * arch.image_size};
}

int main(int, char** argv) {
    vd::nn::restart_with_better_kernels(argv);
    const auto folder = std::filesystem::temp_directory_path() / "verdant_example_graph_training";
    std::filesystem::remove_all(folder);
    const auto checkpoint = (folder / "training.safetensors").string(), file = (folder / "predictor.safetensors").string();

    // [samples]
    predictor::graph_samples samples;
    vd::random_stream random{1};
    for (int i = 0; i < 400; ++i) {
        const auto p = vd::sample<space>(random);
        const auto m = measure(p);
        samples.graphs.push_back(vd::spaces::graph_of(p));
        samples.targets.insert(samples.targets.end(), {m.accuracy, m.latency}); // a row for each graph
    }
    // [/samples]

    // [train]
    vd::surrogate::graph_predictor_options network{.features = vd::surrogate::features_of(vd::spaces::columns_of<space>()), .targets = {"acc", "latency_gpu"}};
    const auto split = predictor::split_corpus(samples.size(), 12345); // nine tenths train, as Python's generator shuffles them
    const auto trained = predictor::train_graph_predictor(network, samples, split, {.epochs = 60, .batch = 64});
    // [/train]
    for (const auto& test : trained.test)
        std::printf("rank correlation on the test part above 0.9: %s\n", test.spearman > 0.9 ? "yes" : "no");

    // [resume]
    predictor::graph_training_run run{.checkpoint = checkpoint};
    run.report = [](const predictor::graph_epoch& e) {
        std::printf("epoch %d of %d\n", static_cast<int>(e.epoch), static_cast<int>(e.epochs)); // e.loss, e.spearman, e.errors, e.correlations
        return e.epoch == 2; // true stops the training after this epoch
    };
    const auto options = predictor::graph_training_options{.epochs = 4, .batch = 64};
    const auto stopped = predictor::train_graph_predictor(network, samples, split, options, run);
    const auto resumed = predictor::train_graph_predictor(network, samples, split, options, run);
    const auto whole = predictor::train_graph_predictor(network, samples, split, options);
    std::printf("stopped after %d epochs; the same bits as in one go: %s\n", static_cast<int>(stopped.epochs), resumed.weights == whole.weights ? "yes" : "no");
    // [/resume]

    // [predict]
    vd::surrogate::write_graph_predictor(file, trained.weights); // predictor.safetensors, and its options in predictor.json
    const vd::surrogate::graph_predictor predict{vd::surrogate::read_graph_predictor(file)};
    const std::vector<double> numbers = predict(vd::graph::graph_batch{samples.graphs}); // accuracy and latency of each graph
    // [/predict]
    double off = 0;
    for (const auto i : split.test) off += std::abs(numbers[2 * i] - samples.targets[2 * i]) / static_cast<double>(split.test.size());
    std::printf("mean error without LibTorch as on the test part: %s\n", std::abs(off / trained.test[0].raw.mean_absolute - 1) < 1e-3 ? "yes" : "no");
    std::filesystem::remove_all(folder);
}
