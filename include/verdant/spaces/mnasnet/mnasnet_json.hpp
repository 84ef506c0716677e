#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/numeric/whole_number.hpp>
#include <verdant/space/json.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/text.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/mnasnet/mnasnet_forms.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// The forms of `mnasnet_forms.hpp` as JSON.
namespace verdant::spaces {

namespace detail {

[[nodiscard]] inline std::string short_json(const nlohmann::json& value) {
    if (value.is_structured()) return value.type_name();
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).substr(0, 60);
}

/// A whole number that fits an `int`.
[[nodiscard]] inline int whole_json(const nlohmann::json& value, std::string_view source, const std::string& place) {
    if (!value.is_number()) throw input_error{source, place, "a whole number", short_json(value)};
    return whole_number<int>(value.get<double>(), std::numeric_limits<int>::min(), std::numeric_limits<int>::max(), "a number", source, place);
}

/// true, false, 1, 0, "True" or "False".
[[nodiscard]] inline bool truth_json(const nlohmann::json& value, std::string_view source, const std::string& place) {
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_integer() && (value == 0 || value == 1)) return value == 1;
    if (value == "True" || value == "true") return true;
    if (value == "False" || value == "false") return false;
    throw input_error{source, place, "true or false", short_json(value)};
}

inline const nlohmann::json& list_json(const nlohmann::json& value, std::size_t size, std::string_view source, const std::string& place) {
    if (!value.is_array()) throw input_error{source, place, "a list of " + std::to_string(size), short_json(value)};
    if (value.size() != size) throw input_error{source, place, "a list of " + std::to_string(size), "one of " + std::to_string(value.size())};
    return value;
}

} // namespace detail

/// A point as a dictionary: `{"block0_e": 6, ..., "block0_se": true, ...}`.
[[nodiscard]] inline nlohmann::ordered_json dictionary_json(const point<mnasnet>& p) { return point_json(p); }

/// A point as rows: `[["MB", 6, 3, 1, 32, 16, 1, true], ...]`.
[[nodiscard]] inline nlohmann::ordered_json rows_json(const point<mnasnet>& p) {
    auto rows = nlohmann::ordered_json::array();
    for (const auto& r : rows_of(p)) rows.push_back({"MB", r.expansion, r.kernel, r.stride, r.in, r.out, r.layers, r.excitation});
    return rows;
}

/// A point as lists: `[[6, ...], [3, ...], [1, ...], [true, ...]]`, which are e, k, l and se.
[[nodiscard]] inline nlohmann::ordered_json lists_json(const point<mnasnet>& p) {
    const auto d = design_of(p);
    return nlohmann::ordered_json::array({d.e, d.k, d.l, d.se});
}

/// A point as its indices, or as actions: `[2, 0, 0, 1, ...]`.
[[nodiscard]] inline nlohmann::ordered_json indices_json(const point<mnasnet>& p) { return indices_of(p); }

/// The point of a dictionary; truth may be text or a number.
/// @throws input_error that names the parameter, if one is unknown, missing, or has a value that is not in its domain
[[nodiscard]] inline point<mnasnet> point_from_dictionary(const nlohmann::json& from, std::string_view source = "configuration") {
    if (!from.is_object()) throw input_error{source, "", "an object of parameters", verdant::spaces::detail::short_json(from)};
    verdant::detail::point_builder<mnasnet> p{source};
    for (const auto& [name, value] : from.items()) {
        const auto found = verdant::spaces::detail::short_json(value);
        const auto i = p.parameter(name, found);
        const auto none = view_of<mnasnet>.domain_size(i);
        auto index = verdant::detail::index_of_json(view_of<mnasnet>, i, value);
        if (index == none && view_of<mnasnet>.kind(i) == value_kind::boolean && !value.is_structured())
            index = verdant::spaces::detail::index_of_choice(i, value.is_string() ? value.get<std::string>() : found);
        p.set(i, index, found);
    }
    return p.finish(accepted_points::feasible);
}

