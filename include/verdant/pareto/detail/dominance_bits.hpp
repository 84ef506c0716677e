#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/detail/lexicographic_order.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace verdant::pareto::detail {

/// Ranks distinct vectors in lexicographic order by sets of bits: bit q in the set of p says that q is nowhere worse than p. Only vectors
/// earlier in the order can be, so the set of p ends with bit p - 1. The sets of some places at a time are made, so that they take 8 MiB, however
/// many vectors there are.
template <class = instantiated_when_used>
class basic_dominance_bits {
public:
    /// More memory than this is not taken for the sets, nor eight times as much for the fronts.
    static constexpr std::size_t word_limit = std::size_t{1} << 20U;

    /// `unique[p]` is the vector at place p of the order; writes the front of place p to `place[p]` and gives the number of fronts: 0 where there are
    /// too many to keep a set for each.
    std::uint32_t rank(objective_rows points, std::span<const std::uint32_t> unique, std::span<std::uint32_t> place) {
        n_ = unique.size();
        words_ = (n_ + 63) / 64;
        const auto rows = std::min(n_, std::max<std::size_t>(word_limit / words_, 64));
        dominators_.resize(rows * words_);
        orders_.resize((points.objectives() - 1) * n_);
        for (std::size_t m = 1; m < points.objectives(); ++m) sort(points, unique, m);
        fronts_found_ = 0;
        for (first_ = 0; first_ < n_; first_ = end_) {
            end_ = std::min(n_, first_ + rows);
            for (std::size_t m = 1; m < points.objectives(); ++m) intersect(m);
            if (!assign(place)) return 0;
        }
        return fronts_found_;
    }

private:
    void sort(objective_rows points, std::span<const std::uint32_t> unique, std::size_t m) {
        auto* const keys = order(m);
        for (std::size_t p = 0; p < n_; ++p) keys[p] = {points.row(unique[p])[m], static_cast<std::uint32_t>(p)};
        std::sort(keys, keys + n_, [](const sort_key& a, const sort_key& b) { return a.value < b.value; });
    }

    /// Keeps in the sets of this part only those that are nowhere worse in objective `m`: the places met so far in ascending order of it.
    void intersect(std::size_t m) {
        const auto* const keys = order(m);
        met_.assign(words_, 0);
        for (std::size_t begin = 0, end = 0; begin < n_; begin = end) {
            for (; end < n_ && keys[end].value == keys[begin].value; ++end)
                met_[keys[end].index / 64] |= std::uint64_t{1} << keys[end].index % 64;
            for (auto k = begin; k < end; ++k) {
                const std::size_t p = keys[k].index;
                if (p < first_ || p >= end_) continue;
                auto* set = dominators_.data() + (p - first_) * words_;
                const auto last = p / 64;
                if (m == 1) std::copy_n(met_.data(), last + 1, set);
                else
                    for (std::size_t w = 0; w <= last; ++w) set[w] &= met_[w];
                set[last] &= (std::uint64_t{1} << p % 64) - 1;
            }
        }
    }

    /// A vector dominated by a member of front k is dominated by one of every front before it, so its front is found by bisection.
    /// @return false where there are too many fronts
    [[nodiscard]] bool assign(std::span<std::uint32_t> place) {
        auto& fronts = fronts_found_;
        for (auto p = first_; p < end_; ++p) {
            const auto* set = dominators_.data() + (p - first_) * words_;
            std::uint32_t low = 0, high = fronts;
            while (low < high) {
                const auto middle = low + (high - low) / 2;
                if (meets(set, front(middle), p / 64 + 1)) low = middle + 1;
                else high = middle;
            }
            if (low == fronts) {
                ++fronts;
                if (fronts * words_ > 8 * word_limit) return false;
                if (fronts_.size() < fronts * words_) fronts_.resize(fronts * words_);
                std::fill_n(front(low), words_, 0);
            }
            front(low)[p / 64] |= std::uint64_t{1} << p % 64;
            place[p] = low;
        }
        return true;
    }

    [[nodiscard]] sort_key* order(std::size_t m) noexcept { return orders_.data() + (m - 1) * n_; }
    [[nodiscard]] std::uint64_t* front(std::uint32_t k) noexcept { return fronts_.data() + k * words_; }

    /// Looks from the back: those near in the order dominate most often.
    static bool meets(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) noexcept {
        for (auto w = words; w-- > 0;)
            if ((a[w] & b[w]) != 0) return true;
        return false;
    }

    std::size_t n_ = 0, words_ = 0;
    std::size_t first_ = 0, end_ = 0; ///< of the part
    std::uint32_t fronts_found_ = 0;
    std::vector<sort_key> orders_; ///< of each objective but the first, one after the other
    std::vector<std::uint64_t> met_, dominators_, fronts_;
};
using dominance_bits = basic_dominance_bits<>;

} // namespace verdant::pareto::detail
