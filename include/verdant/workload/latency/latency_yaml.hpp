#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/yaml_merge.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/yaml.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/whole_number.hpp>
#include <verdant/text/number.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

/// Latency tables in the published format: a YAML map `key: {count, mean, std}`, one file for each resolution, `<r>_lookup_table.yaml`.
namespace verdant::workload {

/// A table from text; ProxylessNAS tables have `var`, of which the root is taken, where others have `std`.
/// @param source what errors call the text
/// @throws input_error that names line and key
template <class = instantiated_when_used>
[[nodiscard]] latency_table parse_latency_yaml(const std::string& text, const std::string& source) {
    latency_table table{source};
    const auto place = [](const YAML::Mark& mark, std::string_view key) {
        return "line " + std::to_string(mark.line + 1) + (key.empty() ? "" : ", key '" + std::string{key} + '\'');
    };
    try {
        const YAML::Node root = YAML::Load(text);
        if (!root.IsMap()) throw input_error{source, "", "a map from layers to their latency", root.IsNull() ? "nothing" : "something else"};
        for (const auto& item : io::merged_entries(root, source)) {
            const auto key = item.first.as<std::string>();
            const bool is_map = item.second.IsMap();
            const auto members = is_map ? io::merged_entries(item.second, source) : io::yaml_entries{};
            const auto member = [&members](std::string_view name) {
                for (const auto& [word, value] : members)
                    if (word.IsScalar() && word.Scalar() == name) return value;
                return YAML::Node{YAML::NodeType::Undefined};
            };
            enum class absence { is_zero, is_an_error };
            const auto number = [&](const char* name, absence absent) {
                const YAML::Node value = member(name);
                if (!is_map || (absent == absence::is_an_error && !value))
                    throw input_error{source, place(item.first.Mark(), key), std::string{"a map with "} + name, "none"};
                if (!value) return 0.0;
                double result = 0;
                const std::string& scalar = value.IsScalar() ? value.Scalar() : std::string{};
                const auto read = std::from_chars(scalar.data(), scalar.data() + scalar.size(), result);
                if (read.ec != std::errc{} || read.ptr != scalar.data() + scalar.size() || scalar.empty())
                    throw input_error{source, place(value.Mark(), key), std::string{"a number for "} + name, '\'' + scalar + '\''};
                return result;
            };
            const double mean = number("mean", absence::is_an_error);
            const auto count = whole_number<std::int64_t>(number("count", absence::is_zero), 0, most_measurements, "a count of measurements", source,
                                                          place(item.first.Mark(), key));
            if (member("std") && member("var")) throw input_error{source, place(item.first.Mark(), key), "std or var", "both"};
            const double spread = number(member("std") ? "std" : "var", absence::is_zero);
            table.add(key, {mean, member("std") || !(spread >= 0) ? spread : std::sqrt(spread), count});
        }
    } catch (const YAML::Exception& e) { throw input_error{source, place(e.mark, {}), "YAML", e.msg}; }
    return table;
}
VERDANT_DEFINED_ONCE(latency_table parse_latency_yaml<>(const std::string&, const std::string&));

/// The same from a file. @throws file_error, input_error
[[nodiscard]] inline latency_table read_latency_yaml(const std::string& path) { return parse_latency_yaml(io::read_file(path), path); }

namespace detail {

/// A key of YAML: as it is where that can be nothing else, such as `Conv-input:8x8x3`, or in quotation marks.
[[nodiscard]] inline std::string yaml_key(std::string_view key) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    const bool plain = !key.empty() && letter(key.front()) && letter(key.back()) &&
                       std::all_of(key.begin(), key.end(), [&](char c) { return letter(c) || c == '-' || c == ':' || c == '.'; });
    if (plain) return std::string{key};
    constexpr const char* digits = "0123456789abcdef";
    std::string quoted = "\"";
    for (const char c : key) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x20 || code == 0x7f) (quoted += "\\x") += {digits[code / 16], digits[code % 16]};
        else (quoted += c == '"' || c == '\\' ? "\\" : "") += c;
    }
    return quoted + '"';
}

} // namespace detail

/// Text of a table; `parse_latency_yaml` reads it back exactly.
[[nodiscard]] inline std::string latency_yaml(const latency_table& table) {
    std::string text;
    for (const auto& [key, entry] : table.entries())
        text += verdant::workload::detail::yaml_key(key) + ":\n  count: " + std::to_string(entry.count) + "\n  mean: " + exact_text(entry.mean) +
                "\n  std: " + exact_text(entry.spread) + '\n';
    return text.empty() ? "{}\n" : text;
}

/// Writes a table whole or not at all. @throws file_error
inline void write_latency_yaml(const std::string& path, const latency_table& table) { io::write_file(path, latency_yaml(table)); }

} // namespace verdant::workload
