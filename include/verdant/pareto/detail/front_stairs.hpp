#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
            const corner added{points.row(unique[p])[1], points.row(unique[p])[2]};
            std::uint32_t low = 0, high = fronts;
            while (low < high) {
                const auto middle = low + (high - low) / 2;
                if (dominated(stairs_[middle], added)) low = middle + 1;
                else high = middle;
            }
            if (low == fronts) {
                ++fronts;
                if (stairs_.size() < fronts) stairs_.emplace_back();
                stairs_[low].clear();
            }
            insert(stairs_[low], added);
            place[p] = low;
        }
        return fronts;
    }

private:
    struct corner {
        double x, y;
    };
    /// x ascends, y descends.
    using stairs = std::vector<corner>;

    static bool dominated(const stairs& front, corner c) noexcept {
        const auto right = std::upper_bound(front.begin(), front.end(), c.x, [](double x, const corner& other) { return x < other.x; });
        return right != front.begin() && (right - 1)->y <= c.y;
    }

    static void insert(stairs& front, corner c) {
        const auto first = std::lower_bound(front.begin(), front.end(), c.x, [](const corner& other, double x) { return other.x < x; });
        auto last = first;
        while (last != front.end() && last->y >= c.y) ++last;
        if (first == last) front.insert(first, c);
        else {
            *first = c;
            front.erase(first + 1, last);
        }
    }

    std::vector<stairs> stairs_;
};
using front_stairs = basic_front_stairs<>;

} // namespace verdant::pareto::detail
