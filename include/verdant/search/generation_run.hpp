#pragma once

#include <verdant/search/dispatcher.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/question.hpp>
#include <verdant/search/recorded_completions.hpp>
#include <verdant/search/refusals.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/search_run.hpp>
#include <verdant/search/study_recorder.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

/// The loop of a search, compiled once for a study.
namespace verdant::detail {

/// A search question by question: all trials of one are evaluated before the next is asked, and told in the order asked, so that what is found does
/// not depend on who evaluates and how fast. Recorder, dispatcher and observers stand behind boundaries, so that this is compiled once for a study.
template <class Session>
class generation_run : search_run<Session> {
    using space = typename Session::space_type;
    using goals = typename Session::goals_type;
    using base = search_run<Session>;
    using base::measure_, base::meter_, base::observers_, base::options_, base::recorder_, base::state_, base::stop_, base::workers_;

public:
    using base::base;

    /// @param session a new one
    [[nodiscard]] typename Session::result_type operator()(Session& session) {
        return base::ended(session, [&] { return loop(session); });
    }

private:
    /// Questions are whole batches, however many trials are wanted: only then does a longer run begin as a shorter one did.
    [[nodiscard]] stop_reason loop(Session& session) {
        const auto batch = options_.batch != 0 ? options_.batch : std::max<std::size_t>(1, session.engine().preferred_batch());
        auto stale = recorder_.open(session, options_.optimizer, options_.seed, batch);
        meter_.begin();
        // What is recorded is given back even where fewer trials are asked for.
        auto total = options_.trials;
        for (auto kept = session.trials().size(); recorder_.recorded(kept); ++kept) total = std::max(total, kept + 1);
        total = std::max(total, session.trials().size());
        state_ = {.done = 0, .total = total, .failed = 0, .resumed = recorder_.resumed(), .emitted_before = recorder_.emitted_before()};
        for (const auto& o : observers_) stop_.take(o.started(state_));
        for (const auto& t : session.trials()) base::count(t);
        while (state_.done < total) {
            // Kept trials of the last question are given back whatever the time.
            if (auto why = stop_reason::trials; stop_.ends(why) && !recorder_.recorded(session.trials().size())) return why;
            recorder_.amend(session);
            const auto q = session.pose(recorder_.next(session, batch, total, stale));
            stale = q.fresh.empty() ? stale + 1 : 0;
            if (q.asked.empty()) return stop_reason::exhausted;
            if (stale > options_.patience) return stop_reason::patience;
            const auto wanted = std::min(q.fresh.size(), total - state_.done);
            const bool all = tell(session, q, evaluate(q, wanted), total);
            if (auto why = stop_reason::trials; !all && stop_.ends(why)) return why;
        }
        return stop_reason::trials;
    }

    /// What came of the fresh points of a question, in order, as far as it is there.
    struct answers {
        std::vector<outcome<goals>> outcomes;
        std::vector<unsigned char> there;
    };

    /// Tells what came of a question, up to the first trial that was not evaluated; whether all were that are wanted.
    [[nodiscard]] bool tell(Session& session, const question<space>& q, answers found, std::size_t total) {
        for (std::size_t next = 0; const auto& p : q.asked) {
            // Fresh points come in the order asked: what is not the next of them is known by now.
            if (next == q.fresh.size() || p != q.fresh[next].point) session.tell_known(p);
            else {
                if (found.there[next] == 0) return false;
                recorder_.amend(session);
                base::count(session.tell({q.fresh[next].number, std::move(found.outcomes[next])}));
                ++next;
            }
            if (state_.done == total) break; // the rest of the question is for a longer run
        }
        return true;
    }

    /// What came of the first `wanted` of the fresh points, in order: recorded by an earlier search, or evaluated now and recorded as soon as it is
    /// known. Where the search is to end, some of it is missing.
    [[nodiscard]] answers evaluate(const question<space>& q, std::size_t wanted) {
        answers found{std::vector<outcome<goals>>(q.fresh.size()), std::vector<unsigned char>(q.fresh.size())};
        const auto place = [&](completed_job<goals> done) {
            const auto at = static_cast<std::size_t>(done.number - (q.fresh.empty() ? 0 : q.fresh.front().number));
            if (at >= found.there.size() || found.there[at] != 0) refuse_outcome(done.number);
            found.outcomes[at] = std::move(done.outcome);
            found.there[at] = 1;
        };
        const completion_sink<goals> placed{place};
        recorder_.asked(q, placed);
        std::vector<job<space>> jobs;
        for (std::size_t i = 0; i < wanted; ++i)
            if (found.there[i] == 0) jobs.push_back(job_of(q.fresh[i], options_.seed));
        if (jobs.empty()) return found;

        recorded_completions<Session> take{recorder_, placed, stop_, meter_};
        const completion_sink<goals> sink{take};
        workers_.submit({jobs.data(), jobs.size()}, measure_);
        bool cancelled = false;
        while (workers_.pending() > 0 && !cancelled) {
            const auto before = take.taken();
            workers_.collect(sink);
            take.settle();
            // A dispatcher that begins no more has given all that was under way.
            cancelled = take.taken() == before && stop_.met();
        }
        if (cancelled) workers_.cancel();
        take.settle();
        if (!cancelled && std::find(found.there.begin(), found.there.begin() + static_cast<std::ptrdiff_t>(wanted), 0) - found.there.begin() !=
                              static_cast<std::ptrdiff_t>(wanted))
            refuse_lost_trials();
        return found;
    }
};

} // namespace verdant::detail
