#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// Searches settings of a cheap training that ranks networks as the full one does.
namespace verdant::collection {

/// What a cheap training of a small set of networks gives: their accuracies, in the order of the set, and how long it takes, for one network in the
/// mean.
struct proxy_trial {
    std::vector<double> accuracies;
    si::time training_time{};
};

/// Kendall's tau against accuracies of the full training, in the order of the same set. What a proxy search maximises in the paper (Accel-NASBench,
/// DAC 2024, doi 10.1145/3649329.3657391).
struct tau_against {
    std::vector<double> reference;

    /// @throws input_error unless there are as many accuracies, see `kendall_tau`
    [[nodiscard]] double operator()(std::span<const double> accuracies) const { return surrogate::kendall_tau(accuracies, reference); }
};

/// A setting that was tried.
template <class Settings>
struct proxy_outcome {
    Settings settings{};
    double tau = 0; ///< NaN where all accuracies are equal: such a setting is never the best
    si::time training_time{};
    bool within_bound = false;
};

/// What a proxy search has found.
template <class Settings>
struct proxy_search_result {
    std::vector<proxy_outcome<Settings>> tried; ///< in the order of the grid
    std::optional<std::size_t> best; ///< the place of the best among them; none where no setting keeps the bound
};

/// Tries every setting of a grid and takes the one whose tau is greatest among those that keep the bound on training time; of equal ones the fastest,
/// then the first.
/// @param grid       a range of settings: of a struct, or the points of a space that describes them (`feasible_points<S>()`)
/// @param evaluate   (const Settings&) -> proxy_trial: trains the small set of networks with these settings
/// @param tau        (span of accuracies) -> agreement with the full training, such as `tau_against`
/// @param time_bound on the training time of one network
/// @throws input_error for an empty grid, a bound that is not positive, or a time that is negative or no number
template <std::ranges::input_range Grid, std::invocable<const std::ranges::range_value_t<Grid>&> Evaluate, class Tau>
    requires std::convertible_to<std::invoke_result_t<Evaluate&, const std::ranges::range_value_t<Grid>&>, proxy_trial> &&
             std::is_invocable_r_v<double, const Tau&, std::span<const double>>
[[nodiscard]] proxy_search_result<std::ranges::range_value_t<Grid>> proxy_search(Grid&& grid, Evaluate&& evaluate, const Tau& tau,
                                                                                 si::time time_bound) {
    if (!(in<seconds>(time_bound) > 0)) throw input_error{"proxy search", "time bound", "a time above 0 s", exact_text(in<seconds>(time_bound))};
    proxy_search_result<std::ranges::range_value_t<Grid>> out;
    for (auto&& settings : grid) {
        const proxy_trial trial = std::invoke(evaluate, std::as_const(settings));
        const double time = in<seconds>(trial.training_time);
        if (!(time >= 0 && std::isfinite(time)))
            throw input_error{"proxy search", "setting " + std::to_string(out.tried.size() + 1), "a training time of 0 s or more", exact_text(time)};
        out.tried.push_back(
            {settings, std::invoke(tau, std::span<const double>{trial.accuracies}), trial.training_time, trial.training_time <= time_bound});
        const auto& now = out.tried.back();
        if (!now.within_bound || std::isnan(now.tau)) continue;
        const auto* const best = out.best ? &out.tried[*out.best] : nullptr;
        if (best == nullptr || now.tau > best->tau || (now.tau == best->tau && now.training_time < best->training_time))
            out.best = out.tried.size() - 1;
    }
    if (out.tried.empty()) throw input_error{"proxy search", "grid", "at least one setting", "none"};
    return out;
}

} // namespace verdant::collection
