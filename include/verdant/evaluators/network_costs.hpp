#pragma once

#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>
#include <verdant/spaces/reduced/separable_units.hpp>
#include <verdant/spaces/reduced/space_units.hpp>

#include <concepts>
#include <cstddef>

namespace verdant {

/// The evaluator of what a network costs whatever the hardware: peak memory in elements, multiply-accumulates, parameters, in closed form. For points
/// of spaces of networks, or of spaces that nest one below `net`.
struct network_costs {
    using record = metrics<peak_memory, macs, parameters>;
    using sums = metrics<macs, parameters>; ///< over the stages, for exact searches
    using maxima = metrics<peak_memory>;

    template <spaces::holds_network Space>
    [[nodiscard]] constexpr record operator()(const point<Space>& p) const {
        return record_of(spaces::cost_of(spaces::network_of(p)));
    }

    /// What the image size alone gives: the layers that every network has.
    template <spaces::elastic_space Space>
    [[nodiscard]] static constexpr record shared_term(const point<Space>& p) {
        return record_of(detail_costs<Space>().frame[p[spaces::elastic_layout<Space>::image_size]]);
    }
    /// What a unit of the space adds (`units_of<Space>`): its stages.
    template <spaces::elastic_space Space>
    [[nodiscard]] static constexpr record block_term(const point<Space>& p, std::size_t unit) {
        using layout = spaces::elastic_layout<Space>;
        const auto& image = detail_costs<Space>().block[p[layout::image_size]];
        const auto last = unit + 1 == units_of<Space>.size() ? Space::stages : unit + 1;
        spaces::block_cost sum;
        for (auto s = unit; s < last; ++s)
            for (std::size_t j = 0; j < static_cast<std::size_t>(layout::depth_value(s, p[layout::depth(s)])); ++j)
                sum = sum + image[s][j == 0 ? 0 : 1][p[layout::kernel(s, j)]][p[layout::expand(s, j)]];
        return record_of(sum);
    }

    /// The least peak memory of the networks of a space, or of those that it restricts: no search can go below.
    template <spaces::holds_network Space, std::same_as<peak_memory> Metric>
        requires spaces::elastic_space<spaces::detail::network_in<Space>>
    [[nodiscard]] static double least() {
        return static_cast<double>(spaces::least_peak<spaces::detail::network_in<Space>>().peak);
    }

private:
    [[nodiscard]] static constexpr record record_of(const spaces::block_cost& cost) {
        return {static_cast<double>(cost.peak), static_cast<double>(cost.macs), static_cast<double>(cost.parameters)};
    }
    template <class Space>
    [[nodiscard]] static constexpr const auto& detail_costs() {
        return spaces::detail::elastic_costs<Space>;
    }
};

} // namespace verdant
