#pragma once

#include <verdant/carbon/grid_series.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// When a job is best run.
namespace verdant::carbon {

/// A start and what it is worth. Points in time are seconds since the beginning of 1970, UTC.
struct start_choice {
    double start = 0;
    si::carbon_intensity mean{}; ///< of the grid while the job runs
    si::carbon_intensity now{};  ///< the same, had it begun as early as it may
};

/// The start with the least mean intensity for a job of constant power that is not interrupted; the earliest of equal ones.
/// @param earliest, deadline it may begin and must have ended
/// @param job                how long it takes
/// @throws input_error if the job takes no time, does not fit, a time is none, or the span reaches beyond the series
template <class = instantiated_when_used>
[[nodiscard]] start_choice best_start(const grid_series& grid, double earliest, double deadline, si::time job) {
    const double seconds_of_job = to_si(job);
    if (!(seconds_of_job > 0.0 && seconds_of_job <= 1e300))
        throw input_error{"time of a job in s", "", "a finite number above 0", std::to_string(seconds_of_job)};
    const auto require_time = [](const char* what, double when) {
        if (utc_text(when).empty()) throw input_error{what, "", "seconds since 1970, in the years 0 to 9999", std::to_string(when)};
    };
    require_time("earliest start of a job", earliest);
    require_time("deadline of a job", deadline);
    const double latest = deadline - seconds_of_job;
    if (!(earliest <= latest))
        throw input_error{"deadline of a job", "", "a time not before " + utc_text(earliest + seconds_of_job), utc_text(deadline)};
    start_choice best{earliest, grid.mean(earliest, earliest + seconds_of_job), {}};
    best.now = best.mean;
    (void)grid.at(deadline); // refuses one beyond the series
    const auto consider = [&](double start) {
        if (!(start > earliest && start <= latest)) return;
        // Rounding is no reason to wait.
        if (const auto mean = grid.mean(start, std::min(start + seconds_of_job, deadline)); mean < best.mean * (1.0 - 1e-12))
            best = {start, mean, best.now};
    };
    // The mean is linear in the start between those at which the job begins or ends with an hour: the least is at one of these.
    const double whole = std::floor(seconds_of_job / 3600.0) * 3600.0, rest = seconds_of_job - whole;
    for (double begins = std::floor(earliest / 3600.0) * 3600.0; begins <= latest; begins += 3600.0) {
        consider(begins);
        if (rest > 0.0) consider(begins + 3600.0 - rest); // ends with an hour
    }
    consider(latest);
    return best;
}
VERDANT_DEFINED_ONCE(start_choice best_start<>(const grid_series&, double, double, si::time));

/// Refused, with a sentence that says what to write.
template <class Number>
    requires std::is_arithmetic_v<Number>
[[nodiscard]] start_choice best_start(const grid_series&, double, double, Number) {
    static_assert(verdant::detail::fits<Number>,
                  "verdant: how long a job takes has a unit; write best_start(grid, earliest, deadline, 4.5 * hours{})");
    return {};
}

/// The intensity at or below which hours are clean enough: those of a span that suffice for the work.
/// @param from, to the span; parts of hours count by their length
/// @param work     time that is needed, in all hours together
/// @throws input_error if the work does not fit or is not above 0, or the span reaches beyond the series
template <class = instantiated_when_used>
[[nodiscard]] si::carbon_intensity clean_limit(const grid_series& grid, double from, double to, si::time work) {
    const double needed = to_si(work);
    if (!(needed > 0.0)) throw input_error{"time of work in s", "", "a number above 0", std::to_string(needed)};
    if (!(needed <= to - from)) throw input_error{"time of work in s", "", "at most the span, " + std::to_string(to - from), std::to_string(needed)};
    (void)grid.mean(from, to);
    std::vector<std::pair<double, double>> slots; // g/kWh, seconds
    for (double begin = from; begin < to;) {
        const double end = std::min(to, (std::floor(begin / 3600.0) + 1.0) * 3600.0);
        slots.emplace_back(in<grams_per_kilowatt_hour>(grid.at(begin)), end - begin);
        begin = end;
    }
    std::sort(slots.begin(), slots.end());
    double sum = 0;
    for (const auto& [grams, length] : slots)
        if ((sum += length) >= needed * (1.0 - 1e-12)) return grams * grams_per_kilowatt_hour{};
    return slots.back().first * grams_per_kilowatt_hour{};
}
VERDANT_DEFINED_ONCE(si::carbon_intensity clean_limit<>(const grid_series&, double, double, si::time));

/// Refused, with a sentence that says what to write.
template <class Number>
    requires std::is_arithmetic_v<Number>
[[nodiscard]] si::carbon_intensity clean_limit(const grid_series&, double, double, Number) {
    static_assert(verdant::detail::fits<Number>, "verdant: how long a job takes has a unit; write clean_limit(grid, from, to, 4.5 * hours{})");
    return {};
}

} // namespace verdant::carbon
