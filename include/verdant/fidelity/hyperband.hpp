#pragma once

#include <verdant/fidelity/detail/halving_brackets.hpp>
#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/rung_scores.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace verdant {

/// Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar, JMLR 18(185), 2018, algorithm 1): brackets of successive halving that begin ever
/// higher, from many trials at the least fidelity to a few whole evaluations, so that it does not matter much whether low fidelities rank as high
/// ones do. With s_max + 1 rungs, bracket s = s_max ... 0 begins with ceil((s_max + 1) eta^s / (s + 1)) trials, s rungs below the last one. After the
/// last bracket comes the first again.
struct hyperband : fidelity_policy_base {
    struct options {
        std::size_t eta = 3; ///< 1/eta of a rung goes on; the paper's default
        front_order order = front_order::epsilon_net; ///< within a front, where there are several objectives
        using described = members<member<"eta", &options::eta>, member<"order", &options::order>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "hyperband"; }

    class schedule final : public detail::halving_brackets {
    public:
        /// @param rungs shares of a whole evaluation, ascending
        schedule(const options& o, std::span<const double> rungs)
            : detail::halving_brackets{brackets_of(o, rungs), rungs.size(), o.eta, o.order} {}

    private:
        [[nodiscard]] static std::vector<detail::halving_bracket> brackets_of(const options& o, std::span<const double> rung_list) {
            require_rungs("hyperband", o.eta, rung_list);
            const auto rungs = rung_list.size();
            std::vector<detail::halving_bracket> all;
            for (auto s = rungs; s-- > 0;) {
                std::size_t trials = rungs;
                for (std::size_t k = 0; k < s; ++k) {
                    trials *= o.eta;
                    require_count("hyperband", "trials of a bracket", trials, 1);
                }
                all.push_back({rungs - 1 - s, (trials + s) / (s + 1)});
            }
            return all;
        }
    };
};

} // namespace verdant
