#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_columns.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Whether a front that was kept is that of its trials.
namespace verdant::detail {

/// The objectives of the trials of a front, row by row, to be minimised.
/// @param feasible numbers of the trials that meet all limits
/// @param front numbers of those on the front
/// @param source what errors call the text
/// @throws input_error where a trial of the front is surely dominated by another or equals it, or one beside the front surely is not; values may have been rounded
template <class = instantiated_when_used>
[[nodiscard]] std::vector<double> rows_of_front(const study_columns& columns, std::span<const stored_trial> trials,
                                                const std::set<std::uint64_t>& feasible, const std::set<std::uint64_t>& front,
                                                std::string_view source) {
    constexpr double rounding = 1e-9;
    const auto objectives = columns.objectives.size();
    std::vector<double> on, off;
    std::vector<std::uint64_t> of_on, of_off;
    for (const auto& t : trials) {
        if (!feasible.contains(t.number)) continue;
        const bool listed = front.contains(t.number);
        for (const auto& o : columns.objectives) (listed ? on : off).push_back(o.maximized ? -t.metrics[o.metric] : t.metrics[o.metric]);
        (listed ? of_on : of_off).push_back(t.number);
    }
    const auto surely = [&](const double* a, const double* b) { // whether a dominates b, whatever was rounded
        bool better = false;
        for (std::size_t o = 0; o < objectives; ++o) {
            if (a[o] == b[o]) continue;
            if (!(a[o] < b[o] - rounding * std::abs(b[o]))) return false;
            better = true;
        }
        return better;
    };
    const auto perhaps = [&](const double* a, const double* b) { // whether a is nowhere worse, if values were rounded
        for (std::size_t o = 0; o < objectives; ++o)
            if (a[o] > b[o] + rounding * std::abs(b[o])) return false;
        return true;
    };
    const auto row = [&](const std::vector<double>& of, std::size_t i) { return of.data() + i * objectives; };
    for (std::size_t i = 0; i < of_on.size(); ++i)
        for (std::size_t k = 0; k < of_on.size(); ++k) {
            if (k < i && std::equal(row(on, k), row(on, k) + objectives, row(on, i)))
                throw input_error{source, "front", "one trial of those that are equal in all objectives",
                                  "trials " + std::to_string(of_on[k]) + " and " + std::to_string(of_on[i])};
            if (surely(row(on, k), row(on, i)))
                throw input_error{source, "front", "trials that no other dominates",
                                  "trial " + std::to_string(of_on[i]) + ", which trial " + std::to_string(of_on[k]) + " dominates"};
        }
    for (std::size_t i = 0; i < of_off.size(); ++i) {
        std::size_t k = 0;
        while (k < of_on.size() && !perhaps(row(on, k), row(off, i))) ++k;
        if (k == of_on.size())
            throw input_error{source, "front", "all trials that no other dominates", "none like trial " + std::to_string(of_off[i])};
    }
    return on;
}

/// The hypervolume of a front of one or two objectives above their thresholds, NaN where there are none, and the size of the numbers that it is a difference of.
/// Without the header of hypervolumes, which costs a reader of files too much.
/// @param rows as `rows_of_front` gives them
template <class = instantiated_when_used>
[[nodiscard]] std::pair<double, double> volume_of_front(const study_columns& columns, std::span<const double> rows) {
    const auto objectives = columns.objectives.size();
    const auto reference = [&](std::size_t o) {
        const auto& one = columns.objectives[o];
        return one.maximized ? -one.threshold : one.threshold;
    };
    const double left = reference(0);
    double top = objectives > 1 ? reference(1) : 1; // of one objective, in a strip of the width 1
    const double scale = std::abs(left) * std::abs(top);
    std::vector<std::pair<double, double>> below;
    for (std::size_t i = 0; i < rows.size(); i += objectives) below.emplace_back(rows[i], objectives > 1 ? rows[i + 1] : 0.0);
    std::sort(below.begin(), below.end());
    double volume = scale * 0; // NaN where a threshold is
    for (const auto& [x, y] : below)
        if (x < left && y < top) {
            volume += (left - x) * (top - y);
            top = y;
        }
    return {volume, scale};
}

} // namespace verdant::detail
