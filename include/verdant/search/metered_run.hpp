#pragma once

#include <verdant/goal/trial_times.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/study_recorder.hpp>
#include <verdant/search/worker_shares.hpp>

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace verdant::detail {

/// Gives what a run has consumed, as the first of its observers that meters it says, to the recorder: with trials that are completed, but not more often than
/// every few seconds, since it is one more transaction, and at the end. Meters are of this process or this machine; what workers in other processes say of themselves is added, and of
/// those who say nothing, or were lost, the method says so.
/// @tparam Recorder what keeps it: `consumed(span of search_consumption)`, the run and the shares of its workers, gives that of all runs
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
        lost_ = lost_ || came.lost > 0;
        if (!came.elsewhere) return;
        if (came.consumed == nullptr) silent_ = true;
        else if (meter_ != nullptr) workers_.add(*came.consumed);
    }

    void keep_now_and_then() {
        if (meter_ == nullptr || steady_seconds() < next_) return;
        next_ = steady_seconds() + 5;
        static_cast<void>(keep());
    }

    /// What all runs consumed that are known, or nothing where nobody meters this one.
    std::optional<search_consumption> keep() {
        if (meter_ == nullptr || !open_) return std::nullopt;
        const auto rows = of_run();
        return recorder_.consumed(std::span<const search_consumption>{rows});
    }

    /// Once more, where the search ends by an exception, which matters more than what this may throw.
    void keep_after_failure() noexcept {
        try {
            keep();
        } catch (...) {} // NOLINT(bugprone-empty-catch)
    }

private:
    /// The run, and behind it each of its workers.
    [[nodiscard]] std::vector<search_consumption> of_run() const {
        auto one = meter_->consumption();
        // Without their number, which differs from run to run: the methods of runs are compared, and different ones listed.
        if (!workers_.empty()) one.method += "; workers in other processes by meters of their own, while they evaluated";
        if (silent_)
            one.method += std::string{workers_.empty() ? "; workers" : "; some workers"} +
                          " in other processes are not counted, but for what the meter sees of this machine";
        if (lost_) one.method += "; workers were lost, and what they consumed for the trials that they were lost with is not counted";
        std::vector<search_consumption> rows{one};
        for (auto& share : workers_.rows(meter_->scope())) rows.push_back(std::move(share));
        return rows;
    }

    Recorder& recorder_;
    const observer_ref<Session>* meter_ = nullptr;
    double next_ = steady_seconds() + 5;
    bool open_ = false;
    worker_shares workers_; ///< that came through a board or by messages, and meter themselves
    bool silent_ = false; ///< some of these do not
    bool lost_ = false; ///< some died
};

} // namespace verdant::detail
