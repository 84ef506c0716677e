// Non-dominated sort, hypervolume and contributions of 100 and 1000 mutually non-dominated points on the unit sphere (sort: uniform points
// too) in 2 to 5 objectives, to be minimised within 1.1; beside pagmo2 where that is installed.

#include <verdant/pareto.hpp>
#include <verdant/random/stream.hpp>

#include <benchmark/benchmark.h>

#if __has_include(<pagmo/utils/hypervolume.hpp>)
#include <pagmo/utils/hypervolume.hpp>
#include <pagmo/utils/multi_objective.hpp>
#define VERDANT_BENCH_PAGMO 1
#endif

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

namespace pareto = verdant::pareto;

enum class shape { sphere, uniform };

std::vector<double> points(std::size_t n, std::size_t objectives, shape kind) {
    verdant::random_stream random{7};
    std::vector<double> values(n * objectives);
    for (std::size_t i = 0; i < n; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < objectives; ++j) {
            auto& value = values[i * objectives + j];
            const double u = random.uniform();
            value = kind == shape::uniform ? u : std::abs(std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * 3.14159265358979 * random.uniform()));
            sum += value * value;
        }
        for (std::size_t j = 0; j < objectives && kind == shape::sphere; ++j) values[i * objectives + j] /= std::sqrt(sum);
    }
    return values;
}

void sort(benchmark::State& state, shape kind) {
    const auto n = static_cast<std::size_t>(state.range(0)), objectives = static_cast<std::size_t>(state.range(1));
    const auto values = points(n, objectives, kind);
    pareto::non_dominated_sorter sorter;
    for (auto _ : state) {
        sorter.sort({values, objectives});
        benchmark::DoNotOptimize(sorter.ranks().data());
    }
    state.counters["fronts"] = static_cast<double>(sorter.fronts());
}

void hypervolume(benchmark::State& state) {
    const auto n = static_cast<std::size_t>(state.range(0)), objectives = static_cast<std::size_t>(state.range(1));
    const auto values = points(n, objectives, shape::sphere);
    const std::vector<double> reference(objectives, 1.1);
    pareto::exact_hypervolume compute;
    double found = 0;
    for (auto _ : state) benchmark::DoNotOptimize(found = compute({values, objectives}, reference));
    state.counters["hypervolume"] = found;
}

void contributions(benchmark::State& state) {
    const auto n = static_cast<std::size_t>(state.range(0)), objectives = static_cast<std::size_t>(state.range(1));
    const auto values = points(n, objectives, shape::sphere);
    const std::vector<double> reference(objectives, 1.1);
    pareto::hypervolume_contributions compute;
    for (auto _ : state) benchmark::DoNotOptimize(compute({values, objectives}, reference).data());
}

void sizes(benchmark::internal::Benchmark* b) { b->ArgsProduct({{100, 1000}, {2, 3, 4, 5}})->ArgNames({"points", "objectives"}); }

BENCHMARK_CAPTURE(sort, sphere, shape::sphere)->Apply(sizes);
BENCHMARK_CAPTURE(sort, uniform, shape::uniform)->Apply(sizes);
BENCHMARK(hypervolume)->Apply(sizes);
BENCHMARK(contributions)->Apply(sizes);

#if defined(VERDANT_BENCH_PAGMO)

std::vector<std::vector<double>> rows(std::size_t n, std::size_t objectives, shape kind) {
    const auto values = points(n, objectives, kind);
    std::vector<std::vector<double>> result;
    for (std::size_t i = 0; i < n; ++i)
        result.emplace_back(values.begin() + static_cast<std::ptrdiff_t>(i * objectives),
                            values.begin() + static_cast<std::ptrdiff_t>((i + 1) * objectives));
    return result;
}

void sort_pagmo(benchmark::State& state, shape kind) {
    const auto values = rows(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)), kind);
    std::size_t fronts = 0;
    for (auto _ : state) benchmark::DoNotOptimize(fronts = std::get<0>(pagmo::fast_non_dominated_sorting(values)).size());
    state.counters["fronts"] = static_cast<double>(fronts);
}

void hypervolume_pagmo(benchmark::State& state) {
    const auto objectives = static_cast<std::size_t>(state.range(1));
    const auto values = rows(static_cast<std::size_t>(state.range(0)), objectives, shape::sphere);
    const std::vector<double> reference(objectives, 1.1);
    double found = 0;
    for (auto _ : state) benchmark::DoNotOptimize(found = pagmo::hypervolume(values, false).compute(reference));
    state.counters["hypervolume"] = found;
}

void contributions_pagmo(benchmark::State& state) {
    const auto objectives = static_cast<std::size_t>(state.range(1));
    const auto values = rows(static_cast<std::size_t>(state.range(0)), objectives, shape::sphere);
    const std::vector<double> reference(objectives, 1.1);
    for (auto _ : state) benchmark::DoNotOptimize(pagmo::hypervolume(values, false).contributions(reference));
}

// Contributions of 1000 points in 4 and 5 objectives take pagmo2 minutes.
void small_sizes(benchmark::internal::Benchmark* b) {
    b->ArgsProduct({{100}, {2, 3, 4, 5}})->ArgsProduct({{1000}, {2, 3}})->ArgNames({"points", "objectives"});
}

BENCHMARK_CAPTURE(sort_pagmo, sphere, shape::sphere)->Apply(sizes);
BENCHMARK_CAPTURE(sort_pagmo, uniform, shape::uniform)->Apply(sizes);
BENCHMARK(hypervolume_pagmo)->Apply(sizes);
BENCHMARK(contributions_pagmo)->Apply(small_sizes);

#endif

} // namespace
