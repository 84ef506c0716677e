#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/gp/matern_kernel.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <string>
#include <utility>

/// A Gaussian process: what observations say of other points, as normal distributions.
namespace verdant::surrogate {

/// Variance of observations that are reported as exact, in standardised units: GPyTorch's floor for doubles (gpytorch/settings.py, min_fixed_noise).
inline constexpr double noise_floor = 1e-6;

/// What a Gaussian process says about one point.
struct gaussian {
    double mean = 0, variance = 0;
};

namespace detail {

/// Lower Cholesky factor of a covariance matrix, with as little added to the diagonal as makes it positive definite.
template <class = instantiated_when_used>
[[nodiscard]] Eigen::MatrixXd covariance_root(const Eigen::MatrixXd& covariance) {
    const auto scale = std::max(covariance.diagonal().maxCoeff(), 1e-300);
    for (double jitter = 0; jitter < 1; jitter = jitter == 0 ? 1e-14 : 10 * jitter) {
        Eigen::MatrixXd c = covariance;
        c.diagonal().array() += jitter * scale;
        const Eigen::LLT<Eigen::MatrixXd> root{c};
        if (root.info() == Eigen::Success) return root.matrixL();
    }
    throw error{"a covariance matrix is not positive definite"};
}

/// Turns a block on the diagonal of a lower triangular matrix into its inverse, by halves: a third of what a solve with the identity costs.
template <class = instantiated_when_used>
void invert_lower(Eigen::MatrixXd& matrix, Eigen::Index first, Eigen::Index size) {
    if (size <= 16) {
        // Column by column: row i of the inverse is -(sum_k m_ik inverse_k) / m_ii, and rows below are not read before they are replaced.
        for (auto j = first; j < first + size; ++j) {
            matrix(j, j) = 1 / matrix(j, j);
            for (auto i = j + 1; i < first + size; ++i) {
                double sum = 0;
                for (auto k = j; k < i; ++k) sum += matrix(i, k) * matrix(k, j);
                matrix(i, j) = -sum / matrix(i, i);
            }
        }
        return;
    }
    const auto half = size / 2, rest = size - half, middle = first + half;
    // [A 0; B C]^-1 = [A^-1 0; -C^-1 B A^-1 C^-1]
    invert_lower(matrix, first, half);
    invert_lower(matrix, middle, rest);
    const Eigen::MatrixXd above = matrix.block(first, first, half, half), below = matrix.block(middle, middle, rest, rest);
    const Eigen::MatrixXd product = matrix.block(middle, first, rest, half) * above;
    matrix.block(middle, first, rest, half).noalias() = -below * product;
}

/// The inverse of a lower triangular matrix.
template <class = instantiated_when_used>
[[nodiscard]] Eigen::MatrixXd inverse_of_lower(Eigen::MatrixXd lower) {
    invert_lower(lower, 0, lower.cols());
    return lower;
}

/// L' L of a lower triangular matrix, added up by blocks of rows: a third of the full product.
template <class = instantiated_when_used>
void square_of_lower(const Eigen::MatrixXd& lower, Eigen::MatrixXd& square) {
    constexpr Eigen::Index block = 32;
    const auto n = lower.cols();
    square.setZero(n, n);
    for (Eigen::Index first = 0; first < n; first += block) {
        const auto end = std::min(n, first + block);
        const Eigen::MatrixXd rows = lower.block(first, 0, end - first, end);
        square.topLeftCorner(end, end).noalias() += rows.transpose() * rows;
    }
}

} // namespace detail

/// Exact Gaussian process regression: constant mean, Matern 5/2 kernel, equal known noise (Rasmussen and Williams, algorithm 2.1).
template <class = instantiated_when_used>
class basic_gaussian_process {
public:
    /// What the process says about one point, with what derivatives and covariances are made of. Reused from point to point.
    struct query {
        Eigen::VectorXd point;    ///< in units of the length scales
        Eigen::VectorXd kernel;   ///< k(X, x)
        Eigen::VectorXd slope;    ///< -2 dk/d(r^2)
        Eigen::VectorXd whitened; ///< L^-1 k(X, x)
        Eigen::VectorXd weights;  ///< (K + noise)^-1 k(X, x)
        double mean = 0, variance = 0;
    };

    /// @param inputs  one point a column
    /// @param targets one a point
    /// @param mean    the constant
    /// @param noise   variance of the observations
    /// Throws error where the covariance of the observations is not positive definite.
    basic_gaussian_process(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& targets, matern_kernel kernel, double mean,
                           double noise = noise_floor)
        : basic_gaussian_process{inputs, std::move(kernel), noise} {
        mean_ = mean;
        weights_ = solve((targets.array() - mean_).matrix());
    }

    /// The process whose constant mean is that of greatest likelihood.
    /// Throws error where the covariance of the observations is not positive definite.
    [[nodiscard]] static basic_gaussian_process with_likely_mean(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& targets, matern_kernel kernel,
                                                                 double noise = noise_floor) {
        basic_gaussian_process process{inputs, std::move(kernel), noise};
        const Eigen::VectorXd ones = process.inverse_root_.rowwise().sum(), values = process.inverse_root_ * targets;
        process.mean_ = ones.dot(values) / ones.squaredNorm();
        process.weights_ = process.solve((targets.array() - process.mean_).matrix());
        return process;
    }

