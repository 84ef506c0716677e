#pragma once

#include <verdant/error.hpp>
#include <verdant/search/storage.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace verdant {

namespace detail {

[[nodiscard]] inline std::string stored_number_text(double value) {
    char digits[32];
    return value != value ? "none" : std::string{digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

/// A description as names and values, for comparison.
using described_lines = std::vector<std::array<std::string, 2>>;

template <class = void>
[[nodiscard]] described_lines space_lines(const study_description& study) {
    described_lines lines;
    for (const auto& p : study.parameters)
        lines.push_back({"parameter " + p.name, p.kind + ' ' + p.domain + (p.condition.empty() ? "" : " when " + p.condition)});
    // A constraint is named by its text, so that one more does not make all later ones differ.
    for (const auto& c : study.constraints) lines.push_back({"constraint " + c, "there"});
    return lines;
}

template <class = void>
[[nodiscard]] described_lines all_lines(const study_description& study) {
    auto lines = space_lines(study);
    for (const auto& g : study.goals) {
        std::string value = g.kind == "subject_to" ? "from " + stored_number_text(g.low) + " to " + stored_number_text(g.high)
                            : g.kind == "track"    ? "there"
                                                   : "with threshold " + stored_number_text(g.threshold);
        if (g.kind != "track") value += " (SI units)";
        lines.push_back({"goal " + g.kind + ' ' + g.metric, value});
    }
    for (std::size_t i = 0; i < study.metrics.size(); ++i) lines.push_back({"metric " + std::to_string(i), study.metrics[i]});
    lines.push_back({"optimizer", study.optimizer});
    for (const auto& [name, value] : study.options) lines.push_back({"option " + name, value});
    lines.push_back({"seed", std::to_string(study.seed)});
    lines.push_back({"batch", std::to_string(study.batch)});
    return lines;
}

} // namespace detail

/// A number for a space: equal for spaces with the same parameters, domains, conditions and constraints. FNV-1a of 64 bits (Fowler, Noll, Vo), in
/// hexadecimal digits.
template <class = void>
[[nodiscard]] std::string fingerprint(const study_description& study) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    const auto add = [&hash](std::string_view text) {
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        hash *= 0x100000001b3ULL; // ends a text
    };
    for (const auto& [name, value] : detail::space_lines(study)) {
        add(name);
        add(value);
    }
    char digits[17];
    const std::string text{digits, std::to_chars(digits, digits + sizeof digits, hash, 16).ptr};
    return std::string(16 - text.size(), '0') + text;
}

/// What differs between two studies, a sentence each: `parameter width: stored integer 1, 2, the program has integer 1, 2, 3`.
template <class = void>
[[nodiscard]] std::vector<std::string> study_differences(const study_description& stored, const study_description& wanted) {
    const auto a = detail::all_lines(stored), b = detail::all_lines(wanted);
    std::vector<std::string> found;
    const auto in = [](const detail::described_lines& lines, const std::string& name) {
        return std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line[0] == name; });
    };
    for (const auto& [name, value] : a) {
        const auto other = in(b, name);
        if (other == b.end()) found.push_back(name + ": stored, but the program has none");
        else if ((*other)[1] != value) found.push_back(name + ": stored " + value + ", the program has " + (*other)[1]);
    }
    for (const auto& line : b)
        if (in(a, line[0]) == a.end()) found.push_back(line[0] + ": not stored, but the program has " + (line[1] == "there" ? "it" : line[1]));
    // The same lines in another order are another study: points are stored by position, and several constraints on a metric have the same name.
    if (found.empty() && a != b) found.push_back("parameters, constraints, goals or options: the order differs");
    return found;
}

/// Throws input_error that names all differences, at most eight of them one by one, where the studies are not the same.
/// @param source what the error calls the storage
template <class = void>
void require_same_study(const study_description& stored, const study_description& wanted, std::string_view source) {
    constexpr std::size_t most = 8;
    const auto differences = study_differences(stored, wanted);
    if (differences.empty()) return;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, differences.size()); ++i) text += (i == 0 ? "" : "; ") + differences[i];
    if (differences.size() > most) text += "; and " + std::to_string(differences.size() - most) + " more";
    throw input_error{source, "", "the study of this program", "another one: " + text};
}

} // namespace verdant
