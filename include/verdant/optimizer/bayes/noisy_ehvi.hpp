#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/bayes/baseline.hpp>
#include <verdant/optimizer/bayes/outcome_model.hpp>
#include <verdant/optimizer/bayes/smooth_improvement.hpp>
#include <verdant/pareto/box_decomposition.hpp>
#include <verdant/pareto/hypervolume_rays.hpp>
#include <verdant/random/stream.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// Noisy expected hypervolume improvement, by Monte Carlo.
namespace verdant {

/// How noisy expected hypervolume improvement is computed; the defaults are those of Ax 0.3.7 and BoTorch 0.10.
struct noisy_ehvi_options {
    std::size_t samples = 128;        ///< draws of the model at which improvement is averaged
    std::size_t prune_samples = 2048; ///< draws that decide which observed points matter; 0 keeps all
    double eta = 1e-3;                ///< width of the step at a constraint, in standardised units
    double tau_relu = 1e-6;           ///< smoothing of max(0, .) in the logarithmic form
    double tau_max = 1e-2;            ///< smoothing of min in the logarithmic form
    std::size_t box_objectives = 4;   ///< most objectives whose improvement is computed exactly, by boxes; beyond it is estimated along rays
    std::size_t rays = 64;            ///< rays of each draw, see `pareto::hypervolume_rays`

    using described = members<member<"samples", &noisy_ehvi_options::samples>, member<"prune_samples", &noisy_ehvi_options::prune_samples>,
                              member<"eta", &noisy_ehvi_options::eta>, member<"tau_relu", &noisy_ehvi_options::tau_relu>,
                              member<"tau_max", &noisy_ehvi_options::tau_max>,
                              member<"box_objectives", &noisy_ehvi_options::box_objectives, member_role::unrecorded>,
                              member<"rays", &noisy_ehvi_options::rays, member_role::unrecorded>>;

    /// Throws input_error for what is no number of its kind. @param source who takes the options
    void check(std::string_view source) const {
        require_count(source, "acquisition.samples", samples, 1);
        require_count(source, "acquisition.prune_samples", prune_samples, 0);
        require_positive(source, "acquisition.eta", eta);
        require_positive(source, "acquisition.tau_relu", tau_relu);
        require_positive(source, "acquisition.tau_max", tau_max);
        require_count(source, "acquisition.box_objectives", box_objectives, 0);
        require_count(source, "acquisition.rays", rays, 1);
    }
};

/// How an improvement is smoothed.
enum class improvement_form {
    plain,       ///< at constraints only: flat where no sample improves
    logarithmic, ///< the smooth form whose logarithm has a useful gradient everywhere (Ament et al., NeurIPS 2023)
};

/// Noisy expected hypervolume improvement of one further point (Daulton, Balandat, Bakshy, NeurIPS 2021): the mean over joint samples of the model
/// at the baseline and at the point, of the volume that the point adds to what the feasible ones of the baseline dominate, each time with the
/// box decomposition of that sample. Points that are asked for but not told are part of the baseline. Beyond `box_objectives` objectives the volume is
/// estimated along rays from the reference point, other ones in each sample.
/// @tparam Form see `improvement_form`
template <improvement_form Form>
class noisy_ehvi {
    static constexpr bool logarithmic = Form == improvement_form::logarithmic;

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
        if (model.objectives.size() > options.box_objectives) cast_rays(random);
        else decompose();
        values_.resize(static_cast<Eigen::Index>(options_.samples), static_cast<Eigen::Index>(model.outcomes.size()));
        slopes_.resizeLike(values_);
        queries_.resize(model.outcomes.size());
    }

