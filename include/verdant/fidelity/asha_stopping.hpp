#pragma once

#include <verdant/fidelity/detail/rung_by_rung.hpp>
#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// A trial goes on where it is among the best 1/eta, at least one, of those that were measured at its rung so far.
template <class = instantiated_when_used>
class basic_halving_rule {
public:
    basic_halving_rule(std::size_t eta, std::span<const double> rungs) : eta_{eta}, shares_(rungs.begin(), rungs.end()), values_(rungs.size()) {}

    [[nodiscard]] bool goes_on(const rung_score& s);

private:
    std::size_t eta_;
    std::vector<double> shares_;
    std::vector<std::vector<std::pair<double, double>>> values_; ///< by rung, sorted
    std::unordered_map<std::uint64_t, std::size_t> next_; ///< the rung that a trial has to pass next
};
using halving_rule = basic_halving_rule<>;

template <class Deferred>
bool basic_halving_rule<Deferred>::goes_on(const rung_score& s) {
    if (s.status == measurement_status::failed || s.objectives.empty()) return false;
    bool onward = true;
    auto& next = next_[s.number];
    // A report counts for each rung that was passed since the one before.
    for (; next < shares_.size() && shares_[next] <= s.share * (1 + 1e-12); ++next) {
        auto& all = values_[next];
        all.insert(std::lower_bound(all.begin(), all.end(), s.worth()), s.worth());
        const auto best = std::max<std::size_t>(1, all.size() / eta_);
        if (next + 1 < shares_.size()) onward = onward && s.worth() <= all[best - 1];
    }
    return onward;
}
VERDANT_DEFINED_ONCE(class basic_halving_rule<>);

} // namespace detail

/// Asynchronous successive halving, by stopping: a trial goes on at a rung where its value is among the best 1/eta of those measured there so far, at
/// least the very best, and is stopped otherwise. Other than `asha` it never comes back to a trial, so that it needs no checkpoints where evaluators
/// report; Optuna's SuccessiveHalvingPruner judges so, too. Those that break constraints count as worse than all that keep them. For searches of one
/// objective.
struct asha_stopping : fidelity_policy_base {
    struct options {
        std::size_t eta = 4; ///< factor between rungs, of which 1/eta goes on
        using described = members<member<"eta", &options::eta>>;
    };
    static constexpr bool single_objective = true;
    [[nodiscard]] static constexpr std::string_view name() { return "asha_stopping"; }

    class schedule final : public detail::rung_by_rung<detail::halving_rule> {
    public:
        /// @param rungs shares of a whole evaluation, ascending
        /// @throws input_error for one rung, at which no trial would be stopped
        schedule(const options& o, std::span<const double> rungs) : rung_by_rung{{o.eta, rungs}, rungs.size()} {
            require_rungs("asha_stopping", o.eta, rungs);
        }
    };
};

} // namespace verdant
