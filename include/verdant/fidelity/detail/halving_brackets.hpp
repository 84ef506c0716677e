#pragma once

#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/fidelity/rung_scores.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace verdant::detail {

/// A bracket of successive halving: how many trials begin, and where.
struct halving_bracket {
    std::size_t first_rung = 0, trials = 0;
    friend bool operator==(const halving_bracket&, const halving_bracket&) = default;
};

/// Brackets of synchronous successive halving, one after the other and from the first again: all of a rung are measured, then the best of them go on;
/// at rung first + i of a bracket of n trials floor(n / eta^i) are measured (Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar, JMLR 18(185), 2018,
/// algorithm 1).
template <class = instantiated_when_used>
class basic_halving_brackets : public fidelity_schedule {
public:
    /// @param rungs number of rungs @pre brackets are not empty, and have trials
    basic_halving_brackets(std::vector<halving_bracket> brackets, std::size_t rungs, std::size_t eta, front_order order);
    [[nodiscard]] const std::vector<halving_bracket>& brackets() const noexcept { return brackets_; }

    [[nodiscard]] std::optional<next_measurement> next() override;
    void begun(const next_measurement& what, std::uint64_t) override;
    void told(const rung_score& score) override;
    void no_more() override;

private:
    void begin();
    void finish_rung();

    std::vector<halving_bracket> brackets_;
    std::size_t rungs_, eta_;
    front_order order_;
    std::size_t at_ = 0, rung_ = 0, trials_ = 0;
    std::size_t asked_ = 0; ///< new trials of this bracket
    std::size_t open_ = 0; ///< under way
    bool more_ = true;
    rung_scores scores_; ///< of the rung
    std::deque<std::uint64_t> promoted_; ///< to this rung, and not begun
};
using halving_brackets = basic_halving_brackets<>;

template <class Deferred>
basic_halving_brackets<Deferred>::basic_halving_brackets(std::vector<halving_bracket> brackets, std::size_t rungs, std::size_t eta, front_order order)
    : brackets_{std::move(brackets)}, rungs_{rungs}, eta_{eta}, order_{order} {
    begin();
}

template <class Deferred>
std::optional<next_measurement> basic_halving_brackets<Deferred>::next() {
    if (!promoted_.empty()) return next_measurement{promoted_.front(), rung_};
    if (rung_ == brackets_[at_].first_rung && asked_ < trials_ && more_) return next_measurement{std::nullopt, rung_};
    return std::nullopt;
}

template <class Deferred>
void basic_halving_brackets<Deferred>::begun(const next_measurement& what, std::uint64_t) {
    if (what.number) promoted_.pop_front();
    else ++asked_;
    ++open_;
}

template <class Deferred>
void basic_halving_brackets<Deferred>::told(const rung_score& score) {
    scores_.add(score);
    --open_;
    finish_rung();
}

template <class Deferred>
void basic_halving_brackets<Deferred>::no_more() {
    more_ = false;
    trials_ = asked_;
    finish_rung();
}

template <class Deferred>
void basic_halving_brackets<Deferred>::begin() {
    rung_ = brackets_[at_].first_rung;
    trials_ = more_ ? brackets_[at_].trials : 0;
    asked_ = open_ = 0;
    scores_ = rung_scores{order_};
}

template <class Deferred>
void basic_halving_brackets<Deferred>::finish_rung() {
    if (open_ > 0 || !promoted_.empty() || (rung_ == brackets_[at_].first_rung && asked_ < trials_)) return;
    if (rung_ + 1 < rungs_ && scores_.size() > 0) {
        std::size_t share = trials_;
        for (auto k = brackets_[at_].first_rung; k <= rung_; ++k) share /= eta_;
        const auto best = scores_.best(share);
        if (!best.empty()) {
            promoted_.assign(best.begin(), best.end());
            scores_ = rung_scores{order_};
            ++rung_;
            return;
        }
    }
    at_ = (at_ + 1) % brackets_.size();
    begin();
}
VERDANT_DEFINED_ONCE(class basic_halving_brackets<>);

} // namespace verdant::detail
