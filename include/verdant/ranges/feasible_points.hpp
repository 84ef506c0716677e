#pragma once

#include <verdant/meta/component/ranges.hpp>
#include <verdant/space/cardinality.hpp>
#include <verdant/space/enumeration.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/ranking.hpp>

#include <range/v3/view/facade.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <type_traits>

/// Spaces and trials as range-v3 views, for pipelines such as `views::feasible_points<S> | ranges::views::chunk(64)`.
namespace verdant::views {

/// The feasible points of a space in lexicographic order, as a view of range-v3 with random access: `view[i]` is computed from i in
/// O(parameters) steps, nothing is stored or enumerated. It serves `chunk`, `stride`, `sample`, `cartesian_product`, `drop_exactly`, binary searches.
/// Walking from end to end computes each point anew; `feasible_points<S>()` of the core steps from one to the next and is faster for that.
/// The first use throws verdant::error where the points cannot be counted; see `feasible_ranking`.
template <search_space S>
class random_access_points : public ranges::view_facade<random_access_points<S>, ranges::finite> {
public:
    random_access_points() = default;

    /// The place of a point in the view; nothing for one that is not feasible.
    [[nodiscard]] static std::optional<std::ptrdiff_t> index_of(const point<S>& p) {
        const auto at = ranking_of<S>().index_of(p);
        return at ? std::optional{static_cast<std::ptrdiff_t>(*at)} : std::nullopt;
    }

private:
    friend ranges::range_access;

    class cursor {
    public:
        cursor() = default;
        explicit cursor(std::ptrdiff_t at) : at_{at} {}
        [[nodiscard]] point<S> read() const { return ranking_of<S>().at(static_cast<std::uint64_t>(at_)); }
        [[nodiscard]] bool equal(const cursor& other) const { return at_ == other.at_; }
        void next() { ++at_; }
        void prev() { --at_; }
        void advance(std::ptrdiff_t n) { at_ += n; }
        [[nodiscard]] std::ptrdiff_t distance_to(const cursor& other) const { return other.at_ - at_; }

    private:
        std::ptrdiff_t at_ = 0;
    };

    [[nodiscard]] cursor begin_cursor() const { return cursor{0}; }
    [[nodiscard]] cursor end_cursor() const { return cursor{static_cast<std::ptrdiff_t>(ranking_of<S>().size())}; }
};

/// The same for a space of 2^63 combinations or more, whose points have no numbers that a range could count with: one at a time, single pass; `begin`
/// starts again from the first.
template <search_space S>
class single_pass_points : public ranges::view_facade<single_pass_points<S>, ranges::unknown> {
public:
    single_pass_points() = default;

private:
    friend ranges::range_access;

    class cursor {
    public:
        cursor() = default;
        [[nodiscard]] point<S> read() const { return *at_; }
        void next() { ++at_; }
        [[nodiscard]] bool equal(ranges::default_sentinel_t) const { return at_ == std::default_sentinel; }

    private:
        typename feasible_range<S>::iterator at_{};
    };

    [[nodiscard]] cursor begin_cursor() const { return {}; }
};

/// Whether `feasible_points<S>` has random access: fewer than 2^63 combinations of values.
template <search_space S>
inline constexpr bool has_random_access = cardinality<S> <= std::numeric_limits<std::int64_t>::max();

/// The feasible points of a space as a view: with random access where the space is small enough, single pass otherwise.
template <search_space S>
inline constexpr std::conditional_t<has_random_access<S>, random_access_points<S>, single_pass_points<S>> feasible_points{};

} // namespace verdant::views
