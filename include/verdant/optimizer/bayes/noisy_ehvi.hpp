#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/optimizer/bayes/baseline.hpp>
#include <verdant/optimizer/bayes/baseline_samples.hpp>
#include <verdant/optimizer/bayes/noisy_ehvi_options.hpp>
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
#include <vector>

/// Noisy expected hypervolume improvement, by Monte Carlo.
namespace verdant {

/// How an improvement is smoothed.
enum class improvement_form {
    plain,       ///< at constraints only: flat where no sample improves
    logarithmic, ///< the smooth form whose logarithm has a useful gradient everywhere (Ament et al., NeurIPS 2023)
};

/// Noisy expected hypervolume improvement of one further point (Daulton, Balandat, Bakshy, NeurIPS 2021): the mean over joint samples of the model
/// at the baseline and at the point, of the volume that the point adds to what the feasible ones of the baseline dominate, each time with the
/// box decomposition of that sample. Points that are asked for but not told are part of the baseline. Beyond `box_objectives` objectives the volume
/// is estimated along rays from the reference point, other ones in each sample.
/// @tparam Form see `improvement_form`
template <improvement_form Form>
class noisy_ehvi {
    static constexpr bool logarithmic = Form == improvement_form::logarithmic;

public:
    static constexpr std::size_t most_objectives = 8;

    /// @param model   outlives this
    /// @param pending points that are being evaluated, one a column
    /// @param random  drawn from for the base samples
    noisy_ehvi(const outcome_model& model, const Eigen::MatrixXd& pending, random_stream& random, const noisy_ehvi_options& options = {});

    /// The logarithm of the improvement in the logarithmic form, else the improvement; in standardised units.
    /// @param gradient by the coordinates of the point; may be null
    [[nodiscard]] double operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient);

    /// The same from an eighth of the samples: good enough to choose where a search starts.
    [[nodiscard]] double screen(const Eigen::VectorXd& x);

    /// The observed points of the baseline, as columns of the model's inputs.
    [[nodiscard]] const std::vector<Eigen::Index>& baseline() const noexcept { return observed_; }

private:
    /// Whether an improvement comes with its derivatives by the sampled values.
    enum class derivatives { left_out, computed };

    void draw(random_stream& random) {
        const auto& model = *model_;
        const auto n = static_cast<Eigen::Index>(observed_.size()) + pending_.cols();
        const auto normals = sobol_normals(options_.samples, static_cast<std::size_t>(n + 1) * model.outcomes.size(), random);
        outcomes_.reserve(model.outcomes.size());
        for (std::size_t o = 0; o < model.outcomes.size(); ++o) {
            const auto column = static_cast<Eigen::Index>(o);
            outcomes_.emplace_back(model.outcomes[o], model.targets.col(column), observed_, pending_, normals.middleCols(column * (n + 1), n + 1));
        }
    }

