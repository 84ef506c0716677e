#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/numeric/soft_rank.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// The loss that makes norms of embeddings follow a target in order (AutoBuild, Mills et al., CVPR 2024; ge_utils/diff_srcc.py), with its gradients.
namespace verdant::surrogate {

/// How much the order of the norms counts, and how it is measured.
struct rank_loss_options {
    double weight = 1;   ///< of the mean of 1 - correlation beside the squared error, 0 or more
    double strength = 1; ///< of the regularisation of soft ranks, above 0
    isotonic_distance distance = isotonic_distance::squares;
};

/// What a batch was worth: `loss` = `squared_error` + weight * mean of (1 - correlation), the correlations being in `rank_loss::correlations`.
template <class Scalar>
struct rank_loss_value {
    Scalar loss = 0;
    Scalar squared_error = 0; ///< mean over the batch
};

/// The squared error of predictions, and for each level of embeddings the linear correlation between the targets and the soft ranks of its norms. A
/// correlation with what does not vary is 0 and has no gradient. The object is the memory: batches no greater than before allocate nothing.
/// @tparam Scalar `float` or `double`
template <class Scalar>
class rank_loss {
public:
    /// @throws input_error for options out of range
    explicit rank_loss(const rank_loss_options& o = {}) : weight_{static_cast<Scalar>(o.weight)}, soft_{static_cast<Scalar>(o.strength), o.distance} {
        require_not_negative("rank loss", "weight", o.weight);
    }

    /// @param norms                  one after the other those of each level, as many of each as there are predictions; may be empty: no levels
    /// @param gradient_of_predictions as many as predictions, or none
    /// @param gradient_of_norms       as many as norms, or none
    /// @throws input_error for other lengths, and for an empty batch
    rank_loss_value<Scalar> operator()(std::span<const Scalar> predictions, std::span<const Scalar> targets, std::span<const Scalar> norms,
                                       std::span<Scalar> gradient_of_predictions = {}, std::span<Scalar> gradient_of_norms = {}) {
        const auto n = targets.size();
        if (n == 0 || predictions.size() != n || norms.size() % n != 0)
            throw input_error{"rank loss", "", "predictions, targets and norms of each level, equally many of each, and some",
                              std::to_string(predictions.size()) + ", " + std::to_string(n) + " and " + std::to_string(norms.size()) + " in all"};
        require_length("gradient of predictions", gradient_of_predictions.size(), n);
        require_length("gradient of norms", gradient_of_norms.size(), norms.size());
        rank_loss_value<Scalar> value;
        for (std::size_t i = 0; i < n; ++i) {
            const Scalar off = predictions[i] - targets[i];
            value.squared_error += off * off / static_cast<Scalar>(n);
            if (!gradient_of_predictions.empty()) gradient_of_predictions[i] = 2 * off / static_cast<Scalar>(n);
        }
        value.loss = value.squared_error;
        const auto levels = norms.size() / n;
        correlations_.resize(levels);
        targets_.assign(targets.begin(), targets.end());
        const bool varied = standardize(targets_) > 0;
        const Scalar share = levels == 0 ? Scalar{0} : weight_ / static_cast<Scalar>(levels);
        for (std::size_t h = 0; h < levels; ++h) {
            const auto gradient = gradient_of_norms.empty() ? gradient_of_norms : gradient_of_norms.subspan(h * n, n);
            correlations_[h] = correlation(norms.subspan(h * n, n), varied, -share, gradient);
            value.loss += share * (1 - correlations_[h]);
        }
        return value;
    }

    /// Of the targets with the soft ranks of the last norms, level by level.
    [[nodiscard]] std::span<const Scalar> correlations() const noexcept { return correlations_; }

private:
    static void require_length(std::string_view what, std::size_t found, std::size_t expected) {
        if (found != 0 && found != expected) throw input_error{"rank loss", what, std::to_string(expected) + " numbers, or none", std::to_string(found)};
    }

    /// Moves the mean to 0 and the length to 1. @return the length before, or 0, with the numbers at 0, where they differ by rounding only
    static Scalar standardize(std::span<Scalar> numbers) {
        const auto n = static_cast<Scalar>(numbers.size());
        Scalar mean = 0, greatest = 0, squares = 0;
        for (const Scalar x : numbers) {
            mean += x / n;
            greatest = std::max(greatest, std::abs(x));
        }
        for (Scalar& x : numbers) {
            x -= mean;
            squares += x * x;
        }
        const Scalar length = std::sqrt(squares), rounding = std::sqrt(n) * n * std::numeric_limits<Scalar>::epsilon() * greatest;
        const bool constant = length <= rounding;
        for (Scalar& x : numbers) x = constant ? Scalar{0} : x / length;
        return constant ? Scalar{0} : length;
    }

