#include "cheap_study.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <unistd.h>

// What a search costs beside its evaluations where it is kept in SQLite: ask, tell and store, and how long a study takes to open.
namespace {

namespace vd = verdant;

using cheap_study::measure;
using cheap_study::study;

std::string fresh_path() {
    const char* folder = std::getenv("TMPDIR");
    const auto path = std::string{folder != nullptr ? folder : "/tmp"} + "/verdant-kept-study-" + std::to_string(::getpid()) + ".db";
    for (const char* rest : {"", "-wal", "-shm", "-lock"}) std::remove((path + rest).c_str());
    return path;
}

double peak_megabytes() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;)
        if (word == "VmHWM:") {
            double kilobytes = 0;
            status >> kilobytes;
            return kilobytes / 1000;
        }
    return 0;
}

template <class Optimizer>
void run_kept(benchmark::State& state) {
    const auto trials = static_cast<std::size_t>(state.range(0));
    const auto path = fresh_path();
    for (auto _ : state) {
        vd::sqlite_storage file{path, {.durable = state.range(1) != 0}};
        benchmark::DoNotOptimize(study<Optimizer>{measure}.run({.trials = trials, .seed = 3}, file));
    }
    state.counters["us_per_trial"] =
        benchmark::Counter(static_cast<double>(trials) / 1e6, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
    state.counters["peak_MB"] = peak_megabytes();
    for (const char* rest : {"", "-wal", "-shm", "-lock"}) std::remove((path + rest).c_str());
}
BENCHMARK(run_kept<vd::random_search>)->Args({100'000, 0})->Args({1'000, 1})->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(run_kept<vd::nsga2<>>)->Args({100'000, 0})->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

void open_kept(benchmark::State& state) {
    const auto path = fresh_path();
    study<vd::random_search>{measure}.run({.trials = static_cast<std::size_t>(state.range(0)), .seed = 3}, vd::sqlite_storage{path});
    for (auto _ : state) {
        vd::sqlite_storage file{path};
        benchmark::DoNotOptimize(file.load());
    }
    state.counters["peak_MB"] = peak_megabytes();
    for (const char* rest : {"", "-wal", "-shm", "-lock"}) std::remove((path + rest).c_str());
}
BENCHMARK(open_kept)->Arg(100'000)->Unit(benchmark::kMillisecond);

} // namespace
