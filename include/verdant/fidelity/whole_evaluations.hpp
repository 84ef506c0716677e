#pragma once

#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/meta/members.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace verdant {

/// No policy: every trial is measured whole. What others are compared with, by the same evaluators and in the same units of cost.
struct whole_evaluations : fidelity_policy_base {
    struct options {
        std::size_t eta = 2; ///< between rungs that are not used
        using described = members<member<"eta", &options::eta, member_role::unrecorded>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "whole_evaluations"; }

    class schedule final : public fidelity_schedule {
    public:
        schedule(const options&, std::span<const double> rungs) : last_{rungs.size() - 1} {}
        [[nodiscard]] std::optional<next_measurement> next() override {
            return more_ ? std::optional{next_measurement{std::nullopt, last_}} : std::nullopt;
        }
        void begun(const next_measurement&, std::uint64_t) override {}
        void told(const rung_score&) override {}
        void no_more() override { more_ = false; }

    private:
        std::size_t last_;
        bool more_ = true;
    };
};

} // namespace verdant
