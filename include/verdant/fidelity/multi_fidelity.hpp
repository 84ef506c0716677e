#pragma once

#include <verdant/fidelity/detail/checkpoint_folder.hpp>
#include <verdant/fidelity/detail/fidelity_keeper.hpp>
#include <verdant/fidelity/detail/fidelity_run.hpp>
#include <verdant/fidelity/detail/fidelity_slips.hpp>
#include <verdant/fidelity/detail/fidelity_text.hpp>
#include <verdant/fidelity/fidelity_evaluator.hpp>
#include <verdant/fidelity/fidelity_options.hpp>
#include <verdant/fidelity/fidelity_policy.hpp>
#include <verdant/fidelity/fidelity_result.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/metered_run.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/run_parts.hpp>
#include <verdant/search/search.hpp>
#include <verdant/study/study_description.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// A search that spends whole evaluations on the best only.
namespace verdant {

namespace detail {

template <class T>
inline constexpr bool is_search = false;
template <class... Args>
inline constexpr bool is_search<search<Args...>> = true;

// Checks are classes, made where a search is made and not deeper, so that compilers list few steps between the mistake and the user's line.

template <class Study, class Scale, class Policy>
struct fidelity_arguments {
    static constexpr bool value = true;
    static constexpr bool has_search = is_search<Study>;
    static_assert(has_search, "verdant: the first argument of multi_fidelity is no search; write multi_fidelity<study, epochs, asha>, where study is "
                              "search<space, maximize<accuracy>, random_search>");
    static constexpr bool has_scale = fidelity_scale_like<Scale>;
    static_assert(!has_search || has_scale, "verdant: the second argument of multi_fidelity is no scale of fidelities; write a struct derived from "
                                            "fidelity_scale<\"epochs\", \"epochs\", 1, 27>");
    static constexpr bool has_policy = fidelity_policy<Policy>;
    static_assert(
        !has_search || !has_scale || has_policy,
        "verdant: the third argument of multi_fidelity is no policy; write asha, hyperband, successive_halving, median_stopping or asha_stopping");
};

template <class Study, class Scale, class Policy>
inline constexpr bool fidelity_arguments_fit = is_search<Study> && fidelity_scale_like<Scale> && fidelity_policy<Policy>;

/// Whether a policy is for searches of one objective alone.
template <class Policy>
[[nodiscard]] consteval bool of_one_objective() {
    if constexpr (requires { Policy::single_objective; }) return Policy::single_objective;
    else return false;
}
template <class Policy, std::size_t Objectives>
struct fidelity_objectives {
    static constexpr bool fits = Objectives == 1 || !of_one_objective<Policy>();
    static_assert(fits, "verdant: this policy compares trials by one objective, and the search has several; write asha or hyperband, which rank by "
                        "non-dominated fronts, see fidelity_objectives<...> in this message");
    static constexpr bool value = true;
};

template <class Evaluator, class Space, class Scale>
struct fidelity_argument {
    static constexpr bool value = true;
    static constexpr bool at_fidelity = fidelity_evaluator<Evaluator, Space, Scale>;
    static constexpr bool of_batches = !at_fidelity && batch_evaluator<Evaluator, Space>;
    static_assert(!of_batches,
                  "verdant: an evaluator of batches in a multi-fidelity search, where each point is measured by itself; write one of single "
                  "points, see fidelity_argument<...> in this message");
    static constexpr bool good = at_fidelity || evaluator_for<Evaluator, Space>;
    static_assert(good,
                  "verdant: an argument of the search is no evaluator of its space; write a callable (const point<space>&, at_fidelity<epochs>) or "
                  "(const point<space>&, measurement<epochs>&) -> metrics<...>, see fidelity_argument<...> in this message");
};

template <bool Good, std::size_t Knowing>
struct fidelity_is_known {
    static constexpr bool value = true;
    static constexpr bool known = !Good || Knowing > 0;
    static_assert(known, "verdant: no evaluator of this multi-fidelity search knows a fidelity; write one that takes (const point<space>&, "
                         "at_fidelity<epochs>) or (const point<space>&, measurement<epochs>&)");
};

template <class Part, part_role Role>
struct fidelity_part {
    static constexpr bool value = true;
    static constexpr bool keeps = Role != part_role::storage || evaluation_storage<Part>;
    static_assert(
        keeps, "verdant: this storage keeps no measurements at fidelities; give it measure(const stored_evaluation&), or use one that has it, such "
               "as sqlite_storage or memory_storage, see fidelity_part<...> in this message");
    static constexpr bool no_recorder = Role != part_role::recorder;
    static_assert(no_recorder, "verdant: a recorder of whole trials for a multi-fidelity search; pass the storage itself");
};

} // namespace detail

/// A search in which a policy decides at which fidelity each point is measured, so that whole evaluations are spent on the best only. The optimizer
/// of the search proposes points; it is told the value of the least fidelity first, and corrections of it as a trial is measured at higher ones.
///
///     struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
///     using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
///     const vd::multi_fidelity<study, epochs, vd::asha> search{train};
///     const auto found = search.run({.budget = 40, .seed = 1, .threads = 2}); // costs what 40 whole trainings do
///     for (const auto& t : found) std::cout << t.point << '\n';                // the front of those that were trained whole
///
/// @tparam Study  `search<...>`: space, goals, optimizer
/// @tparam Scale  a struct derived from `fidelity_scale<...>`
/// @tparam Policy `asha`, `hyperband`, `successive_halving`, `median_stopping`, `asha_stopping`, `whole_evaluations`, or one of your own
template <class Study, class Scale = detail::no_fidelity_argument, class Policy = detail::no_fidelity_argument>
class multi_fidelity {
    static_assert(detail::fidelity_arguments<Study, Scale, Policy>::value);

public:
    /// What is found where an argument is wrong, which has been reported: nothing.
    using result_type = detail::result_of_nothing;
    using options = detail::misspelt_fidelity_options;
    template <class... Evaluators>
    explicit multi_fidelity(const Evaluators&...) {}
    template <class Any>
    multi_fidelity& limits(const Any&) {
        return *this;
    }
    template <class Any>
    multi_fidelity& checkpoints_in(const Any&) {
        return *this;
    }
    result_type run(const options& = {}) const { return {}; }
    template <class... Parts>
    result_type run(const options&, const Parts&...) const {
        return {};
    }
};

/// The same of arguments that fit.
template <class Study, class Scale, class Policy>
    requires(detail::fidelity_arguments_fit<Study, Scale, Policy>)
class multi_fidelity<Study, Scale, Policy> {
public:
    using search_type = Study;
    using scale_type = Scale;
    using policy_type = Policy;
    using space_type = typename Study::space_type;
    using goals_type = typename Study::goals_type;
    using optimizer_type = typename Study::optimizer_type;
    using session_type = typename Study::session_type;
    using limits_type = typename Study::limits_type;
    using trial_type = typename Study::trial_type;
    using options = fidelity_options<typename optimizer_type::options, typename Policy::options>;
    using result_type = fidelity_result<space_type, goals_type>;
    using evaluation_type = typename result_type::evaluation_type;
    static_assert(detail::fidelity_objectives<Policy, goals_type::objective_count>::value);

