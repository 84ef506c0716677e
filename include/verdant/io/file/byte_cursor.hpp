#pragma once

#include <verdant/error.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant::io {

/// Reads numbers and runs of bytes from the front of a span; every error names the file, the part of it and the byte offset.
/// The span must outlive the cursor.
class byte_cursor {
public:
    /// `part` names what the span is in the file (may be empty); `base` is the offset of its first byte, for errors only.
    byte_cursor(std::string source, std::string part, std::span<const unsigned char> data, std::uint64_t base = 0)
        : source_{std::move(source)}, part_{std::move(part)}, data_{data}, base_{base} {}

    [[nodiscard]] std::size_t position() const noexcept { return position_; }
    [[nodiscard]] std::size_t remaining() const noexcept { return data_.size() - position_; }
    [[nodiscard]] const std::string& source() const noexcept { return source_; }

    /// The next `size` bytes. Throws input_error if fewer are left.
    std::span<const unsigned char> take(std::uint64_t size, std::string_view what) {
        if (size > remaining()) fail(std::to_string(size) + " bytes of " + std::string{what}, std::to_string(remaining()) + " before the end");
        const auto out = data_.subspan(position_, static_cast<std::size_t>(size));
        position_ += out.size();
        return out;
    }

    template <std::unsigned_integral T>
    [[nodiscard]] T little(std::string_view what) {
        const auto raw = take(sizeof(T), what);
        T value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value | static_cast<T>(static_cast<T>(raw[i]) << (8 * i)));
        return value;
    }

    template <std::unsigned_integral T>
    [[nodiscard]] T big(std::string_view what) {
        const auto raw = take(sizeof(T), what);
        std::uint64_t value = 0;
        for (const unsigned char byte : raw) value = value << 8 | byte;
        return static_cast<T>(value);
    }

    [[nodiscard]] std::uint8_t u8(std::string_view what) { return take(1, what)[0]; }

    /// Text up to the next newline, which is consumed but not returned.
    [[nodiscard]] std::string_view line(std::string_view what) {
        for (std::size_t end = position_; end < data_.size(); ++end)
            if (data_[end] == '\n') {
                const std::string_view text{reinterpret_cast<const char*>(data_.data()) + position_, end - position_};
                position_ = end + 1;
                return text;
            }
        // In two steps: g++ 12 warns of the sum of a temporary and a literal.
        std::string expected{what};
        expected += " and a newline";
        fail(expected, "the end");
    }

    /// Throws input_error for the byte that was read last or is read next, `back` bytes before the position.
    [[noreturn]] void fail(std::string_view expected, std::string_view found, std::size_t back = 0) const {
        throw input_error{source_, (part_.empty() ? "" : part_ + ", ") + "byte " + std::to_string(base_ + position_ - back), expected, found};
    }

private:
    std::string source_, part_;
    std::span<const unsigned char> data_;
    std::uint64_t base_ = 0;
    std::size_t position_ = 0;
};

/// Appends an unsigned number, lowest byte first.
template <std::unsigned_integral T>
void append_little(std::vector<unsigned char>& out, std::type_identity_t<T> value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<unsigned char>(value >> (8 * i)));
}

} // namespace verdant::io
