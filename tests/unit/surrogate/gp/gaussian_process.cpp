#include <verdant/surrogate/gp/gaussian_process.hpp>

#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <cmath>

using namespace verdant;
using surrogate::gaussian_process;
using surrogate::matern_kernel;

namespace {

struct example {
    Eigen::MatrixXd inputs{3, 12};
    Eigen::VectorXd targets{12};
    matern_kernel kernel{Eigen::Vector3d{0.4, 0.7, 1.1}, 1.3};
    example() {
        random_stream random{2};
        for (Eigen::Index i = 0; i < 12; ++i) {
            for (Eigen::Index j = 0; j < 3; ++j) inputs(j, i) = random.uniform();
            targets[i] = std::sin(3 * inputs(0, i)) + inputs(1, i);
        }
    }
};

} // namespace

TEST_CASE("The Matern kernel has its closed-form values and slopes", "[surrogate]") {
    const matern_kernel k{Eigen::VectorXd::Ones(1), 2};
    CHECK(k.at(0) == 2);
    // Rasmussen and Williams, eq. 4.17, at r = 1
    CHECK(k.at(1) == Approx(2 * (1 + std::sqrt(5.0) + 5.0 / 3) * std::exp(-std::sqrt(5.0))).epsilon(1e-14));
    Eigen::VectorXd distances(4), values(4), slopes(4);
    distances << 0, 0.01, 0.5, 9;
    k.evaluate(distances, values, slopes);
    for (Eigen::Index i = 0; i < 4; ++i) {
        CHECK(values[i] == Approx(k.at(distances[i])).epsilon(1e-14));
        const auto h = 1e-7;
        if (i > 0) CHECK(-2 * (k.at(distances[i] + h) - k.at(distances[i] - h)) / (2 * h) == Approx(slopes[i]).epsilon(1e-6));
    }
    CHECK(slopes[0] == Approx(2 * 5.0 / 3));
}

TEST_CASE("Exact observations are reproduced, and far away the prior returns", "[surrogate]") {
    const example e;
    const gaussian_process gp{e.inputs, e.targets, e.kernel, 0.25};
    for (Eigen::Index i = 0; i < e.inputs.cols(); ++i) {
        const auto p = gp.predict(e.inputs.col(i));
        CHECK(p.mean == Approx(e.targets[i]).margin(1e-4));
        CHECK(p.variance < 1.01e-6);
    }
    const auto far = gp.predict(Eigen::VectorXd::Constant(3, 100));
    CHECK(far.mean == Approx(0.25));
    CHECK(far.variance == Approx(1.3));
}

TEST_CASE("Gradients of mean and variance equal differences", "[surrogate]") {
    const example e;
    const gaussian_process gp{e.inputs, e.targets, e.kernel, 0.25};
    random_stream random{3};
    for (int repetition = 0; repetition < 10; ++repetition) {
        Eigen::VectorXd x(3);
        for (auto& v : x) v = random.uniform();
        gaussian_process::query q;
        gp.at(x, q);
        Eigen::VectorXd mean = Eigen::VectorXd::Zero(3), variance = Eigen::VectorXd::Zero(3);
        gp.add_gradient(q, 1, 0, mean);
        gp.add_gradient(q, 0, 1, variance);
        for (Eigen::Index j = 0; j < 3; ++j) {
            constexpr double h = 1e-6;
            Eigen::VectorXd up = x, down = x;
            up[j] += h;
            down[j] -= h;
            const auto a = gp.predict(up), b = gp.predict(down);
            CHECK(mean[j] == Approx((a.mean - b.mean) / (2 * h)).epsilon(1e-5).margin(1e-7));
            CHECK(variance[j] == Approx((a.variance - b.variance) / (2 * h)).epsilon(1e-5).margin(1e-7));
        }
    }
}

TEST_CASE("Joint predictions agree with single ones and with the covariance at the inputs", "[surrogate]") {
    const example e;
    const gaussian_process gp{e.inputs, e.targets, e.kernel, 0.25, 1e-3};
    const auto [means, covariance] = gp.joint(e.inputs);
    const auto at_inputs = gp.covariance_at_inputs();
    CHECK((covariance - at_inputs).lpNorm<Eigen::Infinity>() < 1e-12);
    for (Eigen::Index i = 0; i < e.inputs.cols(); ++i) {
        const auto p = gp.predict(e.inputs.col(i));
        CHECK(means[i] == Approx(p.mean).epsilon(1e-12));
        CHECK(covariance(i, i) == Approx(p.variance).margin(1e-13));
    }
}

TEST_CASE("Draws have the joint mean and covariance", "[surrogate]") {
    const example e;
    const gaussian_process gp{e.inputs, e.targets, e.kernel, 0.25};
    Eigen::MatrixXd points(3, 2);
    points << 0.1, 0.15, 0.9, 0.8, 0.5, 0.4;
    constexpr Eigen::Index n = 20000;
    Eigen::MatrixXd normals(2, n);
    random_stream random{4};
    for (auto& z : normals.reshaped()) z = surrogate::normal_quantile(random.uniform() + 0x1.0p-54);
    const auto drawn = gp.sample(points, normals);
    const auto [means, covariance] = gp.joint(points);
    const Eigen::VectorXd mean = drawn.rowwise().mean();
    const Eigen::MatrixXd centred = drawn.colwise() - mean;
    const Eigen::MatrixXd found = centred * centred.transpose() / n;
    const auto scale = covariance.diagonal().maxCoeff();
    // Fixed seed; 6 standard errors.
    CHECK((mean - means).lpNorm<Eigen::Infinity>() < 6 * std::sqrt(scale / n));
    CHECK((found - covariance).lpNorm<Eigen::Infinity>() < 6 * scale * std::sqrt(2.0 / n));
}

TEST_CASE("Repeated inputs are no obstacle, impossible covariances are named", "[surrogate]") {
    Eigen::MatrixXd inputs = Eigen::MatrixXd::Constant(2, 3, 0.5);
    const gaussian_process gp{inputs, Eigen::Vector3d{1, 2, 3}, {Eigen::VectorXd::Ones(2), 1}, 0};
    CHECK(gp.predict(Eigen::VectorXd::Constant(2, 0.5)).mean == Approx(2).margin(1e-5));
    inputs.setZero();
    CHECK_THROWS_AS(gaussian_process(inputs, Eigen::Vector3d{1, 2, 3}, {Eigen::VectorXd::Ones(2), 1}, 0, -0.5), error);
}
