#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// Whether a kept study is the one that goes on, and what differs where not.
namespace verdant {

namespace detail {

[[nodiscard]] inline std::string stored_number_text(double value) { return value != value ? "none" : exact_text(value); }

/// A description as names and values, for comparison.
using described_lines = std::vector<std::array<std::string, 2>>;

template <class = instantiated_when_used>
[[nodiscard]] described_lines space_lines(const study_description& study) {
    described_lines lines;
    for (const auto& p : study.parameters)
        lines.push_back({"parameter " + p.name, p.kind + ' ' + p.domain + (p.condition.empty() ? "" : " when " + p.condition)});
    // A constraint is named by its text, so that one more does not make all later ones differ.
    for (const auto& c : study.constraints) lines.push_back({"constraint " + c, "there"});
    return lines;
}

template <class = instantiated_when_used>
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
    lines.push_back({"order", study.order});
    lines.push_back({"fidelity", study.fidelity.empty() ? "whole evaluations" : study.fidelity});
    for (std::size_t i = 0; i < study.start_points.size(); ++i) lines.push_back({"start point " + std::to_string(i), study.start_points[i]});
    return lines;
}
VERDANT_DEFINED_ONCE(described_lines all_lines<>(const study_description&));

/// The number of twelve digits next to a value: what texts of values have where that leads back to the value.
[[nodiscard]] inline double in_twelve_digits(double value) {
    char digits[32];
    double twelve = value;
    std::from_chars(digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, 12).ptr, twelve);
    return twelve;
}

/// Whether `was` is the number `is`: that number itself; one of more digits, as JSON has them, where `is` is written in twelve; or the `float` next
/// to it in all digits or in twelve, which is how earlier versions kept 0.1f.
[[nodiscard]] inline bool same_kept_number(double was, double is, double tolerance) {
    const auto off = was > is ? was - is : is - was;
    if (off <= tolerance) return true;
    // Digits that rounding decides may lie on either side of the middle between two numbers of twelve digits.
    if (in_twelve_digits(was) == is || in_twelve_digits(was - tolerance) == is || in_twelve_digits(was + tolerance) == is) return true;
    const auto single = static_cast<double>(static_cast<float>(is));
    return was == single || was == in_twelve_digits(single);
}

/// The numbers of a domain's text, and the text between them.
template <class = instantiated_when_used>
struct domain_numbers {
    std::vector<double> numbers{};
    std::string between{};

    explicit domain_numbers(std::string_view text) {
        while (!text.empty()) {
            double number = 0;
            const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
            const auto length = read.ec == std::errc{} ? static_cast<std::size_t>(read.ptr - text.data()) : 0;
            if (length != 0) numbers.push_back(number);
            text.remove_prefix(length);
            const auto comma = std::min(text.size(), text.find(", ") == std::string_view::npos ? text.size() : text.find(", ") + 2);
            between += text.substr(0, comma);
            text.remove_prefix(comma);
        }
    }
};

/// Whether two domains of floating-point numbers have the same values: their texts may differ in digits that rounding decides.
template <class Deferred = instantiated_when_used>
[[nodiscard]] bool same_real_domain(std::string_view was, std::string_view is) {
    const domain_numbers<Deferred> a{was}, b{is};
    if (a.numbers.size() != b.numbers.size() || a.between != b.between) return false;
    double largest = 0;
    for (const auto x : b.numbers) largest = std::max(largest, x < 0 ? -x : x);
    for (std::size_t i = 0; i < a.numbers.size(); ++i)
        if (!same_kept_number(a.numbers[i], b.numbers[i], 1e-15 * largest)) return false;
    return true;
}

/// The values of a domain's text: separated by commas, some in quotation marks.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> domain_values(std::string_view text) {
    std::vector<std::string> values{{}};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!quoted && text.substr(i, 2) == ", ") {
            values.emplace_back();
            ++i;
            continue;
        }
        if (text[i] == '"') quoted = !quoted;
        values.back() += text[i];
        if (quoted && text[i] == '\\' && i + 1 < text.size()) values.back() += text[++i];
    }
    return values;
}

