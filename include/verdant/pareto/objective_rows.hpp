#pragma once

#include <verdant/error.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>

namespace verdant::pareto {

/// Objective vectors, one a row, every objective to be minimised (negate those to be maximised): a view of a row-major matrix
/// that it does not own.
class objective_rows {
public:
    /// `values.size()` must be a multiple of `objectives`, else `input_error`.
    constexpr objective_rows(std::span<const double> values, std::size_t objectives) : values_{values}, objectives_{objectives} {
        if (objectives == 0) throw input_error{"objective vectors", "", "at least one objective", "none"};
        if (values.size() % objectives != 0)
            throw input_error{"objective vectors", "", "whole rows of " + std::to_string(objectives) + " numbers",
                              std::to_string(values.size()) + " numbers"};
        size_ = values.size() / objectives;
    }

    /// Number of vectors.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    /// Length of each vector.
    [[nodiscard]] constexpr std::size_t objectives() const noexcept { return objectives_; }
    [[nodiscard]] constexpr std::span<const double> values() const noexcept { return values_; }
    [[nodiscard]] constexpr const double* row(std::size_t i) const noexcept { return values_.data() + i * objectives_; }
    [[nodiscard]] constexpr std::span<const double> operator[](std::size_t i) const noexcept { return values_.subspan(i * objectives_, objectives_); }

private:
    std::span<const double> values_;
    std::size_t objectives_;
    std::size_t size_ = 0;
};

/// Throws `input_error` that names the first vector that holds a NaN: nothing can be ordered by such a value.
inline void require_numbers(objective_rows points) {
    // The sum of differences with itself is NaN exactly where a value is NaN or infinite; only then the values are looked at one by one.
    double sum = 0;
    for (const double value : points.values()) sum += value - value;
    if (sum == 0) return;
    for (std::size_t i = 0; i < points.values().size(); ++i)
        if (std::isnan(points.values()[i]))
            throw input_error{"objective vectors",
                              "vector " + std::to_string(i / points.objectives()) + ", objective " + std::to_string(i % points.objectives()),
                              "a number", "NaN"};
}

} // namespace verdant::pareto
