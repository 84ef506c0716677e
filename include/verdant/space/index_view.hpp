#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

/// Points of any space for code that is compiled once.
namespace verdant::detail {

/// The indices of a point of any space, of which each has its own width: what code takes that is compiled once for all. Does not own them.
class index_view {
public:
    template <class Indices>
        requires std::is_lvalue_reference_v<decltype(std::declval<Indices&>()[0])>
    // NOLINTNEXTLINE(google-explicit-constructor): where indices are read, a point is
    index_view(const Indices& indices) : first_{&const_cast<Indices&>(indices)[0]}, width_{sizeof(indices[0])} {} // a constant point gives values

    [[nodiscard]] std::uint32_t operator[](std::size_t i) const {
        switch (width_) {
        case 1: return static_cast<const std::uint8_t*>(first_)[i];
        case 2: return static_cast<const std::uint16_t*>(first_)[i];
        default: return static_cast<const std::uint32_t*>(first_)[i];
        }
    }

private:
    const void* first_;
    std::size_t width_;
};

/// The same, to be written.
class index_writer {
public:
    struct place {
        void* first;
        std::size_t width, at;
        operator std::uint32_t() const { // NOLINT(google-explicit-constructor): it stands for the number
            switch (width) {
            case 1: return static_cast<const std::uint8_t*>(first)[at];
            case 2: return static_cast<const std::uint16_t*>(first)[at];
            default: return static_cast<const std::uint32_t*>(first)[at];
            }
        }
        void operator=(std::uint32_t value) const {
            switch (width) {
            case 1: static_cast<std::uint8_t*>(first)[at] = static_cast<std::uint8_t>(value); break;
            case 2: static_cast<std::uint16_t*>(first)[at] = static_cast<std::uint16_t>(value); break;
            default: static_cast<std::uint32_t*>(first)[at] = value;
            }
        }
    };

    template <class Indices>
        requires std::is_lvalue_reference_v<decltype(std::declval<Indices&>()[0])>
    // NOLINTNEXTLINE(google-explicit-constructor): where indices are written, a point is
    index_writer(Indices& indices) : first_{&indices[0]}, width_{sizeof(indices[0])} {}

    [[nodiscard]] place operator[](std::size_t i) const { return {first_, width_, i}; }

private:
    void* first_;
    std::size_t width_;
};

} // namespace verdant::detail
