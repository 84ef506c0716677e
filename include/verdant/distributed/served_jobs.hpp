#pragma once

#include <cstddef>

namespace verdant {

/// What a worker has done.
struct served_jobs {
    std::size_t evaluated = 0; ///< jobs, of which the search has the results
    std::size_t dropped = 0;   ///< jobs that had been given to another worker before they were done
};

} // namespace verdant