/// What differs between a stored parameter and the program's: both whole where they are short, else how many values they have, and the first other
/// one.
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::string parameter_difference(const stored_parameter& stored, const stored_parameter& wanted) {
    constexpr std::size_t most = 12;
    const auto a = domain_values<Deferred>(stored.domain), b = domain_values<Deferred>(wanted.domain);
    const bool all = a.size() <= most && b.size() <= most;
    const auto of = [&](const stored_parameter& p, std::size_t values) {
        return p.kind + (all ? ' ' + p.domain : " with " + std::to_string(values) + " values") + (p.condition.empty() ? "" : " when " + p.condition);
    };
    auto text = "stored " + of(stored, a.size()) + ", the program has " + of(wanted, b.size());
    if (all || stored.domain == wanted.domain) return text;
    const bool real = stored.kind == "real" && wanted.kind == "real";
    std::size_t i = 0;
    while (i < a.size() && i < b.size() && (a[i] == b[i] || (real && same_real_domain<Deferred>(a[i], b[i])))) ++i;
    const auto value = [&i](const std::vector<std::string>& values) { return i < values.size() ? values[i] : std::string{"none"}; };
    return text + ", which differ first at value " + std::to_string(i + 1) + ": stored " + value(a) + ", the program " + value(b);
}

/// A stored study with its floating-point domains as the program writes them, where they are the same numbers.
template <class Deferred = instantiated_when_used>
[[nodiscard]] study_description with_numbers_of(study_description stored, const study_description& wanted) {
    for (auto& p : stored.parameters)
        for (const auto& q : wanted.parameters)
            if (p.name == q.name && p.kind == "real" && q.kind == "real" && same_real_domain<Deferred>(p.domain, q.domain)) p.domain = q.domain;
    return stored;
}

} // namespace detail

/// A number for a space: equal for spaces with the same parameters, domains, conditions and constraints. The `fnv1a` of its
/// description, in hexadecimal digits.
template <class = instantiated_when_used>
[[nodiscard]] std::string fingerprint(const study_description& study) {
    fnv1a hash;
    for (const auto& [name, value] : detail::space_lines(study)) {
        hash.add(name);
        hash.add(0); // ends a text
        hash.add(value);
        hash.add(0);
    }
    char digits[17];
    const std::string text{digits, std::to_chars(digits, digits + sizeof digits, hash.value(), 16).ptr};
    return std::string(16 - text.size(), '0') + text;
}
VERDANT_DEFINED_ONCE(std::string fingerprint<>(const study_description&));

/// What differs between two studies, a sentence each: `parameter width: stored integer 1, 2, the program has integer 1, 2, 3`. Of domains of more
/// than twelve values it names the numbers of values and the first that differs.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> study_differences(const study_description& stored, const study_description& wanted) {
    const auto a = detail::all_lines(detail::with_numbers_of(stored, wanted)), b = detail::all_lines(wanted);
    std::vector<std::string> found;
    const auto in = [](const detail::described_lines& lines, const std::string& name) {
        return std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line[0] == name; });
    };
    const auto parameter_of = [](const study_description& d, const std::string& name) {
        return std::find_if(d.parameters.begin(), d.parameters.end(), [&](const auto& p) { return "parameter " + p.name == name; });
    };
    for (const auto& [name, value] : a) {
        const auto other = in(b, name);
        if (other == b.end()) found.push_back(name + ": stored, but the program has none");
        else if ((*other)[1] != value) {
            const auto p = parameter_of(stored, name), q = parameter_of(wanted, name);
            const bool both = p != stored.parameters.end() && q != wanted.parameters.end();
            found.push_back(name + ": " + (both ? detail::parameter_difference<>(*p, *q) : "stored " + value + ", the program has " + (*other)[1]));
        }
    }
    for (const auto& line : b)
        if (in(a, line[0]) == a.end()) found.push_back(line[0] + ": not stored, but the program has " + (line[1] == "there" ? "it" : line[1]));
    // The same lines in another order are another study: points are stored by position, and several constraints on a metric have the same name.
    if (found.empty() && a != b) found.push_back("parameters, constraints, goals or options: the order differs");
    return found;
}
VERDANT_DEFINED_ONCE(std::vector<std::string> study_differences<>(const study_description&, const study_description&));

/// Throws input_error that names all differences, at most eight of them one by one, where the studies are not the same.
/// @param source what the error calls the storage
template <class = instantiated_when_used>
void require_same_study(const study_description& stored, const study_description& wanted, std::string_view source) {
    constexpr std::size_t most = 8;
    const auto differences = study_differences(stored, wanted);
    if (differences.empty()) return;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, differences.size()); ++i) text += (i == 0 ? "" : "; ") + differences[i];
    if (differences.size() > most) text += "; and " + std::to_string(differences.size() - most) + " more";
    throw input_error{source, "", "the study of this program", "another one: " + text};
}
VERDANT_DEFINED_ONCE(void require_same_study<>(const study_description&, const study_description&, std::string_view));

} // namespace verdant
