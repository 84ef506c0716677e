#pragma once

#include <verdant/meta/fixed_string.hpp>
#include <verdant/meta/fnv1a.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
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

/// The kind of value that a C++ type stands for in constraints.
template <class T>
inline constexpr value_kind kind_of = std::same_as<T, bool>               ? value_kind::boolean
                                      : std::integral<T>                  ? value_kind::integer
                                      : std::floating_point<T>            ? value_kind::floating
                                      : std::is_enum_v<T>                 ? value_kind::enumeration
                                                                          : value_kind::text;

namespace detail {

/// The decimal number that a float was written as: 0.1 for 0.1f, which is 0.10000000149 in all its digits.
[[nodiscard]] constexpr double decimal_of(float x) noexcept {
    if (!(x >= std::numeric_limits<float>::lowest() && x <= std::numeric_limits<float>::max())) return static_cast<double>(x);
    double scale = 1;
    for (int digits = 0; digits <= 12; ++digits, scale *= 10) {
        const auto scaled = static_cast<double>(x) * scale;
        if (!(scaled > -1e15 && scaled < 1e15)) break;
        const auto near = static_cast<double>(static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5)) / scale;
        if (static_cast<float>(near) == x) return near;
    }
    return static_cast<double>(x);
}

/// A number of a domain as it is computed with: integers as they are, floats as they are written.
template <class To, class T>
[[nodiscard]] constexpr To number_from(T x) noexcept {
    if constexpr (std::same_as<T, float> && std::floating_point<To>) return static_cast<To>(decimal_of(x));
    else return static_cast<To>(x);
}

/// Whether a number is one of the 64 bits, with a sign, that tables and expressions hold. Values of other kinds are never numbers in them.
template <class T>
[[nodiscard]] constexpr bool fits_64_bits(const T& value) noexcept {
    if constexpr (std::unsigned_integral<T> && sizeof(T) == sizeof(std::uint64_t)) return value <= static_cast<std::uint64_t>(INT64_MAX);
    else return true;
}

/// The 64 bits that stand for a value in tables and expressions: integers and enumerators as themselves, strings as their hash,
/// floating-point numbers as their bits.
template <class T>
[[nodiscard]] constexpr std::int64_t encode_value(const T& value) noexcept {
    if constexpr (std::is_enum_v<T>) return static_cast<std::int64_t>(static_cast<std::underlying_type_t<T>>(value));
    else if constexpr (std::integral<T>) return static_cast<std::int64_t>(value);
    else if constexpr (std::floating_point<T>) return std::bit_cast<std::int64_t>(number_from<double>(value));
    else if constexpr (requires { value.view(); }) return std::bit_cast<std::int64_t>(fnv1a::of(value.view()));
    else return std::bit_cast<std::int64_t>(fnv1a::of(std::string_view{value}));
}

} // namespace detail
} // namespace verdant
