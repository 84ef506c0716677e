#pragma once

#include <verdant/error.hpp>
#include <verdant/fidelity/detail/fidelity_keeper.hpp>
#include <verdant/fidelity/detail/locked_schedule.hpp>
#include <verdant/fidelity/fidelity_evaluator.hpp>
#include <verdant/fidelity/fidelity_options.hpp>
#include <verdant/fidelity/fidelity_result.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/metered_run.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/stop_conditions.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant::detail {

/// The loop of a multi-fidelity search. A window of measurements is under way; whenever one is taken note of, the policy says what takes its place.
/// All decisions follow from the measurements in the order that they are taken note of.
template <class Session>
class fidelity_run final : public report_judge<typename Session::goals_type> {
public:
    using space = typename Session::space_type;
    using goals = typename Session::goals_type;
    using keeper_type = fidelity_keeper<Session>;
    using evaluation_type = fidelity_evaluation<space, goals>;

    fidelity_run(const fidelity_settings& settings, Session& session, fidelity_schedule& schedule, std::span<const double> rungs,
                 any_dispatcher<space, goals>& workers, keeper_type& keeper, metered_run<Session, keeper_type>& meter,
                 observer_list<Session> observers, const run_ending& ending)
        : settings_{settings}, session_{session}, schedule_{schedule}, rungs_{rungs}, workers_{workers}, keeper_{keeper}, meter_{meter},
          observers_{observers}, ending_{ending}, stop_{settings.time_limit, observers} {}

    /// Runs to the end. Throws search_error where too many measurements on end fail, and what the parts throw.
    /// @param measure the evaluators of this run alone, which may ask it as their judge
    stop_reason operator()(const evaluator_set<space, goals>& measure) {
        measure_ = &measure;
        try {
            state_.resumed = keeper_.resumed();
            state_.emitted_before = keeper_.emitted_before();
            for (const auto& o : observers_) stop_.take(o.started(state_));
            while (true) {
                begin_more();
                if (open_.empty() || !wait()) break;
                take_note();
            }
        } catch (...) {
            workers_.cancel();
            throw;
        }
        if (workers_.pending() > 0) workers_.cancel();
        return reason_.value_or(session_.exhausted() ? session_.result().reason() : stop_reason::trials);
    }

    [[nodiscard]] std::vector<evaluation_type> take_evaluations() { return std::move(evaluations_); }
    /// Whether something more would have gone beyond the budget.
    [[nodiscard]] bool out_of_budget() const noexcept { return out_of_budget_; }

    /// Called by evaluators, on any thread.
    [[nodiscard]] measurement_step judge(std::uint64_t number, double share, const typename goals::metrics_type& values) override {
        return schedule_.goes_on(report_score(number, share, values).score) ? measurement_step::go_on : measurement_step::stop;
    }

private:
    /// A measurement that is under way, or done and not taken note of.
    struct open_measurement {
        std::uint64_t number = 0;
        std::size_t rung = 0;
        double reached = 0, cost = 0; ///< before; expected
        point<space> where{};
        std::optional<typename keeper_type::kept> answer{};
        bool again = false; ///< the answer is that of an earlier run
    };
    /// What is known of a trial.
    struct course {
        double reached = 0;
        std::size_t told = 0;
        bool known = false;
        point<space> where{};
    };

    // What begins.

    /// Whether something was begun, and why not.
    enum class beginning : std::uint8_t { begun, nothing_to_begin, no_budget };

    void begin_more() {
        while (open_.size() < settings_.window && !over() && begin_next() == beginning::begun) {}
        submit();
    }