    /// The logarithm of the improvement in the logarithmic form, else the improvement; in standardised units.
    /// @param gradient by the coordinates of the point; may be null
    [[nodiscard]] double operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
        for (std::size_t o = 0; o < outcomes_.size(); ++o) sample(o, x);
        const auto all = values_.rows();
        const auto sum = gradient != nullptr ? improvement<derivatives::computed>(all) : improvement<derivatives::left_out>(all);
        const auto value = sum / static_cast<double>(options_.samples);
        if (gradient != nullptr) {
            gradient->setZero(x.size());
            for (std::size_t o = 0; o < outcomes_.size(); ++o) add_gradient(o, *gradient);
            *gradient /= logarithmic ? std::max(sum, std::numeric_limits<double>::min()) : static_cast<double>(options_.samples);
        }
        return logarithmic ? std::log(std::max(value, std::numeric_limits<double>::min())) : value;
    }

    /// The same from an eighth of the samples: good enough to choose where a search starts.
    [[nodiscard]] double screen(const Eigen::VectorXd& x) {
        for (std::size_t o = 0; o < outcomes_.size(); ++o) sample(o, x);
        const auto some = std::min<Eigen::Index>(values_.rows(), std::max<Eigen::Index>(16, values_.rows() / 8));
        const auto value = improvement<derivatives::left_out>(some) / static_cast<double>(some);
        return logarithmic ? std::log(std::max(value, std::numeric_limits<double>::min())) : value;
    }

    /// The observed points of the baseline, as columns of the model's inputs.
    [[nodiscard]] const std::vector<Eigen::Index>& baseline() const noexcept { return observed_; }

