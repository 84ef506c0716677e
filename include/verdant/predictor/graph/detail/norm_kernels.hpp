#pragma once

#include <verdant/predictor/graph/detail/edge_kernels.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

/// Batch normalisation over nodes, with the activation and the sum that follow it, forwards and backwards, over plain memory.
namespace verdant::predictor::detail {

/// Sums of columns: in the type of the rows within blocks of 64 of them, in double precision beyond, always in the same order.
template <class T>
class column_sums {
public:
    explicit column_sums(std::size_t columns) : block_(columns), total_(columns) {}

    /// Adds up `term(row, block)` of each row, which adds the row's numbers to the block. @return the sums
    template <class Term>
    const std::vector<double>& operator()(std::size_t rows, const Term& term) {
        std::fill(total_.begin(), total_.end(), 0.0);
        for (std::size_t first = 0; first < rows; first += 64) {
            std::fill(block_.begin(), block_.end(), T{0});
            for (std::size_t r = first; r < std::min(first + 64, rows); ++r) term(r, block_.data());
            for (std::size_t c = 0; c < block_.size(); ++c) total_[c] += static_cast<double>(block_[c]);
        }
        return total_;
    }

private:
    std::vector<T> block_;
    std::vector<double> total_;
};

/// y = act(x * scale + shift) + residual, column by column.
template <class T>
struct norm_inputs {
    std::size_t rows, columns;
    T slope; ///< of the activation below 0
    const T *x, *scale, *shift, *residual; ///< `residual` may be null
};

template <class T>
void normalise(const norm_inputs<T>& in, T* y) {
    using v = lanes<T>;
    for (std::size_t r = 0; r < in.rows; ++r) {
        const auto at = r * in.columns;
        std::size_t c = 0;
        for (; c + v::count <= in.columns; c += v::count) {
            const typename v::type z = v::load(in.x + at + c) * v::load(in.scale + c) + v::load(in.shift + c);
            typename v::type out = z > 0 ? z : in.slope * z;
            if (in.residual != nullptr) out += v::load(in.residual + at + c);
            v::store(y + at + c, out);
        }
        for (; c < in.columns; ++c) {
            const T z = in.x[at + c] * in.scale[c] + in.shift[c];
            y[at + c] = (z > 0 ? z : in.slope * z) + (in.residual != nullptr ? in.residual[at + c] : T{0});
        }
    }
}

/// Mean and variance of each column, the latter divided by the number of rows.
template <class T>
void column_moments(std::size_t rows, std::size_t columns, const T* x, std::vector<T>& mean, std::vector<double>& variance) {
    using v = lanes<T>;
    column_sums<T> sums{columns};
    mean.resize(columns);
    const auto& total = sums(rows, [&](std::size_t r, T* block) { add_scaled(block, T{1}, x + r * columns, columns); });
    for (std::size_t c = 0; c < columns; ++c) mean[c] = static_cast<T>(total[c] / static_cast<double>(rows));
    variance = sums(rows, [&](std::size_t r, T* block) {
        const T* const row = x + r * columns;
        std::size_t c = 0;
        for (; c + v::count <= columns; c += v::count) {
            const auto off = v::load(row + c) - v::load(mean.data() + c);
            v::store(block + c, v::load(block + c) + off * off);
        }
        for (; c < columns; ++c) block[c] += (row[c] - mean[c]) * (row[c] - mean[c]);
    });
    for (auto& value : variance) value /= static_cast<double>(rows);
}

/// Gradients of y = act((x - mean) * inverse * weight + bias) with respect to x, weight and bias, where mean and inverse come from x.
/// @param in with scale = inverse * weight and shift = bias - mean * scale
template <class T>
void normalise_backwards(const norm_inputs<T>& in, const T* mean, const T* inverse, const T* of_y, T* of_x, T* of_weight, T* of_bias) {
    using v = lanes<T>;
    const auto n = in.columns;
    // What comes through the activation is kept in of_x; the sum and that of its products with (x - mean) stand side by side.
    column_sums<T> sums{2 * n};
    const auto& total = sums(in.rows, [&](std::size_t r, T* block) {
        const auto at = r * n;
        std::size_t c = 0;
        for (; c + v::count <= n; c += v::count) {
            const auto x = v::load(in.x + at + c);
            const typename v::type z = x * v::load(in.scale + c) + v::load(in.shift + c);
            const auto g = v::load(of_y + at + c);
            const typename v::type d = z > 0 ? g : in.slope * g;
            v::store(of_x + at + c, d);
            v::store(block + c, v::load(block + c) + d);
            v::store(block + n + c, v::load(block + n + c) + d * (x - v::load(mean + c)));
        }
        for (; c < n; ++c) {
            const T z = in.x[at + c] * in.scale[c] + in.shift[c], d = z > 0 ? of_y[at + c] : in.slope * of_y[at + c];
            of_x[at + c] = d;
            block[c] += d;
            block[n + c] += d * (in.x[at + c] - mean[c]);
        }
    });
    // of_x = scale * (d - sum / rows - (x - mean) * inverse^2 * products / rows) = scale * d + at_mean + x * slope
    std::vector<T> per_x(n), constant(n);
    for (std::size_t c = 0; c < n; ++c) {
        of_bias[c] = static_cast<T>(total[c]);
        of_weight[c] = static_cast<T>(total[n + c] * static_cast<double>(inverse[c]));
        const auto rows = static_cast<double>(in.rows), scale = static_cast<double>(in.scale[c]), i = static_cast<double>(inverse[c]);
        per_x[c] = static_cast<T>(-scale * i * i * total[n + c] / rows);
        constant[c] = static_cast<T>(-scale * total[c] / rows);
    }
    for (std::size_t r = 0; r < in.rows; ++r) {
        const auto at = r * n;
        std::size_t c = 0;
        for (; c + v::count <= n; c += v::count)
            v::store(of_x + at + c, v::load(in.scale + c) * v::load(of_x + at + c) + v::load(constant.data() + c) +
                                        (v::load(in.x + at + c) - v::load(mean + c)) * v::load(per_x.data() + c));
        for (; c < n; ++c) of_x[at + c] = in.scale[c] * of_x[at + c] + constant[c] + (in.x[at + c] - mean[c]) * per_x[c];
    }
}

} // namespace verdant::predictor::detail
