#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Isotonic regression by pool-adjacent-violators, and products with its Jacobian.
namespace verdant::surrogate {

/// How far a fit is from its targets.
enum class isotonic_distance : std::uint8_t {
    squares, ///< sum of squares: a block has the mean of its targets
    entropy  ///< Kullback-Leibler divergence: a block has the difference of two logarithms of sums of exponentials
};

/// The non-increasing sequence nearest to given targets, in linear time (Best et al., 2000; in the order of merges of torchsort's isotonic_cpu.cpp).
/// It keeps its memory: fits of no greater length allocate nothing.
/// @tparam Scalar `float` or `double`, in which everything is computed
template <class Scalar>
class isotonic_fit {
public:
    /// The non-increasing v with the least sum of (v - y)^2.
    void fit_squares(std::span<const Scalar> y) {
        begin(y.size());
        for (std::size_t i = 0; i < y.size(); ++i) {
            values_[i] = upper_[i] = y[i];
            lower_[i] = 1;
        }
        pool([](Scalar a, Scalar b) { return a + b; }, [](Scalar a, Scalar b) { return a + b; },
             [](Scalar sum, Scalar count) { return sum / count; });
    }

    /// The non-increasing v whose blocks are log(sum of exp(y)) - log(sum of exp(w)). @pre as many of both
    void fit_entropy(std::span<const Scalar> y, std::span<const Scalar> w) {
        begin(y.size());
        for (std::size_t i = 0; i < y.size(); ++i) {
            values_[i] = y[i] - w[i];
            upper_[i] = y[i];
            lower_[i] = w[i];
        }
        pool(log_of_sum, log_of_sum, [](Scalar a, Scalar b) { return a - b; });
    }

    /// What was fitted last.
    [[nodiscard]] std::span<const Scalar> values() const noexcept { return values_; }

    /// Replaces each number by the mean of its block: the product with the Jacobian of `fit_squares`, which is symmetric. Blocks are maximal runs of
    /// values that differ by at most 1e-9. @pre as many numbers as values
    void average_blocks(std::span<Scalar> numbers) const {
        for_blocks([&](std::size_t first, std::size_t last) {
            Scalar sum = 0;
            for (std::size_t i = first; i < last; ++i) sum += numbers[i];
            const Scalar mean = sum / static_cast<Scalar>(last - first);
            for (std::size_t i = first; i < last; ++i) numbers[i] = mean;
        });
    }

    /// Replaces each number by the sum of its block times the share of exp(weights) in it: for `weights` the y or the w of `fit_entropy`, the
    /// transposed Jacobian of the values with respect to y, or to -w. @pre as many numbers and weights as values
    void share_blocks(std::span<Scalar> numbers, std::span<const Scalar> weights) const {
        for_blocks([&](std::size_t first, std::size_t last) {
            Scalar sum = 0, greatest = weights[first], total = 0;
            for (std::size_t i = first; i < last; ++i) {
                sum += numbers[i];
                if (weights[i] > greatest) greatest = weights[i];
            }
            for (std::size_t i = first; i < last; ++i) total += numbers[i] = std::exp(weights[i] - greatest);
            for (std::size_t i = first; i < last; ++i) numbers[i] *= sum / total;
        });
    }

private:
    static Scalar log_of_sum(Scalar a, Scalar b) {
        const Scalar greater = a > b ? a : b, less = a > b ? b : a;
        return greater + std::log1p(std::exp(less - greater));
    }

    void begin(std::size_t n) {
        values_.resize(n);
        upper_.resize(n);
        lower_.resize(n);
        ends_.resize(n);
        for (std::size_t i = 0; i < n; ++i) ends_[i] = i;
    }

    /// `ends_` leads from the first element of a block to its last one, and back.
    template <class Upper, class Lower, class Value>
    void pool(Upper upper, Lower lower, Value value) {
        const auto n = values_.size();
        for (std::size_t i = 0; i < n;) {
            auto next = ends_[i] + 1;
            if (next == n) break;
            if (values_[i] > values_[next]) {
                i = next;
                continue;
            }
            // A rising run of blocks becomes one; then the block before may be too low.
            for (bool rising = true; rising;) {
                const Scalar last = values_[next];
                upper_[i] = upper(upper_[i], upper_[next]);
                lower_[i] = lower(lower_[i], lower_[next]);
                next = ends_[next] + 1;
                rising = next < n && !(last > values_[next]);
            }
            values_[i] = value(upper_[i], lower_[i]);
            ends_[i] = next - 1;
            ends_[next - 1] = i;
            if (i > 0) i = ends_[i - 1];
        }
        for (std::size_t i = 0; i < n;) {
            const auto end = ends_[i] + 1;
            for (auto j = i + 1; j < end; ++j) values_[j] = values_[i];
            i = end;
        }
    }

    template <class Visit>
    void for_blocks(Visit visit) const {
        const auto n = values_.size();
        for (std::size_t first = 0, last = 0; first < n; first = last) {
            for (last = first + 1; last < n && std::abs(values_[last] - values_[last - 1]) <= Scalar(1e-9);) ++last;
            visit(first, last);
        }
    }

    std::vector<Scalar> values_, upper_, lower_;
    std::vector<std::size_t> ends_;
};

} // namespace verdant::surrogate
