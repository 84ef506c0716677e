#pragma once

#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/spaces/carbon_nas/clip_co_design.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>

#include <string_view>

namespace verdant::spaces {

/// The towers of pruned CLIPs as two chains, text (tower 0) and vision (1): a node for each layer, with the place of its feed-forward width, width
/// and heads in their domains. Of layers in twelfths there is a node for each twelfth. Parameters of an accelerator are no part of it.
template <clip_space S>
struct sequence_graph<S> {
    using columns = node_columns<category<"tower", 2>, category<"layer", 12>, category<"ffn", 8>, category<"width", 8>, category<"heads", 16>>;
    static constexpr void describe(sequence_builder& g) {
        if constexpr (verdant::spaces::detail::names_clip_shares<S>) {
            tower(g, 0, "text.layer_twelfths", "text.ffn_eighths", "text.width_eighths", "text.head_eighths");
            tower(g, 1, "vision.layer_twelfths", "vision.ffn_eighths", "vision.width_eighths", "vision.head_twelfths");
        } else {
            tower(g, 0, "text.layers", "text.ffn", "text.width", "text.heads");
            tower(g, 1, "vision.layers", "vision.ffn", "vision.width", "vision.heads");
        }
    }

private:
    static constexpr void tower(sequence_builder& g, int number, std::string_view layers, std::string_view ffn, std::string_view width, std::string_view heads) {
        g.chain();
        for (int j = 0; j < 12; ++j) g.node({g.constant(number), g.constant(j), g.choice(ffn), g.choice(width), g.choice(heads)}, g.above(layers, j));
    }
};

} // namespace verdant::spaces
