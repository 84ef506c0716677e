#pragma once

#include <verdant/error.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/question.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/search/study_recorder.hpp>
#include <verdant/space/broken_constraint.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/study/detail/storage_ref.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

/// The recorder over a storage. It puts a session where a kept one was: just before its last question, which is then asked again, with those of its trials
/// that are kept already taken from the storage. Questions, not trials, are what the state is kept at, since all trials of a question follow from it and
/// their evaluators.
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
    template <storage S>
    explicit study_keeper(S& kept) : storage_{kept} {}
    study_keeper(const study_keeper&) = delete;
    study_keeper& operator=(const study_keeper&) = delete;

    /// Opens the study or begins it. Throws input_error where the storage holds another study.
    std::size_t open(Session& session, const typename optimizer_type::options& options, std::uint64_t seed, std::size_t batch) {
        auto description = describe_study<space_type, goals_type, optimizer_type>(session.limits(), options, seed, batch);
        for (const auto& p : session.starts().points()) description.start_points.push_back(to_string(p));
        starts_ = session.starts().points().size();
        wanted_points_ = batch;
        auto study = storage_.load();
        if (!study) {
            storage_.create(description);
            return 0;
        }
        require_same_study(study->description, description, source());
        resumed_ = study->trials.size();
        asks_ = study->asks.size();
        metered_runs_ = study->consumption.size();
        for (const auto& one : study->consumption) consumed_before_ += one;
        read_trials(*study);
        read_corrections(*study);
        if (study->asks.empty()) return 0;
        last_ = study->asks.back();
        asks_again_ = true;
        cut_ = cut_batch(study->asks);
        const auto before = static_cast<std::size_t>(last_.first_trial);
        if constexpr (savable_engine<typename Session::engine_type, space_type, goals_type>) {
            if (study->state.optimizer) {
                for (; next_correction_ < corrections_.size() && corrections_[next_correction_].ask < last_.number; ++next_correction_)
                    apply(corrections_[next_correction_]);
                for (std::size_t i = 0; i < before; ++i) session.take(trials_[i].point, trials_[i].values, trials_[i].failure, trials_[i].times);
                restore(session, study->state);
                return static_cast<std::size_t>(study->state.stale);
            }
        }
        for (std::size_t a = 0; a + 1 < study->asks.size(); ++a) replay(session, study->asks[a]);
        if (session.trials().size() != before)
            disagree(before, std::to_string(before) + " trials before the last question", std::to_string(session.trials().size()));
        return static_cast<std::size_t>(study->state.stale);
    }

    [[nodiscard]] std::size_t resumed() const { return resumed_; }
    [[nodiscard]] bool recorded(std::uint64_t number) const { return number < trials_.size() && trials_[static_cast<std::size_t>(number)].there; }

    /// Corrects what was corrected when the session had told its optimizer as much as now. To be called before each trial that is told, and before each
    /// question.
    void amend(Session& session) {
        const auto asked = asks_ - (asks_again_ ? 1 : 0);
        if (asked > 0) amend(session, asked - 1);
    }

    /// How many points to ask for; keeps the question. @param n as many as there would be without a storage
    std::size_t next(const Session& session, std::size_t n, std::size_t total, std::size_t stale) {
        const auto wanted = std::min<std::uint64_t>(total, std::numeric_limits<std::int64_t>::max()); // what databases take for a number
        if (std::exchange(asks_again_, false)) return static_cast<std::size_t>(last_.points);
        // Earlier versions asked for no more points than trials were wanted: what they cut off is completed first.
        if (cut_ > 0) n = std::min(n, wanted_points_ - std::exchange(cut_, 0));
        stored_state state{.repeated = session.repeated(), .stale = stale};
        std::copy_n(session.random().state().begin(), state.random.size(), state.random.begin());
        if constexpr (savable_engine<typename Session::engine_type, space_type, goals_type>) state.optimizer = session.engine().save();
        storage_.begin({.number = asks_++, .first_trial = session.trials().size(), .points = n, .wanted = wanted}, state);
        return n;
    }

    /// Throws input_error where a kept trial is of another point than the session asks for.
    void asked(const question<space_type>& q, const completion_sink<goals_type>& known) {
        for (const auto& one : q.fresh) {
            if (recorded(one.number)) {
                const auto& t = proposed(one.number, one.point);
                known({one.number, {t.values, t.failure, t.times}});
            } else {
                pending_.add(one);
                if (storage_.keeps_pending()) storage_.submit({one.number, texts(one.point)});
            }
        }
    }

    /// Throws input_error where no trial of that number is pending.
    void completed(const completed_job<goals_type>& done) {
        const auto* one = pending_.find(done.number);
        if (one == nullptr) disagree(done.number, "a pending trial", "none");
        storage_.add(stored(*one, done.outcome)); // the trial stays pending where this throws
        pending_.remove(one);
    }

    /// Keeps other values of a trial that the optimizer was told of. Throws input_error where the storage keeps no corrections and the trial is of an earlier
    /// question.
    /// @param session as it was before the correction
    /// @param open    whether the trial is of the last question
    void revised(const Session& session, const typename Session::trial_type& told, const outcome<goals_type>& what, bool open) {
        const pending_trial<space_type> one{told.number, told.point};
        auto now = stored(one, what);
        now.times = told.times;
        if (storage_.revises()) {
            outcome<goals_type> before{.values = told.values, .failure = told.message, .times = told.times};
            storage_.revise(now, {.ask = asks_ - 1, .told = session.trials().size(), .before = stored(one, before)});
        } else if (open && storage_.corrects()) {
            storage_.replace(now);
        } else {
            throw input_error{source(), "correction",
                              open ? "a storage that has replace(trial)" : "a trial of the last question, or a storage that has revise(trial, correction)",
                              open ? "one that has not" : to_string(told.point) + " of an earlier question, on which later ones were built"};
        }
    }

    /// Keeps what this run has consumed so far, where the storage does. @returns that of all runs that are known
    search_consumption consumed(const search_consumption& of_run) {
        if (storage_.meters()) storage_.consumed(metered_runs_, of_run);
        auto all = consumed_before_;
        return all += of_run;
    }

    /// What earlier runs emitted that are known.
    [[nodiscard]] si::mass emitted_before() const noexcept { return consumed_before_.emitted; }

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
    struct kept_trial {
        bool there = false;
        point_type point{};
        metrics_type values{};
        std::string failure{};
        trial_times times{};
    };
    struct correction {
        std::uint64_t ask = 0, told = 0, number = 0;
        kept_trial after{};
    };

    [[nodiscard]] std::string source() const { return storage_.name(); }
    [[noreturn]] void disagree(std::uint64_t trial, std::string_view expected, std::string_view found) const {
        throw input_error{source(), "trial " + std::to_string(trial), expected, found};
    }

    void restore(Session& session, const stored_state& state) const {
        try {
            session.restore(state.random, state.repeated, *state.optimizer);
        } catch (const input_error& e) {
            throw input_error{source(), e.source() + (e.place().empty() ? "" : ", ") + e.place(), e.expected(), e.found()};
        }
    }

    void read_trials(const stored_study& study) {
        // Trials of the last question may be there in any selection, and there are not more of them than points asked for.
        const auto complete = study.asks.empty() ? 0 : study.asks.back().first_trial;
        const auto most = study.asks.empty() ? 0 : complete + study.asks.back().points;
        for (const auto& t : study.trials) {
            const auto place = "trial " + std::to_string(t.number);
            if (t.number >= most) throw input_error{source(), place, "no trial that was not asked for", "one"};
            if (recorded(t.number)) throw input_error{source(), place, "one trial of this number", "two"};
            if (trials_.size() <= t.number) trials_.resize(static_cast<std::size_t>(t.number) + 1);
            trials_[static_cast<std::size_t>(t.number)] = read_trial(t, place);
        }
        for (std::uint64_t i = 0; i < complete; ++i)
            if (!recorded(i)) throw input_error{source(), "trial " + std::to_string(i), "a trial", "none"};
    }

    /// As `find_value`; earlier versions kept a `float` in more digits than it was written with.
    [[nodiscard]] static std::size_t kept_value(const space_view& space, std::size_t p, std::string_view text) {
        const auto found = find_value(space, p, text);
        double was = 0;
        if (found != space.domain_size(p) || space.kind(p) != value_kind::floating || !detail::read_number(text, was)) return found;
        for (std::size_t i = 0; i < found; ++i)
            if (detail::same_kept_number(was, std::bit_cast<double>(space.code_of(p, i)), 0)) return i;
        return found;
    }

    /// Puts the trials back to what the optimizer was told first.
    void read_corrections(const stored_study& study) {
        std::uint64_t asked = 0, told = 0;
        for (const auto& c : study.corrections) {
            const auto number = c.before.number;
            const auto place = "correction " + std::to_string(corrections_.size());
            if (!recorded(number) || number >= c.told || c.ask < asked || c.ask >= study.asks.size() || c.told < told ||
                c.told < study.asks[c.ask].first_trial || c.told > study.asks[c.ask].first_trial + study.asks[c.ask].points)
                throw input_error{source(), place, "one of a trial that was told, behind those before it", "trial " + std::to_string(number)};
            asked = c.ask;
            told = c.told;
            corrections_.push_back({c.ask, c.told, number, read_trial(c.before, place)});
            if (corrections_.back().after.point != trials_[static_cast<std::size_t>(number)].point)
                throw input_error{source(), place, to_string(trials_[static_cast<std::size_t>(number)].point), to_string(corrections_.back().after.point)};
        }
        for (auto c = corrections_.rbegin(); c != corrections_.rend(); ++c) std::swap(c->after, trials_[static_cast<std::size_t>(c->number)]);
    }
    const kept_trial& apply(const correction& c) { return trials_[static_cast<std::size_t>(c.number)] = c.after; }
    void amend(Session& session, std::uint64_t ask) {
        for (; next_correction_ < corrections_.size(); ++next_correction_) {
            const auto& c = corrections_[next_correction_];
            if (c.ask != ask || c.told != session.trials().size()) return;
            const auto& t = apply(c);
            if (t.failure.empty()) session.correct(t.point, t.values);
            else session.correct_failure(t.point, t.failure);
        }
    }

    [[nodiscard]] kept_trial read_trial(const stored_trial& t, const std::string& place) const {
        constexpr auto parameters = parameter_count<space_type>;
        kept_trial read{.there = true, .times = t.times};
        if (t.parameters.size() != parameters)
            throw input_error{source(), place, std::to_string(parameters) + " parameters", std::to_string(t.parameters.size())};
        for (std::size_t p = 0; p < parameters; ++p) {
            // Conditions name earlier parameters, which are there. Older studies hold the first value of what does not exist.
            const bool exists = view_of<space_type>.active(p, read.point);
            if (!exists && t.parameters[p].empty()) continue;
            const auto index = kept_value(view_of<space_type>, p, t.parameters[p]);
            if (index == view_of<space_type>.domain_size(p) || (!exists && index != 0))
                throw input_error{source(), place + ", " + std::string{view_of<space_type>.name(p)},
                                  exists ? "one of " + domain_text(view_of<space_type>, p) : detail::absence_text(view_of<space_type>, p),
                                  '\'' + t.parameters[p] + '\''};
            read.point[p] = static_cast<typename point_type::index_type>(index);
        }
        require_feasible(read.point, source(), place);
        if (!t.completed) {
            read.failure = t.message.empty() ? "failed" : t.message;
            return read;
        }
        std::array<double, metrics_type::size()> values{};
        if (t.metrics.size() != values.size())
            throw input_error{source(), place, std::to_string(values.size()) + " metrics", std::to_string(t.metrics.size())};
        std::copy(t.metrics.begin(), t.metrics.end(), values.begin());
        read.values = metrics_type::from_si_values(values);
        if (const auto nan = detail::nan_metric(read.values); !nan.empty())
            throw input_error{source(), place + ", " + std::string{nan}, "a number", "none"};
        return read;
    }

    /// The kept trial of this number. Throws input_error where it is not of the point that the optimizer proposes.
    [[nodiscard]] const kept_trial& proposed(std::uint64_t number, const point_type& p) const {
        if (!recorded(number)) throw input_error{source(), "trial " + std::to_string(number), to_string(p), "no trial"};
        const auto& t = trials_[static_cast<std::size_t>(number)];
        if (t.point != p)
            throw input_error{source(), "trial " + std::to_string(number),
                              to_string(p) + ", which the optimizer proposes (have its options or its version changed?)", to_string(t.point)};
        return t;
    }

    void replay(Session& session, const stored_ask& ask) {
        const auto q = session.pose(static_cast<std::size_t>(ask.points));
        for (std::size_t next = 0; const auto& p : q.asked) {
            if (next == q.fresh.size() || p != q.fresh[next].point) {
                session.tell_known(p);
                continue;
            }
            amend(session, ask.number);
            const auto& t = proposed(session.trials().size(), p);
            session.tell({q.fresh[next++].number, {t.values, t.failure, t.times}});
        }
        amend(session, ask.number);
    }

    /// How many points of a batch the last questions have asked for; 0 for whole ones.
    [[nodiscard]] std::size_t cut_batch(const std::vector<stored_ask>& asks) const {
        std::uint64_t asked = 0;
        for (const auto& a : asks) asked = (asked + a.points) % wanted_points_;
        return static_cast<std::size_t>(asked);
    }

    [[nodiscard]] stored_trial stored(const pending_trial<space_type>& one, const outcome<goals_type>& what) const {
        stored_trial t{.number = one.number, .parameters = texts(one.point), .completed = what.failure.empty(), .message = what.failure, .times = what.times};
        if (one.number < starts_) t.origin = trial_origin::start_point;
        if (t.completed) {
            const auto numbers = what.values.si_values();
            t.metrics.assign(numbers.begin(), numbers.end());
        }
        return t;
    }

    [[nodiscard]] static std::vector<std::string> texts(const point_type& p) {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < p.size(); ++i)
            all.push_back(view_of<space_type>.active(i, p) ? value_text(view_of<space_type>, i, p[i]) : std::string{});
        return all;
    }

    detail::storage_ref storage_;
    search_consumption consumed_before_{.runs = 0};
    std::uint64_t metered_runs_ = 0;
    std::vector<kept_trial> trials_; ///< as the optimizer was told of them first, and as far as it was told, as corrected
    std::vector<correction> corrections_;
    std::size_t next_correction_ = 0, starts_ = 0;
    pending_trials<space_type> pending_;
    stored_ask last_{};
    std::uint64_t asks_ = 0;
    std::size_t resumed_ = 0, wanted_points_ = 1, cut_ = 0;
    bool asks_again_ = false; ///< the last question of the storage is still to be asked
};

} // namespace verdant