    [[nodiscard]] Eigen::Index size() const noexcept { return inputs_.cols(); }
    [[nodiscard]] Eigen::Index dimensions() const noexcept { return inputs_.rows(); }
    [[nodiscard]] const matern_kernel& kernel() const noexcept { return kernel_; }
    [[nodiscard]] double mean() const noexcept { return mean_; }
    [[nodiscard]] double noise() const noexcept { return noise_; }

    /// Everything about one point.
    void at(const Eigen::VectorXd& x, query& q) const {
        values_at(x, q);
        add_weights(q);
    }

    /// Everything about one point but the weights, which only derivatives need: half the work.
    void values_at(const Eigen::VectorXd& x, query& q) const {
        q.point = x.cwiseQuotient(kernel_.lengthscale);
        q.kernel = (inputs_.colwise() - q.point).colwise().squaredNorm().transpose();
        q.slope.resize(q.kernel.size());
        kernel_.evaluate(q.kernel, q.kernel, q.slope);
        q.whitened = inverse_root_.template triangularView<Eigen::Lower>() * q.kernel;
        q.mean = mean_ + q.kernel.dot(weights_);
        // Never below what one exact repetition leaves, whatever the rounding.
        q.variance = std::max(kernel_.outputscale - q.whitened.squaredNorm(), 1e-3 * noise_);
    }

    /// The weights of a query that has its values.
    void add_weights(query& q) const { q.weights = inverse_root_.transpose().template triangularView<Eigen::Upper>() * q.whitened; }

    /// Mean and variance of the function (without noise) at a point.
    [[nodiscard]] gaussian predict(const Eigen::VectorXd& x) const {
        query q;
        values_at(x, q);
        return {q.mean, q.variance};
    }

    /// Adds to `gradient` what a function of mean and variance at the point of `q` changes by there.
    /// @param by_mean, by_variance its derivatives
    void add_gradient(const query& q, double by_mean, double by_variance, Eigen::VectorXd& gradient) const {
        add_kernel_gradient(q, by_mean * weights_ - 2 * by_variance * q.weights, gradient);
    }

    /// The same for a function of the vector k(X, x).
    void add_kernel_gradient(const query& q, const Eigen::VectorXd& by_kernel, Eigen::VectorXd& gradient) const {
        const Eigen::VectorXd w = by_kernel.cwiseProduct(q.slope);
        gradient += (inputs_ * w - w.sum() * q.point).cwiseQuotient(kernel_.lengthscale);
    }

    /// (K + noise)^-1 v
    [[nodiscard]] Eigen::VectorXd solve(const Eigen::VectorXd& v) const { return inverse_root_.transpose() * (inverse_root_ * v); }
    /// L^-1 of K + noise = L L'
    [[nodiscard]] const Eigen::MatrixXd& inverse_root() const noexcept { return inverse_root_; }

    /// Mean and covariance of the function at several points together.
    /// @param points one a column
    [[nodiscard]] std::pair<Eigen::VectorXd, Eigen::MatrixXd> joint(const Eigen::MatrixXd& points) const {
        const auto m = points.cols();
        const Eigen::MatrixXd scaled = kernel_.scaled(points), own = detail::squared_distances(scaled);
        Eigen::MatrixXd cross(size(), m), covariance(m, m);
        for (Eigen::Index j = 0; j < m; ++j)
            for (Eigen::Index i = 0; i < size(); ++i) cross(i, j) = kernel_.at((inputs_.col(i) - scaled.col(j)).squaredNorm());
        const Eigen::MatrixXd whitened = inverse_root_ * cross;
        for (Eigen::Index j = 0; j < m; ++j)
            for (Eigen::Index i = 0; i < m; ++i) covariance(i, j) = kernel_.at(own(i, j));
        covariance -= whitened.transpose() * whitened;
        return {(cross.transpose() * weights_).array() + mean_, covariance};
    }

    /// Draws of the function at several points together.
    /// @param points  one a column
    /// @param normals one draw a column, as many standard normal numbers as points
    /// @return one draw a column
    [[nodiscard]] Eigen::MatrixXd sample(const Eigen::MatrixXd& points, const Eigen::MatrixXd& normals) const {
        const auto [means, covariance] = joint(points);
        return (detail::covariance_root(covariance) * normals).colwise() + means;
    }

    /// The covariance of the function at its own inputs, given the observations: noise (I - noise (K + noise)^-1), free of cancellation.
    [[nodiscard]] Eigen::MatrixXd covariance_at_inputs() const {
        Eigen::MatrixXd c = -noise_ * noise_ * (inverse_root_.transpose() * inverse_root_);
        c.diagonal().array() += noise_;
        return c;
    }

private:
    basic_gaussian_process(const Eigen::MatrixXd& inputs, matern_kernel kernel, double noise)
        : kernel_{std::move(kernel)}, noise_{noise}, inputs_{kernel_.scaled(inputs)} {
        const auto n = inputs.cols();
        Eigen::MatrixXd k = detail::squared_distances(inputs_), slopes(n, n);
        kernel_.evaluate(k, k, slopes);
        k.diagonal().array() += noise_;
        const Eigen::LLT<Eigen::MatrixXd> root{k};
        if (root.info() != Eigen::Success) throw error{"the covariance of the observations is not positive definite"};
        inverse_root_ = detail::inverse_of_lower(root.matrixL());
    }

    matern_kernel kernel_;
    double mean_ = 0, noise_;
    Eigen::MatrixXd inputs_, inverse_root_; ///< scaled inputs, one a column; L^-1
    Eigen::VectorXd weights_;               ///< (K + noise)^-1 (y - mean)
};
/// The process, as programs name it.
using gaussian_process = basic_gaussian_process<>;

} // namespace verdant::surrogate
