#pragma once

#include <verdant/meta/refused_value.hpp>
#include <verdant/uncertainty/distributions.hpp>
#include <verdant/uncertainty/draw_inputs.hpp>
#include <verdant/uncertainty/draws.hpp>
#include <verdant/uncertainty/quantity_algebra.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

/// An input that is known or has a distribution.
namespace verdant::uncertainty {

namespace detail {

/// A distribution whose type is forgotten, in SI units.
class any_distribution {
public:
    any_distribution() = default;
    any_distribution(const any_distribution&) = delete;
    any_distribution& operator=(const any_distribution&) = delete;
    virtual ~any_distribution() = default;
    [[nodiscard]] virtual double si_mean() const = 0;
    [[nodiscard]] virtual double si_variance() const = 0;
    [[nodiscard]] virtual double si_quantile(double share) const = 0;
    /// Whether this is a known value.
    [[nodiscard]] virtual bool known() const noexcept = 0;
};

/// A value that is known, of any quantity.
class known_input final : public any_distribution {
public:
    explicit known_input(double value) : value_{value} { require_finite("known value", "", value_); }
    [[nodiscard]] double si_mean() const override { return value_; }
    [[nodiscard]] double si_variance() const override { return 0; }
    [[nodiscard]] double si_quantile(double) const override { return value_; }
    [[nodiscard]] bool known() const noexcept override { return true; }

private:
    double value_;
};

template <class D>
class drawn_input final : public any_distribution {
public:
    explicit drawn_input(D of) : of_{std::move(of)} {}
    [[nodiscard]] double si_mean() const override { return to_si(of_.mean()); }
    [[nodiscard]] double si_variance() const override { return to_si(of_.variance()); }
    [[nodiscard]] double si_quantile(double share) const override { return of_.si_quantile(share); }
    [[nodiscard]] bool known() const noexcept override { return false; }

private:
    D of_;
};

inline void fill_draws(const any_distribution& of, const draw_inputs& world, std::string_view name, std::span<double> into) {
    world.shares(name, into);
    for (double& x : into) x = of.si_quantile(x);
}

} // namespace detail

/// Any distribution of a quantity, chosen at run time; a plain quantity is known exactly. Intervals are none: say `uniform{interval}` where that is
/// meant. Copies share the distribution.
template <class Q>
class uncertain {
public:
    using quantity = Q;

    /// @throws input_error for a value that is not finite
    // NOLINTNEXTLINE(google-explicit-constructor): a known value is an input like any other
    uncertain(Q known) : one_{std::make_shared<const detail::known_input>(to_si(known))} {}
    template <distribution D>
        requires std::same_as<typename D::quantity, Q> && (!std::same_as<D, uncertain>)
    // NOLINTNEXTLINE(google-explicit-constructor): so is one that has a distribution
    uncertain(D of) : one_{std::make_shared<const detail::drawn_input<D>>(std::move(of))} {}

    [[nodiscard]] bool known() const noexcept { return one_->known(); }
    [[nodiscard]] Q mean() const { return from_si<Q>(one_->si_mean()); }
    [[nodiscard]] squared_quantity<Q> variance() const { return from_si<squared_quantity<Q>>(one_->si_variance()); }
    [[nodiscard]] double si_quantile(double share) const { return one_->si_quantile(share); }
    /// Its draws under a name, see `draw_inputs`.
    [[nodiscard]] draws<Q> drawn(const draw_inputs& world, std::string_view name) const {
        draws<Q> made{world.count};
        draw(world, name, made.si());
        return made;
    }
    /// The same as numbers in SI units, into memory of one's own.
    /// @throws input_error for no room
    void draw(const draw_inputs& world, std::string_view name, std::span<double> into) const { detail::fill_draws(*one_, world, name, into); }

private:
    std::shared_ptr<const detail::any_distribution> one_;
};

namespace detail {

template <class T>
struct uncertain_argument : verdant::detail::refusal {
    static_assert(verdant::detail::fits<T>,
                  "verdant: what stands in uncertain<...> is no quantity; write one such as uncertain<si::mass>, or uncertain<double>, and no "
                  "metric, unit or distribution; see uncertain_argument<...> in this message");
};

} // namespace detail

/// Refused, with a sentence that says what to write.
template <class Q>
    requires(!quantity_like<Q>)
class uncertain<Q> : public uncertain<typename detail::quantity_meant<Q>::type> {
    using meant = typename detail::quantity_meant<Q>::type;

public:
    template <class Value>
    uncertain(const Value&) : uncertain<meant>{meant{}} { // NOLINT(google-explicit-constructor): takes its place
        static_assert(detail::uncertain_argument<Q>::value); // said where one is made, so that an overload that is not meant stays out of the way
    }
};

} // namespace verdant::uncertainty
