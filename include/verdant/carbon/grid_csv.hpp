#pragma once

#include <verdant/carbon/grid_series.hpp>
#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/utc.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Hourly carbon intensities from the CSV files that Electricity Maps lets its users download, in both generations of their columns.
namespace verdant::carbon {

/// Whether an intensity counts what plants emit, or their building, fuels and waste too.
enum class accounting : unsigned char { life_cycle, direct };
/// What becomes of hours that a file leaves out.
enum class gaps : unsigned char { refused, previous, interpolated };
/// What becomes of hours that a file has twice. `refused` is for rows that are equal in their value, too.
enum class duplicates : unsigned char { refused, first, last };
/// What becomes of fields that are empty or NaN. Gaps before the first number and behind the last one have nothing to be filled with: there, a series is shorter.
enum class missing : unsigned char { refused, as_gaps };
/// What becomes of times with another offset than that of UTC.
enum class offsets : unsigned char { refused, converted };

/// How a file is read. Nothing is repaired that is not asked for.
struct grid_csv_options {
    carbon::accounting accounting = accounting::life_cycle;
    std::string zone{}; ///< id or name of the grid, where a file has several
    carbon::gaps gaps = gaps::refused;
    carbon::duplicates duplicates = duplicates::refused;
    carbon::missing missing = missing::refused;
    carbon::offsets offsets = offsets::refused;
    std::size_t longest_gap = 24; ///< hours that are filled at most, where gaps are
};

/// What was read, and what was done to it.
struct grid_csv {
    grid_series series;
    std::size_t filled = 0; ///< hours that the file did not have
    std::size_t passed_over = 0; ///< rows of hours that it had twice
    std::size_t estimated = 0; ///< hours that the file calls estimated (`Data estimated`)
};

namespace detail {

[[nodiscard]] inline std::string lower_case(std::string_view text) {
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

/// `2024-01-31 17:00`, also with T, seconds, and Z or an offset as +01:00. Seconds since 1970, UTC, and whether the offset is another than 0.
struct stamp {
    std::int64_t seconds = 0;
    bool elsewhere = false;
};
[[nodiscard]] inline std::optional<stamp> read_stamp(std::string_view text) {
    const auto number = [&text](std::size_t digits) -> std::int64_t {
        if (text.size() < digits) return -1;
        std::int64_t value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (text[i] < '0' || text[i] > '9') return -1;
            value = 10 * value + (text[i] - '0');
        }
        text.remove_prefix(digits);
        return value;
    };
    const auto skip = [&text](std::string_view any) {
        if (text.empty() || any.find(text[0]) == std::string_view::npos) return false;
        text.remove_prefix(1);
        return true;
    };
    const auto year = number(4);
    if (year < 1 || !skip("-")) return std::nullopt;
    const auto month = number(2);
    if (month < 1 || month > 12 || !skip("-")) return std::nullopt;
    const auto day = number(2);
    if (day < 1 || !skip(" T")) return std::nullopt;
    const auto hour = number(2);
    if (hour < 0 || hour > 23 || !skip(":")) return std::nullopt;
    const auto minute = number(2);
    if (minute < 0 || minute > 59) return std::nullopt;
    std::int64_t second = 0;
    if (skip(":") && ((second = number(2)) < 0 || second > 59)) return std::nullopt;
    if (skip(".")) {
        // Fractions of a second, of which only zeros fit an hour.
        std::size_t zeros = 0;
        while (skip("0")) ++zeros;
        if (zeros == 0) return std::nullopt;
    }
    const verdant::detail::civil_date date{year, month, day};
    const auto days = verdant::detail::days_from_civil(date);
    if (verdant::detail::civil_from_days(days).day != day) return std::nullopt; // February 30
    stamp s{((days * 24 + hour) * 60 + minute) * 60 + second, false};
    if (skip("Zz")) return text.empty() ? std::optional{s} : std::nullopt;
    if (text.empty()) return s;
    const bool west = text[0] == '-';
    if (!skip("+-")) return std::nullopt;
    const auto off_hours = number(2);
    const bool minutes_follow = skip(":") || !text.empty();
    const auto off_minutes = minutes_follow ? number(2) : 0;
    if (off_hours < 0 || off_hours > 23 || off_minutes < 0 || off_minutes > 59 || !text.empty()) return std::nullopt;
    const auto offset = (off_hours * 60 + off_minutes) * 60;
    s.seconds += west ? offset : -offset;
    s.elsewhere = offset != 0;
    return s;
}

/// The column of intensities: `Carbon Intensity gCO2eq/kWh (LCA)` of the first generation, `Carbon intensity gCO2eq/kWh (Life cycle)` of the second, with the 2
/// as a subscript.
[[nodiscard]] inline std::size_t intensity_column(const io::csv_table& table, accounting wanted) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto name = lower_case(table.columns[i]);
        const bool fits = wanted == accounting::direct ? name.ends_with("(direct)") : name.ends_with("(lca)") || name.ends_with("(life cycle)");
        if (!name.starts_with("carbon intensity g") || name.find("/kwh") == std::string::npos || !fits) continue; // pounds a MWh are no grams
        // As where files of both generations were put together: each has half of the hours.
        if (found)
            throw input_error{table.source, "header", "one column of these intensities",
                              '\'' + table.columns[*found] + "' and '" + table.columns[i] + '\''};
        found = i;
    }
    if (found) return *found;
    return table.column(wanted == accounting::direct ? "Carbon intensity gCO\u2082eq/kWh (direct)" : "Carbon intensity gCO\u2082eq/kWh (Life cycle)");
}
[[nodiscard]] inline std::optional<std::size_t> column_of(const io::csv_table& table, std::string_view lower_name) {
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (lower_case(table.columns[i]) == lower_name) return i;
    return std::nullopt;
}

