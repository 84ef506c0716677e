#pragma once

#include <verdant/data/series/labelled_series.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Arrays of other programs as series: satellite images over time, and sequences of DNA (ANB-DatasetCollection, satellite-code and deepsea-code).
namespace verdant::data {

/// Pixels of satellite images over time, each brought to z-scores over its own steps.
/// @param values [items, steps] @param labels [items], 1 to `classes`, which become 0 to classes - 1
/// @throws input_error where numbers do not fit together, are not finite, or a label is none
template <class = instantiated_when_used>
[[nodiscard]] labelled_series satellite_series(std::span<const float> values, std::span<const std::int64_t> labels, std::size_t steps = 46,
                                               std::int64_t classes = 24) {
    if (steps == 0 || values.size() != steps * labels.size())
        throw input_error{"satellite series", "values", std::to_string(steps) + " for each of " + std::to_string(labels.size()) + " labels",
                          std::to_string(values.size())};
    labelled_series out{.channels = 1, .length = steps, .values = {values.begin(), values.end()}, .targets = 1, .labels = {}};
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < 1 || labels[i] > classes)
            throw input_error{"satellite series", "label " + std::to_string(i + 1), "1 to " + std::to_string(classes), std::to_string(labels[i])};
        out.labels.push_back(labels[i] - 1);
        to_z_scores(std::span{out.values}.subspan(i * steps, steps), "satellite series " + std::to_string(i + 1));
    }
    return out;
}
VERDANT_DEFINED_ONCE(labelled_series satellite_series<>(std::span<const float>, std::span<const std::int64_t>, std::size_t, std::int64_t));

/// Sequences of DNA with several labels each, such as those of DeepSEA (Zhou and Troyanskaya, Nature Methods 2015): positions come before letters in
/// the arrays, and behind them in what networks take.
/// @param values [items, positions, letters] @param labels [items, targets], 0 or 1
/// @throws input_error where numbers do not fit together or are not finite, or a label is neither 0 nor 1
template <class = instantiated_when_used>
[[nodiscard]] labelled_series sequence_series(std::span<const float> values, std::span<const std::int64_t> labels, std::size_t targets = 36,
                                              std::size_t positions = 1000, std::size_t letters = 4) {
    const auto each = positions * letters;
    if (each == 0 || targets == 0 || labels.size() % targets != 0 || values.size() != labels.size() / targets * each)
        throw input_error{"sequences", "values and labels",
                          std::to_string(each) + " numbers and " + std::to_string(targets) + " labels for each sequence",
                          std::to_string(values.size()) + " and " + std::to_string(labels.size())};
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] != 0 && labels[i] != 1) throw input_error{"sequences", "label " + std::to_string(i + 1), "0 or 1", std::to_string(labels[i])};
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i])) throw input_error{"sequences", "number " + std::to_string(i + 1), "a finite one", std::to_string(values[i])};
    labelled_series out{.channels = letters,
                        .length = positions,
                        .values = std::vector<float>(values.size()),
                        .targets = targets,
                        .labels = {labels.begin(), labels.end()}};
    for (std::size_t item = 0; item < out.size(); ++item)
        for (std::size_t p = 0; p < positions; ++p)
            for (std::size_t l = 0; l < letters; ++l) out.values[item * each + l * positions + p] = values[item * each + p * letters + l];
    return out;
}
VERDANT_DEFINED_ONCE(labelled_series sequence_series<>(std::span<const float>, std::span<const std::int64_t>, std::size_t, std::size_t, std::size_t));

} // namespace verdant::data
