// How several processes that train together end together.
#pragma once

#include "stop.hpp"

#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/processes/communicator.hpp>

#include <ATen/ops/full.h>

namespace terminal {

/// Whether one of the processes was asked to stop. All ask at the same place, and all are told the same.
template <verdant::nn::communicator Processes>
[[nodiscard]] bool any_asked(const Processes& processes) {
    if (processes.size() == 1) return stop_asked();
    auto asked = at::full({1}, stop_asked() ? 1.0 : 0.0, at::kDouble);
    processes.all_reduce(asked);
    return asked.template item<double>() > 0;
}

} // namespace terminal
