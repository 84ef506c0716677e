#pragma once

#include <verdant/meta/fixed_string.hpp>

#include <array>
#include <cstddef>
#include <string_view>

/// The nearest of several names, for messages of the compiler and of programs.
namespace verdant::detail {

/// How many characters must be changed, added or left out, or neighbours swapped, to make one word of the other (Damerau, CACM 7(3), 1964, in the
/// form that edits no substring twice).
/// @param before, last, now rows to compute in, of at least `b.size() + 1` numbers each
template <class Row>
[[nodiscard]] constexpr std::size_t edit_distance(std::string_view a, std::string_view b, Row before, Row last, Row now) {
    for (std::size_t j = 0; j <= b.size(); ++j) now[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before = last;
        last = now;
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto least = last[j] < now[j - 1] ? last[j] + 1 : now[j - 1] + 1, changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            now[j] = least < changed ? least : changed;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < now[j]) now[j] = before[j - 2] + 1;
        }
    }
    return now[b.size()];
}

/// So far a name may be from what was written; more changes than that are another word.
[[nodiscard]] constexpr std::size_t nearest_limit(std::size_t written) { return 1 + written / 3; }

/// A name that was written and one that was perhaps meant: how messages of the compiler label what they are about.
template <fixed_string Name>
struct named {};
template <fixed_string Name>
struct nearest {};
struct no_name_is_near {};

/// The number of the name nearest to the written one, `count` where none is near. A name without its first or last word is nearer than other letters
/// are.
/// @param name gives the name of a number below `count`
template <class NameOf>
[[nodiscard]] constexpr std::size_t nearest_name(std::string_view written, std::size_t count, NameOf name) {
    using row = std::array<std::size_t, 128>;
    auto least = nearest_limit(written.size()) + 1;
    auto best = count;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view other = name(i);
        if (other.size() >= row{}.size() || written.size() >= row{}.size()) continue;
        auto distance = edit_distance(written, other, row{}, row{}, row{});
        const bool part = (written.size() > 1 && other.find(written) != other.npos) || (other.size() > 1 && written.find(other) != written.npos);
        if (part && distance > 2) distance = 2;
        if (distance >= least) continue;
        least = distance;
        best = i;
    }
    return best;
}

} // namespace verdant::detail
