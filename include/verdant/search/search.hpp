#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/optimizer/engine_checks.hpp>
#include <verdant/search/asynchronous_run.hpp>
#include <verdant/search/complete_engine.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/generation_run.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/run_parts.hpp>
#include <verdant/search/search_arguments.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/session.hpp>
#include <verdant/search/storage_checks.hpp>
#include <verdant/search/study_recorder.hpp>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

/// The search as a type: space, goals, optimizer.
namespace verdant {

/// A neural-architecture search as a type: `search<Space, Objective..., Optimizer>`.
/// @tparam Space a struct derived from `space<...>`
/// @tparam Args  goals (`minimize`, `maximize`, `subject_to`, `track`) and, last, an optimizer such as `nsga2<>`
template <class Space, class... Args>
class search {
    using space_checks = detail::space_checks<Space>;
    static_assert(space_checks::sound::value && space_checks::possible::value);
    static constexpr bool has_space = search_space<Space>;
    static_assert((detail::argument_check<has_space, Args>::value && ...));
    using arguments = detail::search_parts<detail::goal_list<>, Args...>;
    static constexpr bool good = has_space && (detail::argument_check<has_space, Args>::good && ...);
    static constexpr bool has_optimizer = optimizer_policy<typename arguments::last>;
    static constexpr bool one_optimizer = detail::all_goals<typename arguments::goals>;
    static_assert(!good || has_optimizer,
                  "verdant: the last argument of search is no optimizer; end it with one, for example nsga2<> or random_search");
    static_assert(!good || !has_optimizer || one_optimizer,
                  "verdant: an optimizer stands among the goals of search; write one, as the last argument");
    static constexpr bool in_order = good && has_optimizer && one_optimizer;
    using found = typename detail::select_arguments<in_order, Space, Args...>::type;

public:
    using space_type = typename found::space;
    using goals_type = typename found::goals;
    static constexpr bool has_objective = goals_type::objective_count > 0;
    static_assert(!in_order || has_objective, "verdant: a search needs an objective; add minimize<...> or maximize<...> before the optimizer");
    static constexpr bool distinct = goals_type::distinct_objectives;
    static_assert(!in_order || distinct,
                  "verdant: two objectives of this search are the same metric; write each metric in one minimize<...> or maximize<...>");

private:
    static constexpr bool in_shape = in_order && has_objective && distinct && space_checks::good;
    static constexpr bool complete = detail::engine_is_complete<in_shape, typename found::optimizer, space_type, goals_type>;
    using checked_engine = typename detail::engine_to_check<in_shape && complete, typename found::optimizer, space_type, goals_type>::type;
    using engine_members = detail::engine_members<checked_engine, space_type, goals_type>;
    static_assert(engine_members::value);
    /// Whether there is no mistake in the arguments. Where there is one, the rest of a program compiles as far as it can, to say no more than that.
    static constexpr bool fit = in_shape && complete && engine_members::good;

public:
    // The idle one once a mistake has been reported.
    using optimizer_type = std::conditional_t<fit, typename found::optimizer, detail::idle_optimizer<typename found::optimizer::options>>;
    using options = search_options<typename optimizer_type::options>;
    static_assert(detail::description_check<typename optimizer_type::options>::value);
    using limits_type = typename goals_type::limits_type;
    using trial_type = trial<space_type, goals_type>;
    using result_type = search_result<space_type, goals_type>;
    using session_type = search_session<space_type, goals_type, optimizer_type>;

    /// @param evaluators callables that between them provide each goal's metric exactly once (see `evaluator_for`). Each is called once for each
    /// point, one after the other, and not at all for points that an earlier one failed on; those that take batches come last.
    template <class... Evaluators>
    explicit search(Evaluators... evaluators) : evaluators_{std::move(evaluators)...} {
        if constexpr (fit) {
            static_assert((detail::evaluator_argument<Evaluators, Space>::value && ...));
            using provision = detail::provision_of<goals_type, Space, Evaluators...>;
            static_assert(detail::provided_once<typename provision::metric, provision::providers, provision::drawn>::value);
        }
    }

