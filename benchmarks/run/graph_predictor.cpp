// Graph predictors without LibTorch on one core: AutoBuild's predictors over distinct random sub-networks, in one batch and one by one, with the
// instructions that the processor has, the labels of all modules, and an evolutionary search. `$VERDANT_GOLDENS/autobuild/models` holds the
// predictors; without them nothing is run.
//
// `items_per_second` are graphs or modules a second. `layer_evaluations` of labels is what was computed, `pairs` what there is: distinct pairs of a
// hop and a prefix of modules.

#include <verdant/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/predictor/module_labels.hpp>
#include <verdant/predictor/predict_graphs.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/search.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/layer_variation.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/spaces/graph/mbconv_graph.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
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
    // Prefixes of n blocks see n - 1 hops above 0. Modules of one unit: 9^n prefixes of n = 2 to 4 blocks. Unit 5 of ProxylessNAS: these, and 9^n
    // modules of n = 3 to 5 blocks whose last one is in unit 6.
    const std::size_t unit = 81 * 1 + 729 * 2 + 6561 * 3, joined = unit + 729 * 2 + 6561 * 3 + 59049 * 4;
    state.counters["layer_evaluations"] = static_cast<double>(evaluations);
    state.counters["pairs"] = static_cast<double>(family == spaces::mbconv_family::mbv3 ? 5 * unit : 4 * unit + joined);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(modules));
}

struct accuracy : vd::metric<"accuracy"> {};
using ofa = spaces::ofa_mobilenet_v3<1.2>;
using study = vd::search<ofa, vd::maximize<accuracy>, vd::minimize<vd::latency>, vd::archive_evolution<spaces::layer_variation>>;

/// AutoBuild's evolutionary search over blocks, 250 evaluations, with the predictors of accuracy and of latency on a Kirin 9000.
void search_250(benchmark::State& state) {
    const auto of_accuracy = weights_named("mbv3_acc", state), of_latency = weights_named("mbv3_latency_npu", state);
    if (!of_accuracy || !of_latency) return;
    const vd::predictor::predict_graphs<ofa, accuracy> accuracies{*of_accuracy};
    const vd::predictor::predict_graphs<ofa, vd::latency> latencies{*of_latency};
    const study s{accuracies, latencies};
    std::uint64_t seed = 0;
    std::size_t trials = 0, runs = 0;
    for (auto _ : state) {
        const auto result = s.run({.trials = 250, .seed = seed++, .optimizer = {.variation = {spaces::block_profile::of(spaces::mbconv_family::mbv3, "npu")}}});
        trials += result.trials().size();
        ++runs;
    }
    state.counters["evaluations"] = static_cast<double>(trials) / static_cast<double>(runs);
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
BENCHMARK(search_250)->Unit(benchmark::kMillisecond);

} // namespace
