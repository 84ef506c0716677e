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
/// What becomes of fields that are empty or NaN. Gaps before the first number and behind the last one have nothing to be filled with: there, a series
/// is shorter.
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

/// The column of intensities: `Carbon Intensity gCO2eq/kWh (LCA)` of the first generation, `Carbon intensity gCO2eq/kWh (Life cycle)` of the second,
/// with the 2 as a subscript.
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

[[nodiscard]] inline std::string hour_text(std::int64_t hour) { return utc_text(static_cast<double>(hour) * 3600.0).substr(0, 16) + "Z"; }

/// A table of hours on its way to a series: its rows, each hour once, the gaps filled.
template <class = instantiated_when_used>
class grid_reader {
public:
    grid_reader(const io::csv_table& table, const grid_csv_options& options) : table_{table}, options_{options} {
        const auto time = column_of(table, "datetime (utc)");
        time_ = time ? *time : table.column("Datetime (UTC)");
        intensity_ = intensity_column(table, options.accounting);
        zone_id_ = column_of(table, "zone id");
        zone_name_ = column_of(table, "zone name");
        estimated_ = column_of(table, "data estimated");
    }

    [[nodiscard]] grid_csv read() {
        read_rows();
        keep_each_hour_once();
        std::erase_if(rows_, [](const auto& r) { return std::isnan(r.grams); });
        if (rows_.empty()) throw input_error{table_.source, table_.columns[intensity_], "at least one number", "none"};
        std::vector<double> grams = fill_gaps();
        return {grid_series{std::move(*zone_), rows_.front().hour, std::move(grams)}, filled_, passed_over_, estimates_};
    }

private:
    [[nodiscard]] std::string place(std::size_t row, std::size_t column) const {
        return "line " + std::to_string(table_.lines[row]) + ", column '" + table_.columns[column] + '\'';
    }
    [[nodiscard]] bool has(std::size_t row, const std::optional<std::size_t>& column, std::string_view value) const {
        return column && table_.rows[row][*column] == value;
    }

    void read_rows() {
        for (std::size_t i = 0; i < table_.rows.size(); ++i) {
            if (!options_.zone.empty() && !has(i, zone_id_, options_.zone) && !has(i, zone_name_, options_.zone)) continue;
            read_zone(i);
            const auto hour = read_hour(i);
            check_estimated(i);
            rows_.push_back({hour, i, read_grams(i)});
        }
        if (rows_.empty())
            throw input_error{table_.source, "", options_.zone.empty() ? "rows of hours" : "rows of the zone '" + options_.zone + '\'',
                              table_.rows.empty()      ? "none"
                              : zone_id_ || zone_name_ ? "only others"
                                                       : "no column 'Zone id' or 'Zone name'"};
    }

    void read_zone(std::size_t i) {
        const auto named = zone_id_ ? table_.rows[i][*zone_id_] : zone_name_ ? table_.rows[i][*zone_name_] : std::string{};
        if (!zone_) zone_ = named;
        else if (*zone_ != named)
            throw input_error{table_.source, place(i, zone_id_ ? *zone_id_ : *zone_name_),
                              "one zone, '" + *zone_ + "', or an option that chooses one", '\'' + named + '\''};
    }

    [[nodiscard]] std::int64_t read_hour(std::size_t i) const {
        const auto& when = table_.rows[i][time_];
        const auto at = read_stamp(when);
        const auto refuse = [&](const char* expected) { throw input_error{table_.source, place(i, time_), expected, '\'' + when + '\''}; };
        if (!at) refuse("a time such as 2024-01-31 17:00:00");
        if (at->elsewhere && options_.offsets == offsets::refused) refuse("a time in UTC, or an option that converts others");
        if (at->seconds % 3600 != 0) refuse("the beginning of an hour: one row for each");
        return at->seconds / 3600;
    }

    void check_estimated(std::size_t i) const {
        if (!estimated_) return;
        const auto said = lower_case(table_.rows[i][*estimated_]);
        if (said != "true" && said != "false" && !said.empty() && said != "nan" && said != "null" && said != "na")
            throw input_error{table_.source, place(i, *estimated_), "true, false or nothing", '\'' + table_.rows[i][*estimated_] + '\''};
    }

