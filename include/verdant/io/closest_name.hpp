#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace verdant::io {

/// How many characters must be changed, added or left out, or neighbours swapped, to make one word of the other (Damerau, CACM 7(3), 1964, in the
/// form that edits no substring twice).
[[nodiscard]] constexpr std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before, last, now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) now[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before = last;
        last = now;
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
        }
    }
    return now[b.size()];
}

/// `; did you mean 'model'?` where one of the names is near what was written, else nothing.
template <class Names>
[[nodiscard]] std::string did_you_mean(std::string_view written, const Names& names) {
    std::string_view best;
    std::size_t least = 1 + written.size() / 3; // more changes than that are another word
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
