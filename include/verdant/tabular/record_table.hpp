#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/whole_number.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/text.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/tabular/network_record.hpp>
#include <verdant/tabular/record_schema.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Records of many networks as one table: a row a record, with columns `result_id`, `split`, `split_pos`, one for each parameter of the space, and
/// one or two (`_mean`, `_std`) for each metric.
namespace verdant::tabular {

/// What a reader does with columns that it does not know.
enum class unknown_columns : std::uint8_t {
    refuse,
    pass_over, ///< and lists them, see `record_table::passed_over`
};

/// Records, and which of them are for what.
template <search_space S>
struct record_table {
    std::string source; ///< what errors call it
    std::vector<network_record<S>> records{};
    std::vector<std::string> splits{}; ///< of each record; empty where the table has none
    std::vector<std::int64_t> split_positions{}; ///< the place of each record in the list of its split, -1 for none; empty where the table has none
    std::vector<std::string> passed_over{}; ///< columns that were not read

    /// The names of splits, in the order in which they first appear.
    [[nodiscard]] std::vector<std::string> split_names() const {
        std::vector<std::string> names;
        for (const auto& s : splits)
            if (std::find(names.begin(), names.end(), s) == names.end()) names.push_back(s);
        return names;
    }
    /// The records of some splits, in the order of their positions; without positions in that of the table.
    /// @throws input_error where there is no such split, with the names of those that there are
    [[nodiscard]] std::vector<std::size_t> split(std::span<const std::string_view> names) const {
        for (const auto name : names)
            if (std::find(splits.begin(), splits.end(), name) == splits.end())
                throw input_error{source, "column 'split'", "records of the split '" + std::string{name} + '\'',
                                  splits.empty() ? "no such column" : "only " + io::name_list(split_names())};
        std::vector<std::size_t> chosen;
        for (std::size_t i = 0; i < splits.size(); ++i)
            if (std::find(names.begin(), names.end(), splits[i]) != names.end()) chosen.push_back(i);
        if (!split_positions.empty())
            std::sort(chosen.begin(), chosen.end(), [this](std::size_t a, std::size_t b) {
                return split_positions[a] != split_positions[b] ? split_positions[a] < split_positions[b] : a < b;
            });
        return chosen;
    }
    [[nodiscard]] std::vector<std::size_t> split(std::string_view name) const { return split(std::span{&name, 1}); }
    [[nodiscard]] bool has_split(std::string_view name) const { return std::find(splits.begin(), splits.end(), name) != splits.end(); }
    /// The names of the metrics that some record has, in the order in which they first appear.
    [[nodiscard]] std::vector<std::string> metric_names() const {
        std::vector<std::string> names;
        for (const auto& r : records)
            for (const auto& m : r.metrics)
                if (std::find(names.begin(), names.end(), m.name) == names.end()) names.push_back(m.name);
        return names;
    }
};

namespace detail {

enum class column_role : std::uint8_t { id, split, position, parameter, metric, deviation, unknown };

/// What a column holds.
struct record_column {
    column_role role = column_role::unknown;
    std::size_t parameter = 0;
    record_field field{}; ///< of a metric or its deviation
    bool platform = false;
};

/// @param parameters how many the space has
/// @param place      of a parameter's name in the space; `parameters` where it has none
[[nodiscard]] inline record_column column_of(const std::string& name, const record_schema& schema, std::size_t place, std::size_t parameters) {
    if (place < parameters) return {column_role::parameter, place};
    if (name == "result_id") return {column_role::id};
    if (name == "split") return {column_role::split};
    if (name == "split_pos") return {column_role::position};
    for (const auto* fields : {&schema.metrics, &schema.model_info})
        for (const auto& f : *fields) {
            if (f.column == name) return {column_role::metric, 0, f};
            if (f.column + "_std" == name) return {column_role::deviation, 0, f};
        }
    for (const std::string_view end : {"_mean", "_std"}) {
        if (!name.ends_with(end)) continue;
        const auto metric = name.substr(0, name.size() - end.size());
        const auto platform = platform_name::of(metric);
        if (!platform.device.empty())
            return {end == "_mean" ? column_role::metric : column_role::deviation, 0, {metric, metric + "_mean", std::string{platform.unit()}}, true};
    }
    return {};
}

/// The index of a parameter's value as tables write it: truth values may be 0 and 1, and Python's words. The size of the domain where there is none.
[[nodiscard]] inline std::size_t value_in_table(const space_view& space, std::size_t p, std::string_view text) {
    if (space.kind(p) == value_kind::boolean) {
        if (text == "1" || text == "True") text = "true";
        else if (text == "0" || text == "False") text = "false";
    }
    return find_value(space, p, text);
}

/// What its columns hold; refuses those that are missing or, where that is asked for, unknown.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<record_column> record_columns(const io::csv_table& table, const space_view& space, const record_schema& schema,
                                                        unknown_columns unknown, std::vector<std::string>& passed_over) {
    std::vector<record_column> columns;
    std::vector<std::string> known{"result_id", "split", "split_pos"};
    for (std::size_t p = 0; p < space.size(); ++p) {
        known.emplace_back(space.name(p));
        static_cast<void>(table.column(space.name(p)));
    }
    for (const auto* fields : {&schema.metrics, &schema.model_info})
        for (const auto& f : *fields) known.insert(known.end(), {f.column, f.column + "_std"});
    for (const auto& name : schema.platforms) known.insert(known.end(), {name + "_mean", name + "_std"});
    for (const auto& name : table.columns) {
        columns.push_back(column_of(name, schema, space.find(name), space.size()));
        if (columns.back().role == column_role::deviation) static_cast<void>(table.column(columns.back().field.column));
        if (columns.back().role != column_role::unknown) continue;
        if (unknown == unknown_columns::refuse)
            throw input_error{table.source, "header", "columns of records", "another, '" + name + '\'' + io::did_you_mean(name, known)};
        passed_over.push_back(name);
    }
    return columns;
}
VERDANT_DEFINED_ONCE(std::vector<record_column> record_columns<>(const io::csv_table&, const space_view&, const record_schema&, unknown_columns,
                                                                 std::vector<std::string>&));

/// Reads the fields of one row that hold metrics.
template <class = instantiated_when_used>
void read_metrics(const io::csv_table& table, std::size_t row, std::span<const record_column> columns, std::vector<recorded_metric>& metrics) {
    const auto place = [&](std::size_t c) { return "line " + std::to_string(table.lines[row]) + ", column '" + table.columns[c] + '\''; };
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (columns[c].role != column_role::metric || table.rows[row][c].empty()) continue;
        const auto& f = columns[c].field;
        const double value = table.number(row, c);
        require_metric(table.source, place(c), value, f.least, f.most, columns[c].platform);
        metrics.push_back({f.name, value, std::nullopt, f.unit});
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (columns[c].role != column_role::deviation || table.rows[row][c].empty()) continue;
        const auto& f = columns[c].field;
        const auto of = std::find_if(metrics.begin(), metrics.end(), [&f](const recorded_metric& m) { return m.name == f.name; });
        if (of == metrics.end()) throw input_error{table.source, place(c), "a mean beside the standard deviation", "none"};
        of->deviation = table.number(row, c);
        require_metric(table.source, place(c), *of->deviation, 0, f.most, false);
    }
}
VERDANT_DEFINED_ONCE(void read_metrics<>(const io::csv_table&, std::size_t, std::span<const record_column>, std::vector<recorded_metric>&));

} // namespace detail