    /// @param evaluators callables that between them provide each goal's metric exactly once: at least one `fidelity_evaluator`; those of points
    /// alone are called before it, once for each measurement.
    template <class... Evaluators>
    explicit multi_fidelity(Evaluators... evaluators)
        : evaluators_{std::make_shared<const std::tuple<Evaluators...>>(std::move(evaluators)...)}, set_of_{&set_of<Evaluators...>},
          measure_{set_of_(evaluators_, {})} {
        // Here and not in `set_of`, so that compilers list one step less between the mistake and the user's line.
        if constexpr (known_by<Evaluators...>) {
            using provision =
                typename detail::find_provision<typename goals_type::metrics_type,
                                                std::remove_cvref_t<typename detail::fidelity_record<Evaluators, space_type, Scale>::type>...>::type;
            static_assert(detail::provided_once<typename provision::metric, provision::providers, provision::drawn>::value);
        }
    }

    /// Where evaluators keep what they go on from: `measurement::folder()` is below it. Made when a run begins. Every process that evaluates must see
    /// it. Of this object alone: a copy that is given another one has that. One run at a time may use a folder, since trials of several would have
    /// the same names in it.
    multi_fidelity& checkpoints_in(std::string folder) {
        folder_ = std::move(folder);
        measure_ = set_of_(evaluators_, {.folder = folder_});
        return *this;
    }

