#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/space/json.hpp>
#include <verdant/space/point.hpp>
#include <verdant/tabular/network_record.hpp>
#include <verdant/tabular/record_schema.hpp>
#include <verdant/text/number.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// Records of networks as files `result_<id>.json` in a folder, as Accel-NASBench has them (anb_dataset/anb_dataset_jsons.tar.gz):
///
///     {"architecture": {"block0_e": 1, ...}, "metrics": {"val_top1": 59.4, ...}, "model_info": {"macs": 415.4, ...},
///      "platform_perf": {"latency_zcu102": {"latency_mean": 5.02, "latency_std": null}, ...}}
///
/// A member `provenance` of texts may follow, which says how the record came about.
namespace verdant::tabular {

namespace detail {

template <class Json>
[[nodiscard]] const Json& record_member(const Json& object, std::string_view source, const std::string& where, const std::string& name) {
    const auto found = object.find(name);
    if (found == object.end()) throw input_error{source, where + name, "a value", "nothing"};
    return *found;
}

template <class Json>
[[nodiscard]] const Json& record_section(const Json& record, std::string_view source, const std::string& name) {
    const auto& section = record_member(record, source, "", name);
    if (!section.is_object()) throw input_error{source, name, "an object", section.type_name()};
    return section;
}

/// What an error shows of a value, which may be nested without end.
template <class Json>
[[nodiscard]] std::string shown_json(const Json& value) {
    return value.is_structured() ? value.type_name() : value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60);
}

/// The number of a member, or nothing where it is null.
template <class Json>
[[nodiscard]] std::optional<double> number_or_null(const Json& object, std::string_view source, const std::string& where, const std::string& name) {
    const auto& value = record_member(object, source, where, name);
    if (value.is_null()) return std::nullopt;
    if (!value.is_number()) throw input_error{source, where + name, "a number or null", shown_json(value)};
    return value.template get<double>();
}

template <class Json>
void read_fields(const Json& record, std::string_view source, const std::string& section, const std::vector<record_field>& fields,
                 std::vector<recorded_metric>& metrics) {
    const auto& object = record_section(record, source, section);
    std::vector<std::string> known;
    for (const auto& f : fields) known.push_back(f.name);
    io::check_members(object, source, section + '.', known);
    for (const auto& f : fields) {
        const auto value = number_or_null(object, source, section + '.', f.name);
        if (!value) throw input_error{source, section + '.' + f.name, "a number", "null"};
        require_metric(source, section + '.' + f.name, *value, f.least, f.most, false);
        metrics.push_back({f.name, *value, std::nullopt, f.unit});
    }
}

template <class Json>
void read_platforms(const Json& record, std::string_view source, const record_schema& schema, std::vector<recorded_metric>& metrics) {
    const std::string section = "platform_perf";
    const auto& object = record_section(record, source, section);
    for (const auto& name : schema.platforms) static_cast<void>(record_member(object, source, section + '.', name));
    for (const auto& [name, value] : object.items()) {
        const auto where = section + '.' + name;
        const auto platform = platform_name::of(name);
        if (platform.device.empty())
            throw input_error{source, where, "latency_<device>, throughput_<device> or energy_<device>",
                              '\'' + name + '\'' + io::did_you_mean(name, schema.platforms)};
        if (!value.is_object()) throw input_error{source, where, "an object of a mean and a standard deviation", shown_json(value)};
        const std::array<std::string, 2> known{std::string{platform.quantity} + "_mean", std::string{platform.quantity} + "_std"};
        io::check_members(value, source, where + '.', known);
        const auto mean = number_or_null(value, source, where + '.', known[0]), deviation = number_or_null(value, source, where + '.', known[1]);
        if (deviation && !mean) throw input_error{source, where + '.' + known[0], "a mean beside the standard deviation", "null"};
        if (!mean) continue;
        metrics.push_back({name, *mean, deviation, std::string{platform.unit()}});
        require_platform_metric(source, where, metrics.back());
    }
}

/// The originals write truth values as numbers, Python's texts, or JSON has them; a parameter that is a truth value takes any of these.
template <search_space S, class Json>
[[nodiscard]] Json with_truth_values(Json architecture) {
    for (auto& [name, value] : architecture.items()) {
        const auto p = view_of<S>.find(name);
        if (p == parameter_count<S> || view_of<S>.kind(p) != value_kind::boolean) continue;
        if (value == "True" || value == "true" || value == 1) value = true;
        else if (value == "False" || value == "false" || value == 0) value = false;
    }
    return architecture;
}

} // namespace detail

/// The record of a JSON object.
/// @param source what errors call it: a file
/// @throws input_error that names source and member: where one is missing, unknown, or another kind of value; where a parameter of the architecture
/// is
///         missing or has no such value; where a number cannot be what it stands for
template <search_space S, class Json>
[[nodiscard]] network_record<S> record_from_json(const Json& from, std::uint64_t id, std::string_view source, const record_schema& schema) {
    if (!from.is_object()) throw input_error{source, "", "an object of a network and its metrics", from.type_name()};
    static constexpr std::array<std::string_view, 5> known{"architecture", "metrics", "model_info", "platform_perf", "provenance"};
    io::check_members(from, source, "", known);
    network_record<S> record;
    record.id = id;
    record.architecture = point_from_json<S>(detail::with_truth_values<S>(detail::record_section(from, source, "architecture")),
                                             std::string{source} + ", architecture");
    detail::read_fields(from, source, "metrics", schema.metrics, record.metrics);
    detail::read_fields(from, source, "model_info", schema.model_info, record.metrics);
    detail::read_platforms(from, source, schema, record.metrics);
    if (from.contains("provenance")) {
        for (const auto& [name, value] : detail::record_section(from, source, "provenance").items()) {
            if (!value.is_string()) throw input_error{source, "provenance." + name, "a text", detail::shown_json(value)};
            record.provenance.emplace_back(name, value.template get<std::string>());
        }
    }
    return record;
}

