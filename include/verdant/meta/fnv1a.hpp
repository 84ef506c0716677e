#pragma once

#include <cstdint>
#include <string_view>

namespace verdant {

/// The hash FNV-1a of 64 bits (Fowler, Noll, Vo; its constants are those of the authors), by which names are compared as one number at compile time,
/// and by which stored studies are told apart: its values are part of files and do not change. FNV's words are bytes; longer ones make it faster and
/// another hash. Not for input that somebody chooses to collide.
class fnv1a {
public:
    /// Takes a word in.
    constexpr void add(std::uint64_t word) noexcept { value_ = (value_ ^ word) * prime; }
    /// Takes in the bytes of a text.
    constexpr void add(std::string_view text) noexcept {
        for (const char c : text) value_ = (value_ ^ static_cast<unsigned char>(c)) * prime;
    }
    /// The hash of all that was taken in.
    [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }
    /// The hash of a text.
    [[nodiscard]] static constexpr std::uint64_t of(std::string_view text) noexcept {
        fnv1a hash;
        hash.add(text);
        return hash.value();
    }

private:
    static constexpr std::uint64_t prime = 0x100000001b3;
    std::uint64_t value_ = 0xcbf29ce484222325;
};

} // namespace verdant
