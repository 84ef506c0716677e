// How long a pruned ViT-B/16 takes to build: as a copy of its own, as views of shared weights, and as views whose choice of vision layers is
// not yet known; and how long it takes to encode an image either way.

#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/pruning/shared_clip.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <ATen/ops/randn.h>
#include <benchmark/benchmark.h>
#include <c10/core/GradMode.h>

#include <cstdint>

namespace nn = verdant::nn;
namespace supernet = verdant::supernet;
namespace workload = verdant::workload;

namespace {

workload::clip_config full() {
    auto c = workload::clip_named("ViT-B-16");
    c.nonlinearity = workload::activation::gelu;
    return c;
}

const nn::clip_model& model() {
    static const auto m = nn::random_clip(full(), 1);
    return m;
}

const supernet::clip_importance& importance() {
    static const auto ranking = [] {
        auto r = supernet::importance_by_position(full());
        verdant::random_stream stream{7};
        for (auto* tower : {&r.text, &r.vision})
            for (auto* part : {&tower->ffn, &tower->heads})
                for (auto& layer : *part) {
                    for (auto& unit : layer) unit.score = stream.uniform();
                    supernet::order_units(layer);
                }
        return r;
    }();
    return ranking;
}

/// The job of the original's final training: text 7/512/2048/6, vision 11/768/3072/10; or a small one.
workload::clip_config target(std::int64_t which) {
    auto c = full();
    if (which == 0) {
        c.text = {7, 512, 2048, 6};
        c.vision = {11, 768, 3072, 10};
    } else {
        c.text = {8, 320, 1280, 5};
        c.vision = {7, 480, 1920, 8};
    }
    return c;
}

const supernet::shared_clip& shared() {
    static const supernet::shared_clip s{model(), importance()};
    return s;
}

void prune_and_copy(benchmark::State& state) {
    const auto c = target(state.range(0));
    benchmark::DoNotOptimize(supernet::prune(model(), importance(), c)); // the first one waits for memory
    for (auto _ : state) benchmark::DoNotOptimize(supernet::prune(model(), importance(), c));
}

void shared_views(benchmark::State& state) {
    const auto c = target(state.range(0));
    benchmark::DoNotOptimize(shared()(c));
    for (auto _ : state) benchmark::DoNotOptimize(shared()(c));
}

void shared_views_choosing_layers(benchmark::State& state) {
    (void)shared();
    auto c = target(state.range(0));
    // Every number of layers shares a choice, every width has its own; so take another width each time.
    int width = 384;
    for (auto _ : state) {
        c.vision.width = width;
        width = width < 767 ? width + 1 : 384;
        benchmark::DoNotOptimize(shared()(c));
    }
}

template <bool Shared>
void encode_images(benchmark::State& state) {
    const c10::AutoGradMode off{false};
    const auto m = Shared ? shared()(target(1)) : supernet::prune(model(), importance(), target(1));
    auto stream = nn::generator(1);
    const auto images = at::randn({8, 3, 224, 224}, stream);
    for (auto _ : state) benchmark::DoNotOptimize(nn::encode_image(m, images));
}

} // namespace

BENCHMARK(prune_and_copy)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(shared_views)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(shared_views_choosing_layers)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK(encode_images<false>)->Unit(benchmark::kMillisecond);
BENCHMARK(encode_images<true>)->Unit(benchmark::kMillisecond);
