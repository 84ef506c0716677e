#pragma once

#include <verdant/goal/pending_trial.hpp>
#include <verdant/space/point.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// What a session is asked: proposed points, and which of them are fresh.
namespace verdant {

/// What an optimizer was asked for at once, looked up.
template <search_space Space>
struct question {
    std::vector<point<Space>> asked{};         ///< as proposed: points may be known already, or stand there twice
    std::vector<pending_trial<Space>> fresh{}; ///< those that are neither known nor pending, each once, in the order asked
};

/// Pending trials in the order of their numbers. To take the first one costs the same however many there are.
template <search_space Space>
class pending_trials {
public:
    [[nodiscard]] std::span<const pending_trial<Space>> all() const noexcept {
        return {trials_.data() + first_, size()};
    } // from a range, compilers check a dozen concepts more
    [[nodiscard]] std::size_t size() const noexcept { return trials_.size() - first_; }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// @pre its number is above all others
    void add(const pending_trial<Space>& one) { trials_.push_back(one); }

    /// The trial of this number, or null.
    [[nodiscard]] const pending_trial<Space>* find(std::uint64_t number) const {
        const auto* end = trials_.data() + trials_.size();
        const auto* at =
            std::lower_bound(trials_.data() + first_, end, number, [](const pending_trial<Space>& one, std::uint64_t n) { return one.number < n; });
        return at == end || at->number != number ? nullptr : at;
    }
    /// @pre it came from `find`
    void remove(const pending_trial<Space>* one) {
        const auto at = static_cast<std::size_t>(one - trials_.data());
        if (at > first_) {
            trials_.erase(trials_.begin() + static_cast<std::ptrdiff_t>(at));
        } else if (++first_ == trials_.size()) {
            clear();
        }
    }
    void clear() {
        trials_.clear();
        first_ = 0;
    }

    /// Removes a point; its number. @pre the point is pending
    std::uint64_t take(const point<Space>& p) {
        auto at = first_;
        while (trials_[at].point != p) ++at;
        const auto number = trials_[at].number;
        remove(&trials_[at]);
        return number;
    }
    /// Removes a point, wherever it stands, under the least number; those before it move up by one.
    /// @pre the point is pending
    std::uint64_t take_first(const point<Space>& p) {
        const auto number = trials_[first_].number;
        auto at = first_;
        for (; trials_[at].point != p; ++at) trials_[at].number = trials_[at + 1].number;
        remove(&trials_[at]);
        return number;
    }
    /// Gives the least number away; all trials move up by one, the last one to `next`. @pre there are some
    std::uint64_t give_first(std::uint64_t next) {
        const auto number = trials_[first_].number;
        for (auto at = first_; at < trials_.size(); ++at) trials_[at].number = at + 1 < trials_.size() ? trials_[at + 1].number : next;
        return number;
    }

private:
    std::vector<pending_trial<Space>> trials_;
    std::size_t first_ = 0; ///< those before are gone
};

} // namespace verdant
