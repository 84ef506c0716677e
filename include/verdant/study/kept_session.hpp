#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/question.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/start_points.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/space/text.hpp>
#include <verdant/study/study_keeper.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// Stands for a storage, in programs with a mistake.
struct no_storage {
    [[nodiscard]] std::optional<stored_study> load() { return {}; }
    void create(const study_description&) {}
    void begin(const stored_ask&, const stored_state&) {}
    void add(const stored_trial&) {}
    [[nodiscard]] std::string name() const { return {}; }
};
template <class Search>
[[nodiscard]] no_storage& storage_of_nothing() {
    constexpr bool arguments_fit = std::is_void_v<Search>;
    static_assert(arguments_fit,
                  "verdant: a kept_session takes no such arguments: the storage is a pointer, a path or no storage, or an option is misspelt, out "
                  "of order or of another type; write kept_session<study> session{storage, {.seed = 1, .batch = 4}}, where storage is declared "
                  "before: sqlite_storage storage{\"study.db\"};");
    static no_storage none;
    return none;
}

} // namespace detail

/// A session whose study is kept: for loops that one owns where measuring is slow or done by hand, over many runs of a program. It asks the questions
/// that `search::run` asks with the same options, so that either goes on with a study of the other.
///
///     vd::sqlite_storage file{"study.db"};
///     vd::kept_session<study> session{file, {.seed = 3, .batch = 4}};
///     for (const auto& one : session.ask()) std::cout << one.number << ": " << one.point << '\n'; // the same again until they are told
///     session.tell(point, measured); // kept when it returns
///
/// Trials may be told in any order. The optimizer, `trials()` and `result()` see them in the order asked: a trial waits for those before it in its
/// question. With `.order = tell_order::as_completed` they see them as they are told, and new points are asked for while others are pending.
/// @tparam Search the type of the study
template <class Search>
class kept_session {
public:
    using session_type = typename Search::session_type;
    using space_type = typename session_type::space_type;
    using goals_type = typename session_type::goals_type;
    using metrics_type = typename session_type::metrics_type;
    using trial_type = typename session_type::trial_type;
    using result_type = typename session_type::result_type;
    using options = typename Search::options;
    using limits_type = typename Search::limits_type;

    /// Goes on with the study of a storage, or begins it. A study whose limits were changed wants them here, too: `{file, options,
    /// changed.limits()}`. Throws input_error where the storage holds another one, and what the storage throws.
    /// @param kept not owned
    template <storage S>
    explicit kept_session(S& kept, const options& o = {}, const limits_type& limits = goals_type::limits()) : kept_session{kept, o, {}, limits} {}
    /// The same, with points to measure before the optimizer is asked.
    template <storage S>
    kept_session(S& kept, const options& o, start_points<space_type> starts, const limits_type& limits = goals_type::limits())
        : options_{o}, session_{Search::ask_tell(o, limits)}, keeper_{kept, o.order} {
        session_.start_with(std::move(starts));
        require_count("session", "batch", o.batch, 0);
        if (at_once()) batch_ = std::max<std::size_t>(1, o.batch);
        else batch_ = o.batch != 0 ? o.batch : std::max<std::size_t>(1, session_.engine().preferred_batch());
        stale_ = keeper_.open(session_, o.optimizer, o.seed, at_once() ? 1 : batch_);
        if (!keeper_.question_is_open()) return;
        if (at_once()) pose_while_pending(1);
        else pose();
    }
    /// Refused: where the storage or the options are wrong this fits, or the next one, and nothing else does.
    template <class Wrong = Search>
    explicit kept_session(const detail::any_argument&, const detail::misspelt_options&, ...) : kept_session{detail::storage_of_nothing<Wrong>()} {}
    /// The same.
    template <class Wrong = Search>
    explicit kept_session(const detail::any_argument&, ...) : kept_session{detail::storage_of_nothing<Wrong>()} {}
    kept_session(const kept_session&) = delete;
    kept_session& operator=(const kept_session&) = delete;

    /// The points to measure, with the numbers of their trials: those of the last question that are not told; where all are told, those of a new one.
    /// None where the search is exhausted: the optimizer has no more points, or proposed only known ones for longer than `options.patience`. Where
    /// trials are told as they are completed: all that are pending, which are `options.batch` or more, as far as there are so many points.
    [[nodiscard]] std::vector<pending_trial<space_type>> ask() {
        if (at_once()) {
            const auto open = session_.pending().size();
            if (open < batch_) static_cast<void>(ask(batch_ - open));
            return pending();
        }
        auto open = pending();
        while (open.empty() && !exhausted()) {
            pose();
            open = pending();
        }
        return open;
    }

