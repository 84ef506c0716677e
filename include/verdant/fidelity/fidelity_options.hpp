#pragma once

#include <verdant/search/time_limit.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

/// How a multi-fidelity search runs.
namespace verdant {

/// In which order a multi-fidelity search takes note of measurements.
enum class measured_order : std::uint8_t {
    as_begun,     ///< any number of threads or workers gives the same trials; the window keeps workers busy meanwhile
    as_completed, ///< nobody waits for a slow one; the order is recorded, so that a kept study goes on as it began
};

/// What measurements cost.
enum class cost_unit : std::uint8_t {
    whole_evaluations, ///< the share of a whole evaluation that was measured
    seconds,           ///< how long it took: such a search is not repeatable
};

/// Where a measurement of a trial begins that was measured before at a lower fidelity.
enum class continuation : std::uint8_t {
    from_start,      ///< it costs the whole way
    from_checkpoint, ///< evaluators keep the trial's state: it costs the difference
};

/// What reports of evaluators are for.
enum class report_use : std::uint8_t {
    recorded, ///< they are kept; decisions are made when a measurement is done
    judged,   ///< policies that stop trials judge them at once; for threads of this process, and measurements told as completed
};

/// How a multi-fidelity search runs.
/// @tparam OptimizerOptions the aggregate of the optimizer
/// @tparam PolicyOptions    that of the policy
template <class OptimizerOptions, class PolicyOptions>
struct fidelity_options {
    double budget = 100;      ///< what all measurements may cost together, above 0
    cost_unit unit = cost_unit::whole_evaluations; ///< of the budget
    std::size_t trials = std::numeric_limits<std::size_t>::max(); ///< distinct points, at most
    std::uint64_t seed = 0;   ///< one seed determines the whole run
    unsigned threads = 1;     ///< measurements made at once, 0 for one a processor
    std::size_t window = 8;   ///< measurements under way or waiting for a worker: at least as many as there are workers, better twice as many; the result depends on it
    std::size_t batch = 0;    ///< points asked for at once, 0 for what the optimizer prefers
    measured_order order = measured_order::as_begun;
    verdant::continuation continuation = verdant::continuation::from_start;
    report_use reports = report_use::recorded;
    std::size_t failures_in_a_row = 25; ///< so many failed measurements on end stop the search with an error; 0 for never
    std::size_t patience = 200;         ///< how many questions on end may hold nothing but known points; one more ends the search
    OptimizerOptions optimizer{};
    PolicyOptions policy{};
    verdant::time_limit time_limit{}; ///< of one run, above 0: when it is up, nothing further is begun, and what is under way is completed
};

namespace detail {

/// The same without what depends on types.
struct fidelity_settings {
    double budget = 100;
    cost_unit unit = cost_unit::whole_evaluations;
    std::size_t trials = 0, window = 8, batch = 1;
    std::uint64_t seed = 0;
    measured_order order = measured_order::as_begun;
    verdant::continuation continuation = verdant::continuation::from_start;
    report_use reports = report_use::recorded;
    std::size_t failures_in_a_row = 25, patience = 200;
    verdant::time_limit time_limit{};
};

} // namespace detail

} // namespace verdant
