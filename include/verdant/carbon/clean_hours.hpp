#pragma once

#include <verdant/carbon/best_start.hpp>
#include <verdant/carbon/grid_series.hpp>
#include <verdant/error.hpp>
#include <verdant/parallel/executor.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/units.hpp>

#include <cerrno>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

#include <time.h>

/// An executor that waits for clean hours.
namespace verdant::carbon {

/// A clock: seconds since the beginning of 1970, UTC, and a way to wait.
template <class C>
concept waiting_clock = requires(C& c, double when) {
    { c.now() } -> std::convertible_to<double>;
    c.wait_until(when);
};

/// The system's clock.
struct system_clock {
    [[nodiscard]] double now() const {
        timespec t{};
        ::clock_gettime(CLOCK_REALTIME, &t);
        return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
    }
    /// @throws input_error for a time that cannot be read
    void wait_until(double when) const {
        if (!(std::fabs(when) <= 1e15)) throw input_error{"time to wait for", "", "seconds since 1970", std::to_string(when)};
        timespec t{};
        t.tv_sec = static_cast<time_t>(std::floor(when));
        t.tv_nsec = static_cast<long>((when - std::floor(when)) * 1e9);
        while (::clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, nullptr) == EINTR) {} // a signal ended it too early
    }
};

/// What clean hours are chosen for.
struct clean_hours_options {
    double deadline = 0; ///< seconds since the beginning of 1970, UTC: when the work must be done
    si::time work{};     ///< how long all of it takes, on the executor that runs it
};

/// An executor: before each call (a search makes one for each generation) it waits until the grid is clean, as long as the deadline allows. Clean are
/// the cleanest hours until the deadline that suffice for the work that is left. What was stated as its length is reduced by the time of each call;
/// once it is used up, or the deadline too near, nothing waits any more. Tasks and their order are those of the executor that it wraps, so results do
/// not depend on it.
/// @tparam Inner runs the tasks
/// @tparam Clock tells the time and waits
template <class Inner = serial_executor, class Clock = system_clock>
class clean_hours {
public:
    /// @param grid  expected intensities, such as those of the last days; they are copied
    /// @param inner the executor, which is referred to and must live on
    /// @throws input_error if the series does not reach from now to the deadline, or the work is not above 0 or does not fit
    clean_hours(grid_series grid, const clean_hours_options& options, Inner& inner, Clock clock = {})
        : grid_{std::move(grid)}, options_{options}, inner_{&inner}, clock_{std::move(clock)} {
        (void)clean_limit(grid_, clock_.now(), options_.deadline, options_.work);
    }

    [[nodiscard]] std::size_t threads() const {
        if constexpr (requires { static_cast<std::size_t>(inner_->threads()); }) return static_cast<std::size_t>(inner_->threads());
        else return 1;
    }

    template <std::invocable<std::size_t> Task>
    void operator()(std::size_t n, const Task& task) {
        if (n == 0) return (*inner_)(n, task);
        const double arrived = clock_.now(), begin = next_clean(arrived);
        if (begin > arrived) {
            clock_.wait_until(begin);
            waited_ += begin - arrived;
        }
        const double started = clock_.now();
        (*inner_)(n, task);
        used_ += std::fmax(0.0, clock_.now() - started);
    }

    /// Seconds since 1970 at which a call that comes at a given time may begin: that time, or the beginning of a clean hour.
    [[nodiscard]] double next_clean(double arrived) const {
        const double left = to_si(options_.work) - used_;
        if (!(left > 0.0) || !(arrived + left < options_.deadline) || !(arrived >= grid_.begin())) return arrived;
        const auto limit = clean_limit(grid_, arrived, options_.deadline, left * seconds{});
        if (grid_.at(arrived) <= limit) return arrived;
        for (double hour = (std::floor(arrived / 3600.0) + 1.0) * 3600.0; hour + left <= options_.deadline; hour += 3600.0)
            if (grid_.at(hour) <= limit) return hour;
        // No whole hour is left: as late as the deadline allows, where the work is cleanest.
        return options_.deadline - left;
    }

    /// How long calls have waited, and how long they have run.
    [[nodiscard]] si::time waited() const { return waited_ * seconds{}; }
    [[nodiscard]] si::time used() const { return used_ * seconds{}; }

private:
    grid_series grid_;
    clean_hours_options options_;
    Inner* inner_;
    Clock clock_;
    double waited_ = 0, used_ = 0;
};

namespace detail {

template <class Inner, class Clock>
struct clean_hours_arguments {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool runs = executor<Inner>, waits = waiting_clock<Clock>;
    static_assert(runs, "verdant: the first argument of clean_hours is no executor; write the type of what runs the tasks, for example "
                        "clean_hours<serial_executor>, and a clock of your own as the second");
    static_assert(!runs || waits,
                  "verdant: the second argument of clean_hours is no clock; write a type with now() and wait_until(seconds), or leave it out");
};

} // namespace detail

/// Refused, with a sentence that says what to write.
template <class Inner, class Clock>
    requires(!executor<Inner> || !waiting_clock<Clock>)
class clean_hours<Inner, Clock> {
    static_assert(detail::clean_hours_arguments<Inner, Clock>::value);
    struct any_clock {
        any_clock() = default;
        template <class T>
        any_clock(const T&) {} // NOLINT(google-explicit-constructor): takes the place of a clock
    };

public:
    template <class Runs>
    clean_hours(const grid_series&, const clean_hours_options&, Runs&&, const any_clock& = {}) {}
    [[nodiscard]] std::size_t threads() const { return 1; }
    template <class Task>
    void operator()(std::size_t, const Task&) {}
    [[nodiscard]] double next_clean(double arrived) const { return arrived; }
    [[nodiscard]] si::time waited() const { return {}; }
    [[nodiscard]] si::time used() const { return {}; }
};

} // namespace verdant::carbon
