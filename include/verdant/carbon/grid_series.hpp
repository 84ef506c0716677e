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
    /// @throws input_error if there are no hours or more than a hundred years of them, one is negative, above 10000 or no number, or the first lies
    /// outside of the years 1 to 9999
    grid_series(std::string zone, std::int64_t first_hour, std::vector<double> grams)
        : zone_{std::move(zone)}, first_{first_hour}, grams_{std::move(grams)} {
        const auto source = "intensities of " + (zone_.empty() ? std::string{"a grid"} : zone_);
        if (grams_.empty() || grams_.size() > most_hours)
            throw input_error{source, "", "1 to " + std::to_string(most_hours) + " hours", std::to_string(grams_.size())};
        if (first_ < -17'259'000 || first_ > 70'000'000)
            throw input_error{source, "first hour", "one of the years 1 to 9955", std::to_string(first_) + " hours since 1970"};
        sums_.reserve(grams_.size() + 1);
        sums_.push_back({});
        for (std::size_t i = 0; i < grams_.size(); ++i) {
            if (!(grams_[i] >= 0.0 && grams_[i] <= most_grams))
                throw input_error{source, utc_text(begin_of(i)), "0 to 10000 g CO2e/kWh", std::to_string(grams_[i])};
            sums_.push_back(plus(sums_.back(), grams_[i]));
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
        return grams_[hour_of(when)] * grams_per_kilowatt_hour{};
    }

    /// Mean over a span of time, parts of hours by their length.
    /// @throws input_error if the span is empty or reaches beyond the series
    [[nodiscard]] si::carbon_intensity mean(double from, double to) const {
        require_inside(from, to);
        if (!(from < to)) throw input_error{"span of time", "", "an end behind its beginning", utc_text(from) + " to " + utc_text(to)};
        const auto first = hour_of(from), last = hour_of(to);
        if (first == last) return grams_[first] * grams_per_kilowatt_hour{};
        // Parts at both ends and the whole hours between, so that nothing large is taken from something large: equal hours have equal means.
        const auto &before = sums_[first + 1], &behind = sums_[last];
        const double whole = (behind.sum - before.sum) + (behind.rest - before.rest);
        const double ends = (begin_of(first + 1) - from) * grams_[first] + (to - begin_of(last)) * grams_[last];
        return (whole * 3600.0 + ends) / (to - from) * grams_per_kilowatt_hour{};
    }
    /// Mean over all hours.
    [[nodiscard]] si::carbon_intensity mean() const { return sums_.back().sum / static_cast<double>(grams_.size()) * grams_per_kilowatt_hour{}; }

private:
    [[nodiscard]] double begin_of(std::size_t i) const noexcept { return (static_cast<double>(first_) + static_cast<double>(i)) * 3600.0; }
    /// The hour that a point within the series lies in; its end lies in the last one.
    [[nodiscard]] std::size_t hour_of(double when) const noexcept {
        const auto i = static_cast<std::size_t>((when - begin()) / 3600.0);
        return i < grams_.size() ? i : grams_.size() - 1;
    }
    /// A sum and what rounding has left out of it (Knuth, "The Art of Computer Programming", vol. 2, 4.2.2).
    struct exact_sum {
        double sum = 0, rest = 0;
    };
    [[nodiscard]] static exact_sum plus(const exact_sum& to, double x) noexcept {
        const double sum = to.sum + x, added = sum - to.sum;
        return {sum, to.rest + ((to.sum - (sum - added)) + (x - added))};
    }
    void require_inside(double from, double to) const {
        if (!(from >= begin() && to <= end()))
            throw input_error{"intensities of " + (zone_.empty() ? std::string{"a grid"} : zone_), "",
                              "a time from " + utc_text(begin()) + " to " + utc_text(end()),
                              from == to ? time_text(from) : time_text(from) + " to " + time_text(to)};
    }
    /// As `utc_text`, or the seconds where these are no time.
    [[nodiscard]] static std::string time_text(double when) {
        const auto text = utc_text(when);
        return text.empty() ? std::to_string(when) + " s" : text;
    }

    std::string zone_;
    std::int64_t first_;
    std::vector<double> grams_;
    std::vector<exact_sum> sums_; ///< of the hours before
};

} // namespace verdant::carbon
