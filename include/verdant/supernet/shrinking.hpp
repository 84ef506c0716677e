#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/supernet/shrinking_phase.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Progressive shrinking: the values that sub-networks are drawn from in each phase.
namespace verdant::supernet {

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

namespace detail {

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

} // namespace detail

/// Everything that a space has: what is drawn from when training is over.
template <spaces::elastic_space Space>
[[nodiscard]] shrinking_candidates all_candidates() {
    using namespace verdant::supernet::detail;
    return {domain_values<typename Space::kernels, int>(), domain_values<typename Space::expands, double>(),
            domain_values<typename Space::depths, int>()};
}

/// The same of a residual space: ratios of 3x3 bottlenecks, blocks of a stage beyond the least, and widths.
template <spaces::resnet_space Space>
[[nodiscard]] shrinking_candidates all_candidates() {
    shrinking_candidates c{{3}, verdant::supernet::detail::domain_values<spaces::resnet_ratios, double>(), {}};
    for (int d = 0; d <= Space::resnet.most_extra; ++d) c.depths.push_back(d);
    for (std::size_t w = 0; w < Space::resnet.multipliers.size(); ++w) c.widths.push_back(static_cast<int>(w));
    return c;
}

/// Throws input_error for a phase that would train nothing: numbers of epochs below 0, none at all, rates that are not finite, a learning rate that
/// is not above 0.
inline void check_phase(const shrinking_phase& p) {
    constexpr std::string_view source = "progressive shrinking";
    if (p.epochs < 0) throw input_error{source, "epochs", "at least 0", std::to_string(p.epochs)};
    if (p.warmup_epochs < 0) throw input_error{source, "warmup_epochs", "at least 0", std::to_string(p.warmup_epochs)};
    if (p.epochs == 0 && p.warmup_epochs == 0) throw input_error{source, "epochs", "at least 1, with those of the warm-up", "0"};
    require_positive(source, "learning_rate", p.learning_rate);
    require_not_negative(source, "warmup_rate", p.warmup_rate);
}

/// What a phase draws from: in the tasks before the current one everything, in those after it the largest value only, in the current one the
/// largest values, one more each phase until all are open in the last one; kernels open all at once.
/// @throws input_error for a phase that its task does not have, or widths of a space without
template <verdant::supernet::detail::shrinking_space Space>
[[nodiscard]] shrinking_candidates candidates_of(const shrinking_phase& p) {
    using namespace verdant::supernet::detail;
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
