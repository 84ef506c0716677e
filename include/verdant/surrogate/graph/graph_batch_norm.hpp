#pragma once

#include <verdant/error.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace verdant::surrogate {

/// Batch normalisation of the columns of rows (Ioffe and Szegedy, ICML 2015; BatchNorm1d of PyTorch): the parameters, and the running mean and
/// variance.
template <class Scalar>
struct graph_batch_norm {
    std::vector<Scalar> weight, bias, running_mean, running_var;
    double epsilon = 1e-5;
    double momentum = 0.1; ///< the share of a batch in the running mean and variance

    [[nodiscard]] std::size_t width() const noexcept { return weight.size(); }

    /// What a column is multiplied with at inference.
    [[nodiscard]] Scalar factor(std::size_t c) const { return static_cast<Scalar>(static_cast<double>(weight[c]) / std::sqrt(static_cast<double>(running_var[c]) + epsilon)); }
    /// What is added then.
    [[nodiscard]] Scalar shift(std::size_t c) const {
        return static_cast<Scalar>(static_cast<double>(bias[c]) - static_cast<double>(running_mean[c]) * static_cast<double>(weight[c]) /
                                                                    std::sqrt(static_cast<double>(running_var[c]) + epsilon));
    }

    /// Inference: normalises rows by the running mean and variance. @param rows [n, width], row by row
    /// @throws input_error where the numbers are no whole rows
    void apply(std::span<Scalar> rows) const {
        check(rows);
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = rows[i] * factor(i % width()) + shift(i % width());
    }

    /// Training: normalises rows by their own mean and variance (that of n, not n - 1), and moves the running ones towards them; the running variance
    /// towards that of n - 1.
    /// @throws input_error where the numbers are no whole rows, or fewer than two
    void train(std::span<Scalar> rows) {
        check(rows);
        const auto n = rows.size() / width();
        if (n < 2) throw input_error{"batch normalisation", "rows", "at least two", std::to_string(n)};
        const auto count = static_cast<double>(n);
        for (std::size_t c = 0; c < width(); ++c) {
            double mean = 0, square = 0;
            for (std::size_t i = c; i < rows.size(); i += width()) mean += static_cast<double>(rows[i]);
            mean /= count;
            for (std::size_t i = c; i < rows.size(); i += width()) square += (static_cast<double>(rows[i]) - mean) * (static_cast<double>(rows[i]) - mean);
            const double scale = 1 / std::sqrt(square / count + epsilon);
            for (std::size_t i = c; i < rows.size(); i += width())
                rows[i] = static_cast<Scalar>((static_cast<double>(rows[i]) - mean) * scale * static_cast<double>(weight[c]) + static_cast<double>(bias[c]));
            running_mean[c] = static_cast<Scalar>((1 - momentum) * static_cast<double>(running_mean[c]) + momentum * mean);
            running_var[c] = static_cast<Scalar>((1 - momentum) * static_cast<double>(running_var[c]) + momentum * square / (count - 1));
        }
    }

private:
    void check(std::span<const Scalar> rows) const {
        if (bias.size() != width() || running_mean.size() != width() || running_var.size() != width() || width() == 0 || rows.size() % width() != 0)
            throw input_error{"batch normalisation", "rows", "whole rows of " + std::to_string(width()) + " numbers, and as many parameters of each kind",
                              std::to_string(rows.size()) + " numbers"};
    }
};

} // namespace verdant::surrogate
