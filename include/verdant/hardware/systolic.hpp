#pragma once

#include <verdant/error.hpp>

#include <cstdint>
#include <string>

/// Systolic arrays in closed form: cycles, utilisation and accesses of a matrix product on R x C cells that pass operands on, one number of one
/// operand kept in each. Source: SCALE-Sim v2 (Samajdar et al., ISPASS 2020; scalesim-project/scale-sim-v2,
/// scalesim/compute/systolic_compute_{os,ws,is}.py), which lays the same out cycle by cycle; memory never stalls the array.
namespace verdant::hardware {

/// Which operand stays in a cell.
enum class systolic_dataflow : unsigned char { output_stationary, weight_stationary, input_stationary };

/// Cells that are rows x columns.
struct systolic_array {
    std::int64_t rows = 0;
    std::int64_t columns = 0;

    [[nodiscard]] constexpr std::int64_t cells() const { return rows * columns; }
    friend constexpr bool operator==(const systolic_array&, const systolic_array&) = default;
};

/// A product of pixels x window and window x filters, as convolutions become.
struct systolic_product {
    std::int64_t pixels = 0; ///< of the output, of one filter
    std::int64_t window = 0; ///< products that make one output
    std::int64_t filters = 0;

    [[nodiscard]] constexpr std::int64_t macs() const { return pixels * window * filters; }
    friend constexpr bool operator==(const systolic_product&, const systolic_product&) = default;
};

/// A convolution over one picture.
struct systolic_convolution {
    std::int64_t height = 0, width = 0; ///< of the input, with padding
    std::int64_t kernel_height = 0, kernel_width = 0;
    std::int64_t channels = 0; ///< of the input
    std::int64_t filters = 0;
    std::int64_t stride = 1;

    /// Outputs by side: ceil((side - kernel + stride) / stride), which counts one whose window hangs over the edge (topology_utils.py).
    [[nodiscard]] constexpr std::int64_t output_height() const { return outputs(height, kernel_height); }
    [[nodiscard]] constexpr std::int64_t output_width() const { return outputs(width, kernel_width); }

    /// Whether number `at` of the window of an output lies inside the input.
    [[nodiscard]] constexpr bool reads(std::int64_t pixel, std::int64_t at) const {
        const auto row = pixel / output_width() * stride + at / (kernel_width * channels);
        const auto column = pixel % output_width() * stride + at % (kernel_width * channels) / channels;
        return row < height && column < width;
    }

    friend constexpr bool operator==(const systolic_convolution&, const systolic_convolution&) = default;

private:
    [[nodiscard]] constexpr std::int64_t outputs(std::int64_t side, std::int64_t kernel) const { return (side - kernel + 2 * stride - 1) / stride; }
};

/// Whether every dimension is positive and below 2^20, so that counts fit 64 bits.
[[nodiscard]] constexpr bool is_well_formed(const systolic_array& a) {
    constexpr std::int64_t most = 1 << 20;
    return a.rows > 0 && a.rows < most && a.columns > 0 && a.columns < most;
}
[[nodiscard]] constexpr bool is_well_formed(const systolic_product& p) {
    constexpr std::int64_t most = 1 << 20;
    return p.pixels > 0 && p.pixels < most && p.window > 0 && p.window < most && p.filters > 0 && p.filters < most;
}

/// The matrix product that a convolution is.
/// @throws input_error if a dimension is not positive, or the kernel is larger than the input
[[nodiscard]] constexpr systolic_product product_of(const systolic_convolution& c) {
    const bool sound = c.kernel_height > 0 && c.kernel_width > 0 && c.channels > 0 && c.filters > 0 && c.stride > 0 && c.height >= c.kernel_height &&
                       c.width >= c.kernel_width && c.height < (1 << 20) && c.width < (1 << 20) && c.channels < (1 << 20) && c.stride < (1 << 20);
    if (!sound) throw input_error{"convolution", "", "positive dimensions below 2^20, and an input at least as large as the kernel", "others"};
    return {.pixels = c.output_height() * c.output_width(), .window = c.kernel_height * c.kernel_width * c.channels, .filters = c.filters};
}

/// How a product lies on an array: Sr rows and Sc columns in folds, each of which streams T numbers.
struct systolic_folding {
    std::int64_t rows = 0; ///< Sr
    std::int64_t columns = 0; ///< Sc
    std::int64_t streamed = 0; ///< T
    std::int64_t row_folds = 0, column_folds = 0;
    std::int64_t last_rows = 0, last_columns = 0; ///< that the last fold uses
    std::int64_t fold_cycles = 0; ///< until the last result has left the array

