#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace verdant::io {

namespace detail {

/// Remainders of all bytes by Castagnoli's polynomial, 0x1EDC6F41, bits reversed.
inline constexpr auto crc32c_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        auto rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1U) ^ ((rest & 1U) != 0 ? 0x82F63B78U : 0U);
        table[byte] = rest;
    }
    return table;
}();

} // namespace detail

/// The checksum CRC32C of bytes (RFC 3720, section 12.1 and appendix B.4).
[[nodiscard]] constexpr std::uint32_t crc32c(std::string_view bytes) {
    std::uint32_t rest = 0xFFFFFFFFU;
    for (const char c : bytes) rest = (rest >> 8U) ^ detail::crc32c_table[(rest ^ static_cast<unsigned char>(c)) & 0xFFU];
    return ~rest;
}

} // namespace verdant::io
