#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/devices/real_device.hpp>

#include <cstdint>
#include <string>

/// Kernels as a roofline sees them: what they compute and what they must move.
namespace verdant::hardware {

/// The work of one kernel. Bytes are compulsory: every operand once, whatever a cache does, from and to a memory that holds nothing of it before.
struct kernel_work {
    double operations = 0; ///< of the matrix units, a multiply-accumulate counted as two
    double bytes = 0;      ///< read and written
    double launches = 1;

    friend constexpr kernel_work operator+(const kernel_work& a, const kernel_work& b) {
        return {a.operations + b.operations, a.bytes + b.bytes, a.launches + b.launches};
    }
    friend constexpr bool operator==(const kernel_work&, const kernel_work&) = default;
};

/// Whether nothing is negative, infinite or no number.
[[nodiscard]] constexpr bool is_well_formed(const kernel_work& w) {
    const auto sound = [](double x) { return x >= 0 && x < 1e300; };
    return sound(w.operations) && sound(w.bytes) && sound(w.launches);
}

namespace detail {

/// @throws input_error if the work is not well formed
constexpr void check_work(const kernel_work& w) {
    if (!hardware::is_well_formed(w))
        throw input_error{"kernel", "", "operations, bytes and launches that are finite and not negative",
                          std::to_string(w.operations) + ", " + std::to_string(w.bytes) + ", " + std::to_string(w.launches)};
}

/// @throws input_error if an extent is not positive or beyond 2^40
constexpr double extent(std::int64_t n, const char* what) {
    if (n < 1 || n > (std::int64_t{1} << 40)) throw input_error{"kernel", what, "a count between 1 and 2^40", std::to_string(n)};
    return static_cast<double>(n);
}

} // namespace detail

/// `batch` products of an m x k and a k x n matrix: 2 m n k operations each, three matrices moved.
/// @throws input_error if a dimension is not positive
[[nodiscard]] constexpr kernel_work matrix_product(std::int64_t m, std::int64_t n, std::int64_t k, precision p, std::int64_t batch = 1) {
    const double rows = detail::extent(m, "rows"), columns = detail::extent(n, "columns"), inner = detail::extent(k, "inner dimension"),
                 times = detail::extent(batch, "batch");
    return {.operations = times * 2 * rows * columns * inner, .bytes = times * (rows * columns + rows * inner + inner * columns) * bytes_of(p)};
}

/// A map of every element to another, such as a GELU: read once, written once. A softmax or a layer norm over rows moves as much when a row fits into
/// a core. What the vector units compute is not counted: no kernel of this kind is bound by it on the devices here.
/// @throws input_error if there are no elements
[[nodiscard]] constexpr kernel_work elementwise(std::int64_t elements, precision p) {
    return {.operations = 0, .bytes = 2 * detail::extent(elements, "elements") * bytes_of(p)};
}
/// @param rows, length of a matrix whose rows are normalised
[[nodiscard]] constexpr kernel_work row_wise(std::int64_t rows, std::int64_t length, precision p) {
    return {.operations = 0, .bytes = 2 * detail::extent(rows, "rows") * detail::extent(length, "length of a row") * bytes_of(p)};
}

} // namespace verdant::hardware
