#pragma once

#include <verdant/error.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A dense layer, fast on one core.
namespace verdant::surrogate {

namespace detail {

/// Outputs that are computed together: two registers of eight.
inline constexpr std::size_t dense_panel = 16;

/// What a block of rows and one panel of outputs need.
struct dense_block {
    const float* weights; ///< [inputs][dense_panel]
    const float* bias;    ///< [dense_panel]
    const float* x;       ///< rows of `inputs` numbers, `x_stride` apart
    float* y;             ///< rows of `dense_panel` numbers, `y_stride` apart
    std::size_t inputs, x_stride, y_stride;
    bool rectified;
};

/// Every sum runs over the inputs in order, whatever the number of rows, so that a row's result does not depend on its neighbours.
template <std::size_t Rows>
void multiply_portable(const dense_block& b) {
    using four = float __attribute__((vector_size(16)));
    constexpr std::size_t half = 8;
    for (std::size_t part = 0; part < dense_panel; part += half) {
        four sum[Rows][2];
        for (auto& s : sum)
            for (std::size_t v = 0; v < 2; ++v)
                for (std::size_t i = 0; i < 4; ++i) s[v][i] = b.bias[part + 4 * v + i];
        for (std::size_t k = 0; k < b.inputs; ++k) {
            const float* const w = b.weights + k * dense_panel + part;
            const four low{w[0], w[1], w[2], w[3]}, high{w[4], w[5], w[6], w[7]};
            for (std::size_t r = 0; r < Rows; ++r) {
                const float x = b.x[r * b.x_stride + k];
                sum[r][0] += x * low;
                sum[r][1] += x * high;
            }
        }
        for (std::size_t r = 0; r < Rows; ++r)
            for (std::size_t i = 0; i < half; ++i) {
                const float value = sum[r][i / 4][i % 4];
                b.y[r * b.y_stride + part + i] = b.rectified && value < 0 ? 0 : value;
            }
    }
}

#if defined(__x86_64__)
template <std::size_t Rows>
__attribute__((target("avx2,fma"))) void multiply_avx2(const dense_block& b) {
    // The compilers' vector types, since <immintrin.h> costs as much to compile as the rest of this header. Products and sums are fused.
    using eight = float __attribute__((vector_size(32)));
    using eight_anywhere = float __attribute__((vector_size(32), aligned(4), may_alias));
    eight sum[Rows][2];
    const eight low_bias = *reinterpret_cast<const eight_anywhere*>(b.bias), high_bias = *reinterpret_cast<const eight_anywhere*>(b.bias + 8);
#pragma GCC unroll 6
    for (std::size_t r = 0; r < Rows; ++r) {
        sum[r][0] = low_bias;
        sum[r][1] = high_bias;
    }
    for (std::size_t k = 0; k < b.inputs; ++k) {
        const float* const w = b.weights + k * dense_panel;
        const eight low = *reinterpret_cast<const eight_anywhere*>(w), high = *reinterpret_cast<const eight_anywhere*>(w + 8);
#pragma GCC unroll 6
        for (std::size_t r = 0; r < Rows; ++r) {
            const float x = b.x[r * b.x_stride + k];
            sum[r][0] += x * low;
            sum[r][1] += x * high;
        }
    }
    const eight least = eight{} + (b.rectified ? 0.0F : -std::numeric_limits<float>::infinity());
#pragma GCC unroll 6
    for (std::size_t r = 0; r < Rows; ++r) {
        *reinterpret_cast<eight_anywhere*>(b.y + r * b.y_stride) = sum[r][0] > least ? sum[r][0] : least;
        *reinterpret_cast<eight_anywhere*>(b.y + r * b.y_stride + 8) = sum[r][1] > least ? sum[r][1] : least;
    }
}
#endif

/// Rows that are computed together: with two registers each, a row of inputs and two of weights they fill the sixteen that there are.
inline constexpr std::size_t dense_rows = 6;

template <std::size_t Rows>
void multiply_rows(const dense_block& b, [[maybe_unused]] bool avx2) {
#if defined(__x86_64__)
    if (avx2) return multiply_avx2<Rows>(b);
#endif
    multiply_portable<Rows>(b);
}

/// As many rows as there are left, at most `dense_rows`.
template <std::size_t Rows = dense_rows>
void multiply_up_to(std::size_t rows, const dense_block& b, bool avx2) {
    if constexpr (Rows > 1) {
        if (rows < Rows) return multiply_up_to<Rows - 1>(rows, b, avx2);
    }
    multiply_rows<Rows>(b, avx2);
}

/// Whether this processor has AVX2 and FMA.
[[nodiscard]] inline bool has_avx2() {
#if defined(__x86_64__)
    static const bool found = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return found;
#else
    return false;
#endif
}

} // namespace detail

/// Whether a layer gives its sums as they are, or 0 where they are negative.
enum class dense_output : unsigned char { linear, rectified };

/// A fully connected layer, y = W x + b with an optional rectifier, for many rows at once in single precision. Uses AVX2 where the processor has
/// it, however the program was compiled: with Eigen such a product takes three times as long unless one compiles for newer processors, and its
/// last bits depend on how many rows come together. Here a row's result depends on that row alone (on one kind of processor).
class dense_layer {
public:
    /// @param weight [outputs, inputs], row-major, as PyTorch has it
    /// @param bias   `outputs` numbers, or none
    /// Throws input_error where lengths do not fit.
    dense_layer(std::size_t inputs, std::size_t outputs, std::span<const float> weight, std::span<const float> bias, dense_output output)
        : inputs_{inputs}, outputs_{outputs}, rectified_{output == dense_output::rectified}, weights_(stride() * inputs), bias_(stride()) {
        if (inputs == 0 || outputs == 0 || weight.size() != inputs * outputs || (!bias.empty() && bias.size() != outputs))
            throw input_error{"dense layer", "", std::to_string(outputs) + " x " + std::to_string(inputs) + " weights and as many biases or none",
                              std::to_string(weight.size()) + " and " + std::to_string(bias.size())};
        for (std::size_t o = 0; o < outputs; ++o)
            for (std::size_t i = 0; i < inputs; ++i)
                weights_[((o / detail::dense_panel) * inputs + i) * detail::dense_panel + o % detail::dense_panel] = weight[o * inputs + i];
        std::copy(bias.begin(), bias.end(), bias_.begin());
    }

