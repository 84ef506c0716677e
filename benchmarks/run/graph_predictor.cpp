// Graph predictors without LibTorch on one core: AutoBuild's predictors over distinct random sub-networks, in one batch and one by one, with the instructions that the processor
// has, and the labels of all modules. `$VERDANT_GOLDENS/autobuild/models` holds the predictors; without them nothing is run.
//
// `graphs/s` and `items_per_second` are graphs a second. `layer_evaluations` of labels is what was computed, `pairs` what there is: distinct pairs of a hop and a prefix of modules.

#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/predictor/module_labels.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vd = verdant;
namespace spaces = verdant::spaces;
namespace surrogate = verdant::surrogate;

namespace {

constexpr std::size_t networks = 4096;

std::optional<surrogate::graph_predictor_weights> weights_named(const std::string& name, benchmark::State& state) {
    const char* folder = std::getenv("VERDANT_GOLDENS");
    const auto path = std::filesystem::path{folder != nullptr ? folder : VERDANT_GOLDENS_DEFAULT} / "autobuild/models" / (name + ".safetensors");
    if (std::filesystem::exists(path)) return surrogate::read_graph_predictor(path.string());
    state.SkipWithError(("no file " + path.string()).c_str());
    return std::nullopt;
}

/// Distinct sub-networks of OFA-MobileNetV3.
std::vector<spaces::mbconv_units> drawn_networks() {
    vd::random_stream random{1};
    std::vector<spaces::mbconv_units> out;
    std::set<std::string> texts;
    while (out.size() < networks) {
        spaces::mbconv_units units(5);
        for (auto& unit : units) {
            unit.resize(2 + random() % 3);
            for (auto& b : unit) b = {spaces::mbconv_expands[random() % 3], spaces::mbconv_kernels[random() % 3]};
        }
        if (texts.insert(spaces::units_text(units)).second) out.push_back(std::move(units));
    }
    return out;
}

std::vector<vd::graph::featured_graph> graphs_of(const std::vector<spaces::mbconv_units>& all) {
    std::vector<vd::graph::featured_graph> out;
    out.reserve(all.size());
    for (const auto& units : all) out.push_back(spaces::custom_graph(spaces::mbconv_family::mbv3, units, 224));
    return out;
}

bool has(benchmark::State& state, surrogate::vector_instructions v) {
    if (surrogate::has_instructions(v)) return true;
    state.SkipWithError("not on this processor");
    return false;
}

void batch(benchmark::State& state, const std::string& name, surrogate::vector_instructions v) {
    const auto weights = weights_named(name, state);
    if (!weights || !has(state, v)) return;
    const surrogate::graph_predictor predictor{*weights};
    surrogate::graph_predictor::workspace w{v};
    const vd::graph::graph_batch graphs{graphs_of(drawn_networks())};
    std::vector<float> out(graphs.graphs());
    for (auto _ : state) {
        predictor.predict(graphs, out, w);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(networks));
}

/// With the graphs and their batch, from lists of blocks.
void from_blocks(benchmark::State& state, const std::string& name) {
    const auto weights = weights_named(name, state);
    if (!weights) return;
    const surrogate::graph_predictor predictor{*weights};
    surrogate::graph_predictor::workspace w;
    const auto all = drawn_networks();
    std::vector<float> out(networks);
    for (auto _ : state) {
        predictor.predict(vd::graph::graph_batch{graphs_of(all)}, out, w);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(networks));
}

void single(benchmark::State& state, const std::string& name, surrogate::vector_instructions v) {
    const auto weights = weights_named(name, state);
    if (!weights || !has(state, v)) return;
    const surrogate::graph_predictor predictor{*weights};
    surrogate::graph_predictor::workspace w{v};
    const auto graphs = graphs_of(drawn_networks());
    std::size_t next = 0;
    for (auto _ : state) {
        float out = 0;
        predictor.predict(graphs[next++ % networks], {&out, 1}, w);
        benchmark::DoNotOptimize(out);
    }
    state.SetItemsProcessed(state.iterations());
}

void labels(benchmark::State& state, const std::string& name, spaces::mbconv_family family, surrogate::vector_instructions v) {
    const auto weights = weights_named(name, state);
    if (!weights || !has(state, v)) return;
    std::size_t evaluations = 0, modules = 0;
    for (auto _ : state) {
        const auto found = vd::predictor::label_modules(*weights, family, {.instructions = v});
        evaluations = found.layer_evaluations;
        modules = found.modules.size();
        benchmark::DoNotOptimize(found.modules.data());
    }
    // Prefixes of n blocks see n - 1 hops above 0. Modules of one unit: 9^n prefixes of n = 2 to 4 blocks. Unit 5 of ProxylessNAS: these, and 9^n modules of n = 3 to 5
    // blocks whose last one is in unit 6.
    const std::size_t unit = 81 * 1 + 729 * 2 + 6561 * 3, joined = unit + 729 * 2 + 6561 * 3 + 59049 * 4;
    state.counters["layer_evaluations"] = static_cast<double>(evaluations);
    state.counters["pairs"] = static_cast<double>(family == spaces::mbconv_family::mbv3 ? 5 * unit : 4 * unit + joined);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(modules));
}

using enum surrogate::vector_instructions;

BENCHMARK_CAPTURE(batch, gatv2_32_avx512, "gatv2_mbv3_mit_acc", avx512)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(batch, gatv2_32_avx2, "gatv2_mbv3_mit_acc", avx2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(batch, gatv2_32_baseline, "gatv2_mbv3_mit_acc", baseline)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(batch, graphconv_128_avx512, "mbv3_acc", avx512)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(batch, graphconv_128_avx2, "mbv3_acc", avx2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(batch, graphconv_128_baseline, "mbv3_acc", baseline)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(from_blocks, gatv2_32, "gatv2_mbv3_mit_acc")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(from_blocks, graphconv_128, "mbv3_acc")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(single, gatv2_32_avx512, "gatv2_mbv3_mit_acc", avx512)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(single, gatv2_32_avx2, "gatv2_mbv3_mit_acc", avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(single, gatv2_32_baseline, "gatv2_mbv3_mit_acc", baseline)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(single, graphconv_128_avx512, "mbv3_acc", avx512)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(single, graphconv_128_avx2, "mbv3_acc", avx2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(single, graphconv_128_baseline, "mbv3_acc", baseline)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(labels, mbv3_avx512, "gatv2_mbv3_mit_acc", spaces::mbconv_family::mbv3, avx512)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(labels, mbv3_avx2, "gatv2_mbv3_mit_acc", spaces::mbconv_family::mbv3, avx2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(labels, mbv3_baseline, "gatv2_mbv3_mit_acc", spaces::mbconv_family::mbv3, baseline)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(labels, pn_avx512, "gatv2_pn_pseudo_acc", spaces::mbconv_family::pn, avx512)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(labels, pn_avx2, "gatv2_pn_pseudo_acc", spaces::mbconv_family::pn, avx2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(labels, pn_baseline, "gatv2_pn_pseudo_acc", spaces::mbconv_family::pn, baseline)->Unit(benchmark::kMillisecond);

} // namespace