    /// A search whose loop the caller owns: `study::ask_tell({.seed = 5})`. It needs no evaluators and no object; limits are those of the goals where
    /// no others are given. Throws input_error for options that say nothing, and for limits that no value meets.
    [[nodiscard]] static session_type ask_tell(const options& o = {}, const limits_type& limits = goals_type::limits()) {
        return {o.seed, o.optimizer, limits, o.patience, o.order};
    }
    /// Refused: where the options are wrong this fits, or the next one, and nothing else does.
    template <class Wrong = search>
    [[nodiscard]] static auto ask_tell(const detail::misspelt_options&, ...) {
        constexpr bool options_fit = !fit || !std::same_as<Wrong, search>;
        static_assert(options_fit,
                      "verdant: ask_tell takes no such options: one is misspelt, out of order or of another type, or they are not in braces; write "
                      "{.seed = 1}; the compiler names the wrong one where the options have a name: const study::options o{.seed = 1};");
        return search::ask_tell(options{});
    }
    /// The same.
    template <class Wrong = search>
    [[nodiscard]] static auto ask_tell(...) {
        constexpr bool options_fit = !fit || !std::same_as<Wrong, search>;
        static_assert(options_fit,
                      "verdant: ask_tell takes no such options: one is misspelt, out of order or of another type, or they are not in braces; write "
                      "{.seed = 1}; the compiler names the wrong one where the options have a name: const study::options o{.seed = 1};");
        return search::ask_tell(options{});
    }

    /// The same of this object, with its limits as they are now.
    [[nodiscard]] session_type session(const options& o = {}) const { return search::ask_tell(o, limits_); }
    /// Refused: where the options are wrong this fits, or the next one, and nothing else does.
    template <class Wrong = search>
    [[nodiscard]] auto session(const detail::misspelt_options&, ...) const {
        constexpr bool options_fit = !fit || !std::same_as<Wrong, search>;
        static_assert(options_fit,
                      "verdant: session takes no such options: one is misspelt, out of order or of another type, or they are not in braces; write "
                      "{.seed = 1}; the compiler names the wrong one where the options have a name: const study::options o{.seed = 1};");
        return search::ask_tell(options{});
    }
    /// The same.
    template <class Wrong = search>
    [[nodiscard]] auto session(...) const {
        constexpr bool options_fit = !fit || !std::same_as<Wrong, search>;
        static_assert(options_fit,
                      "verdant: session takes no such options: one is misspelt, out of order or of another type, or they are not in braces; write "
                      "{.seed = 1}; the compiler names the wrong one where the options have a name: const study::options o{.seed = 1};");
        return search::ask_tell(options{});
    }

    /// The evaluators, for loops and worker processes of one's own.
    [[nodiscard]] const evaluator_set<space_type, goals_type>& evaluators() const noexcept { return evaluators_; }

    /// The limits of the goals; the types of the goals give the defaults.
    [[nodiscard]] const limits_type& limits() const noexcept { return limits_; }

    /// Changes the upper or lower bound of the constraints on a metric, or the threshold of an objective, for the runs and sessions that follow. The
    /// other bound stays: `at_least` on a goal with `at_most<...>` makes a range. Throws input_error for NaN, for an upper bound that is minus
    /// infinity or a lower one that is plus infinity, and for a threshold that is not finite. Bounds that leave nothing between them are refused when
    /// the search begins.
    template <class M, class Value>
    search& at_most(const Value& bound) {
        static_assert(detail::limit_argument<M, Value>::value);
        return set_bound<M>(limits_.high, +1, detail::limit_argument<M, Value>::in_si(bound));
    }
    template <class M, class Value>
    search& at_least(const Value& bound) {
        static_assert(detail::limit_argument<M, Value>::value);
        return set_bound<M>(limits_.low, -1, detail::limit_argument<M, Value>::in_si(bound));
    }
    template <class M, class Value>
    search& threshold(const Value& value) {
        static_assert(detail::limit_argument<M, Value>::value);
        return set_threshold<M>(detail::limit_argument<M, Value>::in_si(value));
    }

