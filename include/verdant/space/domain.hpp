#pragma once

#include <verdant/meta/enum_name.hpp>
#include <verdant/meta/literal.hpp>
#include <verdant/numeric/spaced_numbers.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <type_traits>

namespace verdant {

/// A finite ordered set of values that a parameter can take: `range`, `uniform`, `log_range` or `choices`. Values are addressed by index, 0 .. size -
/// 1.
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

/// What is wrong with the arguments of a domain.
enum class domain_fault : std::uint8_t { none, no_numbers, not_finite, no_interval, no_logarithm, uneven, crowded };

/// Stands where a domain lacks a number.
struct no_number {};

/// A domain that lacks a number or has something else in its place; it is reported, and this stands for it.
struct faulty_domain {
    using value_type = int;
    static constexpr auto fault = domain_fault::no_numbers;
    static constexpr std::size_t size = 1;
    static constexpr bool listed = false, representable = true;
    static constexpr int first = 0, step = 1;
    static constexpr auto spaced = spacing::steps;
    static constexpr std::array<std::int64_t, 0> words{};
    [[nodiscard]] static constexpr value_type value(std::size_t) { return 0; }
};

template <class T>
[[nodiscard]] constexpr bool finite(T x) noexcept {
    if constexpr (std::floating_point<T>) return x >= std::numeric_limits<T>::lowest() && x <= std::numeric_limits<T>::max();
    else return true;
}

/// The largest number whose square an `int` of 32 bits holds.
inline constexpr std::int64_t largest_factor = 46340;

/// Whether the product of this number and another such one fits into an `int`. A type that is wider was chosen on purpose.
template <class T>
[[nodiscard]] consteval bool multiplies_as_int(const T& value) {
    if constexpr (sizeof(T) > sizeof(int)) return false;
    else if constexpr (std::integral<T>) return static_cast<std::int64_t>(value) <= largest_factor && static_cast<std::int64_t>(value) >= -largest_factor;
    else return true;
}

[[nodiscard]] consteval bool all_of(std::initializer_list<bool> each) {
    for (const bool one : each)
        if (!one) return false;
    return true;
}

/// What values are given as: integers as `int` where no product of two of them can pass it, else in 64 bits; all with a sign, since differences are
/// taken, too. Anything else as what it is.
template <class T, bool MultipliesAsInt>
struct given_value {
    using type = T;
};
template <std::integral T, bool MultipliesAsInt>
    requires(!std::same_as<T, bool>)
struct given_value<T, MultipliesAsInt> {
    using type = std::conditional_t<MultipliesAsInt, int, std::int64_t>;
};

/// The size of a range; beyond `domain_limit` just something larger.
template <class T>
[[nodiscard]] consteval std::size_t range_size(T lo, T hi, T step) {
    if (!(step > 0) || hi < lo) return 0;
    if constexpr (std::floating_point<T>) {
        if (!finite(lo) || !finite(hi) || !finite(step)) return 1; // reported as such
        // The end stays in the range where rounding would lose it: that of the numbers as they are written, and a billionth of a step.
        const auto first = lo < 0 ? -lo : lo, last = hi < 0 ? -hi : hi;
        const auto steps = (hi - lo) / step;
        const auto rounding = 4e-16 * (first + last) / step;
        const auto within = steps + 1e-9 + (rounding < 0.25 ? rounding : 0.25);
        return within < static_cast<double>(domain_limit) ? static_cast<std::size_t>(within) + 1 : domain_limit + 1;
    } else {
        // Unsigned, since the distance of two signed numbers may pass the largest of them.
        const auto steps = (static_cast<std::uint64_t>(hi) - static_cast<std::uint64_t>(lo)) / static_cast<std::uint64_t>(step);
        return steps < domain_limit ? static_cast<std::size_t>(steps) + 1 : domain_limit + 1;
    }
}

template <std::size_t N>
[[nodiscard]] constexpr double even_number(const std::array<std::int64_t, N>& words, std::size_t i) {
    return even_numbers::unpacked([&words](std::size_t k) { return words[k]; })(i);
}

template <bool Floating, class T>
[[nodiscard]] consteval auto range_words([[maybe_unused]] T first, [[maybe_unused]] T step, [[maybe_unused]] bool sound) {
    if constexpr (Floating) return sound ? stepped(first, step).packed() : std::array<std::int64_t, even_numbers::words>{};
    else return std::array<std::int64_t, 0>{};
}

/// What `uniform` and `log_range` have in common.
template <auto Lo, auto Hi>
struct interval {
    using value_type = typename given_value<std::common_type_t<decltype(Lo), decltype(Hi)>, all_of({multiplies_as_int(Lo), multiplies_as_int(Hi)})>::type;
    static constexpr bool representable = std::floating_point<value_type> || (fits_64_bits(Lo) && fits_64_bits(Hi));
};

template <auto N>
[[nodiscard]] consteval std::size_t size_of_interval(domain_fault fault) {
    if (fault != domain_fault::none) return 2; // the fault is reported
    return static_cast<std::uint64_t>(N) > domain_limit ? domain_limit + 1 : static_cast<std::size_t>(N);
}

template <auto N, class T>
[[nodiscard]] consteval domain_fault interval_fault(T low, T high) {
    if (!finite(low) || !finite(high)) return domain_fault::not_finite;
    return low < high && N >= 2 ? domain_fault::none : domain_fault::no_interval;
}

template <auto N, class T>
[[nodiscard]] consteval domain_fault uniform_fault(T low, T high) {
    if (const auto fault = interval_fault<N>(low, high); fault != domain_fault::none) return fault;
    if constexpr (std::integral<T>)
        if ((static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low)) % (static_cast<std::uint64_t>(N) - 1) != 0) return domain_fault::uneven;
    return domain_fault::none;
}