    /// The limits of the goals, from a search in which they were changed: `.limits(study.limits())`.
    multi_fidelity& limits(const limits_type& limits) {
        limits_ = limits;
        return *this;
    }
    [[nodiscard]] const limits_type& limits() const noexcept { return limits_; }

    /// The evaluators, for worker processes: they measure a job at its fidelity.
    [[nodiscard]] const evaluator_set<space_type, goals_type>& evaluators() const noexcept { return measure_; }

    /// Runs the search until the budget is spent, the optimizer has no more points, the time is up or an observer asks for it.
    ///
    /// Measured as begun (the default), the result is the same for any number of threads or workers, bit for bit. With a storage the run begins a
    /// study there, or goes on with the one that is there, as if it had not been interrupted: what is kept is not measured again, and a greater
    /// budget continues it. Several threads may run one object at once: each run has its own optimizer, policy and judge of reports, and they share
    /// nothing but the evaluators. Runs that keep checkpoints need a folder each, for example copies of the object with `checkpoints_in`.
    /// Throws search_error where too many measurements in a row fail, infeasible_error where no feasible point is found, input_error for options that
    /// no search has and for a storage that holds another study or one under another policy, file_error for a folder of checkpoints that another run
    /// is using, by whatever object or process, what evaluators end the run by (`measurement::cannot_go_on`), and what the parts throw.
    /// @param parts as of `search::run`: at most one dispatcher or executor (without one: `options.threads` threads), at most one storage, which
    /// keeps measurements (`evaluation_storage`), start points, observers; these are told of each measurement that is not a report, with the trial as
    /// it is then. What a meter among them says is kept every few seconds while measurements are completed, and at the end of the run, also of one
    /// that ends by an exception
    template <class First, class... Parts>
    result_type run(const options& o, First&& first, Parts&&... parts) const {
        using list = detail::run_parts<session_type, std::remove_reference_t<First>, std::remove_reference_t<Parts>...>;
        static_assert(detail::run_part<std::remove_reference_t<First>, detail::role_of<session_type, std::remove_reference_t<First>>()>::value);
        static_assert(
            (detail::run_part<std::remove_reference_t<Parts>, detail::role_of<session_type, std::remove_reference_t<Parts>>()>::value && ...));
        static_assert(detail::run_part_counts<list::storages, list::dispatchers, list::starts>::value);
        static_assert(detail::fidelity_part<std::remove_reference_t<First>, detail::role_of<session_type, std::remove_reference_t<First>>()>::value);
        static_assert(
            (detail::fidelity_part<std::remove_reference_t<Parts>, detail::role_of<session_type, std::remove_reference_t<Parts>>()>::value && ...));
        static_assert(detail::run_meters<(std::size_t{0} + ... + (detail::meters<std::remove_reference_t<Parts>> ? 1 : 0)) +
                                         (detail::meters<std::remove_reference_t<First>> ? 1 : 0)>::value);
        static_assert(detail::observer_calls<session_type, std::remove_reference_t<First>>::value);
        static_assert((detail::observer_calls<session_type, std::remove_reference_t<Parts>>::value && ...));
        return run_with(o, first, parts...);
    }
    /// The same without parts.
    result_type run(const options& o = {}) const { return run_with(o); }

