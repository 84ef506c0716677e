// Exact fronts: OFA-MobileNetV3 at 224 pixels (2e19 networks) in latency, multiply-accumulates and AutoBuild's unit scores; 64 blocks of 9 choices in
// three sums, exact and within 0.1 % of the ranges. Latencies are made up (work and a share that differs from layer to layer); scores are those of
// the published model where $VERDANT_GOLDENS has it, else made up as well.

#include <verdant/evaluators/network_costs.hpp>
#include <verdant/evaluators/table_latency.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/optimizer/separable.hpp>
#include <verdant/predictor/module_labels.hpp>
#include <verdant/predictor/scored_modules.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/spaces/once_for_all/latency_layers.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/reduced/unit_scores.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace {

namespace vd = verdant;

struct ofa : vd::spaces::once_for_all<vd::spaces::mobilenet_v3_family(), vd::choices<224>, vd::spaces::published_kernels, vd::choices<3, 4, 6>,
                                      vd::spaces::published_depths> {};

vd::table_latency<ofa> made_up_latency() {
    vd::workload::latency_table table{"made up"};
    for (const auto& layer : vd::spaces::latency_layers<ofa>(224)) {
        double milliseconds = 0.3;
        if (const auto* block = std::get_if<vd::workload::mobile_block>(&layer.what))
            milliseconds = 2e-7 * static_cast<double>(vd::workload::macs(*block, layer.side)) * (1 + 0.3 * static_cast<double>(block->kernel));
        table.add(layer.key, {milliseconds * (0.9 + 0.2 * static_cast<double>(vd::fnv1a::of(layer.key) % 1000) / 1000), 0, 1});
    }
    return vd::table_latency<ofa>{{{224, table}}};
}

vd::reduced_space<ofa> scored_space() {
    const char* folder = std::getenv("VERDANT_GOLDENS"); // NOLINT(concurrency-mt-unsafe)
    const auto file = std::filesystem::path{folder != nullptr ? folder : VERDANT_GOLDENS_DEFAULT} / "autobuild/models/gatv2_mbv3_mit_acc.safetensors";
    const auto labels = vd::predictor::label_modules(vd::surrogate::read_graph_predictor(file.string()), vd::spaces::mbconv_family::mbv3);
    return vd::reduced_space<ofa>{vd::predictor::scored_modules<ofa>(labels)};
}

void once_for_all(benchmark::State& state) {
    using wanted = vd::goals<vd::minimize<vd::latency>, vd::minimize<vd::macs>, vd::maximize<vd::unit_score>>;
    const auto latency = made_up_latency();
    const vd::unit_scores<ofa> scores{scored_space()};
    vd::separable_front<ofa, wanted> front;
    for (auto _ : state) front = vd::exact_front<ofa, wanted>({}, latency, vd::network_costs{}, scores);
    state.counters["networks"] = front.certificate.points;
    state.counters["front"] = static_cast<double>(front.size());
    state.counters["candidates"] = static_cast<double>(front.certificate.candidates);
}
BENCHMARK(once_for_all)->Unit(benchmark::kMillisecond);

/// Blocks like those of mobile networks: three kernels and three expansions, with latency, work and a score; or terms that have nothing to do with
/// each other. Within 0.1 % the former come 5 times sooner than exact or more, the latter 2.5 times, since layers share the tolerance
/// (docs/exact_search.md).
void solve_blocks(benchmark::State& state, bool independent) {
    vd::random_stream random{static_cast<std::uint64_t>(state.range(1))};
    std::vector<vd::detail::vector_front> blocks;
    for (int b = 0; b < 64; ++b) {
        vd::detail::vector_front block{3};
        const double size = 0.5 + random.uniform(), worth = 0.5 + random.uniform();
        for (const double kernel : {3.0, 5.0, 7.0})
            for (const double expand : {3.0, 4.0, 6.0}) {
                std::array<double, 3> row{size * expand * (80 + 10 * kernel) / 150 * (0.9 + 0.2 * random.uniform()),
                                          size * expand * (100 + kernel * kernel) / 200,
                                          -worth * (std::log(expand) + 0.2 * kernel) * (0.95 + 0.1 * random.uniform())};
                if (independent)
                    for (auto& x : row) x = random.uniform();
                block.push_back(row.data());
            }
        blocks.push_back(block);
    }
    std::size_t size = 0, candidates = 0;
    for (auto _ : state) {
        vd::detail::block_fronts front{
            {{vd::detail::fold::add}, {vd::detail::fold::add}, {vd::detail::fold::add}}, 3, 1e-4 * static_cast<double>(state.range(0))};
        front.add(0, {0, 0, 0}, blocks);
        size = front.size();
        candidates = front.certificate().candidates;
    }
    state.counters["front"] = static_cast<double>(size);
    state.counters["candidates"] = static_cast<double>(candidates);
}
// Ten-thousandths, and a seed of terms.
BENCHMARK_CAPTURE(solve_blocks, many_blocks, false)->ArgsProduct({{0, 10}, {1, 2, 3, 4, 5}})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve_blocks, independent_blocks, true)->ArgsProduct({{0, 10}, {1}})->Unit(benchmark::kMillisecond);

} // namespace
