#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/type_name.hpp>
#include <verdant/numeric/hash_table.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/engine_checks.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/question.hpp>
#include <verdant/search/refusals.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/start_points.hpp>
#include <verdant/space/broken_constraint.hpp>
#include <verdant/space/point_text.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// A search that is asked and told step by step.
namespace verdant {

/// The state of a running search, for users who own the loop: `ask` for points, measure them however and wherever, `tell` what they were
/// worth, in the order asked. `search::run` is such a loop.
///
///     while (session.trials().size() < 600 && !session.exhausted())
///         for (const auto& p : session.ask(20))
///             if (session.tell_known(p) == nullptr) session.tell(p, measure(p));
///
/// Points that were asked for and not told are pending. Where trials are jobs, `pose` gives their numbers, and `tell` takes what comes back by
/// number, in any order. Trials told by point are numbered in the order told: do not tell pending ones so while their jobs are under way. In a
/// session that is told as trials are completed (`tell_order::as_completed`) a trial keeps the number that it was asked for with, and the optimizer
/// knows of the pending ones when it is asked.
///
/// @tparam Optimizer a policy such as `nsga2<>`
template <class Space, class Goals, optimizer_policy Optimizer>
class search_session {
public:
    using space_type = Space;
    using goals_type = Goals;
    using optimizer_type = Optimizer;
    using trial_type = trial<Space, Goals>;
    using metrics_type = typename Goals::metrics_type;
    using result_type = search_result<Space, Goals>;
    using engine_type = typename Optimizer::template engine<Space, Goals>;
    static_assert(detail::engine_members<typename detail::checked_engine<engine_type>::type, Space, Goals>::value);

    /// Throws input_error for options that say nothing, and for limits of a constraint that no value meets.
    /// @param patience how many questions on end may hold nothing new; see `search_options`
    search_session(std::uint64_t seed, const typename Optimizer::options& options, const typename Goals::limits_type& limits = Goals::limits(),
                   std::size_t patience = search_options<typename Optimizer::options>{}.patience, tell_order order = tell_order::generations)
        : engine_{make_engine(options, limits)}, random_{seed}, limits_{limits}, seed_{seed}, patience_{patience}, order_{order} {
        require_limits();
        require_count_or_all("session", "patience", patience, 0);
    }

    /// Points to ask for before the optimizer is asked; see `start_points`. Throws search_error where something was asked or told before.
    void start_with(start_points<Space> points) {
        if (!trials_.empty() || !pending_.empty() || given_ > 0 || dry_)
            throw search_error{"start points come too late: the session was asked or told before"};
        starts_ = std::move(points);
    }
    [[nodiscard]] const start_points<Space>& starts() const noexcept { return starts_; }

    /// At most n points to measure, start points first and by themselves; none where the optimizer has no more. Some may be known already: see
    /// `tell_known`. Throws input_error where an optimizer proposes a point that is not feasible.
    [[nodiscard]] std::vector<point<Space>> ask(std::size_t n) { return pose(n).asked; }

    /// The same, with the points that are new and the numbers of their trials. Throws search_error where the session was out of patience before: a
    /// loop that does not look at `exhausted` ends so.
    [[nodiscard]] question<Space> pose(std::size_t n) {
        if (n == 0) return {};
        if (stale_ > patience_) detail::refuse_impatience(stale_);
        question<Space> q{.asked = given_ < starts_.points().size() ? next_starts(n) : ask_engine(n)};
        for (const auto& p : q.asked) {
            if (places_.find(p) != nullptr) continue;
            require_feasible(p, "optimizer", "proposed point");
            places_.add(p, not_told);
            q.fresh.push_back({trials_.size() + pending_.size(), p});
            pending_.add(q.fresh.back());
        }
        stale_ = q.fresh.empty() ? stale_ + 1 : 0;
        dry_ = q.asked.empty();
        return q;
    }

    /// Whether the loop should end: the optimizer had no points when it was asked last, or more questions on end than there is patience for held
    /// nothing but known or pending points, without a new trial between.
    [[nodiscard]] bool exhausted() const noexcept { return dry_ || stale_ > patience_; }

    /// Points that were asked for and not told, in order, and the numbers of their trials.
    [[nodiscard]] std::span<const pending_trial<Space>> pending() const noexcept { return pending_.all(); }

