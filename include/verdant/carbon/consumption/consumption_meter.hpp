#pragma once

#include <verdant/carbon/act_tables.hpp>
#include <verdant/carbon/consumption/consumption_sampler.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/units.hpp>

#include <chrono>
#include <concepts>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace verdant::carbon {

/// Meters what a search, or any other long work, consumes: energy by RAPL's and NVML's counters where they can be read, else processor time times a
/// stated power, and memory by its size; emissions by the intensity of the grid. By CodeCarbon's definitions; `consumption().method` says which.
///
/// As an observer of a search it begins anew where the search begins, so that each run has its own; the result has that of all runs of a kept study:
/// `consumption_meter meter{place::europe}; study{...}.run(options, storage, meter).consumption()`. It meters this process, and by
/// counters this machine. Worker processes have meters of their own, `workers.serve(meter)`, `serve_sqlite(s, file, meter)` or
/// `serve_postgres(s, conninfo, study, meter)`, whose shares are added; of those that have none, `method` says that there were some.
class consumption_meter {
public:
    /// Begins to count. @param grid intensity of the grid where the machine stands
    /// @throws input_error as `consumption_sampler` does
    explicit consumption_meter(si::carbon_intensity grid, const metering_options& options = {})
        : sampler_{grid, options}, interval_{options.interval.value()} {
        sampler_.begin(verdant::detail::steady_seconds());
        last_ = verdant::detail::steady_seconds();
        // Counters begin anew while a trial takes hours.
        thread_ = std::thread{[this] { sample_now_and_then(); }};
    }
    /// The same with the intensity of a place, by ACT's table.
    explicit consumption_meter(place where, const metering_options& options = {}) : consumption_meter{intensity(where), options} {}
    /// Refused: a number without a unit.
    template <class Grid>
        requires(!std::convertible_to<const Grid&, si::carbon_intensity> && !std::same_as<Grid, place> && !std::same_as<Grid, consumption_meter>)
    explicit consumption_meter(const Grid&, const metering_options& options = {}) : consumption_meter{place::world, options} {
        constexpr bool is_grid = sizeof(Grid) == 0;
        static_assert(
            is_grid,
            "verdant: a consumption meter takes the grid that the machine stands in; write a place or an intensity with its unit, for example "
            "consumption_meter{place::europe} or consumption_meter{60.0 * grams_per_kilowatt_hour{}}");
    }
    consumption_meter(const consumption_meter&) = delete;
    consumption_meter& operator=(const consumption_meter&) = delete;
    ~consumption_meter() {
        {
            const std::lock_guard hold{mutex_};
            done_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }

    /// Begins anew.
    void started(const search_state&) {
        const std::lock_guard hold{mutex_};
        last_ = verdant::detail::steady_seconds();
        sampler_.begin(last_);
    }

    /// What was consumed since the beginning. Any thread may ask.
    [[nodiscard]] search_consumption consumption() {
        const std::lock_guard hold{mutex_};
        last_ = verdant::detail::steady_seconds();
        return sampler_.sample(last_);
    }

    /// Which counters it is by, so that each counts once where several processes have meters. Any thread may ask.
    [[nodiscard]] metered_scope scope() {
        const std::lock_guard hold{mutex_};
        return sampler_.scope();
    }

    /// What was emitted since the beginning, not more than a tenth of a second ago, which costs little. Any thread may ask.
    [[nodiscard]] si::mass emitted() {
        const std::lock_guard hold{mutex_};
        const auto now = verdant::detail::steady_seconds();
        if (now - last_ < 0.1) return sampler_.total().emitted;
        last_ = now;
        return sampler_.sample(now).emitted;
    }

private:
    void sample_now_and_then() {
        std::unique_lock hold{mutex_};
        const auto while_done = [this] { return done_; };
        while (!wake_.wait_for(hold, std::chrono::duration<double>{interval_}, while_done))
            sampler_.sample(last_ = verdant::detail::steady_seconds());
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    consumption_sampler sampler_;
    double interval_, last_ = 0; ///< seconds
    bool done_ = false;
    std::thread thread_;
};

} // namespace verdant::carbon
