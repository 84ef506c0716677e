#pragma once

// What every model of the concept `acquisition_policy` keeps.

#include "catch.hpp"

#include <verdant/optimizer/bayes/acquisition.hpp>
#include <verdant/optimizer/bayes/outcome_model.hpp>
#include <verdant/random/stream.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace laws {

/// 16 points of two coordinates with `objectives` outcomes that conflict, and one more that is constrained or not.
inline verdant::outcome_model law_model(std::size_t objectives, bool constrained) {
    verdant::random_stream random{8};
    Eigen::MatrixXd inputs(2, 16), values(16, static_cast<Eigen::Index>(objectives) + 1);
    for (auto& v : inputs.reshaped()) v = random.uniform();
    verdant::outcome_goals goals;
    goals.outcomes = objectives + 1;
    for (std::size_t j = 0; j < objectives; ++j) {
        const auto column = static_cast<Eigen::Index>(j);
        for (Eigen::Index i = 0; i < 16; ++i) values(i, column) = std::sin(3 * inputs(0, i) + 2 * static_cast<double>(j)) + inputs(1, i);
        goals.objectives.push_back({j, j % 2 == 1, std::numeric_limits<double>::quiet_NaN()});
    }
    for (Eigen::Index i = 0; i < 16; ++i) values(i, values.cols() - 1) = inputs(0, i) + inputs(1, i);
    if (constrained) goals.constraints.push_back({objectives, 0.3, 1.5});
    return verdant::fit_outcomes(inputs, values, goals, random);
}

template <class P>
void obeys_acquisition_policy_laws(const typename P::options& options = {}) {
    static_assert(verdant::acquisition_policy<P>);
    verdant::random_stream places{9};
    std::vector<Eigen::VectorXd> points;
    for (int i = 0; i < 200; ++i) points.push_back(Eigen::Vector2d{places.uniform(), places.uniform()});
    points.push_back(Eigen::Vector2d{0, 0}); // corners belong to the domain
    points.push_back(Eigen::Vector2d{1, 1});

    for (const std::size_t objectives : {1U, 2U})
        for (const bool constrained : {false, true}) {
            INFO(objectives << " objectives, " << (constrained ? "constrained" : "free"));
            const auto model = law_model(objectives, constrained);
            Eigen::MatrixXd pending(2, 2);
            pending << 0.2, 0.8, 0.5, 0.6;
            for (const Eigen::MatrixXd& evaluated : {Eigen::MatrixXd(2, 0), pending}) {
                // Equal streams give equal functions, and leave equal streams.
                verdant::random_stream random{10}, again{10};
                auto worth = P::make(model, evaluated, random, options);
                auto same = P::make(model, evaluated, again, options);
                REQUIRE(random == again);
                std::vector<double> values;
                for (const auto& x : points) {
                    values.push_back(worth(x, nullptr));
                    REQUIRE_FALSE(std::isnan(values.back()));
                }
                // Values do not depend on the order of questions, nor on whether the gradient is asked for.
                for (std::size_t i = points.size(); i-- > 0;) {
                    Eigen::VectorXd gradient;
                    REQUIRE(same(points[i], &gradient) == values[i]);
                    REQUIRE(worth(points[i], nullptr) == values[i]);
                    REQUIRE(gradient.size() == 2);
                    REQUIRE(gradient.allFinite());
                }
                // The gradient leads upwards: a small step along it gains what it says. Flat places and kinks are passed over.
                int rising = 0, steep = 0;
                for (const auto& x : points) {
                    Eigen::VectorXd gradient;
                    const auto here = worth(x, &gradient);
                    const auto slope = gradient.norm();
                    if (!(slope > 1e-3) || !(here > -30)) continue;
                    ++steep;
                    constexpr double step = 1e-5;
                    const auto gain = worth(x + step / slope * gradient, nullptr) - worth(x - step / slope * gradient, nullptr);
                    if (std::abs(gain / (2 * step * slope) - 1) < 0.02) ++rising;
                }
                REQUIRE(steep >= 3);
                REQUIRE(rising >= steep - 2);
            }
            // A point that is being evaluated already is worth less than before.
            verdant::random_stream random{11};
            auto free = P::make(model, Eigen::MatrixXd(2, 0), random, options);
            std::size_t best = 0;
            for (std::size_t i = 0; i < points.size(); ++i)
                if (free(points[i], nullptr) > free(points[best], nullptr)) best = i;
            auto taken = P::make(model, Eigen::MatrixXd{points[best]}, random, options);
            REQUIRE(taken(points[best], nullptr) < free(points[best], nullptr));
        }
}

} // namespace laws
