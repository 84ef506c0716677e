// Cost models: closed forms per second; cold and memoised estimates of ViT-B/16 over 100 seeded accelerators of the published 3240.

#include <verdant/carbon/footprint.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/hardware/throughput.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

namespace vd = verdant;
namespace carbon = verdant::carbon;
namespace hw = verdant::hardware;
namespace wl = verdant::workload;

namespace {

std::vector<hw::accelerator> grid() {
    std::vector<hw::accelerator> points;
    for (const int clusters : {1, 2, 4})
        for (const int width : {32, 64, 128, 256})
            for (const int depth : {2, 4, 8, 16, 32, 64})
                for (const int glb : {2, 4, 8})
                    for (const int l2 : {64, 128, 256, 512, 1024})
                        for (const int bandwidth : {32, 64, 128}) points.push_back(hw::from_clusters(clusters, width, depth, l2, bandwidth, glb));
    return points;
}

/// 100 points drawn without replacement, the same on every machine.
std::vector<hw::accelerator> drawn() {
    auto points = grid();
    std::vector<hw::accelerator> chosen;
    std::uint64_t state = 1;
    while (chosen.size() < 100) {
        state = vd::splitmix64(state);
        const auto i = static_cast<std::ptrdiff_t>(state % points.size());
        chosen.push_back(points[static_cast<std::size_t>(i)]);
        points.erase(points.begin() + i);
    }
    return chosen;
}

const hw::lowered_model& base() {
    static const hw::lowered_model m = hw::lower(wl::operators(wl::clip_named("ViT-B-16")));
    return m;
}

double cpu_seconds() {
    std::timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Area, throughput, embodied, operational and total carbon of an accelerator.
void closed_forms(benchmark::State& state) {
    const auto points = grid();
    std::size_t i = 0;
    double energy = 0.05;
    for (auto _ : state) {
        const hw::accelerator& a = points[i];
        i = i + 1 == points.size() ? 0 : i + 1;
        benchmark::DoNotOptimize(energy);
        benchmark::DoNotOptimize(hw::tops(a));
        benchmark::DoNotOptimize(carbon::footprint_of(hw::area(a), energy * vd::joules{}));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(closed_forms);

/// Everything but the mapping search: all vector operators, and lower bounds of the tensor operators.
void closed_form_bound(benchmark::State& state) {
    const auto points = grid();
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(hw::lower_bound(base(), points[i]));
        i = i + 1 == points.size() ? 0 : i + 1;
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(closed_form_bound);

/// Trace, fuse and lower a model.
void build_model(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(hw::lower(wl::operators(wl::clip_named("ViT-B-16"))));
    }
}
BENCHMARK(build_model);

/// One iteration estimates the 100 accelerators, each once with a cache that knows nothing; median and maximum of one estimate, CPU time.
void cold_estimate(benchmark::State& state) {
    const auto points = drawn();
    std::vector<double> times;
    for (auto _ : state) {
        for (const auto& a : points) {
            const hw::estimator<> cost;
            const double start = cpu_seconds();
            benchmark::DoNotOptimize(cost(base(), a));
            times.push_back(cpu_seconds() - start);
        }
    }
    std::sort(times.begin(), times.end());
    state.counters["median_ms"] = 1e3 * times[times.size() / 2];
    state.counters["max_ms"] = 1e3 * times.back();
    state.SetItemsProcessed(static_cast<std::int64_t>(times.size()));
}
BENCHMARK(cold_estimate)->Unit(benchmark::kMillisecond);

/// The same accelerators, all mappings remembered; one iteration is one estimate.
void memoised_estimate(benchmark::State& state) {
    const auto points = drawn();
    const hw::estimator<> cost;
    for (const auto& a : points) benchmark::DoNotOptimize(cost(base(), a));
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(cost(base(), points[i]));
        i = i + 1 == points.size() ? 0 : i + 1;
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(memoised_estimate);

} // namespace
