#pragma once

#include <verdant/error.hpp>

#include <array>
#include <cstddef>

namespace verdant::workload {

/// A list of at most `Capacity` values without allocation, so that graphs can be constants.
template <class T, std::size_t Capacity>
class bounded_list {
public:
    constexpr bounded_list() = default;

    /// @throws error when the list is full (at compile time: not a constant expression)
    constexpr void push_back(const T& value) {
        if (size_ == Capacity) throw error{"a list of operators, inputs or shapes is longer than its capacity"};
        items_[size_++] = value;
    }
    constexpr void clear() { size_ = 0; }

    [[nodiscard]] static constexpr std::size_t capacity() { return Capacity; }
    [[nodiscard]] constexpr std::size_t size() const { return size_; }
    [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
    /// @pre i < size(); likewise `back` of a list that is not empty
    [[nodiscard]] constexpr const T& operator[](std::size_t i) const { return items_[i]; }
    [[nodiscard]] constexpr T& operator[](std::size_t i) { return items_[i]; }
    [[nodiscard]] constexpr const T& back() const { return items_[size_ - 1]; }
    [[nodiscard]] constexpr const T* begin() const { return items_.data(); }
    [[nodiscard]] constexpr const T* end() const { return items_.data() + size_; }
    [[nodiscard]] constexpr T* begin() { return items_.data(); }
    [[nodiscard]] constexpr T* end() { return items_.data() + size_; }

    friend constexpr bool operator==(const bounded_list& a, const bounded_list& b) {
        if (a.size_ != b.size_) return false;
        for (std::size_t i = 0; i < a.size_; ++i)
            if (!(a.items_[i] == b.items_[i])) return false;
        return true;
    }

private:
    std::array<T, Capacity> items_{};
    std::size_t size_ = 0;
};

} // namespace verdant::workload
