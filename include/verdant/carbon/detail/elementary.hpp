#pragma once

#include <verdant/numeric/constexpr_math.hpp>

#include <cmath>
#include <type_traits>

/// Square roots, exponentials and powers that are constexpr, and those of the standard library at run time, where they are faster.
namespace verdant::carbon::detail {

/// The square root of a number that is not negative.
[[nodiscard]] constexpr double square_root(double x) {
    if (!std::is_constant_evaluated()) return std::sqrt(x);
    if (!(x > 0.0)) return 0.0;
    double scale = 1.0, root = 1.0;
    while (x >= 4.0) {
        x *= 0.25;
        scale *= 2.0;
    }
    while (x < 1.0) {
        x *= 4.0;
        scale *= 0.5;
    }
    for (int i = 0; i < 7; ++i) root = 0.5 * (root + x / root); // quadratic: from 1 to below an ulp for 1 <= x < 4
    return root * scale;
}

/// e^x for -700 < x < 700.
[[nodiscard]] constexpr double exponential_of(double x) {
    return std::is_constant_evaluated() ? verdant::surrogate::detail::exponential(x) : std::exp(x);
}

/// base^exponent for a positive base. Whole exponents up to 64 are products, the same at compile time and at run time.
[[nodiscard]] constexpr double power_of(double base, double exponent) {
    const bool negative = exponent < 0.0;
    const double size = negative ? -exponent : exponent;
    if (size <= 64.0 && static_cast<double>(static_cast<int>(size)) == size) {
        double product = 1.0;
        for (int i = static_cast<int>(size); i > 0; --i) product *= base;
        return negative ? 1.0 / product : product;
    }
    return std::is_constant_evaluated() ? verdant::surrogate::detail::power(base, exponent) : std::pow(base, exponent);
}

} // namespace verdant::carbon::detail
