#pragma once

#include <verdant/fidelity/fidelity_schedule.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

namespace verdant::detail {

/// Trials go from rung to rung as long as a rule lets them; those that go on come before new ones. Where reports are judged at once, each trial is
/// begun whole instead, and the rule is asked at each report.
/// @tparam Rule `bool goes_on(const rung_score&)`: takes note of a score and says whether its trial goes on
template <class Rule>
class rung_by_rung : public fidelity_schedule {
public:
    rung_by_rung(Rule rule, std::size_t rungs) : rule_{std::move(rule)}, last_{rungs - 1} {}

    /// Begins trials whole from now on.
    void judge_reports() { whole_ = true; }

    [[nodiscard]] std::optional<next_measurement> next() override {
        if (!onward_.empty()) return onward_.front();
        return more_ ? std::optional{next_measurement{std::nullopt, whole_ ? last_ : 0}} : std::nullopt;
    }
    void begun(const next_measurement& what, std::uint64_t) override {
        if (what.number) onward_.pop_front();
    }
    void told(const rung_score& score) override {
        if (whole_) return; // was judged
        const bool goes_on = rule_.goes_on(score);
        if (score.usable() && score.rung < last_ && goes_on) onward_.push_back({score.number, score.rung + 1});
    }
    void no_more() override { more_ = false; }
    [[nodiscard]] bool goes_on(const rung_score& score) override { return !whole_ || rule_.goes_on(score); }
    /// Takes note of what an earlier run reported.
    void reported(const rung_score& score) override {
        if (whole_) static_cast<void>(rule_.goes_on(score));
    }

private:
    Rule rule_;
    std::size_t last_;
    bool whole_ = false, more_ = true;
    std::deque<next_measurement> onward_;
};

} // namespace verdant::detail
