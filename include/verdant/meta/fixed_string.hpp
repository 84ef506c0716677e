#pragma once

#include <compare>
#include <cstddef>
#include <string_view>

namespace verdant {

/// A string that can be a template argument: `param<"width", ...>`.
/// @tparam N number of characters without the terminating zero.
template <std::size_t N>
struct fixed_string {
    char characters[N + 1]{};

    constexpr fixed_string() = default;

    // NOLINTNEXTLINE(google-explicit-constructor): a literal must convert silently to be a template argument
    constexpr fixed_string(const char (&text)[N + 1]) {
        for (std::size_t i = 0; i < N; ++i) characters[i] = text[i];
    }

    [[nodiscard]] constexpr std::string_view view() const { return {characters, N}; }
    [[nodiscard]] static constexpr std::size_t size() { return N; }

    // Not defaulted: g++ 14 takes a conjunction of defaulted comparisons of arrays for false in a constant expression.
    friend constexpr bool operator==(const fixed_string& a, const fixed_string& b) { return a.view() == b.view(); }
    friend constexpr auto operator<=>(const fixed_string& a, const fixed_string& b) { return a.view() <=> b.view(); }
};

template <std::size_t N>
fixed_string(const char (&)[N]) -> fixed_string<N - 1>;

} // namespace verdant
