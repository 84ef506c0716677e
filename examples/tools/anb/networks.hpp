// Networks that a user names: by a name, in any of the forms of Accel-NASBench's programs, or in a file.
#pragma once

#include "data.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/space/text.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_json.hpp>
#include <verdant/tabular/record_table.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace anb {

/// A network and what its user calls it.
struct named_network {
    std::string name;
    vd::point<mnasnet> architecture{};
};

namespace detail {

[[nodiscard]] inline bool has_ending(const std::string& text, std::string_view ending) { return text.size() > ending.size() && text.ends_with(ending); }

/// The networks of a table with a column for each parameter; other columns are passed over, but for `result_id`, `model` and `name`, which name them.
inline void add_table(const std::string& path, std::vector<named_network>& to) {
    const auto table = vd::tabular::read_record_table<mnasnet>(path, vd::tabular::open_schema(), vd::tabular::unknown_columns::pass_over);
    const auto text = vd::io::read_csv(path);
    std::size_t names = text.columns.size();
    for (const auto* name : {"name", "model", "result_id"})
        for (std::size_t c = 0; c < text.columns.size(); ++c)
            if (names == text.columns.size() && text.columns[c] == name) names = c;
    for (std::size_t i = 0; i < table.records.size(); ++i)
        to.push_back({names < text.columns.size() ? text.rows[i][names] : "line " + std::to_string(text.lines[i]), table.records[i].architecture});
}

/// The networks of a JSON text: one in any form, or a list of them.
inline void add_json(const std::string& json, const std::string& source, std::vector<named_network>& to) {
    const auto from = vd::io::parse_json(json, source);
    const bool one = from.is_object() || (from.is_array() && !from.empty() && from[0].is_number()) ||
                     (from.is_array() && (from.size() == 4 || from.size() == 7) && from[0].is_array() && !from[0].empty() && !from[0][0].is_array() &&
                      (from.size() == 4 ? from[0].size() == 7 : from[0].size() == 8));
    if (one) {
        to.push_back({source, vd::spaces::mnasnet_from_json(from, source)});
        return;
    }
    if (!from.is_array() || from.empty()) throw vd::input_error{source, "", "a network, or a list of networks", from.is_array() ? "an empty list" : from.type_name()};
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto name = source + '[' + std::to_string(i) + ']';
        to.push_back({name, vd::spaces::mnasnet_from_json(from[i], name)});
    }
}

} // namespace detail

/// What --network says it takes.
inline constexpr const char* network_forms =
    "a name (EfficientNet-B0, zcu102-a, ...); 28 indices 2,0,1,...; JSON of a dictionary, rows or lists; name=value pairs; or a file of networks, .csv or .json";

/// The networks of texts, each a name, a form or a file.
/// @throws input_error or file_error that names the text
[[nodiscard]] inline std::vector<named_network> networks_of(const std::vector<std::string>& texts) {
    std::vector<named_network> to;
    for (const auto& text : texts) {
        const auto first = text.find_first_not_of(" \t\n");
        if (detail::has_ending(text, ".csv")) detail::add_table(text, to);
        else if (detail::has_ending(text, ".json")) detail::add_json(vd::io::read_file(text), text, to);
        else if (first != text.npos && (text[first] == '{' || text[first] == '[')) detail::add_json(text, "network " + std::to_string(to.size() + 1), to);
        else if (text.find('=') != text.npos) to.push_back({"network " + std::to_string(to.size() + 1), vd::parse_point<mnasnet>(text, "--network")});
        else if (text.find(',') != text.npos) detail::add_json('[' + text + ']', "network " + std::to_string(to.size() + 1), to);
        else to.push_back({text, vd::spaces::mnasnet_named(text)});
    }
    return to;
}

} // namespace anb
