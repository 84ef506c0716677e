#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/numeric/sobol.hpp>
#include <verdant/optimizer/bayes/outcome_model.hpp>
#include <verdant/pareto/hypervolume_rays.hpp>
#include <verdant/random/stream.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

/// The points that improvement is measured against, when measurements are noisy.
namespace verdant {

/// Standard normal numbers from a scrambled Sobol sequence, one draw a row; dimensions beyond the directions that there are get independent
/// numbers.
template <class = instantiated_when_used>
[[nodiscard]] Eigen::MatrixXd sobol_normals(std::size_t draws, std::size_t dimensions, random_stream& random) {
    const auto quasi = std::min(dimensions, surrogate::sobol_sequence::max_dimensions);
    Eigen::MatrixXd normals(static_cast<Eigen::Index>(draws), static_cast<Eigen::Index>(dimensions));
    if (dimensions == 0) return normals;
    surrogate::sobol_sequence sequence{quasi, random};
    std::vector<double> u(dimensions);
    for (Eigen::Index i = 0; i < normals.rows(); ++i) {
        sequence.next(u);
        for (std::size_t d = quasi; d < dimensions; ++d) u[d] = random.uniform() + 0x1.0p-54;
        for (std::size_t d = 0; d < dimensions; ++d) normals(i, static_cast<Eigen::Index>(d)) = surrogate::normal_quantile(u[d]);
    }
    return normals;
}

/// Rays from a scrambled Sobol sequence.
/// @param objectives their number
/// @param count      of the rays
template <class = instantiated_when_used>
[[nodiscard]] pareto::hypervolume_rays sobol_rays(std::size_t objectives, std::size_t count, random_stream& random) {
    const Eigen::MatrixXd normals = sobol_normals(count, objectives, random).transpose();
    return {objectives, {normals.data(), static_cast<std::size_t>(normals.size())}};
}

namespace detail {

/// What the samples of a few observed points say about which of them matter.
template <class = instantiated_when_used>
class basic_baseline_pruning {
public:
    explicit basic_baseline_pruning(const outcome_model& model) : model_{model} {
        for (const auto& gp : model.outcomes) covariance_.push_back(gp.covariance_at_inputs());
        means_ = model.targets;
        for (std::size_t o = 0; o < model.outcomes.size(); ++o) {
            const auto c = static_cast<Eigen::Index>(o);
            const auto& gp = model.outcomes[o];
            // mean of the function at the inputs: y - noise (K + noise)^-1 (y - m)
            means_.col(c) -= gp.noise() * gp.solve((model.targets.col(c).array() - gp.mean()).matrix());
        }
    }

    [[nodiscard]] double deviation(Eigen::Index point, std::size_t outcome) const {
        return std::sqrt(std::max(0.0, covariance_[outcome](point, point)));
    }
    [[nodiscard]] double mean(Eigen::Index point, std::size_t outcome) const { return means_(point, static_cast<Eigen::Index>(outcome)); }
    [[nodiscard]] Eigen::MatrixXd covariance(const std::vector<Eigen::Index>& points, std::size_t outcome) const {
        return covariance_[outcome](points, points);
    }

    /// Points that are neither infeasible nor dominated for certain, that is with more than eight standard deviations (probability below 1e-15).
    [[nodiscard]] std::vector<Eigen::Index> plausible() const {
        constexpr double sure = 8;
        const auto n = means_.rows();
        std::vector<char> certain(static_cast<std::size_t>(n), 1), possible(static_cast<std::size_t>(n), 1);
        for (Eigen::Index i = 0; i < n; ++i)
            for (const auto& l : model_.limits) {
                const auto excess = l.sign * (mean(i, l.outcome) - l.limit), margin = sure * deviation(i, l.outcome);
                if (excess > -margin) certain[static_cast<std::size_t>(i)] = 0;
                if (excess > margin) possible[static_cast<std::size_t>(i)] = 0;
            }
        std::vector<Eigen::Index> kept;
        for (Eigen::Index i = 0; i < n; ++i) {
            bool keep = possible[static_cast<std::size_t>(i)] != 0;
            for (Eigen::Index j = 0; keep && j < n; ++j) {
                if (i == j || certain[static_cast<std::size_t>(j)] == 0) continue;
                bool dominated = true;
                for (const auto& o : model_.objectives)
                    dominated =
                        dominated && o.sign * (mean(i, o.outcome) - mean(j, o.outcome)) > sure * (deviation(i, o.outcome) + deviation(j, o.outcome));
                keep = !dominated;
            }
            if (keep) kept.push_back(i);
        }
        return kept;
    }

