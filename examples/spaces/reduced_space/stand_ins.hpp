#pragma once

// What stands for trained and measured networks, and for a predictor.

#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/spaces/autobuild/module_point.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>

#include <cstddef>
namespace vd = verdant;

using space = vd::spaces::ofa_mobilenet_v3<1.2>;
using reduced_space = vd::reduced_space<space>;

// Stands for predictors: expansions make a network more accurate, less so from block to block, and blocks and kernels make it slower.
inline vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<space>& p) {
    double accuracy = 0.7, milliseconds = 1;
    for (const auto& unit : vd::spaces::config_of(p).units)
        for (std::size_t j = 0; j < unit.size(); ++j) {
            accuracy += 0.002 * unit[j].expand / static_cast<double>(j + 1) + 0.0004 * unit[j].kernel;
            milliseconds += 0.1 * unit[j].expand + 0.02 * unit[j].kernel * unit[j].kernel;
        }
    return {accuracy, milliseconds * vd::milliseconds{}};
}

// Stands for a predictor whose embeddings score modules: accuracy for the time that a module takes. A unit's modules are all that its parameters allow.
inline reduced_space::modules_type scored_modules() {
    reduced_space::modules_type scored;
    for (std::size_t unit = 0; unit < scored.size(); ++unit)
        for (std::size_t n = 2; n <= 4; ++n)
            for (std::size_t code = 0; code < (n == 2 ? 81U : n == 3 ? 729U : 6561U); ++code) {
                vd::spaces::mbconv_units blocks(1);
                double score = 0;
                for (std::size_t j = 0, rest = code; j < n; ++j, rest /= 9) {
                    blocks[0].push_back({vd::spaces::mbconv_expands[rest % 3], vd::spaces::mbconv_kernels[rest / 3 % 3]});
                    score += 0.01 * blocks[0][j].expand / static_cast<double>(j + 1) - 0.0001 * blocks[0][j].kernel * blocks[0][j].kernel;
                }
                scored[unit].push_back({vd::spaces::module_point<space>(unit, blocks), score});
            }
    return scored;
}
