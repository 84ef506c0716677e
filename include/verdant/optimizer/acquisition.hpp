#pragma once

#include <verdant/optimizer/acquisition_search.hpp>
#include <verdant/optimizer/ehvi.hpp>
#include <verdant/optimizer/noisy_ehvi.hpp>
#include <verdant/optimizer/outcome_model.hpp>
#include <verdant/random.hpp>

#include <Eigen/Core>

#include <concepts>

namespace verdant {

/// How `bayes` judges points: `options`, an aggregate, and `make(model, pending, random, options)`, which gives an `acquisition_function`.
/// `pending` are points under evaluation, one a column.
template <class P>
concept acquisition_policy = std::semiregular<typename P::options> && requires(const outcome_model& model, const Eigen::MatrixXd& pending,
                                                                               random_stream& random, const typename P::options& options) {
    { P::make(model, pending, random, options) } -> acquisition_function;
};

/// Log noisy expected hypervolume improvement, the published default (carbonnaas.md 3.3). With one objective it is log noisy expected improvement.
struct qlog_nehvi {
    using options = noisy_ehvi_options;
    [[nodiscard]] static noisy_ehvi<true> make(const outcome_model& model, const Eigen::MatrixXd& pending, random_stream& random, const options& o) {
        return {model, pending, random, o};
    }
};

/// Noisy expected hypervolume improvement without smoothing but at constraints. Flat where no sample improves.
struct qnehvi {
    using options = noisy_ehvi_options;
    [[nodiscard]] static noisy_ehvi<false> make(const outcome_model& model, const Eigen::MatrixXd& pending, random_stream& random, const options& o) {
        return {model, pending, random, o};
    }
};

/// Expected hypervolume improvement in closed form; constraints as probabilities. Exact where observations are.
struct ehvi {
    struct options {};
    [[nodiscard]] static analytic_ehvi make(const outcome_model& model, const Eigen::MatrixXd& pending, random_stream&, const options&) {
        return {model, pending};
    }
};

} // namespace verdant
