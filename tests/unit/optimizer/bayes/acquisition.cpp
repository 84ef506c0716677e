#include <verdant/optimizer/bayes/acquisition.hpp>

#include <verdant/pareto/hypervolume.hpp>

#include "catch.hpp"
#include "laws/acquisition_policy.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using namespace verdant;

namespace {

/// 20 points of 3 coordinates with `objectives` conflicting outcomes and one more that is constrained.
outcome_model example(std::size_t objectives, bool thresholds = true) {
    random_stream random{3};
    Eigen::MatrixXd inputs(3, 20), values(20, static_cast<Eigen::Index>(objectives) + 1);
    for (auto& v : inputs.reshaped()) v = random.uniform();
    outcome_goals goals;
    goals.outcomes = objectives + 1;
    const auto none = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t j = 0; j < objectives; ++j) {
        for (Eigen::Index i = 0; i < 20; ++i)
            values(i, static_cast<Eigen::Index>(j)) =
                (j % 2 == 0 ? 1 : -1) * (std::sin(2 * inputs(0, i) + static_cast<double>(j)) + 0.3 * inputs(1, i));
        goals.objectives.push_back({j, j % 2 == 1, thresholds ? (j % 2 == 0 ? 1.2 : -1.2) : none});
    }
    for (Eigen::Index i = 0; i < 20; ++i) values(i, values.cols() - 1) = inputs(2, i) + 0.1 * inputs(0, i);
    goals.constraints.push_back({objectives, 0.2, 0.8});
    return fit_outcomes(inputs, values, goals, random);
}

template <class A>
void gradient_is_right(A& a, const Eigen::VectorXd& x, double tolerance) {
    Eigen::VectorXd gradient(x.size());
    const auto value = a(x, &gradient);
    CHECK(value == a(x, nullptr));
    for (Eigen::Index j = 0; j < x.size(); ++j) {
        constexpr double h = 1e-6;
        Eigen::VectorXd up = x, down = x;
        up[j] += h;
        down[j] -= h;
        CHECK(gradient[j] == Approx((a(up, nullptr) - a(down, nullptr)) / (2 * h)).epsilon(tolerance).margin(tolerance * (1e-3 + gradient.norm())));
    }
}

} // namespace

TEST_CASE("Gradients of the acquisition functions equal differences, with constraints and pending points", "[optimizer]") {
    random_stream random{4};
    for (std::size_t m = 1; m <= 4; ++m) {
        const auto model = example(m);
        Eigen::MatrixXd pending(3, 2);
        pending << 0.2, 0.8, 0.5, 0.6, 0.4, 0.3;
        noisy_ehvi<improvement_form::logarithmic> logarithmic{model, pending, random};
        analytic_ehvi closed{model, pending};
        for (int repetition = 0; repetition < 5; ++repetition) {
            Eigen::VectorXd x(3);
            for (auto& v : x) v = random.uniform();
            gradient_is_right(logarithmic, x, 1e-3);
            // Less than 1e-17 is what cancellation leaves of sums of terms near 1: its differences are noise.
            if (closed(x, nullptr) > -39) gradient_is_right(closed, x, 1e-5);
        }
    }
}

TEST_CASE("Every acquisition obeys the laws of its concept", "[optimizer]") {
    laws::obeys_acquisition_policy_laws<qlog_nehvi>();
    laws::obeys_acquisition_policy_laws<qnehvi>();
    laws::obeys_acquisition_policy_laws<ehvi>();
}

TEST_CASE("Sampled improvement tends to the closed form, smooth or not", "[optimizer]") {
    random_stream random{5};
    for (std::size_t m = 1; m <= 3; ++m) {
        const auto model = example(m);
        const Eigen::MatrixXd none(3, 0);
        noisy_ehvi<improvement_form::plain> plain{model, none, random, {.samples = 8192}};
        noisy_ehvi<improvement_form::logarithmic> smooth{model, none, random, {.samples = 8192}};
        analytic_ehvi closed{model};
        int compared = 0;
        for (int repetition = 0; repetition < 300; ++repetition) {
            Eigen::VectorXd x(3);
            for (auto& v : x) v = random.uniform();
            const auto exact = closed.value(x, nullptr);
            if (exact < 0.01) continue; // too rare for 8192 samples
            ++compared;
            INFO(m << " objectives, exact " << exact);
            CHECK(plain(x, nullptr) == Approx(exact).epsilon(0.1));
            CHECK(std::exp(smooth(x, nullptr)) == Approx(exact).epsilon(0.1));
        }
        CHECK(compared >= 2);
    }
}