template <auto N, class T>
[[nodiscard]] consteval T uniform_step(T low, T high, domain_fault fault) {
    if (fault != domain_fault::none) return 1;
    if constexpr (std::integral<T>)
        return static_cast<T>((static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low)) / (static_cast<std::uint64_t>(N) - 1));
    else return high / static_cast<T>(N - 1) - low / static_cast<T>(N - 1); // the difference may pass the largest double
}

template <bool Floating, class T>
[[nodiscard]] consteval auto uniform_words([[maybe_unused]] T low, [[maybe_unused]] T high, [[maybe_unused]] std::size_t size,
                                           [[maybe_unused]] domain_fault fault) {
    if constexpr (Floating)
        return fault == domain_fault::none && size <= domain_limit ? divided(low, high, size - 1).packed() : std::array<std::int64_t, even_numbers::words>{};
    else return std::array<std::int64_t, 0>{};
}

template <auto N, class T>
[[nodiscard]] consteval domain_fault logarithmic_fault(T low, T high) {
    const auto fault = interval_fault<N>(low, high);
    return fault == domain_fault::none && !(low > 0) ? domain_fault::no_logarithm : fault;
}

template <std::size_t Size, class T>
[[nodiscard]] consteval auto logarithmic_words([[maybe_unused]] T low, [[maybe_unused]] T high, [[maybe_unused]] domain_fault fault) {
    using numbers = geometric_numbers<(Size <= domain_limit ? Size : 2) - 1>;
    if (fault != domain_fault::none) return std::array<std::int64_t, numbers::words>{};
    return numbers::between(low, high).packed();
}

/// Whether two values of a logarithmic domain are the same. Where the ratio is above 1 + 2^-51 (or 2^-22 for `float`), no two neighbours round to the
/// same number; whole numbers are looked at until they are more than 1 apart.
template <class Value, std::size_t Size, std::size_t N>
[[nodiscard]] consteval domain_fault crowding(const std::array<std::int64_t, N>& words, domain_fault fault) {
    if (fault != domain_fault::none || Size > domain_limit) return fault;
    const auto word = [&words](std::size_t k) { return words[k]; };
    if constexpr (std::floating_point<Value>) {
        // The smallest values have fewer digits, where they are no normal numbers.
        const auto ratio = nearest_double(geometric_number([&](std::size_t k) { return word(k + 3); }, 0));
        const auto first = nearest_double(geometric_number(word, 0)), second = nearest_double(geometric_number(word, 1));
        const bool apart = ratio > (std::same_as<Value, float> ? 1 + 0x1p-22 : 1 + 0x1p-51) && static_cast<Value>(first) < static_cast<Value>(second);
        return apart ? domain_fault::none : domain_fault::crowded;
    } else {
        auto before = nearest_whole(geometric_number(word, 0));
        for (std::size_t i = 1; i < Size; ++i) {
            const auto now = nearest_whole(geometric_number(word, i));
            if (now <= before) return domain_fault::crowded;
            if (now - before > 2) break; // and ever farther
            before = now;
        }
        return domain_fault::none;
    }
}

} // namespace detail

