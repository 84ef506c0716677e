#pragma once

#include <verdant/meta/component/json.hpp>
#include <verdant/space/text.hpp>

#include <nlohmann/json.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

/// Points as JSON.
namespace verdant {

namespace detail {

/// A value of a parameter as JSON: a number, true or false, a string.
template <class Json>
[[nodiscard]] Json parameter_json(const space_view& space, std::size_t p, std::size_t index) {
    switch (space.kind(p)) {
    case value_kind::integer: return space.code_of(p, index);
    case value_kind::boolean: return space.code_of(p, index) != 0;
    case value_kind::floating: return std::bit_cast<double>(space.code_of(p, index));
    default: return std::string{space.label(p, index)};
    }
}

/// The index of a JSON value in a domain, or the size of the domain. Numbers match by value, so 4.0 is 4.
template <class Json>
[[nodiscard]] std::size_t index_of_json(const space_view& space, std::size_t p, const Json& value) {
    const auto none = space.domain_size(p);
    switch (space.kind(p)) {
    case value_kind::integer:
        if (value.is_number_unsigned() && value.template get<std::uint64_t>() > std::uint64_t{INT64_MAX}) return none;
        if (value.is_number_integer()) return space.index_of(p, value.template get<std::int64_t>());
        if (!value.is_number_float()) return none;
        if (const auto x = value.template get<double>(); x >= -0x1p63 && x < 0x1p63 && static_cast<double>(static_cast<std::int64_t>(x)) == x)
            return space.index_of(p, static_cast<std::int64_t>(x));
        return none;
    case value_kind::boolean: return value.is_boolean() ? space.index_of(p, value.template get<bool>() ? 1 : 0) : none;
    case value_kind::floating: return value.is_number() ? space.index_of(p, std::bit_cast<std::int64_t>(value.template get<double>())) : none;
    default: return value.is_string() ? find_value(space, p, value.template get_ref<const typename Json::string_t&>()) : none;
    }
}

/// Whether some parameter's name begins with `prefix.`.
[[nodiscard]] inline bool names_begin_with(const space_view& space, std::string_view prefix) {
    for (std::size_t p = 0; p < space.size(); ++p) {
        const auto name = space.name(p);
        if (name.size() > prefix.size() && name[prefix.size()] == '.' && name.starts_with(prefix)) return true;
    }
    return false;
}

template <search_space S, class Json>
void read_members(point_builder<S>& p, const Json& members, const std::string& prefix) {
    for (auto m = members.begin(); m != members.end(); ++m) {
        // The members of an array are called 0, 1, ..., as the copies of a repeated space are.
        const auto key = members.is_object() ? m.key() : std::to_string(std::distance(members.begin(), m));
        const auto name = prefix.empty() ? key : prefix + '.' + key;
        if (m->is_structured() && names_begin_with(view_of<S>, name)) {
            read_members(p, *m, name); // no deeper than names have dots
            continue;
        }
        // Not what it holds, for it may be nested without end.
        const std::string found = m->is_structured() ? m->type_name() : m->dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60);
        const auto i = p.parameter(name, found);
        if (m->is_null()) p.set_absent(i, found);
        else p.set(i, index_of_json(view_of<S>, i, *m), found);
    }
}

} // namespace detail

/// A point as a JSON object of its parameters by full name, in order: `{"vision.width": 384, "act": "relu"}`; null for those that do not exist at it.
template <class Json = nlohmann::ordered_json, search_space S>
[[nodiscard]] Json point_json(const point<S>& p) {
    auto object = Json::object();
    for (std::size_t i = 0; i < p.size(); ++i)
        object[std::string{view_of<S>.name(i)}] = view_of<S>.active(i, p) ? detail::parameter_json<Json>(view_of<S>, i, p[i]) : Json(nullptr);
    return object;
}

/// The point of a JSON object by full names, or with nested objects for nested spaces and arrays for repeated ones:
/// `{"vision": {"width": 384}, "block": [{"depth": 2}, {"depth": 3}]}`. Parameters that do not exist at the point are null, left out, or have their
/// first value. Throws input_error that names the parameter, its values and what was found, or the constraint that the point breaks.
/// @param source   what errors call the object: a file, an entry of it
/// @param accepted `accepted_points::all` to read what `repair` is to make feasible
template <search_space S, class Json>
[[nodiscard]] point<S> point_from_json(const Json& object, std::string_view source = "point", accepted_points accepted = accepted_points::feasible) {
    if (!object.is_object()) throw input_error{source, "", "an object of parameters", object.type_name()};
    detail::point_builder<S> p{source};
    detail::read_members(p, object, "");
    return p.finish(accepted);
}

} // namespace verdant
