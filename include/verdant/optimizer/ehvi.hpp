#pragma once

#include <verdant/optimizer/outcome_model.hpp>
#include <verdant/pareto/box_decomposition.hpp>
#include <verdant/surrogate/normal_distribution.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// A value with its derivatives by mean and standard deviation of a normal variable.
struct normal_term {
    double value = 0, by_mean = 0, by_deviation = 0;
    normal_term& operator+=(const normal_term& t) noexcept {
        value += t.value;
        by_mean += t.by_mean;
        by_deviation += t.by_deviation;
        return *this;
    }
    friend normal_term operator*(double f, const normal_term& t) noexcept { return {f * t.value, f * t.by_mean, f * t.by_deviation}; }
    friend normal_term operator-(normal_term a, const normal_term& b) noexcept { return a += -1.0 * b; }
};

/// A normal variable y.
struct normal_variable {
    double mean = 0, deviation = 1;

    /// P(y <= a)
    [[nodiscard]] normal_term below(double a) const noexcept {
        if (std::isinf(a)) return {a > 0 ? 1.0 : 0.0, 0, 0};
        const auto z = (a - mean) / deviation, density = surrogate::normal_density(z) / deviation;
        return {surrogate::normal_probability(z), -density, -density * z};
    }
    /// E max(0, a - y)
    [[nodiscard]] normal_term shortfall(double a) const noexcept {
        if (a == -std::numeric_limits<double>::infinity()) return {};
        const auto z = (a - mean) / deviation, p = surrogate::normal_probability(z), density = surrogate::normal_density(z);
        return {(a - mean) * p + deviation * density, -p, density};
    }
    /// E[t(y); y <= c] of t(y) = max(0, high - max(low, y)), the side of a box that y leaves below high. @pre low < high, high finite
    [[nodiscard]] normal_term side(double low, double high, double c) const noexcept {
        if (c >= high) return shortfall(high) - shortfall(low);
        if (c <= low) return c == -std::numeric_limits<double>::infinity() ? normal_term{} : (high - low) * below(c);
        auto t = shortfall(c);
        t += (high - c) * below(c);
        return t - shortfall(low);
    }
};

} // namespace detail

/// Expected hypervolume improvement of one further point in closed form (Yang, Emmerich, Deutz, Baeck, J. Global Optim. 75, 2019): for each box of
/// the non-dominated region, a product over the objectives. Exact for independent outcomes and a known front, that is where observations are
/// exact; a constraint multiplies by the probability that it holds, or cuts the integral where its outcome is an objective, too.
class analytic_ehvi {
public:
    /// @param model outlives this
    explicit analytic_ehvi(const outcome_model& model) : analytic_ehvi{std::shared_ptr<const outcome_model>{std::shared_ptr<void>{}, &model}} {}
    /// @param pending points that are being evaluated, one a column: they count as observed at their predicted means (the "Kriging believer" of
    ///                Ginsbourger, Le Riche, Carraro, 2010), since there is no closed form for several points
    analytic_ehvi(const outcome_model& model, const Eigen::MatrixXd& pending)
        : analytic_ehvi{pending.cols() == 0 ? std::shared_ptr<const outcome_model>{std::shared_ptr<void>{}, &model}
                                            : std::make_shared<const outcome_model>(believed(model, pending))} {}

