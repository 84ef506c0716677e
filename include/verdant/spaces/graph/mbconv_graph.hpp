#pragma once

#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <cstddef>

namespace verdant::spaces {

/// The sub-networks of OFA-MobileNetV3 and OFA-ProxylessNAS in AutoBuild's format `custom`: the graph of a point is `custom_graph(config_of(p))`. A
/// space has it whose expansions are among 3, 4 and 6 and whose kernels are among 3, 5 and 7.
template <mbconv_space S>
struct sequence_graph<S> {
    using columns = node_columns<category<"stage", 6>, category<"layer", 4>, category<"mbconv", 2>, category<"expand", 3>, category<"kernel", 3>, number<"resolution">>;
    static constexpr void describe(sequence_builder& g) {
        for (std::size_t s = 0; s < S::stages; ++s)
            for (std::size_t j = 0; j < static_cast<std::size_t>(S::family.stages[s].blocks); ++j)
                g.node({g.constant(static_cast<double>(s)), g.constant(static_cast<double>(j)), g.constant(mbconv_digit(mbconv_family_of<S>) - 2),
                        g.position(parameter_name{"stage", s, ".block", j, ".expand"}, {3, 4, 6}),
                        g.position(parameter_name{"stage", s, ".block", j, ".kernel"}, {3, 5, 7}), g.number("image_size", 192, 32)});
    }
};

} // namespace verdant::spaces