    /// Refused: where the options are wrong this fits, or the next one, and nothing else does, as in `search::run`.
    template <class Wrong = multi_fidelity>
    auto run(const detail::misspelt_fidelity_options&, ...) const {
        constexpr bool options_fit = !std::same_as<Wrong, multi_fidelity>;
        static_assert(
            options_fit,
            "verdant: run of multi_fidelity takes no such options: one is misspelt, out of order or of another type, or they are not in braces; "
            "write "
            "{.budget = 40, .seed = 1, .policy = {.eta = 3}}, storages and observers behind it; the compiler names the wrong one where the options "
            "have a name: const decltype(search)::options o{.budget = 40};");
        return detail::result_of_nothing{};
    }
    /// The same.
    template <class Wrong = multi_fidelity>
    auto run(...) const {
        constexpr bool options_fit = !std::same_as<Wrong, multi_fidelity>;
        static_assert(
            options_fit,
            "verdant: run of multi_fidelity takes no such options: one is misspelt, out of order or of another type, or they are not in braces; "
            "write "
            "{.budget = 40, .seed = 1, .policy = {.eta = 3}}, storages and observers behind it; the compiler names the wrong one where the options "
            "have a name: const decltype(search)::options o{.budget = 40};");
        return detail::result_of_nothing{};
    }

private:
    template <class... Parts>
    result_type run_with(const options& o, Parts&... parts) const {
        using list = detail::run_parts<session_type, Parts...>;
        const auto rungs = rung_shares(Scale::view(), o.policy.eta, Policy::name());
        typename Policy::schedule schedule{o.policy, rungs};
        session_type session{o.seed, o.optimizer, limits_, o.patience, tell_order::as_completed};
        detail::start_with_parts(session, parts...);
        const auto settings = settings_of(o, session, schedule, rungs);
        const detail::checkpoint_lock only_run{folder_};
        detail::fidelity_keeper<session_type> keeper;
        if constexpr (list::count(detail::part_role::storage) > 0)
            keeper = detail::fidelity_keeper<session_type>{detail::storage_ref{detail::part_of<detail::part_role::storage, session_type>(parts...)}};
        keeper.open(description(o, session, settings, rungs));
        const std::array<detail::observer_ref<session_type>, sizeof...(Parts)> observers{detail::observer_of<session_type>(parts)...};

        const auto on = [&](detail::any_dispatcher<space_type, goals_type>& workers) {
            const detail::observer_list<session_type> watching{observers.data(), observers.size()};
            detail::metered_run<session_type, detail::fidelity_keeper<session_type>> meter{keeper, watching};
            meter.begin();
            const auto ending = std::make_shared<detail::run_ending>();
            detail::fidelity_run<session_type> loop{settings, session, schedule, rungs, workers, keeper, meter, watching, *ending};
            const judging judge{settings.reports == report_use::judged ? &loop : nullptr};
            const auto measure = set_of_(evaluators_, {.folder = folder_, .judge = judge.of_run, .ending = ending});
            auto why = stop_reason::trials;
            try {
                why = loop(measure);
            } catch (...) {
                meter.keep_after_failure();
                throw;
            }
            auto all = session.result(why, session.trials().size());
            if (auto of_all_runs = meter.keep()) all.set_consumption(*std::move(of_all_runs));
            result_type outcome_of_run{std::move(all),
                                       loop.take_evaluations(),
                                       Scale::view(),
                                       rungs,
                                       std::string{Policy::name()},
                                       o.unit,
                                       o.budget,
                                       loop.out_of_budget() ? budget_state::used_up : budget_state::enough};
            for (const auto& one : observers) one.finished(outcome_of_run.found());
            return outcome_of_run;
        };
        return detail::with_dispatcher<session_type>(o.threads, tell_order::as_completed, on, parts...);
    }

    /// Lets the evaluators of a run ask it until it ends.
    struct judging {
        std::shared_ptr<detail::lasting_judge<goals_type>> of_run{};
        explicit judging(detail::report_judge<goals_type>* run) {
            if (run != nullptr) of_run = std::make_shared<detail::lasting_judge<goals_type>>(*run);
        }
        judging(const judging&) = delete;
        judging& operator=(const judging&) = delete;
        ~judging() {
            if (of_run) of_run->leave();
        }
    };

