#include <verdant/surrogate/gp/gp_fit.hpp>

#include "catch.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

using namespace verdant;

namespace {

struct data {
    Eigen::MatrixXd inputs{4, 30};
    Eigen::VectorXd targets{30};
    /// Depends on coordinate 0 quickly, on 1 slowly, on the others not at all.
    data() {
        random_stream random{8};
        for (auto& v : inputs.reshaped()) v = random.uniform();
        for (Eigen::Index i = 0; i < inputs.cols(); ++i) targets[i] = std::sin(9 * inputs(0, i)) + 0.3 * inputs(1, i);
    }
};

} // namespace

TEST_CASE("The likelihood's gradient equals differences, with the mean free and fixed", "[surrogate]") {
    const data d;
    surrogate::gp_likelihood likelihood{d.inputs, d.targets};
    random_stream random{9};
    for (const auto& mean : {std::optional<double>{}, std::optional<double>{0.4}}) {
        Eigen::VectorXd raw(5), gradient, other;
        for (auto& v : raw) v = random.uniform(-1, 1);
        REQUIRE(std::isfinite(likelihood(raw, mean, gradient)));
        for (Eigen::Index j = 0; j < 5; ++j) {
            constexpr double h = 1e-5;
            Eigen::VectorXd up = raw, down = raw;
            up[j] += h;
            down[j] -= h;
            CHECK(gradient[j] == Approx((likelihood(up, mean, other) - likelihood(down, mean, other)) / (2 * h)).epsilon(1e-5).margin(1e-8));
        }
    }
}

TEST_CASE("Triangular matrices are inverted and squared by blocks", "[surrogate]") {
    random_stream random{12};
    for (const Eigen::Index n : {1, 2, 15, 16, 17, 33, 70, 131}) {
        Eigen::MatrixXd lower = Eigen::MatrixXd::Zero(n, n);
        for (Eigen::Index j = 0; j < n; ++j)
            for (Eigen::Index i = j; i < n; ++i) lower(i, j) = i == j ? 1 + random.uniform() : random.uniform(-0.2, 0.2);
        const auto inverse = surrogate::detail::inverse_of_lower(lower);
        CHECK((inverse * lower - Eigen::MatrixXd::Identity(n, n)).cwiseAbs().maxCoeff() < 1e-9);
        Eigen::MatrixXd square;
        surrogate::detail::square_of_lower(lower, square);
        CHECK((square - lower.transpose() * lower).cwiseAbs().maxCoeff() < 1e-12);
    }
}

TEST_CASE("The constant that is left free has the greatest likelihood", "[surrogate]") {
    const data d;
    surrogate::gp_likelihood likelihood{d.inputs, d.targets};
    Eigen::VectorXd raw = Eigen::VectorXd::Zero(5), gradient;
    const auto best = likelihood(raw, std::nullopt, gradient);
    const auto mean = likelihood.mean();
    CHECK(likelihood(raw, mean, gradient) == Approx(best).epsilon(1e-13));
    CHECK(likelihood(raw, mean + 0.1, gradient) < best);
    CHECK(likelihood(raw, mean - 0.1, gradient) < best);
}

TEST_CASE("Length scales tell which inputs matter, and the fit predicts", "[surrogate]") {
    const data d;
    random_stream random{1};
    const auto gp = surrogate::fit_gaussian_process(d.inputs, d.targets, random);
    const auto& l = gp.kernel().lengthscale;
    CHECK(l[0] < 0.6 * l[2]);
    CHECK(l[0] < 0.6 * l[3]);
    random_stream other{77};
    double squares = 0;
    for (int i = 0; i < 100; ++i) {
        Eigen::VectorXd x(4);
        for (auto& v : x) v = other.uniform();
        squares += std::pow(gp.predict(x).mean - std::sin(9 * x[0]) - 0.3 * x[1], 2);
    }
    CHECK(std::sqrt(squares / 100) < 0.35); // the targets have a deviation of 0.65
}

TEST_CASE("Few and constant observations can be fitted", "[surrogate]") {
    random_stream random{1};
    const auto one = surrogate::fit_gaussian_process(Eigen::MatrixXd::Constant(2, 1, 0.5), Eigen::VectorXd::Constant(1, 3), random);
    CHECK(one.predict(Eigen::VectorXd::Constant(2, 0.5)).mean == Approx(3));
    const data d;
    const auto flat = surrogate::fit_gaussian_process(d.inputs, Eigen::VectorXd::Zero(30), random);
    CHECK(flat.predict(Eigen::VectorXd::Constant(4, 0.3)).mean == Approx(0).margin(1e-12));
}

TEST_CASE("Attempts that do not converge are followed by starts from the priors", "[surrogate]") {
    const data d;
    random_stream first{1}, untouched{1};
    static_cast<void>(surrogate::fit_gaussian_process(d.inputs, d.targets, first));
    CHECK(first == untouched); // converged at once
    surrogate::gp_fit_options few;
    few.minimiser.iterations = 2;
    static_cast<void>(surrogate::fit_gaussian_process(d.inputs, d.targets, first, few));
    CHECK_FALSE(first == untouched);
}

TEST_CASE("Gamma priors have the density and draws of their distribution", "[surrogate]") {
    const surrogate::gamma_prior prior{3, 6};
    // 6^3 / Gamma(3) x^2 exp(-6 x) at 0.5
    CHECK(std::exp(prior.log_density(0.5)) == Approx(216.0 / 2 * 0.25 * std::exp(-3.0)).epsilon(1e-13));
    CHECK(prior.log_slope(0.5) == Approx((prior.log_density(0.5 + 1e-6) - prior.log_density(0.5 - 1e-6)) / 2e-6).epsilon(1e-7));
    random_stream random{5};
    constexpr int n = 20000;
    double sum = 0, squares = 0;
    for (int i = 0; i < n; ++i) {
        const auto x = prior.sample(random);
        sum += x;
        squares += x * x;
    }
    CHECK(sum / n == Approx(0.5).margin(6 * std::sqrt(3.0 / 36 / n))); // 6 standard errors, fixed seed
    CHECK(squares / n - sum / n * (sum / n) == Approx(3.0 / 36).epsilon(0.1));
}