private:
    /// Whether an improvement comes with its derivatives by the sampled values.
    enum class derivatives { left_out, computed };

    /// What belongs to one outcome.
    struct outcome_samples {
        Eigen::MatrixXd normals;      ///< base samples of the baseline: points x samples
        Eigen::VectorXd own_normals;  ///< of the new point
        Eigen::MatrixXd drawn;        ///< values at the baseline: points x samples
        Eigen::MatrixXd inverse_root; ///< L^-1 of the covariance at the baseline
        Eigen::MatrixXd crossing;     ///< row b: vector whose product with L^-1 k(X, x) is the covariance of baseline point b and x, ...
        Eigen::MatrixXd by_kernel;    ///< ... and with k(X, x) itself, ...
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
            Eigen::MatrixXd by_weights = Eigen::MatrixXd::Zero(n, gp.size()); // row b: its product with (K + noise)^-1 k(X, x)
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
                by_weights(b, i) = gp.noise();
            }
            surrogate::gaussian_process::query q;
            for (Eigen::Index p = 0; p < np; ++p) {
                gp.at(pending_.col(p), q);
                means[nb + p] = q.mean;
                by_weights.row(nb + p) = -q.kernel.transpose();
                for (Eigen::Index b = 0; b < nb + p; ++b) {
                    auto c = by_weights.row(b).dot(q.weights);
                    if (b >= nb) c += gp.kernel().at((s.scaled.col(b - nb) - q.point).squaredNorm());
                    covariance(b, nb + p) = covariance(nb + p, b) = c;
                }
                covariance(nb + p, nb + p) = q.variance;
            }
            s.crossing = by_weights * gp.inverse_root().transpose();
            s.by_kernel = s.crossing * gp.inverse_root();
            if (n > 0) {
                const auto root = surrogate::detail::covariance_root(covariance);
                s.drawn = (root * s.normals).colwise() + means;
                s.inverse_root = Eigen::MatrixXd::Identity(n, n);
                root.triangularView<Eigen::Lower>().solveInPlace(s.inverse_root);
            }
        }
    }

    /// The objectives of the feasible points of the baseline in a sample, one point after another.
    void feasible_rows(Eigen::Index s, std::vector<double>& rows) const {
        const auto& model = *model_;
        const auto n = static_cast<Eigen::Index>(observed_.size()) + pending_.cols();
        rows.clear();
        for (Eigen::Index b = 0; b < n; ++b) {
            if (!std::all_of(model.limits.begin(), model.limits.end(),
                             [&](const outcome_limit& l) { return model.holds(l, outcomes_[l.outcome].drawn(b, s)); }))
                continue;
            for (const auto& o : model.objectives) rows.push_back(o.sign * outcomes_[o.outcome].drawn(b, s));
        }
    }

    /// The rays of each sample, with the lengths that its baseline dominates.
    void cast_rays(random_stream& random) {
        const auto m = model_->objectives.size();
        reference_ = model_->reference();
        const auto rays = sobol_rays(m, options_.samples * options_.rays, random);
        // One sequence over all samples: neighbours in it, which fill the sphere together, go to the same sample.
        std::vector<double> rows;
        begin_.assign(1, 0);
        for (std::size_t s = 0, k = 0; s < options_.samples; ++s) {
            feasible_rows(static_cast<Eigen::Index>(s), rows);
            for (const auto end = k + options_.rays; k < end; ++k) {
                high_.insert(high_.end(), rays.inverse(k).begin(), rays.inverse(k).end());
                length_.push_back(rays.dominated(k, rows, reference_));
            }
            begin_.push_back(k);
        }
        ray_share_ = pareto::hypervolume_rays::ball(m) / static_cast<double>(options_.rays);
    }

    /// The boxes of each sample, with the infinite lower corners of the rest of space.
    void decompose() {
        const auto& model = *model_;
        const auto m = model.objectives.size();
        const auto reference = model.reference();
        pareto::box_decomposition boxes;
        std::vector<double> rows;
        begin_.assign(1, 0);
        for (Eigen::Index s = 0; s < static_cast<Eigen::Index>(options_.samples); ++s) {
            feasible_rows(s, rows);
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
        gp.values_at(x, q);
        auto values = values_.col(static_cast<Eigen::Index>(o));
        auto variance = q.variance;
        values.setConstant(q.mean);
        if (s.inverse_root.size() > 0) {
            Eigen::VectorXd c = s.crossing * q.whitened;
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

    /// What a sample's improvement is summed over.
    enum class extent {
        near, ///< boxes and rays that the sample improves, or does not quite reach
        all,  ///< all of them, whose tails say where improvement lies when none is near
    };
    static constexpr double near_by = 0.01; ///< in standardised units: where tails are below 1e-15

    /// Sum over the first samples; with derivatives by the sampled values of the outcomes.
    template <derivatives Derivatives>
    [[nodiscard]] double improvement(Eigen::Index samples) {
        const auto sum = improvement<Derivatives, extent::near>(samples);
        // Where something improves, tails change less than the fifth digit.
        if (!logarithmic || sum > 1e-6 * static_cast<double>(samples)) return sum;
        return improvement<Derivatives, extent::all>(samples);
    }

    template <derivatives Derivatives, extent Extent>
    [[nodiscard]] double improvement(Eigen::Index samples) {
        const auto& model = *model_;
        const auto m = model.objectives.size();
        if constexpr (Derivatives == derivatives::computed) slopes_.setZero();
        std::array<double, most_objectives> y{}, by_y{};
        feasibility_.resize(model.limits.size());
        double sum = 0;
        for (Eigen::Index s = 0; s < samples; ++s) {
            double feasible = 1;
            for (std::size_t c = 0; c < model.limits.size(); ++c) {
                const auto& l = model.limits[c];
                const auto room = -l.sign * (values_(s, static_cast<Eigen::Index>(l.outcome)) - l.limit);
                feasibility_[c] = logarithmic ? detail::fat_step(room, options_.eta) : detail::sigmoid_step(room, options_.eta);
                feasible *= feasibility_[c].value;
            }
            if (!logarithmic && feasible == 0) continue;
            for (std::size_t j = 0; j < m; ++j) {
                const auto& o = model.objectives[j];
                y[j] = o.sign * values_(s, static_cast<Eigen::Index>(o.outcome));
                by_y[j] = 0;
            }
            const auto first = begin_[static_cast<std::size_t>(s)], last = begin_[static_cast<std::size_t>(s) + 1];
            const auto volume = reference_.empty() ? along_boxes<Derivatives, Extent>(first, last, y, by_y)
                                                   : along_rays<Derivatives, Extent>(first, last, y, by_y);
            sum += feasible * volume;
            if constexpr (Derivatives == derivatives::computed) {
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

    using objective_values = std::array<double, most_objectives>;

    /// What a vector adds to the volume of one sample: the sum over boxes of the products of the sides that it leaves.
    template <derivatives Derivatives, extent Extent>
    [[nodiscard]] double along_boxes(std::size_t first, std::size_t last, const objective_values& y, objective_values& by_y) const {
        const auto m = model_->objectives.size();
        objective_values side{}, side_slope{};
        double volume = 0;
        for (auto k = first; k < last; ++k) {
            const auto *high = high_.data() + k * m, *length = length_.data() + k * m;
            if constexpr (Extent == extent::near) {
                bool reached = true;
                for (std::size_t j = 0; reached && j < m; ++j) reached = high[j] - y[j] > (logarithmic ? -near_by : 0);
                if (!reached) continue;
            }
            double product = 1;
            for (std::size_t j = 0; j < m; ++j) {
                const auto z = high[j] - y[j];
                if constexpr (logarithmic) {
                    const auto above = detail::fat_plus(z, options_.tau_relu);
                    const auto kept = detail::fat_min(above.value, length[j], options_.tau_max);
                    side[j] = kept.value;
                    side_slope[j] = -kept.slope * above.slope;
                } else {
                    side[j] = std::min(z, length[j]);
                    side_slope[j] = z < length[j] ? -1 : 0;
                }
                product *= side[j];
            }
            volume += product;
            if constexpr (Derivatives == derivatives::computed)
                if (product > 0)
                    for (std::size_t j = 0; j < m; ++j) by_y[j] += product * (side_slope[j] / side[j]);
        }
        return volume;
    }

    /// The same along rays: what the vector adds to the power of the dominated length.
    template <derivatives Derivatives, extent Extent>
    [[nodiscard]] double along_rays(std::size_t first, std::size_t last, const objective_values& y, objective_values& by_y) const {
        const auto m = model_->objectives.size();
        objective_values room{};
        for (std::size_t j = 0; j < m; ++j) room[j] = reference_[j] - y[j];
        double volume = 0;
        for (auto k = first; k < last; ++k) {
            const auto* inverse = high_.data() + k * m;
            const auto before = length_[k], least = before + (Extent == extent::all ? -std::numeric_limits<double>::infinity() : logarithmic ? -near_by : 0);
            auto length = std::numeric_limits<double>::infinity();
            std::size_t shortest = 0;
            for (std::size_t j = 0; j < m; ++j) {
                const auto l = room[j] * inverse[j];
                if (!(l < length)) continue;
                length = l;
                shortest = j;
                if (length <= least) break;
            }
            if (length <= least) continue;
            const auto step = logarithmic ? detail::fat_plus(length - before, options_.tau_relu) : detail::smooth_value{length - before, 1};
            const auto added = pareto::hypervolume_rays::power_growth(before, step.value, m);
            volume += added.value;
            if constexpr (Derivatives == derivatives::computed) by_y[shortest] -= ray_share_ * added.slope * step.slope * inverse[shortest];
        }
        return ray_share_ * volume;
    }

    /// From derivatives by the samples to those by x: values = mean + normals' l + deviation * own, l = L^-1 c, deviation^2 = variance - l'l.
    void add_gradient(std::size_t o, Eigen::VectorXd& gradient) {
        const auto& gp = model_->outcomes[o];
        const auto& s = outcomes_[o];
        auto& q = queries_[o];
        gp.add_weights(q);
        const auto slopes = slopes_.col(static_cast<Eigen::Index>(o));
        const auto by_deviation = s.floored ? 0.0 : slopes.dot(s.own_normals);
        gp.add_gradient(q, slopes.sum(), by_deviation / (2 * s.deviation), gradient);
        if (s.inverse_root.size() == 0) return;
        const Eigen::VectorXd by_projected = s.normals * slopes - (by_deviation / s.deviation) * s.projected;
        const Eigen::VectorXd by_covariance = s.inverse_root.transpose() * by_projected;
        gp.add_kernel_gradient(q, s.by_kernel.transpose() * by_covariance, gradient);
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
    std::vector<std::size_t> begin_;    ///< first box or ray of each sample
    std::vector<double> high_, length_; ///< of boxes; inverse directions and dominated lengths of rays
    std::vector<double> reference_;     ///< where there are rays
    double ray_share_ = 0;              ///< of one ray in the volume
    Eigen::MatrixXd values_, slopes_; ///< samples x outcomes
    std::vector<detail::smooth_value> feasibility_;
};

} // namespace verdant
