#pragma once

#include <verdant/spaces/graph/sequence_graph.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>

#include <cstddef>

namespace verdant::spaces {

/// The sub-networks of OFA-ResNet50D: the stem (stage 0; its layer is 1 with the residual convolution, its ratio the multiplier of its inner width),
/// and a node for each bottleneck with its ratio and the width multiplier of its stage. The side of the picture is in units of 32, from 224 on.
template <resnet_space S>
struct sequence_graph<S> {
    using columns = node_columns<category<"stage", 5>, category<"layer", 6>, category<"expand", 3>, category<"width", 3>, number<"resolution">>;
    static constexpr void describe(sequence_builder& g) {
        g.node({g.constant(0), g.choice("stem.depth"), g.choice("stem.inner_width"), g.choice("stem.width"), g.number("image_size", 224, 32)});
        for (std::size_t s = 0; s < resnet_family::stages; ++s)
            for (int j = 0; j < S::resnet.blocks(static_cast<int>(s)); ++j)
                g.node({g.constant(static_cast<double>(s + 1)), g.constant(j), g.choice(parameter_name{"stage", s, ".block", j, ".expand"}),
                        g.choice(parameter_name{"stage", s, ".width"}), g.number("image_size", 224, 32)});
    }
};

} // namespace verdant::spaces
