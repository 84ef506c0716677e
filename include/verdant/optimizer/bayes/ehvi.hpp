#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/bayes/baseline.hpp>
#include <verdant/optimizer/bayes/outcome_model.hpp>
#include <verdant/pareto/box_decomposition.hpp>
#include <verdant/pareto/hypervolume_rays.hpp>
#include <verdant/random/stream.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

/// Expected hypervolume improvement in closed form, for measurements without noise.
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

/// Places in [-1, 1] and weights of the rule of Gauss and Legendre with twelve (Abramowitz and Stegun, table 25.4).
inline constexpr std::array<std::pair<double, double>, 12> gauss_legendre_12{{{-0.981560634246719, 0.047175336386512},
                                                                              {-0.904117256370475, 0.106939325995318},
                                                                              {-0.769902674194305, 0.160078328543346},
                                                                              {-0.587317954286617, 0.203167426723066},
                                                                              {-0.367831498998180, 0.233492536538355},
                                                                              {-0.125233408511469, 0.249147045813403},
                                                                              {0.125233408511469, 0.249147045813403},
                                                                              {0.367831498998180, 0.233492536538355},
                                                                              {0.587317954286617, 0.203167426723066},
                                                                              {0.769902674194305, 0.160078328543346},
                                                                              {0.904117256370475, 0.106939325995318},
                                                                              {0.981560634246719, 0.047175336386512}}};

} // namespace detail

/// How expected hypervolume improvement in closed form is computed.
struct analytic_ehvi_options {
    std::size_t box_objectives = 4; ///< most objectives for which it is a sum over boxes; beyond it is one over rays
    std::size_t rays = 512;         ///< rays from the reference point, see `pareto::hypervolume_rays`

    using described = members<member<"box_objectives", &analytic_ehvi_options::box_objectives, member_role::unrecorded>,
                              member<"rays", &analytic_ehvi_options::rays, member_role::unrecorded>>;

    /// Throws input_error for an option that is out of range. @param source who takes the options
    void check(std::string_view source) const {
        require_count(source, "acquisition.box_objectives", box_objectives, 0);
        require_count(source, "acquisition.rays", rays, 1);
    }
};

/// Expected hypervolume improvement of one further point in closed form (Yang, Emmerich, Deutz, Baeck, J. Global Optim. 75, 2019): for each box of
/// the non-dominated region, a product over the objectives. Exact for independent outcomes and a known front, that is where observations are
/// exact; a constraint multiplies by the probability that it holds, or cuts the integral where its outcome is an objective, too.
///
/// Beyond some objectives boxes are too many. Then the improvement is the mean over rays from the reference point (see `pareto::hypervolume_rays`) of
/// the integral of m t^(m-1) P(the vector dominates the ray at t) from the dominated length on, by the rule of Gauss and Legendre: exact but for the
/// choice of the rays.
template <class = instantiated_when_used>
class basic_analytic_ehvi {
public:
    /// @param model   outlives this
    /// @param options see `analytic_ehvi_options`
    explicit basic_analytic_ehvi(const outcome_model& model, const analytic_ehvi_options& options = {})
        : basic_analytic_ehvi{std::shared_ptr<const outcome_model>{std::shared_ptr<void>{}, &model}, options} {}
    /// @param pending points that are being evaluated, one a column: they count as observed at their predicted means (the "Kriging believer" of
    ///                Ginsbourger, Le Riche, Carraro, 2010), since there is no closed form for several points
    basic_analytic_ehvi(const outcome_model& model, const Eigen::MatrixXd& pending, const analytic_ehvi_options& options = {})
        : basic_analytic_ehvi{pending.cols() == 0 ? std::shared_ptr<const outcome_model>{std::shared_ptr<void>{}, &model}
                                                  : std::make_shared<const outcome_model>(believed(model, pending)),
                              options} {}

    /// The improvement, in standardised units.
    /// @param gradient by the coordinates of the point; may be null
    [[nodiscard]] double value(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) { return value(x, gradient, dominated_.size()); }

    /// The logarithm of the improvement: what is maximised, since its gradient does not vanish where the improvement does.
    [[nodiscard]] double operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
        const auto v = std::max(value(x, gradient), std::numeric_limits<double>::min());
        if (gradient != nullptr) *gradient /= v;
        return std::log(v);
    }

    /// The same, from fewer rays where there are rays: good enough to choose where a search starts.
    [[nodiscard]] double screen(const Eigen::VectorXd& x) {
        return std::log(std::max(value(x, nullptr, (dominated_.size() + 7) / 8), std::numeric_limits<double>::min()));
    }

    /// The boxes; none where there are rays.
    [[nodiscard]] const pareto::box_decomposition& boxes() const noexcept { return boxes_; }