/// Evenly spaced numbers from `Lo` to at most `Hi`: `range<6, 12>`, `range<384, 768, 96>`, `range<0.5, 1.0, 0.25>`. Floating-point numbers are the
/// decimal ones that are written: `range<0.0f, 1.0f, 0.1f>` has 11 values, though ten times 0.1f is more than 1, and the fourth is 0.3, not 3 * 0.1.
template <literal Lo = detail::no_number{}, literal Hi = detail::no_number{}, literal Step = 1>
struct range : detail::faulty_domain {};
template <literal Lo, literal Hi, literal Step>
    requires(std::is_arithmetic_v<decltype(Lo.value)> && std::is_arithmetic_v<decltype(Hi.value)> && std::is_arithmetic_v<decltype(Step.value)>)
struct range<Lo, Hi, Step> {
    /// For integers `int`, or `std::int64_t` where the product of two values may pass an `int`; else the floating-point type.
    using value_type = typename detail::given_value<std::common_type_t<decltype(Lo.value), decltype(Hi.value), decltype(Step.value)>,
                                                    detail::all_of({detail::multiplies_as_int(Lo.value), detail::multiplies_as_int(Hi.value)})>::type;
    static constexpr bool floating = std::floating_point<value_type>;
    /// What its values are computed in.
    using number = std::conditional_t<floating, double, std::int64_t>;

    static constexpr number first = detail::number_from<number>(Lo.value);
    static constexpr number step = detail::number_from<number>(Step.value);
    static constexpr std::size_t size = detail::range_size<number>(first, detail::number_from<number>(Hi.value), step);
    static constexpr bool listed = false;
    static constexpr auto fault = detail::finite(first) && detail::finite(step) && detail::finite(Hi.value) ? detail::domain_fault::none
                                                                                                     : detail::domain_fault::not_finite;
    static constexpr auto spaced = floating ? detail::spacing::even : detail::spacing::steps;
    static constexpr auto words = detail::range_words<floating>(first, step, fault == detail::domain_fault::none);
    /// Whether all numbers fit into 64 bits with a sign; the space reports others.
    static constexpr bool representable = floating || (detail::fits_64_bits(Lo.value) && detail::fits_64_bits(Hi.value) && detail::fits_64_bits(Step.value));

    [[nodiscard]] static constexpr value_type value(std::size_t i) {
        if constexpr (floating) return static_cast<value_type>(detail::even_number(words, i));
        else return static_cast<value_type>(static_cast<std::uint64_t>(first) + i * static_cast<std::uint64_t>(step));
    }
};

/// `N` evenly spaced numbers from `Lo` to `Hi`, both ends exactly: `uniform<0.0, 0.5, 11>`. Each is the double nearest to Lo + i (Hi - Lo) / (N - 1),
/// where the ends are the decimal numbers that are written. Whole numbers stay such: `uniform<0, 100, 5>` is 0, 25, ..., 100, and refused where the
/// step is not whole.
/// @tparam Lo, Hi finite, Lo below Hi
/// @tparam N      2 or more
template <literal Lo = detail::no_number{}, literal Hi = detail::no_number{}, literal N = detail::no_number{}>
struct uniform : detail::faulty_domain {};
template <literal Lo, literal Hi, literal N>
    requires(std::is_arithmetic_v<decltype(Lo.value)> && std::is_arithmetic_v<decltype(Hi.value)> && std::integral<decltype(N.value)>)
struct uniform<Lo, Hi, N> {
    /// As that of `range`.
    using value_type = typename detail::interval<Lo.value, Hi.value>::value_type;
    static constexpr bool floating = std::floating_point<value_type>;
    using number = std::conditional_t<floating, double, std::int64_t>;

    static constexpr bool listed = false;
    static constexpr bool representable = detail::interval<Lo.value, Hi.value>::representable;
    static constexpr number first = detail::number_from<number>(Lo.value), last = detail::number_from<number>(Hi.value);
    static constexpr auto fault = detail::uniform_fault<N.value>(first, last);
    static constexpr std::size_t size = detail::size_of_interval<N.value>(fault);
    static constexpr number step = detail::uniform_step<N.value>(first, last, fault);
    static constexpr auto spaced = floating ? detail::spacing::even : detail::spacing::steps;
    static constexpr auto words = detail::uniform_words<floating>(first, last, size, fault);

