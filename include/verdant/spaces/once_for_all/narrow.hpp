#pragma once

#include <verdant/spaces/once_for_all/constant_memory.hpp>
#include <verdant/spaces/once_for_all/mobile_family.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

/// Narrow spaces for small images, for demonstrations and tests.
namespace verdant::spaces {

/// Sides of the images, kernels and depths of the narrow spaces.
using narrow_images = choices<24, 28, 32>;
using narrow_kernels = choices<3, 5>;
using narrow_depths = choices<1, 2>;

/// Once-for-all's family at half its width, cut to three stages, for images of 32 pixels.
[[nodiscard]] constexpr mobile_family narrow_mobilenet_family(int classes = 10, int depth = 2) {
    using enum nonlinearity;
    return {.first_conv = 8,
            .first_block = 8,
            .stages = {{{16, 2, relu, false, depth}, {24, 2, relu, true, depth}, {40, 1, h_swish, true, depth}}},
            .stage_count = 3,
            .final_expand = 96,
            .feature_mix = 128,
            .classes = classes};
}

/// MOOFA's family for images of 32 pixels, with the same layers before the stages: every stage halves the resolution, and its width is what the
/// recurrence of constant memory gives at a reference image of 32, expansion of 4 and kernel of 5.
[[nodiscard]] constexpr mobile_family narrow_constant_memory_family(int classes = 10, int depth = 2) {
    constexpr memory_reference reference{.side = 8, .width = 24, .expand = 4, .kernel = 5};
    const auto w = constant_memory_widths(reference);
    using enum nonlinearity;
    return {.first_conv = 8,
            .first_block = 8,
            .stages = {{{reference.width, 2, h_swish, false, depth}, {w[0], 2, h_swish, true, depth}, {w[1], 2, h_swish, true, depth}}},
            .stage_count = 3,
            .final_expand = w[2],
            .feature_mix = 128,
            .classes = classes};
}

/// A Once-for-all space that trains in minutes on a processor: for 32 x 32 pixels and 10 classes, such as Fashion-MNIST's.
struct narrow_ofa : once_for_all<narrow_mobilenet_family(), narrow_images, narrow_kernels, choices<3, 4, 6>, narrow_depths> {};
/// A MOOFA of about the same largest peak of memory, with MOOFA's expansions.
struct narrow_moofa : once_for_all<narrow_constant_memory_family(), narrow_images, narrow_kernels, choices<2, 3, 4>, narrow_depths> {};

} // namespace verdant::spaces
