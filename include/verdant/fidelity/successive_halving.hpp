#pragma once

#include <verdant/error.hpp>
#include <verdant/fidelity/detail/halving_brackets.hpp>
#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/rung_scores.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdant {

/// Successive halving (Jamieson, Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016): so many trials
/// are measured at the least fidelity, the best 1/eta of them at eta times that, and so on up to a whole evaluation; then the next ones begin. A rung
/// is waited for.
struct successive_halving : fidelity_policy_base {
    struct options {
        std::size_t eta = 3; ///< 1/eta of a rung goes on
        std::size_t trials = 0; ///< that begin together; 0 for as many as leave one at the last rung
        front_order order = front_order::epsilon_net; ///< within a front, where there are several objectives
        using described = members<member<"eta", &options::eta>, member<"trials", &options::trials>, member<"order", &options::order>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "successive_halving"; }

    class schedule final : public detail::halving_brackets {
    public:
        /// @param rungs shares of a whole evaluation, ascending
        /// @throws input_error for fewer trials than leave one at the last rung
        schedule(const options& o, std::span<const double> rungs)
            : detail::halving_brackets{{{0, trials_of(o, rungs)}}, rungs.size(), o.eta, o.order} {}

    private:
        [[nodiscard]] static std::size_t trials_of(const options& o, std::span<const double> rungs) {
            require_rungs("successive_halving", o.eta, rungs);
            std::size_t least = 1;
            for (std::size_t k = 1; k < rungs.size(); ++k) {
                least *= o.eta;
                require_count("successive_halving", "trials that leave one at the last rung", least, 1);
            }
            if (o.trials == 0) return least;
            require_count("successive_halving", "trials", o.trials, least);
            return o.trials;
        }
    };
};

} // namespace verdant
