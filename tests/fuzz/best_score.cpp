#include "fuzz.hpp"

#include <verdant/supernet/best_score.hpp>

#include <cmath>

// What a phase of training keeps of its best score.
VERDANT_FUZZ_TARGET(best_score) {
    const fuzz::file file{data};
    fuzz::require(std::isfinite(verdant::supernet::detail::best_score_in(file.path())), "a score is a number");
}
