#pragma once

#include <verdant/error.hpp>
#include <verdant/uncertainty/quantity_algebra.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <limits>
#include <string>

/// Intervals of quantities.
namespace verdant::uncertainty {

/// A quantity of which no more is known than two bounds. Its arithmetic gives the least interval that holds all results (Moore, "Interval Analysis",
/// 1966), where each input occurs once; one that occurs twice is taken for two, which makes the result wider, never wrong. Bounds are rounded as
/// doubles are, to the nearest.
/// @tparam Q a quantity, or double
template <quantity_like Q>
class interval {
public:
    using quantity = Q;

    /// @throws input_error for a NaN, and where the upper bound is below the lower one
    constexpr interval(Q low, Q high) : low_{to_si(low)}, high_{to_si(high)} {
        if (!(low_ <= high_))
            throw input_error{"interval", "", "two numbers, the lower one first", std::to_string(low_) + " and " + std::to_string(high_)};
    }
    /// Exactly this.
    // NOLINTNEXTLINE(google-explicit-constructor): a known value is an interval
    constexpr interval(Q exactly) : interval{exactly, exactly} {}

    [[nodiscard]] constexpr Q low() const { return from_si<Q>(low_); }
    [[nodiscard]] constexpr Q high() const { return from_si<Q>(high_); }
    [[nodiscard]] constexpr Q middle() const { return from_si<Q>(low_ + (high_ - low_) / 2); }
    [[nodiscard]] constexpr Q width() const { return from_si<Q>(high_ - low_); }
    [[nodiscard]] constexpr bool holds(Q value) const { return low_ <= to_si(value) && to_si(value) <= high_; }

    friend constexpr bool operator==(const interval&, const interval&) = default;

    friend constexpr interval operator+(const interval& a, const interval& b) { return of_si(a.low_ + b.low_, a.high_ + b.high_); }
    friend constexpr interval operator-(const interval& a, const interval& b) { return of_si(a.low_ - b.high_, a.high_ - b.low_); }
    friend constexpr interval operator-(const interval& a) { return of_si(-a.high_, -a.low_); }

    /// From bounds in SI units. @throws input_error as the constructor
    [[nodiscard]] static constexpr interval of_si(double low, double high) { return {from_si<Q>(low), from_si<Q>(high)}; }

private:
    double low_, high_;
};

template <quantity_like Q>
interval(Q, Q) -> interval<Q>;

namespace detail {

/// A bound of a product: 0 times a bound that is open stays 0, since all that lies below it is finite.
[[nodiscard]] constexpr double product_of_bounds(double a, double b) { return a == 0 || b == 0 ? 0.0 : a * b; }
/// A bound of a quotient: what is finite over what grows without end, and so its limit where both do.
[[nodiscard]] constexpr double quotient_of_bounds(double a, double b) {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    return b == infinity || b == -infinity ? 0.0 : a / b;
}

} // namespace detail

/// The product of two intervals; either may have an infinite bound.
template <quantity_like A, quantity_like B>
[[nodiscard]] constexpr auto operator*(const interval<A>& a, const interval<B>& b) {
    const double al = to_si(a.low()), ah = to_si(a.high()), bl = to_si(b.low()), bh = to_si(b.high());
    const auto [low, high] = std::minmax(
        {detail::product_of_bounds(al, bl), detail::product_of_bounds(al, bh), detail::product_of_bounds(ah, bl), detail::product_of_bounds(ah, bh)});
    return interval<product_quantity<A, B>>::of_si(low, high);
}
/// The quotient of two intervals; either may have an infinite bound.
/// @throws input_error where the divisor may be 0
template <quantity_like A, quantity_like B>
[[nodiscard]] constexpr auto operator/(const interval<A>& a, const interval<B>& b) {
    const double al = to_si(a.low()), ah = to_si(a.high()), bl = to_si(b.low()), bh = to_si(b.high());
    if (bl <= 0 && bh >= 0) throw input_error{"interval", "division", "a divisor that cannot be 0", std::to_string(bl) + " to " + std::to_string(bh)};
    const auto [low, high] = std::minmax({detail::quotient_of_bounds(al, bl), detail::quotient_of_bounds(al, bh), detail::quotient_of_bounds(ah, bl),
                                          detail::quotient_of_bounds(ah, bh)});
    return interval<quotient_quantity<A, B>>::of_si(low, high);
}

/// An interval and a known value.
template <quantity_like A, quantity_like B>
[[nodiscard]] constexpr auto operator*(const interval<A>& a, const B& b) {
    return a * interval<quantity_of<B>>{b};
}
/// The same.
template <quantity_like A, quantity_like B>
[[nodiscard]] constexpr auto operator*(const B& b, const interval<A>& a) {
    return a * interval<quantity_of<B>>{b};
}
/// The same.
template <quantity_like A, quantity_like B>
[[nodiscard]] constexpr auto operator/(const interval<A>& a, const B& b) {
    return a / interval<quantity_of<B>>{b};
}

} // namespace verdant::uncertainty
