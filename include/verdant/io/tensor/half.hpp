#pragma once

#include <bit>
#include <cstdint>

/// Half-precision numbers, binary16 and bfloat16, to and from binary32.
namespace verdant::io {

/// IEEE 754 binary16 to binary32; exact.
[[nodiscard]] constexpr float half_to_float(std::uint16_t half) noexcept {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1fu;
    std::uint32_t mantissa = half & 0x3ffu;
    if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | mantissa << 13);
    if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
    if (mantissa == 0) return std::bit_cast<float>(sign);
    // Subnormal: value = mantissa * 2^-24; shift until the hidden bit appears.
    std::uint32_t shift = 0;
    while ((mantissa & 0x400u) == 0) {
        mantissa <<= 1;
        ++shift;
    }
    return std::bit_cast<float>(sign | (113 - shift) << 23 | (mantissa & 0x3ffu) << 13);
}

/// Binary32 to binary16, rounded to nearest, ties to even; too large becomes infinity, NaN stays NaN.
[[nodiscard]] constexpr std::uint16_t float_to_half(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000u);
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return static_cast<std::uint16_t>(sign | 0x7e00u);
    if (magnitude >= 0x477ff000u) return static_cast<std::uint16_t>(sign | 0x7c00u); // 65520 and above round to infinity
    const std::uint32_t exponent = magnitude >> 23;
    if (exponent < 102) return sign; // below 2^-25: rounds to zero
    std::uint32_t mantissa = (magnitude & 0x7fffffu) | 0x800000u;
    const std::uint32_t drop = exponent >= 113 ? 13 : 126 - exponent;
    const std::uint32_t half = 1u << (drop - 1), rest = mantissa & ((1u << drop) - 1);
    mantissa >>= drop;
    if (rest > half || (rest == half && (mantissa & 1u) != 0)) ++mantissa;
    // The hidden bit (0x400) of a normal number adds one to the exponent below, and so does a carry out of the mantissa.
    const std::uint32_t base = exponent >= 113 ? (exponent - 113) << 10 : 0;
    return static_cast<std::uint16_t>(sign | (base + mantissa));
}

/// bfloat16 (the upper half of a binary32) to binary32; exact.
[[nodiscard]] constexpr float bfloat16_to_float(std::uint16_t value) noexcept {
    return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
}

/// Binary32 to bfloat16, rounded to nearest, ties to even; NaN stays NaN.
[[nodiscard]] constexpr std::uint16_t float_to_bfloat16(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return static_cast<std::uint16_t>(bits >> 16 | 0x40u);
    return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

} // namespace verdant::io
