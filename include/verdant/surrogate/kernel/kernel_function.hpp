#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

/// Kernels of support vectors, and rows that they are evaluated against.
namespace verdant::surrogate {

/// The kernels of libsvm.
enum class kernel_kind : unsigned char {
    rbf,        ///< exp(-gamma |x - z|^2)
    linear,     ///< x.z
    polynomial, ///< (gamma x.z + offset)^degree
    sigmoid,    ///< tanh(gamma x.z + offset)
};

/// Their names in files, in the order of `kernel_kind`: those of scikit-learn.
inline constexpr std::array<std::string_view, 4> kernel_names{"rbf", "linear", "poly", "sigmoid"};

/// A kernel and its constants.
struct kernel_function {
    kernel_kind kind = kernel_kind::rbf;
    double gamma = 1;
    double offset = 0;      ///< coef0 of libsvm
    std::size_t degree = 3; ///< of `polynomial`

    using described = members<member<"kind", &kernel_function::kind>, member<"gamma", &kernel_function::gamma>, member<"offset", &kernel_function::offset>,
                              member<"degree", &kernel_function::degree>>;

    /// Throws input_error for an option that is out of range. @param source who takes the kernel
    void check(std::string_view source) const {
        require_not_negative(source, "gamma", gamma);
        if (!std::isfinite(offset)) throw input_error{source, "coef0", "a finite number", exact_text(offset)};
        require_count(source, "degree", degree, 1, 1024);
    }
    /// @param dot     x.z
    /// @param squares |x|^2 + |z|^2
    [[nodiscard]] double operator()(double dot, double squares) const {
        switch (kind) {
            case kernel_kind::rbf: return std::exp(-gamma * std::max(0.0, squares - 2 * dot));
            case kernel_kind::linear: return dot;
            case kernel_kind::polynomial: return whole_power(gamma * dot + offset, degree);
            case kernel_kind::sigmoid: break;
        }
        return std::tanh(gamma * dot + offset);
    }

    friend bool operator==(const kernel_function&, const kernel_function&) = default;

private:
    /// By squaring, as libsvm takes powers (svm.cpp, powi).
    [[nodiscard]] static double whole_power(double base, std::size_t exponent) noexcept {
        double out = 1;
        for (; exponent != 0; exponent /= 2, base *= base)
            if (exponent % 2 == 1) out *= base;
        return out;
    }
};

namespace detail {

/// Rows that a kernel is evaluated against, in blocks with their features side by side, so that one pass serves a block. Immutable.
class kernel_rows {
public:
    static constexpr std::size_t block = 32;

    kernel_rows() = default;
    explicit kernel_rows(const feature_rows& x) : rows_{x.rows()}, columns_{x.columns}, squares_(x.rows()) {
        values_.assign((rows_ + block - 1) / block * block * columns_, 0);
        for (std::size_t r = 0; r < rows_; ++r)
            for (std::size_t c = 0; c < columns_; ++c) {
                const auto v = static_cast<double>(x.values[r * columns_ + c]);
                values_[(r / block * columns_ + c) * block + r % block] = v;
                squares_[r] += v * v;
            }
    }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
    [[nodiscard]] double square(std::size_t row) const noexcept { return squares_[row]; }
    [[nodiscard]] double value(std::size_t row, std::size_t column) const noexcept { return values_[(row / block * columns_ + column) * block + row % block]; }

    /// Calls `each(row, x.row)` for all rows. Allocates nothing. @param x `columns()` numbers
    template <class Number, class Each>
    void for_each_dot(const Number* x, const Each& each) const {
        for (std::size_t begin = 0; begin < rows_; begin += block) {
            double dots[block] = {};
            const double* values = values_.data() + begin * columns_;
            for (std::size_t c = 0; c < columns_; ++c, values += block) {
                const auto v = static_cast<double>(x[c]);
                for (std::size_t i = 0; i < block; ++i) dots[i] += v * values[i];
            }
            const auto count = std::min(block, rows_ - begin);
            for (std::size_t i = 0; i < count; ++i) each(begin + i, dots[i]);
        }
    }

    friend bool operator==(const kernel_rows&, const kernel_rows&) = default;

private:
    std::size_t rows_ = 0, columns_ = 0;
    std::vector<double> values_, squares_; ///< [blocks, columns, block]; [rows]
};

} // namespace detail

} // namespace verdant::surrogate
