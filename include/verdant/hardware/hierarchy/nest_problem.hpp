#pragma once

#include <verdant/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What a nest of loops computes: its dimensions, and which words of which tensors an iteration touches. Convolutions and matrix products are made by
/// functions.
namespace verdant::hardware {

/// The tensors of convolutions and matrix products, by their index.
enum class operand : std::uint8_t { weights, inputs, outputs };

/// Fixed sizes of nests; more than any published layer needs.
inline constexpr std::size_t most_nest_dims = 8, most_nest_tensors = 4, most_nest_ranks = 5;

/// One axis of a tensor: the index is `step * first + other_step * second`, both indices of loops. An axis of one loop has no second.
struct nest_axis {
    static constexpr std::uint8_t none = 0xff;
    std::uint8_t first = none, second = none;
    std::int32_t step = 1, other_step = 1;
};

/// A tensor that the nest reads, or reduces into.
struct nest_tensor {
    std::string_view name;
    std::array<nest_axis, most_nest_ranks> axes{};
    std::uint8_t axis_count = 0;
    bool output = false;
    /// Bit d: the loop of dimension d changes which words are touched.
    std::uint32_t dims = 0;
    /// Whether an axis has two loops.
    bool windows = false;
    /// The axes of one loop without a stride, by their dimensions, and the others, by their places: most are the former, and quickly counted.
    std::array<std::uint8_t, most_nest_ranks> plain{}, strided{};
    std::uint8_t plain_count = 0, strided_count = 0;

    constexpr void add_axis(nest_axis a) {
        if (a.second == nest_axis::none && a.step == 1) plain[plain_count++] = a.first;
        else strided[strided_count++] = axis_count;
        axes[axis_count++] = a;
        dims |= 1U << a.first;
        if (a.second == nest_axis::none) return;
        dims |= 1U << a.second;
        windows = true;
    }
};

/// Bounds of the loops and the tensors that they touch. One iteration is one multiply-accumulate.
struct nest_problem {
    /// One letter a dimension, as mappings spell them.
    std::array<char, most_nest_dims> dims{};
    std::array<std::int64_t, most_nest_dims> bounds{1, 1, 1, 1, 1, 1, 1, 1};
    std::uint8_t dim_count = 0;
    std::array<nest_tensor, most_nest_tensors> tensors{};
    std::uint8_t tensor_count = 0;
    /// Share of the words of the first tensor that are not zero, in (0, 1], and 1 if it is an output; where the zeros are is random.
    double weight_density = 1;