    [[nodiscard]] std::size_t inputs() const noexcept { return inputs_; }
    [[nodiscard]] std::size_t outputs() const noexcept { return outputs_; }
    /// Length of a row of results: outputs, rounded up to whole registers; what is beyond the outputs is 0.
    [[nodiscard]] std::size_t stride() const noexcept { return (outputs_ + detail::dense_panel - 1) / detail::dense_panel * detail::dense_panel; }

    /// @param x `rows` rows of `inputs()` numbers, `x_stride` apart
    /// @param y room for `rows * stride()` numbers
    void apply(const float* x, std::size_t x_stride, std::size_t rows, float* y) const { apply(x, x_stride, rows, y, detail::has_avx2()); }
    /// The same with a choice of instructions, for tests. @pre the processor has AVX2 where `avx2` is true
    void apply(const float* x, std::size_t x_stride, std::size_t rows, float* y, bool avx2) const {
        for (std::size_t panel = 0; panel * detail::dense_panel < outputs_; ++panel)
            for (std::size_t row = 0; row < rows; row += detail::dense_rows)
                detail::multiply_up_to(rows - row,
                                       {.weights = weights_.data() + panel * inputs_ * detail::dense_panel,
                                        .bias = bias_.data() + panel * detail::dense_panel,
                                        .x = x + row * x_stride,
                                        .y = y + row * stride() + panel * detail::dense_panel,
                                        .inputs = inputs_,
                                        .x_stride = x_stride,
                                        .y_stride = stride(),
                                        .rectified = rectified_},
                                       avx2);
    }

private:
    std::size_t inputs_, outputs_;
    bool rectified_;
    std::vector<float> weights_, bias_; // panels of outputs: [panel][input][dense_panel]
};

} // namespace verdant::surrogate
