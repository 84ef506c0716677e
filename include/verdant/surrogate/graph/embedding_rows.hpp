#pragma once

#include <verdant/error.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/detail/row_kernels.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Embeddings of nodes and graphs: norms, and the readout that makes the second of the first.

namespace verdant::surrogate {

/// The p-norm of numbers; added up in double precision.
template <class Scalar>
[[nodiscard]] double norm_of(std::span<const Scalar> row, double p = 1) {
    double sum = 0;
    if (p == 1) {
        for (const Scalar v : row) sum += std::abs(static_cast<double>(v));
        return sum;
    }
    if (p == 2) {
        for (const Scalar v : row) sum += static_cast<double>(v) * static_cast<double>(v);
        return std::sqrt(sum);
    }
    for (const Scalar v : row) sum += std::pow(std::abs(static_cast<double>(v)), p);
    return std::pow(sum, 1 / p);
}

/// Embeddings of nodes or graphs at one hop, as a predictor keeps them: rows of `columns` numbers, `stride` apart.
template <class Scalar>
struct embedding_rows {
    const Scalar* data = nullptr;
    std::size_t stride = 0, rows = 0, columns = 0;

    [[nodiscard]] std::span<const Scalar> operator[](std::size_t row) const noexcept { return {data + row * stride, columns}; }
    /// The p-norm of a row: the importance of the node, or of the graph.
    [[nodiscard]] double norm(std::size_t row, double p = 1) const { return norm_of((*this)[row], p); }
    /// The p-norms of all rows.
    [[nodiscard]] std::vector<double> norms(double p = 1) const {
        std::vector<double> out(rows);
        for (std::size_t r = 0; r < rows; ++r) out[r] = norm(r, p);
        return out;
    }
};

/// One row for each graph from the rows of its nodes: [graphs, columns], row by row; 0 for a graph without nodes.
/// @param nodes       [nodes, columns], row by row
/// @param first_nodes where the nodes of each graph begin, and at the end the number of all nodes
/// @throws input_error where the numbers are not as many whole rows
template <class Scalar>
[[nodiscard]] std::vector<Scalar> read_out(std::span<const Scalar> nodes, std::size_t columns, std::span<const std::uint32_t> first_nodes, graph_readout how,
                                           vector_instructions instructions = chosen_instructions()) {
    if (first_nodes.empty() || first_nodes.front() != 0 || !std::is_sorted(first_nodes.begin(), first_nodes.end()) || nodes.size() != first_nodes.back() * columns)
        throw input_error{"readout", "", "as many whole rows of " + std::to_string(columns) + " numbers as graphs have nodes", std::to_string(nodes.size()) + " numbers"};
    const auto graphs = first_nodes.size() - 1, width = detail::padded_to(columns, detail::row_block);
    std::vector<Scalar> padded(first_nodes.back() * width), rows(graphs * width), out(graphs * columns);
    for (std::size_t i = 0; i < nodes.size(); ++i) padded[i / columns * width + i % columns] = nodes[i];
    detail::run_with<detail::readout_kernel, Scalar>(instructions, detail::readout_job<Scalar>{.first_nodes = first_nodes.data(),
                                                                                              .graphs = graphs,
                                                                                              .origin = 0,
                                                                                              .x = {padded.data(), width},
                                                                                              .y = {rows.data(), width},
                                                                                              .width = width,
                                                                                              .how = how});
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = rows[i / columns * width + i % columns];
    return out;
}

} // namespace verdant::surrogate
