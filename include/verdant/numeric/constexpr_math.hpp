#pragma once

#include <verdant/error.hpp>

/// Mathematical functions that are constexpr.
namespace verdant::surrogate::detail {

/// Natural logarithm of a positive finite number, to a few ulp, the same at compile time and at run time
/// (`std::log` is not constexpr, and may differ between the two).
[[nodiscard]] constexpr double natural_log(double x) {
    if (!(x > 0.0) || x > 1.7976931348623157e308) throw error{"the logarithm needs a positive finite number"};
    constexpr double ln_2 = 0.693147180559945309417232121458;
    int halvings = 0;
    while (x > 1.4142135623730951) { x *= 0.5; ++halvings; }
    while (x < 0.70710678118654752) { x *= 2.0; --halvings; }
    // ln x = 2 artanh(z) with |z| < 0.1716: 22 terms leave less than 1e-17
    const double z = (x - 1.0) / (x + 1.0);
    double sum = 0.0;
    for (int k = 43; k >= 1; k -= 2) sum = sum * z * z + 1.0 / k;
    return 2.0 * z * sum + halvings * ln_2;
}

/// Exponential of a number between -700 and 700, to a few ulp, the same at compile time and at run time.
[[nodiscard]] constexpr double exponential(double x) {
    if (!(x > -700.0 && x < 700.0)) throw error{"the exponential needs a number between -700 and 700"};
    // ln 2 in two parts, the first with enough trailing zeros that its multiples are exact
    constexpr double ln_2_high = 0x1.62e42fee00000p-1, ln_2_low = 1.90821492927058770002e-10;
    int doublings = static_cast<int>(x / ln_2_high + (x < 0 ? -0.5 : 0.5));
    x = (x - doublings * ln_2_high) - doublings * ln_2_low;
    double sum = 1.0;
    for (int k = 20; k >= 1; --k) sum = 1.0 + sum * x / k;
    for (; doublings > 0; --doublings) sum *= 2.0;
    for (; doublings < 0; ++doublings) sum *= 0.5;
    return sum;
}

/// base^exponent for a positive base.
[[nodiscard]] constexpr double power(double base, double exponent) { return exponential(exponent * natural_log(base)); }

/// The value at `x` of the power law through (x0, y0) and (x1, y1): a straight line in log-log coordinates. All arguments positive.
[[nodiscard]] constexpr double power_law(double x0, double y0, double x1, double y1, double x) {
    return y0 * power(x / x0, natural_log(y1 / y0) / natural_log(x1 / x0));
}

} // namespace verdant::surrogate::detail
