#pragma once

#include <verdant/graph/csr_graph.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>

#include <cstddef>
#include <cstdint>

namespace verdant::surrogate::detail {

/// How the rows of the nodes before a node become one.
enum class gathering : std::uint8_t { add, mean, max };

/// What each node of a run takes from the nodes before it.
template <class Scalar>
struct gathering_job {
    const std::uint32_t* row_starts;
    const graph::node* sources;
    std::size_t origin, first, last;
    rows_of<const Scalar> x; ///< row 0 is that of `origin`
    rows_of<Scalar> y;       ///< row 0 is that of `first`
    std::size_t width;       ///< a multiple of `row_block`
    const Scalar* of_edges;  ///< factors of the edges of the run, as the graph has them, or null
    const Scalar* of_loops;  ///< factors of the nodes themselves, from `first`, which takes edges from a node to itself out; or null
    gathering how;
};

struct gathering_kernel {
    template <class Scalar, std::size_t Lanes>
    [[gnu::always_inline]] static inline void run(const gathering_job<Scalar>& j) {
        using vec = typename lanes<Scalar, Lanes>::aligned;
        using loose = typename lanes<Scalar, Lanes>::anywhere;
        const auto first_edge = j.row_starts[j.first];
        for (auto i = j.first; i < j.last; ++i) {
            const auto begin = j.row_starts[i], end = j.row_starts[i + 1];
            Scalar* const y = j.y.row(i - j.first);
            const Scalar share = j.how == gathering::mean && end - begin > 1 ? Scalar{1} / static_cast<Scalar>(end - begin) : Scalar{1};
            for (std::size_t c = 0; c < j.width; c += Lanes) {
                vec sum = {};
                for (auto e = begin; e < end; ++e) {
                    const auto source = j.sources[e];
                    if (j.of_loops != nullptr && source == i) continue;
                    vec value = *reinterpret_cast<const loose*>(j.x.row(source - j.origin) + c);
                    if (j.of_edges != nullptr) value *= j.of_edges[e - first_edge];
                    if (j.how == gathering::max && e > begin) sum = value > sum ? value : sum;
                    else sum += value;
                }
                if (j.of_loops != nullptr) sum += j.of_loops[i - j.first] * *reinterpret_cast<const loose*>(j.x.row(i - j.origin) + c);
                *reinterpret_cast<loose*>(y + c) = sum * share;
            }
        }
    }
};

} // namespace verdant::surrogate::detail
