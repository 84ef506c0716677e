#pragma once

#include <verdant/error.hpp>
#include <verdant/surrogate/kernel/kernel_function.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace verdant::surrogate::detail {

/// Rows of a kernel matrix in single precision, computed when they are asked for; the one that was not asked for longest makes room.
class kernel_cache {
public:
    /// @param mebibytes of rows at most, but two rows at least
    kernel_cache(const kernel_function& kernel, const feature_rows& x, std::size_t mebibytes)
        : kernel_{kernel}, rows_{x}, diagonal_(x.rows()), slot_of_(x.rows(), none) {
        const auto n = rows_.rows();
        most_ = std::clamp<std::size_t>((mebibytes << 20U) / (n * sizeof(float)), 2, std::max<std::size_t>(2, n));
        for (std::size_t r = 0; r < n; ++r) diagonal_[r] = kernel(rows_.square(r), 2 * rows_.square(r));
        point_.resize(rows_.columns());
    }
    [[nodiscard]] std::size_t size() const noexcept { return rows_.rows(); }
    [[nodiscard]] double diagonal(std::size_t r) const noexcept { return diagonal_[r]; }

    /// A row; stays valid until two others have been asked for.
    [[nodiscard]] std::span<const float> row(std::size_t r) {
        if (slot_of_[r] == none) fill(r);
        auto& s = slots_[slot_of_[r]];
        s.used = ++clock_;
        return s.values;
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    struct slot {
        std::vector<float> values;
        std::size_t row = none;
        std::uint64_t used = 0;
    };

    void fill(std::size_t r) {
        std::size_t at = slots_.size();
        if (at < most_) slots_.push_back({std::vector<float>(rows_.rows()), none, 0});
        else {
            at = static_cast<std::size_t>(
                std::min_element(slots_.begin(), slots_.end(), [](const slot& a, const slot& b) { return a.used < b.used; }) - slots_.begin());
            slot_of_[slots_[at].row] = none;
        }
        for (std::size_t c = 0; c < point_.size(); ++c) point_[c] = rows_.value(r, c);
        auto& values = slots_[at].values;
        const auto square = rows_.square(r);
        rows_.for_each_dot(point_.data(), [&](std::size_t i, double dot) {
            const auto value = kernel_(dot, square + rows_.square(i));
            // Beyond single precision the solver would go on with infinite slopes, and end anywhere.
            if (!(std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max())))
                throw input_error{"support vectors", "kernel of rows " + std::to_string(r) + " and " + std::to_string(i),
                                  "a number that single precision can hold; scale the features, or take a lower gamma or degree", exact_text(value)};
            values[i] = static_cast<float>(value);
        });
        slots_[at].row = r;
        slot_of_[r] = at;
    }

    kernel_function kernel_;
    kernel_rows rows_;
    std::vector<double> diagonal_, point_;
    std::vector<std::size_t> slot_of_;
    std::vector<slot> slots_;
    std::size_t most_ = 2;
    std::uint64_t clock_ = 0;
};

} // namespace verdant::surrogate::detail
