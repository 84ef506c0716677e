#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Times of day and date as text (ISO 8601), in UTC.
namespace verdant {

namespace detail {

struct civil_date {
    std::int64_t year = 1970, month = 1, day = 1;
};

/// The date that is so many days behind 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
[[nodiscard]] constexpr civil_date civil_from_days(std::int64_t days) {
    days += 719468;
    const auto era = (days >= 0 ? days : days - 146096) / 146097;
    const auto of_era = days - era * 146097;
    const auto year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const auto of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const auto shifted = (5 * of_year + 2) / 153; // the year begins in March
    const auto month = shifted < 10 ? shifted + 3 : shifted - 9;
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, of_year - (153 * shifted + 2) / 5 + 1};
}

/// How many days a date is behind 1970-01-01, by the same source.
[[nodiscard]] constexpr std::int64_t days_from_civil(const civil_date& date) {
    const auto year = date.year - (date.month <= 2 ? 1 : 0);
    const auto era = (year >= 0 ? year : year - 399) / 400;
    const auto of_era = year - era * 400;
    const auto of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/// Writes the last `digits` digits of a number that is not negative, zeros before it.
inline void write_digits(char* to, std::int64_t value, int digits) {
    for (auto* at = to + digits; at != to; value /= 10) *--at = static_cast<char>('0' + value % 10);
}

} // namespace detail

/// A time as text: `2026-11-28T19:52:31.250000Z`. Empty where it lies outside of the years 0 to 9999 or is no number.
/// @param seconds since the beginning of 1970, UTC; rounded to microseconds
[[nodiscard]] inline std::string utc_text(double seconds) {
    constexpr double first = -62167219200, last = 253402300799; // the years 0 to 9999
    if (!(seconds >= first && seconds < last)) return {};
    const auto micros = static_cast<std::int64_t>(std::llround(seconds * 1e6));
    constexpr std::int64_t a_day = 86'400'000'000;
    const auto days = micros / a_day - (micros % a_day < 0 ? 1 : 0);
    const auto left = micros - days * a_day;
    const auto date = detail::civil_from_days(days);
    std::string text = "yyyy-mm-ddThh:mm:ss.mmmmmmZ";
    const auto write = [&](std::size_t at, std::int64_t value, int digits) { detail::write_digits(&text[at], value, digits); };
    write(0, date.year, 4);
    write(5, date.month, 2);
    write(8, date.day, 2);
    write(11, left / 3'600'000'000, 2);
    write(14, left / 60'000'000 % 60, 2);
    write(17, left / 1'000'000 % 60, 2);
    write(20, left % 1'000'000, 6);
    return text;
}

/// Reads what `utc_text` writes: seconds since the beginning of 1970. Nothing where the text is no such time.
[[nodiscard]] inline std::optional<double> utc_seconds(std::string_view text) {
    constexpr std::string_view pattern = "dddd-dd-ddTdd:dd:dd.ddddddZ";
    if (text.size() != pattern.size()) return std::nullopt;
    std::int64_t fields[7]{};
    for (std::size_t i = 0, field = 0; i < text.size(); ++i) {
        if (pattern[i] != 'd') {
            if (text[i] != pattern[i]) return std::nullopt;
            ++field;
        } else {
            if (text[i] < '0' || text[i] > '9') return std::nullopt;
            fields[field] = 10 * fields[field] + (text[i] - '0');
        }
    }
    const auto [year, month, day, hour, minute, second, micros] = fields;
    const detail::civil_date date{year, month, day};
    const auto days = detail::days_from_civil(date);
    const auto back = detail::civil_from_days(days); // refuses February 30
    if (month < 1 || month > 12 || back.day != day || back.month != month || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    const auto whole = ((days * 24 + hour) * 60 + minute) * 60 + second;
    return static_cast<double>(whole * 1'000'000 + micros) / 1e6;
}

} // namespace verdant
