#include "cheap_study.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

// What a search costs beside its evaluations where trials are told as they are completed: one question and one tell a trial, with 16 trials pending.
namespace {

namespace vd = verdant;

using cheap_study::measure;
using cheap_study::study;

enum kept_in { nowhere, memory, sqlite };

template <class Optimizer>
void run_as_completed(benchmark::State& state) {
    const auto trials = static_cast<std::size_t>(state.range(0));
    const typename study<Optimizer>::options options{.trials = trials, .seed = 3, .batch = 16, .order = vd::tell_order::as_completed};
    const char* folder = std::getenv("TMPDIR");
    const auto path = std::string{folder != nullptr ? folder : "/tmp"} + "/verdant-as-completed-" + std::to_string(::getpid()) + ".db";
    const auto clear = [&] {
        for (const char* rest : {"", "-wal", "-shm", "-lock"}) std::remove((path + rest).c_str());
    };
    clear();
    for (auto _ : state) {
        if (state.range(1) == nowhere) benchmark::DoNotOptimize(study<Optimizer>{measure}.run(options));
        else if (state.range(1) == memory) benchmark::DoNotOptimize(study<Optimizer>{measure}.run(options, vd::memory_storage{}));
        else benchmark::DoNotOptimize(study<Optimizer>{measure}.run(options, vd::sqlite_storage{path}));
    }
    clear();
    state.counters["us_per_trial"] =
        benchmark::Counter(static_cast<double>(trials) / 1e6, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(run_as_completed<vd::random_search>)
    ->ArgsProduct({{100'000}, {nowhere, memory, sqlite}})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();
BENCHMARK(run_as_completed<vd::nsga2<>>)
    ->ArgsProduct({{100'000}, {nowhere, memory, sqlite}})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

} // namespace
