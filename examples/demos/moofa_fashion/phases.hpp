// How the two supernets of moofa_fashion are trained, and how much work that is.
#pragma once

#include "options.hpp"

#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/supernet/shrinking_phase.hpp>
#include <verdant/supernet/subnet_sampling.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace moofa_fashion {

namespace vd = verdant;

// [phases]
/// The teacher is the largest network, trained alone; then kernels, depths and ratios become elastic. Rates are higher and epochs fewer than published,
/// as befits small networks.
struct stage {
    const char* name;
    vd::supernet::shrinking_phase phase;
    bool teacher = false;
};
using enum vd::supernet::shrinking_task;
inline constexpr std::array stages{stage{"teacher", {kernel, 1, 1, 6, 0.1, 1, 0.01, 1}, true}, //
                                   stage{"kernel_1", {kernel, 1, 1, 2, 0.05, 0, 0.05, 1}}, //
                                   stage{"depth_1", {depth, 1, 1, 3, 0.03, 0, 0.03, 2}}, //
                                   stage{"expand_1", {expand, 1, 2, 2, 0.02, 0, 0.02, 2}}, //
                                   stage{"expand_2", {expand, 2, 2, 4, 0.02, 0, 0.02, 2}}};

struct staged_subnets {
    vd::supernet::random_subnets random;
    bool largest;

    template <class Space>
    std::vector<typename Space::arch_type> operator()(std::type_identity<Space> space, std::int64_t step,
                                                      const vd::supernet::shrinking_candidates& c) const {
        return largest ? std::vector{vd::spaces::largest_arch<Space>()} : random(space, step, c);
    }
};
// [/phases]

inline vd::supernet::shrinking_phase scaled(vd::supernet::shrinking_phase p, double epochs) {
    const auto times = [epochs](int n) { return std::max(1, static_cast<int>(std::lround(n * epochs))); };
    p.epochs = times(p.epochs);
    if (p.warmup_epochs > 0) p.warmup_epochs = times(p.warmup_epochs);
    return p;
}

/// Work in units of one image through one sub-network, forwards and backwards.
inline double training_work(const settings& s, const stage& of) {
    const auto p = scaled(of.phase, s.epochs);
    return static_cast<double>((p.epochs + p.warmup_epochs) * static_cast<std::int64_t>(s.images)) * (p.subnets + (of.teacher ? 0.0 : 0.4));
}
inline double judging_work(const settings& s, std::size_t judged) { return 0.4 * static_cast<double>(judged + s.calibration); }
inline double all_work(const settings& s) {
    double sum = static_cast<double>(s.samples) * judging_work(s, s.validation) + static_cast<double>(s.limits.size()) * judging_work(s, s.test);
    for (const auto& of : stages) sum += training_work(s, of);
    return sum;
}

} // namespace moofa_fashion
