#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/trial_origin.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/kept_domain.hpp>
#include <verdant/study/stored_constraint.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/number_in_unit.hpp>
#include <verdant/text/utc.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Trials of kept studies as CSV, and back.
namespace verdant {

namespace detail {

[[nodiscard]] inline std::string outcome_text(trial_outcome outcome) {
    return outcome == trial_outcome::failed ? "failed" : outcome == trial_outcome::feasible ? "feasible" : "infeasible";
}
[[nodiscard]] inline std::string csv_column(const study_columns::metric& m) { return m.unit.empty() ? m.name : m.name + " [" + m.unit + ']'; }

/// The columns that a CSV file of a study may have: parameters by their names, metrics with their units, then all of them in SI units. A name that is
/// taken gets a number: `worker_2`.
[[nodiscard]] inline std::vector<std::string> csv_columns(const study_columns& table) {
    const std::vector<std::string> last{"message", "origin", "started", "ended", "worker"};
    std::vector<std::string> names{"trial", "status"};
    const auto add = [&](const std::string& wanted) {
        const auto taken = [&](const std::string& name) {
            return std::find(names.begin(), names.end(), name) != names.end() || std::find(last.begin(), last.end(), name) != last.end();
        };
        auto name = wanted;
        for (int i = 2; taken(name); ++i) name = wanted + '_' + std::to_string(i);
        names.push_back(name);
    };
    for (const auto& p : table.parameters) add(p.name);
    for (const auto& m : table.metrics) add(csv_column(m));
    for (const auto& m : table.metrics) add(m.name + " [SI]");
    names.insert(names.end(), last.begin(), last.end());
    return names;
}

/// Whether the first column has no name and numbers the rows from 0, as pandas writes tables.
[[nodiscard]] inline bool numbers_rows(const io::csv_table& file) {
    if (file.columns.empty() || !file.columns.front().empty()) return false;
    for (std::size_t r = 0; r < file.rows.size(); ++r)
        if (file.rows[r].front() != std::to_string(r)) return false;
    return true;
}

} // namespace detail

/// The trials of a study as a table: `trial`, `status` (feasible, infeasible, failed), the parameters (empty where they do not exist), the metrics in
/// the units of the goals, `message`, `origin`, `started`, `ended` (UTC), `worker`. Numbers have all their digits. Where a value is too large or too
/// small for its unit, as 1e306 s in ms, that field is empty and the value stands in one more column at the end, `latency [SI]`. Pending trials,
/// questions and states are not in it.
/// @param source what errors call the study
template <class Deferred = instantiated_when_used>
[[nodiscard]] io::csv_table study_csv(const stored_study& study, std::string_view source) {
    const auto table = columns_of_study<Deferred>(study, source);
    io::csv_table out;
    const auto columns = detail::csv_columns(table);
    const auto metrics = columns.begin() + 2 + static_cast<std::ptrdiff_t>(table.parameters.size());
    const auto in_si = metrics + static_cast<std::ptrdiff_t>(table.metrics.size()), last = in_si + static_cast<std::ptrdiff_t>(table.metrics.size());
    out.columns.assign(columns.begin(), in_si);
    out.columns.insert(out.columns.end(), last, columns.end());
    std::vector<std::size_t> beyond; // metrics with a column in SI units
    for (std::size_t m = 0; m < table.metrics.size(); ++m) {
        const auto& one = table.metrics[m];
        if (std::all_of(one.values.begin(), one.values.end(), [&one](double v) { return fits_unit(v, one.factor); })) continue;
        beyond.push_back(m);
        out.columns.push_back(in_si[static_cast<std::ptrdiff_t>(m)]);
    }
    for (std::size_t t = 0; t < table.trials(); ++t) {
        const auto& one = study.trials[t];
        std::vector<std::string> row{std::to_string(one.number), detail::outcome_text(table.outcomes[t])};
        row.insert(row.end(), one.parameters.begin(), one.parameters.end());
        for (const auto& m : table.metrics)
            row.push_back(one.completed && fits_unit(m.values[t], m.factor) ? exact_text(m.values[t] / m.factor) : "");
        row.push_back(one.message);
        row.emplace_back(trial_origin_text(one.origin));
        for (const auto when : {one.times.started, one.times.ended}) row.push_back(std::isnan(when) ? "" : utc_text(when));
        row.push_back(one.times.worker == 0 ? "" : std::to_string(one.times.worker));
        for (const auto b : beyond) {
            const auto& m = table.metrics[b];
            row.push_back(!one.completed || fits_unit(m.values[t], m.factor) ? "" : exact_text(m.values[t]));
        }
        out.rows.push_back(std::move(row));
    }
    return out;
}
VERDANT_DEFINED_ONCE(io::csv_table study_csv<>(const stored_study&, std::string_view));

/// A study of the space, goals and metrics of another one with the trials of such a table, in any order of its columns; of others than the parameters
/// and metrics any may be missing, and none is unknown, but for the numbers of rows that pandas writes in front. Values are read as pandas writes
/// them, too: `True`, and `4.0` in a column of whole numbers with gaps. Trials get the numbers of their rows where there is no column `trial`. Points
/// are there once, within the constraints as far as their texts say. Metrics come back to within rounding of their units; those in a column `latency
/// [SI]`, as `study_csv` writes it where need be, exactly.
/// @throws input_error that names the line and column of what does not fit
template <class Deferred = instantiated_when_used>
[[nodiscard]] stored_study study_from_csv(const io::csv_table& file, const study_description& ours, std::string_view source) {
    stored_study out{.description = ours};
    out.description.optimizer = "imported: " + ours.optimizer;
    const auto empty = columns_of_study<Deferred>({.description = ours}, source);
    const auto known = detail::csv_columns(empty);
    for (std::size_t c = detail::numbers_rows(file) ? 1 : 0; c < file.columns.size(); ++c)
        if (std::find(known.begin(), known.end(), file.columns[c]) == known.end())
            throw input_error{source, "header", "columns of the study: " + io::name_list(known),
                              '\'' + file.columns[c] + '\'' + io::did_you_mean(file.columns[c], known)};
    std::vector<kept_domain> domains;
    std::vector<std::size_t> parameters, metrics;
    for (const auto& p : ours.parameters) {
        domains.emplace_back(p);
        parameters.push_back(file.column(known[2 + parameters.size()]));
    }
    for (std::size_t m = 0; m < empty.metrics.size(); ++m) metrics.push_back(file.column(known[2 + parameters.size() + m]));
    detail::basic_point_rules<Deferred> rules{ours};
    std::map<std::vector<std::string>, std::uint64_t> points;
    const auto maybe = [&](const char* name) {
        const auto at = std::find(file.columns.begin(), file.columns.end(), name);
        return at == file.columns.end() ? std::optional<std::size_t>{} : static_cast<std::size_t>(at - file.columns.begin());
    };
    const auto number = maybe("trial"), status = maybe("status"), message = maybe("message"), origin = maybe("origin"), worker = maybe("worker");
    std::vector<std::optional<std::size_t>> in_si;
    for (std::size_t m = 0; m < metrics.size(); ++m) in_si.push_back(maybe(known[2 + parameters.size() + metrics.size() + m].c_str()));
    const std::optional<std::size_t> moments[]{maybe("started"), maybe("ended")};
    for (std::size_t r = 0; r < file.rows.size(); ++r) {
        const auto line = "line " + std::to_string(file.lines.empty() ? r + 2 : file.lines[r]);
        const auto fail = [&](std::size_t column, const std::string& expected) {
            throw input_error{source, line + ", column '" + file.columns[column] + '\'', expected, '\'' + file.rows[r][column] + '\''};
        };
        const auto text = [&](std::optional<std::size_t> column) { return column ? file.rows[r][*column] : std::string{}; };
        const auto natural = [&](std::optional<std::size_t> column, std::uint64_t most, std::uint64_t otherwise) {
            std::uint64_t value = 0;
            auto words = text(column);
            if (words.size() > 2 && words.ends_with(".0")) words.resize(words.size() - 2); // as pandas writes a column with gaps
            const auto read = std::from_chars(words.data(), words.data() + words.size(), value);
            if (words.empty()) return otherwise;
            if (read.ec != std::errc{} || read.ptr != words.data() + words.size() || value > most) fail(*column, "a whole number");
            return value;
        };
        stored_trial t{.number = natural(number, std::numeric_limits<std::int64_t>::max(), r)};
        if (!out.trials.empty() && t.number <= out.trials.back().number) fail(number.value_or(0), "a number above that of the trial before");
        const auto state = text(status);
        if (state != "failed" && state != "feasible" && state != "infeasible" && !state.empty()) fail(*status, "feasible, infeasible or failed");
        t.completed = state != "failed";
        for (std::size_t p = 0; p < domains.size(); ++p) {
            const auto& word = file.rows[r][parameters[p]];
            const bool absent = word.empty() && !ours.parameters[p].condition.empty();
            const bool boolean = ours.parameters[p].kind == "boolean"; // which pandas writes with capitals
            const auto code = absent ? 0 : domains[p].find(boolean && word == "True" ? "true" : boolean && word == "False" ? "false" : word);
            if (code == kept_domain::none) fail(parameters[p], "a value of its domain");
            t.parameters.push_back(absent ? std::string{} : domains[p].values()[code]);
        }
        if (const auto wrong = rules(t.parameters))
            throw input_error{source, line + (wrong->parameter.empty() ? "" : ", " + wrong->parameter), wrong->expected, wrong->found};
        if (const auto [before, fresh] = points.emplace(t.parameters, t.number); !fresh)
            throw input_error{source, line, "a point that no trial before has", "that of trial " + std::to_string(before->second)};
        for (std::size_t m = 0; t.completed && m < metrics.size(); ++m) {
            const bool exact = !text(in_si[m]).empty();
            if (exact && !file.rows[r][metrics[m]].empty()) fail(*in_si[m], "nothing, since '" + file.columns[metrics[m]] + "' has a value");
            const auto at = exact ? *in_si[m] : metrics[m];
            const auto value = detail::number_of(file.rows[r][at]);
            if (!value || std::isnan(*value)) fail(at, "a number");
            const double si = exact ? *value : *value * empty.metrics[m].factor;
            if (std::isfinite(*value) && (!std::isfinite(si) || (si == 0) != (*value == 0))) fail(at, "a number that SI units have, too");
            t.metrics.push_back(si);
        }
        if (!t.completed) {
            t.message = text(message).empty() ? "failed" : text(message);
            for (std::size_t m = 0; m < metrics.size(); ++m)
                for (const auto at : {std::optional{metrics[m]}, in_si[m]})
                    if (!text(at).empty()) fail(*at, "nothing, since the trial failed");
        } else {
            if (!text(message).empty()) fail(*message, "nothing, since the trial did not fail");
            if (!state.empty() && !detail::fits_outcome(empty, t.metrics, state == "feasible"))
                fail(*status, state == "feasible" ? "infeasible, as the metrics of the row say" : "feasible, as the metrics of the row say");
        }
        if (const auto who = text(origin); who == trial_origin_text(trial_origin::start_point)) t.origin = trial_origin::start_point;
        else if (!who.empty() && who != trial_origin_text(trial_origin::optimizer)) fail(*origin, "optimizer or start point");
        for (int i = 0; i < 2; ++i) {
            const auto words = text(moments[i]);
            const auto seconds = utc_seconds(words);
            if (!words.empty() && !seconds) fail(*moments[i], "a time like 2026-11-28T12:00:00.000000Z");
            if (seconds) (i == 0 ? t.times.started : t.times.ended) = *seconds;
        }
        if (t.times.ended < t.times.started) fail(*moments[1], "a time not before that of 'started'");
        t.times.worker = static_cast<std::uint32_t>(natural(worker, std::numeric_limits<std::uint32_t>::max(), 0));
        if (ours.order == "as_completed") t.told = out.trials.size(); // in the order of the file
        out.trials.push_back(std::move(t));
    }
    return out;
}
VERDANT_DEFINED_ONCE(stored_study study_from_csv<>(const io::csv_table&, const study_description&, std::string_view));

} // namespace verdant
