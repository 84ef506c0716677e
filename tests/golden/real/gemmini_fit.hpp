#pragma once

// Constants of the model of Gemmini's RTL, fitted to some rows, so that others show what it is worth where it was not fitted.

#include <verdant/hardware/hierarchy/gemmini_cycles.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace gemmini {

namespace hw = verdant::hardware;

struct timed {
    hw::gemmini_counts counts;
    double cycles = 0; ///< of the RTL
    const char* kind = ""; ///< of the layer
};

/// What is fitted: the mean of the logarithms of errors and a quarter of the mean of the worst seventh.
inline double misfit(const std::vector<timed>& rows, const hw::gemmini_constants& c) {
    std::vector<double> e;
    for (const auto& r : rows) e.push_back(std::abs(std::log(hw::gemmini_cycles(r.counts, c) / r.cycles)));
    std::sort(e.begin(), e.end());
    const auto from = e.size() * 85 / 100;
    double all = 0, worst = 0;
    for (std::size_t i = 0; i < e.size(); ++i) (i < from ? all : worst) += e[i];
    return (all + worst) / static_cast<double>(e.size()) + 0.25 * worst / static_cast<double>(e.size() - from);
}

/// Each constant in turn is made larger or smaller, by steps of its own, as long as that helps. @param start constants above 0
inline hw::gemmini_constants fit(const std::vector<timed>& rows, const hw::gemmini_constants& start) {
    using c = hw::gemmini_constants;
    constexpr std::array members{&c::block_cycles,  &c::row_cycles,    &c::preload_cycles, &c::weight_cycles, &c::product_cycles,
                                 &c::window_cycles, &c::store_cycles,  &c::hidden_share,   &c::lone_share,    &c::tile_cycles,
                                 &c::start_cycles,  &c::narrow_cycles, &c::exposed_share};
    std::array<double, members.size()> steps{};
    steps.fill(0.3);
    auto best = start;
    double least = misfit(rows, best);
    for (int round = 0; round < 60; ++round)
        for (std::size_t m = 0; m < members.size(); ++m) {
            bool found = false;
            for (const double side : {1.0, -1.0}) {
                auto other = best;
                other.*members[m] *= std::exp(side * steps[m]);
                if (const double value = misfit(rows, other); value < least - 1e-9) {
                    least = value;
                    best = other;
                    found = true;
                    break;
                }
            }
            steps[m] = found ? std::min(steps[m] * 1.4, 0.8) : std::max(steps[m] * 0.5, 0.003);
        }
    return best;
}

/// Where a fit begins: what the hardware suggests, before any row was seen.
inline constexpr hw::gemmini_constants guess{.block_cycles = 4.8,
                                             .row_cycles = 0.63,
                                             .preload_cycles = 1.1,
                                             .weight_cycles = 0.135,
                                             .product_cycles = 0.09,
                                             .window_cycles = 0.115,
                                             .store_cycles = 2.2,
                                             .hidden_share = 0.2,
                                             .exposed_share = 0.2,
                                             .tile_cycles = 300,
                                             .start_cycles = 1300,
                                             .narrow_cycles = 18,
                                             .lone_share = 0.3};

} // namespace gemmini
