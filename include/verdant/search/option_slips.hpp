#pragma once

#include <verdant/meta/refused_value.hpp>

#include <concepts>
#include <initializer_list>

/// What is taken where the options of a run, or the type of a study, are written wrongly, so that the mistake is reported in one sentence.
namespace verdant::detail {

/// Is made of anything, in programs with a mistake.
struct any_argument {
    any_argument() = default;
    template <class T>
    any_argument(const T&) {} // NOLINT(google-explicit-constructor): takes the place of a member of any type
};

/// Is made of a list in braces, of whatever things or of lists of text.
struct any_list {
    template <class... T>
    any_list(const T&...) {} // NOLINT(google-explicit-constructor): takes the place of a member that is a list
    any_list(std::initializer_list<std::initializer_list<const char*>>) {}
};

/// Is made of anything but of what becomes a `Right`, which only the right function takes; and of a `Right` itself, which fits the right function
/// better.
template <class Right>
struct argument_beside {
    template <class T>
        requires(std::same_as<T, Right> || !std::convertible_to<const T&, const Right&>)
    argument_beside(const T&) {} // NOLINT(google-explicit-constructor): as any_argument
};

// A function with options is refused by two more of its name, which only wrong arguments fit: one whose options are such a list of misspelt ones, and
// one that takes whatever else there is behind its first argument. Both say the sentence of one class derived from `refusal`.

// Options with the names that are written by mistake, between the right ones and in their order: g++ takes a list such as `{.trails = 100}` for
// nothing but an aggregate that has these members, and says of any other list only that it does not fit.

struct misspelt_optimizer_options {
    any_argument batch{}, batches{}, batch_size{}, initial{}, initial_points{}, draws{}, rank_rounded{}, acquisition{}, maximiser{}, fit{};
    any_argument population{}, populations{}, popluation{}, poplation{}, pop{}, pop_size{}, population_size{}, size{}, generations{};
    any_argument offspring{}, offsprings{}, children{}, parent_ratio{}, mutation_ratio{};
    any_argument crossover_probability{}, crossover_prob{}, crossover_rate{}, mutation_probability{}, mutation_rate{};
    any_argument duplicates{}, duplicate{}, crossover{}, mutation{}, selection{}, survival{};
};
struct misspelt_options {
    any_argument trials{}, trails{}, trial{}, n_trials{}, max_trials{}, evaluations{}, iterations{}, generations{}, budget{};
    any_argument seed{}, sed{}, seeds{}, random_seed{};
    any_argument threads{}, thread{}, treads{}, n_threads{}, workers{}, jobs{};
    any_argument batch{}, batches{}, batch_size{};
    any_argument failures_in_a_row{}, failures{}, max_failures{};
    any_argument patience{}, patient{};
    misspelt_optimizer_options optimizer{};
    any_argument optimiser{}, optimizers{}, options{};
    any_argument time_limit{}, timelimit{}, timeout{}, max_time{};
    any_argument order{}, tell{}, tells{}, asynchronous{};
    any_argument population{}, population_size{}, offspring{}, crossover{}, mutation{};
};

/// Stands in for an optimizer that is missing. Its options are those that programs write most.
struct no_optimizer {
    using options = misspelt_optimizer_options;
};

/// Whether a type is a search or a session of one, or has what observers know of them.
template <class S>
inline constexpr bool is_study = requires {
    typename S::goals_type;
    typename S::space_type;
    typename S::trial_type;
};

/// Whether it has options as well, as only searches have.
template <class S>
inline constexpr bool is_whole_study = is_study<S> && requires { typename S::options; };

template <class S, bool Fits = is_study<S>>
struct study_argument {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool is_search = Fits;
    static_assert(is_search, "verdant: an observer or session of a search lacks the type of the study between < and >; write it, for example "
                             "csv_tail<study>, where using study = search<...>; see study_argument<...> in this message");
};

/// Stands for an observer of no search, once that has been reported.
struct observer_of_nothing {
    template <class... Arguments>
    explicit observer_of_nothing(Arguments&&...) {}
    observer_of_nothing(const observer_of_nothing&) = default;
    observer_of_nothing(observer_of_nothing&) = default;
    observer_of_nothing& operator=(const observer_of_nothing&) = default;

    [[nodiscard]] bool stop_requested() const { return false; }
};
/// The type of a study that was left out.
struct no_study {};

} // namespace verdant::detail