    /// Runs the search. What is told to observers, and what is found, does not depend on who evaluates trials.
    /// The result says why it ended: all trials were made, the optimizer had no more or only known points, the time was up, an observer asked for it.
    /// Throws search_error where too many trials in a row fail, infeasible_error where no feasible point is found, input_error for options that no
    /// search has (0 trials, a negative number), and what the parts throw.
    /// @param parts in any order, told apart by their concepts: at most one `executor` or `dispatcher`, which evaluates the trials (without one: this
    /// thread and `options.threads - 1` more); at most one `storage` such as `sqlite_storage`, which keeps the study (or a `study_recorder`); at most
    /// one list of `start_points`, which are the first trials; any number of
    /// `observer`s, objects with any of `started(const search_state&)`, `told(const trial&, const search_state&)` for each trial in order, and
    /// `finished(const result&)`, all called on this thread, and `stop_requested() -> bool`, called by any. Where `started` or `told` gives
    /// `search_step::stop` or `stop_requested` is true, or `options.time_limit` is up, no further trial is begun; those under way are completed.
    ///
    /// With a storage the run begins a study there, or goes on with the one that is there, as if it had not been interrupted. Points whose trials are
    /// kept are not evaluated again; observers are told of all trials. A study that has its trials already is given back; more `trials` continue it.
    /// Throws input_error where the storage holds a study of another space, other goals, another optimizer or seed.
    template <class First, class... Parts>
    result_type run(const options& o, First&& first, Parts&&... parts) const {
        using list = detail::run_parts<session_type, std::remove_reference_t<First>, std::remove_reference_t<Parts>...>;
        static_assert(detail::storage_members<std::remove_reference_t<First>>::value);
        static_assert((detail::storage_members<std::remove_reference_t<Parts>>::value && ...));
        static_assert(detail::run_part<std::remove_reference_t<First>, detail::role_of<session_type, std::remove_reference_t<First>>()>::value);
        static_assert(
            (detail::run_part<std::remove_reference_t<Parts>, detail::role_of<session_type, std::remove_reference_t<Parts>>()>::value && ...));
        static_assert(detail::run_part_counts<list::storages, list::dispatchers, list::starts>::value);
        static_assert(detail::run_meters<(0U + ... + (detail::meters<std::remove_reference_t<Parts>> ? 1U : 0U)) +
                                         (detail::meters<std::remove_reference_t<First>> ? 1U : 0U)>::value);
        static_assert(detail::observer_calls<session_type, std::remove_reference_t<First>>::value);
        static_assert((detail::observer_calls<session_type, std::remove_reference_t<Parts>>::value && ...));
        constexpr bool keeper_is_missing =
            fit && list::good && list::count(detail::part_role::storage) > 0 && !detail::keeper_is_here<study_keeper<session_type>>;
        static_assert(!keeper_is_missing,
                      "verdant: nothing keeps this search; include <verdant/study/study_keeper.hpp> where the storage is defined");
        if constexpr (list::good && !keeper_is_missing) return run_with(o, first, parts...);
        else return no_result();
    }
    /// The same without parts.
    result_type run(const options& o = {}) const { return run_with(o); }

    /// Refused: where the options are wrong this fits, or the next one, and nothing else does. Both give `auto`, since what gives a type is compiled
    /// only behind all else.
    template <class Wrong = search>
    auto run(const detail::misspelt_options&, ...) const {
        return no_such_options<!fit || !std::same_as<Wrong, search>>();
    }
    /// Refused: parts before the options, or without any.
    template <class Part, class... Rest>
        requires(std::is_class_v<Part> && !std::same_as<Part, options> && !std::convertible_to<const Part&, options>)
    auto run(const Part&, const Rest&...) const {
        return no_options_first<!fit || std::is_void_v<Part>>();
    }
    template <class Part>
        requires(std::is_class_v<Part> && !std::same_as<Part, options> && !std::convertible_to<const Part&, options>)
    auto run(const Part&, const options&) const {
        return no_options_first<!fit || std::is_void_v<Part>>();
    }
    template <class Part, class Another>
        requires(std::is_class_v<Part> && !std::same_as<Part, options> && !std::convertible_to<const Part&, options>)
    auto run(const Part&, const Another&, const options&) const {
        return no_options_first<!fit || std::is_void_v<Part>>();
    }
    /// The same.
    template <class Wrong = search>
    auto run(...) const {
        return no_such_options<!fit || !std::same_as<Wrong, search>>();
    }

private:
    [[nodiscard]] result_type no_result() const { return {{}, limits_, stop_reason::exhausted, 0}; }