    [[nodiscard]] beginning begin_next() {
        while (true) {
            const auto what = schedule_.next();
            if (!what) return beginning::nothing_to_begin;
            const bool timed = settings_.unit == cost_unit::seconds;
            const auto reached = what->number ? courses_[*what->number].reached : 0.0;
            const auto cost = timed ? 0.0 : cost_of(rungs_[what->rung], reached, false);
            const auto budget = settings_.budget * (1 + 1e-12);
            if (timed ? spent_ >= settings_.budget : spent_ + reserved_ + cost > budget) {
                // What is under way may cost less than expected.
                out_of_budget_ = timed || open_.empty() || spent_ + cost > budget;
                return beginning::no_budget;
            }
            auto number = what->number;
            if (!number && !(number = new_trial())) {
                // What is pending may bring on new points.
                if (begun_ < settings_.trials && !session_.pending().empty()) return beginning::nothing_to_begin;
                schedule_.no_more();
                continue;
            }
            schedule_.begun(*what, *number);
            reserved_ += cost;
            open_.push_back({*number, what->rung, reached, cost, courses_[*number].where, keeper_.take(*number)});
            open_.back().again = open_.back().answer.has_value();
            if (open_.back().again) require_rung(open_.back());
            if (!open_.back().again)
                jobs_.push_back(job_of(pending_trial<space>{*number, open_.back().where}, settings_.seed, rungs_[what->rung], reached));
            return beginning::begun;
        }
    }
    /// Throws input_error where a kept measurement was made at another fidelity than the policy asks for: only one that was stopped ended before it.
    void require_rung(const open_measurement& one) const {
        const auto asked = rungs_[one.rung], made = one.answer->fidelity;
        if (one.answer->status == measurement_status::stopped ? made <= asked : made == asked) return;
        throw input_error{"study", "evaluation of trial " + std::to_string(one.number),
                          "a fidelity of " + exact_text(asked) + ", which the policy asks for", exact_text(made)};
    }
    void submit() {
        if (jobs_.empty()) return;
        workers_.submit({jobs_.data(), jobs_.size()}, *measure_);
        jobs_.clear();
    }

    /// Whether nothing further begins. What is kept is told again whatever the time.
    [[nodiscard]] bool over() {
        if (out_of_budget_) return true;
        if (auto why = stop_reason::trials; !keeper_.replays() && stop_.ends(why)) reason_ = why;
        return reason_.has_value();
    }

    [[nodiscard]] double cost_of(double share, double reached, bool started_over) const {
        return settings_.continuation == continuation::from_checkpoint && !started_over ? share - reached : share;
    }

    /// The number of the next fresh point; none where there is none before a trial is told.
    [[nodiscard]] std::optional<std::uint64_t> new_trial() {
        if (begun_ >= settings_.trials) return std::nullopt;
        while (fresh_.empty()) {
            if (sated_) return std::nullopt;
            keeper_.asks(session_, settings_.batch, stale_);
            auto q = session_.pose(settings_.batch);
            stale_ = q.fresh.empty() ? stale_ + 1 : 0;
            bool waits = false; // for a pending point, where none is fresh
            for (const auto& p : q.asked) waits = session_.tell_known(p) == nullptr || waits;
            sated_ = session_.exhausted() || (waits && q.fresh.empty());
            for (const auto& one : q.fresh) {
                keeper_.posed(one);
                fresh_.push_back(one);
            }
        }
        const auto one = fresh_.front();
        fresh_.pop_front();
        ++begun_;
        courses_[one.number].where = one.point;
        return one.number;
    }

    // What comes.

    /// Whether kept measurements are told again in the order kept.
    [[nodiscard]] bool in_kept_order() const { return settings_.order == measured_order::as_completed && replayed_ < keeper_.order().size(); }

    /// The measurement that is taken note of next; none where it is not there yet.
    [[nodiscard]] open_measurement* next_open() {
        if (settings_.order == measured_order::as_begun) return open_.front().answer ? &open_.front() : nullptr;
        if (in_kept_order()) {
            auto* one = find(keeper_.order()[replayed_]);
            return one == nullptr || one->answer ? one : nullptr;
        }
        return arrived_.empty() ? nullptr : find(arrived_.front());
    }
    /// Begins the next one that is kept, although there are as many as the window has: an earlier run with a smaller budget left others out. False
    /// where the budget does not reach so far. Throws input_error where the policy does not ask for it.
    [[nodiscard]] bool begin_kept() {
        const auto began = out_of_budget_ ? beginning::no_budget : begin_next();
        submit();
        if (began == beginning::nothing_to_begin || find(keeper_.order()[replayed_]) != nullptr) require_kept(find(keeper_.order()[replayed_]));
        return began == beginning::begun;
    }
    void require_kept(const open_measurement* one) const {
        if (one == nullptr || !one->answer)
            throw input_error{"study", "evaluation of trial " + std::to_string(keeper_.order()[replayed_]), "a measurement that the policy asks for",
                              "another one"};
    }
    [[nodiscard]] open_measurement* find(std::uint64_t number) {
        const auto at = std::find_if(open_.begin(), open_.end(), [&](const auto& one) { return one.number == number; });
        return at == open_.end() ? nullptr : &*at;
    }

