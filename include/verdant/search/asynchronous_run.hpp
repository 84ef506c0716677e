#pragma once

#include <verdant/search/dispatcher.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/question.hpp>
#include <verdant/search/recorded_completions.hpp>
#include <verdant/search/refusals.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/search_run.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

/// The loop of a search that tells trials as they are completed.
namespace verdant::detail {

/// A search that keeps all workers busy: as soon as a trial is completed it is recorded, told, and the next point is asked for while the others are
/// pending. So what is found depends on how fast trials are; the questions and the order told are recorded, and from them it can be found again.
template <class Session>
class asynchronous_run : search_run<Session> {
    using space = typename Session::space_type;
    using goals = typename Session::goals_type;
    using base = search_run<Session>;
    using base::measure_, base::meter_, base::observers_, base::options_, base::recorder_, base::state_, base::stop_, base::workers_;

public:
    using base::base;

    /// @param session a new one, which is told as trials are completed
    [[nodiscard]] typename Session::result_type operator()(Session& session) {
        return base::ended(session, [&] { return loop(session); });
    }

private:
    [[nodiscard]] stop_reason loop(Session& session) {
        stale_ = recorder_.open(session, options_.optimizer, options_.seed, 1);
        meter_.begin();
        // What is recorded is given back even where fewer trials are asked for.
        const auto total = std::max({options_.trials, recorder_.resumed(), session.trials().size()});
        state_ = {.done = 0, .total = total, .failed = 0, .resumed = recorder_.resumed(), .emitted_before = recorder_.emitted_before()};
        for (const auto& o : observers_) stop_.take(o.started(state_));
        for (const auto& t : session.trials()) base::count(t);
        for (const auto& one : session.pending()) waiting_.push_back(job_of(one, options_.seed));
        while (state_.done < total) {
            // Kept trials are given back whatever the time.
            auto why = stop_reason::trials;
            const bool over = stop_.ends(why) && session.trials().size() >= recorder_.resumed();
            if (!over && !sated_) sated_ = fill(session);
            tell(session);
            if (state_.done == total) break;
            if (!over) submit(total - state_.done);
            if (running_.empty()) {
                if (over) return why;
                if (sated_ && session.pending().empty()) return *sated_;
                continue;
            }
            if (!collect() && stop_.ends(why)) return why;
            tell(session);
        }
        return stop_reason::trials;
    }

    /// Asks until as many trials are pending as there are places, or some are known. The first question comes in any case: it is the last one of a
    /// record.
    /// @return why the optimizer is not to be asked before it is told of a trial; where none is pending, the search ends for that reason
    [[nodiscard]] std::optional<stop_reason> fill(Session& session) {
        const auto places = options_.batch != 0 ? options_.batch : std::max<std::size_t>(1, workers_.workers());
        for (bool first = !asked_; completed_.empty() && (first || !stop_.met()); first = false) {
            const auto pending = session.pending().size();
            const auto room = std::min(places - std::min(places, pending), state_.total - std::min(state_.total, state_.done + pending));
            if (room == 0 && !first) break;
            recorder_.amend(session);
            const auto q = session.pose(recorder_.next(session, std::max<std::size_t>(1, room), state_.total, stale_));
            asked_ = true;
            for (const auto& one : q.fresh) waiting_.push_back(job_of(one, options_.seed));
            const auto known = [this](completed_job<goals> done) { completed_.push_back(std::move(done)); };
            recorder_.asked(q, completion_sink<goals>{known});
            for (const auto& done : completed_) forget(done.number);
            const bool waits = tell_known(session, q);
            stale_ = q.fresh.empty() ? stale_ + 1 : 0;
            if (q.asked.empty()) return stop_reason::exhausted;
            if (stale_ > options_.patience || (waits && q.fresh.empty())) return stop_reason::patience;
        }
        return std::nullopt;
    }

    /// Tells of the points of a question that are known; whether some are pending, which are passed over: nobody can tell of them yet.
    [[nodiscard]] static bool tell_known(Session& session, const question<space>& q) {
        bool some_pending = false;
        for (std::size_t next = 0; const auto& p : q.asked) {
            if (next < q.fresh.size() && p == q.fresh[next].point) ++next;
            else if (session.tell_known(p) == nullptr) some_pending = true;
        }
        return some_pending;
    }

    /// Hands out what is pending and not under way, as far as it is wanted.
    void submit(std::size_t wanted) {
        const auto count = std::min(waiting_.size(), wanted - std::min(wanted, running_.size()));
        if (count == 0) return;
        for (std::size_t i = 0; i < count; ++i) running_.push_back(waiting_[i].number);
        workers_.submit({waiting_.data(), count}, measure_);
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    }

    /// Takes a trial that need not be evaluated from those that wait, where it is among them.
    void forget(std::uint64_t number) {
        auto at = waiting_.begin();
        while (at != waiting_.end() && at->number != number) ++at;
        if (at != waiting_.end()) waiting_.erase(at, at + 1);
    }

    /// Waits for trials and records them; false where no more will come, since the search is to end.
    [[nodiscard]] bool collect() {
        const auto place = [this](completed_job<goals> done) {
            const auto at = std::find(running_.begin(), running_.end(), done.number);
            if (at == running_.end()) refuse_outcome(done.number);
            running_.erase(at);
            completed_.push_back(std::move(done));
        };
        const completion_sink<goals> placed{place};
        recorded_completions<Session> take{recorder_, placed, stop_, meter_};
        workers_.collect(completion_sink<goals>{take});
        take.settle();
        if (take.taken() > 0) return true;
        // A dispatcher that begins no more has given all that was under way.
        if (stop_.met()) return workers_.cancel(), false;
        if (workers_.pending() == 0) refuse_lost_trials();
        return true;
    }

    /// Tells what is completed, in the order of the record.
    void tell(Session& session) {
        for (auto& done : std::exchange(completed_, {})) {
            recorder_.amend(session);
            base::count(session.tell(done));
            stale_ = 0;
            sated_.reset();
        }
    }

    std::vector<job<space>> waiting_; ///< asked for and not handed out
    std::vector<std::uint64_t> running_; ///< handed out and not completed
    std::vector<completed_job<goals>> completed_; ///< and not told
    std::optional<stop_reason> sated_; ///< why the optimizer is not asked
    std::size_t stale_ = 0; ///< questions on end without a new point
    bool asked_ = false;
};

} // namespace verdant::detail