struct grid_row {
    std::int64_t hour;
    std::size_t row;
    double grams; ///< NaN where it is missing
};

} // namespace detail

/// Reads intensities from text.
/// @param source what errors call the text: a file's name
/// @throws input_error that names source, line and column: where a column is missing; for a time that cannot be read, has an offset, or does not begin an hour; for
/// an intensity that is negative, above 10000, no number or missing; for several zones of which none is chosen; for hours that are twice or left out, naming
/// them. What the options ask for is repaired instead.
template <class = instantiated_when_used>
[[nodiscard]] grid_csv parse_grid_csv(std::string_view text, std::string_view source, const grid_csv_options& options = {}) {
    const auto table = io::parse_csv(text, source);
    const auto time = detail::column_of(table, "datetime (utc)");
    const auto time_column = time ? *time : table.column("Datetime (UTC)");
    const auto intensity = detail::intensity_column(table, options.accounting);
    const auto zone_id = detail::column_of(table, "zone id"), zone_name = detail::column_of(table, "zone name"),
               estimated = detail::column_of(table, "data estimated");
    const auto place = [&](std::size_t row, std::size_t column) {
        return "line " + std::to_string(table.lines[row]) + ", column '" + table.columns[column] + '\'';
    };
    const auto has = [&](std::size_t row, const std::optional<std::size_t>& column, std::string_view value) {
        return column && table.rows[row][*column] == value;
    };

    std::vector<detail::grid_row> rows;
    std::optional<std::string> zone;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        if (!options.zone.empty() && !has(i, zone_id, options.zone) && !has(i, zone_name, options.zone)) continue;
        const auto named = zone_id ? table.rows[i][*zone_id] : zone_name ? table.rows[i][*zone_name] : std::string{};
        if (!zone) zone = named;
        else if (*zone != named)
            throw input_error{source, place(i, zone_id ? *zone_id : *zone_name), "one zone, '" + *zone + "', or an option that chooses one",
                              '\'' + named + '\''};
        const auto& when = table.rows[i][time_column];
        const auto at = detail::read_stamp(when);
        if (!at) throw input_error{source, place(i, time_column), "a time such as 2024-01-31 17:00:00", '\'' + when + '\''};
        if (at->elsewhere && options.offsets == offsets::refused)
            throw input_error{source, place(i, time_column), "a time in UTC, or an option that converts others", '\'' + when + '\''};
        if (at->seconds % 3600 != 0)
            throw input_error{source, place(i, time_column), "the beginning of an hour: one row for each", '\'' + when + '\''};
        if (const auto said = estimated ? detail::lower_case(table.rows[i][*estimated]) : std::string{};
            estimated && said != "true" && said != "false")
            if (!said.empty() && said != "nan" && said != "null" && said != "na")
                throw input_error{source, place(i, *estimated), "true, false or nothing", '\'' + table.rows[i][*estimated] + '\''};
        const auto& field = table.rows[i][intensity];
        double grams = std::numeric_limits<double>::quiet_NaN();
        if (const auto lower = detail::lower_case(field); field.empty() || lower == "nan" || lower == "null" || lower == "na") {
            if (options.missing == missing::refused)
                throw input_error{source, place(i, intensity), "a number of g CO2e/kWh, or an option that fills gaps",
                                  field.empty() ? "nothing" : '\'' + field + '\''};
        } else {
            grams = table.number(i, intensity);
            if (!(grams >= 0.0 && grams <= grid_series::most_grams))
                throw input_error{source, place(i, intensity), "0 to 10000 g CO2e/kWh", '\'' + field + '\''};
        }
        rows.push_back({at->seconds / 3600, i, grams});
    }
    if (rows.empty())
        throw input_error{source, "", options.zone.empty() ? "rows of hours" : "rows of the zone '" + options.zone + '\'',
                          table.rows.empty()     ? "none"
                          : zone_id || zone_name ? "only others"
                                                 : "no column 'Zone id' or 'Zone name'"};
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.hour != b.hour ? a.hour < b.hour : a.row < b.row; });

    const auto hour_text = [](std::int64_t hour) { return utc_text(static_cast<double>(hour) * 3600.0).substr(0, 16) + "Z"; };
    std::size_t kept = 0, passed_over = 0, estimates = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool again = kept > 0 && rows[kept - 1].hour == rows[i].hour;
        if (again && options.duplicates == duplicates::refused)
            throw input_error{source, place(rows[i].row, time_column), "each hour once, or an option that chooses one",
                              "again the hour of line " + std::to_string(table.lines[rows[kept - 1].row]) + ", " + hour_text(rows[i].hour)};
        if (again) ++passed_over;
        if (again && options.duplicates == duplicates::last) rows[kept - 1] = rows[i];
        if (!again) rows[kept++] = rows[i];
    }
    rows.resize(kept);
    std::erase_if(rows, [](const auto& r) { return std::isnan(r.grams); });
    if (rows.empty()) throw input_error{source, table.columns[intensity], "at least one number", "none"};
    const auto span = static_cast<std::uint64_t>(rows.back().hour - rows.front().hour) + 1;
    if (span > grid_series::most_hours)
        throw input_error{source, "", "at most a hundred years", hour_text(rows.front().hour) + " to " + hour_text(rows.back().hour)};

    std::vector<double> grams;
    grams.reserve(options.gaps == gaps::refused ? rows.size() : static_cast<std::size_t>(span));
    std::size_t filled = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i > 0) {
            const auto left_out = static_cast<std::size_t>(rows[i].hour - rows[i - 1].hour - 1);
            if (left_out > 0 && (options.gaps == gaps::refused || left_out > options.longest_gap))
                throw input_error{source, place(rows[i].row, time_column),
                                  options.gaps == gaps::refused ? std::string{"the hour after the one before, or an option that fills gaps"}
                                                                : "a gap of at most " + std::to_string(options.longest_gap) + " hours",
                                  std::to_string(left_out) + " hours without a value from " + hour_text(rows[i - 1].hour + 1)};
            for (std::size_t k = 1; k <= left_out; ++k) {
                const double part = options.gaps == gaps::previous ? 0.0 : static_cast<double>(k) / static_cast<double>(left_out + 1);
                grams.push_back(rows[i - 1].grams + part * (rows[i].grams - rows[i - 1].grams));
            }
            filled += left_out;
        }
        grams.push_back(rows[i].grams);
        if (estimated && detail::lower_case(table.rows[rows[i].row][*estimated]) == "true") ++estimates;
    }
    return {grid_series{std::move(*zone), rows.front().hour, std::move(grams)}, filled, passed_over, estimates};
}
VERDANT_DEFINED_ONCE(grid_csv parse_grid_csv<>(std::string_view, std::string_view, const grid_csv_options&));

/// Reads a file. Throws file_error where it cannot be read, input_error as `parse_grid_csv`.
[[nodiscard]] inline grid_csv read_grid_csv(const std::string& path, const grid_csv_options& options = {}) {
    return parse_grid_csv(io::read_file(path), path, options);
}

} // namespace verdant::carbon
