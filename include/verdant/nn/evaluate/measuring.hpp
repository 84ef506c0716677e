#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/nn/core/timing.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

/// Measures how fast a network runs on a device: passes over batches, and threads that keep a device busy.
namespace verdant::nn {

/// What runs a network on a device.
///   b.run(batch)   the forward pass of a batch, and nothing else; it may return before the device is done
///   b.wait()       returns when the device is done with what was run
///   b.name()       of the device and the engine on it, as records have it
/// What is beyond that, such as moving images to the device, is the business of who makes the batches.
template <class B>
concept measuring_backend = requires(B& b, const typename B::batch_type& batch) {
    b.run(batch);
    b.wait();
    { std::as_const(b).name() } -> std::convertible_to<std::string>;
    { std::as_const(b).images(batch) } -> std::convertible_to<std::int64_t>;
};

/// How images of a last batch that is not full are counted.
enum class partial_batches : unsigned char {
    as_they_are,
    as_full, ///< as the original does, which overstates the throughput
};

/// How passes are measured. The defaults are those of Accel-NASBench (ANB-DatasetCollection, trainval.py).
struct pass_options {
    std::size_t warm_up = 1;     ///< passes before the first one that counts
    std::size_t repetitions = 3; ///< passes that count; the README of the original says 2
    timing_clock clock = timing_clock::wall;
    partial_batches last = partial_batches::as_they_are;

    using described = members<member<"warm_up", &pass_options::warm_up>, member<"repetitions", &pass_options::repetitions>,
                              member<"clock", &pass_options::clock>, member<"last", &pass_options::last>>;
};

/// A number that was measured several times.
struct repeated_measurement {
    double mean = 0;
    double deviation = 0; ///< population standard deviation, as NumPy's std has it
};

/// Mean and population standard deviation. @throws input_error of no numbers
template <class = instantiated_when_used>
[[nodiscard]] repeated_measurement repeated(const std::vector<double>& values) {
    if (values.empty()) throw input_error{"measurement", "repetitions", "at least one", "none"};
    repeated_measurement out;
    const auto n = static_cast<double>(values.size());
    for (const double v : values) out.mean += v / n;
    for (const double v : values) out.deviation += (v - out.mean) * (v - out.mean) / n;
    out.deviation = std::sqrt(out.deviation);
    return out;
}
VERDANT_DEFINED_ONCE(repeated_measurement repeated<>(const std::vector<double>&));

/// What passes over batches gave.
struct pass_measurement {
    repeated_measurement throughput; ///< images/s, of passes
    repeated_measurement latency;    ///< ms a batch, of the means of passes
    std::int64_t images = 0;         ///< of a pass
};

/// Runs all batches several times. The timer runs around each forward pass alone: the throughput of a pass is its images over the sum of these times.
/// @param batches of the backend's type, all on its device
/// @throws input_error for no batches or repetitions, and where the clock has not moved in a pass
template <measuring_backend Backend>
[[nodiscard]] pass_measurement measure_passes(Backend& backend, const std::vector<typename Backend::batch_type>& batches,
                                              const pass_options& options = {}) {
    if (batches.empty()) throw input_error{"measurement", "batches", "at least one", "none"};
    require_count("measurement", "repetitions", options.repetitions, 1);
    require_count("measurement", "warm_up", options.warm_up, 0);
    pass_measurement out;
    for (const auto& batch : batches) out.images += backend.images(batch);
    const auto counted =
        options.last == partial_batches::as_full ? static_cast<std::int64_t>(batches.size()) * backend.images(batches.front()) : out.images;
    std::vector<double> throughputs, latencies;
    for (std::size_t pass = 0; pass < options.warm_up + options.repetitions; ++pass) {
        double milliseconds = 0;
        for (const auto& batch : batches) {
            backend.wait();
            const double start = milliseconds_of(options.clock);
            backend.run(batch);
            backend.wait();
            milliseconds += milliseconds_of(options.clock) - start;
        }
        if (pass < options.warm_up) continue;
        if (!(milliseconds > 0)) throw input_error{"measurement", "batches", "work that the clock can see", "a pass of 0 ms"};
        throughputs.push_back(1e3 * static_cast<double>(counted) / milliseconds);
        latencies.push_back(milliseconds / static_cast<double>(batches.size()));
    }
    out.throughput = repeated(throughputs);
    out.latency = repeated(latencies);
    return out;
}

/// A device that takes jobs before it has done the last ones, with one queue a thread.
///   r.submit(first, last)  begins a job on items first to before last, and gives what `collect` takes
///   r.collect(job)         waits for a job
template <class R>
concept asynchronous_runner = requires(R& r, std::int64_t i) { r.collect(r.submit(i, i)); };

/// How items are partitioned among threads.
struct partition_options {
    std::size_t threads = 1;
    std::int64_t batch = 1; ///< items of a job; the last one of a thread may have fewer
    std::size_t outstanding = 9; ///< jobs of a thread at most that were submitted and not collected

    using described = members<member<"threads", &partition_options::threads>, member<"batch", &partition_options::batch>,
                              member<"outstanding", &partition_options::outstanding>>;
};

namespace detail {

/// The jobs of one thread: items `first` to before `last`. Jobs are collected when as many as allowed are outstanding, the oldest first.
template <class Runner>
void run_jobs(Runner& runner, std::int64_t first, std::int64_t last, const nn::partition_options& o) {
    std::deque<decltype(runner.submit(first, last))> waiting;
    for (auto at = first; at < last; at += o.batch) {
        if (waiting.size() >= o.outstanding) {
            runner.collect(std::move(waiting.front()));
            waiting.pop_front();
        }
        waiting.push_back(runner.submit(at, std::min(at + o.batch, last)));
    }
    for (auto& job : waiting) runner.collect(std::move(job));
}

} // namespace detail

/// Runs all items once: they are cut into as many contiguous chunks as there are threads, each of which has a runner of its own, submits jobs and
/// collects them (ANB-DatasetCollection, fpga_code). @param make_runner (thread index) -> runner; its runners are made before the clock starts
/// @return items/s, from the start of the threads to their end @throws input_error for no items, threads, batch or outstanding jobs; what a runner
/// throws
template <std::invocable<std::size_t> Make>
    requires asynchronous_runner<std::invoke_result_t<Make&, std::size_t>>
[[nodiscard]] double partitioned_throughput(std::int64_t items, Make&& make_runner, const partition_options& options = {}) {
    constexpr std::string_view source = "partitioned run";
    require_count(source, "threads", options.threads, 1, 4096);
    require_count(source, "batch", static_cast<std::size_t>(options.batch), 1);
    require_count(source, "outstanding", options.outstanding, 1);
    require_count(source, "items", static_cast<std::size_t>(items), 1);
    std::deque<std::invoke_result_t<Make&, std::size_t>> runners;
    for (std::size_t t = 0; t < options.threads; ++t) runners.push_back(make_runner(t));
    std::vector<std::exception_ptr> failures(options.threads);
    const auto share = [&](std::size_t t) { return items * static_cast<std::int64_t>(t) / static_cast<std::int64_t>(options.threads); };
    const double start = milliseconds_of(timing_clock::wall);
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < options.threads; ++t)
            threads.emplace_back([&, t] {
                try {
                    verdant::nn::detail::run_jobs(runners[t], share(t), share(t + 1), options);
                } catch (...) { failures[t] = std::current_exception(); }
            });
    }
    const double milliseconds = milliseconds_of(timing_clock::wall) - start;
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
    return 1e3 * static_cast<double>(items) / milliseconds;
}

} // namespace verdant::nn
