// How long the gradients of a batch of ViT-B/16 take and how much memory their tensors need: as they are, with blocks computed again in the backward pass, with
// a half of the patches left out, and with both.

#include <verdant/nn/clip_init.hpp>
#include <verdant/nn/patch_dropout.hpp>
#include <verdant/nn/recomputed_block.hpp>
#include <verdant/nn/runtime.hpp>
#include <verdant/nn/training_step.hpp>
#include <verdant/workload/clip_configs.hpp>

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <benchmark/benchmark.h>
#include <c10/core/Allocator.h>
#include <c10/core/Device.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace nn = verdant::nn;

namespace {

/// Bytes of tensors that are alive at once, at most. Versions of LibTorch differ in the signature.
struct counted_bytes : c10::MemoryReportingInfoBase {
    void reportMemoryUsage(void*, std::int64_t size, std::int64_t, std::int64_t, c10::Device) { add(size); }
    void reportMemoryUsage(void*, std::int64_t size, std::size_t, std::size_t, c10::Device) { add(size); }
    [[nodiscard]] bool memoryProfilingEnabled() const { return true; }
    void add(std::int64_t size) { most = std::max(most, now += size); }
    std::int64_t now = 0, most = 0;
};

void gradients(benchmark::State& state) {
    constexpr std::int64_t n = 4;
    auto m = nn::random_clip(verdant::workload::clip_named("ViT-B-16"), 1);
    nn::require_grad(m);
    if (state.range(0) != 0) nn::recompute_blocks(m);
    auto stream = nn::generator(1);
    std::vector<nn::image_text_batch> batch{{at::randn({n, 3, 224, 224}, stream), at::randint(1, 49000, {n, 77}, stream, at::kLong)}};
    if (state.range(1) != 0) batch.front().patches = nn::kept_patches({0.5, 1}, n, 196, 0, 0);
    nn::contrastive_objective objective;
    nn::accumulate_gradients(m, std::span{std::as_const(batch)}, objective); // makes the tensors of the gradients
    const auto counted = std::make_shared<counted_bytes>();
    for (auto _ : state) {
        const c10::DebugInfoGuard guard{c10::DebugInfoKind::PROFILER_STATE, counted};
        nn::accumulate_gradients(m, std::span{std::as_const(batch)}, objective);
    }
    state.counters["MiB"] = static_cast<double>(counted->most) / (1 << 20);
}

} // namespace

BENCHMARK(gradients)->ArgNames({"again", "half"})->ArgsProduct({{0, 1}, {0, 1}})->Unit(benchmark::kMillisecond)->Iterations(1);
