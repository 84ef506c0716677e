#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace verdant::io {

/// The element types of tensors in files. `f16` is IEEE 754 binary16, `bf16` bfloat16.
enum class dtype : std::uint8_t { boolean, u8, i8, u16, i16, u32, i32, u64, i64, f16, bf16, f32, f64 };

namespace detail {

struct dtype_facts {
    dtype type;
    std::size_t size;
    std::string_view name, safetensors, numpy, torch, storage;
};

/// One row a type: bytes an element, and its names in safetensors, in npy (without byte order), and in PyTorch (dtype, storage class).
inline constexpr std::array<dtype_facts, 13> dtype_table{{
    {dtype::boolean, 1, "bool", "BOOL", "b1", "bool", "BoolStorage"},
    {dtype::u8, 1, "u8", "U8", "u1", "uint8", "ByteStorage"},
    {dtype::i8, 1, "i8", "I8", "i1", "int8", "CharStorage"},
    {dtype::u16, 2, "u16", "U16", "u2", "uint16", ""},
    {dtype::i16, 2, "i16", "I16", "i2", "int16", "ShortStorage"},
    {dtype::u32, 4, "u32", "U32", "u4", "uint32", ""},
    {dtype::i32, 4, "i32", "I32", "i4", "int32", "IntStorage"},
    {dtype::u64, 8, "u64", "U64", "u8", "uint64", ""},
    {dtype::i64, 8, "i64", "I64", "i8", "int64", "LongStorage"},
    {dtype::f16, 2, "f16", "F16", "f2", "float16", "HalfStorage"},
    {dtype::bf16, 2, "bf16", "BF16", "", "bfloat16", "BFloat16Storage"},
    {dtype::f32, 4, "f32", "F32", "f4", "float32", "FloatStorage"},
    {dtype::f64, 8, "f64", "F64", "f8", "float64", "DoubleStorage"},
}};

[[nodiscard]] constexpr const dtype_facts& facts(dtype type) noexcept { return dtype_table[static_cast<std::size_t>(type)]; }

[[nodiscard]] constexpr std::optional<dtype> dtype_where(std::string_view dtype_facts::* column, std::string_view name) noexcept {
    for (const auto& row : dtype_table)
        if (!name.empty() && row.*column == name) return row.type;
    return std::nullopt;
}

} // namespace detail

/// Bytes an element.
[[nodiscard]] constexpr std::size_t size_of(dtype type) noexcept { return detail::facts(type).size; }

/// Short name: `f32`, `i64`, `bool`, ...
[[nodiscard]] constexpr std::string_view name_of(dtype type) noexcept { return detail::facts(type).name; }

/// Whether the elements are floating-point numbers of any width.
[[nodiscard]] constexpr bool is_floating(dtype type) noexcept { return type >= dtype::f16; }

namespace detail {

template <class T>
[[nodiscard]] consteval dtype dtype_for() {
    if constexpr (std::is_same_v<T, bool>) return dtype::boolean;
    else if constexpr (std::is_same_v<T, float>) return dtype::f32;
    else if constexpr (std::is_same_v<T, double>) return dtype::f64;
    else if constexpr (sizeof(T) == 1) return std::is_signed_v<T> ? dtype::i8 : dtype::u8;
    else if constexpr (sizeof(T) == 2) return std::is_signed_v<T> ? dtype::i16 : dtype::u16;
    else if constexpr (sizeof(T) == 4) return std::is_signed_v<T> ? dtype::i32 : dtype::u32;
    else return std::is_signed_v<T> ? dtype::i64 : dtype::u64;
}

} // namespace detail

/// The dtype whose elements are C++ values of type T.
template <class T>
    requires std::is_arithmetic_v<T> && (sizeof(T) <= 8)
inline constexpr dtype dtype_of = detail::dtype_for<T>();

} // namespace verdant::io
