#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/text/closest_name.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// JSON files through nlohmann/json, with the errors of this library.
namespace verdant::io {

namespace detail {

/// `line 3, column 14`, where byte `at` of a text is.
[[nodiscard]] inline std::string place_in(std::string_view text, std::size_t at) {
    std::size_t line = 1, column = 1;
    for (const char c : text.substr(0, at)) {
        column = c == '\n' ? 1 : column + 1;
        line += c == '\n' ? 1 : 0;
    }
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// What the parser complains about, without its numbering and its own account of the place.
[[nodiscard]] inline std::string reason_in(std::string_view what) {
    if (const auto place = what.find("column "); place != std::string_view::npos)
        if (const auto colon = what.find(": ", place); colon != std::string_view::npos) return std::string{what.substr(colon + 2)};
    const auto bracket = what.find("] ");
    return std::string{bracket == std::string_view::npos ? what : what.substr(bracket + 2)};
}

/// Refuses objects that name a member twice, of which the parser would keep the last.
template <class Json>
class repeated_names {
public:
    explicit repeated_names(std::string_view source) : source_{source} {}
    bool operator()(int, typename Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::object_start) open_.emplace_back();
        if (event == Json::parse_event_t::object_end) open_.pop_back();
        if (event == Json::parse_event_t::key && !open_.back().insert(parsed.template get<std::string>()).second)
            throw input_error{source_, "", "each name once in an object", parsed.dump() + " twice"};
        return true;
    }

private:
    std::string_view source_;
    std::vector<std::set<std::string>> open_;
};

} // namespace detail

/// Reads a JSON text. Throws input_error that names the source, line and column, and says what is wrong.
/// @tparam Json `nlohmann::json`, or `nlohmann::ordered_json` to keep the order of members
/// @param source what errors call the text: a file's name
template <class Json = nlohmann::json>
[[nodiscard]] Json parse_json(std::string_view text, std::string_view source) {
    try {
        return Json::parse(text.begin(), text.end(), detail::repeated_names<Json>{source});
    } catch (const nlohmann::json::parse_error& e) {
        throw input_error{source, detail::place_in(text, e.byte == 0 ? 0 : e.byte - 1), "JSON", detail::reason_in(e.what())};
    } catch (const nlohmann::json::exception& e) { // a number beyond the range of doubles
        throw input_error{source, "", "JSON", detail::reason_in(e.what())};
    }
}
VERDANT_DEFINED_ONCE(nlohmann::json parse_json<nlohmann::json>(std::string_view, std::string_view));
VERDANT_DEFINED_ONCE(nlohmann::ordered_json parse_json<nlohmann::ordered_json>(std::string_view, std::string_view));

/// Reads a JSON file. Throws file_error or input_error, which name the file.
template <class Json = nlohmann::json>
[[nodiscard]] Json read_json(const std::string& path) {
    return parse_json<Json>(read_file(path), path);
}

/// Refuses members that nobody reads, so that a misspelt or unknown one changes nothing without a word.
/// @param where what stands before the name of a member in errors, such as `vision_cfg.`
/// @param known the names that are understood
/// @throws input_error naming the first other member and the nearest name
template <class Json, class Names>
void check_members(const Json& object, std::string_view source, const std::string& where, const Names& known) {
    for (const auto& member : object.items()) {
        const std::string& name = member.key();
        if (std::find(std::begin(known), std::end(known), name) != std::end(known)) continue;
        const auto meant = did_you_mean(name, known);
        throw input_error{source, where + name, meant.empty() ? "one of the members " + name_list(known) : "a member that is known here",
                          '\'' + name + '\'' + meant};
    }
}

namespace detail {

/// Where in a value the first number is that is not finite, as a pointer (RFC 6901) with the number behind it; empty where none is.
template <class Json>
[[nodiscard]] std::string unwritable_number(const Json& value) {
    if (value.is_number_float()) {
        const auto number = value.template get<double>();
        return std::isfinite(number) ? std::string{} : " is " + std::to_string(number);
    }
    if (!value.is_structured()) return {};
    for (const auto& one : value.items())
        if (const auto found = unwritable_number(one.value()); !found.empty()) {
            std::string name;
            for (const char c : one.key()) name += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
            return '/' + name + found;
        }
    return {};
}

} // namespace detail

/// Writes a JSON file, whole or not at all. Throws file_error, also where a string is not UTF-8 or a number is not finite, which would be null in the
/// file.
template <class Json>
void write_json(const std::string& path, const Json& value, int indent = 1) {
    if (const auto wrong = detail::unwritable_number(value); !wrong.empty()) throw file_error{path, "write", wrong + ", for which JSON has no word"};
    std::string text;
    try {
        text = value.dump(indent) + '\n';
    } catch (const nlohmann::json::exception& e) { throw file_error{path, "write", detail::reason_in(e.what())}; }
    write_file(path, text);
}
VERDANT_DEFINED_ONCE(void write_json(const std::string&, const nlohmann::json&, int));
VERDANT_DEFINED_ONCE(void write_json(const std::string&, const nlohmann::ordered_json&, int));

} // namespace verdant::io