    /// Index of a dimension by its letter, `dim_count` where there is none.
    [[nodiscard]] constexpr std::size_t dim(char letter) const noexcept {
        std::size_t d = 0;
        while (d < dim_count && dims[d] != letter) ++d;
        return d;
    }
    /// Index of a tensor by its name or the first letter of it, `tensor_count` where there is none.
    [[nodiscard]] constexpr std::size_t tensor(std::string_view name) const noexcept {
        std::size_t t = 0;
        while (t < tensor_count && tensors[t].name != name && (name.size() != 1 || tensors[t].name[0] != name[0])) ++t;
        return t;
    }
    constexpr void add_dim(char letter, std::int64_t bound) {
        dims[dim_count] = letter;
        bounds[dim_count++] = bound;
    }
    /// Multiply-accumulates of the whole nest.
    [[nodiscard]] constexpr std::int64_t iterations() const noexcept {
        std::int64_t product = 1;
        for (std::size_t d = 0; d < dim_count; ++d) product *= bounds[d];
        return product;
    }
    /// Whether the first tensor is an output, and yet has zeros: they would not be known before the work is done.
    [[nodiscard]] constexpr bool zeros_of_output() const noexcept { return tensors[0].output && weight_density > 0 && weight_density < 1; }
    /// Whether the density is one, and that of a tensor that is read; NaN is none.
    [[nodiscard]] constexpr bool has_density() const noexcept { return weight_density > 0 && weight_density <= 1 && !zeros_of_output(); }
};

/// @throws input_error where a bound is below 1, or there are more than 2^60 iterations, which counts and costs could not hold
constexpr void require_problem(const nest_problem& problem) {
    double iterations = 1;
    for (std::size_t d = 0; d < problem.dim_count; ++d) {
        if (problem.bounds[d] < 1)
            throw input_error{"nest", std::string{"dimension "} + problem.dims[d], "a bound of at least 1", std::to_string(problem.bounds[d])};
        iterations *= static_cast<double>(problem.bounds[d]);
    }
    if (iterations > 0x1p60) throw input_error{"nest", "", "at most 2^60 multiply-accumulates", "about " + std::to_string(iterations)};
}

/// @throws input_error where the share of weights that are not zero is not above 0 and at most 1, or is below 1 while the first tensor is an output
constexpr void require_density(const nest_problem& problem) {
    if (problem.zeros_of_output())
        throw input_error{"nest", "density of weights", "1, as the first tensor is an output", std::to_string(problem.weight_density)};
    if (!problem.has_density())
        throw input_error{"nest", "density of weights", "a number above 0 and at most 1", std::to_string(problem.weight_density)};
}

/// Words of a tensor that a block of loops touches: the box around them, as a window with a stride above its kernel is stored whole.
/// @param extent how many iterations of each dimension the block has
[[nodiscard]] constexpr std::int64_t words_of(const nest_tensor& t, const std::array<std::int64_t, most_nest_dims>& extent) noexcept {
    std::int64_t words = 1;
    for (std::size_t i = 0; i < t.plain_count; ++i) words *= extent[t.plain[i]];
    for (std::size_t i = 0; i < t.strided_count; ++i) {
        const auto& axis = t.axes[t.strided[i]];
        std::int64_t length = (extent[axis.first] - 1) * axis.step + 1;
        if (axis.second != nest_axis::none) length += (extent[axis.second] - 1) * axis.other_step;
        words *= length;
    }
    return words;
}

/// A convolution: bounds of its loops, and how windows move. Channels are those of one group.
struct conv_sizes {
    std::int64_t batch = 1, out_channels = 1, in_channels = 1, rows = 1, columns = 1, kernel_rows = 1, kernel_columns = 1, groups = 1;
    std::int32_t row_stride = 1, column_stride = 1, row_dilation = 1, column_dilation = 1;
    /// Share of the weights that are not zero, in (0, 1].
    double weight_density = 1;
};

/// Loops N, K, C, P, Q, R, S, G: batch, output and input channels of a group, output rows and columns, kernel rows and columns, groups; the tensors
/// W, I, O. The input has row P stride + R dilation, and column Q stride + S dilation.
/// @throws input_error for a size, stride or dilation below 1, a stride or dilation above 1000, more than 2^60 multiply-accumulates, and as
/// `require_density`
[[nodiscard]] constexpr nest_problem convolution(const conv_sizes& z) {
    for (const auto step : {z.row_stride, z.column_stride, z.row_dilation, z.column_dilation})
        if (step < 1 || step > 1000) throw input_error{"convolution", "", "strides and dilations from 1 to 1000", std::to_string(step)};
    nest_problem out;
    enum : std::uint8_t { n, k, c, p, q, r, s, g };
    out.add_dim('N', z.batch);
    out.add_dim('K', z.out_channels);
    out.add_dim('C', z.in_channels);
    out.add_dim('P', z.rows);
    out.add_dim('Q', z.columns);
    out.add_dim('R', z.kernel_rows);
    out.add_dim('S', z.kernel_columns);
    out.add_dim('G', z.groups);
    nest_tensor weights{.name = "Weights"}, inputs{.name = "Inputs"}, outputs{.name = "Outputs", .output = true};
    for (const auto d : {g, k, c, r, s}) weights.add_axis({.first = d});
    inputs.add_axis({.first = n});
    inputs.add_axis({.first = g});
    inputs.add_axis({.first = c});
    inputs.add_axis({.first = p, .second = r, .step = z.row_stride, .other_step = z.row_dilation});
    inputs.add_axis({.first = q, .second = s, .step = z.column_stride, .other_step = z.column_dilation});
    for (const auto d : {n, g, k, p, q}) outputs.add_axis({.first = d});
    out.tensors = {weights, inputs, outputs};
    out.tensor_count = 3;
    out.weight_density = z.weight_density;
    require_problem(out);
    require_density(out);
    return out;
}

/// A convolution of each channel on its own: G are the channels. @param z its channels are `groups`; in and out channels are ignored
[[nodiscard]] constexpr nest_problem depthwise(conv_sizes z) {
    z.in_channels = z.out_channels = 1;
    return convolution(z);
}

/// `rows x inner` times `inner x columns`, `batch` times with the same right-hand side: loops P rows, C inner, K columns, N batch; W is the
/// right-hand side.
/// @param weight_density share of the right-hand side that is not zero, in (0, 1]
/// @throws input_error as `convolution`
[[nodiscard]] constexpr nest_problem matrix_product(std::int64_t rows, std::int64_t inner, std::int64_t columns, std::int64_t batch = 1,
                                                    double weight_density = 1) {
    return convolution({.batch = batch, .out_channels = columns, .in_channels = inner, .rows = rows, .weight_density = weight_density});
}

} // namespace verdant::hardware
