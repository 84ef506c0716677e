#pragma once

#include <verdant/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// Spearman's rank correlation, and how likely chance is to give it.
namespace verdant::surrogate {

namespace detail {

/// The incomplete beta function I_x(a, b) as a share of the whole, by the continued fraction of Numerical Recipes (Press et al., 2007, 6.4) with
/// Lentz's method.
[[nodiscard]] inline double incomplete_beta(double a, double b, double x) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    if (x > (a + 1) / (a + b + 2)) return 1 - incomplete_beta(b, a, 1 - x);
    constexpr double tiny = 1e-300;
    const auto not_zero = [](double v) { return std::abs(v) < tiny ? tiny : v; };
    double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), fraction = d;
    for (int i = 1; i <= 10'000; ++i) {
        const double m = i;
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change = 1;
        for (const double factor : {even, odd}) {
            d = 1 / not_zero(1 + factor * d);
            c = not_zero(1 + factor / c);
            change = c * d;
            fraction *= change;
        }
        if (std::abs(change - 1) < 1e-16) break;
    }
    return std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x)) * fraction / a;
}

} // namespace detail

/// The ranks of numbers, from 1; equal numbers have the mean of their ranks.
/// @throws input_error for a NaN
[[nodiscard]] inline std::vector<double> mean_ranks(std::span<const double> x) {
    std::vector<std::size_t> order(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (std::isnan(x[i])) throw input_error{"rank correlation", "", "numbers", "NaN"};
        order[i] = i;
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    std::vector<double> ranks(x.size());
    for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
        while (last < order.size() && x[order[last]] == x[order[first]]) ++last;
        for (auto i = first; i < last; ++i) ranks[order[i]] = static_cast<double>(first + 1 + last) / 2;
    }
    return ranks;
}

/// Spearman's rank correlation (SRCC): the linear correlation of the ranks, which says how far one series rises with the other. NaN where one of them
/// does not vary.
/// @throws input_error unless there are equally many numbers, at least two, none of them NaN
[[nodiscard]] inline double spearman_rho(std::span<const double> x, std::span<const double> y) {
    if (x.size() != y.size() || x.size() < 2)
        throw input_error{"rank correlation", "", "two series of at least two numbers each",
                          std::to_string(x.size()) + " and " + std::to_string(y.size())};
    const auto a = mean_ranks(x), b = mean_ranks(y);
    const double mean = static_cast<double>(x.size() + 1) / 2;
    double aa = 0, bb = 0, ab = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        aa += (a[i] - mean) * (a[i] - mean);
        bb += (b[i] - mean) * (b[i] - mean);
        ab += (a[i] - mean) * (b[i] - mean);
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : std::numeric_limits<double>::quiet_NaN();
}

/// The probability that `n` pairs without any connection give a rank correlation of this size or more, on either side: by Student's distribution with
/// n - 2 degrees of freedom, as SciPy does. NaN for fewer than three pairs.
[[nodiscard]] inline double spearman_p_value(double rho, std::size_t n) {
    if (n < 3 || std::isnan(rho)) return std::numeric_limits<double>::quiet_NaN();
    return verdant::surrogate::detail::incomplete_beta(static_cast<double>(n - 2) / 2, 0.5, (1 - rho) * (1 + rho));
}

} // namespace verdant::surrogate
