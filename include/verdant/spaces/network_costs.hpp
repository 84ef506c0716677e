#pragma once

#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/network_space.hpp>

namespace verdant {

/// The evaluator of what a network costs whatever the hardware: peak memory in elements, multiply-accumulates, parameters, in closed form. For points
/// of Once-for-All spaces, or of spaces that nest one below `net`.
struct network_costs {
    using record = metrics<peak_memory, macs, parameters>;

    template <spaces::holds_network Space>
    [[nodiscard]] constexpr record operator()(const point<Space>& p) const {
        const auto cost = spaces::cost_of(spaces::network_of(p));
        return {static_cast<double>(cost.peak), static_cast<double>(cost.macs), static_cast<double>(cost.parameters)};
    }
};

} // namespace verdant
