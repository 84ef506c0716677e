#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/square_scale.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// Quantiles and moments of draws.
namespace verdant::uncertainty {

namespace detail {

/// Throws input_error where there are no draws, or where one is NaN, and says which.
inline void require_draws(std::span<const double> draws, std::string_view what) {
    if (draws.empty()) throw input_error{what, "", "at least one draw", "none"};
    // One sum finds out whether there is a NaN or an infinity; only then the draws are looked at one by one.
    double sum = 0;
    for (const double x : draws) sum += x - x;
    if (sum == 0) return;
    for (std::size_t i = 0; i < draws.size(); ++i)
        if (std::isnan(draws[i])) throw input_error{what, "draw " + std::to_string(i), "a number", "NaN"};
}

/// A share of the way from one value to a larger one; either may be infinite.
[[nodiscard]] inline double between(double low, double high, double share) noexcept {
    if (share == 0 || low == high || std::isinf(low)) return low;
    const double apart = high - low;
    // Two finite numbers may be farther apart than doubles go; and rounding may not lead beyond the larger one.
    return std::isinf(apart) && !std::isinf(high) ? low * (1 - share) + high * share : std::min(high, low + share * apart);
}

} // namespace detail

/// The quantile of a sample: between the order statistics k and k + 1 (from 1) around 1 + (n - 1) p, linearly. That is definition 7 of Hyndman and
/// Fan, "Sample quantiles in statistical packages", The American Statistician 50(4), 1996, and the default of R and NumPy. Infinite draws are larger
/// (or smaller) than all others: a quantile among them is infinite. By selection, not by sorting, in linear time and without an allocation.
/// @param draws are put into another order @param share p, 0 to 1
/// @throws input_error for no draws, for a NaN among them, and for a share outside [0, 1]
template <class = instantiated_when_used>
[[nodiscard]] double sample_quantile(std::span<double> draws, double share, std::string_view what = "draws") {
    if (!(share >= 0 && share <= 1)) throw input_error{what, "quantile", "a share between 0 and 1", std::to_string(share)};
    verdant::uncertainty::detail::require_draws(draws, what);
    const double place = static_cast<double>(draws.size() - 1) * share;
    const auto below = static_cast<std::size_t>(place);
    const auto at = draws.begin() + static_cast<std::ptrdiff_t>(below);
    std::nth_element(draws.begin(), at, draws.end());
    const double low = *at, rest = place - static_cast<double>(below);
    // What stands behind is no smaller, so the next order statistic is the least of it.
    return rest == 0 ? low : verdant::uncertainty::detail::between(low, *std::min_element(at + 1, draws.end()), rest);
}

/// The mean of draws; infinite where one is.
/// @throws input_error for no draws, and for a NaN among them
template <class = instantiated_when_used>
[[nodiscard]] double sample_mean(std::span<const double> draws, std::string_view what = "draws") {
    verdant::uncertainty::detail::require_draws(draws, what);
    // From the first draw on, so that the mean of equal draws is what they are, to the last digit.
    const double first = std::isinf(draws[0]) ? 0 : draws[0];
    const auto n = static_cast<double>(draws.size());
    double sum = 0;
    for (const double x : draws) sum += x - first;
    if (std::isfinite(sum)) return first + sum / n;
    // An infinite draw, or differences and sums beyond the doubles.
    const double by = surrogate::detail::square_scale_of(draws);
    sum = 0;
    for (const double x : draws) sum += x * by;
    if (std::isnan(sum)) throw input_error{what, "mean", "draws of one sign where they are infinite", "both infinities"};
    return std::isfinite(sum) ? std::clamp(sum / n / by, *std::min_element(draws.begin(), draws.end()), *std::max_element(draws.begin(), draws.end()))
                              : sum;
}

/// The standard deviation of draws, from their squared distances to the mean by n - 1.
/// @throws input_error for fewer than two draws, and for one that is not finite
template <class = instantiated_when_used>
[[nodiscard]] double sample_deviation(std::span<const double> draws, std::string_view what = "draws") {
    const double mean = sample_mean(draws, what);
    if (draws.size() < 2) throw input_error{what, "standard deviation", "at least two draws", "one"};
    if (std::isinf(mean)) throw input_error{what, "standard deviation", "finite draws", "an infinite one"};
    double largest = 0;
    for (const double x : draws) largest = std::max(largest, std::abs(x / 2 - mean / 2)); // the whole distance may be no double
    const double by = surrogate::detail::square_scale(largest);
    double sum = 0;
    for (const double x : draws) sum += ((x / 2 - mean / 2) * by) * ((x / 2 - mean / 2) * by);
    return 2 * (std::sqrt(sum / static_cast<double>(draws.size() - 1)) / by);
}

} // namespace verdant::uncertainty