    /// So many points more, whatever is pending; fewer where the optimizer has none to give before it is told of a pending one. Only where trials are
    /// told as they are completed: throws search_error in a session that is told generation by generation.
    /// What was asked for is kept with the next trial that is told: a program that ends before asks again, which gives the same points where it asks
    /// for as many.
    [[nodiscard]] std::vector<pending_trial<space_type>> ask(std::size_t more) {
        if (!at_once())
            throw search_error{"a session that is told generation by generation has no more points before all are told; write .order = "
                               "tell_order::as_completed to ask while some are pending"};
        std::vector<pending_trial<space_type>> given;
        for (sated_ = sated_ || exhausted(); given.size() < more && !sated_;) {
            const auto found = pose_while_pending(more - given.size());
            given.insert(given.end(), found.begin(), found.end());
        }
        return given;
    }

    /// Points that were asked for and not told.
    [[nodiscard]] std::vector<pending_trial<space_type>> pending() const {
        if (at_once()) return {session_.pending().begin(), session_.pending().end()};
        std::vector<pending_trial<space_type>> open;
        for (std::size_t i = 0; i < found_.size(); ++i)
            if (!found_[i]) open.push_back(question_.fresh[i]);
        return open;
    }

    /// Whether `ask` has no more points.
    [[nodiscard]] bool exhausted() const { return (dry_ || stale_ > options_.patience) && (!at_once() || session_.pending().empty()); }

    /// Keeps what a pending point is worth; a metric that is NaN makes its trial a failed one. A point that was told the same before keeps its trial.
    /// Throws input_error for a point that was told otherwise (see `correct`) or that was not asked for, since `run` would not ask for it either, and
    /// what the storage throws: then nothing has happened.
    void tell(const point<space_type>& p, const metrics_type& values) { place(p, outcome_of(values)); }
    /// Keeps that a pending point could not be measured, and why.
    void tell_failure(const point<space_type>& p, std::string_view why) { place(p, failure_of(why)); }

    /// Replaces what a told point is worth, whichever question it is of. Later questions that were asked before stay as they are; the optimizer
    /// learns of the new values at once, and a later run tells it of both in the same order. The storage is one that keeps corrections
    /// (`revising_storage`); one that only replaces trials (`correcting_storage`) takes those of the last question. Throws input_error for other
    /// points, and what the storage throws: then nothing has happened.
    void correct(const point<space_type>& p, const metrics_type& values) { replace(p, outcome_of(values)); }
    /// The same for a point that turned out not to be measurable, and why.
    void correct_failure(const point<space_type>& p, std::string_view why) { replace(p, failure_of(why)); }

    /// Trials in order, of a question that is not all told those before its first gap.
    [[nodiscard]] const std::vector<trial_type>& trials() const noexcept { return session_.trials(); }
    /// What these have found.
    [[nodiscard]] result_type result() const {
        return session_.result(dry_ ? stop_reason::exhausted : exhausted() ? stop_reason::patience : stop_reason::trials);
    }
    /// The session behind this one.
    [[nodiscard]] const session_type& session() const noexcept { return session_; }

private:
    using outcome_type = outcome<goals_type>;

    /// What is told by hand has an end and no beginning.
    [[nodiscard]] static outcome_type told_now() {
        outcome_type o;
        o.times.ended = detail::to_microsecond(detail::wall_seconds());
        return o;
    }
    [[nodiscard]] static outcome_type outcome_of(const metrics_type& values) {
        auto o = told_now();
        if (const auto nan = detail::nan_metric(values); !nan.empty()) o.fail(std::string{nan} + " is NaN");
        else o.values = values;
        return o;
    }
    [[nodiscard]] static outcome_type failure_of(std::string_view why) {
        auto o = told_now();
        o.fail(why.empty() ? "failed" : std::string{why});
        return o;
    }

    /// Whether trials are told as they are completed.
    [[nodiscard]] bool at_once() const noexcept { return options_.order == tell_order::as_completed; }

    /// Asks while trials are pending; the new ones. Nothing more is to be asked for where `sated_` is set.
    std::vector<pending_trial<space_type>> pose_while_pending(std::size_t n) {
        keeper_.amend(session_);
        asked_ = session_.trials().size();
        const auto q = session_.pose(keeper_.next(session_, n, options_.trials, stale_));
        std::vector<completed_job<goals_type>> since;
        const auto known = [&](completed_job<goals_type> done) { since.push_back(std::move(done)); };
        keeper_.asked(q, completion_sink<goals_type>{known});
        bool waits = false;
        for (std::size_t next = 0; const auto& p : q.asked) {
            if (next < q.fresh.size() && p == q.fresh[next].point) ++next;
            else if (session_.tell_known(p) == nullptr) waits = true;
        }
        stale_ = q.fresh.empty() ? stale_ + 1 : 0;
        dry_ = q.asked.empty();
        sated_ = dry_ || stale_ > options_.patience || (waits && q.fresh.empty());
        for (const auto& done : since) tell_at_once(done);
        return q.fresh;
    }
    void tell_at_once(const completed_job<goals_type>& done) {
        keeper_.amend(session_);
        session_.tell(done);
        keeper_.amend(session_);
        stale_ = 0;
        dry_ = sated_ = false;
    }

