#pragma once

#include <verdant/error.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/units.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// The carbon intensity of a grid, hour by hour.
namespace verdant::carbon {

/// Intensities of consecutive hours. Points in time are seconds since the beginning of 1970, UTC, as `utc_seconds` reads them from text.
class grid_series {
public:
    static constexpr std::size_t most_hours = 876'600; ///< a hundred years
    static constexpr double most_grams = 1e4;          ///< a kWh; what is above is no grid

    /// @param zone       what the grid is called
    /// @param first_hour hours since the beginning of 1970, UTC
    /// @param grams      g CO2e/kWh of that hour and those after it
    /// @throws input_error if there are no hours or more than a hundred years of them, one is negative, above 10000 or no number, or the first lies outside
    /// of the years 1 to 9999
    grid_series(std::string zone, std::int64_t first_hour, std::vector<double> grams)
        : zone_{std::move(zone)}, first_{first_hour}, grams_{std::move(grams)} {
        const auto source = "intensities of " + (zone_.empty() ? std::string{"a grid"} : zone_);
        if (grams_.empty() || grams_.size() > most_hours)
            throw input_error{source, "", "1 to " + std::to_string(most_hours) + " hours", std::to_string(grams_.size())};
        if (first_ < -17'259'000 || first_ > 70'000'000)
            throw input_error{source, "first hour", "one of the years 1 to 9955", std::to_string(first_) + " hours since 1970"};
        sums_.reserve(grams_.size() + 1);
        sums_.push_back(0);
        for (std::size_t i = 0; i < grams_.size(); ++i) {
            if (!(grams_[i] >= 0.0 && grams_[i] <= most_grams))
                throw input_error{source, utc_text(begin_of(i)), "0 to 10000 g CO2e/kWh", std::to_string(grams_[i])};
            sums_.push_back(sums_.back() + grams_[i]);
        }
    }

    [[nodiscard]] const std::string& zone() const noexcept { return zone_; }
    /// How many hours there are.
    [[nodiscard]] std::size_t hours() const noexcept { return grams_.size(); }
    /// Hours since the beginning of 1970, UTC.
    [[nodiscard]] std::int64_t first_hour() const noexcept { return first_; }
    /// When the first hour begins and the last one ends.
    [[nodiscard]] double begin() const noexcept { return begin_of(0); }
    [[nodiscard]] double end() const noexcept { return begin_of(grams_.size()); }
    /// Of the i-th hour. Throws std::out_of_range where there is none.
    [[nodiscard]] si::carbon_intensity hour(std::size_t i) const { return grams_.at(i) * grams_per_kilowatt_hour{}; }

    /// At a point in time.
    /// @throws input_error if it lies outside of the series
    [[nodiscard]] si::carbon_intensity at(double when) const {
        require_inside(when, when);
        const auto i = static_cast<std::size_t>((when - begin()) / 3600.0);
        return grams_[i < grams_.size() ? i : grams_.size() - 1] * grams_per_kilowatt_hour{};
    }

    /// Mean over a span of time, parts of hours by their length.
    /// @throws input_error if the span is empty or reaches beyond the series
    [[nodiscard]] si::carbon_intensity mean(double from, double to) const {
        require_inside(from, to);
        if (!(from < to)) throw input_error{"span of time", "", "an end behind its beginning", utc_text(from) + " to " + utc_text(to)};
        return (integral((to - begin()) / 3600.0) - integral((from - begin()) / 3600.0)) / ((to - from) / 3600.0) * grams_per_kilowatt_hour{};
    }
    /// Mean over all hours.
    [[nodiscard]] si::carbon_intensity mean() const { return sums_.back() / static_cast<double>(grams_.size()) * grams_per_kilowatt_hour{}; }

private:
    [[nodiscard]] double begin_of(std::size_t i) const noexcept { return (static_cast<double>(first_) + static_cast<double>(i)) * 3600.0; }
    /// Sum of the intensities up to a point that is given in hours behind the first.
    [[nodiscard]] double integral(double hours) const {
        const auto whole = static_cast<std::size_t>(hours);
        return whole >= grams_.size() ? sums_.back() : sums_[whole] + (hours - static_cast<double>(whole)) * grams_[whole];
    }
    void require_inside(double from, double to) const {
        if (!(from >= begin() && to <= end()))
            throw input_error{"intensities of " + (zone_.empty() ? std::string{"a grid"} : zone_), "",
                              "a time from " + utc_text(begin()) + " to " + utc_text(end()),
                              from == to ? utc_text(from) : utc_text(from) + " to " + utc_text(to)};
    }

    std::string zone_;
    std::int64_t first_;
    std::vector<double> grams_, sums_;
};

} // namespace verdant::carbon
