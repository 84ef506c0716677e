#pragma once

#include <verdant/error.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/question.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/search/study_recorder.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/study/detail/kept_texts.hpp>
#include <verdant/study/detail/kept_trials.hpp>
#include <verdant/study/detail/session_return.hpp>
#include <verdant/study/detail/stored_trial_of.hpp>
#include <verdant/study/storage_ref.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace verdant {

/// The recorder over a storage. It puts a session where a kept one was: just before its last question, which is then asked again, with those of its
/// trials that are kept already taken from the storage. Where trials are told as they are completed, those that were pending then are so again, and
/// what was told since is told behind it, in the same order. Questions, not trials, are what the state is kept at, since all trials of a question
/// follow from it and their evaluators.
/// @tparam Session `search_session<...>`
template <class Session>
class study_keeper {
public:
    using space_type = typename Session::space_type;
    using goals_type = typename Session::goals_type;
    using optimizer_type = typename Session::optimizer_type;
    using metrics_type = typename Session::metrics_type;
    using point_type = verdant::point<space_type>;

    /// @param kept not owned
    /// @param order in which the session is told; where that is as trials are completed, the storage is a `pending_storage`
    template <storage S>
    explicit study_keeper(S& kept, tell_order order = tell_order::generations) : storage_{kept}, order_{order} {}
    study_keeper(const study_keeper&) = delete;
    study_keeper& operator=(const study_keeper&) = delete;

    /// Opens the study or begins it. Throws input_error where the storage holds another study.
    std::size_t open(Session& session, const typename optimizer_type::options& options, std::uint64_t seed, std::size_t batch) {
        auto description = describe_study<space_type, goals_type, optimizer_type>(session.limits(), options, seed, batch);
        for (const auto& p : session.starts().points()) description.start_points.push_back(to_string(p));
        starts_ = session.starts().points().size();
        wanted_points_ = batch;
        if (order_ == tell_order::as_completed) {
            description.order = "as_completed";
            if (!storage_.keeps_pending())
                throw input_error{source(), "order", "a storage that keeps pending trials with submit, since trials are told as they are completed",
                                  "one that does not"};
        }
        const auto study = detail::opened_study(storage_, description);
        if (!study) return 0;
        resumed_ = study->trials.size();
        next_place_ = resumed_;
        asks_ = study->asks.size();
        metered_runs_ = study->consumption.size();
        for (const auto& one : study->consumption) {
            consumed_before_ += one;
            emitted_before_ += detail::emitted_alone<>(one);
        }
        kept_ = detail::kept_trials<space_type, goals_type>{*study, order_, source()};
        if (study->asks.empty()) return 0;
        last_ = study->asks.back();
        asks_again_ = true;
        if (order_ == tell_order::generations) cut_ = cut_batch(study->asks);
        const auto stale = detail::session_return<Session>{*study, kept_, order_, source()}(session);
        if (order_ == tell_order::as_completed) go_on_with_pending(session);
        return stale;
    }

    [[nodiscard]] std::size_t resumed() const { return resumed_; }
    [[nodiscard]] bool recorded(std::uint64_t number) const { return kept_.recorded(number); }

    /// Corrects what was corrected when the session had told its optimizer as much as now. To be called before each trial that is told, and before
    /// each question.
    void amend(Session& session) {
        const auto asked = asks_ - (asks_again_ ? 1 : 0);
        if (asked > 0) detail::amend_session(session, kept_, asked - 1);
    }

    /// How many points to ask for; keeps the question. @param n as many as there would be without a storage
    std::size_t next(const Session& session, std::size_t n, std::size_t total, std::size_t stale) {
        const auto wanted = std::min<std::uint64_t>(total, std::numeric_limits<std::int64_t>::max()); // what databases take for a number
        if (std::exchange(asks_again_, false)) return static_cast<std::size_t>(last_.points);
        // Earlier versions asked for no more points than trials were wanted: what they cut off is completed first.
        if (cut_ > 0) n = std::min(n, wanted_points_ - std::exchange(cut_, 0));
        // One question a trial is too many to write the whole state before each: those since then are asked again where the study goes on.
        constexpr std::uint64_t questions = 16;
        if (order_ == tell_order::generations || !state_.optimizer || asks_ >= state_before_ + questions) save(session, stale);
        const auto told = session.trials().size();
        storage_.begin({.number = asks_++, .first_trial = told, .points = n, .wanted = wanted, .first_number = told + session.pending().size()},
                       state_);
        return n;
    }

    /// Throws input_error where a kept trial is of another point than the session asks for.
    void asked(const question<space_type>& q, const completion_sink<goals_type>& known) {
        for (const auto& one : q.fresh) {
            if (recorded(one.number)) {
                const auto& t = kept_.proposed(one.number, one.point);
                if (order_ == tell_order::generations) known({one.number, {t.values, t.failure, t.times}});
            } else {
                const auto* open = kept_.pending(one.number);
                if (open != nullptr) kept_.require_proposed(one.number, one.point, open->point);
                pending_.add(one);
                if (storage_.keeps_pending() && open == nullptr) storage_.submit({one.number, detail::stored_values(one.point)});
            }
        }
        // What was completed since the last question was told, in that order.
        const auto told = std::exchange(give_from_, kept_.told().size());
        for (auto place = told; order_ == tell_order::as_completed && place < kept_.told().size(); ++place) {
            const auto number = kept_.told()[place];
            const auto& t = kept_[number];
            known({number, {t.values, t.failure, t.times}});
        }
    }

