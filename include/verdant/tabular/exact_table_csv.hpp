#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/space/broken_constraint.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/spaces/nas_bench_201/nas_bench_201.hpp>
#include <verdant/tabular/exact_table.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Tables of measured points from CSV.
namespace verdant::tabular {

namespace detail {

/// The columns that are read: the wanted ones, or all that say nothing about points.
[[nodiscard]] inline std::vector<std::size_t> value_columns(const io::csv_table& table, const std::vector<std::string>& wanted,
                                                            const std::vector<bool>& of_points) {
    std::vector<std::size_t> chosen;
    for (const auto& name : wanted) {
        const auto c = table.column(name);
        if (of_points[c]) throw input_error{table.source, "columns", "columns of numbers", "'" + name + "', which says what a point is"};
        chosen.push_back(c);
    }
    for (std::size_t c = 0; wanted.empty() && c < table.columns.size(); ++c)
        if (!of_points[c]) chosen.push_back(c);
    return chosen;
}

/// The numbers of a table beside its points.
template <search_space S>
[[nodiscard]] exact_table<S> with_points(const io::csv_table& table, std::vector<point<S>> points, const std::vector<std::size_t>& columns) {
    // A duplicate is told by its line, which the table itself does not know.
    std::unordered_map<point<S>, std::size_t> lines;
    for (std::size_t r = 0; r < points.size(); ++r)
        if (const auto [at, fresh] = lines.try_emplace(points[r], table.lines[r]); !fresh)
            throw input_error{table.source, "line " + std::to_string(table.lines[r]), "each point once",
                              "the point of line " + std::to_string(at->second) + " again"};
    std::vector<std::string> names;
    for (const auto c : columns) names.push_back(table.columns[c]);
    std::vector<double> values;
    values.reserve(columns.size() * points.size());
    for (std::size_t r = 0; r < points.size(); ++r)
        for (const auto c : columns) {
            values.push_back(table.number(r, c));
            if (std::isnan(values.back()))
                throw input_error{table.source, "line " + std::to_string(table.lines[r]) + ", column '" + table.columns[c] + '\'', "a number", "NaN"};
        }
    return {table.source, std::move(names), std::move(points), std::move(values)};
}

} // namespace detail

/// A table with the points in one column.
/// @param points_in the name of that column
/// @param parse     (text, source) -> point; `spaces::parse_cell`, `parse_point<S>`
/// @param wanted    columns of numbers to read; empty: all others, which must hold numbers then
/// @throws input_error that names line and column, for a point that does not parse or comes twice, and for what is not a number
template <search_space S, class Parse>
[[nodiscard]] exact_table<S> table_by_points(const io::csv_table& table, std::string_view points_in, Parse parse,
                                             const std::vector<std::string>& wanted = {}) {
    const auto at = table.column(points_in);
    std::vector<bool> of_points(table.columns.size(), false);
    of_points[at] = true;
    std::vector<point<S>> points;
    for (std::size_t r = 0; r < table.rows.size(); ++r)
        points.push_back(
            parse(table.rows[r][at], table.source + ", line " + std::to_string(table.lines[r]) + ", column '" + table.columns[at] + '\''));
    return detail::with_points<S>(table, std::move(points), detail::value_columns(table, wanted, of_points));
}

/// A table with a column for each parameter of the space, which holds its values as text: numbers, labels, true or false (also 1 or 0, True or
/// False); nothing where a parameter does not exist.
/// @param wanted as above
/// @throws input_error that names line and column, for a value that is not one of its domain, a point that is not feasible or comes twice, and for
/// what is not a number
template <search_space S>
[[nodiscard]] exact_table<S> table_by_parameters(const io::csv_table& table, const std::vector<std::string>& wanted = {}) {
    constexpr const auto& space = view_of<S>;
    std::vector<bool> of_points(table.columns.size(), false);
    std::vector<std::size_t> column;
    for (std::size_t p = 0; p < space.size(); ++p) {
        column.push_back(table.column(space.name(p)));
        of_points[column.back()] = true;
    }
    std::vector<point<S>> points(table.rows.size());
    for (std::size_t r = 0; r < points.size(); ++r) {
        std::vector<std::size_t> absent; // an empty field says that there is no such parameter
        const auto refuse = [&](std::size_t p) {
            throw input_error{table.source, "line " + std::to_string(table.lines[r]) + ", column '" + table.columns[column[p]] + '\'',
                              "one of " + domain_text(space, p), '\'' + table.rows[r][column[p]] + '\''};
        };
        for (std::size_t p = 0; p < space.size(); ++p) {
            std::string_view text = table.rows[r][column[p]];
            if (space.kind(p) == value_kind::boolean) text = text == "1" || text == "True" ? "true" : text == "0" || text == "False" ? "false" : text;
            const auto index = find_value(space, p, text);
            if (index != space.domain_size(p)) points[r][p] = static_cast<typename point<S>::index_type>(index);
            else if (text.empty()) absent.push_back(p);
            else refuse(p);
        }
        for (const auto p : absent)
            if (space.active(p, points[r])) refuse(p);
        require_feasible(points[r], table.source, "line " + std::to_string(table.lines[r]));
    }
    return detail::with_points<S>(table, std::move(points), detail::value_columns(table, wanted, of_points));
}

/// A table of NAS-Bench-201, as many publish them: a column `cell` of cells as `spaces::parse_cell` reads them, and columns of numbers.
/// @param wanted as above. Throws as above, and file_error
[[nodiscard]] inline exact_table<spaces::nas_bench_201> read_nas_bench_201(const std::string& path, const std::vector<std::string>& wanted = {}) {
    return table_by_points<spaces::nas_bench_201>(
        io::read_csv(path), "cell", [](std::string_view text, const std::string& source) { return spaces::parse_cell(text, source); }, wanted);
}

} // namespace verdant::tabular
