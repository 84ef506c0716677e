#pragma once

#include <verdant/error.hpp>
#include <verdant/spaces/ofa_resnet.hpp>
#include <verdant/spaces/once_for_all.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace verdant::supernet {

/// What becomes elastic next in progressive shrinking. Widths are elastic in residual spaces only.
enum class shrinking_task : unsigned char { kernel, depth, expand, width };

/// One phase of progressive shrinking: some of the values of one choice are opened after all those before it are trained (moofa.md, section 6.1).
struct shrinking_phase {
    shrinking_task task = shrinking_task::kernel;
    int phase = 1;  ///< from 1
    int phases = 1; ///< of this task
    int epochs = 120;
    double learning_rate = 3e-3; ///< for one process; multiplied by their number
    int warmup_epochs = 5;
    double warmup_rate = 3e-3; ///< where the warm-up starts
    int subnets = 1;           ///< sub-networks whose gradients one step adds

    friend constexpr bool operator==(const shrinking_phase&, const shrinking_phase&) = default;
};

/// How the teacher of the memory-optimised supernets is trained before them: the largest network by itself, see `largest_subnet` and `learn_labels`
/// (moofa, configs/train.yaml).
inline constexpr shrinking_phase moofa_teacher{shrinking_task::kernel, 1, 1, 180, 3e-2, 0, 3e-3, 1};

/// The phases of the memory-optimised supernets (moofa, configs/train.yaml).
inline constexpr std::array<shrinking_phase, 5> moofa_phases{{{shrinking_task::kernel, 1, 1, 120, 3e-3, 5, 3e-3, 1},
                                                              {shrinking_task::depth, 1, 2, 25, 2.5e-4, 0, 2.5e-3, 2},
                                                              {shrinking_task::depth, 2, 2, 120, 7.5e-4, 5, 7.5e-5, 2},
                                                              {shrinking_task::expand, 1, 2, 25, 2.5e-4, 0, 2.5e-5, 4},
                                                              {shrinking_task::expand, 2, 2, 120, 2.5e-4, 5, 7.5e-5, 4}}};

/// The phases of Once-for-all (ofa, train_ofa_net.py).
inline constexpr std::array<shrinking_phase, 5> ofa_phases{{{shrinking_task::kernel, 1, 1, 120, 3e-2, 5, 3e-2, 1},
                                                            {shrinking_task::depth, 1, 2, 25, 2.5e-3, 0, 2.5e-3, 2},
                                                            {shrinking_task::depth, 2, 2, 120, 7.5e-3, 5, 7.5e-3, 2},
                                                            {shrinking_task::expand, 1, 2, 25, 2.5e-3, 0, 2.5e-3, 4},
                                                            {shrinking_task::expand, 2, 2, 120, 7.5e-3, 5, 7.5e-3, 4}}};

/// Lists for single places, in place of those for all: by block for kernels and ratios, by entry of the raw form for depths and widths.
struct place_candidates {
    std::map<std::size_t, std::vector<int>> kernels{};
    std::map<std::size_t, std::vector<double>> expands{};
    std::map<std::size_t, std::vector<int>> depths{}, widths{};

    friend bool operator==(const place_candidates&, const place_candidates&) = default;
};

/// The values that a phase may draw from, in the order in which the space lists them.
struct shrinking_candidates {
    std::vector<int> kernels;
    std::vector<double> expands;
    std::vector<int> depths;
    std::vector<int> widths{}; ///< of residual spaces: indices of width multipliers
    place_candidates places{};

    friend bool operator==(const shrinking_candidates&, const shrinking_candidates&) = default;
};

} // namespace verdant::supernet

namespace verdant::detail {

/// A space whose supernets can be trained.
template <class Space>
concept shrinking_space = spaces::elastic_space<Space> || spaces::resnet_space<Space>;

template <class Domain, class T>
[[nodiscard]] std::vector<T> domain_values() {
    std::vector<T> out;
    for (std::size_t i = 0; i < Domain::size; ++i) out.push_back(static_cast<T>(Domain::value(i)));
    return out;
}

/// The largest `count` values, in their order.
template <class T>
[[nodiscard]] std::vector<T> largest_values(std::vector<T> values, std::size_t count) {
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    if (count < sorted.size()) std::erase_if(values, [least = sorted[sorted.size() - count]](const T& v) { return v < least; });
    return values;
}

} // namespace verdant::detail

namespace verdant::supernet {

/// Everything that a space has: what is drawn from when training is over.
template <spaces::elastic_space Space>
[[nodiscard]] shrinking_candidates all_candidates() {
    using namespace verdant::detail;
    return {domain_values<typename Space::kernels, int>(), domain_values<typename Space::expands, double>(),
            domain_values<typename Space::depths, int>()};
}

/// The same of a residual space: ratios of 3x3 bottlenecks, blocks of a stage beyond the least, and widths.
template <spaces::resnet_space Space>
[[nodiscard]] shrinking_candidates all_candidates() {
    shrinking_candidates c{{3}, verdant::detail::domain_values<spaces::resnet_ratios, double>(), {}};
    for (int d = 0; d <= Space::resnet.most_extra; ++d) c.depths.push_back(d);
    for (std::size_t w = 0; w < Space::resnet.multipliers.size(); ++w) c.widths.push_back(static_cast<int>(w));
    return c;
}

/// What a phase draws from: in the tasks before the current one everything, in those after it the largest value only, in the current one the
/// largest values, one more each phase until all are open in the last one; kernels open all at once.
/// @throws input_error for a phase that its task does not have, or widths of a space without
template <verdant::detail::shrinking_space Space>
[[nodiscard]] shrinking_candidates candidates_of(const shrinking_phase& p) {
    using namespace verdant::detail;
    if (p.phase < 1 || p.phase > p.phases)
        throw input_error{"progressive shrinking", "phase", "1 to " + std::to_string(p.phases), std::to_string(p.phase)};
    auto all = all_candidates<Space>();
    if (p.task == shrinking_task::width && all.widths.empty())
        throw input_error{"progressive shrinking", "task", "kernel, depth or expand, since the widths of this space are fixed", "width"};
    const auto open = [&p](auto& values, shrinking_task opened_by) {
        const auto closed = static_cast<std::size_t>(p.phases - p.phase);
        if (p.task < opened_by) values = largest_values(values, 1);
        else if (p.task == opened_by) values = largest_values(values, closed < values.size() ? values.size() - closed : 1);
    };
    open(all.depths, shrinking_task::depth);
    open(all.expands, shrinking_task::expand);
    open(all.widths, shrinking_task::width);
    return all;
}

} // namespace verdant::supernet
