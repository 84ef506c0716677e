#pragma once

#include <verdant/data/benchmark/benchmark_result.hpp>
#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

/// Results of the benchmark as JSON files.
namespace verdant::io {

namespace detail {

/// Python writes NaN and Infinity where JSON has no such numbers: outside of strings, NaN becomes null, and the others texts.
[[nodiscard]] inline std::string without_python_numbers(std::string_view text) {
    std::string out;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto rest = text.substr(at);
        std::string_view found;
        for (const std::string_view word : {"NaN", "-Infinity", "Infinity"})
            if (!quoted && found.empty() && rest.starts_with(word)) found = word;
        if (!found.empty()) {
            out += found == "NaN" ? "null" : found[0] == '-' ? "\"-inf\"" : "\"inf\"";
            at += found.size();
            continue;
        }
        if (quoted && text[at] == '\\' && at + 1 < text.size()) out += text[at++];
        else if (text[at] == '"') quoted = !quoted;
        out += text[at++];
    }
    return out;
}

} // namespace detail

/// The JSON of a result: dataset, model, pretrained, task, metrics, language, and, where recorded, classnames, templates and
/// settings, which those of the original do not have. What is not a number is null, infinite ones are the texts `"inf"` and `"-inf"`.
template <class = instantiated_when_used>
[[nodiscard]] nlohmann::ordered_json to_json(const benchmark_result& r) {
    nlohmann::ordered_json metrics = nlohmann::ordered_json::object();
    for (const auto& [name, value] : r.metrics)
        metrics[name] = std::isfinite(value) ? nlohmann::ordered_json(value)
                        : std::isnan(value)  ? nlohmann::ordered_json(nullptr)
                                             : nlohmann::ordered_json(value > 0 ? "inf" : "-inf");
    nlohmann::ordered_json out{{"dataset", r.dataset}, {"model", r.model},   {"pretrained", r.pretrained},
                               {"task", r.task},       {"metrics", metrics}, {"language", r.language}};
    if (!r.class_names.empty()) out["classnames"] = r.class_names;
    if (!r.templates.empty()) out["templates"] = r.templates;
    for (const auto& [name, value] : r.settings) out["settings"][name] = value;
    return out;
}
VERDANT_DEFINED_ONCE(nlohmann::ordered_json to_json<>(const benchmark_result&));

/// Reads a result, also one that the original wrote, with NaN in it. A truth value is 1 or 0; metrics that are not numbers, and members that are not
/// known, are passed over.
/// @param source names the text in errors
/// @throws input_error naming the member
template <class = instantiated_when_used>
[[nodiscard]] benchmark_result parse_benchmark_result(std::string_view text, const std::string& source) {
    const auto json = parse_json<nlohmann::ordered_json>(detail::without_python_numbers(text), source);
    if (!json.is_object()) throw input_error{source, "", "an object of a benchmark's result", json.type_name()};
    const auto word = [&](const char* name) {
        if (!json.contains(name) || !json[name].is_string())
            throw input_error{source, name, "a text", json.contains(name) ? json[name].type_name() : "nothing"};
        return json[name].get<std::string>();
    };
    benchmark_result out{
        .dataset = word("dataset"), .model = word("model"), .pretrained = word("pretrained"), .task = word("task"), .language = "en"};
    if (json.contains("language")) out.language = word("language");
    if (!json.contains("metrics") || !json["metrics"].is_object())
        throw input_error{source, "metrics", "an object", json.contains("metrics") ? json["metrics"].type_name() : "nothing"};
    for (const auto& [name, value] : json["metrics"].items()) {
        if (value.is_number()) out.metrics.emplace_back(name, value.template get<double>());
        else if (value.is_boolean()) out.metrics.emplace_back(name, value.template get<bool>() ? 1 : 0);
        else if (value == "inf" || value == "-inf")
            out.metrics.emplace_back(name, (value == "inf" ? 1 : -1) * std::numeric_limits<double>::infinity());
        else if (value.is_null()) out.metrics.emplace_back(name, std::numeric_limits<double>::quiet_NaN());
    }
    const auto list = [&](const char* name, std::vector<std::string>& into) {
        if (!json.contains(name) || !json[name].is_array()) return;
        for (const auto& one : json[name])
            if (one.is_string()) into.push_back(one.get<std::string>());
    };
    list("classnames", out.class_names);
    list("templates", out.templates);
    if (json.contains("settings") && json["settings"].is_object())
        for (const auto& [name, value] : json["settings"].items())
            if (value.is_string()) out.settings.emplace_back(name, value.template get<std::string>());
    return out;
}
VERDANT_DEFINED_ONCE(benchmark_result parse_benchmark_result<>(std::string_view, const std::string&));

/// Reads the file of a result. Throws file_error or input_error.
[[nodiscard]] inline benchmark_result read_benchmark_result(const std::string& path) { return parse_benchmark_result(read_file(path), path); }

/// Writes the file of a result, whole or not at all. Throws file_error.
inline void write_benchmark_result(const std::string& path, const benchmark_result& r) { write_json(path, to_json(r), 2); }

} // namespace verdant::io
