#pragma once

#include <verdant/search/time_limit.hpp>
#include <verdant/units.hpp>

#include <cstddef>
#include <cstdint>

namespace verdant {

/// In which order a search tells its optimizer of trials, and when it asks.
enum class tell_order : std::uint8_t {
    generations, ///< question by question: all points of one are evaluated before the next, and told in the order asked. What is found depends on nothing but the seed
    as_completed, ///< as they come, and for each that came the next point is asked for: a slow trial keeps nobody waiting. The order is recorded
};

/// How a search runs.
/// @tparam OptimizerOptions the aggregate of the optimizer
template <class OptimizerOptions>
struct search_options {
    std::size_t trials = 100; ///< distinct points to evaluate, at least 1; the greatest number: all that there are
    std::uint64_t seed = 0; ///< one seed determines the whole run
    unsigned threads = 1; ///< evaluators called at once, 0 for one a processor; the result does not depend on it
    /// Points asked for at once, 0 for what the optimizer prefers. Where trials are told as they are completed: trials that are kept pending, 0 for
    /// as many as are evaluated at once.
    std::size_t batch = 0;
    std::size_t failures_in_a_row = 25; ///< so many failed trials on end stop the search with an error; 0 for never
    std::size_t patience = 200; ///< how many batches on end may hold nothing but known points; one more ends the search
    OptimizerOptions optimizer{}; ///< options of the optimizer
    verdant::time_limit time_limit{}; ///< of one run, above 0: when it is up, no further trial is begun, and those under way are completed
    tell_order order = tell_order::generations; ///< a study of one order does not go on in the other
};

/// How far a search has come.
struct search_state {
    std::size_t done = 0, total = 0, failed = 0;
    std::size_t resumed = 0; ///< trials that were not evaluated but come from a storage
    si::mass emitted_before{}; ///< CO2 equivalent of earlier runs of the study, as far as they were metered, without workers in other processes
};

} // namespace verdant
