#pragma once

#include <verdant/error.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace verdant::supernet {

/// A sub-network that validation runs, and its name in the originals' logs: `R224-D4-E6-K7-W0`.
template <class Space>
struct validation_subnet {
    typename Space::arch_type arch{};
    std::string name;
};

namespace detail {

template <class T>
[[nodiscard]] std::vector<T> least_and_greatest(const std::vector<T>& values) {
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    return *least == *greatest ? std::vector<T>{*least} : std::vector<T>{*least, *greatest};
}

/// All blocks and stages alike, as far as the space lets them.
template <spaces::elastic_space Space>
[[nodiscard]] typename Space::arch_type uniform_arch(int kernel, double expand, int depth, int) {
    typename Space::arch_type a{};
    a.ks.fill(kernel);
    a.e.fill(expand);
    for (std::size_t s = 0; s < Space::stages; ++s) a.d[s] = std::min(depth, Space::family.stages[s].blocks);
    return a;
}
template <spaces::resnet_space Space>
[[nodiscard]] spaces::resnet_arch uniform_arch(int, double expand, int depth, int width) {
    spaces::resnet_arch a;
    a.e.fill(expand);
    a.d.fill(depth);
    a.w.fill(width);
    return a;
}

} // namespace detail

/// The sub-networks with the least and the largest of every candidate that a supernet is validated with, all alike in their blocks, depth by depth,
/// ratio by ratio, kernel by kernel, width by width, size by size (MOOFA, train.py).
/// @param candidates of the phase @param task in the kernels' phase all kernels are run @param sizes sides of images
/// @throws input_error if there are no candidates
template <verdant::supernet::detail::shrinking_space Space>
[[nodiscard]] std::vector<validation_subnet<Space>> validation_grid(const shrinking_candidates& candidates, shrinking_task task,
                                                                    std::span<const int> sizes) {
    if (candidates.kernels.empty() || candidates.expands.empty() || candidates.depths.empty())
        throw input_error{"validation of a supernet", "candidates", "at least one kernel, ratio and depth", "none"};
    using verdant::supernet::detail::least_and_greatest;
    auto kernels = candidates.kernels;
    std::sort(kernels.begin(), kernels.end());
    if (task != shrinking_task::kernel) kernels = least_and_greatest(kernels);
    // Widths that are fixed count as the first one, as in the originals' names.
    const auto widths = candidates.widths.empty() ? std::vector{0} : least_and_greatest(candidates.widths);
    std::vector<validation_subnet<Space>> out;
    for (const int d : least_and_greatest(candidates.depths))
        for (const double e : least_and_greatest(candidates.expands))
            for (const int k : kernels)
                for (const int w : widths)
                    for (const int size : sizes) {
                        validation_subnet<Space> v{verdant::supernet::detail::uniform_arch<Space>(k, e, d, w), {}};
                        v.arch.image_size = size;
                        v.name = "R" + std::to_string(size) + "-D" + std::to_string(d) + "-E" + exact_text(e) + "-K" + std::to_string(k) + "-W" +
                                 std::to_string(w);
                        out.push_back(std::move(v));
                    }
    return out;
}

} // namespace verdant::supernet