    /// Throws input_error where no trial of that number is pending.
    void completed(const completed_job<goals_type>& done) {
        const auto* one = pending_.find(done.number);
        if (one == nullptr) throw input_error{source(), "trial " + std::to_string(done.number), "a pending trial", "none"};
        auto kept = stored(*one, done.outcome);
        if (order_ == tell_order::as_completed) kept.told = next_place_;
        storage_.add(kept); // the trial stays pending where this throws
        pending_.remove(one);
        ++next_place_;
    }

    /// Keeps other values of a trial that the optimizer was told of. Throws input_error where the storage keeps no corrections and the trial is of an
    /// earlier question.
    /// @param session as it was before the correction
    /// @param open    whether the trial is of the last question
    void revised(const Session& session, const typename Session::trial_type& told, const outcome<goals_type>& what, bool open) {
        const pending_trial<space_type> one{told.number, told.point};
        auto now = stored(one, what);
        now.times = told.times;
        if (order_ == tell_order::as_completed) now.told = static_cast<std::uint64_t>(&told - session.trials().data());
        if (storage_.revises()) {
            auto before = stored(one, {.values = told.values, .failure = told.message, .times = told.times});
            before.told = now.told;
            storage_.revise(now, {.ask = asks_ - 1, .told = session.trials().size(), .before = std::move(before)});
        } else if (open && storage_.corrects()) {
            storage_.replace(now);
        } else {
            throw input_error{source(), "correction",
                              open ? "a storage that has replace(trial)"
                                   : "a trial of the last question, or a storage that has revise(trial, correction)",
                              open ? "one that has not" : to_string(told.point) + " of an earlier question, on which later ones were built"};
        }
    }

    /// Keeps what this run has consumed so far, where the storage does. @returns that of all runs that are known
    /// @param of_run the run, and the shares of its workers in the order in which they came
    search_consumption consumed(std::span<const search_consumption> of_run) {
        auto all = consumed_before_;
        for (std::size_t i = 0; i < of_run.size(); ++i) {
            if (storage_.meters()) storage_.consumed(metered_runs_ + i, of_run[i]);
            all += of_run[i];
        }
        return all;
    }

    /// What earlier runs emitted that are known, without their workers in other processes, as observers know it of this one.
    [[nodiscard]] si::mass emitted_before() const noexcept { return emitted_before_; }

    /// Replaces a trial of the last question that is kept. Throws input_error where the storage does not correct.
    void corrected(const pending_trial<space_type>& one, const outcome<goals_type>& what) {
        if (!storage_.corrects()) throw input_error{source(), "correction", "a storage that has replace(trial)", "one that has not"};
        storage_.replace(stored(one, what));
    }

    /// Whether the storage holds a question that this one has still to ask again.
    [[nodiscard]] bool question_is_open() const noexcept { return asks_again_; }

    /// Trials that were asked for and are not kept yet.
    [[nodiscard]] std::span<const pending_trial<space_type>> pending() const noexcept { return pending_.all(); }

private:
    [[nodiscard]] std::string source() const { return storage_.name(); }
    /// What is pending when the last question is asked again, but for its own trials.
    void go_on_with_pending(const Session& session) {
        give_from_ = session.trials().size();
        if (session.trials().size() + session.pending().size() != last_.first_number)
            throw input_error{source(), "question " + std::to_string(last_.number),
                              std::to_string(last_.first_number) + " trials asked for before it",
                              std::to_string(session.trials().size() + session.pending().size())};
        for (const auto& one : session.pending()) {
            if (recorded(one.number)) continue;
            pending_.add(one);
            if (kept_.pending(one.number) == nullptr) storage_.submit({one.number, detail::stored_values(one.point)});
        }
    }

    /// The state before a question. Where trials are told as they are completed, it says before which.
    void save(const Session& session, std::size_t stale) {
        state_ = {.repeated = session.repeated(), .stale = stale};
        std::copy_n(session.random().state().begin(), state_.random.size(), state_.random.begin());
        if constexpr (savable_engine<typename Session::engine_type, space_type, goals_type>) {
            state_.optimizer = session.engine().save();
            if (order_ == tell_order::as_completed) state_.optimizer->insert(0, std::to_string(asks_) + ' ');
        }
        state_before_ = asks_;
    }

    /// How many points of a batch the last questions have asked for; 0 for whole ones.
    [[nodiscard]] std::size_t cut_batch(const std::vector<stored_ask>& asks) const {
        std::uint64_t asked = 0;
        for (const auto& a : asks) asked = (asked + a.points) % wanted_points_;
        return static_cast<std::size_t>(asked);
    }

    [[nodiscard]] stored_trial stored(const pending_trial<space_type>& one, const outcome<goals_type>& what) const {
        auto t = detail::stored_trial_of(one, what);
        if (one.number < starts_) t.origin = trial_origin::start_point;
        return t;
    }

    detail::storage_ref storage_;
    search_consumption consumed_before_{.runs = 0};
    si::mass emitted_before_{};
    std::uint64_t metered_runs_ = 0;
    tell_order order_;
    detail::kept_trials<space_type, goals_type> kept_; ///< as the optimizer was told of them first, and as far as it was told, as corrected
    std::size_t starts_ = 0;
    std::size_t next_place_ = 0; ///< in the order told, of the next trial that is completed
    std::size_t give_from_ = 0; ///< place of the first kept trial that the session is to be told behind its next question
    pending_trials<space_type> pending_;
    stored_ask last_{};
    stored_state state_{};
    std::uint64_t state_before_ = 0; ///< the question that it is from
    std::uint64_t asks_ = 0;
    std::size_t resumed_ = 0, wanted_points_ = 1, cut_ = 0;
    bool asks_again_ = false; ///< the last question of the storage is still to be asked
};

} // namespace verdant
