#pragma once

#include <verdant/error.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/no_keeper.hpp>
#include <verdant/search/session.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/thread_pool.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

namespace verdant {

/// How a search runs.
/// @tparam OptimizerOptions the aggregate of the optimizer
template <class OptimizerOptions>
struct search_options {
    std::size_t trials = 100;           ///< distinct points to evaluate
    std::uint64_t seed = 0;             ///< one seed determines the whole run
    unsigned threads = 1;               ///< evaluators called at once, 0 for one a processor; the result does not depend on it
    std::size_t batch = 0;              ///< points asked for at once, 0 for what the optimizer prefers
    std::size_t failures_in_a_row = 25; ///< so many failed trials on end stop the search with an error; 0 for never
    std::size_t patience = 200;         ///< how many batches on end may hold nothing but known points; one more ends the search
    OptimizerOptions optimizer{};       ///< options of the optimizer
};

/// How far a search has come.
struct search_state {
    std::size_t done = 0, total = 0, failed = 0;
    std::size_t resumed = 0; ///< trials that were not evaluated but come from a storage
};

namespace detail {

template <class... G>
struct goal_list {};

/// Splits `Goal..., Optimizer`.
template <class Before, class... Args>
struct search_parts {
    using goals = goal_list<>;
    using last = void;
};
template <class... G, class Last>
struct search_parts<goal_list<G...>, Last> {
    using goals = goal_list<G...>;
    using last = Last;
};
template <class... G, class First, class Second, class... Rest>
struct search_parts<goal_list<G...>, First, Second, Rest...> : search_parts<goal_list<G..., First>, Second, Rest...> {};

// Checks are classes, made by `search` itself and not deeper, so that compilers list few steps between the mistake and the user's line.

template <class Argument>
struct search_argument {
    static constexpr bool good = optimizer_policy<Argument>;
    static_assert(good, "verdant: an argument of search between the space and the optimizer is no goal; write minimize<...>, maximize<...>, "
                        "subject_to<...> or track<...>, see Argument above");
    static constexpr bool value = true; // a false one would add a second error below the first
};
template <class Argument>
struct select_check {
    using type = search_argument<Argument>;
};
template <goal_like Goal>
struct select_check<Goal> {
    using type = typename Goal::check;
};
template <class Argument>
using argument_check = typename select_check<Argument>::type;

/// What stands in where arguments are wrong, so that only the first mistake is reported.
template <bool Fit, class List>
struct goals_if {
    using type = goals<>;
};
template <class... G>
struct goals_if<true, goal_list<G...>> {
    using type = goals<G...>;
};

template <class List>
inline constexpr bool all_goals = false;
template <class... G>
inline constexpr bool all_goals<goal_list<G...>> = (goal_like<G> && ...);

} // namespace detail

/// A neural-architecture search as a type: `search<Space, Objective..., Optimizer>`.
/// @tparam Space a struct derived from `space<...>`
/// @tparam Args  goals (`minimize`, `maximize`, `subject_to`, `track`) and, last, an optimizer such as `nsga2<>`
template <search_space Space, class... Args>
class search {
    static_assert(detail::sound<Space>::value && detail::possible<Space>::value);
    static_assert((detail::argument_check<Args>::value && ...));
    using parts = detail::search_parts<detail::goal_list<>, Args...>;
    static constexpr bool good = (detail::argument_check<Args>::good && ...);
    static constexpr bool has_optimizer = optimizer_policy<typename parts::last>;
    static constexpr bool one_optimizer = detail::all_goals<typename parts::goals>;
    static_assert(!good || has_optimizer,
                  "verdant: the last argument of search is no optimizer; end it with one, for example nsga2<> or random_search");
    static_assert(!good || !has_optimizer || one_optimizer,
                  "verdant: an optimizer stands among the goals of search; write one, as the last argument");
    static constexpr bool fit = good && has_optimizer && one_optimizer;

public:
    using space_type = Space;
    using goals_type = typename detail::goals_if<fit, typename parts::goals>::type;
    static constexpr bool has_objective = goals_type::objective_count > 0;
    static_assert(!fit || has_objective, "verdant: a search needs an objective; add minimize<...> or maximize<...> before the optimizer");
    static constexpr bool complete = detail::complete_optimizer<typename parts::last, Space, goals_type>;
    static_assert(!fit || complete,
                  "verdant: the engine of the optimizer does not model the concept optimizer; give it a constructor from its options, "
                  "and ask, tell and preferred_batch as in verdant/optimizer/concept.hpp");
    using optimizer_type = std::conditional_t<fit && complete, typename parts::last, detail::no_optimizer>;
    using options = search_options<typename optimizer_type::options>;
    using limits_type = typename goals_type::limits_type;
    using trial_type = trial<Space, goals_type>;
    using result_type = search_result<Space, goals_type>;
    using session_type = search_session<Space, goals_type, optimizer_type>;

