#pragma once

#include <verdant/error.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>

namespace verdant::workload {

/// The extents of a tensor, outermost first; rank 0 is a scalar.
struct shape {
    static constexpr std::size_t max_rank = 5;

    std::array<int, max_rank> extent{};
    int rank = 0;

    constexpr shape() = default;
    constexpr shape(std::initializer_list<int> extents) {
        for (const int e : extents) append(e);
    }

    /// Adds an innermost extent.
    /// @throws error if there are five
    constexpr void append(int e) {
        if (rank == static_cast<int>(max_rank)) throw error{"a tensor has at most five dimensions"};
        extent[static_cast<std::size_t>(rank++)] = e;
    }

    /// Extent `i` from the front, 0 is the first.
    /// @throws error if there is no such dimension; so does `from_back`
    [[nodiscard]] constexpr int operator[](int i) const {
        if (i < 0 || i >= rank) throw error{"a tensor has no such dimension"};
        return extent[static_cast<std::size_t>(i)];
    }
    /// Extent `i` from the back: 1 is the last.
    [[nodiscard]] constexpr int from_back(int i) const { return (*this)[rank - i]; }
    /// Number of elements; 1 for a scalar.
    /// @throws error if they are more than 2^52, beyond which costs are not exact, or an extent is negative
    [[nodiscard]] constexpr long long elements() const {
        long long product = 1;
        for (int i = 0; i < rank; ++i) {
            const long long e = extent[static_cast<std::size_t>(i)];
            if (e < 0 || (e > 0 && product > (1LL << 52) / e)) throw error{"a tensor has from 0 to 2^52 elements"};
            product *= e;
        }
        return product;
    }

    friend constexpr bool operator==(const shape&, const shape&) = default;
};

} // namespace verdant::workload
