#pragma once

#include <verdant/error.hpp>
#include <verdant/space/broken_constraint.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/point_text.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

template <class T>
inline constexpr bool is_point_or_points =
    requires { typename T::index_type; } || requires { typename T::value_type::index_type; } || requires { typename T::verdant_start_points; };
/// Arguments of start points that are not points.
template <class... Arguments>
concept start_point_slip = !(is_point_or_points<Arguments> && ...);

/// The space of the first point among them.
template <class... Arguments>
struct space_of_first {
    using type = no_space;
};
template <class First, class... Rest>
struct space_of_first<First, Rest...> : space_of_first<Rest...> {};
template <class First, class... Rest>
    requires requires { typename First::index_type; }
struct space_of_first<First, Rest...> {
    using type = typename First::space_type;
};

} // namespace detail

/// Points that a search evaluates before it asks its optimizer, which is told what they are worth: known baselines, the best of an earlier study.
/// They are trials like others, the first ones, and marked as `trial_origin::start_point`.
///
///     const auto found = study{measure}.run({.trials = 100}, vd::start_points{baseline, smaller});
///
/// A kept study goes on with the start points that it began with; others are refused.
template <detail::given_space Space>
class start_points {
public:
    using space_type = Space;
    using verdant_start_points = void;

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
    /// Refused, with a sentence that says what to write.
    template <class First, class... Rest>
        requires detail::start_point_slip<First, Rest...>
    explicit start_points(const First&, const Rest&...) {
        constexpr bool are_points = std::is_void_v<First>;
        static_assert(are_points, "verdant: something among start points is no point of their space; write points, for example "
                                  "start_points{parse_point<my_space>(\"depth=6 width=64\")}");
    }

    [[nodiscard]] const std::vector<point<Space>>& points() const noexcept { return points_; }

private:
    std::vector<point<Space>> points_;
};

template <class First, class... Rest>
    requires detail::start_point_slip<First, Rest...>
start_points(const First&, const Rest&...) -> start_points<typename detail::space_of_first<First, Rest...>::type>;

} // namespace verdant
