#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

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

} // namespace verdant::surrogate
