#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace verdant::pareto::detail {

/// Contributions in three dimensions of vectors that do not dominate each other: a sweep from the best to the worst last coordinate that
/// keeps, for every corner of the union of rectangles so far, the area that it alone covers (Emmerich and Fonseca, "Computing hypervolume
/// contributions in low dimensions", EMO 2011). The lower end of such an area is a descending staircase, stored as slabs; each slab is made
/// and removed once. O(n log n) steps and the moves within the sorted corners.
class contribution_sweep {
public:
    void clear() noexcept {
        corners_.clear();
        slabs_.clear();
        free_ = none;
    }

    /// Adds rectangle [0, x] x [0, y] at `z`, not larger than those before; `volumes[owner]` is where its volume will go. False where a
    /// corner covers the rectangle already: then the sweep cannot tell who loses what.
    bool insert(double x, double y, double z, std::uint32_t owner, std::span<double> volumes) {
        auto right = std::lower_bound(corners_.begin(), corners_.end(), x, [](const corner& c, double value) { return c.x < value; });
        if (right != corners_.end() && right->y >= y) return false;
        if (right != corners_.end() && right->x == x) ++right;
        auto left = right;
        while (left != corners_.begin() && (left - 1)->y <= y) --left;

        corner added{x, y, 0, z, none, none, owner};
        double edge = left == corners_.begin() ? 0 : (left - 1)->x;
        for (auto covered = left; covered != right; ++covered) {
            settle(*covered, z, volumes);
            append(added, edge, covered->y);
            added.area += (std::min(covered->x, x) - edge) * (y - covered->y);
            edge = covered->x;
            release(*covered);
        }
        const double floor = right == corners_.end() ? 0 : right->y;
        append(added, edge, floor);
        added.area += (x - edge) * (y - floor);
        if (left != corners_.begin()) raise_floor(*(left - 1), y, z, volumes);
        if (right != corners_.end()) cut_left(*right, x, z, volumes);

        if (left == right) corners_.insert(left, added);
        else {
            *left = added;
            corners_.erase(left + 1, right);
        }
        return true;
    }

    /// Ends the sweep at height 0.
    void finish(std::span<double> volumes) {
        for (auto& c : corners_) settle(c, 0, volumes);
    }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// The area alone under a corner, since height `since`; its slabs from left to right.
    struct corner {
        double x, y, area, since;
        std::uint32_t first, last, owner;
    };

    /// From `left` to the left end of the next slab (or the corner), above `floor`.
    struct slab {
        double left, floor;
        std::uint32_t next, previous;
    };

    static void settle(corner& c, double z, std::span<double> volumes) {
        volumes[c.owner] += c.area * (c.since - z);
        c.since = z;
    }

    void append(corner& c, double left, double floor) {
        std::uint32_t index = free_;
        if (index == none) {
            index = static_cast<std::uint32_t>(slabs_.size());
            slabs_.emplace_back();
        } else free_ = slabs_[index].next;
        slabs_[index] = {left, floor, none, c.last};
        (c.last == none ? c.first : slabs_[c.last].next) = index;
        c.last = index;
    }

    void release(corner& c) {
        slabs_[c.last].next = free_;
        free_ = c.first;
        c.first = c.last = none;
    }

    /// What lies below `y` is covered twice from now on.
    void raise_floor(corner& c, double y, double z, std::span<double> volumes) {
        settle(c, z, volumes);
        double edge = c.x;
        while (c.last != none && slabs_[c.last].floor < y) {
            const auto popped = c.last;
            c.area -= (edge - slabs_[popped].left) * (y - slabs_[popped].floor);
            edge = slabs_[popped].left;
            c.last = slabs_[popped].previous;
            (c.last == none ? c.first : slabs_[c.last].next) = none;
            slabs_[popped].next = free_;
            free_ = popped;
        }
        if (edge < c.x) append(c, edge, y);
    }

    /// What lies left of `x` is covered twice from now on.
    void cut_left(corner& c, double x, double z, std::span<double> volumes) {
        settle(c, z, volumes);
        for (;;) {
            auto& s = slabs_[c.first];
            const double end = s.next == none ? c.x : slabs_[s.next].left;
            c.area -= (std::min(end, x) - s.left) * (c.y - s.floor);
            if (end > x) {
                s.left = x;
                return;
            }
            const auto popped = c.first;
            c.first = s.next;
            slabs_[c.first].previous = none;
            s.next = free_;
            free_ = popped;
        }
    }

    std::vector<corner> corners_;
    std::vector<slab> slabs_;
    std::uint32_t free_ = none;
};

} // namespace verdant::pareto::detail