/// Reads a table of records from text, whatever the order of its columns. A field that is empty was not measured. Without a column `result_id`, ids
/// are the numbers of rows, from 0.
/// @throws input_error that names source, line and column: where a parameter's column is missing or a column is unknown; for a value that the
/// parameter
///         lacks, a number that cannot be what it stands for, NaN among them, a deviation without a mean, an id that is there twice
template <search_space S>
[[nodiscard]] record_table<S> parse_record_table(std::string_view text, std::string_view source, const record_schema& schema = open_schema(),
                                                 unknown_columns unknown = unknown_columns::refuse) {
    const auto table = io::parse_csv(text, source);
    record_table<S> to;
    to.source = source;
    const auto columns = detail::record_columns(table, view_of<S>, schema, unknown, to.passed_over);
    std::map<std::uint64_t, std::size_t> line_of;
    constexpr std::int64_t exact = (std::int64_t{1} << 53) - 1; // the number above it reads like one that is not there
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto line = "line " + std::to_string(table.lines[row]);
        auto& record = to.records.emplace_back();
        record.id = row;
        const auto& fields = table.rows[row];
        const auto whole = [&](std::size_t c, std::int64_t least) {
            const auto value = whole_within<std::int64_t>(table.number(row, c), least, exact);
            if (!value)
                throw input_error{source, line + ", column '" + table.columns[c] + '\'', "a whole number from " + std::to_string(least) + " on",
                                  '\'' + fields[c] + '\''};
            return *value;
        };
        const auto here = table.source + ", " + line;
        verdant::detail::point_builder<S> at{here};
        for (std::size_t c = 0; c < columns.size(); ++c) {
            switch (columns[c].role) {
            case detail::column_role::id: record.id = static_cast<std::uint64_t>(whole(c, 0)); break;
            case detail::column_role::split: to.splits.push_back(fields[c]); break;
            case detail::column_role::position: to.split_positions.push_back(fields[c].empty() ? -1 : whole(c, -1)); break;
            case detail::column_role::parameter: {
                const auto p = at.parameter(table.columns[c], fields[c]);
                if (fields[c].empty()) at.set_absent(p, "''");
                else at.set(p, detail::value_in_table(view_of<S>, p, fields[c]), '\'' + fields[c] + '\'');
                break;
            }
            default: break;
            }
        }
        record.architecture = at.finish(accepted_points::feasible);
        detail::read_metrics(table, row, columns, record.metrics);
        if (const auto [other, fresh] = line_of.emplace(record.id, table.lines[row]); !fresh)
            throw input_error{source, line, "each result_id once", std::to_string(record.id) + " as in line " + std::to_string(other->second)};
    }
    return to;
}

