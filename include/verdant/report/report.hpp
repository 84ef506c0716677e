#pragma once

#include <verdant/goal/trial.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/number_in_unit.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/text/utf8_step.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Results as tables of text.
namespace verdant {

/// Named columns of text: what tables and CSV files of trials are made from.
struct report {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
};

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
    return to_si(values.template get<Metric>()) / Metric::unit::factor;
}

/// The name itself, or with the first number behind it that makes it none of those.
template <class = instantiated_when_used>
[[nodiscard]] std::string free_name(std::string name, const std::vector<std::string>& taken) {
    const auto wanted = name;
    for (int i = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++i) name = wanted + '_' + std::to_string(i);
    return name;
}

template <class Record>
struct metric_columns;
template <class... M>
struct metric_columns<metrics<M...>> {
    static void name(std::vector<std::string>& columns) { (columns.push_back(column_name<M>()), ...); }
    template <class Write>
    static void write(const metrics<M...>& values, std::vector<std::string>& row, Write text) {
        (row.push_back(number_in_unit(to_si(values.template get<M>()), M::unit::factor, text)), ...);
    }
};

} // namespace detail

/// What a report of trials holds besides parameters and metrics.
struct report_options {
    bool status = true; ///< columns `status`, `violation` and `message`
    int digits = 0;     ///< significant digits of metrics; 0 for all, so that they read back exactly
    bool times = false; ///< columns `started`, `ended` (UTC) and `seconds`; blank where unknown
};

namespace detail {

/// The columns of a report: its own, and between them those of parameters and metrics, under names that no other has.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> column_names(std::vector<std::string> named, bool some_given, const report_options& options) {
    std::vector<std::string> columns{"trial"}, last;
    if (options.status) columns.emplace_back("status");
    if (options.status) last.insert(last.end(), {"violation", "message"});
    if (some_given) last.emplace_back("origin");
    if (options.times) last.insert(last.end(), {"started", "ended", "seconds"});
    for (auto& name : named) {
        auto taken = columns;
        taken.insert(taken.end(), last.begin(), last.end());
        columns.push_back(free_name(std::move(name), taken));
    }
    columns.insert(columns.end(), last.begin(), last.end());
    return columns;
}
VERDANT_DEFINED_ONCE(std::vector<std::string> column_names<>(std::vector<std::string>, bool, const report_options&));

} // namespace detail

/// `feasible`, `infeasible` or `failed`.
template <class Space, class Goals>
[[nodiscard]] std::string_view status_text(const trial<Space, Goals>& t) {
    return !t.completed() ? "failed" : t.feasible() ? "feasible" : "infeasible";
}

namespace detail {

/// All columns of a report.
/// @param some_given whether there is one of origins
template <class Space, class Goals>
[[nodiscard]] std::vector<std::string> columns_of(const report_options& options, bool some_given) {
    std::vector<std::string> named;
    for (const auto name : names<Space>()) named.emplace_back(name);
    metric_columns<typename Goals::metrics_type>::name(named);
    return column_names(std::move(named), some_given, options);
}

/// A trial in these columns.
template <class Space, class Goals>
[[nodiscard]] std::vector<std::string> trial_row(const trial<Space, Goals>& t, const report_options& options, bool some_given) {
    const auto number = [&](double value) { return options.digits == 0 ? exact_text(value) : rounded_text(value, options.digits); };
    std::vector<std::string> row{std::to_string(t.number)};
    if (options.status) row.emplace_back(status_text(t));
    for (std::size_t p = 0; p < t.point.size(); ++p)
        row.push_back(view_of<Space>.active(p, t.point) ? value_text(view_of<Space>, p, t.point[p]) : std::string{});
    if (t.completed()) metric_columns<typename Goals::metrics_type>::write(t.values, row, number);
    else row.resize(row.size() + Goals::metrics_type::size());
    if (options.status) {
        row.push_back(t.completed() ? number(t.violation) : std::string{});
        row.push_back(io::valid_utf8(t.message));
    }
    if (some_given) row.emplace_back(trial_origin_text(t.origin));
    if (options.times) {
        row.push_back(utc_text(t.times.started));
        row.push_back(utc_text(t.times.ended));
        row.push_back(t.times.known() ? exact_text(t.times.duration().value()) : std::string{});
    }
    return row;
}

} // namespace detail

