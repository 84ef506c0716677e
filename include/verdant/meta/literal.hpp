#pragma once

#include <verdant/meta/fixed_string.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace verdant {

/// A value written as a template argument: an integer, a bool, a floating-point number, an enumerator or a string literal.
/// It is never named by users: `choices<1, 2>`, `choices<"relu", "gelu">` and `val<act::relu>` make it.
template <class T>
struct literal {
    using value_type = T;
    T value;
    // NOLINTNEXTLINE(google-explicit-constructor): written as a plain value in a template argument
    constexpr literal(T v) : value{v} {}
};

template <std::size_t N>
struct literal<fixed_string<N>> {
    using value_type = std::string_view;
    fixed_string<N> value;
    // NOLINTNEXTLINE(google-explicit-constructor): written as a plain string in a template argument
    constexpr literal(const char (&text)[N + 1]) : value{text} {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    constexpr literal(fixed_string<N> text) : value{text} {}
};

template <class T>
literal(T) -> literal<T>;
template <std::size_t N>
literal(const char (&)[N]) -> literal<fixed_string<N - 1>>;
template <std::size_t N>
literal(fixed_string<N>) -> literal<fixed_string<N>>;

/// What a domain holds. Numbers and booleans take part in arithmetic; strings and enumerators only in `==`, `!=` and `in`.
enum class value_kind : std::uint8_t { integer, boolean, floating, text, enumeration };

template <class T>
inline constexpr value_kind kind_of = std::same_as<T, bool>               ? value_kind::boolean
                                      : std::integral<T>                  ? value_kind::integer
                                      : std::floating_point<T>            ? value_kind::floating
                                      : std::is_enum_v<T>                 ? value_kind::enumeration
                                                                          : value_kind::text;

namespace detail {

/// FNV-1a, so that names and strings are compared as one number at compile time.
[[nodiscard]] constexpr std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return h;
}

/// The 64 bits that stand for a value in tables and expressions: integers and enumerators as themselves, strings as their hash,
/// floating-point numbers as their bits.
template <class T>
[[nodiscard]] constexpr std::int64_t encode_value(const T& value) noexcept {
    if constexpr (std::is_enum_v<T>) return static_cast<std::int64_t>(static_cast<std::underlying_type_t<T>>(value));
    else if constexpr (std::integral<T>) return static_cast<std::int64_t>(value);
    else if constexpr (std::floating_point<T>) return std::bit_cast<std::int64_t>(static_cast<double>(value));
    else if constexpr (requires { value.view(); }) return std::bit_cast<std::int64_t>(hash_of(value.view()));
    else return std::bit_cast<std::int64_t>(hash_of(std::string_view{value}));
}

} // namespace detail
} // namespace verdant