    /// Whether evaluators are right, and some knows the fidelity.
    template <class... E>
    static constexpr bool known_by =
        ((detail::fidelity_argument<E, space_type, Scale>::good && !detail::fidelity_argument<E, space_type, Scale>::of_batches) && ...) &&
        (fidelity_evaluator<E, space_type, Scale> || ...);

    /// The evaluators, a tuple of these types, as one run has them.
    template <class... E>
    [[nodiscard]] static evaluator_set<space_type, goals_type> set_of([[maybe_unused]] const std::shared_ptr<const void>& evaluators,
                                                                      [[maybe_unused]] const detail::measuring_place<goals_type>& place) {
        static_assert((detail::fidelity_argument<E, space_type, Scale>::value && ...));
        constexpr bool good =
            ((detail::fidelity_argument<E, space_type, Scale>::good && !detail::fidelity_argument<E, space_type, Scale>::of_batches) && ...);
        constexpr std::size_t knowing = (std::size_t{0} + ... + (fidelity_evaluator<E, space_type, Scale> ? 1 : 0));
        static_assert(detail::fidelity_is_known<good, knowing>::value);
        if constexpr (good && knowing > 0) {
            return evaluator_set<space_type, goals_type>::of_jobs(
                detail::fidelity_measure<space_type, goals_type, Scale, E...>{place, std::static_pointer_cast<const std::tuple<E...>>(evaluators)});
        } else return evaluator_set<space_type, goals_type>{};
    }

    template <class Schedule>
    [[nodiscard]] static detail::fidelity_settings settings_of(const options& o, const session_type& session, Schedule& schedule,
                                                               [[maybe_unused]] std::span<const double> rungs) {
        detail::fidelity_settings s{.budget = o.budget,
                                    .unit = o.unit,
                                    .trials = o.trials,
                                    .window = o.window,
                                    .batch = o.batch != 0 ? o.batch : std::max<std::size_t>(1, session.engine().preferred_batch()),
                                    .seed = o.seed,
                                    .order = o.order,
                                    .continuation = o.continuation,
                                    .reports = o.reports,
                                    .failures_in_a_row = o.failures_in_a_row,
                                    .patience = o.patience,
                                    .time_limit = o.time_limit};
        require_positive("multi_fidelity", "budget", o.budget);
        require_count("multi_fidelity", "window", o.window, 1);
        require_count_or_all("multi_fidelity", "trials", o.trials, 1);
        require_count("multi_fidelity", "batch", o.batch, 0);
        require_count_or_all("multi_fidelity", "failures_in_a_row", o.failures_in_a_row, 0);
        if (o.reports == report_use::judged) {
            constexpr bool judges = requires { schedule.judge_reports(); };
            if (!judges || o.order != measured_order::as_completed)
                throw input_error{"multi_fidelity", "reports", "judged by a policy that stops trials, and measurements taken note of as completed",
                                  std::string{Policy::name()} + (o.order == measured_order::as_completed ? "" : ", as begun")};
            if constexpr (judges) schedule.judge_reports();
        } else if constexpr (requires { schedule.judge_reports(); }) require_rungs(Policy::name(), o.policy.eta, rungs);
        return s;
    }

    [[nodiscard]] study_description description(const options& o, const session_type& session, const detail::fidelity_settings& s,
                                                const std::vector<double>& rungs) const {
        auto d = describe_study<space_type, goals_type, optimizer_type>(limits_, o.optimizer, o.seed, s.batch);
        for (const auto& p : session.starts().points()) d.start_points.push_back(to_string(p));
        d.order = "as_completed";
        d.fidelity = detail::fidelity_text<Policy>(o.policy, Scale::view(), rungs, s);
        return d;
    }

    std::shared_ptr<const void> evaluators_; ///< a tuple of them, which runs share
    evaluator_set<space_type, goals_type> (*set_of_)(const std::shared_ptr<const void>&, const detail::measuring_place<goals_type>&);
    std::string folder_; ///< of checkpoints
    evaluator_set<space_type, goals_type> measure_; ///< for other processes, which have no judge
    limits_type limits_ = goals_type::limits();
};

} // namespace verdant
