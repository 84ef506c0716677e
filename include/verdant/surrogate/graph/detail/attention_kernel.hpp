#pragma once

#include <verdant/graph/csr_graph.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace verdant::surrogate::detail {

/// Attention of the nodes of a run to the nodes before them and, with `loops`, to themselves in place of edges from a node to itself. Heads are
/// `width` numbers each, a multiple of `row_block`.
template <class Scalar>
struct attention_job {
    const std::uint32_t* row_starts;
    const graph::node* sources;
    std::size_t origin, first, last, heads, width;
    bool loops;
    Scalar slope;             ///< of what is below 0
    rows_of<const Scalar> x;  ///< what is summed, [heads, width]; row 0 is that of `origin`
    std::size_t to;           ///< GATv2: where the second projection of a node begins in its row
    const Scalar* attention;  ///< GATv2: [heads, width]
    const Scalar* of_edges;   ///< GATv2: projected features, [edges of the run, heads, width], or null
    const Scalar* of_loops;   ///< the same of the nodes from `first`
    const Scalar* from_node;  ///< GAT: the score of a node as a source, [nodes from origin, heads]; null for GATv2
    const Scalar* to_node;    ///< GAT: as a target
    const Scalar* bias;       ///< [heads, width]
    Scalar* scores;           ///< room for those of one node
    rows_of<Scalar> y;        ///< [heads, width]; row 0 is that of `first`
    Scalar* shares;           ///< what is kept of the shares: [edges of the run, heads], then [nodes, heads] of loops; or null
};

struct attention_kernel {
    /// sum_c attention_c leaky(x_c + z_c (+ e_c)).
    template <class Scalar, std::size_t Lanes>
    [[gnu::always_inline]] static inline Scalar score(const attention_job<Scalar>& j, const Scalar* x, const Scalar* z, const Scalar* e, const Scalar* attention) {
        using vec = typename lanes<Scalar, Lanes>::aligned;
        using loose = typename lanes<Scalar, Lanes>::anywhere;
        constexpr std::size_t vectors = row_block / Lanes;
        vec partial[vectors];
        for (std::size_t v = 0; v < vectors; ++v) partial[v] = vec{};
        for (std::size_t c = 0; c < j.width; c += row_block)
            for (std::size_t v = 0; v < vectors; ++v) {
                const std::size_t at = c + v * Lanes;
                vec m = *reinterpret_cast<const loose*>(x + at) + *reinterpret_cast<const loose*>(z + at);
                if (e != nullptr) m += *reinterpret_cast<const loose*>(e + at);
                const vec low = m * j.slope;
                m = m > Scalar{0} ? m : low;
                partial[v] += m * *reinterpret_cast<const loose*>(attention + at);
            }
        return sum_of_block<Scalar, Lanes>(partial);
    }

    template <class Scalar, std::size_t Lanes>
    [[gnu::always_inline]] static inline void run(const attention_job<Scalar>& j) {
        using vec = typename lanes<Scalar, Lanes>::aligned;
        using loose = typename lanes<Scalar, Lanes>::anywhere;
        const auto first_edge = j.row_starts[j.first];
        const auto row_width = j.heads * j.width;
        for (auto i = j.first; i < j.last; ++i) {
            const auto begin = j.row_starts[i], end = j.row_starts[i + 1];
            const Scalar* const self = j.x.row(i - j.origin);
            for (std::size_t h = 0; h < j.heads; ++h) {
                const auto at = h * j.width;
                // Scores of all edges, then that of the node itself.
                const auto scored = [&](const Scalar* source, std::size_t node, const Scalar* edge) __attribute__((always_inline)) {
                    if (j.from_node != nullptr) {
                        const Scalar s = j.from_node[(node - j.origin) * j.heads + h] + j.to_node[(i - j.origin) * j.heads + h];
                        return s > 0 ? s : s * j.slope;
                    }
                    return score<Scalar, Lanes>(j, source + at, self + j.to + at, edge == nullptr ? nullptr : edge + at, j.attention + at);
                };
                Scalar most = -std::numeric_limits<Scalar>::infinity();
                std::size_t n = 0;
                for (auto e = begin; e < end; ++e) {
                    const auto source = j.sources[e];
                    if (j.loops && source == i) continue;
                    const Scalar s = scored(j.x.row(source - j.origin), source, j.of_edges == nullptr ? nullptr : j.of_edges + (e - first_edge) * row_width);
                    j.scores[n++] = s;
                    most = s > most ? s : most;
                }
                if (j.loops) {
                    const Scalar s = scored(self, i, j.of_loops == nullptr ? nullptr : j.of_loops + (i - j.first) * row_width);
                    j.scores[n++] = s;
                    most = s > most ? s : most;
                }
                Scalar sum = 0;
                for (std::size_t k = 0; k < n; ++k) sum += j.scores[k] = exp_below_zero(j.scores[k] - most);
                const Scalar share = Scalar{1} / (sum + Scalar(1e-16)); // as torch_geometric.utils.softmax
                for (std::size_t k = 0; k < n; ++k) j.scores[k] *= share;
                Scalar* const y = j.y.row(i - j.first) + at;
                for (std::size_t c = 0; c < j.width; c += Lanes) {
                    vec out = {};
                    std::size_t k = 0;
                    for (auto e = begin; e < end; ++e) {
                        const auto source = j.sources[e];
                        if (j.loops && source == i) continue;
                        out += j.scores[k++] * *reinterpret_cast<const loose*>(j.x.row(source - j.origin) + at + c);
                    }
                    if (j.loops) out += j.scores[k] * *reinterpret_cast<const loose*>(self + at + c);
                    *reinterpret_cast<loose*>(y + c) = out + *reinterpret_cast<const loose*>(j.bias + at + c);
                }
                if (j.shares != nullptr) {
                    std::size_t k = 0;
                    for (auto e = begin; e < end; ++e)
                        j.shares[(e - first_edge) * j.heads + h] = j.loops && j.sources[e] == i ? Scalar{0} : j.scores[k++];
                    if (j.loops) j.shares[(j.row_starts[j.last] - first_edge + i - j.first) * j.heads + h] = j.scores[k];
                }
            }
        }
    }
};

} // namespace verdant::surrogate::detail
