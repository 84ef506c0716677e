#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/optimizer/bayes/acquisition_search.hpp>
#include <verdant/optimizer/bayes/ehvi.hpp>
#include <verdant/optimizer/bayes/noisy_ehvi.hpp>
#include <verdant/optimizer/bayes/outcome_model.hpp>
#include <verdant/optimizer/bayes/success_model.hpp>
#include <verdant/random/stream.hpp>

#include <Eigen/Core>

#include <concepts>

namespace verdant {

/// How `bayes` judges points: `options`, an aggregate, and `make(model, pending, random, options)`, which gives an `acquisition_function`.
/// `pending` are points under evaluation, one a column. A `static constexpr acquisition_scale scale` says what its values are, so that they can be
/// weighted by the probability of success.
template <class P>
concept acquisition_policy = std::semiregular<typename P::options> && requires(const outcome_model& model, const Eigen::MatrixXd& pending,
                                                                               random_stream& random, const typename P::options& options) {
    { P::make(model, pending, random, options) } -> acquisition_function;
};

/// Log noisy expected hypervolume improvement, as in Ax (Ament et al., NeurIPS 2023). With one objective it is log noisy expected improvement.
struct qlog_nehvi {
    using options = noisy_ehvi_options;
    static constexpr auto scale = acquisition_scale::logarithm;
    [[nodiscard]] static noisy_ehvi<improvement_form::logarithmic> make(const outcome_model& model, const Eigen::MatrixXd& pending,
                                                                        random_stream& random, const options& o) {
        return {model, pending, random, o};
    }
};

/// Noisy expected hypervolume improvement without smoothing but at constraints. Flat where no sample improves.
struct qnehvi {
    using options = noisy_ehvi_options;
    static constexpr auto scale = acquisition_scale::improvement;
    [[nodiscard]] static noisy_ehvi<improvement_form::plain> make(const outcome_model& model, const Eigen::MatrixXd& pending, random_stream& random,
                                                                  const options& o) {
        return {model, pending, random, o};
    }
};

/// Expected hypervolume improvement in closed form; constraints as probabilities. Exact where observations are.
struct ehvi {
    using options = analytic_ehvi_options;
    static constexpr auto scale = acquisition_scale::logarithm;
    [[nodiscard]] static analytic_ehvi make(const outcome_model& model, const Eigen::MatrixXd& pending, random_stream&, const options& o) {
        return {model, pending, o};
    }
};

} // namespace verdant
