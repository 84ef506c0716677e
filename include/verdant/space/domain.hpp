#pragma once

#include <verdant/meta/enum_name.hpp>
#include <verdant/meta/literal.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace verdant {

/// A finite ordered set of values that a parameter can take. Values are addressed by index, 0 .. size - 1.
template <class D>
concept domain = requires(std::size_t i) {
    typename D::value_type;
    { D::size } -> std::convertible_to<std::size_t>;
    { D::value(i) } -> std::same_as<typename D::value_type>;
};

namespace detail {

template <class L, class H, class S>
[[nodiscard]] consteval std::size_t range_size(L lo, H hi, S step) {
    if (!(step > 0) || hi < lo) return 0;
    if constexpr (std::floating_point<std::common_type_t<L, H>>)
        // The end stays in the range where rounding would lose it by less than a billionth of a step.
        return static_cast<std::size_t>((static_cast<double>(hi) - static_cast<double>(lo)) / static_cast<double>(step) + 1e-9) + 1;
    else
        return static_cast<std::size_t>((hi - lo) / step) + 1;
}

} // namespace detail

/// Evenly spaced numbers from `Lo` to at most `Hi`: `range<6, 12>`, `range<384, 768, 96>`, `range<0.5, 1.0, 0.25>`.
template <auto Lo, auto Hi, auto Step = 1>
    requires(std::is_arithmetic_v<decltype(Lo)> && std::is_arithmetic_v<decltype(Hi)> && std::is_arithmetic_v<decltype(Step)>)
struct range {
    using value_type = std::common_type_t<decltype(Lo), decltype(Hi)>;

    static constexpr std::size_t size = detail::range_size(Lo, Hi, Step);

    [[nodiscard]] static constexpr value_type value(std::size_t i) {
        return static_cast<value_type>(Lo + static_cast<value_type>(i) * static_cast<value_type>(Step));
    }

    static constexpr bool listed = false;
    static constexpr auto first = Lo;
    static constexpr auto step = Step;
};

namespace detail {

template <class... T>
struct common_value {
    // A mixture (numbers beside strings) has no common type; the check of the space reports it.
    static constexpr bool exists = false;
    using type = long long;
};
template <class... T>
    requires(sizeof...(T) > 0 && requires { typename std::common_type_t<T...>; })
struct common_value<T...> {
    static constexpr bool exists = true;
    using type = std::common_type_t<T...>;
};

} // namespace detail

/// The listed values in the listed order: `choices<1, 2, 4>`, `choices<"relu", "gelu">`, `choices<pool::max, pool::mean>`.
template <literal... Values>
struct choices {
private:
    template <literal Value>
    static constexpr std::string_view label() {
        if constexpr (requires { Value.value.view(); }) return Value.value.view();
        else if constexpr (std::is_enum_v<decltype(Value.value)>) return enum_name<Value.value>();
        else return {};
    }

public:
    using common = detail::common_value<typename decltype(Values)::value_type...>;
    using value_type = typename common::type;
    static constexpr std::size_t size = sizeof...(Values);
    static constexpr bool listed = true;

    [[nodiscard]] static constexpr value_type value(std::size_t i) {
        value_type found{};
        std::size_t k = 0;
        if constexpr (common::exists) static_cast<void>(((k++ == i ? (found = get<Values>(), true) : false) || ...));
        return found;
    }

    static constexpr std::size_t label_characters = (std::size_t{0} + ... + label<Values>().size());

    /// Calls `f(code, label)` for each value; only strings and enumerators have a label.
    template <class F>
    static constexpr void for_each(F&& f) {
        (f(detail::encode_value(Values.value), label<Values>()), ...);
    }

private:
    template <literal Value>
    static constexpr value_type get() {
        if constexpr (requires { Value.value.view(); }) return Value.value.view();
        else return static_cast<value_type>(Value.value);
    }
};

/// Off or on.
using flag = choices<false, true>;

} // namespace verdant
