#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/space/json.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reduced spaces as JSON.
namespace verdant {

namespace detail {

inline constexpr std::string_view reduced_space_format = "verdant reduced space 1";

/// Reads a reduced space.
template <search_space S>
class reduced_space_reader {
public:
    using json = nlohmann::ordered_json;
    explicit reduced_space_reader(std::string_view source) : source_{source} {}

    [[nodiscard]] reduced_space<S> read(const json& file) const {
        if (!file.is_object() || !file.contains("format") || file["format"] != reduced_space_format)
            fail("", "an object whose format is '" + std::string{reduced_space_format} + '\'', "another");
        io::check_members(file, source_, "", std::array<std::string_view, 4>{"format", "points", "units", "values"});
        const auto& units = list(file, "units", "");
        constexpr auto count = reduced_space<S>::unit_count;
        if (units.size() != count) fail("units", std::to_string(count) + " units of this space", std::to_string(units.size()));
        typename reduced_space<S>::modules_type modules;
        for (std::size_t u = 0; u < count; ++u) {
            const auto place = "unit " + std::to_string(u + 1);
            if (!units[u].is_object() || !units[u].contains("unit") || units[u]["unit"] != units_of<S>[u].prefix)
                fail(place, "the unit '" + std::string{units_of<S>[u].prefix} + "' of this space", "another");
            io::check_members(units[u], source_, place + ", ", std::array<std::string_view, 2>{"unit", "modules"});
            for (const auto& m : list(units[u], "modules", place))
                modules[u].push_back(module(m, u, place + ", module " + std::to_string(modules[u].size() + 1)));
        }
        try {
            reduced_space<S> read{std::move(modules), values(file)};
            if (const auto points = read.cardinality().to_string(); file.contains("points") && file["points"] != points)
                fail("points", '"' + points + "\", as many as the modules and values make", shown(file["points"]));
            return read;
        } catch (const input_error& e) { fail(e.place(), e.expected(), e.found()); }
    }

private:
    [[noreturn]] void fail(const std::string& place, const std::string& expected, const std::string& found) const {
        throw input_error{source_, place, expected, found};
    }
    /// Not what it holds, for that may be nested without end.
    [[nodiscard]] static std::string shown(const json& value) {
        return value.is_structured() ? std::string{value.type_name()} : value.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 60);
    }
    [[nodiscard]] const json& list(const json& object, const char* name, const std::string& place) const {
        if (!object.contains(name) || !object[name].is_array())
            fail(place, "a list '" + std::string{name} + '\'', object.contains(name) ? shown(object[name]) : "none");
        return object[name];
    }

    [[nodiscard]] unit_module<S> module(const json& m, std::size_t unit, const std::string& place) const {
        if (!m.is_object() || !m.contains("values") || !m["values"].is_object()) fail(place, "an object with values", "another");
        io::check_members(m, source_, place + ", ", std::array<std::string_view, 2>{"score", "values"});
        unit_module<S> read;
        if (m.contains("score")) {
            const auto& score = m["score"];
            const bool infinite = score == "inf" || score == "-inf";
            if (!score.is_number() && !infinite) fail(place + ", score", "a number", shown(score));
            read.score = infinite ? (score == "inf" ? 1 : -1) * std::numeric_limits<double>::infinity() : score.template get<double>();
        }
        std::vector<char> given(parameter_count<S>);
        for (const auto& [name, value] : m["values"].items()) {
            const auto p = view_of<S>.find(name);
            if (p == parameter_count<S> || unit_of_parameter<S>[p] != unit) fail(place, "parameters of this unit", '\'' + name.substr(0, 60) + '\'');
            const auto index = index_of_json(view_of<S>, p, value);
            if (index == view_of<S>.domain_size(p)) fail(place + ", " + name, "one of " + domain_text(view_of<S>, p), shown(value));
            read.values[p] = static_cast<typename point<S>::index_type>(index);
            given[p] = 1;
        }
        for (std::size_t p = 0; p < parameter_count<S>; ++p)
            if (unit_of_parameter<S>[p] == unit && (given[p] != 0) != view_of<S>.active(p, read.values))
                fail(place + ", " + std::string{view_of<S>.name(p)}, given[p] != 0 ? "none, since it does not exist here" : "a value",
                     given[p] != 0 ? "one" : "none");
        return read;
    }

    [[nodiscard]] std::vector<parameter_values> values(const json& file) const {
        std::vector<parameter_values> all;
        if (!file.contains("values")) return all;
        if (!file["values"].is_object()) fail("values", "an object of lists", shown(file["values"]));
        for (const auto& [name, left] : file["values"].items()) {
            const auto p = view_of<S>.find(name);
            if (p == parameter_count<S>) fail("values", "parameters of this space", '\'' + name.substr(0, 60) + '\'');
            if (!left.is_array()) fail("values, " + name, "a list", shown(left));
            auto& v = all.emplace_back();
            v.parameter = p;
            for (const auto& value : left) {
                v.indices.push_back(index_of_json(view_of<S>, p, value));
                if (v.indices.back() == view_of<S>.domain_size(p)) fail("values, " + name, "one of " + domain_text(view_of<S>, p), shown(value));
            }
        }
        return all;
    }

    std::string_view source_;
};

} // namespace detail

/// A reduced space as JSON: the modules of each unit by the values of their parameters, with their scores, and what is left of parameters outside of
/// the units.
template <search_space S>
[[nodiscard]] nlohmann::ordered_json reduced_space_json(const reduced_space<S>& space) {
    using json = nlohmann::ordered_json;
    json file;
    file["format"] = detail::reduced_space_format;
    file["points"] = space.cardinality().to_string();
    auto& units = file["units"] = json::array();
    for (std::size_t u = 0; u < reduced_space<S>::unit_count; ++u) {
        json modules = json::array();
        for (const auto& m : space.modules(u)) {
            json values = json::object(), one;
            for (std::size_t p = 0; p < parameter_count<S>; ++p)
                if (unit_of_parameter<S>[p] == u && view_of<S>.active(p, m.values))
                    values[std::string{view_of<S>.name(p)}] = detail::parameter_json<json>(view_of<S>, p, m.values[p]);
            if (std::isfinite(m.score)) one["score"] = m.score;
            else if (!std::isnan(m.score)) one["score"] = m.score > 0 ? "inf" : "-inf";
            one["values"] = std::move(values);
            modules.push_back(std::move(one));
        }
        units.push_back({{"unit", units_of<S>[u].prefix}, {"modules", std::move(modules)}});
    }
    for (const auto& v : space.values()) {
        json left = json::array();
        for (const auto i : v.indices) left.push_back(detail::parameter_json<json>(view_of<S>, v.parameter, i));
        file["values"][std::string{view_of<S>.name(v.parameter)}] = std::move(left);
    }
    return file;
}

/// Reads what `reduced_space_json` gives. Throws input_error that names source and place for what is not one, and for one of another space.
template <search_space S>
[[nodiscard]] reduced_space<S> parse_reduced_space(std::string_view text, std::string_view source) {
    return detail::reduced_space_reader<S>{source}.read(io::parse_json<nlohmann::ordered_json>(text, source));
}

/// Reads a file. Throws file_error, or input_error that names the file and the place in it.
template <search_space S>
[[nodiscard]] reduced_space<S> read_reduced_space(const std::string& path) {
    return parse_reduced_space<S>(io::read_file(path), path);
}

/// Writes a file. Throws file_error.
template <search_space S>
void write_reduced_space(const reduced_space<S>& space, const std::string& path) {
    io::write_file(path, reduced_space_json(space).dump(1) + '\n');
}

} // namespace verdant
