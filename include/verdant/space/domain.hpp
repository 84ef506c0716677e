#pragma once

#include <verdant/meta/enum_name.hpp>
#include <verdant/meta/literal.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace verdant {

/// A finite ordered set of values that a parameter can take: `range` or `choices`. Values are addressed by index, 0 .. size - 1.
template <class D>
concept domain = requires(std::size_t i) {
    typename D::value_type;
    { D::size } -> std::convertible_to<std::size_t>;
    { D::value(i) } -> std::same_as<typename D::value_type>;
    { D::listed } -> std::convertible_to<bool>;
};

namespace detail {

/// How many values a domain may have; the space reports larger ones.
inline constexpr std::size_t domain_limit = std::size_t{1} << 24U;

/// The size of a range; beyond `domain_limit` just something larger.
template <class T>
[[nodiscard]] consteval std::size_t range_size(T lo, T hi, T step) {
    if (!(step > 0) || hi < lo) return 0;
    if constexpr (std::floating_point<T>) {
        // The end stays in the range where rounding would lose it by less than a billionth of a step.
        const auto steps = (static_cast<double>(hi) - static_cast<double>(lo)) / static_cast<double>(step) + 1e-9;
        return steps < static_cast<double>(domain_limit) ? static_cast<std::size_t>(steps) + 1 : domain_limit + 1;
    } else {
        // Unsigned, since the distance of two signed numbers may pass the largest of them.
        const auto steps = (static_cast<std::uint64_t>(hi) - static_cast<std::uint64_t>(lo)) / static_cast<std::uint64_t>(step);
        return steps < domain_limit ? static_cast<std::size_t>(steps) + 1 : domain_limit + 1;
    }
}

} // namespace detail

/// Evenly spaced numbers from `Lo` to at most `Hi`: `range<6, 12>`, `range<384, 768, 96>`, `range<0.5, 1.0, 0.25>`.
template <auto Lo, auto Hi, auto Step = 1>
    requires(std::is_arithmetic_v<decltype(Lo)> && std::is_arithmetic_v<decltype(Hi)> && std::is_arithmetic_v<decltype(Step)>)
struct range {
    using value_type = std::common_type_t<decltype(Lo), decltype(Hi), decltype(Step)>;

    static constexpr value_type first = Lo;
    static constexpr value_type step = Step;
    static constexpr std::size_t size = detail::range_size<value_type>(Lo, Hi, Step);
    static constexpr bool listed = false;

    [[nodiscard]] static constexpr value_type value(std::size_t i) {
        if constexpr (std::floating_point<value_type>)
            return static_cast<value_type>(static_cast<double>(first) + static_cast<double>(i) * static_cast<double>(step));
        else return static_cast<value_type>(static_cast<std::uint64_t>(first) + i * static_cast<std::uint64_t>(step));
    }
};

namespace detail {

template <class First, class... T>
[[nodiscard]] consteval bool all_are() {
    for (const bool same : {true, std::is_same_v<First, T>...})
        if (!same) return false;
    return true;
}

template <class... T>
struct common_value {
    // A mixture (numbers beside strings) has no common type; the check of the space reports it.
    static constexpr bool exists = false;
    using type = long long;
};
template <class First, class... T>
    requires(all_are<First, T...>())
struct common_value<First, T...> { // std::common_type nests once a type, and hundreds of values are too deep for that
    static constexpr bool exists = true;
    using type = First;
};
template <class First, class... T>
    requires(!all_are<First, T...>() && requires { typename std::common_type_t<First, T...>; })
struct common_value<First, T...> {
    static constexpr bool exists = true;
    using type = std::common_type_t<First, T...>;
};

struct labelled_code {
    std::int64_t code = 0;
    std::string_view label{};
};

template <class T, literal Value>
[[nodiscard]] consteval T value_from() {
    if constexpr (requires { Value.value.view(); }) return Value.value.view();
    else return static_cast<T>(Value.value);
}

template <class T, literal Value>
[[nodiscard]] consteval labelled_code code_from() {
    // A domain may mix 1 and 0.5: all of it is stored as the common type.
    if constexpr (kind_of<T> == value_kind::floating) return {encode_value(value_from<double, Value>()), {}};
    else if constexpr (requires { Value.value.view(); }) return {encode_value(Value.value), Value.value.view()};
    else if constexpr (std::is_enum_v<decltype(Value.value)>) return {encode_value(Value.value), enum_name<Value.value>()};
    else return {encode_value(Value.value), {}};
}

} // namespace detail

/// The listed values in the listed order: `choices<1, 2, 4>`, `choices<"relu", "gelu">`, `choices<pool::max, pool::mean>`.
template <literal... Values>
struct choices {
    using common = detail::common_value<typename decltype(Values)::value_type...>;
    using value_type = typename common::type;
    static constexpr std::size_t size = sizeof...(Values);
    static constexpr bool listed = true;

    /// What stands for each value, and its label; only strings and enumerators have one.
    static constexpr std::array<detail::labelled_code, size> codes{detail::code_from<value_type, Values>()...};

    [[nodiscard]] static constexpr value_type value(std::size_t i) {
        // A table, not a fold: clang nests folds and stops at 256.
        if constexpr (common::exists && size != 0) {
            constexpr value_type all[] = {detail::value_from<value_type, Values>()...};
            return all[i];
        } else {
            return {};
        }
    }
};

/// Off or on.
using flag = choices<false, true>;

} // namespace verdant
