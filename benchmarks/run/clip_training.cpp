// How long the gradients of a batch of ViT-B/16 take and how much memory their tensors need: as they are, with blocks computed again in the backward
// pass, with a half of the patches left out, and with both. And what threads do for the small CLIP of `scripts/demo clip`: a step of its training, or
// fine-tuning, and the evaluation of a unit's importance.

#include <verdant/nn/core/openblas.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/encode.hpp>
#include <verdant/nn/layers/patch_dropout.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/gradient_checkpointing.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/train.hpp>
#include <verdant/nn/train/training_step.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

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
    if (state.range(0) != 0) nn::use_gradient_checkpointing(m);
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

constexpr verdant::workload::clip_config small_clip{.text = {.layers = 2, .width = 48, .ffn = 192, .heads = 4, .head_width = 12},
                                                    .vision = {.layers = 4, .width = 96, .ffn = 384, .heads = 4, .head_width = 24},
                                                    .patch = 7,
                                                    .joint = 48,
                                                    .image = 28,
                                                    .context = 16,
                                                    .vocabulary = 914};

/// Sets the threads of the process, which OpenBLAS does not share; they are those of LibTorch again when the object goes.
struct threads_of_run {
    explicit threads_of_run(const benchmark::State& state) { nn::set_threads(static_cast<unsigned>(state.range(0))); }
    nn::thread_scope restored{at::get_num_threads()};
};

/// Ten steps of 128 pairs an iteration; items are steps.
void training_steps(benchmark::State& state) {
    const threads_of_run threads{state};
    auto m = nn::random_clip(small_clip, 1);
    auto optimizer = nn::adamw_of(m);
    auto stream = nn::generator(1);
    const nn::memory_batches source{at::randn({1280, 3, 28, 28}, stream), at::randint(1, 900, {1280, 16}, stream, at::kLong), 128};
    std::int64_t steps = 0;
    const auto ten = [&] {
        nn::train(m, optimizer, source, nn::contrastive_objective{}, nn::constant_schedule{1e-3, 10}, {.steps = steps += 10, .largest_gradient = 1},
                  [](const nn::training_progress&) {});
    };
    ten(); // makes what later steps find
    for (auto _ : state) ten();
    state.SetItemsProcessed(10 * state.iterations());
}

/// The features of 1000 images in batches of 250, which is what a unit's importance takes.
void importance_of_unit(benchmark::State& state) {
    const threads_of_run threads{state};
    const auto m = nn::random_clip(small_clip, 1);
    auto stream = nn::generator(1);
    const auto images = at::randn({1000, 3, 28, 28}, stream);
    benchmark::DoNotOptimize(nn::image_features(m, images, 250));
    for (auto _ : state) benchmark::DoNotOptimize(nn::image_features(m, images, 250));
}

} // namespace

BENCHMARK(training_steps)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime()->Iterations(3);
BENCHMARK(importance_of_unit)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime()->Iterations(5);
BENCHMARK(gradients)->ArgNames({"again", "half"})->ArgsProduct({{0, 1}, {0, 1}})->Unit(benchmark::kMillisecond)->Iterations(1);