    /// Whether a point is feasible and dominated by none of some others for certain.
    [[nodiscard]] bool certainly_in_front(Eigen::Index point, const std::vector<Eigen::Index>& others) const {
        constexpr double sure = 8;
        const bool feasible = std::all_of(model_.limits.begin(), model_.limits.end(), [&](const outcome_limit& l) {
            return l.sign * (mean(point, l.outcome) - l.limit) <= -sure * deviation(point, l.outcome);
        });
        return feasible && std::all_of(others.begin(), others.end(), [&](Eigen::Index j) {
                   return j == point || std::any_of(model_.objectives.begin(), model_.objectives.end(), [&](const auto& o) {
                              return o.sign * (mean(j, o.outcome) - mean(point, o.outcome)) >
                                     sure * (deviation(point, o.outcome) + deviation(j, o.outcome));
                          });
               });
    }

private:
    const outcome_model& model_;
    std::vector<Eigen::MatrixXd> covariance_;
    Eigen::MatrixXd means_;
};
using baseline_pruning = basic_baseline_pruning<>;

} // namespace detail

/// The observed points that are feasible and not dominated in at least one of many joint samples of the model: only these shape an expected
/// hypervolume improvement (`prune_baseline`; BoTorch, prune_inferior_points_multi_objective).
/// @param draws number of samples
/// @return indices of columns of `model.inputs`, ascending
template <class = instantiated_when_used>
[[nodiscard]] std::vector<Eigen::Index> pruned_baseline(const outcome_model& model, std::size_t draws, random_stream& random) {
    const detail::baseline_pruning prune{model};
    const auto candidates = prune.plausible();
    const auto n = static_cast<Eigen::Index>(candidates.size());
    const auto outcomes = model.outcomes.size();
    if (n == 0) return {};
    std::vector<char> kept(candidates.size(), 0), feasible(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) kept[i] = prune.certainly_in_front(candidates[i], candidates) ? 1 : 0;
    // Where measurements are as good as exact, nothing is left for samples to decide.
    if (std::find(kept.begin(), kept.end(), 0) == kept.end()) return candidates;
    const auto normals = sobol_normals(draws, static_cast<std::size_t>(n) * outcomes, random);
    std::vector<Eigen::MatrixXd> values; // of each outcome: draws x points
    for (std::size_t o = 0; o < outcomes; ++o) {
        const auto root = surrogate::detail::covariance_root(prune.covariance(candidates, o));
        Eigen::MatrixXd v = normals.middleCols(static_cast<Eigen::Index>(o) * n, n) * root.transpose();
        for (Eigen::Index i = 0; i < n; ++i) v.col(i).array() += prune.mean(candidates[static_cast<std::size_t>(i)], o);
        values.push_back(std::move(v));
    }
    for (Eigen::Index s = 0; s < normals.rows(); ++s) {
        for (Eigen::Index i = 0; i < n; ++i)
            feasible[static_cast<std::size_t>(i)] = std::all_of(model.limits.begin(), model.limits.end(),
                                                                [&](const outcome_limit& l) { return model.holds(l, values[l.outcome](s, i)); });
        for (Eigen::Index i = 0; i < n; ++i) {
            if (kept[static_cast<std::size_t>(i)] != 0 || feasible[static_cast<std::size_t>(i)] == 0) continue;
            bool dominated = false;
            for (Eigen::Index j = 0; !dominated && j < n; ++j) {
                if (i == j || feasible[static_cast<std::size_t>(j)] == 0) continue;
                bool better = false, worse = false;
                for (const auto& o : model.objectives) {
                    const auto difference = o.sign * (values[o.outcome](s, j) - values[o.outcome](s, i));
                    better = better || difference < 0;
                    worse = worse || difference > 0;
                }
                dominated = better && !worse;
            }
            kept[static_cast<std::size_t>(i)] = dominated ? 0 : 1;
        }
    }
    std::vector<Eigen::Index> indices;
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (kept[i] != 0) indices.push_back(candidates[i]);
    return indices;
}
VERDANT_DEFINED_ONCE(std::vector<Eigen::Index> pruned_baseline<>(const outcome_model&, std::size_t, random_stream&));

} // namespace verdant