    // What is said of arguments of `run`. They give `auto`, so that it is said where `run` is called and not behind all else.
    template <bool OptionsFirst>
    [[nodiscard]] auto no_options_first() const {
        static_assert(OptionsFirst, "verdant: the first argument of run is no list of options; write them first, in braces, and storages, "
                                    "executors and observers behind them: run({.trials = 100, .seed = 1}, pool)");
        return no_result();
    }
    template <bool OptionsFit>
    [[nodiscard]] auto no_such_options() const {
        static_assert(
            OptionsFit,
            "verdant: run takes no such options: one is misspelt, out of order or of another type, or they are not in braces; write "
            "{.trials = 100, .seed = 1}, storages, executors and observers behind it; the compiler names the wrong one where the options have a "
            "name: const study::options o{.trials = 100};");
        return no_result();
    }

    template <class... Parts>
    [[nodiscard]] result_type run_with(const options& o, Parts&... parts) const {
        if constexpr (fit) {
            const std::array<detail::observer_ref<session_type>, sizeof...(Parts)> observers{detail::observer_of<session_type>(parts)...};
            const auto on = [&](detail::any_dispatcher<space_type, goals_type>& workers) {
                const auto with = [&](detail::any_recorder<session_type>& recorder) {
                    auto session = search::ask_tell(o, limits_);
                    detail::start_with_parts(session, parts...);
                    const detail::observer_list<session_type> watching{observers.data(), observers.size()};
                    if (o.order == tell_order::as_completed)
                        return detail::asynchronous_run<session_type>{o, evaluators_, workers, recorder, watching}(session);
                    return detail::generation_run<session_type>{o, evaluators_, workers, recorder, watching}(session);
                };
                return detail::with_recorder<session_type>(o.order, with, parts...);
            };
            return detail::with_dispatcher<session_type>(o.threads, o.order, on, parts...);
        } else return no_result();
    }

    template <class M>
    search& set_bound(std::array<double, goals_type::constraint_count>& bounds, int open_side, double value) {
        constexpr bool constrained = !fit || !metric_like<M> || goals_type::template constrains<M>;
        static_assert(constrained, "verdant: no constraint of this search is on that metric; add subject_to<metric, at_most<...>> to its goals");
        if (std::isnan(value)) throw input_error{"search", "limit of " + std::string{detail::metric_in<M>::name()}, "a number", "NaN"};
        if (std::isinf(value) && (value > 0) != (open_side > 0))
            throw input_error{"search", "limit of " + std::string{detail::metric_in<M>::name()}, "one that some value meets",
                              value < 0 ? "at most -inf" : "at least inf"};
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
        constexpr bool optimised = !fit || !metric_like<M> || goals_type::template optimises<M>;
        static_assert(optimised, "verdant: no objective of this search is that metric; add minimize<metric> or maximize<metric> to its goals");
        if (!std::isfinite(value))
            throw input_error{"search", "threshold of " + std::string{detail::metric_in<M>::name()}, "a finite number", std::to_string(value)};
        std::size_t i = 0;
        goals_type::for_each([&]<class G>() {
            if constexpr (objective<G>) {
                if constexpr (std::same_as<typename G::metric_type, M>) limits_.threshold[i] = value;
                ++i;
            }
        });
        return *this;
    }

    evaluator_set<space_type, goals_type> evaluators_;
    limits_type limits_ = goals_type::limits();

    // Last, since clang forgets what follows a failed assertion.
    static_assert(complete, "verdant: the engine of the optimizer does not model the concept optimizer; give it a constructor from its options, "
                            "and ask, tell and preferred_batch as in verdant/optimizer/concept.hpp");
};

} // namespace verdant
