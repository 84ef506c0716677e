#pragma once

#include <verdant/space/group_counts.hpp>
#include <verdant/space/structure.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

/// The feasible combinations of one group of parameters, enumerated or counted, to draw from.
namespace verdant::detail {

/// Groups of up to so many combinations are enumerated once and then drawn from directly.
inline constexpr std::size_t group_table_limit = std::size_t{1} << 18U;

/// The feasible combinations of one group of parameters: listed in lexicographic order where there are few enough to try, else counted
/// by elimination, else only testable.
class feasible_group {
public:
    /// @param counts how a group is counted that is too large to enumerate
    feasible_group(const space_view& space, const structure_view& structure, std::size_t group, count_maker counts)
        : space_{space}, structure_{structure}, members_{structure.members(group)} {
        std::size_t combinations = 1;
        for (const auto p : members_) {
            combinations *= space.domain_size(p);
            if (combinations > group_table_limit) {
                counts_ = counts(space, structure, group);
                return;
            }
        }
        enumerate(combinations);
    }
    /// The group with some of its feasible combinations alone.
    /// @param rows their ranks, ascending and different. @pre the combinations of the group are fewer than 2^32
    feasible_group(const space_view& space, const structure_view& structure, std::size_t group, std::vector<std::uint32_t> rows)
        : space_{space}, structure_{structure}, members_{structure.members(group)}, rows_{std::move(rows)} {
        set_strides();
        const auto combinations = std::size_t{stride_.front()} * size_.front();
        if (combinations > group_table_limit) return;
        allowed_.resize(combinations / 64 + 1);
        for (const auto r : rows_) allowed_[r / 64] |= std::uint64_t{1} << (r % 64);
    }

    [[nodiscard]] std::span<const std::uint32_t> members() const noexcept { return members_; }
    [[nodiscard]] bool enumerated() const noexcept { return !size_.empty(); }
    /// The counts by elimination or over partial sums, where the group is not enumerated and they could be made; else null.
    [[nodiscard]] const group_counts* eliminated() const noexcept { return counts_.get(); }
    /// Whether it is known that no combination is feasible.
    [[nodiscard]] bool known_empty() const noexcept { return enumerated() ? rows_.empty() : counts_ && !counts_->feasible(); }

    /// The number of feasible combinations, where it is known.
    [[nodiscard]] std::optional<std::uint64_t> exact_count() const {
        if (enumerated()) return rows_.size();
        return counts_ ? counts_->count() : std::nullopt;
    }
    /// Number of feasible combinations. @pre enumerated()
    [[nodiscard]] std::size_t count() const noexcept { return rows_.size(); }
    /// The index that member `m` has in feasible combination `r`. @pre enumerated()
    [[nodiscard]] std::uint32_t row(std::size_t r, std::size_t m) const { return rows_[r] / stride_[m] % size_[m]; }
    /// Writes feasible combination `r` into a point. @pre enumerated()
    template <class Indices>
    void assign(std::size_t r, Indices& indices) const {
        using index = std::remove_cvref_t<decltype(indices[0])>;
        auto rest = rows_[r];
        for (std::size_t m = members_.size(); m-- > 0; rest /= size_[m]) indices[members_[m]] = static_cast<index>(rest % size_[m]);
    }
    /// The place of a point's combination in lexicographic order among all of the group, feasible or not. @pre enumerated()
    template <class Indices>
    [[nodiscard]] std::uint32_t rank(const Indices& indices) const {
        std::uint32_t r = 0;
        for (std::size_t m = 0; m < members_.size(); ++m) r = r * size_[m] + static_cast<std::uint32_t>(indices[members_[m]]);
        return r;
    }
    /// How much `rank` grows with the index of member `m`. @pre enumerated()
    [[nodiscard]] std::uint32_t stride(std::size_t m) const { return stride_[m]; }
    /// Whether the combination of this rank is feasible. @pre enumerated()
    [[nodiscard]] bool allowed(std::uint32_t rank) const {
        if (allowed_.empty()) return std::binary_search(rows_.begin(), rows_.end(), rank);
        return (allowed_[rank / 64] >> (rank % 64) & 1U) != 0;
    }
    /// The number of feasible combinations before this rank. @pre enumerated()
    [[nodiscard]] std::size_t row_of(std::uint32_t rank) const {
        return static_cast<std::size_t>(std::lower_bound(rows_.begin(), rows_.end(), rank) - rows_.begin());
    }

    /// Whether the group's part of a point is feasible.
    template <class Indices>
    [[nodiscard]] bool contains(const Indices& indices) const {
        if (enumerated()) return allowed(rank(indices));
        for (std::size_t m = 0; m < members_.size(); ++m)
            if (!possible(m, indices)) return false;
        return true;
    }
    /// Whether the value of member `m` agrees with those of the earlier members; where counted by elimination, also whether the later ones can
    /// follow.
    template <class Indices>
    [[nodiscard]] bool possible(std::size_t m, const Indices& indices) const {
        const auto p = members_[m];
        return counts_ ? counts_->weights(m, indices)[indices[p]] > 0 : decided(space_, structure_, p, indices);
    }

private:
    void set_strides() {
        size_.resize(members_.size());
        stride_.resize(members_.size());
        auto stride = std::uint32_t{1};
        for (std::size_t m = members_.size(); m-- > 0; stride *= size_[m]) {
            size_[m] = static_cast<std::uint32_t>(space_.domain_size(members_[m]));
            stride_[m] = stride;
        }
    }
    void enumerate(std::size_t combinations) {
        set_strides();
        allowed_.resize(combinations / 64 + 1);
        std::vector<std::uint32_t> indices(space_.size(), 0);
        auto depth = std::size_t{0};
        for (;;) {
            const auto p = members_[depth];
            const bool good = decided(space_, structure_, p, indices);
            if (good && depth + 1 < members_.size()) {
                indices[members_[++depth]] = 0;
                continue;
            }
            if (good) {
                const auto found = rank(indices);
                rows_.push_back(found);
                allowed_[found / 64] |= std::uint64_t{1} << (found % 64);
            }
            while (indices[members_[depth]] + 1U == size_[depth]) {
                if (depth == 0) return;
                --depth;
            }
            ++indices[members_[depth]];
        }
    }

    space_view space_;
    structure_view structure_;
    std::span<const std::uint32_t> members_;
    std::vector<std::uint32_t> size_, stride_; ///< of each member: its values, and how many combinations of later members there are
    std::vector<std::uint32_t> rows_;          ///< ranks of the feasible combinations
    std::vector<std::uint64_t> allowed_;       ///< one bit a rank; empty where that would be too many
    std::shared_ptr<const group_counts> counts_;
};

} // namespace verdant::detail