    /// @param evaluators callables that between them provide each goal's metric exactly once (see `evaluator_for`). Each is called once for each
    /// point, one after the other, and not at all for points that an earlier one failed on; those that take batches come last.
    template <class... Evaluators>
    explicit search(Evaluators... evaluators) : evaluation_{std::move(evaluators)...} {
        static_assert((detail::evaluator_argument<Evaluators, Space>::value && ...));
        using provision = detail::provision_of<goals_type, Space, Evaluators...>;
        static_assert(detail::provided_once<typename provision::metric, provision::providers>::value);
    }

    /// A search whose loop the caller owns; it needs no evaluators.
    [[nodiscard]] static session_type session(const options& o = {}, const limits_type& limits = goals_type::limits()) {
        return {o.seed, o.optimizer, limits};
    }

    /// The limits of the goals; the types of the goals give the defaults.
    [[nodiscard]] const limits_type& limits() const noexcept { return limits_; }

    /// Changes the upper or lower bound of the constraints on a metric, or the threshold of an objective, for the runs that follow.
    /// Throws input_error for NaN, and for a threshold that is not finite.
    template <metric_like M>
    search& at_most(const typename M::value_type& bound) {
        return set_bound<M>(limits_.high, si_value(bound));
    }
    template <metric_like M>
    search& at_least(const typename M::value_type& bound) {
        return set_bound<M>(limits_.low, si_value(bound));
    }
    template <metric_like M>
    search& threshold(const typename M::value_type& value) {
        return set_threshold<M>(si_value(value));
    }

    /// Runs the search on this thread and `options.threads - 1` more.
    /// Throws search_error where too many trials in a row fail, infeasible_error where no feasible point is found, and what observers throw.
    /// @param observers objects with any of `started(const search_state&)`, `told(const trial&, const search_state&)` for each trial in order,
    /// and `finished(const result&)`; all are called on this thread
    template <class... Observers>
    result_type run(const options& o = {}, Observers&&... observers) const {
        thread_pool pool{o.threads};
        detail::no_keeper keeper;
        return loop(pool, o, keeper, observers...);
    }

    /// The same, kept in a storage such as `sqlite_storage`: begins a study there, or goes on with the one that is there, as if it had not been
    /// interrupted. Points whose trials are kept are not evaluated again; observers are told of all trials. A study that has its trials already is
    /// given back; more `trials` continue it. Throws input_error where the storage holds a study of another space, other goals, another optimizer or
    /// seed, and what the storage throws.
    template <class S, class... Observers>
        requires storage<std::remove_reference_t<S>>
    result_type run(const options& o, S&& kept, Observers&&... observers) const {
        thread_pool pool{o.threads};
        return run_on(pool, o, kept, observers...);
    }

