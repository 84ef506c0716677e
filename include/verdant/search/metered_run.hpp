#pragma once

#include <verdant/goal/trial_times.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/run_metering.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/study_recorder.hpp>

#include <cstddef>
#include <optional>

namespace verdant::detail {

/// Gives what a run has consumed, as the first of its observers that meters it says, to the recorder: with trials that are completed, but not more
/// often than every few seconds, since it is one more transaction and another one for each worker, and at the end. Meters are of this process or this
/// machine; what workers in other processes say of themselves is added, and of those who say nothing, or were lost, the method says so.
/// @tparam Recorder what keeps it: `consumed(span of search_consumption)`, the run and the shares of its workers, gives that of all runs
template <class Session, class Recorder = any_recorder<Session>>
class metered_run {
public:
    metered_run(Recorder& recorder, observer_list<Session> observers) : recorder_{recorder} {
        for (const auto& o : observers)
            if (metering_ == nullptr) metering_ = o.new_metering();
    }
    metered_run(const metered_run&) = delete;
    metered_run& operator=(const metered_run&) = delete;
    ~metered_run() { delete metering_; }

    /// The recorder is open: before that, nothing is to be given to it.
    void begin() { open_ = true; }

    /// What came of a job, once or more often.
    template <class Goals>
    void note(const outcome<Goals>& came) {
        if (metering_ == nullptr) return;
        if (came.lost > 0) metering_->note_lost();
        if (!came.elsewhere) return;
        if (came.consumed == nullptr) metering_->note_silent();
        else metering_->add(*came.consumed);
    }

    void keep_now_and_then() {
        if (metering_ == nullptr || steady_seconds() < next_) return;
        next_ = steady_seconds() + 5;
        static_cast<void>(keep());
    }

    /// What all runs consumed that are known, or nothing where nobody meters this one.
    std::optional<search_consumption> keep() {
        if (metering_ == nullptr || !open_) return std::nullopt;
        if constexpr (requires { recorder_.consumed(*metering_); }) return recorder_.consumed(*metering_);
        else
            return metering_->give(&recorder_, [](void* recorder, const search_consumption* rows, std::size_t count) {
                return static_cast<Recorder*>(recorder)->consumed({rows, count});
            });
    }

    /// Once more, where the search ends by an exception, which matters more than what this may throw.
    void keep_after_failure() noexcept {
        try {
            keep();
        } catch (...) {} // NOLINT(bugprone-empty-catch)
    }

private:
    Recorder& recorder_;
    run_metering* metering_ = nullptr; ///< owned; a smart pointer would cost every search more to compile than all of this
    double next_ = steady_seconds() + 5;
    bool open_ = false;
};

} // namespace verdant::detail
