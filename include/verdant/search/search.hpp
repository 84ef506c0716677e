#pragma once

#include <verdant/search/evaluation.hpp>
#include <verdant/search/session.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant {

/// How a search runs.
/// @tparam OptimizerOptions the aggregate of the optimizer
template <class OptimizerOptions>
struct search_options {
    std::size_t trials = 100;            ///< distinct points to evaluate
    std::uint64_t seed = 0;              ///< one seed determines the whole run
    unsigned threads = 1;                ///< evaluators called at once, 0 for one a processor; the result does not depend on it
    std::size_t batch = 0;               ///< points asked for at once, 0 for what the optimizer prefers
    std::size_t failures_in_a_row = 25;  ///< so many failed trials on end stop the search with an error
    std::size_t patience = 200;          ///< so many batches on end of nothing but known points end the search
    OptimizerOptions optimizer{};        ///< options of the optimizer
};

/// What observers are told of besides the trial.
struct search_state {
    std::size_t done = 0, total = 0, failed = 0;
};

namespace detail {

/// Splits `Goal..., Optimizer`.
template <class... Args>
struct search_parts {
    static constexpr std::size_t count = sizeof...(Args);
    template <std::size_t I>
    using at = typename decltype(element_at<I>(std::declval<indexed_elements<std::index_sequence_for<Args...>, Args...>>()))::type;

    template <class Indices>
    struct split;
    template <std::size_t... I>
    struct split<std::index_sequence<I...>> {
        static constexpr bool all_goals = (goal_like<at<I>> && ...);
        template <bool Good, class = void>
        struct made {
            using type = goals<>;
        };
        template <class Dummy>
        struct made<true, Dummy> {
            using type = goals<at<I>...>;
        };
        using type = typename made<all_goals>::type;
    };

    using last = at<count - 1>;
    static constexpr bool has_optimizer = optimizer_policy<last>;
    using first_parts = split<std::make_index_sequence<count - 1>>;
    static constexpr bool all_goals = first_parts::all_goals;
    using goals_type = typename first_parts::type;
};

struct no_options {};
/// Stands in for a missing optimizer, so that its message stays the only one.
struct missing_optimizer : optimizer_tag {
    using options = no_options;
    template <class Space, class Goals>
    struct engine {
        explicit engine(const options&) {}
        std::vector<point<Space>> ask(random_stream&, std::size_t) { return {}; }
        void tell(std::span<const trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 1; }
    };
};

template <class Observer, class Trial>
void notify(Observer& o, const Trial& t, const search_state& state) {
    if constexpr (requires { o.told(t, state); }) o.told(t, state);
}

} // namespace detail

/// A neural-architecture search as a type: `search<Space, Objective..., Optimizer>`.
/// @tparam Space a struct derived from `space<...>`
/// @tparam Args  goals (`minimize`, `maximize`, `subject_to`, `track`) and, last, an optimizer such as `nsga2<>`
template <search_space Space, class... Args>
class search {
    static_assert(not_infeasible<Space>);
    using parts = detail::search_parts<Args...>;
    static_assert(parts::has_optimizer, "verdant: the last argument of search is no optimizer; end it with one, for example nsga2<> or random_search");
    static_assert(!parts::has_optimizer || parts::all_goals,
                  "verdant: an argument of search between the space and the optimizer is no goal; write minimize<...>, maximize<...>, subject_to<...> or "
                  "track<...>");
    static_assert(!parts::has_optimizer || !parts::all_goals || parts::goals_type::objective_count > 0,
                  "verdant: a search needs an objective; add minimize<...> or maximize<...> before the optimizer");

public:
    using space_type = Space;
    using goals_type = typename parts::goals_type;
    using optimizer_type = std::conditional_t<parts::has_optimizer, typename parts::last, detail::missing_optimizer>;
    using options = search_options<typename optimizer_type::options>;
    using trial_type = trial<Space, goals_type>;
    using result_type = search_result<Space, goals_type>;
    using session_type = search_session<Space, goals_type, optimizer_type>;

    /// @param evaluators callables that between them provide each goal's metric exactly once (see `evaluator_for`)
    template <class... Evaluators>
    explicit search(Evaluators... evaluators) : evaluation_{std::move(evaluators)...} {}

    /// The limits of the goals, in SI units; the types of the goals give the defaults.
    [[nodiscard]] const typename goals_type::limits_type& limits() const noexcept { return limits_; }

