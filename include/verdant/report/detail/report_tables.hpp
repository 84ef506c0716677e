#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/report/detail/html_text.hpp>
#include <verdant/report/detail/report_figures.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/text/number_in_unit.hpp>
#include <verdant/text/utc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The tables of a report.
namespace verdant::detail {

/// A number as tables show it: seven significant digits.
[[nodiscard]] inline std::string shown(double value) { return value != value ? "-" : rounded_text(value, 7); }
/// A number of SI units in the unit of its column, or in SI units with these letters.
[[nodiscard]] inline std::string shown_in(double si, double factor) { return number_in_unit(si, factor, shown); }
[[nodiscard]] inline std::string shown_percent(double share) { return rounded_text(std::round(1000 * share) / 10, 4) + " %"; }
[[nodiscard]] inline std::string shown_duration(double seconds) {
    if (!(seconds >= 0)) return "-";
    return seconds < 120    ? rounded_text(seconds, 4) + " s"
           : seconds < 7200 ? rounded_text(seconds / 60, 4) + " min"
                            : rounded_text(seconds / 3600, 4) + " h";
}
/// `latency [ms]`.
[[nodiscard]] inline std::string titled(const study_columns::metric& m) { return html(m.name) + (m.unit.empty() ? "" : " [" + html(m.unit) + ']'); }

/// The point of a trial as `parse_point` reads it.
[[nodiscard]] inline std::string point_text_of(const study_columns& table, std::size_t trial) {
    std::string text;
    for (const auto& p : table.parameters)
        if (p.codes[trial] != study_columns::absent) text += (text.empty() ? "" : " ") + p.name + '=' + quoted_where_needed(p.values[p.codes[trial]]);
    return text;
}

/// Trials with what was measured and their points, which can be copied.
template <class = instantiated_when_used>
[[nodiscard]] std::string trials_table(const study_columns& table, std::string_view caption, const std::vector<std::uint32_t>& rows,
                                       std::size_t most) {
    html_table out{.caption = html(caption), .columns = {"trial"}, .numbers = {true}};
    if (rows.size() > most) out.caption += " (" + std::to_string(most) + " of " + std::to_string(rows.size()) + ", taken evenly)";
    for (const auto& m : table.metrics) {
        out.columns.push_back(titled(m));
        out.numbers.push_back(true);
    }
    out.columns.insert(out.columns.end(), {"point", ""});
    const auto shown_rows = std::min(most, rows.size());
    for (std::size_t i = 0; i < shown_rows; ++i) {
        const auto t = rows[i * rows.size() / shown_rows];
        std::vector<std::string> cells{std::to_string(table.numbers[t])};
        for (const auto& m : table.metrics) cells.push_back(shown_in(m.values[t], m.factor));
        const auto point = html(point_text_of(table, t));
        cells.push_back("<code>" + point + "</code>");
        cells.push_back("<button type=\"button\" data-copy=\"" + point + "\" aria-label=\"copy the point of trial " +
                        std::to_string(table.numbers[t]) + "\">copy</button>");
        out.rows.push_back(std::move(cells));
    }
    return out.text();
}

/// The best feasible trials by one objective.
[[nodiscard]] inline std::vector<std::uint32_t> best_by(const study_columns& table, std::size_t objective, std::size_t most) {
    std::vector<std::uint32_t> rows;
    for (std::size_t t = 0; t < table.trials(); ++t)
        if (table.outcomes[t] == trial_outcome::feasible) rows.push_back(static_cast<std::uint32_t>(t));
    const auto less = [&](auto a, auto b) {
        const auto x = table.minimized(objective, a), y = table.minimized(objective, b);
        return x != y ? x < y : a < b;
    };
    const auto kept = std::min(most, rows.size());
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(kept), rows.end(), less);
    rows.resize(kept);
    return rows;
}

/// The hypervolume after some of the trials.
template <class = instantiated_when_used>
[[nodiscard]] std::string volume_table(const report_figures& figures, std::string_view unit, double factor) {
    html_table out{
        "hypervolume after so many trials", {"trials", "hypervolume" + (unit.empty() ? std::string{} : " [" + html(unit) + ']')}, {true, true}, {}};
    const auto n = figures.by_trials.size(), shown_rows = std::min<std::size_t>(n, 25);
    for (std::size_t i = 1; i <= shown_rows; ++i) {
        const auto& s = figures.by_trials[i * n / shown_rows - 1];
        out.rows.push_back({std::to_string(s.trials), shown_in(s.volume, factor)});
    }
    return out.text();
}

