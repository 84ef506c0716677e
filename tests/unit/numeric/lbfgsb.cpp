#include <verdant/numeric/lbfgsb.hpp>

#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <Eigen/Cholesky>

#include <cmath>
#include <limits>

using namespace verdant;
using surrogate::lbfgsb;

namespace {

const double inf = std::numeric_limits<double>::infinity();

Eigen::VectorXd constant(Eigen::Index n, double v) { return Eigen::VectorXd::Constant(n, v); }

/// Chained Rosenbrock function.
double rosenbrock(const Eigen::VectorXd& x, Eigen::VectorXd& g) {
    g.setZero(x.size());
    double f = 0;
    for (Eigen::Index i = 0; i + 1 < x.size(); ++i) {
        const auto a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        f += 100 * a * a + b * b;
        g[i] += -400 * a * x[i] - 2 * b;
        g[i + 1] += 200 * a;
    }
    return f;
}

} // namespace

TEST_CASE("The Rosenbrock function is minimised without bounds", "[surrogate]") {
    for (const Eigen::Index n : {2, 10, 50}) {
        const auto r = lbfgsb(rosenbrock, constant(n, -1.2), constant(n, -inf), constant(n, inf), {.decrease_tolerance = 0});
        CHECK(r.converged());
        CHECK((r.x - constant(n, 1)).lpNorm<Eigen::Infinity>() < 1e-4);
        CHECK(r.evaluations < 2 * r.iterations + 10);
    }
}

TEST_CASE("Convex quadratics over boxes meet the conditions of optimality", "[surrogate]") {
    random_stream random{11};
    for (int repetition = 0; repetition < 50; ++repetition) {
        const Eigen::Index n = 1 + static_cast<Eigen::Index>(random.below(20));
        Eigen::MatrixXd a(n, n);
        Eigen::VectorXd b(n), start(n);
        for (Eigen::Index i = 0; i < n; ++i) {
            for (Eigen::Index j = 0; j < n; ++j) a(i, j) = random.uniform(-1, 1);
            b[i] = random.uniform(-5, 5);
            start[i] = random.uniform(-3, 3);
        }
        const Eigen::MatrixXd q = a.transpose() * a + 0.01 * Eigen::MatrixXd::Identity(n, n);
        const auto f = [&](const Eigen::VectorXd& x, Eigen::VectorXd& g) {
            CHECK(x.minCoeff() >= -1);
            CHECK(x.maxCoeff() <= 1);
            g = q * x + b;
            return 0.5 * x.dot(q * x) + b.dot(x);
        };
        const auto r = lbfgsb(f, start, constant(n, -1), constant(n, 1), {.gradient_tolerance = 1e-7, .decrease_tolerance = 0});
        const Eigen::VectorXd g = q * r.x + b;
        for (Eigen::Index i = 0; i < n; ++i) {
            if (r.x[i] > -1 && r.x[i] < 1) CHECK(std::abs(g[i]) < 1e-5);
            if (r.x[i] == -1) CHECK(g[i] > -1e-5);
            if (r.x[i] == 1) CHECK(g[i] < 1e-5);
        }
    }
}

TEST_CASE("A bounded Rosenbrock function ends at the bound", "[surrogate]") {
    // With x_0 <= 0.5 the minimum is (0.5, 0.25).
    Eigen::VectorXd high = constant(2, inf);
    high[0] = 0.5;
    const auto r = lbfgsb(rosenbrock, constant(2, -1.2), constant(2, -inf), high, {.decrease_tolerance = 0});
    CHECK(r.converged());
    CHECK(r.x[0] == 0.5);
    CHECK(r.x[1] == Approx(0.25).margin(1e-6));
    CHECK(r.value == Approx(0.25).margin(1e-9));
}

TEST_CASE("Points outside of the domain shorten the step", "[surrogate]") {
    // x - log(x): infinite from 0 down, minimum at 1.
    const auto f = [](const Eigen::VectorXd& x, Eigen::VectorXd& g) {
        g = 1 - x.array().inverse();
        return x[0] > 0 ? x[0] - std::log(x[0]) : inf;
    };
    const auto r = lbfgsb(f, constant(1, 40), constant(1, -inf), constant(1, inf), {.decrease_tolerance = 0});
    CHECK(r.converged());
    CHECK(r.x[0] == Approx(1).margin(1e-4));
}

TEST_CASE("Starts outside are moved into the box; a start at the minimum stays; caps are kept", "[surrogate]") {
    const auto f = [](const Eigen::VectorXd& x, Eigen::VectorXd& g) {
        g = 2 * x;
        return x.squaredNorm();
    };
    auto r = lbfgsb(f, constant(3, 9), constant(3, 1), constant(3, 2));
    CHECK(r.status == surrogate::lbfgsb_status::gradient);
    CHECK(r.x == constant(3, 1));
    r = lbfgsb(f, constant(3, 0), constant(3, -1), constant(3, 1));
    CHECK(r.iterations == 0);
    CHECK(r.evaluations == 1);
    r = lbfgsb(rosenbrock, constant(10, -1.2), constant(10, -inf), constant(10, inf), {.iterations = 3});
    CHECK(r.iterations == 3);
    CHECK(r.status == surrogate::lbfgsb_status::iterations);
    const auto nowhere = [](const Eigen::VectorXd&, Eigen::VectorXd& g) {
        g.setZero();
        return inf;
    };
    CHECK(lbfgsb(nowhere, constant(2, 0), constant(2, -1), constant(2, 1)).status == surrogate::lbfgsb_status::stuck);
}
