#pragma once

#include <verdant/error.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/detail/kept_texts.hpp>
#include <verdant/study/detail/kept_trials.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace verdant::detail {

/// Corrects what was corrected when the session had told its optimizer as much as now, behind a question.
template <class Session, class Kept>
void amend_session(Session& session, Kept& kept, std::uint64_t ask) {
    for (const auto* c = kept.next_correction(); c != nullptr && c->ask == ask && c->told == session.trials().size(); c = kept.next_correction()) {
        const auto& t = kept.apply_next();
        if (t.failure.empty()) session.correct(t.point, t.values);
        else session.correct_failure(t.point, t.failure);
    }
}

/// Brings a new session to where a kept one was before its last question: by what its optimizer saved, or by asking and telling everything again.
template <class Session>
class session_return {
    using space_type = typename Session::space_type;
    using goals_type = typename Session::goals_type;

public:
    /// @param record with questions; the arguments live as long as this
    /// @param trials its trials
    session_return(const stored_study& record, kept_trials<space_type, goals_type>& trials, tell_order order, std::string source)
        : study_{record}, kept_{trials}, last_{record.asks.back()}, order_{order}, source_{std::move(source)} {}

    /// How many questions on end had held nothing but known points. Throws input_error where the record does not fit the optimizer.
    [[nodiscard]] std::size_t operator()(Session& session) {
        go_back(session);
        return order_ == tell_order::generations ? static_cast<std::size_t>(study_.state.stale) : stale_;
    }

private:
    void go_back(Session& session) {
        const auto before = static_cast<std::size_t>(last_.first_trial);
        std::size_t first = 0; // of the questions that are asked again
        if constexpr (savable_engine<typename Session::engine_type, space_type, goals_type>) {
            if (study_.state.optimizer) first = restore(session);
        }
        for (; first + 1 < study_.asks.size(); ++first) replay(session, study_.asks[first]);
        if (order_ == tell_order::as_completed) tell_before(session, last_);
        if (session.trials().size() != before)
            kept_.disagree(before, std::to_string(before) + " trials before the last question", std::to_string(session.trials().size()));
    }

    /// Brings a session to where it was saved; the place of the question that it asked then.
    [[nodiscard]] std::size_t restore(Session& session) {
        auto state = study_.state;
        const auto from = order_ == tell_order::generations ? study_.asks.size() - 1 : split_off_question(*state.optimizer, last_.number, source_);
        const auto& ask = study_.asks[from];
        while (kept_.next_correction() != nullptr && kept_.next_correction()->ask < ask.number) kept_.apply_next();
        for (std::size_t i = 0; i < ask.first_trial; ++i) {
            const auto number = kept_.told()[i];
            const auto& t = kept_[number];
            session.take(number, t.point, t.values, t.failure, t.times);
        }
        if (order_ == tell_order::as_completed) take_pending(session, ask);
        restore(session, state);
        stale_ = static_cast<std::size_t>(state.stale);
        return from;
    }
    void restore(Session& session, const stored_state& state) const {
        try {
            session.restore(state.random, state.repeated, *state.optimizer);
        } catch (const input_error& e) {
            throw input_error{source_, e.source() + (e.place().empty() ? "" : ", ") + e.place(), e.expected(), e.found()};
        }
    }

    /// What was pending before a question: some of it was completed since.
    void take_pending(Session& session, const stored_ask& ask) const {
        std::vector<unsigned char> told(static_cast<std::size_t>(ask.first_number));
        for (std::size_t i = 0; i < ask.first_trial; ++i)
            if (kept_.told()[i] < told.size()) told[static_cast<std::size_t>(kept_.told()[i])] = 1;
        for (std::uint64_t n = 0; n < ask.first_number; ++n) {
            if (told[static_cast<std::size_t>(n)] != 0) continue;
            const auto* open = kept_.pending(n);
            if (open == nullptr && !kept_.recorded(n)) kept_.disagree(n, "a trial, or a pending point", "neither");
            session.take({n, open != nullptr ? open->point : kept_[n].point});
        }
    }

    /// Tells what was told before a question. Only where trials are told as they are completed.
    void tell_before(Session& session, const stored_ask& ask) {
        while (session.trials().size() < ask.first_trial) {
            amend_session(session, kept_, ask.number - 1);
            const auto number = kept_.told()[session.trials().size()];
            const auto& t = kept_[number];
            session.tell({number, {t.values, t.failure, t.times}});
            stale_ = 0;
        }
        if (ask.number > 0) amend_session(session, kept_, ask.number - 1);
    }

    void replay(Session& session, const stored_ask& ask) {
        const bool at_once = order_ == tell_order::generations;
        if (!at_once) tell_before(session, ask);
        const auto q = session.pose(static_cast<std::size_t>(ask.points));
        stale_ = q.fresh.empty() ? stale_ + 1 : 0;
        for (std::size_t next = 0; const auto& p : q.asked) {
            if (next == q.fresh.size() || p != q.fresh[next].point) {
                session.tell_known(p);
                continue;
            }
            const auto number = q.fresh[next++].number;
            if (const auto* open = kept_.pending(number)) {
                kept_.require_proposed(number, p, open->point);
                continue;
            }
            if (at_once) amend_session(session, kept_, ask.number);
            const auto& t = kept_.proposed(number, p);
            if (at_once) session.tell({number, {t.values, t.failure, t.times}});
        }
        if (at_once) amend_session(session, kept_, ask.number);
    }

    const stored_study& study_;
    kept_trials<space_type, goals_type>& kept_;
    const stored_ask& last_;
    tell_order order_;
    std::string source_;
    std::size_t stale_ = 0; ///< questions on end without a new point
};

} // namespace verdant::detail
