#pragma once

#include <verdant/error.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/metered_run.hpp>
#include <verdant/search/stop_conditions.hpp>
#include <verdant/search/study_recorder.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <utility>
#include <vector>

namespace verdant::detail {

/// Records completions as they come. What cannot be recorded, since the disk is full or a file is locked, is held, and nothing more is begun:
/// `settle` tries once more, so that no finished work is lost to a trouble that passes, and not more than what was under way to one that stays.
/// Nothing more is begun either once the search is to end.
template <class Session>
class recorded_completions {
    using completed = completed_job<typename Session::goals_type>;
    using sink = completion_sink<typename Session::goals_type>;

public:
    /// @param place where a recorded one goes
    recorded_completions(any_recorder<Session>& recorder, const sink& place, stop_conditions<Session>& stop, metered_run<Session>& meter)
        : recorder_{recorder}, place_{place}, stop_{stop}, meter_{meter} {}

    /// Never throws: it may be called on the threads of a dispatcher, one at a time.
    void operator()(completed done) {
        meter_.note(done.outcome);
        held_.push_back(std::move(done));
        ++taken_;
        if (failing_) return;
        try {
            record();
        } catch (...) {
            failure_ = std::current_exception();
            failing_ = true;
        }
    }
    /// Whether jobs should not be begun.
    [[nodiscard]] bool stopped() const { return failing_ || stop_.met(); }
    /// How many completions came. @pre none is under way
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }

    /// Throws what kept completions from being recorded, where it still does. @pre no completion is under way
    void settle() {
        if (!failing_) return;
        try {
            record();
        } catch (const search_error&) { throw; } catch (...) {
            std::rethrow_exception(failure_);
        }
        failing_ = false;
    }

private:
    void record() {
        std::size_t done = 0;
        try {
            for (; done < held_.size(); ++done) {
                recorder_.completed(held_[done]);
                place_(std::move(held_[done]));
            }
        } catch (...) {
            held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(done));
            throw;
        }
        held_.clear();
        meter_.keep_now_and_then();
    }

    any_recorder<Session>& recorder_;
    const sink& place_;
    stop_conditions<Session>& stop_;
    metered_run<Session>& meter_;
    std::vector<completed> held_;
    std::size_t taken_ = 0;
    std::exception_ptr failure_;
    std::atomic<bool> failing_ = false;
};

} // namespace verdant::detail