    /// The improvement, in standardised units.
    /// @param gradient by the coordinates of the point; may be null
    [[nodiscard]] double value(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
        const auto& model = *model_;
        const auto m = model.objectives.size(), n = model.outcomes.size();
        std::vector<detail::normal_variable> y(n);
        for (std::size_t o = 0; o < n; ++o) {
            model.outcomes[o].at(x, queries_[o]);
            y[o] = {queries_[o].mean, std::sqrt(queries_[o].variance)};
        }
        // Sides of the boxes, then their products.
        std::vector<detail::normal_term> sides(m), by_outcome(n);
        double volume = 0;
        for (std::size_t k = 0; k < boxes_.size(); ++k) {
            double product = 1;
            for (std::size_t j = 0; j < m; ++j) {
                const auto& o = model.objectives[j];
                sides[j] = side(y[o.outcome], o, boxes_.low(k)[j], boxes_.high(k)[j]);
                product *= sides[j].value;
            }
            volume += product;
            for (std::size_t j = 0; j < m; ++j) {
                double others = 1;
                for (std::size_t i = 0; i < m; ++i)
                    if (i != j) others *= sides[i].value;
                by_outcome[model.objectives[j].outcome] += others * sides[j];
            }
        }
        double chance = 1;
        std::vector<detail::normal_term> holds(n, {1, 0, 0});
        for (std::size_t o = 0; o < n; ++o) {
            if (is_objective(o) || (std::isinf(low_[o]) && std::isinf(high_[o]))) continue;
            holds[o] = y[o].below(high_[o]) - y[o].below(low_[o]);
            chance *= holds[o].value;
        }
        if (gradient != nullptr) {
            gradient->setZero(x.size());
            for (std::size_t o = 0; o < n; ++o) {
                double by_mean = chance * by_outcome[o].by_mean, by_deviation = chance * by_outcome[o].by_deviation;
                if (!is_objective(o)) {
                    double others = volume;
                    for (std::size_t i = 0; i < n; ++i)
                        if (i != o) others *= holds[i].value;
                    by_mean = others * holds[o].by_mean;
                    by_deviation = others * holds[o].by_deviation;
                }
                model.outcomes[o].add_gradient(queries_[o], by_mean, by_deviation / (2 * y[o].deviation), *gradient);
            }
        }
        return volume * chance;
    }

    /// The logarithm of the improvement: what is maximised, since its gradient does not vanish where the improvement does.
    [[nodiscard]] double operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
        const auto v = std::max(value(x, gradient), std::numeric_limits<double>::min());
        if (gradient != nullptr) *gradient /= v;
        return std::log(v);
    }

    [[nodiscard]] const pareto::box_decomposition& boxes() const noexcept { return boxes_; }

private:
    explicit analytic_ehvi(std::shared_ptr<const outcome_model> shared) : model_{std::move(shared)}, queries_(model_->outcomes.size()) {
        const auto& model = *model_;
        boxes_.build(model.feasible_objectives(), model.reference());
        constexpr auto inf = std::numeric_limits<double>::infinity();
        low_.assign(model.outcomes.size(), -inf);
        high_.assign(model.outcomes.size(), inf);
        for (const auto& l : model.limits) {
            if (l.sign > 0) high_[l.outcome] = std::min(high_[l.outcome], l.limit);
            else low_[l.outcome] = std::max(low_[l.outcome], l.limit);
        }
    }

    [[nodiscard]] static outcome_model believed(const outcome_model& model, const Eigen::MatrixXd& pending) {
        outcome_model m = model;
        const auto n = model.inputs.cols(), p = pending.cols();
        m.inputs.conservativeResize(Eigen::NoChange, n + p);
        m.inputs.rightCols(p) = pending;
        m.targets.conservativeResize(n + p, Eigen::NoChange);
        m.outcomes.clear();
        for (std::size_t o = 0; o < model.outcomes.size(); ++o) {
            const auto& gp = model.outcomes[o];
            const auto column = static_cast<Eigen::Index>(o);
            for (Eigen::Index i = 0; i < p; ++i) m.targets(n + i, column) = gp.predict(pending.col(i)).mean;
            m.outcomes.emplace_back(m.inputs, m.targets.col(column), gp.kernel(), gp.mean(), gp.noise());
        }
        return m;
    }

    [[nodiscard]] bool is_objective(std::size_t outcome) const {
        return std::any_of(model_->objectives.begin(), model_->objectives.end(), [&](const auto& o) { return o.outcome == outcome; });
    }

    /// Expected side of a box along one objective, where its outcome satisfies its own limits.
    [[nodiscard]] detail::normal_term side(const detail::normal_variable& y, const outcome_model::objective_of_model& o, double low,
                                           double high) const {
        // Of -y where the metric is maximised.
        const detail::normal_variable v{o.sign * y.mean, y.deviation};
        const auto least = o.sign > 0 ? low_[o.outcome] : -high_[o.outcome], most = o.sign > 0 ? high_[o.outcome] : -low_[o.outcome];
        auto t = v.side(low, high, most);
        if (std::isfinite(least)) t = t - v.side(low, high, least);
        t.by_mean *= o.sign;
        return t;
    }

    std::shared_ptr<const outcome_model> model_; ///< owned only where points are pending
    pareto::box_decomposition boxes_;
    std::vector<surrogate::gaussian_process::query> queries_;
    std::vector<double> low_, high_; ///< limits of each outcome
};

} // namespace verdant
