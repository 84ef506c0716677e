#pragma once

#include <verdant/search/option_slips.hpp>

/// What is taken where the options or arguments of a multi-fidelity search are written wrongly, so that the mistake is reported in one sentence.
namespace verdant::detail {

// As in `option_slips.hpp`: the names that are written by mistake, between the right ones and in their order.

struct misspelt_policy_options {
    any_argument eta{}, etta{}, factor{}, reduction_factor{}, brackets{}, bracket{}, trials{}, n{}, least{}, minimum{}, min_trials{}, grace{},
        grace_period{};
    any_argument order{}, fronts{}, min_resource{}, max_resource{}, percentile{}, patience{};
};
struct misspelt_fidelity_options {
    any_argument budget{}, budgets{}, buget{}, cost{}, max_cost{}, max_t{};
    any_argument unit{}, units{}, cost_unit{};
    any_argument trials{}, trails{}, trial{}, n_trials{}, max_trials{}, evaluations{}, iterations{};
    any_argument seed{}, sed{}, seeds{}, random_seed{};
    any_argument threads{}, thread{}, treads{}, n_threads{}, workers{}, jobs{};
    any_argument window{}, windows{}, queue{};
    any_argument batch{}, batches{}, batch_size{};
    any_argument order{}, orders{};
    any_argument continuation{}, continuations{}, continue_from{}, resume{}, checkpoint{}, checkpoints{};
    any_argument reports{}, report{};
    any_argument failures_in_a_row{}, failures{}, max_failures{};
    any_argument patience{}, patient{};
    misspelt_optimizer_options optimizer{};
    any_argument optimiser{}, optimizers{}, options{};
    misspelt_policy_options policy{};
    any_argument policies{}, scheduler{}, eta{}, reduction_factor{};
    any_argument time_limit{}, timelimit{}, timeout{}, max_time{};
};

/// Stands for an argument of multi_fidelity that is missing.
struct no_fidelity_argument {};

/// Stands for a trial of a search whose arguments are wrong, which has been reported.
struct trial_of_nothing {
    any_argument point{};
    double number = 0;

    template <class>
    [[nodiscard]] double get() const {
        return 0;
    }
};
template <class Stream>
Stream& operator<<(Stream& out, const any_argument&) {
    return out;
}

/// What such a search finds.
struct result_of_nothing {
    [[nodiscard]] const trial_of_nothing* begin() const { return nullptr; }
    [[nodiscard]] const trial_of_nothing* end() const { return nullptr; }
    [[nodiscard]] bool empty() const { return true; }
    [[nodiscard]] double size() const { return 0; }
    [[nodiscard]] double cost() const { return 0; }
    [[nodiscard]] const result_of_nothing& found() const { return *this; }
    [[nodiscard]] const result_of_nothing& whole() const { return *this; }
    [[nodiscard]] const result_of_nothing& trials() const { return *this; }
    [[nodiscard]] const result_of_nothing& front() const { return *this; }
};

} // namespace verdant::detail
