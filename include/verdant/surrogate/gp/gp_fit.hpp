#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/lbfgsb.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/gp/gaussian_process.hpp>
#include <verdant/text/number.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Fits a Gaussian process by its likelihood and priors.
namespace verdant::surrogate {

/// Gamma distribution of the given shape and rate.
struct gamma_prior {
    double shape = 1, rate = 1;

    [[nodiscard]] double log_density(double x) const { return shape * std::log(rate) - std::lgamma(shape) + (shape - 1) * std::log(x) - rate * x; }
    /// d log_density / dx
    [[nodiscard]] double log_slope(double x) const { return (shape - 1) / x - rate; }
    /// A draw by rejection (Marsaglia and Tsang, ACM TOMS 26(3), 2000). @pre shape >= 1
    [[nodiscard]] double sample(random_stream& random) const {
        const auto d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
        for (;;) {
            const auto x = normal_quantile(random.uniform() + 0x1.0p-54), t = 1 + c * x;
            if (t <= 0) continue;
            const auto v = t * t * t;
            if (std::log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v / rate;
        }
    }
};

/// How hyperparameters are found; the defaults are those of BoTorch 0.10 (models/utils/gpytorch_modules.py, fit.py).
struct gp_fit_options {
    gamma_prior lengthscale{3, 6};     ///< prior of each length scale
    gamma_prior outputscale{2, 0.15};  ///< prior of the output scale
    double noise = noise_floor;        ///< variance of the observations
    std::size_t attempts = 5;          ///< a new one, started at a draw of the priors, where one does not converge
    lbfgsb_options minimiser{.iterations = 2000};

    /// Studies record what they have recorded since their first version; the priors are not among it.
    using described = members<member<"lengthscale", &gp_fit_options::lengthscale, member_role::unrecorded>,
                              member<"outputscale", &gp_fit_options::outputscale, member_role::unrecorded>, member<"noise", &gp_fit_options::noise>,
                              member<"attempts", &gp_fit_options::attempts>, member<"minimiser", &gp_fit_options::minimiser, member_role::inlined>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        for (const auto& [name, prior] : {std::pair{"fit.lengthscale", &lengthscale}, std::pair{"fit.outputscale", &outputscale}}) {
            // Draws of the prior need that much.
            if (!(prior->shape >= 1)) throw input_error{source, std::string{name} + ".shape", "a number of 1 or more", exact_text(prior->shape)};
            require_positive(source, std::string{name} + ".shape", prior->shape);
            require_positive(source, std::string{name} + ".rate", prior->rate);
        }
        require_positive(source, "fit.noise", noise);
        require_count(source, "fit.attempts", attempts, 1);
        minimiser.check(std::string{source} + ", fit");
    }
};

namespace detail {

[[nodiscard]] inline double softplus(double x) noexcept { return x > 30 ? x : std::log1p(std::exp(x)); }
[[nodiscard]] inline double softplus_slope(double x) noexcept { return 1 / (1 + std::exp(-x)); }
[[nodiscard]] inline double inverse_softplus(double y) noexcept { return y > 30 ? y : std::log(std::expm1(y)); }

} // namespace detail

/// (log marginal likelihood + log priors) / n as a function of raw parameters, the inverse softplus of length scales and output scale:
/// what the fit maximises.
template <class = instantiated_when_used>
class basic_gp_likelihood {
public:
    /// @param inputs one point a column
    basic_gp_likelihood(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& targets, const gp_fit_options& options = {})
        : inputs_{inputs}, targets_{targets}, options_{options} {}

    /// The number of raw parameters.
    [[nodiscard]] Eigen::Index parameters() const { return inputs_.rows() + 1; }

