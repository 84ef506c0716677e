#include <verdant/evaluators/accelerator_bounds.hpp>
#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/hardware/divisor_bounds.hpp>
#include <verdant/hardware/estimate.hpp>
#include <verdant/hardware/sweep.hpp>
#include <verdant/optimizer/bounded.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/search.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <benchmark/benchmark.h>

#include <xtensor/xtensor.hpp>

#include <vector>

namespace vd = verdant;
namespace hw = verdant::hardware;

namespace {

const hw::lowered_model& vit_b16() {
    static const auto model = hw::lower(vd::workload::operators(vd::workload::clip_named("ViT-B-16")));
    return model;
}

const std::vector<hw::accelerator>& all_accelerators() {
    static const auto all = [] {
        std::vector<hw::accelerator> found;
        for (const auto& p : vd::feasible_points<vd::spaces::accelerator>()) found.push_back(vd::spaces::accelerator_of(p));
        return found;
    }();
    return all;
}

/// Latency and energy bounds of ViT-B/16 on all 3240 accelerators, as arrays.
template <class Bounds>
void sweep(benchmark::State& state) {
    for (auto _ : state) {
        const hw::sweep<Bounds> bounds{vit_b16(), all_accelerators()};
        const xt::xtensor<double, 1> latency = bounds.latency(), energy = bounds.energy();
        benchmark::DoNotOptimize(latency(0) + energy(0));
    }
}
BENCHMARK(sweep<hw::bound_mapper>)->Unit(benchmark::kMillisecond);
BENCHMARK(sweep<hw::divisor_bound_mapper>)->Unit(benchmark::kMillisecond);

/// The same one by one.
template <class Bounds>
void scalar(benchmark::State& state) {
    for (auto _ : state)
        for (const auto& a : all_accelerators()) {
            auto least = hw::estimate_with(Bounds{}, vit_b16(), a);
            benchmark::DoNotOptimize(least);
        }
}
BENCHMARK(scalar<hw::bound_mapper>)->Unit(benchmark::kMillisecond);
BENCHMARK(scalar<hw::divisor_bound_mapper>)->Unit(benchmark::kMillisecond);

template <class Optimizer>
using study = vd::search<vd::spaces::accelerator, vd::minimize<vd::latency>, vd::minimize<vd::total_carbon>,
                         vd::subject_to<vd::area, vd::at_most<31'990'347>, vd::square_micrometres>, vd::subject_to<vd::tops, vd::at_most<20.48>>, Optimizer>;

/// The front of all accelerators with every mapping remembered.
void exhaustive_warm(benchmark::State& state) {
    const vd::accelerator_estimator measure{vd::workload::clip_named("ViT-B-16")};
    const study<vd::exhaustive_search> search{measure};
    for (auto _ : state) state.counters["trials"] = static_cast<double>(search.run({.trials = 3240}).trials().size());
}
BENCHMARK(exhaustive_warm)->Unit(benchmark::kMillisecond);

void bounded_warm(benchmark::State& state) {
    const vd::accelerator_estimator measure{vd::workload::clip_named("ViT-B-16")};
    const study<vd::bounded_search<vd::accelerator_bounds<>>> search{measure};
    for (auto _ : state)
        state.counters["trials"] =
            static_cast<double>(search.run({.trials = 3240, .optimizer = {.bound = vd::accelerator_bounds{measure}}}).trials().size());
}
BENCHMARK(bounded_warm)->Unit(benchmark::kMillisecond);

/// With nothing remembered.
void bounded_cold(benchmark::State& state) {
    for (auto _ : state) {
        const vd::accelerator_estimator measure{vd::workload::clip_named("ViT-B-16")};
        const auto found = study<vd::bounded_search<vd::accelerator_bounds<>>>{measure}.run({.trials = 3240, .optimizer = {.bound = vd::accelerator_bounds{measure}}});
        state.counters["trials"] = static_cast<double>(found.trials().size());
    }
}
BENCHMARK(bounded_cold)->Unit(benchmark::kMillisecond)->Iterations(1);

void exhaustive_cold(benchmark::State& state) {
    for (auto _ : state) {
        const vd::accelerator_estimator measure{vd::workload::clip_named("ViT-B-16")};
        state.counters["trials"] = static_cast<double>(study<vd::exhaustive_search>{measure}.run({.trials = 3240}).trials().size());
    }
}
BENCHMARK(exhaustive_cold)->Unit(benchmark::kMillisecond)->Iterations(1);

} // namespace