    /// Waits for the next one; false where it does not come, since the search is to end.
    [[nodiscard]] bool wait() {
        sink take{*this};
        const completion_sink<goals> done{take};
        while (next_open() == nullptr) {
            if (in_kept_order()) {
                if (!begin_kept()) return false;
                continue;
            }
            const auto before = taken_;
            if (workers_.pending() == 0) throw search_error{"a dispatcher lost measurements that it was given"};
            workers_.collect(done);
            settle();
            if (taken_ > before || !stop_.met()) continue;
            // A dispatcher that begins no more has given all that was under way.
            if (auto why = stop_reason::trials; stop_.ends(why)) reason_ = why;
            return false;
        }
        return true;
    }

    /// What dispatchers give completions to.
    class sink {
    public:
        explicit sink(fidelity_run& run) : run_{run} {}
        void operator()(completed_job<goals> done) const { run_.take(std::move(done)); }
        [[nodiscard]] bool stopped() const { return run_.failure_ != nullptr || run_.stop_.met(); }

    private:
        fidelity_run& run_;
    };

    /// Never throws: it may be called on the threads of a dispatcher, one at a time.
    void take(completed_job<goals> done) noexcept {
        meter_.note(done.outcome);
        held_.push_back(std::move(done));
        ++taken_;
        if (failure_ != nullptr) return;
        try {
            keep_held();
        } catch (...) { failure_ = std::current_exception(); }
    }
    void keep_held() {
        while (!held_.empty()) {
            ending_.rethrow(); // what came with it is measured again
            auto& done = held_.front();
            auto* one = find(done.number);
            if (one == nullptr || one->answer)
                throw search_error{"a dispatcher gave an outcome of trial " + std::to_string(done.number) + ", which is not pending"};
            auto answer = answer_of(*one, std::move(done.outcome));
            try {
                keeper_.measured(one->number, answer);
            } catch (...) {
                done.outcome = std::move(answer.outcome);
                throw;
            }
            one->answer = std::move(answer);
            if (settings_.order == measured_order::as_completed) arrived_.push_back(one->number);
            held_.pop_front();
        }
        meter_.keep_now_and_then();
    }
    /// Throws what kept completions from being kept, where it still does.
    void settle() {
        if (failure_ == nullptr) return;
        const auto why = failure_;
        try {
            keep_held();
        } catch (const search_error&) { throw; } catch (...) {
            std::rethrow_exception(why);
        }
        failure_ = nullptr;
    }
    [[nodiscard]] typename keeper_type::kept answer_of(const open_measurement& one, outcome<goals> came) const {
        typename keeper_type::kept answer{.outcome = std::move(came), .fidelity = rungs_[one.rung]};
        auto& o = answer.outcome;
        if (o.failure.empty() && o.stopped && o.reported.empty()) o.fail("a measurement that was stopped without a report");
        if (!o.failure.empty()) {
            answer.status = measurement_status::failed;
            o.values = {}; // what other evaluators gave
        } else if (o.stopped) {
            answer.status = measurement_status::stopped;
            answer.fidelity = o.reported.back().fidelity;
        }
        const auto took = o.times.known() ? o.times.duration().value() : 0.0;
        answer.cost =
            settings_.unit == cost_unit::seconds ? std::max(took, 0.0) : std::max(cost_of(answer.fidelity, one.reached, o.started_over), 0.0);
        return answer;
    }

    // What is taken note of.

    struct report_objectives {
        std::array<double, goals::objective_count> objectives{};
        rung_score score{};
        report_objectives(const report_objectives&) = delete;
        report_objectives& operator=(const report_objectives&) = delete;
        report_objectives(std::uint64_t number, double share, const typename goals::metrics_type& values, const typename goals::limits_type& limits)
            : objectives{goals::objectives(values)},
              score{number, 0, measurement_status::reported, objectives, goals::violation(values, limits), share} {}
    };
    [[nodiscard]] report_objectives report_score(std::uint64_t number, double share, const typename goals::metrics_type& values) const {
        return {number, share, values, session_.limits()};
    }

