#pragma once

#include <verdant/carbon/grid_series.hpp>
#include <verdant/error.hpp>
#include <verdant/units.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

/// Mean intensities of the hours in which something is used.
namespace verdant::carbon {

/// How much is used in each hour of the week, in UTC, from Monday's first hour: 0 for nothing; only ratios count.
struct weekly_schedule {
    std::array<double, 168> load{};

    /// Some hours of some days, with a load of 1.
    /// @param from, to          hours of a day, 0 to 24, as 9 and 17; `to` before `from` reaches into the next day
    /// @param first_day, last_day 0 (Monday) to 6 (Sunday)
    /// @param utc_offset        hours that local time is ahead of UTC, -12 to 14
    /// @throws input_error for hours, days or offsets out of range
    [[nodiscard]] static constexpr weekly_schedule daily(int from, int to, int first_day = 0, int last_day = 6, int utc_offset = 0) {
        if (from < 0 || from > 23 || to < 0 || to > 24 || from == to)
            throw input_error{"hours of a schedule", "", "two different hours of a day", std::to_string(from) + " to " + std::to_string(to)};
        if (first_day < 0 || last_day > 6 || first_day > last_day)
            throw input_error{"days of a schedule", "", "0 (Monday) to 6 (Sunday), the first not behind the last",
                              std::to_string(first_day) + " to " + std::to_string(last_day)};
        if (utc_offset < -12 || utc_offset > 14) throw input_error{"offset from UTC in hours", "", "-12 to 14", std::to_string(utc_offset)};
        weekly_schedule s;
        const int length = to > from ? to - from : to + 24 - from;
        for (int day = first_day; day <= last_day; ++day)
            for (int h = 0; h < length; ++h) s.load[static_cast<std::size_t>((day * 24 + from + h - utc_offset + 336) % 168)] = 1.0;
        return s;
    }
};

/// Mean intensity of a grid over the hours of a schedule, by their loads.
/// @throws input_error if a load is negative or not finite, or none of the series' hours has one
[[nodiscard]] inline si::carbon_intensity mean_intensity(const grid_series& grid, const weekly_schedule& s) {
    for (const double load : s.load)
        if (!(load >= 0.0 && load <= 1e100)) throw input_error{"load of a schedule", "", "a finite number, not negative", std::to_string(load)};
    double sum = 0, weights = 0;
    for (std::size_t i = 0; i < grid.hours(); ++i) {
        // 1970 began on a Thursday.
        const auto of_week = ((grid.first_hour() + static_cast<std::int64_t>(i) + 72) % 168 + 168) % 168;
        const double load = s.load[static_cast<std::size_t>(of_week)];
        sum += load * in<grams_per_kilowatt_hour>(grid.hour(i));
        weights += load;
    }
    if (!(weights > 0.0)) throw input_error{"schedule", "", "a load in one of the series' hours", "none"};
    return sum / weights * grams_per_kilowatt_hour{};
}

} // namespace verdant::carbon