    [[nodiscard]] constexpr std::int64_t folds() const { return row_folds * column_folds; }
};

/// OS streams the window past outputs: T + R + C - 2 cycles a fold. WS and IS first fill the array in R cycles, then stream: T + 2 R + C - 2.
/// @throws input_error if array or product are not well formed
[[nodiscard]] constexpr systolic_folding folding_of(const systolic_product& p, const systolic_array& a, systolic_dataflow f) {
    if (!is_well_formed(a))
        throw input_error{"systolic array", "", "positive rows and columns below 2^20", std::to_string(a.rows) + " x " + std::to_string(a.columns)};
    if (!is_well_formed(p)) throw input_error{"systolic array", "product", "positive dimensions below 2^20", "others"};
    const bool outputs = f == systolic_dataflow::output_stationary, inputs = f == systolic_dataflow::input_stationary;
    systolic_folding s{.rows = outputs ? p.pixels : p.window,
                       .columns = inputs ? p.pixels : p.filters,
                       .streamed = outputs  ? p.window
                                   : inputs ? p.filters
                                            : p.pixels};
    s.row_folds = (s.rows + a.rows - 1) / a.rows;
    s.column_folds = (s.columns + a.columns - 1) / a.columns;
    s.last_rows = s.rows - (s.row_folds - 1) * a.rows;
    s.last_columns = s.columns - (s.column_folds - 1) * a.columns;
    s.fold_cycles = s.streamed + (outputs ? 1 : 2) * a.rows + a.columns - 2;
    return s;
}

/// What a product costs on a systolic array.
struct systolic_cost {
    std::int64_t cycles = 0; ///< the number of the last cycle, counted from 0, as SCALE-Sim reports it
    double mapped = 0; ///< share of cells that have work, a mean over folds
    double busy = 0; ///< mean over folds of work / (cells x cycles), with the drain counted as SCALE-Sim does
    double utilisation = 0; ///< MACs / (cells x cycles)
    std::int64_t input_reads = 0, filter_reads = 0, output_writes = 0; ///< of the buffers beside the array, numbers
};

/// Cycles: folds x cycles of one, less 1. An operand that streams is read once for each fold across it, one that stays once in all; partial sums
/// leave the array once for each fold over the window (WS, IS) and are not read back. (SCALE-Sim's output stationary adds R + C writes a fold to the
/// outputs; those are no writes, and are left out.)
/// @throws input_error if array or product are not well formed
[[nodiscard]] constexpr systolic_cost systolic_cost_of(const systolic_product& p, const systolic_array& a, systolic_dataflow f) {
    const auto s = folding_of(p, a, f);
    const auto real = [](std::int64_t n) { return static_cast<double>(n); };
    systolic_cost c{.cycles = s.folds() * s.fold_cycles - 1};
    c.mapped = real(s.rows) * real(s.columns) / (real(s.folds()) * real(a.cells()));
    const bool outputs = f == systolic_dataflow::output_stationary;
    c.busy = c.mapped * real(s.streamed) / real(s.fold_cycles + (outputs ? 0 : a.columns - 1));
    c.utilisation = real(p.macs()) / (real(a.cells()) * real(c.cycles));
    const std::int64_t inputs = p.pixels * p.window, weights = p.window * p.filters, results = p.pixels * p.filters;
    switch (f) {
    case systolic_dataflow::output_stationary:
        c.input_reads = inputs * s.column_folds;
        c.filter_reads = weights * s.row_folds;
        c.output_writes = results;
        break;
    case systolic_dataflow::weight_stationary:
        c.input_reads = inputs * s.column_folds;
        c.filter_reads = weights;
        c.output_writes = results * s.row_folds;
        break;
    case systolic_dataflow::input_stationary:
        c.input_reads = inputs;
        c.filter_reads = weights * s.column_folds;
        c.output_writes = results * s.row_folds;
        break;
    }
    return c;
}

/// First and last cycle in which a buffer beside the array is used.
struct busy_span {
    std::int64_t first = 0;
    std::int64_t last = 0;

