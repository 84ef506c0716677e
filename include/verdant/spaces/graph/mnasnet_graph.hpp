#pragma once

#include <verdant/spaces/graph/sequence_graph.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/mnasnet/mnasnet_1d.hpp>

#include <cstddef>

namespace verdant::spaces {

/// Networks of Accel-NASBench: a node for each layer of the seven blocks, with what is chosen for its block.
template <>
struct sequence_graph<mnasnet> {
    using columns = node_columns<category<"block", 7>, category<"layer", 4>, category<"expansion", 3>, category<"kernel", 2>, category<"excitation", 2>>;
    static constexpr void describe(sequence_builder& g) {
        for (std::size_t b = 0; b < mnasnet_block_count; ++b)
            for (std::size_t j = 0; j < mnasnet_deep_layers::size; ++j)
                if (j < view_of<mnasnet>.domain_size(mnasnet_layout::layers(b)))
                    g.node({g.constant(static_cast<double>(b)), g.constant(static_cast<double>(j)), g.choice(parameter_name{"block", b, "_e"}),
                            g.choice(parameter_name{"block", b, "_k"}), g.position(parameter_name{"block", b, "_se"}, {0, 1})},
                           g.above(parameter_name{"block", b, "_l"}, static_cast<double>(j)));
    }
};

/// Its networks for signals: layers of five blocks.
template <>
struct sequence_graph<mnasnet_1d> {
    using columns = node_columns<category<"block", 5>, category<"layer", 3>, category<"expansion", 3>, category<"kernel", 2>>;
    static constexpr void describe(sequence_builder& g) {
        for (std::size_t b = 0; b < mnasnet_1d_block_count; ++b)
            for (std::size_t j = 0; j < mnasnet_layers::size; ++j)
                g.node({g.constant(static_cast<double>(b)), g.constant(static_cast<double>(j)), g.choice(parameter_name{"block", b, "_e"}),
                        g.choice(parameter_name{"block", b, "_k"})},
                       g.above(parameter_name{"block", b, "_l"}, static_cast<double>(j)));
    }
};

} // namespace verdant::spaces
