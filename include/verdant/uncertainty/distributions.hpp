#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/uncertainty/interval.hpp>
#include <verdant/uncertainty/quantity_algebra.hpp>
#include <verdant/units.hpp>

#include <cmath>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

/// What is known of an uncertain input: distributions of quantities, each with its moments and quantiles in closed form. Draws are made by inversion:
/// the quantile of a uniform number, so that one number makes one draw of any distribution (draw_inputs.hpp). All are values in SI units inside.
namespace verdant::uncertainty {

/// A distribution of a quantity: mean, variance, and the quantile in SI units at a share above 0 and below 1.
template <class D>
concept distribution = requires(const D& d, double share) {
    typename D::quantity;
    { d.mean() } -> std::same_as<typename D::quantity>;
    { d.variance() } -> std::same_as<squared_quantity<typename D::quantity>>;
    { d.si_quantile(share) } -> std::same_as<double>;
};

namespace detail {

inline void require_finite(std::string_view which, std::string_view what, double value) {
    if (!std::isfinite(value)) throw input_error{which, what, "a finite number", std::to_string(value)};
}
inline void require_spread(std::string_view which, std::string_view what, double value) {
    if (!(value >= 0 && std::isfinite(value))) throw input_error{which, what, "a finite number that is not negative", std::to_string(value)};
}
inline void require_order(std::string_view which, double low, double high) {
    require_finite(which, "lower bound", low);
    require_finite(which, "upper bound", high);
    if (low > high) throw input_error{which, "bounds", "the lower one first", std::to_string(low) + " and " + std::to_string(high)};
}
/// Bounds whose distance is a number, too: what lies between is computed from it.
inline void require_span(std::string_view which, double low, double high) {
    require_order(which, low, high);
    require_finite(which, "distance of the bounds", high - low);
}

/// What all distributions of a quantity share.
template <class Self, quantity_like Q>
struct distribution_base {
    using quantity = Q;
    /// The value that a share of the draws, above 0 and below 1, does not exceed.
    [[nodiscard]] Q quantile(double share) const {
        if (!(share > 0 && share < 1)) throw input_error{"distribution", "quantile", "a share above 0 and below 1", std::to_string(share)};
        return from_si<Q>(static_cast<const Self&>(*this).si_quantile(share));
    }
    /// The root of the variance.
    [[nodiscard]] Q deviation() const { return from_si<Q>(std::sqrt(to_si(static_cast<const Self&>(*this).variance()))); }
    friend bool operator==(const distribution_base&, const distribution_base&) = default;
};

/// Stands for a quantity where a distribution is made of what it does not take.
template <class... Arguments>
struct wrong_inputs {};
template <class T>
inline constexpr bool is_wrong_inputs = false;
template <class... Arguments>
inline constexpr bool is_wrong_inputs<wrong_inputs<Arguments...>> = true;

/// As `quantity_like`, but for units as well, which distributions then refuse in a sentence of their own and not by their constraint.
template <class Q>
concept given_quantity = quantity_like<Q> || unit_like<Q> || is_wrong_inputs<Q>;

/// What is said of arguments that a distribution does not take, in braces or between < and >.
template <class T>
struct distribution_argument : verdant::detail::refusal {
    static_assert(
        verdant::detail::fits<T>,
        "verdant: a distribution is made of values of one quantity: uniform{low, high}, normal{mean, deviation}, triangular{low, mode, high}, "
        "truncated_normal{mean, deviation, low, high}, lognormal{median, 0.2} with a plain number; write for example "
        "normal{3.0 * seconds{}, 0.1 * seconds{}}, which is a normal<si::time>; see distribution_argument<...> in this message");
};
template <quantity_like First, class... Rest>
struct quantity_meant<wrong_inputs<First, Rest...>> {
    using type = First;
};

/// Stands for a distribution of what is no quantity, once it has been reported.
template <class Q>
class distribution_of_nothing {
public:
    using quantity = typename quantity_meant<Q>::type;
    template <class... Arguments>
    explicit distribution_of_nothing(const Arguments&...) {}
    [[nodiscard]] quantity low() const { return {}; }
    [[nodiscard]] quantity mode() const { return {}; }
    [[nodiscard]] quantity high() const { return {}; }
    [[nodiscard]] quantity mean() const { return {}; }
    [[nodiscard]] quantity median() const { return {}; }
    [[nodiscard]] quantity deviation() const { return {}; }
    [[nodiscard]] squared_quantity<quantity> variance() const { return {}; }
    [[nodiscard]] quantity quantile(double) const { return {}; }
    [[nodiscard]] double si_quantile(double) const { return 0; }
};

} // namespace detail

/// A value that is known.
template <detail::given_quantity Q>
class exactly : public detail::distribution_base<exactly<Q>, Q> {
public:
    /// @throws input_error for a value that is not finite
    explicit exactly(Q value) : value_{to_si(value)} { detail::require_finite("known value", "", value_); }
    [[nodiscard]] Q mean() const { return from_si<Q>(value_); }
    [[nodiscard]] squared_quantity<Q> variance() const { return from_si<squared_quantity<Q>>(0); }
    [[nodiscard]] double si_quantile(double) const noexcept { return value_; }
    friend bool operator==(const exactly&, const exactly&) = default;

private:
    double value_;
};

/// Everything between two bounds is as likely.
template <detail::given_quantity Q>
class uniform : public detail::distribution_base<uniform<Q>, Q> {
public:
    /// @throws input_error for bounds that are not finite or too far apart for a double, or in the wrong order
    uniform(Q low, Q high) : low_{to_si(low)}, high_{to_si(high)} { detail::require_span("uniform distribution", low_, high_); }
    /// Says that all of an interval is as likely, which the interval does not.
    explicit uniform(const interval<Q>& bounds) : uniform{bounds.low(), bounds.high()} {}
    [[nodiscard]] Q low() const { return from_si<Q>(low_); }
    [[nodiscard]] Q high() const { return from_si<Q>(high_); }
    [[nodiscard]] Q mean() const { return from_si<Q>(low_ + (high_ - low_) / 2); }
    /// (high - low)^2 / 12
    [[nodiscard]] squared_quantity<Q> variance() const { return from_si<squared_quantity<Q>>((high_ - low_) * (high_ - low_) / 12); }
    [[nodiscard]] double si_quantile(double share) const noexcept { return low_ + (high_ - low_) * share; }
    friend bool operator==(const uniform&, const uniform&) = default;

private:
    double low_, high_;
};

/// The normal distribution.
template <detail::given_quantity Q>
class normal : public detail::distribution_base<normal<Q>, Q> {
public:
    /// @throws input_error for a number that is not finite, and for a negative deviation
    normal(Q mean, Q deviation) : mean_{to_si(mean)}, deviation_{to_si(deviation)} {
        detail::require_finite("normal distribution", "mean", mean_);
        detail::require_spread("normal distribution", "standard deviation", deviation_);
    }
    /// @throws input_error for a number that is not finite, and for a negative variance
    [[nodiscard]] static normal of_variance(Q mean, squared_quantity<Q> variance) {
        detail::require_spread("normal distribution", "variance", to_si(variance));
        return {mean, from_si<Q>(std::sqrt(to_si(variance)))};
    }
    [[nodiscard]] Q mean() const { return from_si<Q>(mean_); }
    [[nodiscard]] squared_quantity<Q> variance() const { return from_si<squared_quantity<Q>>(deviation_ * deviation_); }
    [[nodiscard]] double si_quantile(double share) const noexcept {
        return deviation_ == 0 ? mean_ : mean_ + deviation_ * surrogate::normal_quantile(share);
    }
    friend bool operator==(const normal&, const normal&) = default;

private:
    double mean_, deviation_;
};

/// A normal distribution cut off at two bounds, the rest scaled up. Moments: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions", vol.
/// 1, 2nd edition, 1994, section 10.1.
template <detail::given_quantity Q>
class truncated_normal : public detail::distribution_base<truncated_normal<Q>, Q> {
public:
    /// @param mean, deviation of the whole normal distribution
    /// @throws input_error for numbers that are not finite, a deviation that is not positive, bounds in the wrong order, and bounds that leave less
    /// than a millionth of the distribution
    truncated_normal(Q mean, Q deviation, Q low, Q high) : mean_{to_si(mean)}, deviation_{to_si(deviation)}, low_{to_si(low)}, high_{to_si(high)} {
        constexpr std::string_view which = "truncated normal distribution";
        detail::require_finite(which, "mean", mean_);
        detail::require_spread(which, "standard deviation", deviation_);
        if (deviation_ == 0) throw input_error{which, "standard deviation", "a positive number", "0"};
        detail::require_order(which, low_, high_);
        start_ = surrogate::normal_probability(alpha());
        share_ = surrogate::normal_probability(beta()) - start_;
        if (!(share_ >= 1e-6)) throw input_error{which, "bounds", "at least a millionth of the distribution between them", std::to_string(share_)};
    }
    [[nodiscard]] Q mean() const { return from_si<Q>(mean_ + deviation_ * shift()); }
    [[nodiscard]] squared_quantity<Q> variance() const {
        const double a = alpha(), b = beta(), m = shift();
        const double inner = 1 + (a * surrogate::normal_density(a) - b * surrogate::normal_density(b)) / share_ - m * m;
        return from_si<squared_quantity<Q>>(deviation_ * deviation_ * (inner > 0 ? inner : 0));
    }
    [[nodiscard]] double si_quantile(double share) const noexcept {
        // Rounded to 1, a share would have the upper bound itself, which may be as far away as doubles go.
        const double below = start_ + share * share_;
        const double x = mean_ + deviation_ * surrogate::normal_quantile(below < 1 ? below : 1 - 0x1.0p-53);
        return x < low_ ? low_ : x > high_ ? high_ : x;
    }
    friend bool operator==(const truncated_normal&, const truncated_normal&) = default;

private:
    // Beyond 1000 deviations there is nothing; so bounds such as the largest double, for none, have a product with their density, which is 0.
    [[nodiscard]] static double near(double deviations) noexcept { return deviations < -1000 ? -1000 : deviations > 1000 ? 1000 : deviations; }
    [[nodiscard]] double alpha() const noexcept { return near((low_ - mean_) / deviation_); }
    [[nodiscard]] double beta() const noexcept { return near((high_ - mean_) / deviation_); }
    [[nodiscard]] double shift() const noexcept { return (surrogate::normal_density(alpha()) - surrogate::normal_density(beta())) / share_; }
    double mean_, deviation_, low_, high_, start_ = 0, share_ = 1;
};

/// A quantity whose logarithm is normal: the product of many independent factors. Positive.
template <detail::given_quantity Q>
class lognormal : public detail::distribution_base<lognormal<Q>, Q> {
public:
    /// @param median half of the draws lie below @param log_deviation the standard deviation of the natural logarithm
    /// @throws input_error for a median that is not positive and finite, and for a negative deviation
    lognormal(Q median, double log_deviation) : median_{to_si(median)}, sigma_{log_deviation} {
        detail::require_finite("lognormal distribution", "median", median_);
        if (!(median_ > 0)) throw input_error{"lognormal distribution", "median", "a positive number", std::to_string(median_)};
        detail::require_spread("lognormal distribution", "deviation of the logarithm", sigma_);
    }
    /// The one of these moments: sigma^2 = log(1 + (deviation / mean)^2), median = mean exp(-sigma^2 / 2).
    /// @throws input_error for a mean that is not positive and finite, and for a negative deviation
    [[nodiscard]] static lognormal of_moments(Q mean, Q deviation) {
        detail::require_finite("lognormal distribution", "mean", to_si(mean));
        if (!(to_si(mean) > 0)) throw input_error{"lognormal distribution", "mean", "a positive number", std::to_string(to_si(mean))};
        detail::require_spread("lognormal distribution", "standard deviation", to_si(deviation));
        const double ratio = to_si(deviation) / to_si(mean), square = std::log1p(ratio * ratio);
        return {from_si<Q>(to_si(mean) * std::exp(-square / 2)), std::sqrt(square)};
    }
    [[nodiscard]] Q median() const { return from_si<Q>(median_); }
    [[nodiscard]] double log_deviation() const noexcept { return sigma_; }
    [[nodiscard]] Q mean() const { return from_si<Q>(median_ * std::exp(sigma_ * sigma_ / 2)); }
    [[nodiscard]] squared_quantity<Q> variance() const {
        const double m = to_si(mean());
        return from_si<squared_quantity<Q>>(m * m * std::expm1(sigma_ * sigma_));
    }
    [[nodiscard]] double si_quantile(double share) const noexcept {
        return sigma_ == 0 ? median_ : median_ * std::exp(sigma_ * surrogate::normal_quantile(share));
    }
    friend bool operator==(const lognormal&, const lognormal&) = default;

private:
    double median_, sigma_;
};

/// Between two bounds, likeliest at a mode, falling off in straight lines: what is left of an expert's three numbers.
template <detail::given_quantity Q>
class triangular : public detail::distribution_base<triangular<Q>, Q> {
public:
    /// @throws input_error for numbers that are not finite or too far apart for a double, or not in this order
    triangular(Q low, Q mode, Q high) : low_{to_si(low)}, mode_{to_si(mode)}, high_{to_si(high)} {
        detail::require_span("triangular distribution", low_, high_);
        if (!(mode_ >= low_ && mode_ <= high_))
            throw input_error{"triangular distribution", "mode", "a number between the bounds", std::to_string(mode_)};
    }
    [[nodiscard]] Q low() const { return from_si<Q>(low_); }
    [[nodiscard]] Q mode() const { return from_si<Q>(mode_); }
    [[nodiscard]] Q high() const { return from_si<Q>(high_); }
    [[nodiscard]] Q mean() const {
        return from_si<Q>(std::isfinite(low_ + mode_ + high_) ? (low_ + mode_ + high_) / 3 : low_ / 3 + mode_ / 3 + high_ / 3);
    }
    /// With a, c and b the bounds and the mode between: ((b - a)^2 - (c - a)(b - c)) / 18
    [[nodiscard]] squared_quantity<Q> variance() const {
        const double whole = high_ - low_;
        return from_si<squared_quantity<Q>>((whole * whole - (mode_ - low_) * (high_ - mode_)) / 18);
    }
    [[nodiscard]] double si_quantile(double share) const noexcept {
        const double whole = high_ - low_, left = mode_ - low_;
        if (whole == 0) return low_;
        return share * whole < left ? low_ + root_of(share * whole, left) : high_ - root_of((1 - share) * whole, high_ - mode_);
    }
    friend bool operator==(const triangular&, const triangular&) = default;

private:
    /// The root of a product that may be no double.
    [[nodiscard]] static double root_of(double a, double b) noexcept { return std::isnormal(a * b) ? std::sqrt(a * b) : std::sqrt(a) * std::sqrt(b); }
    double low_, mode_, high_;
};

template <quantity_like Q>
uniform(Q, Q) -> uniform<Q>;
template <quantity_like Q>
normal(Q, Q) -> normal<Q>;
template <quantity_like Q>
truncated_normal(Q, Q, Q, Q) -> truncated_normal<Q>;
template <quantity_like Q>
triangular(Q, Q, Q) -> triangular<Q>;

// Refused, with a sentence that says what to write: what is made of other arguments than it takes, and of what is no quantity.

namespace detail {

/// Numbers and quantities that do not go together, or too few or too many.
template <class... Arguments>
concept unfit_inputs = sizeof...(Arguments) > 0 && ((std::is_arithmetic_v<Arguments> || quantity_like<Arguments>) && ...);

/// What a lognormal distribution is made of: a median, and a number.
template <class... Arguments>
inline constexpr bool lognormal_inputs = false;
template <quantity_like Median, class Deviation>
inline constexpr bool lognormal_inputs<Median, Deviation> = std::is_convertible_v<Deviation, double>;

} // namespace detail

template <detail::given_quantity Q>
    requires(!quantity_like<Q>)
class exactly<Q> : public detail::distribution_of_nothing<Q> {
    static_assert(detail::distribution_argument<Q>::value);

public:
    using detail::distribution_of_nothing<Q>::distribution_of_nothing;
};
template <class... Arguments>
    requires(detail::unfit_inputs<Arguments...>)
uniform(Arguments...) -> uniform<detail::wrong_inputs<Arguments...>>;
template <detail::given_quantity Q>
    requires(!quantity_like<Q>)
class uniform<Q> : public detail::distribution_of_nothing<Q> {
    static_assert(detail::distribution_argument<Q>::value);

public:
    using detail::distribution_of_nothing<Q>::distribution_of_nothing;
};
template <class... Arguments>
    requires(detail::unfit_inputs<Arguments...>)
normal(Arguments...) -> normal<detail::wrong_inputs<Arguments...>>;
template <detail::given_quantity Q>
    requires(!quantity_like<Q>)
class normal<Q> : public detail::distribution_of_nothing<Q> {
    static_assert(detail::distribution_argument<Q>::value);

public:
    using detail::distribution_of_nothing<Q>::distribution_of_nothing;
};
template <class... Arguments>
    requires(detail::unfit_inputs<Arguments...>)
truncated_normal(Arguments...) -> truncated_normal<detail::wrong_inputs<Arguments...>>;
template <detail::given_quantity Q>
    requires(!quantity_like<Q>)
class truncated_normal<Q> : public detail::distribution_of_nothing<Q> {
    static_assert(detail::distribution_argument<Q>::value);

public:
    using detail::distribution_of_nothing<Q>::distribution_of_nothing;
};
template <class... Arguments>
    requires(detail::unfit_inputs<Arguments...> && !detail::lognormal_inputs<Arguments...>)
lognormal(Arguments...) -> lognormal<detail::wrong_inputs<Arguments...>>;
template <detail::given_quantity Q>
    requires(!quantity_like<Q>)
class lognormal<Q> : public detail::distribution_of_nothing<Q> {
    static_assert(detail::distribution_argument<Q>::value);

public:
    using detail::distribution_of_nothing<Q>::distribution_of_nothing;
};
template <class... Arguments>
    requires(detail::unfit_inputs<Arguments...>)
triangular(Arguments...) -> triangular<detail::wrong_inputs<Arguments...>>;
template <detail::given_quantity Q>
    requires(!quantity_like<Q>)
class triangular<Q> : public detail::distribution_of_nothing<Q> {
    static_assert(detail::distribution_argument<Q>::value);

public:
    using detail::distribution_of_nothing<Q>::distribution_of_nothing;
};

} // namespace verdant::uncertainty
