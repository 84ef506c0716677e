// Epochs of the training of AutoBuild's graph predictor (GATv2, 32 wide, 4 layers, batches of 128) on measured sub-networks, metrics of the epoch
// included, by one thread. benchmarks/peers/graph_training.py trains the same network on the same batches in PyTorch.

#include <verdant/nn/core/openblas.hpp>
#include <verdant/predictor/graph/graph_trainer.hpp>
#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace predictor = verdant::predictor;

namespace {

constexpr std::size_t trained_rows = 1996;

std::string table() {
    const char* const chosen = std::getenv("VERDANT_GOLDENS");
    return std::string{chosen != nullptr && *chosen != '\0' ? chosen : VERDANT_GOLDENS_DEFAULT} + "/autobuild/mit_ofa_dev.csv";
}

void graph_training_epoch(benchmark::State& state) {
    if (!std::filesystem::exists(table())) {
        state.SkipWithError(("no file " + table()).c_str());
        return;
    }
    auto corpus = predictor::read_graph_corpus(table());
    if (corpus.entries.size() > trained_rows) corpus.entries.resize(trained_rows);
    predictor::graph_samples samples{predictor::graphs_of(corpus), {}};
    for (const auto& entry : corpus.entries) samples.targets.push_back(entry.values[corpus.metric("acc")]);
    predictor::graph_trainer trainer{verdant::surrogate::graph_predictor_options{}, samples, {.epochs = 100'000}};
    for (auto _ : state) benchmark::DoNotOptimize(trainer.run_epoch());
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(samples.size()));
}
BENCHMARK(graph_training_epoch)->Unit(benchmark::kMillisecond)->MinTime(2);

} // namespace
