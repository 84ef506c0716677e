#pragma once

#include <cstddef>

/// Products of matrices with eight episodes at once, by the compilers' vectors.
namespace verdant::detail {

/// Episodes are computed side by side in blocks of so many: a number of a layer is one row of them. Each episode's sums have their own lane and their
/// own order, so that it comes out the same in whichever company it is computed.
inline constexpr std::size_t episode_lanes = 8;

// Vectors of four, which every processor has; they are neither arguments nor results.
typedef float four_floats __attribute__((vector_size(16), aligned(4), may_alias));

/// sum[r] += matrix[r, k] * rows[k] for `Rows` rows of the matrix at once.
/// @param stride between rows of the matrix @param columns of the matrix
template <std::size_t Rows>
[[gnu::always_inline]] inline void multiply_rows(const float* matrix, std::size_t stride, std::size_t columns, const float* rows, float* sum) {
    four_floats low[Rows], high[Rows];
    for (std::size_t r = 0; r < Rows; ++r) {
        low[r] = *reinterpret_cast<const four_floats*>(sum + r * episode_lanes);
        high[r] = *reinterpret_cast<const four_floats*>(sum + r * episode_lanes + 4);
    }
    for (std::size_t k = 0; k < columns; ++k) {
        const auto a = *reinterpret_cast<const four_floats*>(rows + k * episode_lanes),
                   b = *reinterpret_cast<const four_floats*>(rows + k * episode_lanes + 4);
        for (std::size_t r = 0; r < Rows; ++r) {
            low[r] += matrix[r * stride + k] * a;
            high[r] += matrix[r * stride + k] * b;
        }
    }
    for (std::size_t r = 0; r < Rows; ++r) {
        *reinterpret_cast<four_floats*>(sum + r * episode_lanes) = low[r];
        *reinterpret_cast<four_floats*>(sum + r * episode_lanes + 4) = high[r];
    }
}

/// sum += matrix * rows
/// @param matrix of `height` x `width`, row-major @param rows `width` x lanes @param sum `height` x lanes
inline void multiply_add(const float* matrix, std::size_t height, std::size_t width, const float* rows, float* sum) {
    std::size_t r = 0;
    for (; r + 4 <= height; r += 4) multiply_rows<4>(matrix + r * width, width, width, rows, sum + r * episode_lanes);
    for (; r < height; ++r) multiply_rows<1>(matrix + r * width, width, width, rows, sum + r * episode_lanes);
}

/// sum[r, c] += the product of `A` rows with `B` others, which are `length` numbers long, a multiple of four.
template <std::size_t A, std::size_t B>
[[gnu::always_inline]] inline void multiply_pairs(const float* a, std::size_t a_stride, const float* b, std::size_t b_stride, std::size_t length,
                                                  float* sum, std::size_t sum_stride) {
    four_floats partial[A][B] = {};
    for (std::size_t i = 0; i < length; i += 4)
        for (std::size_t r = 0; r < A; ++r)
            for (std::size_t c = 0; c < B; ++c)
                partial[r][c] +=
                    *reinterpret_cast<const four_floats*>(a + r * a_stride + i) * *reinterpret_cast<const four_floats*>(b + c * b_stride + i);
    for (std::size_t r = 0; r < A; ++r)
        for (std::size_t c = 0; c < B; ++c) sum[r * sum_stride + c] += (partial[r][c][0] + partial[r][c][2]) + (partial[r][c][1] + partial[r][c][3]);
}

/// sum += a * transposed b: what a weight's gradient is, over all steps and episodes of a block.
/// @param a `height` rows, `a_stride` apart @param b `width` rows, `b_stride` apart @param length of all rows, a multiple of four @param sum `height`
/// x `width`
inline void multiply_transposed_add(const float* a, std::size_t a_stride, std::size_t height, const float* b, std::size_t b_stride, std::size_t width,
                                    std::size_t length, float* sum) {
    std::size_t r = 0;
    for (; r + 2 <= height; r += 2) {
        std::size_t c = 0;
        for (; c + 4 <= width; c += 4)
            multiply_pairs<2, 4>(a + r * a_stride, a_stride, b + c * b_stride, b_stride, length, sum + r * width + c, width);
        for (; c < width; ++c) multiply_pairs<2, 1>(a + r * a_stride, a_stride, b + c * b_stride, b_stride, length, sum + r * width + c, width);
    }
    for (; r < height; ++r)
        for (std::size_t c = 0; c < width; ++c)
            multiply_pairs<1, 1>(a + r * a_stride, a_stride, b + c * b_stride, b_stride, length, sum + r * width + c, width);
}

} // namespace verdant::detail
