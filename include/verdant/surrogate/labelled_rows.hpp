#pragma once

#include <verdant/error.hpp>
#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace verdant::surrogate {

/// What a regression is fitted to: features of rows, and what was measured of each. Views; who fits copies what it keeps.
struct labelled_rows {
    feature_rows x;            ///< [rows, columns]
    std::span<const double> y; ///< [rows], in the units in which the model will predict
};

/// Whether NaN may stand for a feature that is not known.
enum class feature_gaps : unsigned char { refused, allowed };

/// Throws input_error unless there are rows, each with a finite label, and features that are numbers (infinite ones are none).
/// @param source who takes the rows
/// @param least  how many rows that needs
/// @param gaps   in features
inline void check_labelled_rows(const labelled_rows& rows, std::string_view source, std::size_t least = 1,
                                feature_gaps gaps = feature_gaps::refused) {
    const auto columns = rows.x.columns;
    if (columns == 0 || rows.x.values.size() != columns * rows.y.size())
        throw input_error{source, "features", std::to_string(rows.y.size()) + " rows of the same number of features, at least one",
                          std::to_string(rows.x.values.size()) + " numbers in rows of " + std::to_string(columns)};
    if (rows.y.size() < least) throw input_error{source, "rows", "at least " + std::to_string(least), std::to_string(rows.y.size())};
    for (std::size_t i = 0; i < rows.y.size(); ++i)
        if (!std::isfinite(rows.y[i])) throw input_error{source, "label of row " + std::to_string(i), "a finite number", exact_text(rows.y[i])};
    for (std::size_t i = 0; i < rows.x.values.size(); ++i) {
        const auto value = rows.x.values[i];
        if (std::isfinite(value) || (gaps == feature_gaps::allowed && std::isnan(value))) continue;
        throw input_error{source, "row " + std::to_string(i / columns) + ", feature " + std::to_string(i % columns),
                          gaps == feature_gaps::allowed ? "a finite number, or NaN" : "a finite number", exact_text(static_cast<double>(value))};
    }
}

/// Throws input_error for a validation label so far from the training labels that the error of its row alone would decide which round is best: a slip
/// of the unit, or of a digit. Squared, a million standard deviations leave the errors of the other rows four of the sixteen digits of a sum.
/// @param source who takes the rows
inline void check_validation_labels(std::span<const double> validation, std::span<const double> training, std::string_view source) {
    constexpr double furthest = 1e6;
    double unit = 0, mean = 0, squares = 0; // in units of the largest label, whose square may be beyond the doubles
    for (const auto y : training) unit = std::max(unit, std::abs(y));
    if (unit == 0) return; // nothing says how large others may be
    const auto n = static_cast<double>(training.size());
    for (const auto y : training) mean += y / unit / n;
    for (const auto y : training) squares += (y / unit - mean) * (y / unit - mean) / n;
    // Labels that are nearly equal do not say how far others may lie; their magnitude does.
    const double deviation = std::max(std::sqrt(squares), 1e-3);
    for (std::size_t i = 0; i < validation.size(); ++i)
        if (!(std::abs(validation[i] / unit - mean) <= furthest * deviation))
            throw input_error{source, "label of row " + std::to_string(i),
                              "one within a million standard deviations, " + rounded_text(deviation * unit) + " each, of " + rounded_text(mean * unit) +
                                  ", the mean of the training labels",
                              exact_text(validation[i])};
}

} // namespace verdant::surrogate
