#pragma once

#include <verdant/error.hpp>
#include <verdant/io/csv.hpp>
#include <verdant/io/read_file.hpp>
#include <verdant/workload/latency_table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace verdant::workload {

/// Latency tables from text with the columns `key`, `count`, `mean_ms` and `std_ms` or `var_ms2`, and `resolution` where there are several tables.
/// @param source     what errors call the text
/// @param resolution of the table, where there is no such column
/// @throws input_error that names line and column
[[nodiscard]] inline latency_tables parse_latency_csv(std::string_view text, const std::string& source, int resolution = 224) {
    const auto csv = io::parse_csv(text, source);
    const auto column = [&](std::string_view name) {
        return static_cast<std::size_t>(std::find(csv.columns.begin(), csv.columns.end(), name) - csv.columns.begin());
    };
    const auto none = csv.columns.size();
    const auto key = csv.column("key"), count = csv.column("count"), mean = csv.column("mean_ms"), sizes = column("resolution");
    const auto spread = column("std_ms") != none ? column("std_ms") : csv.column("var_ms2");
    latency_tables tables;
    for (std::size_t r = 0; r < csv.rows.size(); ++r) {
        double size = resolution;
        if (sizes != none) size = csv.number(r, sizes);
        if (!(size >= 1) || size > 1e6 || size != static_cast<int>(size))
            throw input_error{source, "line " + std::to_string(csv.lines[r]) + ", column 'resolution'", "a whole number of pixels",
                              csv.rows[r][sizes]};
        const int side = static_cast<int>(size);
        auto place = tables.find(side);
        if (place == tables.end()) place = tables.emplace(side, latency_table{source + ", resolution " + std::to_string(side)}).first;
        const double number = csv.number(r, count);
        if (!(number >= 0) || number > 1e15)
            throw input_error{source, "line " + std::to_string(csv.lines[r]) + ", column 'count'", "a number of measurements", csv.rows[r][count]};
        place->second.add(csv.rows[r][key], {csv.number(r, mean), csv.number(r, spread), static_cast<std::int64_t>(number)});
    }
    return tables;
}

/// The same from a file. @throws file_error, input_error
[[nodiscard]] inline latency_tables read_latency_csv(const std::string& path, int resolution = 224) {
    return parse_latency_csv(io::read_file(path), path, resolution);
}

} // namespace verdant::workload
