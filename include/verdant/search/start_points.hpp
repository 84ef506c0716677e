#pragma once

#include <verdant/error.hpp>
#include <verdant/space/broken_constraint.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/point_text.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace verdant {

/// Points that a search evaluates before it asks its optimizer, which is told what they are worth: known baselines, the best of an earlier study. They are
/// trials like others, the first ones, and marked as `trial_origin::start_point`.
///
///     const auto found = study{measure}.run({.trials = 100}, vd::start_points{baseline, smaller});
///
/// A kept study goes on with the start points that it began with; others are refused.
template <search_space Space>
class start_points {
public:
    using space_type = Space;

    start_points() = default;
    /// Throws input_error, with the position from 0, for a point that is not feasible or stands there twice.
    explicit start_points(std::vector<point<Space>> points) : points_{std::move(points)} {
        for (std::size_t i = 0; i < points_.size(); ++i) {
            const auto place = "point " + std::to_string(i);
            require_feasible(points_[i], "start points", place);
            const auto end = points_.begin() + static_cast<std::ptrdiff_t>(i);
            if (std::find(points_.begin(), end, points_[i]) != end)
                throw input_error{"start points", place, "a point that is there once", to_string(points_[i]) + " again"};
        }
    }
    start_points(std::initializer_list<point<Space>> points) : start_points{std::vector<point<Space>>(points)} {}

    [[nodiscard]] const std::vector<point<Space>>& points() const noexcept { return points_; }

private:
    std::vector<point<Space>> points_;
};

} // namespace verdant