/// The point of rows.
/// @throws input_error that names block and entry, for blocks that are not `MB`, entries of another kind, and what `point_of` refuses
[[nodiscard]] inline point<mnasnet> point_from_rows(const nlohmann::json& from, std::string_view source = "design") {
    using namespace verdant::spaces::detail;
    std::array<mnasnet_row, mnasnet_block_count> rows;
    list_json(from, rows.size(), source, "");
    for (std::size_t b = 0; b < rows.size(); ++b) {
        const auto place = "block" + std::to_string(b);
        const auto& row = list_json(from[b], 8, source, place);
        if (row[0] != "MB") throw input_error{source, place + ", kind", "MB, the only one of the space", short_json(row[0])};
        const auto number = [&](std::size_t i, const char* what) { return whole_json(row[i], source, place + ", " + what); };
        rows[b] = {number(1, "expansion"),
                   number(2, "kernel"),
                   number(3, "stride"),
                   number(4, "input channels"),
                   number(5, "output channels"),
                   number(6, "layers"),
                   truth_json(row[7], source, place + ", excitation")};
    }
    return point_of(rows, source);
}

/// The point of lists: an array of four, or an object with `e`, `k`, `l` and `se`.
/// @throws input_error that names list and entry
[[nodiscard]] inline point<mnasnet> point_from_lists(const nlohmann::json& from, std::string_view source = "network") {
    using namespace verdant::spaces::detail;
    constexpr std::array names{"e", "k", "l", "se"};
    if (!from.is_object()) {
        list_json(from, names.size(), source, "");
    } else {
        for (const auto& member : from.items())
            if (std::find(names.begin(), names.end(), member.key()) == names.end())
                throw input_error{source, member.key(), "only e, k, l and se", "another member"};
    }
    std::array<std::array<int, mnasnet_block_count>, 3> numbers{};
    mnasnet_design d;
    for (std::size_t n = 0; n < names.size(); ++n) {
        if (from.is_object() && !from.contains(names[n])) throw input_error{source, names[n], "a list of 7", "nothing"};
        const auto& list = list_json(from.is_object() ? from[names[n]] : from[n], mnasnet_block_count, source, names[n]);
        for (std::size_t b = 0; b < mnasnet_block_count; ++b) {
            const auto place = std::string{names[n]} + '[' + std::to_string(b) + ']';
            if (n < 3) numbers[n][b] = whole_json(list[b], source, place);
            else d.se[b] = truth_json(list[b], source, place);
        }
    }
    d.e = numbers[0];
    d.k = numbers[1];
    d.l = numbers[2];
    return point_of(d, source);
}

/// The point of 28 indices, or actions.
/// @throws input_error that names the parameter
[[nodiscard]] inline point<mnasnet> point_from_indices(const nlohmann::json& from, std::string_view source = "vector of indices") {
    verdant::spaces::detail::list_json(from, parameter_count<mnasnet>, source, "");
    std::vector<double> numbers;
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (!from[i].is_number()) throw input_error{source, view_of<mnasnet>.name(i), "an index", verdant::spaces::detail::short_json(from[i])};
        numbers.push_back(from[i].get<double>());
    }
    return point_of_indices<double>(numbers, source);
}

/// The point of any of these forms, which is told from how the value is made: an object with `e` holds lists, any other one is a dictionary; four
/// entries are lists, seven are rows, anything else must be 28 indices.
/// @throws input_error as the reader of the form does
[[nodiscard]] inline point<mnasnet> mnasnet_from_json(const nlohmann::json& from, std::string_view source = "network") {
    if (from.is_object()) return from.contains("e") ? point_from_lists(from, source) : point_from_dictionary(from, source);
    if (from.is_array() && from.size() == 4) return point_from_lists(from, source);
    if (from.is_array() && from.size() == mnasnet_block_count) return point_from_rows(from, source);
    return point_from_indices(from, source);
}

} // namespace verdant::spaces