    void take_note() {
        const auto* next = next_open();
        const auto at = std::find_if(open_.begin(), open_.end(), [&](const auto& other) { return &other == next; });
        const auto one = std::move(*at);
        open_.erase(at);
        if (one.again) {
            ++replayed_;
            keeper_.told_again();
        } else if (settings_.order == measured_order::as_completed) arrived_.pop_front();
        const auto& answer = *one.answer;
        spent_ += answer.cost;
        reserved_ -= one.cost;
        auto& mine = courses_[one.number];
        mine.reached = answer.fidelity;
        for (const auto& r : answer.outcome.reported) {
            evaluations_.push_back({one.number, one.where, r.fidelity, 0, measurement_status::reported, r.values, {}, {}});
            if (settings_.reports == report_use::judged && one.again) schedule_.reported(report_score(one.number, r.fidelity, r.values).score);
        }
        evaluations_.push_back({one.number, one.where, answer.fidelity, answer.cost, answer.status, answer.outcome.values, answer.outcome.failure,
                                answer.outcome.times});
        const auto& t = tell(one, mine, answer);
        schedule_.told({one.number, one.rung, answer.status, t.completed() ? std::span<const double>{t.objectives} : std::span<const double>{},
                        t.violation, answer.fidelity});
        keep(t, mine);
        count(t, answer);
    }

    const typename Session::trial_type& tell(const open_measurement& one, course& mine, const typename keeper_type::kept& answer) {
        const auto& o = answer.outcome;
        if (!std::exchange(mine.known, true)) {
            mine.told = session_.trials().size();
            sated_ = false;
            return session_.tell(completed_job<goals>{one.number, {o.values, o.failure, o.times}});
        }
        return o.failure.empty() ? session_.correct(one.where, o.values) : session_.correct_failure(one.where, o.failure);
    }

    void keep(const typename Session::trial_type& t, const course& mine) {
        keeper_.trial(t, mine.told);
        keeper_.catch_up([&](std::uint64_t number) {
            const auto told = courses_[number].told;
            return std::pair{&session_.trials()[told], static_cast<std::uint64_t>(told)};
        });
    }

    void count(const typename Session::trial_type& t, const typename keeper_type::kept& answer) {
        const bool failed = answer.status == measurement_status::failed;
        state_.done = session_.trials().size();
        state_.total = std::max(state_.done, state_.total);
        state_.failed += failed ? 1 : 0;
        failures_ = failed ? failures_ + 1 : 0;
        for (const auto& o : observers_) stop_.take(o.told(t, state_));
        if (settings_.failures_in_a_row > 0 && failures_ >= settings_.failures_in_a_row && !keeper_.replays())
            throw search_error{std::to_string(failures_) + " measurements in a row failed, the last (trial " + std::to_string(t.number) +
                               ") with: " + answer.outcome.failure};
    }

    const fidelity_settings& settings_;
    Session& session_;
    locked_schedule schedule_;
    std::span<const double> rungs_;
    const evaluator_set<space, goals>* measure_ = nullptr;
    any_dispatcher<space, goals>& workers_;
    keeper_type& keeper_;
    metered_run<Session, keeper_type>& meter_;
    observer_list<Session> observers_;
    const run_ending& ending_;
    stop_conditions<Session> stop_;

    std::deque<open_measurement> open_; ///< in the order begun
    std::vector<job<space>> jobs_; ///< begun, and not submitted
    std::deque<pending_trial<space>> fresh_;
    std::deque<completed_job<goals>> held_; ///< and not kept
    std::deque<std::uint64_t> arrived_; ///< and not taken note of, in the order kept
    std::unordered_map<std::uint64_t, course> courses_;
    std::vector<evaluation_type> evaluations_;
    std::exception_ptr failure_;
    std::optional<stop_reason> reason_;
    search_state state_{};
    double spent_ = 0, reserved_ = 0;
    std::size_t taken_ = 0, begun_ = 0, stale_ = 0, replayed_ = 0, failures_ = 0;
    bool out_of_budget_ = false;
    bool sated_ = false; ///< the optimizer is not asked before it is told of a trial
};

} // namespace verdant::detail
