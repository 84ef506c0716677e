#pragma once

/// What is taken where the options of a run are written wrongly, so that the mistake is reported in one sentence.
namespace verdant::detail {

/// Is made of anything, in programs with a mistake.
struct any_argument {
    any_argument() = default;
    template <class T>
    any_argument(const T&) {} // NOLINT(google-explicit-constructor): takes the place of a member of any type
};

// Options with the names that are written by mistake, between the right ones and in their order: g++ takes a list such as `{.trails = 100}` for nothing
// but an aggregate that has these members, and says of any other list only that it does not fit.

struct misspelt_optimizer_options {
    any_argument batch{}, batches{}, batch_size{}, initial{}, initial_points{}, draws{}, rank_rounded{}, acquisition{}, maximiser{}, fit{};
    any_argument population{}, populations{}, popluation{}, pop{}, pop_size{}, population_size{}, size{}, generations{};
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

} // namespace verdant::detail
