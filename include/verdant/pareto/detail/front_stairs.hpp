#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace verdant::pareto::detail {

/// Ranks distinct vectors of three objectives in lexicographic order. Of each front only the lower left corners in the last two objectives
/// matter: a newcomer is dominated by the front where the corner next to its left lies no higher. Two bisections a vector, memory O(n).
template <class = instantiated_when_used>
class basic_front_stairs {
public:
    /// As `dominance_bits::rank`.
    std::uint32_t rank(objective_rows points, std::span<const std::uint32_t> unique, std::span<std::uint32_t> place) {
        std::uint32_t fronts = 0;
        for (std::size_t p = 0; p < unique.size(); ++p) {
            const double x = points.row(unique[p])[1], y = points.row(unique[p])[2];
            std::uint32_t low = 0, high = fronts;
            while (low < high) {
                const auto middle = low + (high - low) / 2;
                if (stairs_[middle].dominates(x, y)) low = middle + 1;
                else high = middle;
            }
            if (low == fronts) {
                ++fronts;
                if (stairs_.size() < fronts) stairs_.emplace_back();
                stairs_[low].x.clear();
                stairs_[low].y.clear();
            }
            stairs_[low].insert(x, y);
            place[p] = low;
        }
        return fronts;
    }

private:
    /// The corners of a front: x ascends, y descends. Two lists of numbers, which a program has anyway, cost less to compile than one of pairs.
    struct stairs {
        std::vector<double> x, y;

        [[nodiscard]] bool dominates(double at, double height) const noexcept {
            const auto right = std::upper_bound(x.begin(), x.end(), at);
            return right != x.begin() && y[static_cast<std::size_t>(right - x.begin()) - 1] <= height;
        }

        void insert(double at, double height) {
            const auto first = std::lower_bound(x.begin(), x.end(), at) - x.begin();
            auto last = first;
            while (last != std::ssize(y) && y[static_cast<std::size_t>(last)] >= height) ++last;
            if (first == last) {
                x.insert(x.begin() + first, at);
                y.insert(y.begin() + first, height);
            } else {
                x[static_cast<std::size_t>(first)] = at;
                y[static_cast<std::size_t>(first)] = height;
                x.erase(x.begin() + first + 1, x.begin() + last);
                y.erase(y.begin() + first + 1, y.begin() + last);
            }
        }
    };

    std::vector<stairs> stairs_;
};
using front_stairs = basic_front_stairs<>;

} // namespace verdant::pareto::detail