    /// @param gradient receives `factor` times that of the correlation; may be empty
    Scalar correlation(std::span<const Scalar> norms, bool varied, Scalar factor, std::span<Scalar> gradient) {
        const auto n = norms.size();
        ranks_.resize(n);
        soft_(norms, ranks_);
        // The original divides ranks by their number, which changes no correlation.
        const Scalar length = standardize(ranks_);
        if (length == 0 || !varied) {
            std::fill(gradient.begin(), gradient.end(), Scalar{0});
            return 0;
        }
        Scalar rho = 0;
        for (std::size_t i = 0; i < n; ++i) rho += targets_[i] * ranks_[i];
        if (gradient.empty()) return rho;
        for (std::size_t i = 0; i < n; ++i) gradient[i] = factor * (targets_[i] - rho * ranks_[i]) / length;
        soft_.pull_back(gradient, gradient);
        return rho;
    }

    Scalar weight_;
    soft_rank<Scalar> soft_;
    std::vector<Scalar> targets_, ranks_, correlations_;
};

/// The p-norm of each row of a matrix. @param rows row after row, as many numbers in each as `rows.size() / norms.size()`
/// @throws input_error unless p is 1 or more and the numbers fill the rows
template <class Scalar>
void row_norms(std::span<const Scalar> rows, double p, std::span<Scalar> norms) {
    if (!(p >= 1 && std::isfinite(p))) throw input_error{"norm", "p", "a number of 1 or more", exact_text(p)};
    if (norms.empty() ? !rows.empty() : rows.size() % norms.size() != 0)
        throw input_error{"norm", "", "rows of equal length", std::to_string(rows.size()) + " numbers in " + std::to_string(norms.size()) + " rows"};
    const auto columns = norms.empty() ? 0 : rows.size() / norms.size();
    for (std::size_t r = 0; r < norms.size(); ++r) {
        Scalar sum = 0;
        for (const Scalar x : rows.subspan(r * columns, columns))
            sum += p == 1 ? std::abs(x) : p == 2 ? x * x : std::pow(std::abs(x), static_cast<Scalar>(p));
        norms[r] = p == 1 ? sum : p == 2 ? std::sqrt(sum) : std::pow(sum, static_cast<Scalar>(1 / p));
    }
}

/// What a gradient with respect to these norms is with respect to the rows; 0 where a number or a norm is 0.
/// @param norms    as `row_norms` gave them
/// @param gradient as many numbers as the rows have
/// @throws input_error unless p is 1 or more and the lengths agree
template <class Scalar>
void pull_back_row_norms(std::span<const Scalar> rows, double p, std::span<const Scalar> norms, std::span<const Scalar> cotangent, std::span<Scalar> gradient) {
    if (!(p >= 1 && std::isfinite(p))) throw input_error{"norm", "p", "a number of 1 or more", exact_text(p)};
    if (gradient.size() != rows.size() || cotangent.size() != norms.size() || (norms.empty() ? !rows.empty() : rows.size() % norms.size() != 0))
        throw input_error{"norm", "", "a gradient of the length of the rows, and one number for each row",
                          std::to_string(gradient.size()) + " for " + std::to_string(rows.size()) + " and " + std::to_string(cotangent.size()) + " for " +
                              std::to_string(norms.size())};
    const auto columns = norms.empty() ? 0 : rows.size() / norms.size();
    for (std::size_t r = 0; r < norms.size(); ++r)
        for (std::size_t i = r * columns; i < (r + 1) * columns; ++i) {
            const Scalar x = rows[i], sign = x > 0 ? Scalar{1} : x < 0 ? Scalar{-1} : Scalar{0};
            const Scalar share = p == 1 || norms[r] == 0 ? Scalar{1} : std::pow(std::abs(x) / norms[r], static_cast<Scalar>(p - 1));
            gradient[i] = norms[r] == 0 ? Scalar{0} : cotangent[r] * sign * share;
        }
}

} // namespace verdant::surrogate
