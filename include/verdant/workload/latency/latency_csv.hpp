#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/whole_number.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Latency tables as CSV.
namespace verdant::workload {

/// Latency tables from text with the columns `key`, `count`, `mean_ms` and `std_ms` or `var_ms2`, and `resolution` where there are several tables.
/// @param source     what errors call the text
/// @param resolution of the table, where there is no such column
/// @throws input_error that names line and column
template <class = instantiated_when_used>
[[nodiscard]] latency_tables parse_latency_csv(std::string_view text, const std::string& source, int resolution = 224) {
    const auto csv = io::parse_csv(text, source);
    const auto column = [&](std::string_view name) {
        return static_cast<std::size_t>(std::find(csv.columns.begin(), csv.columns.end(), name) - csv.columns.begin());
    };
    const auto none = csv.columns.size();
    const auto key = csv.column("key"), count = csv.column("count"), mean = csv.column("mean_ms"), sizes = column("resolution");
    const bool deviations = column("std_ms") != none;
    if (deviations && column("var_ms2") != none) throw input_error{source, "header", "std_ms or var_ms2", "both"};
    const auto spread = deviations ? column("std_ms") : csv.column("var_ms2");
    if (resolution < 1) throw input_error{source, "resolution", "a positive number of pixels", std::to_string(resolution)};
    latency_tables tables;
    for (std::size_t r = 0; r < csv.rows.size(); ++r) {
        const auto where = [&](std::string_view name) { return "line " + std::to_string(csv.lines[r]) + ", column '" + std::string{name} + '\''; };
        const int side = sizes == none ? resolution : whole_number(csv.number(r, sizes), 1, 1'000'000, "pixels", source, where("resolution"));
        auto place = tables.find(side);
        if (place == tables.end()) place = tables.emplace(side, latency_table{source + ", resolution " + std::to_string(side)}).first;
        const auto number = whole_number<std::int64_t>(csv.number(r, count), 0, most_measurements, "a count of measurements", source, where("count"));
        const double found = csv.number(r, spread);
        place->second.add(csv.rows[r][key], {csv.number(r, mean), deviations || !(found >= 0) ? found : std::sqrt(found), number});
    }
    return tables;
}
VERDANT_DEFINED_ONCE(latency_tables parse_latency_csv<>(std::string_view, const std::string&, int));

/// The same from a file. @throws file_error, input_error
[[nodiscard]] inline latency_tables read_latency_csv(const std::string& path, int resolution = 224) {
    return parse_latency_csv(io::read_file(path), path, resolution);
}

} // namespace verdant::workload