    [[nodiscard]] static constexpr value_type value(std::size_t i) {
        if constexpr (floating) return static_cast<value_type>(i == 0 ? first : detail::even_number(words, i));
        else return static_cast<value_type>(static_cast<std::uint64_t>(first) + i * static_cast<std::uint64_t>(step));
    }
};

/// `N` numbers from `Lo` to `Hi`, both ends exactly, each the same multiple of the one before: `log_range<1e-5, 1e-1, 41>` has ten values a decade.
/// Value i is the double nearest to Lo (Hi / Lo)^(i / (N - 1)), where the ends are the decimal numbers that are written, so that 0.0001 is among
/// those. It is computed in 128 binary digits of whole numbers, with the same result on every compiler. Whole numbers stay such, each rounded to the
/// nearest, halves up: `log_range<16, 512, 6>` holds powers of two. Refused where two values would be the same.
/// @tparam Lo, Hi finite, 0 < Lo < Hi
/// @tparam N      2 or more
template <literal Lo = detail::no_number{}, literal Hi = detail::no_number{}, literal N = detail::no_number{}>
struct log_range : detail::faulty_domain {};
template <literal Lo, literal Hi, literal N>
    requires(std::is_arithmetic_v<decltype(Lo.value)> && std::is_arithmetic_v<decltype(Hi.value)> && std::integral<decltype(N.value)>)
struct log_range<Lo, Hi, N> {
    /// As that of `range`.
    using value_type = typename detail::interval<Lo.value, Hi.value>::value_type;
    static constexpr bool floating = std::floating_point<value_type>;
    using number = std::conditional_t<floating, double, std::int64_t>;

    static constexpr bool listed = false;
    static constexpr bool representable = detail::interval<Lo.value, Hi.value>::representable;
    static constexpr number first = detail::number_from<number>(Lo.value), last = detail::number_from<number>(Hi.value);
    /// What its table holds instead of a step: the other end.
    static constexpr number step = last;
    static constexpr auto bounds_fault = detail::logarithmic_fault<N.value>(first, last);
    static constexpr std::size_t size = detail::size_of_interval<N.value>(bounds_fault);
    static constexpr auto spaced = floating ? detail::spacing::geometric : detail::spacing::geometric_whole;
    static constexpr auto words = detail::logarithmic_words<size>(first, last, bounds_fault);
    static constexpr auto fault = detail::crowding<value_type, size>(words, bounds_fault);

    [[nodiscard]] static constexpr value_type value(std::size_t i) {
        if (i == 0) return static_cast<value_type>(first);
        if (i + 1 == size) return static_cast<value_type>(last);
        const auto x = detail::geometric_number([](std::size_t k) { return words[k]; }, i);
        if constexpr (floating) return static_cast<value_type>(detail::nearest_double(x));
        else return static_cast<value_type>(detail::nearest_whole(x));
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
    else if constexpr (std::floating_point<T>) return static_cast<T>(number_from<double>(Value.value));
    else return static_cast<T>(Value.value);
}

template <class T, literal Value>
[[nodiscard]] consteval labelled_code code_from() {
    // A domain may mix 1 and 0.5: all of it is stored as the common type.
    if constexpr (kind_of<T> == value_kind::floating) return {encode_value(number_from<double>(Value.value)), {}};
    else if constexpr (requires { Value.value.view(); }) return {encode_value(Value.value), Value.value.view()};
    else if constexpr (std::is_enum_v<decltype(Value.value)>) return {encode_value(Value.value), enum_name<Value.value>()};
    else return {encode_value(Value.value), {}};
}

} // namespace detail

/// The listed values in the listed order: `choices<1, 2, 4>`, `choices<"relu", "gelu">`, `choices<pool::max, pool::mean>`.
template <literal... Values>
struct choices {
    using common = detail::common_value<typename decltype(Values)::value_type...>;
    /// As that of `range`; `std::string_view` for strings, and the enumeration.
    using value_type = typename detail::given_value<typename common::type, detail::all_of({true, detail::multiplies_as_int(Values.value)...})>::type;
    static constexpr std::size_t size = sizeof...(Values);
    static constexpr bool listed = true;
    static constexpr bool representable = detail::all_of({true, detail::fits_64_bits(Values.value)...});

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
