#pragma once

#include <verdant/meta/instantiated_when_used.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace verdant {

/// Eigenvalues and eigenvectors of a symmetric matrix, in no particular order.
struct symmetric_eigen {
    std::vector<double> values;
    std::vector<double> vectors; ///< row-major; column k is the vector of length 1 of the k-th value
};

/// Cyclic Jacobi rotations (Golub and Van Loan, "Matrix computations", section 8.5), until what is off the diagonal is lost in rounding: O(n^3) for
/// each of some ten sweeps, for matrices of up to some hundred rows.
/// @param matrix row-major, n x n, symmetric; of numbers that are not finite some result comes out
template <class = instantiated_when_used>
[[nodiscard]] symmetric_eigen eigen_of_symmetric(std::span<const double> matrix, std::size_t n) {
    std::vector<double> a(matrix.begin(), matrix.end());
    symmetric_eigen found{std::vector<double>(n), std::vector<double>(n * n, 0.0)};
    auto& v = found.vectors;
    for (std::size_t i = 0; i < n; ++i) v[i * n + i] = 1;
    const auto rotate = [n](std::vector<double>& m, std::size_t i, std::size_t j, double cosine, double sine, bool rows) {
        for (std::size_t k = 0; k < n; ++k) {
            double& x = rows ? m[i * n + k] : m[k * n + i];
            double& y = rows ? m[j * n + k] : m[k * n + j];
            const double old = x;
            x = cosine * old - sine * y;
            y = sine * old + cosine * y;
        }
    };
    constexpr int most_sweeps = 30;
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        double off = 0, diagonal = 0;
        for (std::size_t i = 0; i < n; ++i) {
            diagonal += a[i * n + i] * a[i * n + i];
            for (std::size_t j = i + 1; j < n; ++j) off += a[i * n + j] * a[i * n + j];
        }
        if (!(off > 1e-30 * diagonal)) break;
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = i + 1; j < n; ++j) {
                if (a[i * n + j] == 0) continue;
                const double theta = (a[j * n + j] - a[i * n + i]) / (2 * a[i * n + j]);
                const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
                const double cosine = 1 / std::sqrt(t * t + 1);
                rotate(a, i, j, cosine, t * cosine, false);
                rotate(a, i, j, cosine, t * cosine, true);
                rotate(v, i, j, cosine, t * cosine, false);
            }
    }
    for (std::size_t i = 0; i < n; ++i) found.values[i] = a[i * n + i];
    return found;
}

} // namespace verdant
