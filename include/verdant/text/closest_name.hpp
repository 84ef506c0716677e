#pragma once

#include <verdant/meta/nearest_name.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The closest of several names, for "did you mean".
namespace verdant::io {

/// How many characters must be changed, added or left out, or neighbours swapped, to make one word of the other (Damerau, CACM 7(3), 1964, in the
/// form that edits no substring twice).
[[nodiscard]] constexpr std::size_t edit_distance(std::string_view a, std::string_view b) {
    using row = std::vector<std::size_t>;
    return verdant::detail::edit_distance(a, b, row(b.size() + 1), row(b.size() + 1), row(b.size() + 1));
}

/// `; did you mean 'model'?` where one of the names is near what was written, else nothing.
template <class Names>
[[nodiscard]] std::string did_you_mean(std::string_view written, const Names& names) {
    std::string_view best;
    std::size_t least = verdant::detail::nearest_limit(written.size());
    for (const std::string_view name : names) {
        auto d = edit_distance(written, name);
        // A name without its first or last word is nearer than other letters are.
        if (written.size() > 3 && name.find(written) != name.npos) d = std::min<std::size_t>(d, 2);
        if (d < least || (d == least && best.empty())) {
            least = d;
            best = name;
        }
    }
    return best.empty() ? std::string{} : "; did you mean '" + std::string{best} + "'?";
}

/// `OFA, CompOFA, MOOFA_V3`.
template <class Names>
[[nodiscard]] std::string name_list(const Names& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + std::string{name};
    return text;
}

} // namespace verdant::io
