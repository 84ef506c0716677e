#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/gp/gaussian_process.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <vector>

namespace verdant {

/// Joint samples of one outcome at the points of a baseline, observed and pending, and at one further point that moves. What depends on the baseline
/// alone is computed once.
template <class = instantiated_when_used>
class basic_baseline_samples {
public:
    /// @param process  of the outcome; outlives this
    /// @param targets  its observations
    /// @param observed columns of the inputs of the process that belong to the baseline
    /// @param pending  points that are being evaluated, one a column
    /// @param normals  base samples: a row a sample, a column a point of the baseline, observed first, and one for the further point
    basic_baseline_samples(const surrogate::gaussian_process& process, const Eigen::VectorXd& targets, const std::vector<Eigen::Index>& observed,
                           const Eigen::MatrixXd& pending, const Eigen::MatrixXd& normals)
        : process_{&process}, scaled_{process.kernel().scaled(pending)} {
        const auto& gp = process;
        const auto nb = static_cast<Eigen::Index>(observed.size()), np = pending.cols(), n = nb + np;
        normals_ = normals.leftCols(n).transpose();
        own_normals_ = normals.col(n);
        Eigen::MatrixXd by_weights = Eigen::MatrixXd::Zero(n, gp.size()); // row b: its product with (K + noise)^-1 k(X, x)
        const Eigen::VectorXd weights = gp.solve((targets.array() - gp.mean()).matrix());
        Eigen::VectorXd means(n);
        Eigen::MatrixXd covariance(n, n);
        const auto at_inputs = gp.covariance_at_inputs();
        covariance.topLeftCorner(nb, nb) = at_inputs(observed, observed);
        for (Eigen::Index b = 0; b < nb; ++b) {
            const auto i = observed[static_cast<std::size_t>(b)];
            means[b] = targets[i] - gp.noise() * weights[i];
            by_weights(b, i) = gp.noise();
        }
        surrogate::gaussian_process::query q;
        for (Eigen::Index p = 0; p < np; ++p) {
            gp.at(pending.col(p), q);
            means[nb + p] = q.mean;
            by_weights.row(nb + p) = -q.kernel.transpose();
            for (Eigen::Index b = 0; b < nb + p; ++b) {
                auto c = by_weights.row(b).dot(q.weights);
                if (b >= nb) c += gp.kernel().at((scaled_.col(b - nb) - q.point).squaredNorm());
                covariance(b, nb + p) = covariance(nb + p, b) = c;
            }
            covariance(nb + p, nb + p) = q.variance;
        }
        crossing_ = by_weights * gp.inverse_root().transpose();
        by_kernel_ = crossing_ * gp.inverse_root();
        if (n > 0) {
            const auto root = surrogate::detail::covariance_root(covariance);
            drawn_ = (root * normals_).colwise() + means;
            inverse_root_ = Eigen::MatrixXd::Identity(n, n);
            root.triangularView<Eigen::Lower>().solveInPlace(inverse_root_);
        }
    }

    /// Values at the baseline: a row a point, a column a sample.
    [[nodiscard]] const Eigen::MatrixXd& drawn() const noexcept { return drawn_; }

    /// Writes the value at x in every sample.
    void values_at(const Eigen::VectorXd& x, Eigen::Ref<Eigen::VectorXd> values) {
        const auto& gp = *process_;
        gp.values_at(x, query_);
        auto variance = query_.variance;
        values.setConstant(query_.mean);
        if (inverse_root_.size() > 0) {
            Eigen::VectorXd c = crossing_ * query_.whitened;
            for (Eigen::Index p = 0; p < scaled_.cols(); ++p)
                c[c.size() - scaled_.cols() + p] += gp.kernel().at((scaled_.col(p) - query_.point).squaredNorm());
            projected_ = inverse_root_.triangularView<Eigen::Lower>() * c;
            values.noalias() += normals_.transpose() * projected_;
            variance -= projected_.squaredNorm();
        }
        floored_ = variance < 1e-4 * gp.noise();
        deviation_ = std::sqrt(floored_ ? 1e-4 * gp.noise() : variance);
        values += deviation_ * own_normals_;
    }

    /// From derivatives by the values of the last `values_at` to those by x:
    /// values = mean + normals' l + deviation * own, l = L^-1 c, deviation^2 = variance - l'l.
    /// @param slopes   by the value in every sample
    /// @param gradient by the coordinates of x, to which is added
    void add_gradient(const Eigen::Ref<const Eigen::VectorXd>& slopes, Eigen::VectorXd& gradient) {
        const auto& gp = *process_;
        gp.add_weights(query_);
        const auto by_deviation = floored_ ? 0.0 : slopes.dot(own_normals_);
        gp.add_gradient(query_, slopes.sum(), by_deviation / (2 * deviation_), gradient);
        if (inverse_root_.size() == 0) return;
        const Eigen::VectorXd by_projected = normals_ * slopes - (by_deviation / deviation_) * projected_;
        const Eigen::VectorXd by_covariance = inverse_root_.transpose() * by_projected;
        gp.add_kernel_gradient(query_, by_kernel_.transpose() * by_covariance, gradient);
        for (Eigen::Index p = 0; p < scaled_.cols(); ++p) {
            const Eigen::VectorXd difference = query_.point - scaled_.col(p);
            Eigen::Matrix<double, 1, 1> squared{difference.squaredNorm()}, value, slope;
            gp.kernel().evaluate(squared, value, slope);
            gradient -= by_covariance[by_covariance.size() - scaled_.cols() + p] * slope[0] * difference.cwiseQuotient(gp.kernel().lengthscale);
        }
    }

private:
    const surrogate::gaussian_process* process_;
    Eigen::MatrixXd normals_; ///< base samples of the baseline: points x samples
    Eigen::VectorXd own_normals_; ///< of the further point
    Eigen::MatrixXd drawn_;
    Eigen::MatrixXd inverse_root_; ///< L^-1 of the covariance at the baseline
    Eigen::MatrixXd crossing_; ///< row b: vector whose product with L^-1 k(X, x) is the covariance of baseline point b and x, ...
    Eigen::MatrixXd by_kernel_; ///< ... and with k(X, x) itself, ...
    Eigen::MatrixXd scaled_; ///< ... to which k(pending, x) is added for the pending points, here in units of the length scales
    Eigen::VectorXd projected_; ///< l = L^-1 c of the current point
    double deviation_ = 0; ///< of the current point given the baseline
    bool floored_ = false;
    surrogate::gaussian_process::query query_;
};
/// Such samples, as programs name them.
using baseline_samples = basic_baseline_samples<>;

} // namespace verdant
