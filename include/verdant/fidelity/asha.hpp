#pragma once

#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/fidelity/rung_scores.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace verdant {

/// Asynchronous successive halving, by promotion (Li, Jamieson, Rostamizadeh, Gonina, Ben-tzur, Hardt, Recht, Talwalkar, "A system for massively
/// parallel hyperparameter tuning", MLSys 2020, algorithm 2): whenever a worker is free, the best trial that is among the best 1/eta of its rung and
/// was not promoted goes to the next one, from the highest rung down; where there is none, a new trial begins. No rung is waited for. With several
/// objectives it is multi-objective ASHA (Schmucker et al. 2021): see `rung_scores`.
struct asha : fidelity_policy_base {
    struct options {
        std::size_t eta = 4; ///< 1/eta of a rung is promoted; the paper's experiments have 4
        std::size_t first_rung = 0; ///< where trials begin: the paper's s, the minimum early-stopping rate
        front_order order = front_order::epsilon_net; ///< within a front, where there are several objectives
        using described = members<member<"eta", &options::eta>, member<"first_rung", &options::first_rung>, member<"order", &options::order>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "asha"; }

    class schedule final : public fidelity_schedule {
    public:
        /// @param rungs shares of a whole evaluation, ascending
        /// @throws input_error for options that fit no rungs
        schedule(const options& o, std::span<const double> rungs) : eta_{o.eta}, first_{o.first_rung}, rungs_(rungs.size(), rung_scores{o.order}) {
            require_rungs("asha", o.eta, rungs);
            require_count("asha", "first_rung", o.first_rung, 0, rungs.size() - 1);
        }

        [[nodiscard]] std::optional<next_measurement> next() override {
            for (auto k = rungs_.size() - 1; k-- > first_;)
                if (const auto number = rungs_[k].promotable(rungs_[k].size() / eta_)) return next_measurement{number, k + 1};
            return more_ ? std::optional{next_measurement{std::nullopt, first_}} : std::nullopt;
        }
        void begun(const next_measurement& what, std::uint64_t) override {
            if (what.number) rungs_[what.rung - 1].promote(*what.number);
        }
        void told(const rung_score& score) override { rungs_[score.rung].add(score); }
        void no_more() override { more_ = false; }

    private:
        std::size_t eta_, first_;
        std::vector<rung_scores> rungs_;
        bool more_ = true;
    };
};

} // namespace verdant
