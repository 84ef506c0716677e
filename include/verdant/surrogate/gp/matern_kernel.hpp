#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <Eigen/Core>

#include <cmath>

namespace verdant::surrogate {

/// Matern kernel of smoothness 5/2 with one length scale a dimension, times an output scale:
/// k(x, x') = s (1 + a + a^2 / 3) exp(-a), a = sqrt(5) r, r^2 = sum_j ((x_j - x'_j) / l_j)^2
/// (Rasmussen and Williams, Gaussian Processes for Machine Learning, eq. 4.17).
struct matern_kernel {
    Eigen::VectorXd lengthscale; ///< l, one a dimension, positive
    double outputscale = 1;      ///< s, positive

    /// Points, one a column, in units of the length scales.
    [[nodiscard]] Eigen::MatrixXd scaled(const Eigen::MatrixXd& points) const { return lengthscale.cwiseInverse().asDiagonal() * points; }

    /// k as a function of r^2.
    [[nodiscard]] double at(double squared_distance) const noexcept {
        const auto a = std::sqrt(5 * squared_distance);
        return outputscale * (1 + a + a * a / 3) * std::exp(-a);
    }

    /// k and -2 dk/d(r^2) = (5/3) s (1 + a) exp(-a), which is smooth at 0, for many squared distances at once.
    /// @param values, slopes as many as there are distances; may be the same object as the distances
    template <class Distances, class Values, class Slopes>
    void evaluate(const Eigen::MatrixBase<Distances>& squared_distances, Eigen::MatrixBase<Values>& values, Eigen::MatrixBase<Slopes>& slopes) const {
        const auto a = (5 * squared_distances.array()).sqrt().eval();
        const auto e = (outputscale * (-a).exp()).eval();
        values.derived() = ((1 + a + a.square() / 3) * e).matrix();
        slopes.derived() = ((5.0 / 3) * (1 + a) * e).matrix();
    }
};

namespace detail {

/// Squared distances between the columns of a matrix; exact zeros on the diagonal.
template <class = instantiated_when_used>
[[nodiscard]] Eigen::MatrixXd squared_distances(const Eigen::MatrixXd& points) {
    const auto n = points.cols();
    Eigen::MatrixXd d(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
        d(i, i) = 0;
        for (Eigen::Index j = i + 1; j < n; ++j) d(i, j) = d(j, i) = (points.col(i) - points.col(j)).squaredNorm();
    }
    return d;
}

} // namespace detail

} // namespace verdant::surrogate
