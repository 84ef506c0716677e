#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/pending_trial.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/broken_constraint.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/study/detail/kept_texts.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The trials of a kept study, read and checked.
namespace verdant::detail {

/// What a storage kept of trials, as points and metrics: completed ones by number and in the order told, pending ones, and corrections. Values are
/// those that the optimizer was told first, until corrections are applied.
template <class Space, class Goals>
class kept_trials {
public:
    using point_type = verdant::point<Space>;
    using metrics_type = typename Goals::metrics_type;

    struct kept_trial {
        bool there = false;
        point_type point{};
        metrics_type values{};
        std::string failure{};
        trial_times times{};
    };
    struct correction {
        std::uint64_t ask = 0, told = 0, number = 0;
        kept_trial after{};
    };

    kept_trials() = default;
    /// @param source what errors call the storage
    /// @throws input_error where trials do not fit the space, the questions or each other
    kept_trials(const stored_study& kept, tell_order order, std::string source) : source_{std::move(source)}, order_{order} {
        read_trials(kept);
        if (order_ == tell_order::as_completed) {
            read_pending(kept);
            require_questions(kept, told_.size() + pending_.size(), source_);
        }
        read_corrections(kept);
    }

    [[nodiscard]] bool recorded(std::uint64_t number) const { return number < trials_.size() && trials_[static_cast<std::size_t>(number)].there; }
    /// @pre it is recorded
    [[nodiscard]] const kept_trial& operator[](std::uint64_t number) const { return trials_[static_cast<std::size_t>(number)]; }
    /// The numbers of trials in the order told: of all, or, where that is the order of the numbers, of those before the last question.
    [[nodiscard]] const std::vector<std::uint64_t>& told() const noexcept { return told_; }
    /// The pending trial of this number, or null. Only where trials are told as they are completed.
    [[nodiscard]] const pending_trial<Space>* pending(std::uint64_t number) const {
        const auto at = std::lower_bound(pending_.begin(), pending_.end(), number, [](const auto& one, std::uint64_t n) { return one.number < n; });
        return at != pending_.end() && at->number == number ? &*at : nullptr;
    }

    /// The kept trial of this number. Throws input_error where it is not of the point that the optimizer proposes.
    [[nodiscard]] const kept_trial& proposed(std::uint64_t number, const point_type& p) const {
        if (!recorded(number)) disagree(number, to_string(p), "no trial");
        const auto& t = (*this)[number];
        require_proposed(number, p, t.point);
        return t;
    }
    /// Throws input_error where a kept point is not the one that the optimizer proposes.
    void require_proposed(std::uint64_t number, const point_type& p, const point_type& kept) const {
        if (kept != p) disagree(number, to_string(p) + ", which the optimizer proposes (have its options or its version changed?)", to_string(kept));
    }

    /// The next correction; null where there is none.
    [[nodiscard]] const correction* next_correction() const noexcept {
        return next_correction_ < corrections_.size() ? &corrections_[next_correction_] : nullptr;
    }
    /// Applies it. @pre there is one
    const kept_trial& apply_next() {
        const auto& c = corrections_[next_correction_++];
        return trials_[static_cast<std::size_t>(c.number)] = c.after;
    }

    [[noreturn]] void disagree(std::uint64_t trial, std::string_view expected, std::string_view found) const {
        throw input_error{source_, "trial " + std::to_string(trial), expected, found};
    }

private:
    void read_trials(const stored_study& study) {
        // Trials of the last question may be there in any selection, and there are not more of them than points asked for.
        const bool by_number = order_ == tell_order::generations;
        const auto complete = study.asks.empty() ? 0 : study.asks.back().first_trial;
        const auto most = study.asks.empty() ? 0 : (by_number ? complete : study.asks.back().first_number) + study.asks.back().points;
        if (!by_number) told_.assign(study.trials.size(), most);
        for (const auto& t : study.trials) {
            const auto place = "trial " + std::to_string(t.number);
            if (t.number >= most) throw input_error{source_, place, "no trial that was not asked for", "one"};
            if (recorded(t.number)) throw input_error{source_, place, "one trial of this number", "two"};
            if (trials_.size() <= t.number) trials_.resize(static_cast<std::size_t>(t.number) + 1);
            trials_[static_cast<std::size_t>(t.number)] = read_trial(t, place);
            if (!by_number) read_place(t, place, most);
        }
        for (std::uint64_t i = 0; by_number && i < complete; ++i) {
            if (!recorded(i)) throw input_error{source_, "trial " + std::to_string(i), "a trial", "none"};
            told_.push_back(i);
        }
        if (told_.size() < complete)
            throw input_error{source_, "question " + std::to_string(study.asks.back().number), std::to_string(complete) + " trials told before it",
                              std::to_string(told_.size())};
    }
    /// Places are 0, 1, ... without a gap.
    void read_place(const stored_trial& t, const std::string& place, std::uint64_t free) {
        const auto expected = "a place in the order told below " + std::to_string(told_.size()) + " that no other trial has";
        if (!t.told) throw input_error{source_, place, expected, "none"};
        if (*t.told >= told_.size() || told_[static_cast<std::size_t>(*t.told)] != free)
            throw input_error{source_, place, expected, std::to_string(*t.told)};
        told_[static_cast<std::size_t>(*t.told)] = t.number;
    }
    void read_pending(const stored_study& study) {
        const auto most = study.asks.empty() ? 0 : study.asks.back().first_number + study.asks.back().points;
        for (const auto& one : study.pending) {
            const auto place = "pending trial " + std::to_string(one.number);
            if (one.number >= most) throw input_error{source_, place, "no trial that was not asked for", "one"};
            if (recorded(one.number) || pending(one.number) != nullptr) throw input_error{source_, place, "one trial of this number", "two"};
            if (!pending_.empty() && one.number < pending_.back().number)
                throw input_error{source_, place, "pending trials by number", "another order"};
            pending_.push_back({one.number, read_point(one.parameters, place)});
        }
    }