    [[nodiscard]] double read_grams(std::size_t i) const {
        const auto& field = table_.rows[i][intensity_];
        if (const auto lower = lower_case(field); field.empty() || lower == "nan" || lower == "null" || lower == "na") {
            if (options_.missing == missing::refused)
                throw input_error{table_.source, place(i, intensity_), "a number of g CO2e/kWh, or an option that fills gaps",
                                  field.empty() ? "nothing" : '\'' + field + '\''};
            return std::numeric_limits<double>::quiet_NaN();
        }
        const double grams = table_.number(i, intensity_);
        if (!(grams >= 0.0 && grams <= grid_series::most_grams))
            throw input_error{table_.source, place(i, intensity_), "0 to 10000 g CO2e/kWh", '\'' + field + '\''};
        return grams;
    }

    /// Sorts rows by hour and keeps of equal hours the one that the options choose.
    void keep_each_hour_once() {
        std::sort(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) { return a.hour != b.hour ? a.hour < b.hour : a.row < b.row; });
        std::size_t kept = 0;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const bool again = kept > 0 && rows_[kept - 1].hour == rows_[i].hour;
            if (again && options_.duplicates == duplicates::refused)
                throw input_error{table_.source, place(rows_[i].row, time_), "each hour once, or an option that chooses one",
                                  "again the hour of line " + std::to_string(table_.lines[rows_[kept - 1].row]) + ", " + hour_text(rows_[i].hour)};
            if (again) ++passed_over_;
            if (again && options_.duplicates == duplicates::last) rows_[kept - 1] = rows_[i];
            if (!again) rows_[kept++] = rows_[i];
        }
        rows_.resize(kept);
    }

    /// The intensity of every hour from the first to the last.
    [[nodiscard]] std::vector<double> fill_gaps() {
        const auto span = static_cast<std::uint64_t>(rows_.back().hour - rows_.front().hour) + 1;
        if (span > grid_series::most_hours)
            throw input_error{table_.source, "", "at most a hundred years", hour_text(rows_.front().hour) + " to " + hour_text(rows_.back().hour)};
        std::vector<double> grams;
        grams.reserve(options_.gaps == gaps::refused ? rows_.size() : static_cast<std::size_t>(span));
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (i > 0) fill_gap_before(i, grams);
            grams.push_back(rows_[i].grams);
            if (estimated_ && lower_case(table_.rows[rows_[i].row][*estimated_]) == "true") ++estimates_;
        }
        return grams;
    }

    void fill_gap_before(std::size_t i, std::vector<double>& grams) {
        const auto left_out = static_cast<std::size_t>(rows_[i].hour - rows_[i - 1].hour - 1);
        if (left_out > 0 && (options_.gaps == gaps::refused || left_out > options_.longest_gap))
            throw input_error{table_.source, place(rows_[i].row, time_),
                              options_.gaps == gaps::refused ? std::string{"the hour after the one before, or an option that fills gaps"}
                                                             : "a gap of at most " + std::to_string(options_.longest_gap) + " hours",
                              std::to_string(left_out) + " hours without a value from " + hour_text(rows_[i - 1].hour + 1)};
        for (std::size_t k = 1; k <= left_out; ++k) {
            const double part = options_.gaps == gaps::previous ? 0.0 : static_cast<double>(k) / static_cast<double>(left_out + 1);
            grams.push_back(rows_[i - 1].grams + part * (rows_[i].grams - rows_[i - 1].grams));
        }
        filled_ += left_out;
    }

    const io::csv_table& table_;
    const grid_csv_options& options_;
    std::size_t time_ = 0, intensity_ = 0;
    std::optional<std::size_t> zone_id_{}, zone_name_{}, estimated_{};
    std::vector<grid_row> rows_{};
    std::optional<std::string> zone_{};
    std::size_t filled_ = 0, passed_over_ = 0, estimates_ = 0;
};

} // namespace detail

/// Reads intensities from text.
/// @param source what errors call the text: a file's name
/// @throws input_error that names source, line and column: where a column is missing; for a time that cannot be read, has an offset, or does not
/// begin an hour; for an intensity that is negative, above 10000, no number or missing; for several zones of which none is chosen; for hours that are
/// twice or left out, naming them. What the options ask for is repaired instead.
template <class = instantiated_when_used>
[[nodiscard]] grid_csv parse_grid_csv(std::string_view text, std::string_view source, const grid_csv_options& options = {}) {
    return detail::grid_reader<>{io::parse_csv(text, source), options}.read();
}
VERDANT_DEFINED_ONCE(grid_csv parse_grid_csv<>(std::string_view, std::string_view, const grid_csv_options&));

/// Reads a file. Throws file_error where it cannot be read, input_error as `parse_grid_csv`.
[[nodiscard]] inline grid_csv read_grid_csv(const std::string& path, const grid_csv_options& options = {}) {
    return parse_grid_csv(io::read_file(path), path, options);
}

} // namespace verdant::carbon