template <class = instantiated_when_used>
[[nodiscard]] std::string importance_tables(const study_columns& table, const report_figures& figures) {
    std::string out;
    for (std::size_t o = 0; o < figures.importances.size(); ++o) {
        const auto& one = figures.importances[o];
        const auto name = titled(table.metrics[table.objectives[o].metric]);
        if (one.shares.trees == 0) {
            out += "<p>" + name + ": nothing to explain, since fewer than 8 trials were measured or nothing varies.</p>\n";
            continue;
        }
        out += std::string{"<p"} + (one.r2 < 0.5 ? " class=\"warn\"" : "") + ">The forest of " + name + " was fitted to " +
               std::to_string(one.trials) + " trials; on trials that it had not seen, R<sup>2</sup> is " +
               rounded_text(std::round(one.r2 * 1000) / 1000, 3) + (one.r2 < 0.5 ? ": too low to trust these shares." : ".") + "</p>\n";
        html_table shares{"share of the variance of " + name, {"parameter", "share", "± over trees"}, {false, true, true}, {}};
        for (std::size_t p = 0; p < one.shares.alone.size(); ++p)
            shares.rows.push_back(
                {html(table.parameters[p].name), shown_percent(one.shares.alone[p].mean), shown_percent(one.shares.alone[p].deviation)});
        for (std::size_t i = 0; i < std::min<std::size_t>(3, one.shares.pairs.size()); ++i) {
            const auto& pair = one.shares.pairs[i];
            shares.rows.push_back(
                {html(table.parameters[pair.first].name) + " and " + html(table.parameters[pair.second].name) + " together, beyond each alone",
                 shown_percent(pair.share.mean), shown_percent(pair.share.deviation)});
        }
        out += folded("shares as a table", shares.text());
    }
    return out;
}

/// What each value of a parameter led to.
template <class = instantiated_when_used>
[[nodiscard]] std::string slice_table(const study_columns& table, const study_columns::parameter& p) {
    constexpr std::size_t most = 64;
    struct group {
        std::size_t trials = 0, feasible = 0, measured = 0;
        std::vector<double> sums, best;
    };
    const auto k = table.objectives.size();
    std::vector<group> groups(p.values.size(),
                              group{.sums = std::vector<double>(k), .best = std::vector<double>(k, std::numeric_limits<double>::quiet_NaN())});
    for (std::size_t t = 0; t < table.trials(); ++t) {
        if (p.codes[t] == study_columns::absent) continue;
        auto& g = groups[p.codes[t]];
        ++g.trials;
        g.measured += table.outcomes[t] != trial_outcome::failed ? 1 : 0;
        g.feasible += table.outcomes[t] == trial_outcome::feasible ? 1 : 0;
        for (std::size_t o = 0; o < k && table.outcomes[t] != trial_outcome::failed; ++o) {
            const auto v = table.minimized(o, t);
            g.sums[o] += v;
            if (table.outcomes[t] == trial_outcome::feasible && !(g.best[o] <= v)) g.best[o] = v;
        }
    }
    html_table out{html(p.name) +
                       (p.values.size() > most ? " (the first " + std::to_string(most) + " of " + std::to_string(p.values.size()) + " values)" : ""),
                   {"value", "trials", "feasible"},
                   {false, true, true},
                   {}};
    for (const auto& o : table.objectives) {
        out.columns.insert(out.columns.end(), {"mean " + titled(table.metrics[o.metric]), "best feasible " + titled(table.metrics[o.metric])});
        out.numbers.insert(out.numbers.end(), {true, true});
    }
    for (std::size_t v = 0; v < std::min(most, groups.size()); ++v) {
        const auto& g = groups[v];
        std::vector<std::string> cells{html(p.values[v]), std::to_string(g.trials), std::to_string(g.feasible)};
        for (std::size_t o = 0; o < k; ++o) {
            const double sign = table.objectives[o].maximized ? -1 : 1, factor = table.metrics[table.objectives[o].metric].factor;
            cells.push_back(g.measured == 0 ? "-" : shown_in(sign * g.sums[o] / static_cast<double>(g.measured), factor));
            cells.push_back(shown_in(sign * g.best[o], factor));
        }
        out.rows.push_back(std::move(cells));
    }
    return out.text();
}

