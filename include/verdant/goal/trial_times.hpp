#pragma once

#include <verdant/units.hpp>

#include <cmath>
#include <cstdint>
#include <ctime>
#include <limits>

/// When a trial was evaluated.
namespace verdant {

/// When the evaluation of a trial began and ended: seconds since the beginning of 1970, UTC, to the microsecond. NaN where that is not known: a trial
/// that was told by hand has an end and no beginning. Points in time are no quantities: only their difference is one.
struct trial_times {
    double started = std::numeric_limits<double>::quiet_NaN();
    double ended = std::numeric_limits<double>::quiet_NaN();
    std::uint32_t worker = 0; ///< which of those that evaluated at once did it, from 1; 0 where that is not known

    /// How long it took; NaN where the beginning or the end is not known.
    [[nodiscard]] si::time duration() const { return si::time::from_value(std::round((ended - started) * 1e6) / 1e6); }
    /// Whether beginning and end are known.
    [[nodiscard]] bool known() const { return !std::isnan(ended - started); }
};

namespace detail {

/// Not by <chrono>, which takes long to compile.
[[nodiscard]] inline double clock_seconds(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
/// Seconds on a clock that only goes forward.
[[nodiscard]] inline double steady_seconds() { return clock_seconds(CLOCK_MONOTONIC); }
/// Seconds since the beginning of 1970, UTC.
[[nodiscard]] inline double wall_seconds() { return clock_seconds(CLOCK_REALTIME); }

/// As files keep it, so that what is read is what was written.
[[nodiscard]] inline double to_microsecond(double seconds) { return std::round(seconds * 1e6) / 1e6; }

/// Measures an evaluation: a wall clock that is set meanwhile does not change how long it took.
class trial_stopwatch {
public:
    [[nodiscard]] trial_times until_now() const { return {to_microsecond(wall_), to_microsecond(wall_ + (steady_seconds() - steady_))}; }

private:
    double wall_ = wall_seconds(), steady_ = steady_seconds();
};

} // namespace detail

} // namespace verdant
