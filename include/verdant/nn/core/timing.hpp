#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

/// Timing: how long a piece of work takes, measured many times.
namespace verdant::nn {

/// What a time is: that which passes, or that for which this process computes, on all of its threads together. The latter is not disturbed by
/// other programs, and is the latency of one thread on a processor; it says nothing of graphics cards.
enum class timing_clock : unsigned char { wall, processor };

/// How often something is timed.
struct timing_options {
    int warm_up = 5;      ///< calls before the first one that counts
    int repetitions = 50; ///< times taken
    int calls = 1;        ///< in a row for each of them; more than one where a call returns before its work is done, as on graphics cards
    timing_clock clock = timing_clock::wall;
};

/// The times of something, in milliseconds.
struct timing {
    double mean = 0;        ///< of those kept
    double deviation = 0;   ///< standard deviation of those kept, with n - 1; 0 of a single one
    double median = 0;      ///< of all
    std::int64_t count = 0; ///< kept
};

/// The times without those that were disturbed: more than three scaled median absolute deviations above or below the median (Leys et al., J. Exp.
/// Soc. Psychol. 49, 2013).
/// @throws input_error if there are none
template <class = instantiated_when_used>
[[nodiscard]] timing timing_of(std::vector<double> milliseconds) {
    if (milliseconds.empty()) throw input_error{"timing", "repetitions", "at least one", "none"};
    const auto middle = [](std::vector<double>& values) {
        const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), half, values.end());
        return values.size() % 2 != 0 ? *half : (*half + *std::max_element(values.begin(), half)) / 2;
    };
    timing out;
    out.median = middle(milliseconds);
    auto distances = milliseconds;
    for (auto& d : distances) d = std::abs(d - out.median);
    const double reach = 3 * 1.4826 * middle(distances);
    std::erase_if(milliseconds, [&](double t) { return std::abs(t - out.median) > reach; });
    // At least half of them are within the median of the distances, so some are left.
    out.count = static_cast<std::int64_t>(milliseconds.size());
    for (const double t : milliseconds) out.mean += t / static_cast<double>(out.count);
    double squares = 0;
    for (const double t : milliseconds) squares += (t - out.mean) * (t - out.mean);
    if (out.count > 1) out.deviation = std::sqrt(squares / static_cast<double>(out.count - 1));
    return out;
}
VERDANT_DEFINED_ONCE(timing timing_of<>(std::vector<double>));

/// Milliseconds since some moment.
[[nodiscard]] inline double milliseconds_of(timing_clock clock) {
    timespec t{};
    clock_gettime(clock == timing_clock::wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &t);
    return 1e3 * static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_nsec);
}

/// For work that is done when the call returns.
struct nothing_to_wait_for {
    void operator()() const {}
};

/// How long a call takes. @param wait returns when the work of all calls is done
/// @throws input_error if there is not at least one repetition and one call
template <std::invocable Work, std::invocable Wait = nothing_to_wait_for>
[[nodiscard]] timing time_of(Work&& work, const timing_options& options = {}, Wait&& wait = {}) {
    if (options.repetitions < 1 || options.calls < 1 || options.warm_up < 0)
        throw input_error{"timing", "repetitions", "at least one, of at least one call", std::to_string(options.repetitions)};
    for (int i = 0; i < options.warm_up; ++i) work();
    wait();
    std::vector<double> times;
    times.reserve(static_cast<std::size_t>(options.repetitions));
    for (int i = 0; i < options.repetitions; ++i) {
        const double start = milliseconds_of(options.clock);
        for (int c = 0; c < options.calls; ++c) work();
        wait();
        times.push_back((milliseconds_of(options.clock) - start) / options.calls);
    }
    return timing_of(std::move(times));
}

} // namespace verdant::nn
