#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// What an architecture is worth to a controller, as one number.
namespace verdant {

/// One objective of a measured point.
struct objective_value {
    double value = 0;          ///< as the metric has it, in the metric's own unit
    bool maximized = false;    ///< whether more is better
    std::string_view metric{}; ///< its name
};

/// A small type that turns the objectives of a point into one number, of which more is better. It has options, `described` as others are, and knows
/// how many objectives it is of.
template <class R>
concept reward_policy = std::semiregular<R> && requires(const R& r, std::span<const objective_value> objectives) {
    { R::objectives } -> std::convertible_to<std::size_t>;
    { r.check(std::string_view{}) } -> std::same_as<void>;
    { r(objectives) } -> std::same_as<double>;
};

/// The only objective; with its sign changed where it is minimised. Published for one objective: the accuracy.
struct objective_reward {
    static constexpr std::size_t objectives = 1;
    void check(std::string_view) const {}
    [[nodiscard]] double operator()(std::span<const objective_value> values) const {
        return values[0].maximized ? values[0].value : -values[0].value;
    }
};

/// The first objective, which is maximised, times how far the second one is on the good side of a target, to a small power: accuracy * (throughput /
/// target)^0.07 as Accel-NASBench has it (anb_eval), or accuracy * (target / latency)^0.07 as MnasNet has it (Tan et al., CVPR 2019, equation 2, with
/// alpha = beta = -0.07).
struct target_reward {
    static constexpr std::size_t objectives = 2;
    static constexpr bool first_is_maximized = true;

    double target = 1; ///< of the second objective, in its metric's own unit, above 0
    double exponent = 0.07; ///< published
    using described = members<member<"target", &target_reward::target>, member<"exponent", &target_reward::exponent>>;

    /// Throws input_error for a target that is not above 0, and for an exponent below 0. @param source the optimizer
    void check(std::string_view source) const {
        require_positive(source, "reward.target", target);
        require_not_negative(source, "reward.exponent", exponent);
    }
    /// Throws input_error for a second objective that is not above 0, of which no power can be taken.
    [[nodiscard]] double operator()(std::span<const objective_value> values) const {
        const auto second = values[1];
        if (!(second.value > 0)) throw input_error{"target_reward", second.metric, "a number above 0", exact_text(second.value)};
        return values[0].value * std::pow(second.maximized ? second.value / target : target / second.value, exponent);
    }
};

} // namespace verdant
