#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/mapping/cache.hpp>
#include <verdant/hardware/mapping/search.hpp>
#include <verdant/hardware/tensor_core.hpp>
#include <verdant/random/stream.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <initializer_list>
#include <vector>

namespace hw = verdant::hardware;

namespace {

/// The different tensor operators of CLIP ViT-B/16: vision tower, text tower, patch embedding, head.
const std::vector<hw::loop_bounds>& vit_b16() {
    static const std::vector<hw::loop_bounds> nests{
        hw::gemm(197, 768, 768), hw::gemm(197, 768, 3072), hw::gemm(197, 3072, 768), hw::gemm(12 * 197, 197, 197), hw::gemm(12 * 197, 64, 64),
        hw::gemm(77, 512, 512), hw::gemm(77, 512, 2048), hw::gemm(77, 2048, 512), hw::gemm(8 * 77, 77, 77), hw::gemm(8 * 77, 64, 64),
        {{1, 3, 768, 16, 16, 14, 14}}, hw::gemm(1, 512, 512), hw::gemm(1, 768, 512), hw::gemm(1, 512, 1)};
    return nests;
}

/// Accelerators drawn from the published 3240 points.
std::vector<hw::mapping_target> targets(std::size_t count) {
    verdant::random_stream random{2024};
    const auto pick = [&](std::initializer_list<int> values) { return values.begin()[random.below(values.size())]; };
    std::vector<hw::mapping_target> result;
    for (std::size_t i = 0; i < count; ++i) {
        const int clusters = pick({1, 2, 4}), width = pick({32, 64, 128, 256}), depth = pick({2, 4, 8, 16, 32, 64});
        const int l2 = pick({64, 128, 256, 512, 1024}), bandwidth = pick({32, 64, 128}), glb = pick({2, 4, 8});
        result.push_back(hw::mapping_target_of(hw::from_clusters(clusters, width, depth, l2, bandwidth, glb)));
    }
    return result;
}

/// All mapping searches of one ViT-B/16 estimate, none remembered, on 100 accelerators: mean by the benchmark, median and maximum as counters.
void cold_vit_b16(benchmark::State& state) {
    const auto all = targets(100);
    std::vector<double> least(all.size(), 1e300);
    for (auto _ : state)
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::clock_t start = std::clock();
            for (const auto& nest : vit_b16()) {
                auto found = hw::mapping_search{}(nest, all[i]);
                benchmark::DoNotOptimize(found);
            }
            least[i] = std::min(least[i], static_cast<double>(std::clock() - start) * 1e3 / CLOCKS_PER_SEC);
        }
    std::sort(least.begin(), least.end());
    state.counters["median_ms"] = (least[49] + least[50]) / 2;
    state.counters["max_ms"] = least.back();
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
BENCHMARK(cold_vit_b16)->Unit(benchmark::kMillisecond);

/// One search of a matrix product (rows, inner, columns), averaged over ten accelerators.
void cold_gemm(benchmark::State& state) {
    const auto all = targets(10);
    const auto nest = hw::gemm(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)), static_cast<int>(state.range(2)));
    std::size_t i = 0;
    for (auto _ : state) {
        auto found = hw::mapping_search{}(nest, all[i++ % all.size()]);
        benchmark::DoNotOptimize(found);
    }
}
BENCHMARK(cold_gemm)->Args({197, 768, 3072})->Args({2364, 197, 197})->Args({512, 512, 512})->Args({1024, 4096, 4096})->Unit(benchmark::kMicrosecond);

/// The patch embedding, a seven-loop nest: the longest of the searches.
void cold_patch_embedding(benchmark::State& state) {
    const auto all = targets(100);
    std::size_t i = 0;
    for (auto _ : state) {
        auto found = hw::mapping_search{}({{1, 3, 768, 16, 16, 14, 14}}, all[i++ % all.size()]);
        benchmark::DoNotOptimize(found);
    }
}
BENCHMARK(cold_patch_embedding)->Unit(benchmark::kMicrosecond);

/// One remembered mapping among those of 100 accelerators.
void cache_hit(benchmark::State& state) {
    static const hw::mapping_cache cache;
    const auto all = targets(100);
    for (const auto& t : all)
        for (const auto& nest : vit_b16()) benchmark::DoNotOptimize(cache(nest, t));
    std::size_t i = 0;
    for (auto _ : state) {
        const auto found = cache(vit_b16()[i % vit_b16().size()], all[i % all.size()]);
        benchmark::DoNotOptimize(found->cycles);
        ++i;
    }
}
BENCHMARK(cache_hit)->Threads(1)->Threads(2);

} // namespace
