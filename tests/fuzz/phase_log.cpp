#include "fuzz.hpp"

#include <verdant/supernet/phase_log.hpp>

// The log of a training that goes on.
VERDANT_FUZZ_TARGET(phase_log) {
    const fuzz::file file{data};
    verdant::supernet::phase_log log{file.path()};
    const auto all = log.lines().size();
    log.rewind("depth_1", 2, 10);
    const auto kept = log.lines();
    fuzz::require(kept.size() <= all, "no line is added");
    log.rewind("depth_1", 2, 10);
    fuzz::require(log.lines() == kept, "what was kept once is kept again");
    for (const auto& line : kept) fuzz::require(line.find('\n') == line.npos, "a line has no end of line");
}
