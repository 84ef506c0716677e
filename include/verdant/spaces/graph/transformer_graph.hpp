#pragma once

#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>

#include <algorithm>
#include <cstddef>

namespace verdant::spaces {

namespace detail {

/// The largest number of layers in such a space.
template <class S>
[[nodiscard]] consteval std::size_t most_layers() {
    constexpr auto layers = view_of<S>.find("layers");
    std::size_t most = 0;
    for (std::size_t i = 0; i < view_of<S>.domain_size(layers); ++i) most = std::max(most, static_cast<std::size_t>(number_of(view_of<S>, layers, i)));
    return most;
}

template <class S>
[[nodiscard]] consteval std::size_t values_of(const char* parameter) {
    return view_of<S>.domain_size(view_of<S>.find(parameter));
}

} // namespace detail

/// Truncated BERTs, ViTs and Llamas: a node for each layer, with the place of its feed-forward width, width and heads in their domains.
template <transformer_space S>
struct sequence_graph<S> {
    using columns = node_columns<category<"layer", verdant::spaces::detail::most_layers<S>()>, category<"ffn", verdant::spaces::detail::values_of<S>("ffn")>,
                                 category<"width", verdant::spaces::detail::values_of<S>("width")>, category<"heads", verdant::spaces::detail::values_of<S>("heads")>>;
    static constexpr void describe(sequence_builder& g) {
        for (std::size_t j = 0; j < verdant::spaces::detail::most_layers<S>(); ++j)
            g.node({g.constant(static_cast<double>(j)), g.choice("ffn"), g.choice("width"), g.choice("heads")}, g.above("layers", static_cast<double>(j)));
    }
};

} // namespace verdant::spaces
