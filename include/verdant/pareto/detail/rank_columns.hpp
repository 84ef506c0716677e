#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

/// Ranks by column, compared many at a time.
namespace verdant::pareto::detail {

/// 16 bytes of ranks, the widest register that every 64-bit target has; both supported compilers know this extension.
template <class Rank>
using rank_lanes [[gnu::vector_size(16)]] = Rank;

/// A set of vectors of ranks (0 the reference, larger is better) as columns, in descending order of the last; the columns are padded with
/// zeros to whole registers. Nothing reaches the reference, so a row of zeros is as good as none.
template <class Rank>
class rank_columns {
public:
    using lanes_type = rank_lanes<Rank>;
    static constexpr std::size_t lanes = sizeof(lanes_type) / sizeof(Rank);

    /// Empties the set and makes room for `most` vectors of `width` ranks.
    void reset(std::size_t width, std::size_t most) {
        width_ = width;
        size_ = 0;
        stride_ = (most + lanes - 1) / lanes * lanes;
        if (data_.size() < width_ * stride_) data_.resize(width_ * stride_);
        std::fill_n(data_.begin(), width_ * stride_, Rank{0});
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t blocks() const noexcept { return (size_ + lanes - 1) / lanes; }
    [[nodiscard]] Rank at(std::size_t row, std::size_t column) const noexcept { return data_[column * stride_ + row]; }
    void set(std::size_t row, std::size_t column, Rank rank) noexcept { data_[column * stride_ + row] = rank; }

    [[nodiscard]] lanes_type block(std::size_t index, std::size_t column) const noexcept {
        lanes_type value;
        std::memcpy(&value, data_.data() + column * stride_ + index * lanes, sizeof value);
        return value;
    }

    /// Fills the set with `count` vectors that are in order already: `rank(row, column)`.
    template <class Ranks>
    void assign(std::size_t count, Ranks rank) {
        size_ = count;
        for (std::size_t j = 0; j < width_; ++j)
            for (std::size_t row = 0; row < count; ++row) set(row, j, rank(row, j));
    }

    /// Puts `row` behind all whose last rank is not smaller.
    void insert(const Rank* row) noexcept {
        const auto* last = data_.data() + (width_ - 1) * stride_;
        const auto place =
            static_cast<std::size_t>(std::upper_bound(last, last + size_, row[width_ - 1], [](Rank a, Rank b) { return a > b; }) - last);
        for (std::size_t j = 0; j < width_; ++j) {
            auto* column = data_.data() + j * stride_;
            std::memmove(column + place + 1, column + place, (size_ - place) * sizeof(Rank));
            column[place] = row[j];
        }
        ++size_;
    }

    /// Takes out the rows at the given ascending places.
    void erase(std::span<const std::uint32_t> places) noexcept {
        if (places.empty()) return;
        for (std::size_t j = 0; j < width_; ++j) {
            auto* column = data_.data() + j * stride_;
            std::size_t kept = places.front();
            for (std::size_t i = 0; i < places.size(); ++i) {
                const std::size_t begin = places[i] + 1, end = i + 1 < places.size() ? places[i + 1] : size_;
                std::memmove(column + kept, column + begin, (end - begin) * sizeof(Rank));
                kept += end - begin;
            }
            std::fill(column + kept, column + size_, Rank{0});
        }
        size_ -= places.size();
    }

    /// Largest of the lanes.
    [[nodiscard]] static Rank largest(lanes_type v) noexcept {
        if constexpr (lanes == 8) {
            v = larger(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3));
            v = larger(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5));
            v = larger(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
        } else {
            v = larger(v, __builtin_shufflevector(v, v, 2, 3, 0, 1));
            v = larger(v, __builtin_shufflevector(v, v, 1, 0, 3, 2));
        }
        return v[0];
    }

    [[nodiscard]] static lanes_type larger(lanes_type a, lanes_type b) noexcept { return a > b ? a : b; }
    [[nodiscard]] static lanes_type all(Rank rank) noexcept { return lanes_type{} + rank; }

private:
    std::size_t width_ = 0, size_ = 0, stride_ = 0;
    std::vector<Rank> data_;
};

} // namespace verdant::pareto::detail