/// Reads a table of records from a file. Throws file_error or input_error, which name the file.
template <search_space S>
[[nodiscard]] record_table<S> read_record_table(const std::string& path, const record_schema& schema = open_schema(),
                                                unknown_columns unknown = unknown_columns::refuse) {
    return parse_record_table<S>(io::read_file(path), path, schema, unknown);
}

/// The text of a table, which `parse_record_table` reads back. Truth values are 0 and 1. Metrics that the schema does not name must be of a device.
/// @throws input_error for a metric of another name, and for one in another unit than that of its name; where there are splits or positions of some
/// records, but not of all
template <search_space S>
[[nodiscard]] std::string record_table_text(const record_table<S>& table, const record_schema& schema = open_schema()) {
    for (const auto& [what, there] : {std::pair{"splits", table.splits.size()}, std::pair{"split_positions", table.split_positions.size()}})
        if (there != 0 && there != table.records.size())
            throw input_error{table.source, what, "one for each of " + std::to_string(table.records.size()) + " records, or none",
                              std::to_string(there)};
    io::csv_table to;
    to.columns = {"result_id"};
    if (!table.splits.empty()) to.columns.emplace_back("split");
    if (!table.split_positions.empty()) to.columns.emplace_back("split_pos");
    for (std::size_t p = 0; p < parameter_count<S>; ++p) to.columns.emplace_back(view_of<S>.name(p));
    struct written {
        std::string metric;
        bool has_deviation = false;
    };
    std::vector<written> metrics;
    for (const auto& name : table.metric_names()) {
        std::string column;
        std::string_view unit = platform_name::of(name).unit();
        for (const auto* fields : {&schema.metrics, &schema.model_info})
            for (const auto& f : *fields)
                if (f.name == name) column = f.column, unit = f.unit;
        if (column.empty() && platform_name::of(name).device.empty())
            throw input_error{table.source, name, "a metric of the schema, or latency_<device>, throughput_<device> or energy_<device>",
                              '\'' + name + '\''};
        for (const auto& r : table.records)
            if (const auto* const m = r.find(name)) detail::require_unit_of(table.source, "record " + std::to_string(r.id) + ", " + name, *m, unit);
        metrics.push_back({name, std::any_of(table.records.begin(), table.records.end(), [&name](const network_record<S>& r) {
                               const auto* m = r.find(name);
                               return m != nullptr && m->deviation;
                           })});
        to.columns.push_back(column.empty() ? name + "_mean" : column);
        if (metrics.back().has_deviation) to.columns.push_back((column.empty() ? name : column) + "_std");
    }
    for (std::size_t i = 0; i < table.records.size(); ++i) {
        const auto& r = table.records[i];
        auto& row = to.rows.emplace_back();
        row.push_back(std::to_string(r.id));
        if (!table.splits.empty()) row.push_back(table.splits[i]);
        if (!table.split_positions.empty()) row.push_back(std::to_string(table.split_positions[i]));
        for (std::size_t p = 0; p < parameter_count<S>; ++p) {
            if (!view_of<S>.active(p, r.architecture)) row.emplace_back();
            else if (view_of<S>.kind(p) == value_kind::boolean) row.emplace_back(view_of<S>.code_of(p, r.architecture[p]) != 0 ? "1" : "0");
            else row.push_back(value_text(view_of<S>, p, r.architecture[p]));
        }
        for (const auto& [name, has_deviation] : metrics) {
            const auto* m = r.find(name);
            row.push_back(m == nullptr ? std::string{} : exact_text(m->mean));
            if (has_deviation) row.push_back(m == nullptr || !m->deviation ? std::string{} : exact_text(*m->deviation));
        }
    }
    return io::csv_text(to);
}

/// Writes a table, whole or not at all. Throws file_error, and input_error as `record_table_text` does.
template <search_space S>
void write_record_table(const std::string& path, const record_table<S>& table, const record_schema& schema = open_schema()) {
    io::write_file(path, record_table_text(table, schema));
}

} // namespace verdant::tabular