    /// Records what came of a pending trial. Throws input_error where there is none of that number. The reference holds until the next tell.
    const trial_type& tell(const completed_job<Goals>& done) {
        const auto* one = pending_.find(done.number);
        if (one == nullptr) detail::refuse_trial_not_pending(done.number);
        const auto p = one->point;
        pending_.remove(one);
        const auto& values = done.outcome.values;
        const auto& failure = done.outcome.failure;
        const auto& times = done.outcome.times;
        const auto nan = failure.empty() ? detail::nan_metric(values) : std::string_view{};
        if (!nan.empty()) return record(unmeasured(done.number, p, std::string{nan} + " is NaN"), times);
        return record(failure.empty() ? measured(done.number, p, values) : unmeasured(done.number, p, failure), times);
    }

    /// Records what a point is worth, one that was asked for or any other. A metric that is NaN, also one that is only tracked, makes the trial a
    /// failed one. A point that was told the same before keeps its trial, and the optimizer is told once more. The reference holds until the next
    /// tell. Throws input_error for a point that was told otherwise (see `correct`), and one that names the constraint where the point is not
    /// feasible.
    const trial_type& tell(const point<Space>& p, const metrics_type& values) {
        if (const auto nan = detail::nan_metric(values); !nan.empty()) return tell_failure(p, std::string{nan} + " is NaN");
        if (const auto* before = find(p)) return told_again(p, before->completed() && before->values == values);
        require_feasible(p, "session", "told point");
        return record(measured(next_number(p), p, values), told_now());
    }

    /// Records that a point could not be measured, and why. Throws input_error as `tell` does.
    const trial_type& tell_failure(const point<Space>& p, std::string_view why) {
        if (const auto* before = find(p)) return told_again(p, !before->completed() && before->message == (why.empty() ? "failed" : why));
        require_feasible(p, "session", "told point");
        return record(unmeasured(next_number(p), p, why), told_now());
    }

    /// Replaces what a told point is worth: a mistyped number, a measurement that was repeated. The trial keeps its number, and the optimizer learns
    /// of it wherever it still looks at that trial. Throws input_error where the point was not told. The reference holds until the next tell.
    const trial_type& correct(const point<Space>& p, const metrics_type& values) {
        if (const auto nan = detail::nan_metric(values); !nan.empty()) return correct_failure(p, std::string{nan} + " is NaN");
        return replace(measured(told_number(p), p, values));
    }
    /// The same for a point that turned out not to be measurable, and why.
    const trial_type& correct_failure(const point<Space>& p, std::string_view why) { return replace(unmeasured(told_number(p), p, why)); }

    /// Where a point was told before: tells the optimizer once more, and gives the trial. Else null, and nothing happens.
    const trial_type* tell_known(const point<Space>& p) {
        const auto* before = find(p);
        if (before == nullptr) return nullptr;
        ++repeated_;
        engine_.tell(std::span{before, 1});
        return before;
    }

    /// Refused, with a sentence that says what to write: what is not a point, or stands in another order.
    template <class Wrong = Space>
    const trial_type& tell(const detail::any_list&, const detail::any_argument&, const detail::any_argument& = {}) {
        constexpr bool is_told = std::is_void_v<Wrong>;
        static_assert(is_told, "verdant: a session is told a point and its values in the order of the goals; write session.tell(point, {0.9, 3.0 * "
                               "milliseconds{}}), the values in braces");
        return trials_.front();
    }
    template <class Wrong = Space>
    const trial_type& tell_failure(const detail::any_argument&, const detail::any_argument& = {}) {
        constexpr bool is_told = std::is_void_v<Wrong>;
        static_assert(is_told,
                      "verdant: a session is told a point and why it could not be measured; write session.tell_failure(point, \"out of memory\")");
        return trials_.front();
    }
    template <class Wrong = Space>
    const trial_type* tell_known(const detail::any_argument&) {
        constexpr bool is_point = std::is_void_v<Wrong>;
        static_assert(is_point,
                      "verdant: tell_known takes a point of the space of the session; write session.tell_known(parse_point<my_space>(\"depth=4\"))");
        return nullptr;
    }

