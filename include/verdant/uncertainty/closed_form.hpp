#pragma once

#include <verdant/error.hpp>
#include <verdant/uncertainty/distributions.hpp>
#include <verdant/uncertainty/quantity_algebra.hpp>
#include <verdant/units.hpp>

#include <cmath>
#include <string>

/// Arithmetic of distributions that is exact. Multiples and shifts are of one uncertain value; what takes two says in its name that these are
/// independent, which no type knows. All else is drawn (draws.hpp).
namespace verdant::uncertainty {

namespace detail {

template <class A, class B>
[[nodiscard]] product_quantity<A, quantity_of<B>> times(const A& a, const B& b) {
    return from_si<product_quantity<A, quantity_of<B>>>(to_si(a) * to_si(quantity_of<B>(b)));
}

} // namespace detail

/// A normal distribution of a multiple of the value.
/// @throws input_error for a factor that is not finite
template <quantity_like Q, quantity_like F>
[[nodiscard]] auto scaled(const normal<Q>& of, const F& factor) {
    const auto deviation = detail::times(of.deviation(), factor);
    using R = product_quantity<Q, quantity_of<F>>;
    return normal<R>{detail::times(of.mean(), factor), from_si<R>(std::abs(to_si(deviation)))};
}
/// The same of a uniform one.
template <quantity_like Q, quantity_like F>
[[nodiscard]] auto scaled(const uniform<Q>& of, const F& factor) {
    const auto a = detail::times(of.low(), factor), b = detail::times(of.high(), factor);
    return uniform<product_quantity<Q, quantity_of<F>>>{to_si(a) <= to_si(b) ? a : b, to_si(a) <= to_si(b) ? b : a};
}
/// The same of a triangular one.
template <quantity_like Q, quantity_like F>
[[nodiscard]] auto scaled(const triangular<Q>& of, const F& factor) {
    const auto a = detail::times(of.low(), factor), b = detail::times(of.high(), factor);
    const bool rising = to_si(a) <= to_si(b);
    return triangular<product_quantity<Q, quantity_of<F>>>{rising ? a : b, detail::times(of.mode(), factor), rising ? b : a};
}
/// The same of a lognormal one. @throws input_error for a factor that is not positive
template <quantity_like Q, quantity_like F>
[[nodiscard]] auto scaled(const lognormal<Q>& of, const F& factor) {
    return lognormal<product_quantity<Q, quantity_of<F>>>{detail::times(of.median(), factor), of.log_deviation()};
}

/// A normal distribution moved by a known value.
template <quantity_like Q>
[[nodiscard]] normal<Q> shifted(const normal<Q>& of, Q by) {
    return {of.mean() + by, of.deviation()};
}
/// The same of a uniform one.
template <quantity_like Q>
[[nodiscard]] uniform<Q> shifted(const uniform<Q>& of, Q by) {
    return {of.low() + by, of.high() + by};
}
/// The same of a triangular one.
template <quantity_like Q>
[[nodiscard]] triangular<Q> shifted(const triangular<Q>& of, Q by) {
    return {of.low() + by, of.mode() + by, of.high() + by};
}

/// The sum of independent normal values: means and variances add up.
template <quantity_like Q>
[[nodiscard]] normal<Q> independent_sum(const normal<Q>& a, const normal<Q>& b) {
    return normal<Q>::of_variance(a.mean() + b.mean(), a.variance() + b.variance());
}
/// The same of several.
template <quantity_like Q, class... More>
    requires(sizeof...(More) > 0)
[[nodiscard]] normal<Q> independent_sum(const normal<Q>& a, const normal<Q>& b, const More&... more) {
    return independent_sum(independent_sum(a, b), more...);
}

/// The product of independent lognormal values: medians multiply, variances of the logarithms add up.
template <quantity_like A, quantity_like B>
[[nodiscard]] lognormal<product_quantity<A, B>> independent_product(const lognormal<A>& a, const lognormal<B>& b) {
    return {detail::times(a.median(), b.median()), std::hypot(a.log_deviation(), b.log_deviation())};
}
/// The quotient of independent lognormal values.
template <quantity_like A, quantity_like B>
[[nodiscard]] lognormal<quotient_quantity<A, B>> independent_quotient(const lognormal<A>& a, const lognormal<B>& b) {
    return {from_si<quotient_quantity<A, B>>(to_si(a.median()) / to_si(b.median())), std::hypot(a.log_deviation(), b.log_deviation())};
}

} // namespace verdant::uncertainty
