#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/job.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/study/study_difference.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <link.h>

/// Whether two processes are the same program for a search: same build, space, goals and evaluators. Jobs are bytes that only then mean the same to
/// both.
namespace verdant {

namespace detail {

/// The identity that linkers give what they make, in hexadecimal digits; empty where there is none.
template <class = instantiated_when_used>
[[nodiscard]] std::string build_identity() {
    std::string found;
    const auto look = [](dl_phdr_info* object, std::size_t, void* out) -> int {
        constexpr std::string_view digits = "0123456789abcdef";
        for (int h = 0; h < object->dlpi_phnum; ++h) {
            const auto& header = object->dlpi_phdr[h];
            if (header.p_type != PT_NOTE) continue;
            const auto* const bytes = reinterpret_cast<const unsigned char*>(object->dlpi_addr + header.p_vaddr);
            ElfW(Nhdr) note;
            for (std::size_t at = 0; at + sizeof note <= header.p_memsz;) {
                std::memcpy(&note, bytes + at, sizeof note);
                const auto padded = [](std::size_t n) { return (n + 3) / 4 * 4; };
                const auto name = at + sizeof note, text = name + padded(note.n_namesz);
                at = text + padded(note.n_descsz);
                if (at > header.p_memsz) break;
                if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 || std::memcmp(bytes + name, "GNU", 4) != 0) continue;
                for (std::size_t i = text; i < text + note.n_descsz; ++i)
                    *static_cast<std::string*>(out) += {digits[bytes[i] / 16U], digits[bytes[i] % 16U]};
            }
        }
        return 1; // the first object is the program
    };
    dl_iterate_phdr(look, &found);
    return found;
}
VERDANT_DEFINED_ONCE(std::string build_identity<>());

} // namespace detail

/// What makes a process able to evaluate for a search, as names and values.
struct program_identity {
    std::vector<std::array<std::string, 2>> lines{};
    friend bool operator==(const program_identity&, const program_identity&) = default;
};

/// The identity of this program for a search: the build (as far as the linker gives it one, as Debian's does), the library, the space, the goals, the
/// metrics that are sent, and the types of the evaluators. Values that evaluators hold, such as the files that they read, are not seen.
/// @param limits    of the goals
/// @param measure   the evaluators
template <class Space, class Goals>
[[nodiscard]] program_identity identity_of(const typename Goals::limits_type& limits, const evaluator_set<Space, Goals>& measure) {
    study_description described{.library = detail::library_text()};
    detail::describe_space(view_of<Space>, described);
    detail::describe_goals<Goals>(limits, described);
    described.metrics = detail::metric_names<typename Goals::metrics_type>::all();
    program_identity found{
        {{"build", detail::build_identity<>()}, {"library", described.library}, {"bytes of a job", std::to_string(sizeof(job<Space>))}}};
    for (auto& line : detail::all_lines<>(described))
        if (line[0] != "optimizer" && line[0] != "seed" && line[0] != "batch" && line[0] != "order" && line[0] != "fidelity")
            found.lines.push_back(std::move(line));
    for (std::size_t i = 0; const auto& name : measure.type_names()) found.lines.push_back({"evaluator " + std::to_string(i++), name});
    return found;
}

/// What differs in another process, a sentence each: `parameter width: integer 1, 2 there, integer 1, 2, 3 here`. Where neither space nor goals nor
/// evaluators differ it may be the build alone.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> identity_differences(const program_identity& there, const program_identity& here) {
    std::vector<std::string> found;
    const auto in = [](const program_identity& one, const std::string& name) {
        return std::find_if(one.lines.begin(), one.lines.end(), [&](const auto& line) { return line[0] == name; });
    };
    const auto pair = [](const std::string& a, const std::string& b) {
        const auto said = [](const std::string& value, std::size_t from) {
            if (value.empty()) return std::string{"unknown"};
            constexpr std::size_t most = 80;
            return (from > 0 ? "..." : "") + value.substr(from, most) + (value.size() > from + most ? "..." : "");
        };
        // Of long texts, from a little before where they differ.
        std::size_t from = 0;
        while (from < a.size() && from < b.size() && a[from] == b[from]) ++from;
        from = std::max(a.size(), b.size()) > 80 && from > 20 ? from - 20 : 0;
        return said(a, from) + " there, " + said(b, from) + " here";
    };
    for (const auto& [name, value] : there.lines) {
        const auto other = in(here, name);
        if (other == here.lines.end()) found.push_back(name + ": there, none here");
        else if ((*other)[1] != value) found.push_back(name + ": " + pair(value, (*other)[1]));
    }
    for (const auto& [name, value] : here.lines)
        if (in(there, name) == there.lines.end()) found.push_back(name + ": none there");
    if (found.empty() && there != here) found.emplace_back("parameters, constraints, goals or evaluators: the order differs");
    // That builds differ says least, where something else does.
    if (found.size() > 1 && found.front().starts_with("build: ")) std::rotate(found.begin(), found.begin() + 1, found.end());
    return found;
}

/// The differences as one text, at most eight one by one; empty where there are none.
template <class = instantiated_when_used>
[[nodiscard]] std::string identity_difference_text(const program_identity& there, const program_identity& here) {
    constexpr std::size_t most = 8;
    const auto differences = identity_differences<>(there, here);
    std::string text;
    for (std::size_t i = 0; i < std::min(most, differences.size()); ++i) text += (i == 0 ? "" : "; ") + differences[i];
    if (differences.size() > most) text += "; and " + std::to_string(differences.size() - most) + " more";
    return text;
}
VERDANT_DEFINED_ONCE(std::string identity_difference_text<>(const program_identity&, const program_identity&));

} // namespace verdant