/// A record as such an object.
/// @throws input_error where it lacks a metric that the schema has, or has one that the schema does not know; where a number is not finite, or in
/// another
///         unit than the schema's; for a standard deviation of what is not measured on a device, for which these files have no place
template <search_space S>
[[nodiscard]] nlohmann::ordered_json record_json(const network_record<S>& record, const record_schema& schema) {
    const auto source = "record " + std::to_string(record.id);
    const nlohmann::ordered_json nothing = nullptr, object = nlohmann::ordered_json::object();
    nlohmann::ordered_json to{
        {"architecture", point_json(record.architecture)}, {"metrics", object}, {"model_info", object}, {"platform_perf", object}};
    std::vector<std::string> written;
    const auto fields = [&](const char* section, const std::vector<record_field>& of) {
        for (const auto& f : of) {
            const auto* m = record.find(f.name);
            if (m == nullptr) throw input_error{source, f.name, "a number", "nothing"};
            detail::require_metric(source, f.name, m->mean, f.least, f.most, false);
            detail::require_unit_of(source, f.name, *m, f.unit);
            if (m->deviation)
                throw input_error{source, f.name, "no standard deviation, for which these files have no place; tables have one",
                                  exact_text(*m->deviation)};
            to[section][f.name] = m->mean;
            written.push_back(f.name);
        }
    };
    fields("metrics", schema.metrics);
    fields("model_info", schema.model_info);
    const auto platform = [&](const std::string& name, const recorded_metric* m) {
        const auto quantity = std::string{platform_name::of(name).quantity};
        if (m != nullptr) {
            detail::require_platform_metric(source, name, *m);
            detail::require_unit_of(source, name, *m, platform_name::of(name).unit());
        }
        auto& entry = to["platform_perf"][name] = object;
        entry[quantity + "_mean"] = m == nullptr ? nothing : nlohmann::ordered_json(m->mean);
        entry[quantity + "_std"] = m == nullptr || !m->deviation ? nothing : nlohmann::ordered_json(*m->deviation);
        written.push_back(name);
    };
    for (const auto& name : schema.platforms) platform(name, record.find(name));
    for (const auto& m : record.metrics) {
        if (std::find(written.begin(), written.end(), m.name) != written.end()) continue;
        if (platform_name::of(m.name).device.empty())
            throw input_error{source, m.name, "a metric of the schema, or latency_<device>, throughput_<device> or energy_<device>",
                              '\'' + m.name + '\''};
        platform(m.name, &m);
    }
    for (const auto& [name, text] : record.provenance) to["provenance"][name] = text;
    return to;
}

/// The name of a record's file.
[[nodiscard]] inline std::string record_file_name(std::uint64_t id) { return "result_" + std::to_string(id) + ".json"; }

/// The number of a record by the name of its file; nothing where it is the name of no record.
[[nodiscard]] inline std::optional<std::uint64_t> record_id_of(std::string_view file_name) {
    constexpr std::string_view before = "result_", after = ".json";
    if (!file_name.starts_with(before) || !file_name.ends_with(after) || file_name.size() <= before.size() + after.size()) return std::nullopt;
    const auto digits = file_name.substr(before.size(), file_name.size() - before.size() - after.size());
    std::uint64_t id = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || record_file_name(id) != file_name) return std::nullopt;
    return id;
}

/// Writes a record into a folder, whole or not at all, under the name of its id. Throws file_error, and input_error as `record_json` does.
/// @return the path
template <search_space S>
std::string write_record(const std::string& folder, const network_record<S>& record, const record_schema& schema) {
    auto path = (std::filesystem::path{folder} / record_file_name(record.id)).string();
    io::write_json(path, record_json(record, schema), 2);
    return path;
}

/// Reads the record of a file, whose name is `result_<id>.json`. Throws file_error, or input_error as `record_from_json` does.
template <search_space S>
[[nodiscard]] network_record<S> read_record(const std::string& path, const record_schema& schema) {
    const auto id = record_id_of(std::filesystem::path{path}.filename().string());
    if (!id) throw input_error{path, "name", "result_<number>.json", '\'' + std::filesystem::path{path}.filename().string() + '\''};
    return record_from_json<S>(io::parse_json<nlohmann::ordered_json>(io::read_file(path), path), *id, path, schema);
}

/// Reads all records of a folder, in the order of their ids. Files of other names, such as logs, are left alone; one that is named nearly like a
/// record (`result_07.json`, `result_a.json`) is refused. Throws file_error or input_error, which name the file.
template <search_space S>
[[nodiscard]] std::vector<network_record<S>> read_records(const std::string& folder, const record_schema& schema) {
    std::error_code failure;
    std::vector<std::uint64_t> ids;
    for (auto file = std::filesystem::directory_iterator{folder, failure}; !failure && file != std::filesystem::directory_iterator{};
         file.increment(failure)) {
        const auto name = file->path().filename().string();
        if (!name.starts_with("result_") || !name.ends_with(".json")) continue;
        const auto id = record_id_of(name);
        if (!id) throw input_error{file->path().string(), "name", "result_<number>.json, without zeros before the number", '\'' + name + '\''};
        ids.push_back(*id);
    }
    if (failure) throw file_error{folder, "list", failure.message()};
    std::sort(ids.begin(), ids.end());
    std::vector<network_record<S>> records;
    for (const auto id : ids) records.push_back(read_record<S>((std::filesystem::path{folder} / record_file_name(id)).string(), schema));
    return records;
}

} // namespace verdant::tabular
