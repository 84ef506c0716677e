#pragma once

#include <verdant/space/enumeration.hpp>

#include <range/v3/view/facade.hpp>

#include <utility>

/// Spaces as range-v3 views, for pipelines such as `views::feasible_points<S> | ranges::views::filter(small) | ranges::views::take(10)`.
namespace verdant::views {

/// The feasible points of a space in lexicographic order, one at a time, as a view of range-v3 (single pass; `begin` starts again from the first).
template <search_space S>
class feasible_view : public ranges::view_facade<feasible_view<S>, ranges::unknown> {
public:
    feasible_view() = default;

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

template <search_space S>
inline constexpr feasible_view<S> feasible_points{};

} // namespace verdant::views
