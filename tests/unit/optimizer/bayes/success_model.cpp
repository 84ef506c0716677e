#include <verdant/optimizer/bayes/success_model.hpp>

#include "catch.hpp"

#include <cmath>

using namespace verdant;

namespace {

// Points of the unit square, of which those with x + y < 0.8 fail.
success_model learned(int n, random_stream& random) {
    Eigen::MatrixXd inputs(2, n);
    Eigen::VectorXd successes(n);
    for (int i = 0; i < n; ++i) {
        inputs.col(i) << random.uniform(), random.uniform();
        successes[i] = inputs.col(i).sum() < 0.8 ? -1 : 1;
    }
    return {inputs, successes, random, {}};
}

// A plane: it rises towards the corner that fails.
struct plane {
    double operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
        if (gradient != nullptr) *gradient = Eigen::VectorXd::Constant(x.size(), -1);
        return 3 - x.sum();
    }
};

template <class F>
void check_gradient(F f, const Eigen::VectorXd& x) {
    Eigen::VectorXd gradient;
    static_cast<void>(f(x, &gradient));
    for (Eigen::Index j = 0; j < x.size(); ++j) {
        Eigen::VectorXd low = x, high = x;
        low[j] -= 1e-6;
        high[j] += 1e-6;
        CHECK(gradient[j] == Approx((f(high, nullptr) - f(low, nullptr)) / 2e-6).epsilon(1e-4).margin(1e-6));
    }
}

} // namespace

TEST_CASE("A model of success tells where points fail", "[optimizer]") {
    random_stream random{3};
    auto model = learned(30, random);
    const auto at = [&](double x, double y) { return std::exp(model.log_probability(Eigen::Vector2d{x, y})); };
    CHECK(at(0.2, 0.2) < 0.1);
    CHECK(at(0.8, 0.8) > 0.8);
    CHECK(at(0.4, 0.4) < 0.5); // the border
    for (const auto& x : {Eigen::Vector2d{0.3, 0.3}, Eigen::Vector2d{0.7, 0.4}})
        check_gradient([&](const Eigen::VectorXd& p, Eigen::VectorXd* g) { return model.log_probability(p, g); }, x);
}

TEST_CASE("Where all points failed, the farthest from them is most likely to succeed", "[optimizer]") {
    random_stream random{4};
    const Eigen::MatrixXd inputs = Eigen::MatrixXd::Constant(2, 3, 0.1) + 0.05 * Eigen::MatrixXd::Identity(2, 3);
    success_model model{inputs, Eigen::Vector3d::Constant(-1), random, {}};
    CHECK(model.log_probability(Eigen::Vector2d{0.9, 0.9}) > model.log_probability(Eigen::Vector2d{0.2, 0.2}));
}

TEST_CASE("Acquisitions are weighted by success, with their gradients", "[optimizer]") {
    random_stream random{5};
    auto model = learned(30, random);
    plane rising;
    const Eigen::Vector2d bad{0.1, 0.1}, good{0.7, 0.6};
    const detail::acquisition_reference of{rising};
    detail::weighted_acquisition logarithm{of, acquisition_scale::logarithm, &model}, alone{of, acquisition_scale::logarithm, nullptr};
    detail::weighted_acquisition improvement{of, acquisition_scale::improvement, &model}, any{of, acquisition_scale::any, &model};
    CHECK(logarithm(good, nullptr) > logarithm(bad, nullptr));
    CHECK(improvement(good, nullptr) > improvement(bad, nullptr));
    CHECK((alone(bad, nullptr) == rising(bad, nullptr) && any(bad, nullptr) == rising(bad, nullptr)));
    CHECK((any.likely(good) && !any.likely(bad) && alone.likely(bad)));
    const Eigen::Vector2d between{0.5, 0.45};
    check_gradient(logarithm, between);
    check_gradient(improvement, between);
}