    /// The objectives of the feasible points of the baseline in a sample, one point after another.
    void feasible_rows(Eigen::Index s, std::vector<double>& rows) const {
        const auto& model = *model_;
        const auto n = static_cast<Eigen::Index>(observed_.size()) + pending_.cols();
        rows.clear();
        for (Eigen::Index b = 0; b < n; ++b) {
            if (!std::all_of(model.limits.begin(), model.limits.end(),
                             [&](const outcome_limit& l) { return model.holds(l, outcomes_[l.outcome].drawn()(b, s)); }))
                continue;
            for (const auto& o : model.objectives) rows.push_back(o.sign * outcomes_[o.outcome].drawn()(b, s));
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

    /// Values of all outcomes at x in every sample.
    void sample(const Eigen::VectorXd& x) {
        for (std::size_t o = 0; o < outcomes_.size(); ++o) outcomes_[o].values_at(x, values_.col(static_cast<Eigen::Index>(o)));
    }

    /// What a sample's improvement is summed over.
    enum class extent {
        near, ///< boxes and rays that the sample improves, or does not quite reach
        all, ///< all of them, whose tails say where improvement lies when none is near
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
            const auto volume =
                reference_.empty() ? along_boxes<Derivatives, Extent>(first, last, y, by_y) : along_rays<Derivatives, Extent>(first, last, y, by_y);
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
        constexpr double margin = Extent == extent::all ? std::numeric_limits<double>::infinity() : logarithmic ? near_by : 0;
        objective_values room{};
        for (std::size_t j = 0; j < m; ++j) room[j] = reference_[j] - y[j];
        double volume = 0;
        for (auto k = first; k < last; ++k) {
            const auto* inverse = high_.data() + k * m;
            const auto before = length_[k], least = before - margin;
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

    const outcome_model* model_;
    noisy_ehvi_options options_;
    Eigen::MatrixXd pending_;
    std::vector<Eigen::Index> observed_;
    std::vector<baseline_samples> outcomes_; ///< of each outcome
    std::vector<std::size_t> begin_; ///< first box or ray of each sample
    std::vector<double> high_, length_; ///< of boxes; inverse directions and dominated lengths of rays
    std::vector<double> reference_; ///< where there are rays
    double ray_share_ = 0; ///< of one ray in the volume
    Eigen::MatrixXd values_, slopes_; ///< samples x outcomes
    std::vector<detail::smooth_value> feasibility_;
};

template <improvement_form Form>
noisy_ehvi<Form>::noisy_ehvi(const outcome_model& model, const Eigen::MatrixXd& pending, random_stream& random, const noisy_ehvi_options& options)
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
}
VERDANT_DEFINED_ONCE(noisy_ehvi<improvement_form::plain>::noisy_ehvi(const outcome_model&, const Eigen::MatrixXd&, random_stream&,
                                                                     const noisy_ehvi_options&));
VERDANT_DEFINED_ONCE(noisy_ehvi<improvement_form::logarithmic>::noisy_ehvi(const outcome_model&, const Eigen::MatrixXd&, random_stream&,
                                                                           const noisy_ehvi_options&));

template <improvement_form Form>
double noisy_ehvi<Form>::operator()(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) {
    sample(x);
    const auto all = values_.rows();
    const auto sum = gradient != nullptr ? improvement<derivatives::computed>(all) : improvement<derivatives::left_out>(all);
    const auto value = sum / static_cast<double>(options_.samples);
    if (gradient != nullptr) {
        gradient->setZero(x.size());
        for (std::size_t o = 0; o < outcomes_.size(); ++o) outcomes_[o].add_gradient(slopes_.col(static_cast<Eigen::Index>(o)), *gradient);
        *gradient /= logarithmic ? std::max(sum, std::numeric_limits<double>::min()) : static_cast<double>(options_.samples);
    }
    return logarithmic ? std::log(std::max(value, std::numeric_limits<double>::min())) : value;
}
VERDANT_DEFINED_ONCE(double noisy_ehvi<improvement_form::plain>::operator()(const Eigen::VectorXd&, Eigen::VectorXd*));
VERDANT_DEFINED_ONCE(double noisy_ehvi<improvement_form::logarithmic>::operator()(const Eigen::VectorXd&, Eigen::VectorXd*));

template <improvement_form Form>
double noisy_ehvi<Form>::screen(const Eigen::VectorXd& x) {
    sample(x);
    const auto some = std::min<Eigen::Index>(values_.rows(), std::max<Eigen::Index>(16, values_.rows() / 8));
    const auto value = improvement<derivatives::left_out>(some) / static_cast<double>(some);
    return logarithmic ? std::log(std::max(value, std::numeric_limits<double>::min())) : value;
}
VERDANT_DEFINED_ONCE(double noisy_ehvi<improvement_form::plain>::screen(const Eigen::VectorXd&));
VERDANT_DEFINED_ONCE(double noisy_ehvi<improvement_form::logarithmic>::screen(const Eigen::VectorXd&));

} // namespace verdant