TEST_CASE("Rays estimate the improvement that boxes compute", "[optimizer]") {
    random_stream random{15};
    const Eigen::MatrixXd none(3, 0);
    for (std::size_t m = 2; m <= 5; ++m) {
        const auto model = example(m);
        const analytic_ehvi_options boxes{.box_objectives = 8};
        const analytic_ehvi_options along{.box_objectives = 0, .rays = 8192};
        analytic_ehvi exact{model, boxes}, rays{model, along};
        noisy_ehvi<improvement_form::plain> plain{model, none, random, {.samples = 1024, .box_objectives = 0}};
        noisy_ehvi<improvement_form::logarithmic> smooth{model, none, random, {.samples = 1024, .box_objectives = 0}};
        CHECK(exact.boxes().size() > 0);
        CHECK(rays.boxes().size() == 0);
        int compared = 0;
        double deviation = 0, size = 0;
        for (int repetition = 0; repetition < 150; ++repetition) {
            Eigen::VectorXd x(3);
            for (auto& v : x) v = random.uniform();
            const auto expected = exact.value(x, nullptr);
            // The mean over all points is much better known than that at one, which few rays meet.
            deviation += rays.value(x, nullptr) - expected;
            size += expected;
            // Small improvements are thin slabs that few rays meet, and with five objectives one of 8192 rays may hold a hundredth of all: there the
            // mean counts.
            if (expected < 0.05 || m > 4) continue;
            ++compared;
            INFO(m << " objectives, exact " << expected);
            CHECK(rays.value(x, nullptr) == Approx(expected).epsilon(0.15));
            CHECK(plain(x, nullptr) == Approx(expected).epsilon(0.25));
            CHECK(std::exp(smooth(x, nullptr)) == Approx(expected).epsilon(0.25));
        }
        CHECK((compared >= 2 || m > 4));
        CHECK(std::abs(deviation) < 0.05 * size);
    }
}

TEST_CASE("Many objectives: gradients along rays, and pending points", "[optimizer]") {
    random_stream random{16};
    Eigen::MatrixXd pending(3, 1);
    pending << 0.2, 0.8, 0.5;
    for (const std::size_t m : {5U, 6U, 8U}) {
        const auto model = example(m);
        noisy_ehvi<improvement_form::logarithmic> sampled{model, pending, random};
        analytic_ehvi closed{model, pending};
        CHECK(closed.boxes().size() == 0);
        int compared = 0;
        for (int repetition = 0; repetition < 40; ++repetition) {
            Eigen::VectorXd x(3);
            for (auto& v : x) v = random.uniform();
            if (!(closed(x, nullptr) > -12)) continue;
            ++compared;
            gradient_is_right(closed, x, 0.05); // of the integral, which the rule approximates
            // A minimum over objectives has kinks: its gradient leads upwards.
            Eigen::VectorXd gradient;
            const auto here = sampled(x, &gradient);
            REQUIRE(gradient.allFinite());
            CHECK(sampled(x + 1e-5 / gradient.norm() * gradient, nullptr) > here);
        }
        CHECK(compared >= 3);
    }
}

TEST_CASE("With one objective the improvement is the expected improvement", "[optimizer]") {
    auto model = example(1);
    model.limits.clear();
    analytic_ehvi closed{model};
    auto seen = model.feasible_objectives();
    const auto best = *std::min_element(seen.begin(), seen.end());
    const Eigen::VectorXd x = Eigen::Vector3d{0.9, 0.2, 0.5};
    const auto p = model.outcomes[0].predict(x);
    const auto z = (best - p.mean) / std::sqrt(p.variance);
    CHECK(closed.value(x, nullptr) ==
          Approx((best - p.mean) * surrogate::normal_probability(z) + std::sqrt(p.variance) * surrogate::normal_density(z)).epsilon(1e-10));
}

TEST_CASE("Constraints on an objective cut the integral", "[optimizer]") {
    // Monte-Carlo over the two independent normal outcomes of a point.
    auto model = example(2);
    model.limits = {{0, 1, 0.4}, {0, -1, -0.9}, {1, 1, 0.6}};
    analytic_ehvi closed{model};
    const Eigen::VectorXd x = Eigen::Vector3d{0.5, 0.9, 0.9};
    const auto a = model.outcomes[0].predict(x), b = model.outcomes[1].predict(x);
    const auto& boxes = closed.boxes();
    random_stream random{6};
    double sum = 0, squares = 0;
    constexpr int n = 200000;
    for (int i = 0; i < n; ++i) {
        const auto f = a.mean + std::sqrt(a.variance) * surrogate::normal_quantile(random.uniform() + 0x1.0p-54);
        const auto g = b.mean + std::sqrt(b.variance) * surrogate::normal_quantile(random.uniform() + 0x1.0p-54);
        if (f > 0.4 || f < -0.9 || g > 0.6) continue;
        const double y[2] = {model.objectives[0].sign * f, model.objectives[1].sign * g};
        double volume = 0;
        for (std::size_t k = 0; k < boxes.size(); ++k)
            volume +=
                std::max(0.0, boxes.high(k)[0] - std::max(boxes.low(k)[0], y[0])) * std::max(0.0, boxes.high(k)[1] - std::max(boxes.low(k)[1], y[1]));
        sum += volume;
        squares += volume * volume;
    }
    const auto mean = sum / n, error = std::sqrt((squares / n - mean * mean) / n);
    CHECK(closed.value(x, nullptr) == Approx(mean).margin(6 * error)); // fixed seed
    gradient_is_right(closed, x, 1e-5);
}

