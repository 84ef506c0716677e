#pragma once

#include <verdant/pareto/lexicographic_order.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace verdant::pareto::detail {

/// Ranks distinct vectors in lexicographic order by sets of bits: bit q in the set of p says that q is nowhere worse than p. Only vectors
/// earlier in the order can be, so the set of p ends with bit p - 1.
template <class = void>
class basic_dominance_bits {
public:
    /// `unique[p]` is the vector at place p of the order; writes the front of place p to `place[p]` and gives the number of fronts.
    std::uint32_t rank(objective_rows points, std::span<const std::uint32_t> unique, std::span<std::uint32_t> place) {
        n_ = unique.size();
        words_ = (n_ + 63) / 64;
        dominators_.resize(n_ * words_);
        for (std::size_t m = 1; m < points.objectives(); ++m) intersect(points, unique, m);
        return assign(place);
    }

private:
    /// Keeps in every set only those that are nowhere worse in objective `m`: the places met so far in ascending order of it.
    void intersect(objective_rows points, std::span<const std::uint32_t> unique, std::size_t m) {
        keys_.resize(n_);
        for (std::size_t p = 0; p < n_; ++p) keys_[p] = {points.row(unique[p])[m], static_cast<std::uint32_t>(p)};
        std::sort(keys_.begin(), keys_.end(), [](const sort_key& a, const sort_key& b) { return a.value < b.value; });
        met_.assign(words_, 0);
        for (std::size_t begin = 0, end = 0; begin < n_; begin = end) {
            for (; end < n_ && keys_[end].value == keys_[begin].value; ++end)
                met_[keys_[end].index / 64] |= std::uint64_t{1} << keys_[end].index % 64;
            for (auto k = begin; k < end; ++k) {
                const std::size_t p = keys_[k].index;
                auto* set = dominators_.data() + p * words_;
                const auto last = p / 64;
                if (m == 1) std::copy_n(met_.data(), last + 1, set);
                else
                    for (std::size_t w = 0; w <= last; ++w) set[w] &= met_[w];
                set[last] &= (std::uint64_t{1} << p % 64) - 1;
            }
        }
    }

    /// A vector dominated by a member of front k is dominated by one of every front before it, so its front is found by bisection.
    std::uint32_t assign(std::span<std::uint32_t> place) {
        std::uint32_t fronts = 0;
        for (std::size_t p = 0; p < n_; ++p) {
            const auto* set = dominators_.data() + p * words_;
            std::uint32_t low = 0, high = fronts;
            while (low < high) {
                const auto middle = low + (high - low) / 2;
                if (meets(set, front(middle), p / 64 + 1)) low = middle + 1;
                else high = middle;
            }
            if (low == fronts) {
                ++fronts;
                if (fronts_.size() < fronts * words_) fronts_.resize(fronts * words_);
                std::fill_n(front(low), words_, 0);
            }
            front(low)[p / 64] |= std::uint64_t{1} << p % 64;
            place[p] = low;
        }
        return fronts;
    }

    [[nodiscard]] std::uint64_t* front(std::uint32_t k) noexcept { return fronts_.data() + k * words_; }

    /// Looks from the back: those near in the order dominate most often.
    static bool meets(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) noexcept {
        for (auto w = words; w-- > 0;)
            if ((a[w] & b[w]) != 0) return true;
        return false;
    }

    std::size_t n_ = 0, words_ = 0;
    std::vector<sort_key> keys_;
    std::vector<std::uint64_t> met_, dominators_, fronts_;
};
/// `basic_dominance_bits` is a template so that programs that only include it do not instantiate it.
using dominance_bits = basic_dominance_bits<>;

} // namespace verdant::pareto::detail
