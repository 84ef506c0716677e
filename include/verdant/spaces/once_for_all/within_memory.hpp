#pragma once

#include <verdant/spaces/once_for_all/constant_memory.hpp>
#include <verdant/spaces/once_for_all/elastic_arch.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <cstddef>
#include <cstdint>

/// The constant-memory family for a given budget.
namespace verdant::spaces {

namespace detail {

/// The widest constant-memory family within a budget.
struct memory_design {
    spaces::mobile_family family{};
    std::int64_t peak = 0;  ///< of its largest network
    bool fits = false;
};

/// The peak of the network with the largest value of everything. It has 5 stages; the raw form must be long enough for their blocks.
template <std::size_t Blocks>
[[nodiscard]] consteval std::int64_t greatest_peak(const spaces::mobile_family& f, int image, int kernel, double expand, int depth) {
    spaces::elastic_arch<Blocks, 5> a{};
    a.image_size = image;
    a.ks.fill(kernel);
    a.e.fill(expand);
    a.d.fill(depth);
    return workload::peak_memory(spaces::net_of(f, a));
}

template <class Images, class Kernels, class Expands, class Depths>
[[nodiscard]] consteval memory_design widest_within(std::int64_t budget, int classes) {
    constexpr int image = static_cast<int>(greatest_value<Images>()), kernel = static_cast<int>(greatest_value<Kernels>());
    constexpr int depth = static_cast<int>(greatest_value<Depths>());
    constexpr auto expand = static_cast<double>(greatest_value<Expands>());
    // Wider never needs less, but for rounding: look a little beyond the first width that is too much.
    memory_design best;
    for (int width = 8, failed = 0; failed < 3 && width <= 1024; width += 8) {
        const int side = workload::strided(workload::strided(image, 2), 2);
        const auto family = spaces::constant_memory_family({.side = side, .width = width, .expand = expand, .kernel = kernel}, classes, depth);
        const auto peak = greatest_peak<static_cast<std::size_t>(5 * depth)>(family, image, kernel, expand, depth);
        if (width == 8) best = {family, peak, false};
        if (peak > budget) ++failed;
        else best = {family, peak, true};
    }
    return best;
}

/// A class of its own, so that a space that fails is still a space and only the failure is reported.
template <bool Fits>
struct budget_check {
    static_assert(Fits, "verdant: no network of 8 channels or more fits this memory budget; give more elements, smaller images or expansions");
    static constexpr bool value = true;
};

} // namespace detail

/// A supernet of constant memory of your own: as MOOFA for another budget, resolution, expansion. The widths follow from the recurrence; the width of
/// the first elastic stage is the largest multiple of 8 with which no network of the space needs more than the budget.
///
///     struct my_space : spaces::constant_memory<400'000, choices<96, 128, 160>> {};
///
/// @tparam Budget  elements (not bytes) that the largest network may need
/// @tparam Images  sides of the input
/// @tparam Expands expansion ratios; the largest one, the largest kernel and the largest image are the recurrence's reference
/// @tparam Classes of the classifier
template <std::int64_t Budget, domain Images = published_images, domain Expands = choices<2, 3, 4>, domain Kernels = published_kernels,
          domain Depths = published_depths, int Classes = 1000>
struct constant_memory
    : once_for_all<verdant::spaces::detail::widest_within<Images, Kernels, Expands, Depths>(Budget, Classes).family, Images, Kernels, Expands, Depths> {
    static constexpr std::int64_t budget = Budget;
    /// Of the largest network.
    static constexpr std::int64_t peak = verdant::spaces::detail::widest_within<Images, Kernels, Expands, Depths>(Budget, Classes).peak;

    static_assert(verdant::spaces::detail::budget_check<verdant::spaces::detail::widest_within<Images, Kernels, Expands, Depths>(Budget, Classes).fits>::value);
};

} // namespace verdant::spaces
