#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/time_limit.hpp>
#include <verdant/text/number.hpp>

#include <atomic>
#include <exception>
#include <utility>

namespace verdant::detail {

/// What ends a search before it has all its trials: the time that it was given, and observers. Once it is to end, it stays so.
template <class Session>
class stop_conditions {
public:
    /// The time runs from here on. Throws input_error for a limit that is not above 0.
    stop_conditions(const time_limit& limit, observer_list<Session> observers)
        : observers_{observers}, limit_{limit.time().value()}, begin_{steady_seconds()} {
        if (!(limit_ > 0)) throw input_error{"search", "time_limit", "a time above 0 s", exact_text(limit_) + " s"};
    }

    void take(search_step step) {
        if (step == search_step::stop) reached(stop_reason::requested);
    }

    /// Whether no further trial should begin. Any thread may ask; what an observer throws there, `ends` throws.
    [[nodiscard]] bool met() {
        if (reason_.load() != none) return true;
        if (steady_seconds() - begin_ >= limit_) reached(stop_reason::time_limit);
        try {
            for (const auto& o : observers_)
                if (o.stop_requested()) reached(stop_reason::requested);
        } catch (...) { fail(std::current_exception()); }
        return reason_.load() != none;
    }

    /// Whether the search is to end, and why. For the thread of the search, while no trial is under way.
    [[nodiscard]] bool ends(stop_reason& why) {
        const bool now = met();
        if (failure_) std::rethrow_exception(failure_);
        if (now) why = static_cast<stop_reason>(reason_.load());
        return now;
    }

private:
    static constexpr int none = -1, failing = -2;

    /// The first reason counts.
    void reached(stop_reason why) {
        int expected = none;
        reason_.compare_exchange_strong(expected, static_cast<int>(why));
    }
    void fail(std::exception_ptr what) {
        int expected = none;
        if (reason_.compare_exchange_strong(expected, failing)) failure_ = std::move(what);
    }

    observer_list<Session> observers_;
    double limit_, begin_; ///< seconds
    std::atomic<int> reason_ = none;
    std::exception_ptr failure_; ///< of an observer that was asked; written once, before the threads that evaluate have ended
};

} // namespace verdant::detail
