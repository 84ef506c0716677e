#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace verdant::pareto::detail {

/// Ranks distinct vectors in lexicographic order by comparing them with the members of the fronts found so far, front by bisection (ENS-BS:
/// Zhang, Tian, Cheng, Jin, IEEE TEC 19(2), 2015). Memory O(m n).
template <class = instantiated_when_used>
class basic_front_search {
public:
    /// As `dominance_bits::rank`.
    std::uint32_t rank(objective_rows points, std::span<const std::uint32_t> unique, std::span<std::uint32_t> place) {
        std::uint32_t fronts = 0;
        for (std::size_t p = 0; p < unique.size(); ++p) {
            // The first objective needs no comparison: the order ascends in it.
            const std::span tail{points.row(unique[p]) + 1, points.objectives() - 1};
            std::uint32_t low = 0, high = fronts;
            while (low < high) {
                const auto middle = low + (high - low) / 2;
                if (dominated(members_[middle], tail)) low = middle + 1;
                else high = middle;
            }
            if (low == fronts) {
                ++fronts;
                if (members_.size() < fronts) members_.emplace_back();
                members_[low].clear();
            }
            for (const double value : tail) members_[low].push_back(value);
            place[p] = low;
        }
        return fronts;
    }

private:
    static bool dominated(const std::vector<double>& members, std::span<const double> tail) noexcept {
        for (auto end = members.size(); end > 0; end -= tail.size()) {
            const double* member = members.data() + end - tail.size();
            std::size_t j = 0;
            while (j < tail.size() && member[j] <= tail[j]) ++j;
            if (j == tail.size()) return true;
        }
        return false;
    }

    std::vector<std::vector<double>> members_;
};
using front_search = basic_front_search<>;

} // namespace verdant::pareto::detail