private:
    [[nodiscard]] double value(const Eigen::VectorXd& x, Eigen::VectorXd* gradient, std::size_t rays);

    /// Sides of the boxes, then their products.
    /// @param by_outcome receives the derivatives
    [[nodiscard]] double along_boxes(const std::vector<detail::normal_variable>& y, std::vector<detail::normal_term>& by_outcome) {
        const auto& model = *model_;
        const auto m = model.objectives.size();
        std::vector<detail::normal_term> sides(m);
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
        return volume;
    }

    /// Integrals along the first `rays` rays.
    [[nodiscard]] double along_rays(const std::vector<detail::normal_variable>& y, std::size_t rays, std::vector<detail::normal_term>& by_outcome) {
        const auto& model = *model_;
        const auto m = model.objectives.size();
        constexpr double inf = std::numeric_limits<double>::infinity(), sure = 5; // deviations, beyond which probabilities are 0 or 1 to 3e-7
        const auto share = pareto::hypervolume_rays::ball(m) / static_cast<double>(rays);
        std::vector<detail::normal_term> below(m);
        double volume = 0;
        for (std::size_t k = 0; k < rays; ++k) {
            const auto inverse = rays_->inverse(k);
            // From t = certain on the vector may not dominate the ray, from t = impossible on it does not.
            auto certain = inf, impossible = inf;
            for (std::size_t j = 0; j < m; ++j) {
                const auto& o = model.objectives[j];
                const auto room = o.reference - o.sign * y[o.outcome].mean, reach = sure * y[o.outcome].deviation;
                certain = std::min(certain, (room - reach) * inverse[j]);
                impossible = std::min(impossible, (room + reach) * inverse[j]);
            }
            auto from = dominated_[k];
            if (impossible <= from) continue;
            if (certain > from && !limited_objectives_) {
                volume += share * pareto::hypervolume_rays::power_growth(from, certain - from, m).value;
                from = certain;
            }
            const auto half = 0.5 * (impossible - from);
            for (const auto& [place, weight] : detail::gauss_legendre_12) {
                const auto t = from + half * (1 + place);
                double product = share * weight * half * pareto::hypervolume_rays::power_growth(t, 0, m).slope;
                for (std::size_t j = 0; j < m; ++j) {
                    const auto& o = model.objectives[j];
                    below[j] = probability_below(y[o.outcome], o, o.reference - t / inverse[j]);
                    product *= below[j].value;
                }
                if (!(product > 1e-300)) continue;
                volume += product;
                for (std::size_t j = 0; j < m; ++j) by_outcome[model.objectives[j].outcome] += product / below[j].value * below[j];
            }
        }
        return volume;
    }

    basic_analytic_ehvi(std::shared_ptr<const outcome_model> shared, const analytic_ehvi_options& options);

    [[nodiscard]] static outcome_model believed(const outcome_model& model, const Eigen::MatrixXd& pending);

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

    /// P(sign * y <= a), where the outcome satisfies its own limits.
    [[nodiscard]] detail::normal_term probability_below(const detail::normal_variable& y, const outcome_model::objective_of_model& o,
                                                        double a) const {
        const detail::normal_variable v{o.sign * y.mean, y.deviation};
        const auto least = o.sign > 0 ? low_[o.outcome] : -high_[o.outcome], most = o.sign > 0 ? high_[o.outcome] : -low_[o.outcome];
        if (a <= least) return {};
        auto t = v.below(std::min(a, most));
        if (std::isfinite(least)) t = t - v.below(least);
        t.by_mean *= o.sign;
        return t;
    }

    std::shared_ptr<const outcome_model> model_; ///< owned only where points are pending
    pareto::box_decomposition boxes_;
    std::optional<pareto::hypervolume_rays> rays_;
    std::vector<double> dominated_; ///< length of each ray
    bool limited_objectives_ = false; ///< whether an objective is constrained, too
    std::vector<surrogate::gaussian_process::query> queries_;
    std::vector<double> low_, high_; ///< limits of each outcome
};

template <class Deferred>
basic_analytic_ehvi<Deferred>::basic_analytic_ehvi(std::shared_ptr<const outcome_model> shared, const analytic_ehvi_options& options)
    : model_{std::move(shared)}, queries_(model_->outcomes.size()) {
    const auto& model = *model_;
    const auto rows = model.feasible_objectives(), reference = model.reference();
    if (const auto m = model.objectives.size(); m <= options.box_objectives) {
        boxes_.build(rows, reference);
    } else {
        random_stream scrambling{m}; // equal models are valued equally
        rays_ = sobol_rays(m, options.rays, scrambling);
        for (std::size_t k = 0; k < options.rays; ++k) dominated_.push_back(rays_->dominated(k, rows, reference));
    }
    constexpr auto inf = std::numeric_limits<double>::infinity();
    low_.assign(model.outcomes.size(), -inf);
    high_.assign(model.outcomes.size(), inf);
    for (const auto& l : model.limits) {
        if (l.sign > 0) high_[l.outcome] = std::min(high_[l.outcome], l.limit);
        else low_[l.outcome] = std::max(low_[l.outcome], l.limit);
        limited_objectives_ = limited_objectives_ || is_objective(l.outcome);
    }
}
VERDANT_DEFINED_ONCE(basic_analytic_ehvi<>::basic_analytic_ehvi(std::shared_ptr<const outcome_model>, const analytic_ehvi_options&));

template <class Deferred>
outcome_model basic_analytic_ehvi<Deferred>::believed(const outcome_model& model, const Eigen::MatrixXd& pending) {
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
VERDANT_DEFINED_ONCE(outcome_model basic_analytic_ehvi<>::believed(const outcome_model&, const Eigen::MatrixXd&));

template <class Deferred>
double basic_analytic_ehvi<Deferred>::value(const Eigen::VectorXd& x, Eigen::VectorXd* gradient, std::size_t rays) {
    const auto& model = *model_;
    const auto n = model.outcomes.size();
    std::vector<detail::normal_variable> y(n);
    for (std::size_t o = 0; o < n; ++o) {
        model.outcomes[o].values_at(x, queries_[o]);
        if (gradient != nullptr) model.outcomes[o].add_weights(queries_[o]);
        y[o] = {queries_[o].mean, std::sqrt(queries_[o].variance)};
    }
    std::vector<detail::normal_term> by_outcome(n);
    const auto volume = rays_ ? along_rays(y, rays, by_outcome) : along_boxes(y, by_outcome);
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
VERDANT_DEFINED_ONCE(double basic_analytic_ehvi<>::value(const Eigen::VectorXd&, Eigen::VectorXd*, std::size_t));

/// The improvement in closed form, as programs name it.
using analytic_ehvi = basic_analytic_ehvi<>;

} // namespace verdant
