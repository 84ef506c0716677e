#pragma once

#include <verdant/error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// What regressors take: rows of numbers, one row an architecture.
namespace verdant::surrogate {

/// Rows of equally many features in a buffer of the caller's, one behind the other.
struct feature_rows {
    std::span<const float> values; ///< rows() * columns numbers, row by row
    std::size_t columns = 0;

    [[nodiscard]] constexpr std::size_t rows() const noexcept { return columns == 0 ? 0 : values.size() / columns; }
    /// @pre row < rows()
    [[nodiscard]] constexpr std::span<const float> operator[](std::size_t row) const { return values.subspan(row * columns, columns); }
    /// Some rows that stand together. @pre first + count <= rows()
    [[nodiscard]] constexpr feature_rows part(std::size_t first, std::size_t count) const {
        return {values.subspan(first * columns, count * columns), columns};
    }
};

/// Throws input_error unless one row has as many features as a model takes.
/// @param source what errors call the model
inline void require_features(std::string_view source, std::size_t features, std::size_t found) {
    if (found != features) throw input_error{source, "features", std::to_string(features) + " a row", std::to_string(found)};
}

/// Throws input_error unless rows have as many features as a model takes, are whole, and have a place in the output each.
inline void require_rows(std::string_view source, std::size_t features, const feature_rows& rows, std::size_t outputs) {
    if (!rows.values.empty() || rows.columns != 0) require_features(source, features, rows.columns);
    if (rows.columns != 0 && rows.values.size() % rows.columns != 0)
        throw input_error{source, "features", "whole rows of " + std::to_string(rows.columns), std::to_string(rows.values.size()) + " numbers"};
    if (rows.rows() != outputs) throw input_error{source, "outputs", std::to_string(rows.rows()) + ", one a row", std::to_string(outputs)};
}

} // namespace verdant::surrogate
