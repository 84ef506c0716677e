#pragma once

#include <verdant/error.hpp>
#include <verdant/optimizer/baseline.hpp>
#include <verdant/optimizer/outcome_model.hpp>
#include <verdant/optimizer/smooth_improvement.hpp>
#include <verdant/pareto/box_decomposition.hpp>
#include <verdant/random.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace verdant {

/// How noisy expected hypervolume improvement is computed; defaults as published (carbonnaas.md 3.3).
struct noisy_ehvi_options {
    std::size_t samples = 128;        ///< draws of the model at which improvement is averaged
    std::size_t prune_samples = 2048; ///< draws that decide which observed points matter; 0 keeps all
    double eta = 1e-3;                ///< width of the step at a constraint, in standardised units
    double tau_relu = 1e-6;           ///< smoothing of max(0, .) in the logarithmic form
    double tau_max = 1e-2;            ///< smoothing of min in the logarithmic form
};

/// Noisy expected hypervolume improvement of one further point (Daulton, Balandat, Bakshy, NeurIPS 2021): the mean over joint samples of the model
/// at the baseline and at the point, of the volume that the point adds to what the feasible ones of the baseline dominate, each time with the
/// box decomposition of that sample. Points that are asked for but not told are part of the baseline.
/// @tparam Logarithmic the smooth form whose logarithm has a useful gradient everywhere (Ament et al., NeurIPS 2023)
template <bool Logarithmic>
class noisy_ehvi {
public:
    static constexpr std::size_t most_objectives = 8;

    /// @param model   outlives this
    /// @param pending points that are being evaluated, one a column
    /// @param random  drawn from for the base samples
    noisy_ehvi(const outcome_model& model, const Eigen::MatrixXd& pending, random_stream& random, const noisy_ehvi_options& options = {})
        : model_{&model}, options_{options}, pending_{pending} {
        if (model.objectives.size() > most_objectives)
            throw input_error{"expected hypervolume improvement", "objectives", "at most 8", std::to_string(model.objectives.size())};
        if (options.prune_samples > 0) observed_ = pruned_baseline(model, options.prune_samples, random);
        else
            for (Eigen::Index i = 0; i < model.inputs.cols(); ++i) observed_.push_back(i);
        draw(random);
        decompose();
        values_.resize(static_cast<Eigen::Index>(options_.samples), static_cast<Eigen::Index>(model.outcomes.size()));
        slopes_.resizeLike(values_);
        queries_.resize(model.outcomes.size());
    }

    /// The logarithm of the improvement in the logarithmic form, else the improvement; in standardised units.
    /// @param gradient by the coordinates of the point; may be null
    [[nodiscard]] double operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
        for (std::size_t o = 0; o < outcomes_.size(); ++o) sample(o, x);
        const auto sum = gradient != nullptr ? improvement<true>() : improvement<false>();
        const auto value = sum / static_cast<double>(options_.samples);
        if (gradient != nullptr) {
            gradient->setZero(x.size());
            for (std::size_t o = 0; o < outcomes_.size(); ++o) add_gradient(o, *gradient);
            *gradient /= Logarithmic ? std::max(sum, std::numeric_limits<double>::min()) : static_cast<double>(options_.samples);
        }
        return Logarithmic ? std::log(std::max(value, std::numeric_limits<double>::min())) : value;
    }

    /// The observed points of the baseline, as columns of the model's inputs.
    [[nodiscard]] const std::vector<Eigen::Index>& baseline() const noexcept { return observed_; }

