#pragma once

#include <verdant/optimizer/reinforce/reward.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

/// What a point of a problem is worth to the controller of `reinforce`, as one number. Targets only scale the rewards, whose mean the baseline takes
/// away.
namespace quality {

/// `target_reward` of a problem whose accuracy is minimised with its sign changed.
struct negated_target_reward {
    static constexpr std::size_t objectives = 2;
    verdant::target_reward of{};

    void check(std::string_view source) const { of.check(source); }
    [[nodiscard]] double operator()(std::span<const verdant::objective_value> values) const {
        const verdant::objective_value turned[]{{-values[0].value, true, values[0].metric}, values[1]};
        return of(turned);
    }
};

/// Minus the logarithm of the product of two costs, such as the carbon-delay product.
struct product_reward {
    static constexpr std::size_t objectives = 2;
    void check(std::string_view) const {}
    [[nodiscard]] double operator()(std::span<const verdant::objective_value> values) const { return -std::log(values[0].value * values[1].value); }
};

} // namespace quality
