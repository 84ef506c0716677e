#pragma once

#include <verdant/error.hpp>
#include <verdant/uncertainty/distributions.hpp>
#include <verdant/uncertainty/quantity_algebra.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// What was measured, as a distribution.
namespace verdant::uncertainty {

/// Each of some measured values, as likely as any other. Draws are measured values; quantiles are those of the distribution itself, the inverse of
/// its step function (definition 1 of Hyndman and Fan, The American Statistician 50(4), 1996). Copies share the values.
template <quantity_like Q>
class empirical : public detail::distribution_base<empirical<Q>, Q> {
public:
    /// @throws input_error for no values, and for one that is not finite
    explicit empirical(std::span<const Q> values) : empirical{numbers_of(values)} {}
    /// The same.
    explicit empirical(const std::vector<Q>& values) : empirical{std::span<const Q>{values}} {}
    /// From numbers in SI units. @throws input_error for no values, and for one that is not finite
    [[nodiscard]] static empirical of_si(std::vector<double> values) { return empirical{numbers{std::move(values)}}; }

    [[nodiscard]] std::size_t size() const noexcept { return sorted_->size(); }
    [[nodiscard]] Q mean() const { return from_si<Q>(mean_); }
    /// The mean of the squared distances to the mean: these values are all there is, so it is divided by their number.
    [[nodiscard]] squared_quantity<Q> variance() const {
        double sum = 0;
        for (const double x : *sorted_) sum += (x - mean_) * (x - mean_);
        return from_si<squared_quantity<Q>>(sum / static_cast<double>(size()));
    }
    [[nodiscard]] double si_quantile(double share) const noexcept {
        const auto n = static_cast<double>(size());
        // Decimals such as 0.07 are a little off: of 100 values the seventh is meant (so does R, whose type 1 this is).
        const double place = std::ceil(share * n * (1 - 0x1.0p-50)) - 1;
        return (*sorted_)[static_cast<std::size_t>(std::clamp(place, 0.0, n - 1))];
    }
    friend bool operator==(const empirical& a, const empirical& b) { return *a.sorted_ == *b.sorted_; }

private:
    struct numbers {
        std::vector<double> values;
    };
    explicit empirical(numbers n) {
        if (n.values.empty()) throw input_error{"empirical distribution", "", "at least one value", "none"};
        for (std::size_t i = 0; i < n.values.size(); ++i) detail::require_finite("empirical distribution", "value " + std::to_string(i), n.values[i]);
        std::sort(n.values.begin(), n.values.end());
        for (const double x : n.values) mean_ += x / static_cast<double>(n.values.size());
        sorted_ = std::make_shared<const std::vector<double>>(std::move(n.values));
    }
    [[nodiscard]] static numbers numbers_of(std::span<const Q> values) {
        numbers n;
        n.values.reserve(values.size());
        for (const auto& v : values) n.values.push_back(to_si(v));
        return n;
    }
    std::shared_ptr<const std::vector<double>> sorted_;
    double mean_ = 0;
};

} // namespace verdant::uncertainty
