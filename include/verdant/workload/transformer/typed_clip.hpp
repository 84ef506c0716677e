#pragma once

#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/transformer/clip.hpp>

namespace verdant::workload {

/// A CLIP as a type. Derive a struct of its own, so that diagnostics stay short:
///
///     struct my_clip : clip<clip_config{.text = {6, 384, 1536, 6}, .vision = {6, 480, 1920, 8}}> {};
///
/// `my_clip::operators` is the fused operator list, a constant.
template <clip_config Config>
struct clip {
    static_assert(Config.image <= 0 || Config.patch <= 0 || Config.image % Config.patch == 0,
                  "verdant: the patches of this CLIP do not tile its image; choose a patch that divides the image size");
    static_assert(is_well_formed(Config) || (Config.image > 0 && Config.patch > 0 && Config.image % Config.patch != 0),
                  "verdant: a dimension of this CLIP is not positive, or larger than any model's; give layers, widths, heads, patch, image, context and joint");

    static constexpr clip_config config = Config;
    static constexpr model operators = workload::operators(Config);
};

} // namespace verdant::workload