/// How often each constraint on a metric was broken, and how far.
template <class = instantiated_when_used>
[[nodiscard]] std::string constraint_table(const study_columns& table) {
    html_table out{"limits, and the measured trials that break them",
                   {"metric", "at least", "at most", "within", "broken", "median excess", "largest excess"},
                   {false, true, true, true, true, true, true},
                   {}};
    for (const auto& c : table.constraints) {
        const auto& m = table.metrics[c.metric];
        std::vector<double> excess;
        std::size_t within = 0;
        for (std::size_t t = 0; t < table.trials(); ++t) {
            if (table.outcomes[t] == trial_outcome::failed) continue;
            const auto e = c.excess(m.values[t]);
            if (e > 0) excess.push_back(e);
            else ++within;
        }
        std::sort(excess.begin(), excess.end());
        const auto percent = [&](double e) { return excess.empty() ? "-" : std::isfinite(e) ? shown_percent(e) : "inf"; };
        out.rows.push_back({titled(m), std::isfinite(c.low) ? shown_in(c.low, m.factor) : "-", std::isfinite(c.high) ? shown_in(c.high, m.factor) : "-",
                            std::to_string(within), std::to_string(excess.size()), percent(excess.empty() ? 0 : excess[excess.size() / 2]),
                            percent(excess.empty() ? 0 : excess.back())});
    }
    return out.text();
}

/// Why trials failed.
template <class = instantiated_when_used>
[[nodiscard]] std::string failure_table(const stored_study& study, std::size_t most) {
    std::map<std::string, std::vector<std::uint64_t>> groups;
    for (const auto& t : study.trials)
        if (!t.completed) groups[t.message].push_back(t.number);
    std::vector<std::pair<std::string, std::vector<std::uint64_t>>> sorted{groups.begin(), groups.end()};
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return a.second.size() != b.second.size() ? a.second.size() > b.second.size() : a.first < b.first;
    });
    html_table out{"failures by message", {"trials", "first", "message"}, {true, true, false}, {}};
    if (sorted.size() > most) out.caption += " (the " + std::to_string(most) + " most frequent of " + std::to_string(sorted.size()) + ")";
    for (std::size_t i = 0; i < std::min(most, sorted.size()); ++i) {
        std::string first;
        for (std::size_t k = 0; k < std::min<std::size_t>(5, sorted[i].second.size()); ++k)
            first += (k == 0 ? "" : ", ") + std::to_string(sorted[i].second[k]);
        auto message = sorted[i].first.substr(0, 2000);
        if (message.size() < sorted[i].first.size()) message += "...";
        out.rows.push_back({std::to_string(sorted[i].second.size()), first, "<code>" + html(message) + "</code>"});
    }
    return out.text();
}

/// What each worker did.
template <class = instantiated_when_used>
[[nodiscard]] std::string worker_table(const study_columns& table, const report_figures& figures) {
    struct work {
        std::size_t trials = 0, failed = 0;
        double busy = 0;
    };
    std::map<std::uint32_t, work> all;
    for (std::size_t t = 0; t < table.trials(); ++t) {
        if (figures.lanes[t] == 0) continue;
        auto& w = all[figures.lanes[t]];
        ++w.trials;
        w.failed += table.outcomes[t] == trial_outcome::failed ? 1 : 0;
        w.busy += table.times[t].ended - table.times[t].started;
    }
    html_table out{"workers", {"worker", "trials", "failed", "evaluating", "share of the whole time"}, {true, true, true, true, true}, {}};
    for (const auto& [worker, w] : all)
        out.rows.push_back({std::to_string(worker), std::to_string(w.trials), std::to_string(w.failed), shown_duration(w.busy),
                            figures.ended > figures.began ? shown_percent(w.busy / (figures.ended - figures.began)) : "-"});
    return out.text();
}

/// What was measured before trials were whole.
template <class = instantiated_when_used>
[[nodiscard]] std::string evaluation_table(const stored_study& study) {
    struct tally {
        std::size_t reported = 0, completed = 0, failed = 0, stopped = 0;
        double cost = 0;
    };
    std::map<double, tally> all;
    for (const auto& e : study.evaluations) {
        auto& t = all[e.fidelity];
        ++(e.status == "reported" ? t.reported : e.status == "failed" ? t.failed : e.status == "stopped" ? t.stopped : t.completed);
        t.cost += e.cost;
    }
    html_table out{"measurements by the share of a whole evaluation",
                   {"fidelity", "reported", "completed", "stopped", "failed", "cost [whole evaluations]"},
                   {true, true, true, true, true, true},
                   {}};
    for (const auto& [fidelity, t] : all)
        out.rows.push_back({shown(fidelity), std::to_string(t.reported), std::to_string(t.completed), std::to_string(t.stopped),
                            std::to_string(t.failed), shown(t.cost)});
    return out.text();
}

} // namespace verdant::detail