    /// Changes a constraint's upper or lower bound, or an objective's threshold, for the runs that follow.
    template <metric_like M>
    search& at_most(const typename M::value_type& bound) { return set<M>(&goals_type::limits_type::high, si_value(bound)); }
    template <metric_like M>
    search& at_least(const typename M::value_type& bound) { return set<M>(&goals_type::limits_type::low, si_value(bound)); }
    template <metric_like M>
    search& threshold(const typename M::value_type& value) { return set_threshold<M>(si_value(value)); }

    /// A search whose loop the caller owns: no evaluator of this object is used.
    [[nodiscard]] session_type start(const options& o = {}) const { return {o.seed, o.optimizer, limits_}; }

    /// Runs the search on this thread and `options.threads - 1` more.
    /// Throws search_error where too many trials in a row fail; infeasible_error where no feasible point is found.
    /// @param observers objects with any of `started(const search_state&)`, `told(const trial&, const search_state&)`, `finished(const result&)`
    template <class... Observers>
    result_type run(const options& o = {}, Observers&&... observers) const {
        thread_pool pool{o.threads};
        return run_on(pool, o, observers...);
    }

    /// The same on an executor of the caller's.
    template <executor X, class... Observers>
    result_type run_on(X& run, const options& o, Observers&&... observers) const {
        auto session = start(o);
        search_state state{.done = 0, .total = o.trials, .failed = 0};
        (started(observers, state), ...);
        const auto batch = o.batch != 0 ? o.batch : std::max<std::size_t>(1, session.engine().preferred_batch());
        std::size_t failures = 0, stale = 0;
        auto why = stop_reason::trials;
        while (state.done < o.trials) {
            const auto asked = session.ask(std::min(batch, o.trials - state.done));
            const auto fresh = unknown(session, asked);
            stale = fresh.empty() ? stale + 1 : 0;
            if (asked.empty() || stale > o.patience) {
                why = stop_reason::exhausted;
                break;
            }
            auto found = evaluation_(std::span<const point<Space>>{fresh}, o.seed, state.done, run);
            for (std::size_t next = 0; const auto& p : asked) {
                if (const auto* known = session.find(p)) {
                    session.tell_known(*known);
                    continue;
                }
                const auto& outcome = found[next++];
                const auto& t = outcome.failure.empty() ? session.tell(p, outcome.values) : session.tell_failure(p, outcome.failure);
                ++state.done;
                state.failed += t.completed() ? 0 : 1;
                failures = t.completed() ? 0 : failures + 1;
                (detail::notify(observers, t, state), ...);
                if (failures >= o.failures_in_a_row)
                    throw search_error{std::to_string(failures) + " trials in a row failed, the last (trial " + std::to_string(t.number) + ") with: " + t.message};
            }
        }
        auto result = session.result(why);
        (finished(observers, result), ...);
        return result;
    }

private:
    /// The points that have no trial yet, each once, in order.
    [[nodiscard]] static std::vector<point<Space>> unknown(const session_type& session, const std::vector<point<Space>>& asked) {
        std::vector<point<Space>> fresh;
        std::unordered_map<point<Space>, bool> seen;
        for (const auto& p : asked)
            if (session.find(p) == nullptr && seen.emplace(p, true).second) fresh.push_back(p);
        return fresh;
    }

    template <class Observer>
    static void started(Observer& o, const search_state& state) {
        if constexpr (requires { o.started(state); }) o.started(state);
    }
    template <class Observer>
    static void finished(Observer& o, const result_type& r) {
        if constexpr (requires { o.finished(r); }) o.finished(r);
    }

    template <class M, class Member>
    search& set(Member member, double value) {
        bool found = false;
        std::size_t c = 0;
        goals_type::for_each([&]<class G>() {
            if constexpr (constraint<G>) {
                if constexpr (std::same_as<typename G::metric_type, M>) {
                    (limits_.*member)[c] = value;
                    found = true;
                }
                ++c;
            }
        });
        return check_found(found, M::name(), "a constraint on");
    }
    template <class M>
    search& set_threshold(double value) {
        bool found = false;
        std::size_t i = 0;
        goals_type::for_each([&]<class G>() {
            if constexpr (objective<G>) {
                if constexpr (std::same_as<typename G::metric_type, M>) {
                    limits_.threshold[i] = value;
                    found = true;
                }
                ++i;
            }
        });
        return check_found(found, M::name(), "an objective of");
    }
    search& check_found(bool found, std::string_view metric, std::string_view what) {
        if (!found) throw input_error{"search", metric, std::string{what} + " this metric among the goals", "none"};
        return *this;
    }

    detail::evaluation<Space, goals_type> evaluation_;
    typename goals_type::limits_type limits_ = goals_type::limits();
};

} // namespace verdant
