#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>

#include <sys/resource.h>

// Time of processors, which says what a program costs also where others are busy, beside what a clock shows.
namespace used_time {

// Of this process: its own, and the system's for it.
inline double processor_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// `us_per_trial` by the clock, `processor_us_per_trial` of the processors.
inline void count(benchmark::State& state, std::size_t trials, double seconds) {
    state.counters["us_per_trial"] =
        benchmark::Counter(static_cast<double>(trials) / 1e6, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
    state.counters["processor_us_per_trial"] = 1e6 * seconds / static_cast<double>(trials) / static_cast<double>(state.iterations());
}

} // namespace used_time