    friend constexpr bool operator==(const busy_span&, const busy_span&) = default;
};

/// When each buffer is in use; reads count the cycle after the request, in which the number is there.
struct systolic_spans {
    busy_span inputs, filters, outputs;
};

namespace detail {

/// The cycle after the last request of an input that lies inside the picture: folds and steps are looked through from the end, so few are.
constexpr std::int64_t last_input(const hardware::systolic_convolution& layer, const hardware::systolic_array& a, const hardware::systolic_folding& s,
                                  hardware::systolic_dataflow f) {
    using hardware::systolic_dataflow;
    for (std::int64_t fold = s.folds() - 1; fold >= 0; --fold) {
        const std::int64_t row = fold % s.row_folds * a.rows, column = fold / s.row_folds * a.columns, begin = fold * s.fold_cycles;
        const std::int64_t rows = s.rows - row < a.rows ? s.rows - row : a.rows,
                           columns = s.columns - column < a.columns ? s.columns - column : a.columns;
        if (f == systolic_dataflow::input_stationary) {
            for (std::int64_t r = 0; r < rows; ++r) // filled from the far end: the first row comes last
                for (std::int64_t c = 0; c < columns; ++c)
                    if (layer.reads(column + c, row + r)) return begin + a.rows - r;
            continue;
        }
        const bool outputs = f == systolic_dataflow::output_stationary;
        for (std::int64_t step = s.streamed + rows - 2; step >= 0; --step)
            for (std::int64_t r = 0; r < rows; ++r)
                if (const auto t = step - r; t >= 0 && t < s.streamed && (outputs ? layer.reads(row + r, t) : layer.reads(t, row + r)))
                    return begin + (outputs ? 0 : a.rows) + step + 1;
    }
    return 0;
}

} // namespace detail

/// The spans of a convolution. Rows of the array are filled from the far end, so those that a fold leaves out come first; each row or column gets its
/// stream one cycle after the one before. Where windows hang over the edge, the last read is the last one that lies inside.
/// @throws input_error if array or convolution are not well formed
[[nodiscard]] constexpr systolic_spans systolic_spans_of(const systolic_convolution& layer, const systolic_array& a, systolic_dataflow f) {
    const auto s = folding_of(product_of(layer), a, f);
    const std::int64_t last_fold = (s.folds() - 1) * s.fold_cycles, unused = s.row_folds > 1 ? 0 : a.rows - s.last_rows;
    const std::int64_t last_read = detail::last_input(layer, a, s, f);
    const std::int64_t first_streamed = a.rows + 1, last_streamed = last_fold + a.rows + s.streamed + s.last_rows - 1;
    const busy_span drained{2 * a.rows - 1, last_fold + 2 * a.rows + s.streamed + s.last_columns - 3};
    switch (f) {
    case systolic_dataflow::output_stationary:
        return {.inputs = {1, last_read},
                .filters = {1, last_fold + s.streamed + s.last_columns - 1},
                .outputs = {s.streamed - 1 + unused, last_fold + s.streamed + a.rows + s.last_columns - 3}};
    case systolic_dataflow::weight_stationary:
        return {.inputs = {first_streamed, last_read}, .filters = {unused + 1, last_fold + a.rows}, .outputs = drained};
    case systolic_dataflow::input_stationary: break;
    }
    return {.inputs = {unused + 1, last_read}, .filters = {first_streamed, last_streamed}, .outputs = drained};
}

} // namespace verdant::hardware
