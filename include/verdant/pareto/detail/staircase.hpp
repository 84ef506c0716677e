#pragma once

#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace verdant::pareto::detail {

/// The union of rectangles [0, x] x [0, y], kept as its outer corners: x ascending, y descending. Reuses its memory.
template <class = instantiated_when_used>
class basic_staircase {
public:
    void clear() noexcept { corners_.clear(); }

    /// Adds a rectangle and gives the area that it adds to the union.
    double insert(double x, double y) {
        auto right = corners_.begin() + static_cast<std::ptrdiff_t>(first_not_left_of(x));
        double height = right == corners_.end() ? 0 : right->y;
        if (height >= y) return 0;
        if (right != corners_.end() && right->x == x) ++right;
        double area = 0, edge = x;
        auto left = right;
        if (left != corners_.begin() && (left - 1)->x == x) --left;
        while (left != corners_.begin() && (left - 1)->y <= y) {
            --left;
            area += (edge - left->x) * (y - height);
            edge = left->x;
            height = left->y;
        }
        area += (edge - (left == corners_.begin() ? 0 : (left - 1)->x)) * (y - height);
        if (left == right) corners_.insert(left, {x, y});
        else {
            *left = {x, y};
            corners_.erase(left + 1, right);
        }
        return area;
    }

private:
    struct corner {
        double x, y;
    };

    /// Number of corners with a smaller x. Few corners are counted faster than bisected.
    [[nodiscard]] std::size_t first_not_left_of(double x) const noexcept {
        if (corners_.size() <= 24) {
            std::size_t count = 0;
            for (const auto& c : corners_) count += c.x < x ? 1U : 0U;
            return count;
        }
        const auto found = std::lower_bound(corners_.begin(), corners_.end(), x, [](const corner& c, double value) { return c.x < value; });
        return static_cast<std::size_t>(found - corners_.begin());
    }

    std::vector<corner> corners_;
};
using staircase = basic_staircase<>;

} // namespace verdant::pareto::detail