    /// @param raw      inverse softplus of the length scales, then of the output scale
    /// @param mean     the constant; that of greatest likelihood where nothing is given, which leaves the gradient as it is
    /// @param gradient by the raw parameters
    /// @return the value; -infinity where the covariance cannot be factored
    [[nodiscard]] double operator()(const Eigen::VectorXd& raw, std::optional<double> mean, Eigen::VectorXd& gradient) {
        const auto n = inputs_.cols(), d = inputs_.rows();
        const auto kernel = kernel_of(raw);
        scaled_ = kernel.scaled(inputs_);
        // |a - b|^2 by the binomial formula: rounding of 1e-16 n is far below the noise.
        distances_.noalias() = scaled_.transpose() * scaled_;
        const Eigen::VectorXd norms = distances_.diagonal();
        distances_ = ((-2 * distances_).colwise() + norms).rowwise() + norms.transpose();
        distances_ = distances_.cwiseMax(0);
        distances_.diagonal().setZero();
        slopes_.resize(n, n);
        kernel.evaluate(distances_, distances_, slopes_);
        Eigen::MatrixXd& k = distances_;
        k.diagonal().array() += options_.noise;
        const Eigen::LLT<Eigen::MatrixXd> root{k};
        gradient.setZero(d + 1);
        if (root.info() != Eigen::Success) return -std::numeric_limits<double>::infinity();
        inverse_root_ = detail::inverse_of_lower(root.matrixL());
        detail::square_of_lower(inverse_root_, inverse_);
        mean_ = mean ? *mean : (inverse_ * targets_).sum() / inverse_.sum();
        const Eigen::VectorXd residual = targets_.array() - mean_, alpha = root.solve(residual);
        const auto log_determinant = 2 * root.matrixLLT().diagonal().array().log().sum();
        auto value = -0.5 * (residual.dot(alpha) + log_determinant + static_cast<double>(n) * std::log(2 * std::numbers::pi));

        // d/dtheta = tr((alpha alpha' - K^-1) dK/dtheta) / 2
        const auto w_trace = alpha.squaredNorm() - inverse_.trace();
        Eigen::MatrixXd& w = inverse_;
        w = alpha * alpha.transpose() - w;
        const auto by_covariance = w.cwiseProduct(k).sum() - options_.noise * w_trace;
        w = w.cwiseProduct(slopes_);
        const Eigen::VectorXd rows = w.rowwise().sum();
        const Eigen::MatrixXd mixed = scaled_ * w;
        for (Eigen::Index j = 0; j < d; ++j) {
            // sum_ab w_ab (x_aj - x_bj)^2, with dk/dl_j = slope (x_aj - x_bj)^2 / l_j in scaled coordinates
            const auto squares = 2 * (scaled_.row(j).array().square().matrix().dot(rows) - mixed.row(j).dot(scaled_.row(j)));
            const auto l = kernel.lengthscale[j];
            gradient[j] = (0.5 * squares / l + options_.lengthscale.log_slope(l)) * detail::softplus_slope(raw[j]);
            value += options_.lengthscale.log_density(l);
        }
        const auto s = kernel.outputscale;
        gradient[d] = (0.5 * by_covariance / s + options_.outputscale.log_slope(s)) * detail::softplus_slope(raw[d]);
        value += options_.outputscale.log_density(s);
        gradient /= static_cast<double>(n);
        return value / static_cast<double>(n);
    }

    /// The kernel of raw parameters.
    [[nodiscard]] static matern_kernel kernel_of(const Eigen::VectorXd& raw) {
        const auto d = raw.size() - 1;
        return {raw.head(d).unaryExpr(&detail::softplus), detail::softplus(raw[d])};
    }
    /// The constant of the last evaluation.
    [[nodiscard]] double mean() const noexcept { return mean_; }

private:
    Eigen::MatrixXd inputs_;
    Eigen::VectorXd targets_;
    gp_fit_options options_;
    double mean_ = 0;
    Eigen::MatrixXd scaled_, distances_, slopes_, inverse_root_, inverse_; // kept between evaluations
};
/// The likelihood, as programs name it.
using gp_likelihood = basic_gp_likelihood<>;

/// Fits a Gaussian process to observations: maximum a posteriori hyperparameters by L-BFGS-B from raw parameters of 0, that is scales of
/// softplus(0) = 0.693; further attempts start at draws of the priors. The best attempt counts, converged or not.
/// @param inputs one point a column, in [0, 1]; at least one
/// @param random drawn from for further attempts only
template <class = instantiated_when_used>
[[nodiscard]] gaussian_process fit_gaussian_process(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& targets, random_stream& random,
                                                    const gp_fit_options& options = {}) {
    gp_likelihood likelihood{inputs, targets, options};
    const auto d = likelihood.parameters() - 1;
    const auto negative = [&](const Eigen::VectorXd& raw, Eigen::VectorXd& gradient) {
        const auto value = likelihood(raw, std::nullopt, gradient);
        gradient = -gradient;
        return -value;
    };
    const Eigen::VectorXd unbounded = Eigen::VectorXd::Constant(d + 1, std::numeric_limits<double>::infinity());
    Eigen::VectorXd start = Eigen::VectorXd::Zero(d + 1), best;
    auto least = std::numeric_limits<double>::infinity();
    for (std::size_t attempt = 0; attempt < options.attempts; ++attempt) {
        const auto found = lbfgsb(negative, start, -unbounded, unbounded, options.minimiser);
        if (found.value < least) {
            least = found.value;
            best = found.x;
        }
        if (found.converged()) break;
        for (Eigen::Index j = 0; j < d; ++j) start[j] = detail::inverse_softplus(options.lengthscale.sample(random));
        start[d] = detail::inverse_softplus(options.outputscale.sample(random));
    }
    if (best.size() == 0) best = Eigen::VectorXd::Zero(d + 1); // the start could not be factored; the process below says so
    Eigen::VectorXd gradient;
    static_cast<void>(likelihood(best, std::nullopt, gradient));
    return {inputs, targets, gp_likelihood::kernel_of(best), likelihood.mean(), options.noise};
}
VERDANT_DEFINED_ONCE(gaussian_process fit_gaussian_process<>(const Eigen::MatrixXd&, const Eigen::VectorXd&, random_stream&, const gp_fit_options&));

} // namespace verdant::surrogate
