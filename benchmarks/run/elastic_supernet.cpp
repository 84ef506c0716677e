// Supernets of MOOFA V3 and OFA: a forward pass of an active sub-network beside that of the extracted one, what it takes to activate and to extract
// it, and a step of training with distillation from a teacher; one image of 224 x 224, and 16 of 64 x 64. One thread. The sub-network has kernels 5,
// the middle ratio and depths 3. benchmarks/pytorch_supernet.py times the same in PyTorch, under the same names.

#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <benchmark/benchmark.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <vector>

namespace nn = verdant::nn;
namespace spaces = verdant::spaces;
namespace supernet = verdant::supernet;

namespace {

using moofa_v3 = spaces::moofa_v3;
struct ofa : spaces::ofa_mobilenet_v3<1.0> {};

template <class Space>
typename Space::arch_type middle() {
    auto a = spaces::largest_arch<Space>();
    a.ks.fill(5);
    a.e.fill(static_cast<double>(Space::expands::value(1)));
    a.d.fill(3);
    return a;
}

template <class Space>
supernet::supernet<Space>& net() {
    static supernet::supernet<Space> one{1, 0};
    return one;
}

at::Tensor images(std::int64_t side, std::int64_t batch) {
    auto stream = nn::generator(1);
    return at::randn({batch, 3, side, side}, stream);
}

/// Times work after two calls that are not: they allocate what later ones find, and LibTorch chooses its kernels in them.
template <class Work>
void timed_when_warm(benchmark::State& state, const Work& work) {
    for (int i = 0; i < 2; ++i) benchmark::DoNotOptimize(work());
    for (auto _ : state) benchmark::DoNotOptimize(work());
}

template <class Space>
void forward_extracted(benchmark::State& state) {
    const nn::thread_scope one{1};
    const c10::AutoGradMode off{false};
    const auto own = net<Space>().extract(middle<Space>());
    const auto x = images(state.range(0), state.range(1));
    timed_when_warm(state, [&] { return forward(own, x, nn::evaluating{}); });
}

/// Activated once for all passes, as in evaluation and recalibration.
template <class Space>
void forward_active(benchmark::State& state) {
    const nn::thread_scope one{1};
    const c10::AutoGradMode off{false};
    const auto active = net<Space>().active(middle<Space>());
    const auto x = images(state.range(0), state.range(1));
    timed_when_warm(state, [&] { return forward(active, x, nn::evaluating{}); });
}

/// Activated for each pass, as in a step of training.
template <class Space>
void activate_and_forward(benchmark::State& state) {
    const nn::thread_scope one{1};
    const c10::AutoGradMode off{false};
    const auto x = images(state.range(0), state.range(1));
    timed_when_warm(state, [&] { return forward(net<Space>().active(middle<Space>()), x, nn::evaluating{}); });
}

double processor_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// All three in turn, so that whatever else the machine does falls on each of them; the counters are medians of the processor's time relative to the
/// extracted one.
template <class Space>
void overhead(benchmark::State& state) {
    const nn::thread_scope one{1};
    const c10::AutoGradMode off{false};
    const auto own = net<Space>().extract(middle<Space>());
    const auto active = net<Space>().active(middle<Space>());
    const auto x = images(state.range(0), state.range(1));
    std::array<std::vector<double>, 3> times;
    const auto timed = [&times](std::size_t which, const auto& work) {
        const double start = processor_seconds();
        benchmark::DoNotOptimize(work());
        times[which].push_back(processor_seconds() - start);
    };
    for (auto _ : state) {
        timed(0, [&] { return forward(own, x, nn::evaluating{}); });
        timed(1, [&] { return forward(active, x, nn::evaluating{}); });
        timed(2, [&] { return forward(net<Space>().active(middle<Space>()), x, nn::evaluating{}); });
    }
    const auto median = [](std::vector<double>& t) {
        std::nth_element(t.begin(), t.begin() + static_cast<std::ptrdiff_t>(t.size() / 2), t.end());
        return t[t.size() / 2];
    };
    const double base = median(times[0]);
    state.counters["active_percent"] = 100 * (median(times[1]) / base - 1);
    state.counters["activate_and_forward_percent"] = 100 * (median(times[2]) / base - 1);
}

template <class Space>
void activate(benchmark::State& state) {
    const nn::thread_scope one{1};
    const c10::AutoGradMode off{false};
    const auto arch = middle<Space>();
    timed_when_warm(state, [&] { return net<Space>().active(arch); });
}

template <class Space>
void extract(benchmark::State& state) {
    const nn::thread_scope one{1};
    const auto arch = middle<Space>();
    timed_when_warm(state, [&] { return net<Space>().extract(arch); });
}

/// One sub-network, taught by the largest one.
template <class Space>
void training_step(benchmark::State& state) {
    const nn::thread_scope one{1};
    supernet::supernet<Space> trained{2, 0};
    auto optimizer = supernet::optimizer_of(trained.weights());
    supernet::distil_teacher distillation{trained.extract(spaces::largest_arch<Space>())};
    auto stream = nn::generator(1);
    const nn::labelled_images batch{images(state.range(0), state.range(1)), at::randint(0, 1000, {state.range(1)}, stream, at::kLong)};
    const std::vector subnets{middle<Space>()};
    timed_when_warm(state, [&] { return supernet::training_step(trained, optimizer, 1e-4, batch, subnets, distillation); });
}

} // namespace

#define VERDANT_FOR_EACH_SUPERNET(NAME)                                                                                                              \
    BENCHMARK(NAME<moofa_v3>)->Args({224, 1})->Args({64, 16})->Unit(benchmark::kMillisecond);                                                        \
    BENCHMARK(NAME<ofa>)->Args({224, 1})->Args({64, 16})->Unit(benchmark::kMillisecond)

VERDANT_FOR_EACH_SUPERNET(forward_extracted);
VERDANT_FOR_EACH_SUPERNET(forward_active);
VERDANT_FOR_EACH_SUPERNET(activate_and_forward);
VERDANT_FOR_EACH_SUPERNET(overhead);
BENCHMARK(activate<moofa_v3>)->Unit(benchmark::kMillisecond);
BENCHMARK(activate<ofa>)->Unit(benchmark::kMillisecond);
BENCHMARK(extract<moofa_v3>)->Unit(benchmark::kMillisecond);
BENCHMARK(extract<ofa>)->Unit(benchmark::kMillisecond);
VERDANT_FOR_EACH_SUPERNET(training_step);