    /// The same on an executor of the caller's; `options.threads` means nothing here.
    template <class X, class... Observers>
        requires executor<std::remove_reference_t<X>>
    result_type run_on(X&& run, const options& o = {}, Observers&&... observers) const {
        detail::no_keeper keeper;
        return loop(run, o, keeper, observers...);
    }
    template <class X, class S, class... Observers>
        requires executor<std::remove_reference_t<X>> && storage<std::remove_reference_t<S>>
    result_type run_on(X&& run, const options& o, S&& kept, Observers&&... observers) const {
        using keeper_type = detail::study_keeper<Space, goals_type, std::remove_reference_t<S>>;
        constexpr bool here = detail::keeper_is_here<keeper_type>;
        static_assert(here, "verdant: nothing keeps this search; include <verdant/search/study_keeper.hpp> where the storage is defined");
        if constexpr (here) {
            keeper_type keeper{kept};
            return loop(run, o, keeper, observers...);
        } else return search::session(o, limits_).result();
    }

private:
    template <class X, class Keeper, class... Observers>
    result_type loop(X& run, const options& o, Keeper& keeper, Observers&... observers) const {
        static_assert(
            (observer<Observers> && ...),
            "verdant: an observer of a search has none of started, told and finished; give it one of them with the arguments that search::run names");
        auto session = search::session(o, limits_);
        const auto batch = o.batch != 0 ? o.batch : std::max<std::size_t>(1, session.engine().preferred_batch());
        auto stale = keeper.template start<optimizer_type>(session, o, batch);
        search_state state{.done = 0, .total = o.trials, .failed = 0, .resumed = keeper.resumed()};
        (started(observers, state), ...);
        std::size_t failures = 0;
        const auto count = [&](const trial_type& t) {
            ++state.done;
            state.failed += t.completed() ? 0 : 1;
            failures = t.completed() ? 0 : failures + 1;
            (told(observers, t, state), ...);
        };
        for (const auto& t : session.trials()) count(t);
        auto why = stop_reason::trials;
        while (state.done < o.trials) {
            const auto asked = session.ask(keeper.next(session, std::min(batch, o.trials - state.done), o.trials, stale));
            const auto fresh = unknown(session, asked);
            stale = fresh.empty() ? stale + 1 : 0;
            if (asked.empty() || stale > o.patience) {
                why = stop_reason::exhausted;
                break;
            }
            auto found = keeper.evaluate(evaluation_, std::span<const point<Space>>{fresh}, o.seed, state.done, run);
            for (std::size_t next = 0; const auto& p : asked) {
                if (session.tell_known(p) != nullptr) continue;
                const auto& outcome = found[next++];
                const auto& t = outcome.failure.empty() ? session.tell(p, outcome.values) : session.tell_failure(p, outcome.failure);
                count(t);
                // Failures that were kept end no search: whoever goes on has seen to them.
                if (failures >= o.failures_in_a_row && o.failures_in_a_row > 0 && failures > 0 && !keeper.kept(t.number))
                    throw search_error{std::to_string(failures) + " trials in a row failed, the last (trial " + std::to_string(t.number) +
                                       ") with: " + t.message};
            }
        }
        auto result = session.result(why);
        (finished(observers, result), ...);
        return result;
    }

    /// The points that have no trial yet, each once, in order.
    [[nodiscard]] static std::vector<point<Space>> unknown(const session_type& session, const std::vector<point<Space>>& asked) {
        std::vector<point<Space>> fresh;
        std::unordered_set<point<Space>> seen;
        for (const auto& p : asked)
            if (session.find(p) == nullptr && seen.insert(p).second) fresh.push_back(p);
        return fresh;
    }

    template <class Observer>
    static constexpr bool sees_start = requires(Observer& o, const search_state& state) { o.started(state); };
    template <class Observer>
    static constexpr bool sees_trials = requires(Observer& o, const trial_type& t, const search_state& state) { o.told(t, state); };
    template <class Observer>
    static constexpr bool sees_end = requires(Observer& o, const result_type& r) { o.finished(r); };
    template <class Observer>
    static constexpr bool observer = sees_start<Observer> || sees_trials<Observer> || sees_end<Observer>;

    template <class Observer>
    static void started(Observer& o, const search_state& state) {
        if constexpr (sees_start<Observer>) o.started(state);
    }
    template <class Observer>
    static void told(Observer& o, const trial_type& t, const search_state& state) {
        if constexpr (sees_trials<Observer>) o.told(t, state);
    }
    template <class Observer>
    static void finished(Observer& o, const result_type& r) {
        if constexpr (sees_end<Observer>) o.finished(r);
    }

    template <class M>
    search& set_bound(std::array<double, goals_type::constraint_count>& bounds, double value) {
        constexpr bool constrained = goals_type::template constrains<M>;
        static_assert(constrained,
                      "verdant: no constraint of this search is on that metric; add subject_to<metric, at_most<...>> to its goals, see M above");
        if (std::isnan(value)) throw input_error{"search", "limit of " + std::string{M::name()}, "a number", "NaN"};
        std::size_t c = 0;
        goals_type::for_each([&]<class G>() {
            if constexpr (constraint<G>) {
                if constexpr (std::same_as<typename G::metric_type, M>) bounds[c] = value;
                ++c;
            }
        });
        return *this;
    }
    template <class M>
    search& set_threshold(double value) {
        constexpr bool optimised = goals_type::template optimises<M>;
        static_assert(optimised,
                      "verdant: no objective of this search is that metric; add minimize<metric> or maximize<metric> to its goals, see M above");
        if (!std::isfinite(value)) throw input_error{"search", "threshold of " + std::string{M::name()}, "a finite number", std::to_string(value)};
        std::size_t i = 0;
        goals_type::for_each([&]<class G>() {
            if constexpr (objective<G>) {
                if constexpr (std::same_as<typename G::metric_type, M>) limits_.threshold[i] = value;
                ++i;
            }
        });
        return *this;
    }
    detail::evaluation<Space, goals_type> evaluation_;
    limits_type limits_ = goals_type::limits();
};

} // namespace verdant
