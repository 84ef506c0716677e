#pragma once

#include <verdant/goal/trial.hpp>
#include <verdant/space/text.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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

/// Trials as columns: number, each parameter by its full name, each metric with its unit.
template <class Space, class Goals>
[[nodiscard]] report report_of(std::span<const trial<Space, Goals>> trials, const report_options& options = {}) {
    using metric_columns = detail::metric_columns<typename Goals::metrics_type>;
    report made;
    made.columns.emplace_back("trial");
    if (options.status) made.columns.emplace_back("status");
    for (const auto name : names<Space>()) made.columns.emplace_back(name);
    metric_columns::name(made.columns);
    if (options.status) made.columns.insert(made.columns.end(), {"violation", "message"});
    const auto number = [&](double value) { return options.digits == 0 ? exact_text(value) : rounded_text(value, options.digits); };
    for (const auto& t : trials) {
        auto& row = made.rows.emplace_back();
        row.push_back(std::to_string(t.number));
        if (options.status) row.emplace_back(!t.completed() ? "failed" : t.feasible() ? "feasible" : "infeasible");
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

/// Writes a report as an aligned table; of more than `most` rows, evenly spaced ones, and a line that says so.
inline void print_table(std::ostream& out, const report& r, std::size_t most = 40) {
    std::vector<std::size_t> width;
    for (const auto& c : r.columns) width.push_back(c.size());
    std::vector<std::size_t> shown;
    const auto count = std::min(most, r.rows.size());
    for (std::size_t i = 0; i < count; ++i) shown.push_back(count == 1 ? 0 : i * (r.rows.size() - 1) / (count - 1));
    for (const auto i : shown)
        for (std::size_t c = 0; c < width.size(); ++c) width[c] = std::max(width[c], r.rows[i][c].size());
    const auto line = [&](const std::vector<std::string>& cells) {
        for (std::size_t c = 0; c < cells.size(); ++c) out << (c == 0 ? "" : "  ") << std::string(width[c] - cells[c].size(), ' ') << cells[c];
        out << '\n';
    };
    line(r.columns);
    for (const auto i : shown) line(r.rows[i]);
    if (count < r.rows.size()) out << "(" << count << " of " << r.rows.size() << " rows)\n";
}

} // namespace verdant