    /// The trial of a point that was told before, or null.
    [[nodiscard]] const trial_type* find(const point<Space>& p) const {
        const auto* place = places_.find(p);
        return place == nullptr || *place == not_told ? nullptr : &trials_[*place];
    }

    [[nodiscard]] const std::vector<trial_type>& trials() const noexcept { return trials_; }
    [[nodiscard]] const typename Goals::limits_type& limits() const noexcept { return limits_; }
    /// How often a point was told that was known already.
    [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
    [[nodiscard]] const engine_type& engine() const noexcept { return engine_; }

    /// The stream that the optimizer draws from.
    [[nodiscard]] const random_stream& random() const noexcept { return random_; }

    /// Takes over a trial of an earlier session without a word to the optimizer: what the trials of a kept study are given back with, in the order
    /// told, before `restore`. @param failure empty where the point was measured
    /// @throws input_error where the point is not feasible
    void take(const point<Space>& p, const metrics_type& values, std::string_view failure, const trial_times& times = {}) {
        take(trials_.size(), p, values, failure, times);
    }
    /// The same for a trial of another number than its place in the order told.
    void take(std::uint64_t number, const point<Space>& p, const metrics_type& values, std::string_view failure, const trial_times& times = {}) {
        require_feasible(p, "session", "trial " + std::to_string(number));
        keep(failure.empty() ? measured(number, p, values) : unmeasured(number, p, failure), times);
    }
    /// Takes over a trial that an earlier session had asked for and that is pending, in the order of their numbers, before `restore`.
    /// @throws input_error where the point is not feasible
    void take(const pending_trial<Space>& one) {
        require_feasible(one.point, "session", "trial " + std::to_string(one.number));
        places_.add(one.point, not_told);
        pending_.add(one);
    }
    /// Goes on as the session did that these words came from: its stream, how often it was told known points, and what its engine saved.
    void restore(std::span<const std::uint64_t, 4> random, std::uint64_t repeated, std::string_view saved)
        requires savable_engine<engine_type, Space, Goals>
    {
        engine_.restore(saved, std::span<const trial_type>{trials_});
        random_.restore(random);
        repeated_ = repeated;
        given_ = std::min(starts_.points().size(), trials_.size() + pending_.size()); // they are the first trials
    }

    /// What has been found so far.
    /// @param trials_asked how many were asked for, 0 where nobody did
    [[nodiscard]] result_type result(stop_reason why, std::size_t trials_asked = 0) const {
        return {trials_, limits_, why, repeated_, optimizer_name(), seed_, trials_asked};
    }
    /// The same; where the session is exhausted, the result says why.
    [[nodiscard]] result_type result() const {
        return result(dry_ ? stop_reason::exhausted : stale_ > patience_ ? stop_reason::patience : stop_reason::trials);
    }

private:
    [[nodiscard]] static std::string_view optimizer_name() {
        if constexpr (requires { std::string_view{Optimizer::name()}; }) return Optimizer::name();
        else return type_name<Optimizer>();
    }

    void require_limits() const {
        std::size_t c = 0;
        for (; c < Goals::constraint_count; ++c)
            if (!(limits_.low[c] <= limits_.high[c])) break;
        if (c == Goals::constraint_count) return;
        Goals::for_each([&, at = std::size_t{0}]<class G>() mutable {
            if constexpr (constraint<G>) {
                using unit = typename G::metric_type::unit;
                if (at++ == c) detail::refuse_limits(G::metric_type::name(), limits_.low[c], limits_.high[c], unit::factor, unit::symbol());
            }
        });
    }

    const trial_type& told_again(const point<Space>& p, bool the_same) {
        if (!the_same) detail::refuse_told_otherwise(to_string(p));
        return *tell_known(p);
    }

    /// An engine that models constraints wants their limits, which a study may have changed.
    [[nodiscard]] static engine_type make_engine(const typename Optimizer::options& options, const typename Goals::limits_type& limits) {
        if constexpr (std::constructible_from<engine_type, const typename Optimizer::options&, const typename Goals::limits_type&>)
            return engine_type{options, limits};
        else return engine_type{options};
    }

    [[nodiscard]] std::vector<point<Space>> next_starts(std::size_t n) {
        const auto& all = starts_.points();
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(given_);
        n = std::min(n, all.size() - given_);
        given_ += n;
        return {first, first + static_cast<std::ptrdiff_t>(n)};
    }

    /// Throws input_error for more points than memory has addresses.
    [[nodiscard]] std::vector<point<Space>> ask_engine(std::size_t n) {
        try {
            if constexpr (pending_optimizer<engine_type, Space, Goals>)
                if (order_ == tell_order::as_completed) return engine_.ask(random_, n, pending_.all());
            return engine_.ask(random_, n);
        } catch (const std::length_error&) { detail::refuse_points_asked(n); }
    }

    /// The number of a trial that is told by its point: the least one that no trial has, so that numbers follow the order told; where trials are told
    /// as they are completed, that of the pending one, or a new one.
    [[nodiscard]] std::uint64_t next_number(const point<Space>& p) {
        if (pending_.empty()) return trials_.size();
        if (order_ == tell_order::as_completed) return places_.find(p) != nullptr ? pending_.take(p) : trials_.size() + pending_.size();
        return places_.find(p) != nullptr ? pending_.take_first(p) : pending_.give_first(trials_.size() + pending_.size());
    }

    [[nodiscard]] static trial_type numbered(std::uint64_t number, const point<Space>& p) {
        trial_type t;
        t.number = number;
        t.point = p;
        return t;
    }

    [[nodiscard]] trial_type measured(std::uint64_t number, const point<Space>& p, const metrics_type& values) const {
        auto t = numbered(number, p);
        t.values = values;
        t.objectives = Goals::objectives(values);
        t.violation = Goals::violation(values, limits_);
        // An infinite objective says that the point cannot be built; it must not reach differences and sums of objectives.
        for (const auto o : t.objectives)
            if (!std::isfinite(o)) t.violation = std::numeric_limits<double>::infinity();
        return t;
    }
    [[nodiscard]] static trial_type unmeasured(std::uint64_t number, const point<Space>& p, std::string_view why) {
        auto t = numbered(number, p);
        t.status = trial_status::failed;
        t.message = why.empty() ? "failed" : why;
        return t;
    }

    [[nodiscard]] std::uint64_t told_number(const point<Space>& p) const {
        const auto* before = find(p);
        if (before == nullptr) detail::refuse_not_told(to_string(p));
        return before->number;
    }
    const trial_type& replace(trial_type t) {
        auto& place = trials_[*places_.find(t.point)];
        t.origin = place.origin;
        t.times = place.times;
        place = std::move(t);
        if constexpr (correctable_engine<engine_type, Space, Goals>) engine_.correct(std::as_const(place));
        else if constexpr (savable_engine<engine_type, Space, Goals>) engine_.restore(engine_.save(), std::span<const trial_type>{trials_});
        else engine_.tell(std::span<const trial_type>{&place, 1});
        return place;
    }

    [[nodiscard]] static trial_times told_now() {
        trial_times times;
        times.ended = detail::to_microsecond(detail::wall_seconds());
        return times;
    }

    void keep(trial_type t, const trial_times& times) {
        const auto& starts = starts_.points();
        if (std::find(starts.begin(), starts.end(), t.point) != starts.end()) t.origin = trial_origin::start_point;
        t.times = times;
        if (auto* place = places_.find(t.point); place == nullptr) places_.add(t.point, trials_.size());
        else if (*place == not_told) *place = trials_.size();
        trials_.push_back(std::move(t));
    }
    const trial_type& record(trial_type t, const trial_times& times) {
        keep(std::move(t), times);
        stale_ = 0;
        engine_.tell(std::span<const trial_type>{&trials_.back(), 1});
        return trials_.back();
    }

    engine_type engine_;
    random_stream random_;
    typename Goals::limits_type limits_;
    std::uint64_t seed_;
    static constexpr auto not_told = std::numeric_limits<std::size_t>::max();
    std::vector<trial_type> trials_;
    pending_trials<Space> pending_;
    start_points<Space> starts_;
    std::size_t given_ = 0; ///< start points that were asked for
    hash_table<point<Space>, std::size_t> places_; ///< of all points that were told or are pending: where among the trials
    std::uint64_t repeated_ = 0;
    std::size_t patience_, stale_ = 0; ///< questions on end that held nothing new
    tell_order order_;
    bool dry_ = false; ///< the last question held nothing at all
};

} // namespace verdant
