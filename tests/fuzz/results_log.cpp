#include "fuzz.hpp"

#include <verdant/nn/evaluate/earlier_results.hpp>

// The log of validations of a training that goes on.
VERDANT_FUZZ_TARGET(results_log) {
    const auto kept = verdant::nn::results_until(fuzz::text(data), 3);
    fuzz::require(kept.size() <= data.size() && (kept.empty() || kept.back() == '\n'), "whole lines are kept");
    fuzz::require(verdant::nn::results_until(kept, 3) == kept, "what was kept once is kept again");
}
