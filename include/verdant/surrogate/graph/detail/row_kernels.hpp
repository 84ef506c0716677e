#pragma once

#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>

#include <cstddef>
#include <cstdint>

/// What is done to rows between layers.
namespace verdant::surrogate::detail {

/// y = activation(y factor + shift) + added, column by column: batch normalisation, activation, residual.
template <class Scalar>
struct finish_job {
    rows_of<Scalar> y;
    rows_of<const Scalar> added; ///< or a null pointer
    const Scalar* factor;        ///< [width], or null for 1
    const Scalar* shift;         ///< [width], or null for 0
    Scalar slope;                ///< of what is below 0; 1 for no activation
    std::size_t rows, width;     ///< width a multiple of `row_block`
};

struct finish_kernel {
    template <class Scalar, std::size_t Lanes>
    [[gnu::always_inline]] static inline void run(const finish_job<Scalar>& j) {
        using vec = typename lanes<Scalar, Lanes>::aligned;
        using loose = typename lanes<Scalar, Lanes>::anywhere;
        for (std::size_t r = 0; r < j.rows; ++r) {
            Scalar* const row = j.y.row(r);
            for (std::size_t c = 0; c < j.width; c += Lanes) {
                vec v = *reinterpret_cast<const loose*>(row + c);
                if (j.factor != nullptr) v = v * *reinterpret_cast<const loose*>(j.factor + c) + *reinterpret_cast<const loose*>(j.shift + c);
                const vec low = v * j.slope;
                v = v > Scalar{0} ? v : low;
                if (j.added.data != nullptr) v += *reinterpret_cast<const loose*>(j.added.row(r) + c);
                *reinterpret_cast<loose*>(row + c) = v;
            }
        }
    }
};

/// One row for each graph from the rows of its nodes; 0 where it has none.
template <class Scalar>
struct readout_job {
    const std::uint32_t* first_nodes; ///< [graphs + 1]
    std::size_t graphs, origin;       ///< row 0 of x is that of node `origin`
    rows_of<const Scalar> x;
    rows_of<Scalar> y;
    std::size_t width; ///< a multiple of `row_block`
    graph_readout how;
};

struct readout_kernel {
    template <class Scalar, std::size_t Lanes>
    [[gnu::always_inline]] static inline void run(const readout_job<Scalar>& j) {
        using vec = typename lanes<Scalar, Lanes>::aligned;
        using loose = typename lanes<Scalar, Lanes>::anywhere;
        for (std::size_t g = 0; g < j.graphs; ++g) {
            const std::size_t begin = j.first_nodes[g], end = j.first_nodes[g + 1];
            const Scalar share = j.how == graph_readout::mean && end > begin ? Scalar{1} / static_cast<Scalar>(end - begin) : Scalar{1};
            for (std::size_t c = 0; c < j.width; c += Lanes) {
                vec sum = {};
                for (auto i = begin; i < end; ++i) {
                    const vec value = *reinterpret_cast<const loose*>(j.x.row(i - j.origin) + c);
                    if (j.how == graph_readout::max && i > begin) sum = value > sum ? value : sum;
                    else sum += value;
                }
                *reinterpret_cast<loose*>(j.y.row(g) + c) = sum * share;
            }
        }
    }
};

} // namespace verdant::surrogate::detail
