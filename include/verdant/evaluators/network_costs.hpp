#pragma once

#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>

#include <concepts>

namespace verdant {

/// The evaluator of what a network costs whatever the hardware: peak memory in elements, multiply-accumulates, parameters, in closed form. For points
/// of spaces of networks, or of spaces that nest one below `net`.
struct network_costs {
    using record = metrics<peak_memory, macs, parameters>;

    template <spaces::holds_network Space>
    [[nodiscard]] constexpr record operator()(const point<Space>& p) const {
        const auto cost = spaces::cost_of(spaces::network_of(p));
        return {static_cast<double>(cost.peak), static_cast<double>(cost.macs), static_cast<double>(cost.parameters)};
    }

    /// The least peak memory of the networks of a space, or of those that it restricts: no search can go below.
    template <spaces::holds_network Space, std::same_as<peak_memory> Metric>
        requires spaces::elastic_space<spaces::detail::network_in<Space>>
    [[nodiscard]] static double least() {
        return static_cast<double>(spaces::least_peak<spaces::detail::network_in<Space>>().peak);
    }
};

} // namespace verdant