    /// Puts the trials back to what the optimizer was told first.
    void read_corrections(const stored_study& study) {
        std::uint64_t asked = 0, told = 0;
        for (const auto& c : study.corrections) {
            const auto number = c.before.number;
            const auto place = "correction " + std::to_string(corrections_.size());
            if (!recorded(number) || c.ask < asked || c.ask >= study.asks.size() || c.told < told || c.told < study.asks[c.ask].first_trial ||
                c.told > most_told(study, c.ask) || !told_by(number, c.told))
                throw input_error{source_, place, "one of a trial that was told, behind those before it", "trial " + std::to_string(number)};
            asked = c.ask;
            told = c.told;
            corrections_.push_back({c.ask, c.told, number, read_trial(c.before, place)});
            if (corrections_.back().after.point != (*this)[number].point)
                throw input_error{source_, place, to_string((*this)[number].point), to_string(corrections_.back().after.point)};
        }
        for (auto c = corrections_.rbegin(); c != corrections_.rend(); ++c) std::swap(c->after, trials_[static_cast<std::size_t>(c->number)]);
    }
    /// How many trials may have been told before the question behind this one.
    [[nodiscard]] std::uint64_t most_told(const stored_study& study, std::uint64_t ask) const {
        const auto& a = study.asks[static_cast<std::size_t>(ask)];
        if (order_ == tell_order::generations) return a.first_trial + a.points;
        return ask + 1 < study.asks.size() ? study.asks[static_cast<std::size_t>(ask) + 1].first_trial : told_.size();
    }
    [[nodiscard]] bool told_by(std::uint64_t number, std::uint64_t told) const {
        if (order_ == tell_order::generations) return number < told;
        const auto end = told_.begin() + static_cast<std::ptrdiff_t>(told);
        return std::find(told_.begin(), end, number) != end;
    }

    [[nodiscard]] point_type read_point(const std::vector<std::string>& texts, const std::string& place) const {
        const auto read = point_type::from_indices(read_indices(view_of<Space>, texts, source_, place));
        require_feasible(read, source_, place);
        return read;
    }

    [[nodiscard]] kept_trial read_trial(const stored_trial& t, const std::string& place) const {
        kept_trial read{.there = true, .point = read_point(t.parameters, place), .times = t.times};
        if (!t.completed) {
            read.failure = t.message.empty() ? "failed" : t.message;
            return read;
        }
        std::array<double, metrics_type::size()> values{};
        if (t.metrics.size() != values.size())
            throw input_error{source_, place, std::to_string(values.size()) + " metrics", std::to_string(t.metrics.size())};
        std::copy(t.metrics.begin(), t.metrics.end(), values.begin());
        read.values = metrics_type::from_si_values(values);
        if (const auto nan = nan_metric(read.values); !nan.empty()) throw input_error{source_, place + ", " + std::string{nan}, "a number", "none"};
        return read;
    }

    std::string source_;
    tell_order order_ = tell_order::generations;
    std::vector<kept_trial> trials_; ///< by number
    std::vector<std::uint64_t> told_;
    std::vector<pending_trial<Space>> pending_; ///< by number
    std::vector<correction> corrections_;
    std::size_t next_correction_ = 0;
};

} // namespace verdant::detail
