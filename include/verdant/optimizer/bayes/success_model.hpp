#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/optimizer/bayes/acquisition_search.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/gp/gaussian_process.hpp>
#include <verdant/surrogate/gp/gp_fit.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace verdant {

/// How likely a point can be measured, from points that could be and points that could not: classification by least squares (Rasmussen and Williams,
/// "Gaussian Processes for Machine Learning", section 6.5). Successes are observed as 1 and failures as -1, with noise so that the border between
/// them is no reason for short length scales; where nothing is known the mean is 0. Success is a value above `enough`, so that a point at the border
/// rather fails.
template <class = instantiated_when_used>
class basic_success_model {
public:
    /// @param inputs    one point a column, in [0, 1]; at least one
    /// @param successes for each point 1 where it was measured, -1 where it failed
    /// @param options   of the fit; its noise is not used
    /// @param known     the kernel, where it is known: nothing is fitted then
    basic_success_model(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& successes, random_stream& random, surrogate::gp_fit_options options,
                        const surrogate::matern_kernel* known = nullptr)
        : process_{inputs, successes, known != nullptr ? *known : fitted(inputs, successes, random, options), 0, label_noise} {}

    [[nodiscard]] const surrogate::matern_kernel& kernel() const noexcept { return process_.kernel(); }

    /// The logarithm of the probability of success at a point.
    /// @param gradient by the coordinates of the point; may be null
    [[nodiscard]] double log_probability(const Eigen::VectorXd& x, Eigen::VectorXd* gradient = nullptr);

private:
    static constexpr double label_noise = 0.1, enough = 0.5;

    [[nodiscard]] static surrogate::matern_kernel fitted(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& successes, random_stream& random,
                                                         surrogate::gp_fit_options& options) {
        options.noise = label_noise;
        return surrogate::fit_gaussian_process(inputs, successes, random, options).kernel();
    }

    surrogate::gaussian_process process_;
    surrogate::gaussian_process::query query_{};
};

template <class Deferred>
double basic_success_model<Deferred>::log_probability(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
    process_.values_at(x, query_);
    const auto spread = query_.variance + label_noise, deviation = std::sqrt(spread), z = (query_.mean - enough) / deviation;
    const auto p = std::max(surrogate::normal_probability(z), std::numeric_limits<double>::min());
    if (gradient != nullptr) {
        const auto slope = surrogate::normal_density(z) / p;
        gradient->setZero(x.size());
        process_.add_weights(query_);
        process_.add_gradient(query_, slope / deviation, -0.5 * slope * z / spread, *gradient);
    }
    return std::log(p);
}
VERDANT_DEFINED_ONCE(double basic_success_model<>::log_probability(const Eigen::VectorXd&, Eigen::VectorXd*));

/// The model of success, as programs name it.
using success_model = basic_success_model<>;

/// What the values of an acquisition function are.
enum class acquisition_scale : std::uint8_t {
    any, ///< any numbers, of which larger are better
    improvement, ///< an expected improvement, 0 or more
    logarithm ///< the logarithm of one
};

namespace detail {

template <class Policy>
[[nodiscard]] consteval acquisition_scale scale_of() {
    if constexpr (requires { acquisition_scale{Policy::scale}; }) return Policy::scale;
    else return acquisition_scale::any;
}

/// An acquisition function times a power of the probability that a point can be measured. The best that a model promises lies often beyond the
/// border, since nothing was measured there, and is worth several times what lies before it: the probability alone would not outweigh that. One of
/// any numbers stays as it is: see `likely`.
template <class = instantiated_when_used>
class basic_weighted_acquisition {
public:
    /// @param success outlives this, as does what `of` refers to; null where nothing has failed so far
    basic_weighted_acquisition(acquisition_reference of, acquisition_scale scale, success_model* success)
        : acquisition_{of}, scale_{scale}, success_{success} {}

    [[nodiscard]] double operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient);

    /// The same from a cheaper estimate of the acquisition, for choosing where a search starts.
    [[nodiscard]] double screen(const Eigen::VectorXd& x) {
        const auto value = acquisition_.screen(x);
        if (success_ == nullptr || scale_ == acquisition_scale::any) return value;
        const auto chance = power * success_->log_probability(x);
        return scale_ == acquisition_scale::logarithm ? value + chance : value * std::exp(chance);
    }

    /// Whether a point comes before those that rather fail, whatever their acquisition.
    [[nodiscard]] bool likely(const Eigen::VectorXd& x) {
        return success_ == nullptr || scale_ != acquisition_scale::any || success_->log_probability(x) >= std::log(0.5);
    }

private:
    static constexpr double power = 10;
    acquisition_reference acquisition_;
    acquisition_scale scale_;
    success_model* success_;
    Eigen::VectorXd slope_{};
};

template <class Deferred>
double basic_weighted_acquisition<Deferred>::operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
    const auto value = acquisition_(x, gradient);
    if (success_ == nullptr || scale_ == acquisition_scale::any) return value;
    const auto chance = power * success_->log_probability(x, gradient != nullptr ? &slope_ : nullptr);
    if (gradient != nullptr) slope_ *= power;
    if (scale_ == acquisition_scale::logarithm) {
        if (gradient != nullptr) *gradient += slope_;
        return value + chance;
    }
    const auto p = std::exp(chance);
    if (gradient != nullptr) *gradient = p * (*gradient + value * slope_);
    return p * value;
}
VERDANT_DEFINED_ONCE(double basic_weighted_acquisition<>::operator()(const Eigen::VectorXd&, Eigen::VectorXd*));

using weighted_acquisition = basic_weighted_acquisition<>;

} // namespace detail

} // namespace verdant