private:
    /// What belongs to one outcome.
    struct outcome_samples {
        Eigen::MatrixXd normals;      ///< base samples of the baseline: points x samples
        Eigen::VectorXd own_normals;  ///< of the new point
        Eigen::MatrixXd drawn;        ///< values at the baseline: points x samples
        Eigen::MatrixXd inverse_root; ///< L^-1 of the covariance at the baseline
        Eigen::MatrixXd crossing;     ///< row b: vector whose product with (K + noise)^-1 k(X, x) is the covariance of baseline point b and x, ...
        Eigen::MatrixXd scaled;       ///< ... to which k(pending, x) is added for the pending points, here in units of the length scales
        Eigen::VectorXd projected;    ///< l = L^-1 c of the current point
        double deviation = 0;         ///< of the current point given the baseline
        bool floored = false;
    };

    void draw(random_stream& random) {
        const auto& model = *model_;
        const auto nb = static_cast<Eigen::Index>(observed_.size()), np = pending_.cols(), n = nb + np;
        const auto normals = sobol_normals(options_.samples, static_cast<std::size_t>(n + 1) * model.outcomes.size(), random);
        for (std::size_t o = 0; o < model.outcomes.size(); ++o) {
            const auto& gp = model.outcomes[o];
            auto& s = outcomes_.emplace_back();
            s.normals = normals.middleCols(static_cast<Eigen::Index>(o) * (n + 1), n).transpose();
            s.own_normals = normals.col(static_cast<Eigen::Index>(o) * (n + 1) + n);
            s.crossing = Eigen::MatrixXd::Zero(n, gp.size());
            s.scaled = gp.kernel().scaled(pending_);
            const Eigen::VectorXd targets = model.targets.col(static_cast<Eigen::Index>(o));
            const Eigen::VectorXd weights = gp.solve((targets.array() - gp.mean()).matrix());
            Eigen::VectorXd means(n);
            Eigen::MatrixXd covariance(n, n);
            const auto at_inputs = gp.covariance_at_inputs();
            covariance.topLeftCorner(nb, nb) = at_inputs(observed_, observed_);
            for (Eigen::Index b = 0; b < nb; ++b) {
                const auto i = observed_[static_cast<std::size_t>(b)];
                means[b] = targets[i] - gp.noise() * weights[i];
                s.crossing(b, i) = gp.noise();
            }
            surrogate::gaussian_process::query q;
            for (Eigen::Index p = 0; p < np; ++p) {
                gp.at(pending_.col(p), q);
                means[nb + p] = q.mean;
                s.crossing.row(nb + p) = -q.kernel.transpose();
                for (Eigen::Index b = 0; b < nb + p; ++b) {
                    auto c = s.crossing.row(b).dot(q.weights);
                    if (b >= nb) c += gp.kernel().at((s.scaled.col(b - nb) - q.point).squaredNorm());
                    covariance(b, nb + p) = covariance(nb + p, b) = c;
                }
                covariance(nb + p, nb + p) = q.variance;
            }
            if (n > 0) {
                const auto root = surrogate::detail::covariance_root(covariance);
                s.drawn = (root * s.normals).colwise() + means;
                s.inverse_root = Eigen::MatrixXd::Identity(n, n);
                root.triangularView<Eigen::Lower>().solveInPlace(s.inverse_root);
            }
        }
    }

    /// The boxes of each sample, with the infinite lower corners of the rest of space.
    void decompose() {
        const auto& model = *model_;
        const auto m = model.objectives.size();
        const auto reference = model.reference();
        const auto n = static_cast<Eigen::Index>(observed_.size()) + pending_.cols();
        pareto::box_decomposition boxes;
        std::vector<double> rows;
        begin_.assign(1, 0);
        for (Eigen::Index s = 0; s < static_cast<Eigen::Index>(options_.samples); ++s) {
            rows.clear();
            for (Eigen::Index b = 0; b < n; ++b) {
                if (!std::all_of(model.limits.begin(), model.limits.end(),
                                 [&](const outcome_limit& l) { return model.holds(l, outcomes_[l.outcome].drawn(b, s)); }))
                    continue;
                for (const auto& o : model.objectives) rows.push_back(o.sign * outcomes_[o.outcome].drawn(b, s));
            }
            boxes.build(rows, reference);
            for (std::size_t k = 0; k < boxes.size(); ++k) {
                high_.insert(high_.end(), boxes.high(k).begin(), boxes.high(k).end());
                for (std::size_t j = 0; j < m; ++j) length_.push_back(boxes.high(k)[j] - boxes.low(k)[j]);
            }
            begin_.push_back(high_.size() / m);
        }
    }

    /// Values of an outcome at x in every sample.
    void sample(std::size_t o, const Eigen::VectorXd& x) {
        const auto& gp = model_->outcomes[o];
        auto& s = outcomes_[o];
        auto& q = queries_[o];
        gp.at(x, q);
        auto values = values_.col(static_cast<Eigen::Index>(o));
        auto variance = q.variance;
        values.setConstant(q.mean);
        if (s.inverse_root.size() > 0) {
            Eigen::VectorXd c = s.crossing * q.weights;
            for (Eigen::Index p = 0; p < s.scaled.cols(); ++p)
                c[c.size() - s.scaled.cols() + p] += gp.kernel().at((s.scaled.col(p) - q.point).squaredNorm());
            s.projected = s.inverse_root.template triangularView<Eigen::Lower>() * c;
            values.noalias() += s.normals.transpose() * s.projected;
            variance -= s.projected.squaredNorm();
        }
        s.floored = variance < 1e-4 * gp.noise();
        s.deviation = std::sqrt(s.floored ? 1e-4 * gp.noise() : variance);
        values += s.deviation * s.own_normals;
    }

    /// Sum over the samples; with derivatives by the sampled values of the outcomes.
    template <bool WithSlopes>
    [[nodiscard]] double improvement() {
        const auto& model = *model_;
        const auto m = model.objectives.size();
        if constexpr (WithSlopes) slopes_.setZero();
        std::array<double, most_objectives> y{}, by_y{}, side{}, side_slope{};
        feasibility_.resize(model.limits.size());
        double sum = 0;
        for (Eigen::Index s = 0; s < values_.rows(); ++s) {
            double feasible = 1;
            for (std::size_t c = 0; c < model.limits.size(); ++c) {
                const auto& l = model.limits[c];
                const auto room = -l.sign * (values_(s, static_cast<Eigen::Index>(l.outcome)) - l.limit);
                feasibility_[c] = Logarithmic ? detail::fat_step(room, options_.eta) : detail::sigmoid_step(room, options_.eta);
                feasible *= feasibility_[c].value;
            }
            if (!Logarithmic && feasible == 0) continue;
            for (std::size_t j = 0; j < m; ++j) {
                const auto& o = model.objectives[j];
                y[j] = o.sign * values_(s, static_cast<Eigen::Index>(o.outcome));
                by_y[j] = 0;
            }
            double volume = 0;
            for (auto k = begin_[static_cast<std::size_t>(s)]; k < begin_[static_cast<std::size_t>(s) + 1]; ++k) {
                const auto *high = high_.data() + k * m, *length = length_.data() + k * m;
                double product = 1;
                for (std::size_t j = 0; j < m; ++j) {
                    const auto z = high[j] - y[j];
                    if constexpr (Logarithmic) {
                        const auto above = detail::fat_plus(z, options_.tau_relu);
                        const auto kept = detail::fat_min(above.value, length[j], options_.tau_max);
                        side[j] = kept.value;
                        side_slope[j] = -kept.slope * above.slope;
                    } else {
                        side[j] = z <= 0 ? 0 : std::min(z, length[j]);
                        side_slope[j] = z > 0 && z < length[j] ? -1 : 0;
                        if (z <= 0) {
                            product = 0;
                            break;
                        }
                    }
                    product *= side[j];
                }
                volume += product;
                if constexpr (WithSlopes)
                    if (product > 0)
                        for (std::size_t j = 0; j < m; ++j) by_y[j] += product * (side_slope[j] / side[j]);
            }
            sum += feasible * volume;
            if constexpr (WithSlopes) {
                for (std::size_t j = 0; j < m; ++j) {
                    const auto& o = model.objectives[j];
                    slopes_(s, static_cast<Eigen::Index>(o.outcome)) += o.sign * feasible * by_y[j];
                }
                for (std::size_t c = 0; c < model.limits.size(); ++c) {
                    const auto& l = model.limits[c];
                    slopes_(s, static_cast<Eigen::Index>(l.outcome)) -=
                        l.sign * volume * feasible * (feasibility_[c].slope / std::max(feasibility_[c].value, std::numeric_limits<double>::min()));
                }
            }
        }
        return sum;
    }

    /// From derivatives by the samples to those by x: values = mean + normals' l + deviation * own, l = L^-1 c, deviation^2 = variance - l'l.
    void add_gradient(std::size_t o, Eigen::VectorXd& gradient) {
        const auto& gp = model_->outcomes[o];
        const auto& s = outcomes_[o];
        const auto& q = queries_[o];
        const auto slopes = slopes_.col(static_cast<Eigen::Index>(o));
        const auto by_deviation = s.floored ? 0.0 : slopes.dot(s.own_normals);
        gp.add_gradient(q, slopes.sum(), by_deviation / (2 * s.deviation), gradient);
        if (s.inverse_root.size() == 0) return;
        const Eigen::VectorXd by_projected = s.normals * slopes - (by_deviation / s.deviation) * s.projected;
        const Eigen::VectorXd by_covariance = s.inverse_root.transpose() * by_projected;
        gp.add_kernel_gradient(q, gp.solve(s.crossing.transpose() * by_covariance), gradient);
        for (Eigen::Index p = 0; p < s.scaled.cols(); ++p) {
            const Eigen::VectorXd difference = q.point - s.scaled.col(p);
            Eigen::Matrix<double, 1, 1> squared{difference.squaredNorm()}, value, slope;
            gp.kernel().evaluate(squared, value, slope);
            gradient -= by_covariance[by_covariance.size() - s.scaled.cols() + p] * slope[0] * difference.cwiseQuotient(gp.kernel().lengthscale);
        }
    }

    const outcome_model* model_;
    noisy_ehvi_options options_;
    Eigen::MatrixXd pending_;
    std::vector<Eigen::Index> observed_;
    std::vector<outcome_samples> outcomes_;
    std::vector<surrogate::gaussian_process::query> queries_;
    std::vector<std::size_t> begin_; ///< first box of each sample
    std::vector<double> high_, length_;
    Eigen::MatrixXd values_, slopes_; ///< samples x outcomes
    std::vector<detail::smooth_value> feasibility_;
};

} // namespace verdant
