#pragma once

#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

namespace verdant::surrogate::detail {

/// Rows of numbers in memory: row `r` begins at `data + r * stride`.
template <class Scalar>
struct rows_of {
    Scalar* data = nullptr;
    std::size_t stride = 0;

    [[nodiscard]] Scalar* row(std::size_t r) const noexcept { return data + r * stride; }
    [[nodiscard]] rows_of<const Scalar> read_only() const noexcept { return {data, stride}; }
};

/// Outputs whose weights lie together.
inline constexpr std::size_t panel_width = 32;
/// Rows are computed in groups of so many, or one by one; so their number in memory is a multiple, whatever is in those beyond the last.
inline constexpr std::size_t row_group = 8;

/// What one panel of outputs needs: y = bias + sum over parts of W_p x_p.
template <class Scalar>
struct linear_job {
    struct part {
        const Scalar* x;
        std::size_t stride, inputs;
    };
    const Scalar* weights; ///< [inputs of all parts][panel_width]
    const Scalar* bias;    ///< [panel_width]
    std::array<part, 2> parts;
    Scalar* y;
    std::size_t y_stride, rows;
};

/// Every sum runs over the inputs in order, whatever the number of rows, so that a row's result does not depend on its neighbours.
struct linear_kernel {
    template <class Scalar, std::size_t Lanes, std::size_t Rows>
    [[gnu::always_inline]] static inline void block(const linear_job<Scalar>& j, std::size_t row, std::size_t column) {
        using vec = typename lanes<Scalar, Lanes>::aligned;
        using loose = typename lanes<Scalar, Lanes>::anywhere;
        constexpr std::size_t at_once = 2;
        vec sum[Rows][at_once];
        for (std::size_t r = 0; r < Rows; ++r)
            for (std::size_t v = 0; v < at_once; ++v) sum[r][v] = *reinterpret_cast<const loose*>(j.bias + column + v * Lanes);
        const Scalar* w = j.weights + column;
        for (const auto& part : j.parts) {
            const Scalar* x = part.x + row * part.stride;
            const std::size_t stride = part.stride;
            for (std::size_t k = 0; k < part.inputs; ++k, w += panel_width, ++x) {
                const vec low = *reinterpret_cast<const loose*>(w), high = *reinterpret_cast<const loose*>(w + Lanes);
#pragma GCC unroll 8
                for (std::size_t r = 0; r < Rows; ++r) {
                    const Scalar value = x[r * stride];
                    sum[r][0] += value * low;
                    sum[r][1] += value * high;
                }
            }
        }
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r)
            for (std::size_t v = 0; v < at_once; ++v) *reinterpret_cast<loose*>(j.y + (row + r) * j.y_stride + column + v * Lanes) = sum[r][v];
    }

    template <class Scalar, std::size_t Lanes>
    [[gnu::always_inline]] static inline void run(const linear_job<Scalar>& j) {
        // As many accumulators as there are registers, but for the weights.
        constexpr std::size_t together = Lanes == 16 ? row_group : row_group / 2;
        std::size_t row = 0;
        for (; row + 1 < j.rows; row += row_group)
            for (std::size_t part = 0; part < row_group; part += together)
                for (std::size_t column = 0; column < panel_width; column += 2 * Lanes) block<Scalar, Lanes, together>(j, row + part, column);
        if (row < j.rows)
            for (std::size_t column = 0; column < panel_width; column += 2 * Lanes) block<Scalar, Lanes, 1>(j, row, column);
    }
};

/// A matrix of weights and a bias, laid out for `linear_kernel`; inputs may stand in two places, such as the sum over neighbours and the node itself.
template <class Scalar>
class packed_linear {
public:
    packed_linear() = default;
    /// @param inputs of each part
    packed_linear(std::size_t outputs, std::initializer_list<std::size_t> inputs)
        : outputs_{outputs}, stride_{padded_to(outputs, panel_width)}, bias_(stride_) {
        std::size_t part = 0;
        for (const auto n : inputs) inputs_[part++] = n;
        weights_.resize(stride_ * (inputs_[0] + inputs_[1]));
    }

    /// Sets the weights of a part from a row-major matrix [rows, inputs of the part]; its row `r` becomes output `first + r`.
    template <class From>
    void set_weights(std::size_t part, std::span<const From> matrix, std::size_t first = 0) {
        const auto inputs = inputs_[part], before = part == 0 ? 0 : inputs_[0], all = inputs_[0] + inputs_[1];
        for (std::size_t i = 0; i < matrix.size(); ++i) {
            const auto output = first + i / inputs, input = before + i % inputs;
            weights_[(output / panel_width * all + input) * panel_width + output % panel_width] = static_cast<Scalar>(matrix[i]);
        }
    }
    template <class From>
    void set_bias(std::span<const From> bias, std::size_t first = 0) {
        for (std::size_t i = 0; i < bias.size(); ++i) bias_[first + i] = static_cast<Scalar>(bias[i]);
    }

    [[nodiscard]] std::size_t outputs() const noexcept { return outputs_; }
    /// Length of a row of results in memory.
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }

    /// Rows of results, their number rounded up to whole groups. @param other the second part of the inputs, where there is one
    void apply(rows_of<const Scalar> x, rows_of<const Scalar> other, std::size_t rows, rows_of<Scalar> y, vector_instructions instructions) const {
        const auto all = inputs_[0] + inputs_[1];
        for (std::size_t first = 0; first < outputs_; first += panel_width)
            run_with<linear_kernel, Scalar>(instructions, linear_job<Scalar>{.weights = weights_.data() + first * all,
                                                                            .bias = bias_.data() + first,
                                                                            .parts = {{{x.data, x.stride, inputs_[0]}, {other.data, other.stride, inputs_[1]}}},
                                                                            .y = y.data + first,
                                                                            .y_stride = y.stride,
                                                                            .rows = rows});
    }

private:
    std::size_t outputs_ = 0, stride_ = 0;
    std::array<std::size_t, 2> inputs_{};
    std::vector<Scalar> weights_, bias_; // panels of outputs: [panel][input][panel_width]
};

} // namespace verdant::surrogate::detail
