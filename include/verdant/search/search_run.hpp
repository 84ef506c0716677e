#pragma once

#include <verdant/numeric/option_checks.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/metered_run.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/refusals.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/stop_conditions.hpp>
#include <verdant/search/study_recorder.hpp>

#include <cstddef>
#include <utility>

namespace verdant::detail {

/// What the loops of a search have in common: their parts, counts and end.
template <class Session>
class search_run {
    using space = typename Session::space_type;
    using goals = typename Session::goals_type;
    using options_type = search_options<typename Session::optimizer_type::options>;

public:
    /// Throws input_error for options that say nothing, such as 0 trials.
    search_run(const options_type& o, const evaluator_set<space, goals>& measure, any_dispatcher<space, goals>& workers,
               any_recorder<Session>& recorder, observer_list<Session> observers)
        : options_{o}, measure_{measure}, workers_{workers}, recorder_{recorder}, observers_{observers}, stop_{o.time_limit, observers},
          meter_{recorder, observers} {
        require_count("search", "batch", o.batch, 0);
        require_count_or_all("search", "trials", o.trials, 1);
        require_count_or_all("search", "patience", o.patience, 0);
        require_count_or_all("search", "failures_in_a_row", o.failures_in_a_row, 0);
    }

protected:
    /// The result of a loop, or what it throws, once nothing is under way.
    /// @param loop gives the reason of its end
    template <class Loop>
    [[nodiscard]] typename Session::result_type ended(Session& session, const Loop& loop) {
        try {
            const auto why = loop();
            auto result = session.result(why, options_.trials);
            if (auto all = meter_.keep()) result.set_consumption(*std::move(all));
            for (const auto& o : observers_) o.finished(result);
            return result;
        } catch (...) {
            workers_.cancel();
            meter_.keep_after_failure();
            throw;
        }
    }

    void count(const typename Session::trial_type& t) {
        ++state_.done;
        state_.failed += t.completed() ? 0 : 1;
        failures_ = t.completed() ? 0 : failures_ + 1;
        for (const auto& o : observers_) stop_.take(o.told(t, state_));
        // Failures that were recorded end no search: whoever goes on has seen to them.
        if (failures_ >= options_.failures_in_a_row && options_.failures_in_a_row > 0 && failures_ > 0 && !recorder_.recorded(t.number))
            refuse_failures(failures_, t.number, t.message);
    }

    const options_type& options_;
    const evaluator_set<space, goals>& measure_;
    any_dispatcher<space, goals>& workers_;
    any_recorder<Session>& recorder_;
    observer_list<Session> observers_;
    stop_conditions<Session> stop_;
    metered_run<Session> meter_;
    search_state state_{};
    std::size_t failures_ = 0; ///< on end
};

} // namespace verdant::detail
