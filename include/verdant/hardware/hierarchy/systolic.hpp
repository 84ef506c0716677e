#pragma once

#include <verdant/hardware/hierarchy/nest_problem.hpp>

#include <cstdint>

/// Cycles of a systolic array in closed form.
namespace verdant::hardware {

/// What stays in the elements of the array.
enum class stationary : std::uint8_t { weights, outputs, inputs };

/// A matrix product as an array sees it: `rows` of the streamed operand, `inner` reductions, `columns` of results.
struct systolic_product {
    std::int64_t rows = 1, inner = 1, columns = 1;
};

/// The product that a convolution is once its windows are laid out: output pixels by kernel words by output channels. @param z of one group
[[nodiscard]] constexpr systolic_product laid_out(const conv_sizes& z) noexcept {
    return {z.batch * z.rows * z.columns, z.in_channels * z.kernel_rows * z.kernel_columns, z.out_channels};
}

/// Cycles of a product on an array of `height` by `width`, with operands at hand: folds times (streamed length + 2 height + width - 2), less the one that the count
/// starts from (Samajdar et al., ISPASS 2020, equation 4; scalesim-project/scale-sim-v2, `scale_sim/compute`).
/// @pre all are positive
[[nodiscard]] constexpr std::int64_t systolic_cycles(const systolic_product& p, std::int64_t height, std::int64_t width, stationary kept) noexcept {
    const auto folds = [](std::int64_t n, std::int64_t side) { return (n + side - 1) / side; };
    const auto along = [&](std::int64_t n, std::int64_t m, std::int64_t streamed) {
        return folds(n, height) * folds(m, width) * (streamed + 2 * height + width - 2) - 1;
    };
    switch (kept) {
    case stationary::weights: return along(p.inner, p.columns, p.rows);
    case stationary::inputs: return along(p.inner, p.rows, p.columns);
    case stationary::outputs: return along(p.rows, p.columns, p.inner);
    }
    return 0;
}

} // namespace verdant::hardware