TEST_CASE("The pruned baseline holds the feasible front and nothing that is dominated for certain", "[optimizer]") {
    const auto model = example(2);
    random_stream random{7};
    const auto kept = pruned_baseline(model, 512, random);
    std::vector<Eigen::Index> front;
    const auto feasible = [&](Eigen::Index i) {
        return std::all_of(model.limits.begin(), model.limits.end(),
                           [&](const outcome_limit& l) { return model.holds(l, model.targets(i, static_cast<Eigen::Index>(l.outcome))); });
    };
    for (Eigen::Index i = 0; i < 20; ++i) {
        bool dominated = !feasible(i);
        for (Eigen::Index j = 0; j < 20; ++j)
            dominated = dominated || (feasible(j) && model.targets(j, 0) < model.targets(i, 0) && -model.targets(j, 1) < -model.targets(i, 1));
        if (!dominated) front.push_back(i);
    }
    CHECK(kept == front);
}

TEST_CASE("A pending point has little left to give", "[optimizer]") {
    const auto model = example(2);
    random_stream random{8};
    const Eigen::MatrixXd none(3, 0);
    noisy_ehvi<improvement_form::logarithmic> alone{model, none, random};
    const auto best = maximise_acquisition(alone, 3, random, {.raw_samples = 64, .starts = 4}).front();
    noisy_ehvi<improvement_form::logarithmic> beside{model, best.x, random};
    CHECK(beside(best.x, nullptr) < best.value - 2);
    analytic_ehvi closed{model}, believing{model, best.x};
    CHECK(believing.value(best.x, nullptr) < 0.05 * closed.value(best.x, nullptr));
}

TEST_CASE("The maximiser finds the best of many maxima and sorts what it finds", "[optimizer]") {
    // Four peaks in the corners of a square, the highest at (0.8, 0.2).
    const auto peaks = [](const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
        double value = 0;
        if (gradient != nullptr) gradient->setZero(2);
        for (const auto& [a, b, height] :
             {std::array{0.2, 0.2, 1.0}, std::array{0.8, 0.2, 1.5}, std::array{0.2, 0.8, 0.7}, std::array{0.8, 0.8, 1.2}}) {
            const Eigen::Vector2d d{x[0] - a, x[1] - b};
            const auto bump = height * std::exp(-30 * d.squaredNorm());
            value += bump;
            if (gradient != nullptr) *gradient += -60 * bump * d;
        }
        return value;
    };
    random_stream random{9};
    const auto found = maximise_acquisition(peaks, 2, random, {.raw_samples = 256, .starts = 12});
    CHECK(found.size() == 12);
    CHECK(std::is_sorted(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.value > b.value; }));
    CHECK((found.front().x - Eigen::Vector2d{0.8, 0.2}).norm() < 1e-3);
}

TEST_CASE("Boltzmann selection gives different indices and always the best", "[optimizer]") {
    random_stream random{10};
    std::vector<double> values(50);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<double>(i));
    values[17] = 1.5;
    std::vector<int> hits(values.size(), 0);
    for (int repetition = 0; repetition < 400; ++repetition) {
        auto chosen = detail::boltzmann_selection(values, 5, random);
        CHECK(std::find(chosen.begin(), chosen.end(), 17U) != chosen.end());
        for (const auto c : chosen) ++hits[c];
        std::sort(chosen.begin(), chosen.end());
        CHECK(std::adjacent_find(chosen.begin(), chosen.end()) == chosen.end());
    }
    CHECK(hits[14] > 3 * hits[11]); // sin(14) = 0.99, sin(11) = -1
}

TEST_CASE("Without thresholds the reference lies beyond the front", "[optimizer]") {
    const auto model = example(2, false);
    const auto feasible = model.feasible_objectives();
    for (std::size_t j = 0; j < 2; ++j)
        for (std::size_t i = j; i < feasible.size(); i += 2) CHECK(feasible[i] < model.objectives[j].reference);
}
