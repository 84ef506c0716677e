#pragma once

#include <verdant/search/time_limit.hpp>
#include <verdant/units.hpp>

#include <cstddef>
#include <cstdint>

namespace verdant {

/// How a search runs.
/// @tparam OptimizerOptions the aggregate of the optimizer
template <class OptimizerOptions>
struct search_options {
    std::size_t trials = 100;           ///< distinct points to evaluate, at least 1; the greatest number: all that there are
    std::uint64_t seed = 0;             ///< one seed determines the whole run
    unsigned threads = 1;               ///< evaluators called at once, 0 for one a processor; the result does not depend on it
    std::size_t batch = 0;              ///< points asked for at once, 0 for what the optimizer prefers
    std::size_t failures_in_a_row = 25; ///< so many failed trials on end stop the search with an error; 0 for never
    std::size_t patience = 200;         ///< how many batches on end may hold nothing but known points; one more ends the search
    OptimizerOptions optimizer{};       ///< options of the optimizer
    verdant::time_limit time_limit{};   ///< of one run, above 0: when it is up, no further trial is begun, and those under way are completed
};

/// How far a search has come.
struct search_state {
    std::size_t done = 0, total = 0, failed = 0;
    std::size_t resumed = 0; ///< trials that were not evaluated but come from a storage
    si::mass emitted_before{}; ///< CO2 equivalent of earlier runs of the study, as far as they were metered
};

} // namespace verdant
