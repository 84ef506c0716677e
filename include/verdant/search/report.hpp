#pragma once

#include <verdant/goal/trial.hpp>
#include <verdant/space/text.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdant {

/// Named columns of text: what tables and CSV files of trials are made from.
struct report {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
};

/// The shortest text that reads back as the same double.
[[nodiscard]] inline std::string exact_text(double value) {
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

/// A number for people: `digits` significant digits.
[[nodiscard]] inline std::string rounded_text(double value, int digits = 5) {
    char text[40];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits).ptr};
}

namespace detail {

/// `latency [ms]`; without brackets where the metric has no unit.
template <class Metric>
[[nodiscard]] std::string column_name() {
    std::string name{Metric::name()};
    if (!Metric::unit::symbol().empty()) name += " [" + std::string{Metric::unit::symbol()} + ']';
    return name;
}

/// A value in the unit that reports use.
template <class Metric, class Record>
[[nodiscard]] double reported(const Record& values) {
    return si_value(values.template get<Metric>()) / Metric::unit::factor;
}

template <class Record>
struct metric_columns;
template <class... M>
struct metric_columns<metrics<M...>> {
    static void name(std::vector<std::string>& columns) { (columns.push_back(column_name<M>()), ...); }
    template <class Write>
    static void write(const metrics<M...>& values, std::vector<std::string>& row, Write text) {
        (row.push_back(text(reported<M>(values))), ...);
    }
};

} // namespace detail

/// What a report of trials holds besides parameters and metrics.
struct report_options {
    bool status = true; ///< columns `status`, `violation` and `message`
    int digits = 0;     ///< significant digits of metrics; 0 for all, so that they read back exactly
};

/// `feasible`, `infeasible` or `failed`.
template <class Space, class Goals>
[[nodiscard]] std::string_view status_text(const trial<Space, Goals>& t) {
    return !t.completed() ? "failed" : t.feasible() ? "feasible" : "infeasible";
}

/// Trials as columns: number, each parameter by its full name, each metric with its unit.
template <class Space, class Goals>
[[nodiscard]] report report_of(std::span<const trial<Space, Goals>> trials, const report_options& options = {}) {
    using metric_columns = detail::metric_columns<typename Goals::metrics_type>;
    report made;
    made.columns.emplace_back("trial");
    if (options.status) made.columns.emplace_back("status");
    for (const auto name : names<Space>()) made.columns.emplace_back(name);
    metric_columns::name(made.columns);
    if (options.status) made.columns.emplace_back("violation"), made.columns.emplace_back("message");
    const auto number = [&](double value) { return options.digits == 0 ? exact_text(value) : rounded_text(value, options.digits); };
    for (const auto& t : trials) {
        auto& row = made.rows.emplace_back();
        row.push_back(std::to_string(t.number));
        if (options.status) row.emplace_back(status_text(t));
        for (std::size_t p = 0; p < t.point.size(); ++p) row.push_back(value_text(view_of<Space>, p, t.point[p]));
        if (t.completed()) metric_columns::write(t.values, row, number);
        else row.resize(row.size() + Goals::metrics_type::size());
        if (options.status) {
            row.push_back(t.completed() ? number(t.violation) : std::string{});
            row.push_back(t.message);
        }
    }
    return made;
}
template <class Space, class Goals>
[[nodiscard]] report report_of(const std::vector<trial<Space, Goals>>& trials, const report_options& options = {}) {
    return report_of(std::span<const trial<Space, Goals>>{trials}, options);
}

/// A report as an aligned table; of more than `most` rows, evenly spaced ones, and a line that says so.
[[nodiscard]] inline std::string table_text(const report& r, std::size_t most = 40) {
    std::vector<std::vector<std::string>> lines{r.columns};
    const auto shown = std::min(most, r.rows.size());
    for (std::size_t i = 0; i < shown; ++i) lines.push_back(r.rows[shown == 1 ? 0 : i * (r.rows.size() - 1) / (shown - 1)]);
    std::vector<std::size_t> width(r.columns.size());
    for (auto& line : lines)
        for (std::size_t c = 0; c < width.size(); ++c) {
            // Messages of exceptions may have several lines.
            std::replace_if(line[c].begin(), line[c].end(), [](char letter) { return static_cast<unsigned char>(letter) < ' '; }, ' ');
            width[c] = std::max(width[c], line[c].size());
        }
    std::string text;
    for (const auto& line : lines) {
        for (std::size_t c = 0; c < width.size(); ++c) text += (c == 0 ? "" : "  ") + std::string(width[c] - line[c].size(), ' ') + line[c];
        text += '\n';
    }
    if (shown < r.rows.size()) text += '(' + std::to_string(shown) + " of " + std::to_string(r.rows.size()) + " rows)\n";
    return text;
}

/// Writes `table_text` to a stream.
template <class Stream>
void print_table(Stream& out, const report& r, std::size_t most = 40) {
    out << table_text(r, most);
}

} // namespace verdant