/// Trials as columns: number, each parameter by its full name, blank where it does not exist, each metric with its unit; `origin` last where some
/// trial is a start point. A parameter or metric that is called as a column before it, or as one of the report's own, gets a number: `trial_2`.
/// Messages are UTF-8: bytes that are not are replaced. A value that is too large or too small for its unit stands in SI units, with these letters
/// behind it: `1e+306 SI`.
template <class Space, class Goals>
[[nodiscard]] report report_of(std::span<const trial<Space, Goals>> trials, const report_options& options = {}) {
    const bool some_given = std::any_of(trials.begin(), trials.end(), [](const auto& t) { return t.origin == trial_origin::start_point; });
    deferred<report, Space> made{detail::columns_of<Space, Goals>(options, some_given), {}};
    for (const auto& t : trials) made.rows.push_back(detail::trial_row(t, options, some_given));
    return made;
}
template <class Space, class Goals>
[[nodiscard]] report report_of(const std::vector<trial<Space, Goals>>& trials, const report_options& options = {}) {
    return report_of(std::span<const trial<Space, Goals>>{trials}, options);
}

/// Refused, with a sentence that says what to write.
template <class Trials>
[[nodiscard]] report report_of(const Trials&, const report_options& = {}) {
    constexpr bool holds_trials = std::is_void_v<Trials>;
    static_assert(holds_trials, "verdant: report_of takes trials; write report_of(result.front()) or report_of(result.trials())");
    return {};
}

/// A report as an aligned table; of more than `most` rows, evenly spaced ones, and a line that says so.
template <class = instantiated_when_used>
[[nodiscard]] std::string table_text(const report& r, std::size_t most = 40) {
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
VERDANT_DEFINED_ONCE(std::string table_text<>(const report&, std::size_t));

/// Writes `table_text` to a stream.
template <class Stream>
void print_table(Stream& out, const report& r, std::size_t most = 40) {
    out << table_text(r, most);
}

/// Refused, with a sentence that says what to write.
template <class Stream, class Report, class... Rest>
    requires(!std::convertible_to<const Report&, const report&> && !std::convertible_to<Report&, const report&> &&
             !std::convertible_to<Report, const report&> && !std::convertible_to<const Stream&, const report&>)
void print_table(Stream&, const Report&, const Rest&...) {
    static_assert(detail::fits<Report>, "verdant: print_table takes a report; write print_table(std::cout, report_of(result.front()))");
}
/// The same of a report that stands first.
template <class... Rest>
void print_table(const report&, const Rest&...) {
    static_assert(detail::fits<void(const Rest&...)>,
                  "verdant: print_table takes the stream first, and a report second; write print_table(std::cout, report_of(result.front()))");
}

namespace detail {

// As in `option_slips.hpp`: the names that are written by mistake, between the right ones and in their order.
struct misspelt_report_options {
    any_argument status{}, statuses{}, with_status{}, digits{}, digit{}, decimals{}, precision{}, times{}, time{}, timestamps{};
};

/// What is said of them.
template <class Wrong>
struct report_of_slip : refusal {
    static_assert(fits<Wrong>,
                  "verdant: report_of takes no such arguments: an option is misspelt, out of order or of another type, or one is missing in front of "
                  "them; write report_of(result.front(), {.status = false, .digits = 3}); the compiler names the wrong one where the options have a "
                  "name: const report_options how{...};");
};

} // namespace detail

/// Refused: where the options are wrong this fits, or the next one, and nothing else does.
template <class Wrong = void>
[[nodiscard]] report report_of(const detail::any_argument&, const detail::misspelt_report_options&) {
    static_cast<void>(detail::report_of_slip<Wrong>::value);
    return {};
}
/// The same.
template <class Wrong = void>
[[nodiscard]] report report_of(const detail::any_argument&, ...) {
    static_cast<void>(detail::report_of_slip<Wrong>::value);
    return {};
}

} // namespace verdant
