#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/variation.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <cstddef>
#include <cstdint>

namespace verdant::spaces {

/// The mutation that Once-for-All and MOOFA search with, for points: with one probability another image size, with another one for each block another
/// kernel and expansion together, and for each stage another depth; all values of a list are equally likely, the present one as well. Blocks that
/// come into being are random. A coupling that breaks is kept from the parent.
struct elastic_mutation {
    double rate = 0.1; ///< published: of each block and each stage
    double resolution_rate = 0.5; ///< published
    using described = members<member<"rate", &elastic_mutation::rate>, member<"resolution_rate", &elastic_mutation::resolution_rate>>;

    template <elastic_space S>
    [[nodiscard]] point<S> operator()(const point<S>& parent, random_stream& random) const {
        using layout = elastic_layout<S>;
        auto child = parent;
        const auto draw = [&](std::size_t p) { child[p] = static_cast<typename point<S>::index_type>(random.below(view_of<S>.domain_size(p))); };
        if (random.chance(resolution_rate)) draw(layout::image_size);
        for (std::size_t s = 0; s < S::stages; ++s) {
            const int before = layout::depth_value(s, parent[layout::depth(s)]);
            if (random.chance(rate)) draw(layout::depth(s));
            const int after = layout::depth_value(s, child[layout::depth(s)]);
            for (int j = 0; j < after; ++j)
                if (j >= before || random.chance(rate)) {
                    draw(layout::kernel(s, static_cast<std::size_t>(j)));
                    draw(layout::expand(s, static_cast<std::size_t>(j)));
                }
        }
        verdant::detail::settle_groups(feasible_set_of<S>(), child, parent, verdant::detail::broken_group::inherited);
        return child;
    }
};

} // namespace verdant::spaces