    void pose() {
        auto q = session_.pose(keeper_.next(session_, batch_, options_.trials, stale_));
        stale_ = q.fresh.empty() ? stale_ + 1 : 0;
        dry_ = q.asked.empty();
        question_ = std::move(q);
        found_.assign(question_.fresh.size(), std::nullopt);
        asked_ = told_ = 0;
        const auto known = [&](completed_job<goals_type> done) {
            found_[static_cast<std::size_t>(done.number - question_.fresh.front().number)] = std::move(done.outcome);
        };
        keeper_.asked(question_, completion_sink<goals_type>{known});
        if (!exhausted()) tell_in_order();
    }

    /// The position of a point among the fresh ones of the last question; their number where it is none of them.
    [[nodiscard]] std::size_t find(const point<space_type>& p) const {
        std::size_t i = 0;
        while (i < question_.fresh.size() && question_.fresh[i].point != p) ++i;
        return i;
    }

    void place(const point<space_type>& p, outcome_type what) {
        const auto at = find(p);
        const auto* told = session_.find(p);
        for (const auto& one : session_.pending())
            if (at_once() && one.point == p) {
                const completed_job<goals_type> done{one.number, std::move(what)};
                keeper_.completed(done);
                return tell_at_once(done);
            }
        if (told == nullptr && at == found_.size()) throw input_error{"session", to_string(p), "a point that was asked for", "another one"};
        if (told != nullptr || found_[at]) {
            const bool failed = told != nullptr ? !told->completed() : !found_[at]->failure.empty();
            const bool the_same = failed != what.failure.empty() && (failed ? (told != nullptr ? told->message : found_[at]->failure) == what.failure
                                                                            : (told != nullptr ? told->values : found_[at]->values) == what.values);
            if (!the_same)
                throw input_error{"session", to_string(p), "a point that was not told, or the same again", "one that was told otherwise: correct it"};
            return;
        }
        keeper_.completed({question_.fresh[at].number, what});
        found_[at] = std::move(what);
        tell_in_order();
    }

    void replace(const point<space_type>& p, outcome_type what) {
        const auto at = find(p);
        if (const auto* told = session_.find(p); told != nullptr) {
            const auto position = static_cast<std::size_t>(told - session_.trials().data());
            keeper_.revised(session_, *told, what, at_once() ? position >= asked_ : at < found_.size());
            if (what.failure.empty()) session_.correct(p, what.values);
            else session_.correct_failure(p, what.failure);
        } else {
            if (at == found_.size() || !found_[at]) throw input_error{"session", to_string(p), "a point that was told", "one that was not told"};
            what.times = found_[at]->times;
            keeper_.corrected(question_.fresh[at], what);
            found_[at] = std::move(what);
        }
    }

    void tell_in_order() {
        for (; asked_ < question_.asked.size(); ++asked_) {
            const auto& p = question_.asked[asked_];
            if (told_ == question_.fresh.size() || p != question_.fresh[told_].point) {
                session_.tell_known(p);
                continue;
            }
            keeper_.amend(session_);
            if (!found_[told_]) return;
            session_.tell({question_.fresh[told_].number, *found_[told_]});
            ++told_;
        }
        keeper_.amend(session_);
    }

    options options_;
    session_type session_;
    study_keeper<session_type> keeper_;
    std::size_t batch_ = 1, stale_ = 0;
    question<space_type> question_{};
    std::vector<std::optional<outcome_type>> found_{}; ///< of the fresh points of the last question
    std::size_t asked_ = 0, told_ = 0; ///< how many asked and fresh points of it the session was told; of trials told at once: before it
    bool dry_ = false, sated_ = false;
};

namespace detail {

/// Stands for a trial of a session that was refused.
struct kept_nothing {
    any_value point{};
    std::size_t number = 0;

    template <class>
    [[nodiscard]] double get() const {
        return 0;
    }
};

} // namespace detail

/// Refused, with a sentence that says what to write.
template <class Search>
    requires(!detail::is_whole_study<Search>)
class kept_session<Search> {
    static_assert(detail::study_argument<Search, detail::is_whole_study<Search>>::value);

public:
    template <class... Arguments>
    explicit kept_session(Arguments&&...) {}
    explicit kept_session(const detail::any_argument&, const detail::misspelt_options&) {}

    [[nodiscard]] std::vector<detail::kept_nothing> ask() { return {}; }
    [[nodiscard]] std::vector<detail::kept_nothing> trials() const { return {}; }
    [[nodiscard]] std::vector<detail::kept_nothing> pending() const { return {}; }
    [[nodiscard]] std::vector<detail::kept_nothing> result() const { return {}; }
    template <class Point, class... Values>
    void tell(const Point&, const Values&...) {}
    void tell_failure(const detail::any_argument&, std::string_view = {}) {}
    template <class Point, class... Values>
    void correct(const Point&, const Values&...) {}
    void correct_failure(const detail::any_argument&, std::string_view = {}) {}
};
template <class... Arguments>
kept_session(const Arguments&...) -> kept_session<detail::no_study>;
template <class Storage>
kept_session(const Storage&, const detail::misspelt_options&) -> kept_session<detail::no_study>;

} // namespace verdant
