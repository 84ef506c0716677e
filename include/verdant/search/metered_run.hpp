#pragma once

#include <verdant/goal/trial_times.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/study_recorder.hpp>

#include <optional>

namespace verdant::detail {

/// Gives what a run has consumed, as the first of its observers that meters it says, to the recorder: with trials that are completed, but not more often than
/// every few seconds, since it is one more transaction, and at the end. Meters are of this process or this machine, so it says with the method that others
/// evaluated, too.
/// @tparam Recorder what keeps it: `consumed(const search_consumption&)` gives that of all runs
template <class Session, class Recorder = any_recorder<Session>>
class metered_run {
public:
    metered_run(Recorder& recorder, observer_list<Session> observers) : recorder_{recorder} {
        for (const auto& o : observers)
            if (meter_ == nullptr && o.meters_run()) meter_ = &o;
    }

    /// The recorder is open: before that, nothing is to be given to it.
    void begin() { open_ = true; }

    /// What came of a job, once or more often.
    template <class Goals>
    void note(const outcome<Goals>& came) {
        elsewhere_ = elsewhere_ || came.elsewhere;
    }

    void keep_now_and_then() {
        if (meter_ == nullptr || steady_seconds() < next_) return;
        next_ = steady_seconds() + 5;
        static_cast<void>(recorder_.consumed(of_run()));
    }

    /// What all runs consumed that are known, or nothing where nobody meters this one.
    std::optional<search_consumption> keep() {
        if (meter_ == nullptr || !open_) return std::nullopt;
        return recorder_.consumed(of_run());
    }

    /// Once more, where the search ends by an exception, which matters more than what this may throw.
    void keep_after_failure() noexcept {
        try {
            keep();
        } catch (...) {} // NOLINT(bugprone-empty-catch)
    }

private:
    [[nodiscard]] search_consumption of_run() const {
        auto one = meter_->consumption();
        // Without their number, which differs from run to run: the methods of runs are compared, and different ones listed.
        if (elsewhere_) one.method += "; workers in other processes are not counted, but for what the meter sees of this machine";
        return one;
    }

    Recorder& recorder_;
    const observer_ref<Session>* meter_ = nullptr;
    double next_ = steady_seconds() + 5;
    bool open_ = false;
    bool elsewhere_ = false; ///< some job was evaluated by a worker that came through a board or by messages
};

} // namespace verdant::detail
