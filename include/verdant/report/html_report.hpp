#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/report/consumption_text.hpp>
#include <verdant/report/detail/html_text.hpp>
#include <verdant/report/detail/page_charts.hpp>
#include <verdant/report/detail/page_sections.hpp>
#include <verdant/report/detail/page_style.hpp>
#include <verdant/report/detail/report_data.hpp>
#include <verdant/report/detail/report_figures.hpp>
#include <verdant/report/detail/report_tables.hpp>
#include <verdant/report/parameter_importance.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/stored_study_of.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/number_in_unit.hpp>
#include <verdant/text/utc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reports of studies as pages for a browser.
namespace verdant {

/// How a report is made.
struct html_report_options {
    std::string title{};                            ///< empty: `study` and its optimizer
    std::vector<std::array<std::string, 2>>
        facts{}; ///< of the environment, names and values: the machine, the energy of the search, whatever the program knows
    std::size_t most_bytes =
        6'000'000; ///< of the trials that pictures draw; where all need more, fronts are drawn whole and the others evenly thinned
    std::size_t most_rows = 500;        ///< of a table
    double reload = 0;                  ///< seconds after which the page loads itself again, for one that is written again and again; 0: never
    importance_options importance{};
};

namespace detail {

/// Writes a report.
template <class Deferred = instantiated_when_used>
class basic_html_page {
public:
    basic_html_page(const stored_study& kept, std::string_view source, const html_report_options& options)
        : study_{kept}, options_{options}, table_{columns_of_study<Deferred>(kept, source)},
          figures_{figures_of<Deferred>(table_, options.importance)} {
        if (!(options.reload >= 0 && std::isfinite(options.reload)))
            throw input_error{source, "reload", "seconds, 0 or more", exact_text(options.reload)};
    }

    [[nodiscard]] std::string text() {
        auto rows = drawn_rows(table_, figures_, options_.most_bytes / bytes_of_trial(table_));
        drawn_ = rows.size();
        const auto& d = study_.description;
        const auto title = html(!options_.title.empty() ? options_.title : "study" + (d.optimizer.empty() ? "" : " by " + d.optimizer));
        section("summary", "Summary", summary());
        fronts();
        section("volume", "Hypervolume", volume());
        importance();
        slices();
        section("outcomes", "Outcomes", outcomes());
        workers();
        if (!study_.evaluations.empty()) section("fidelities", "Fidelities", evaluation_table<Deferred>(study_));
        section("search", "Search and environment", description());
        std::string page =
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
            "<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\"><title>" +
            title + "</title>\n<style>";
        page.append(page_style).append("</style></head><body>\n<header><h1>").append(title).append("</h1><p class=\"soft\">").append(subtitle());
        page.append("</p><div id=\"live\" class=\"controls\"></div></header>\n<nav aria-label=\"sections\"><ul>")
            .append(links_)
            .append("</ul></nav>\n<main>\n")
            .append(body_);
        page.append("</main>\n<footer><p>Written by ")
            .append(html(library_text()))
            .append(". This page needs no network: it holds its data, its style and its script.</p></footer>\n");
        page.append("<script type=\"application/json\" id=\"data\">");
        page.append(basic_report_data<Deferred>{table_, figures_, std::move(rows)}.text(options_.reload));
        page.append("</script>\n<script>").append(page_charts).append(page_sections).append("</script>\n</body></html>\n");
        return page;
    }

private:
    void section(std::string_view id, std::string_view title, const std::string& content) {
        links_.append("<li><a href=\"#").append(id).append("\">").append(title).append("</a></li>");
        body_.append("<section id=\"")
            .append(id)
            .append("\" aria-labelledby=\"h-")
            .append(id)
            .append("\"><h2 id=\"h-")
            .append(id)
            .append("\">")
            .append(title);
        body_.append("</h2>\n").append(content).append("</section>\n");
    }
    /// A place for a picture with its controls. @param chart its id, without `-chart` and `-controls`
    [[nodiscard]] static std::string picture(const std::string& chart, std::string_view caption, bool scrolls = false) {
        return "<div class=\"controls\" id=\"" + chart + "-controls\"></div><figure><div" +
               (scrolls ? " class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"picture\"" : "") + "><div id=\"" + chart +
               "-chart\"></div></div><figcaption>" + std::string{caption} + "</figcaption></figure>\n";
    }
    [[nodiscard]] std::size_t with(trial_outcome outcome) const {
        return static_cast<std::size_t>(std::count(table_.outcomes.begin(), table_.outcomes.end(), outcome));
    }
    [[nodiscard]] static std::string fact(std::string_view name, const std::string& value) {
        return "<div><dt>" + std::string{name} + "</dt><dd>" + value + "</dd></div>";
    }

    [[nodiscard]] std::string subtitle() const {
        std::string text;
        for (const auto& o : table_.objectives)
            text += (text.empty() ? "" : ", ") + std::string{o.maximized ? "maximize " : "minimize "} + titled(table_.metrics[o.metric]);
        for (const auto& c : table_.constraints) text += (text.empty() ? "" : ", ") + std::string{"limit "} + titled(table_.metrics[c.metric]);
        return text;
    }

    [[nodiscard]] std::string summary() const {
        const auto& d = study_.description;
        const volume_unit unit{table_};
        std::string out = "<dl class=\"facts\">" + fact("trials", std::to_string(table_.trials())) +
                          fact("feasible", std::to_string(with(trial_outcome::feasible))) +
                          fact("infeasible", std::to_string(with(trial_outcome::infeasible))) +
                          fact("failed", std::to_string(with(trial_outcome::failed)));
        if (!study_.pending.empty()) out += fact("pending", std::to_string(study_.pending.size()));
        out += fact("on the Pareto front", std::to_string(figures_.front.size()));
        if (!figures_.by_trials.empty())
            out += fact("hypervolume", number_with_unit(figures_.by_trials.back().volume, unit.factor, html(unit.text), shown));
        for (std::size_t o = 0; o < table_.objectives.size(); ++o)
            if (const auto best = best_by(table_, o, 1); !best.empty()) {
                const auto& m = table_.metrics[table_.objectives[o].metric];
                out += fact("best " + html(m.name), number_with_unit(m.values[best[0]], m.factor, html(m.unit), shown));
            }
        if (figures_.ended > figures_.began) {
            double busy = 0;
            for (const auto& t : table_.times) busy += t.known() ? t.ended - t.started : 0;
            out += fact("from first to last trial", shown_duration(figures_.ended - figures_.began)) +
                   fact("evaluating, all workers", shown_duration(busy));
        }
        out += fact("optimizer", html(d.optimizer.empty() ? "not known" : d.optimizer)) + fact("seed", std::to_string(d.seed));
        out += "</dl>\n";
        if (drawn_ < table_.trials())
            out += "<p class=\"soft\">Pictures draw " + std::to_string(drawn_) + " of the " + std::to_string(table_.trials()) +
                   " trials: all that are on a front, and the others evenly thinned. Tables and figures are of all trials.</p>\n";
        if (drawn_ > 4000) out += "<p class=\"soft\">What pictures say of a trial has seven digits.</p>\n";
        return out + "<noscript><p class=\"warn\">Pictures need JavaScript; all tables are here without it.</p></noscript>\n";
    }

    void fronts() {
        std::string out =
            "<ul class=\"key\"><li><svg viewBox=\"0 0 14 14\"><path d=\"M7 1l6 6-6 6-6-6z\" fill=\"var(--front)\"/></svg>on the front</li>"
            "<li><svg viewBox=\"0 0 14 14\"><circle cx=\"7\" cy=\"7\" r=\"4\" fill=\"var(--feasible)\"/></svg>feasible</li>"
            "<li><svg viewBox=\"0 0 14 14\"><path d=\"M3 3h8v8h-8z\" fill=\"none\" stroke=\"var(--infeasible)\" "
            "stroke-width=\"1.5\"/></svg>infeasible</li></ul>\n";
        out +=
            picture("front", "Point at a mark for what is known of it; with the keyboard, focus the picture and use the arrow keys along the front. "
                             "Two goals show the front of these two; other axes mark the front of all goals.");
        if (figures_.pairs.size() > 1) out += "<h3>Fronts of every pair of goals</h3><div class=\"many\" id=\"pairs\"></div>\n";
        section("fronts", "Pareto fronts", out);
        out =
            trials_table<Deferred>(table_, table_.objectives.size() > 1 ? "the Pareto front" : "the best trial", figures_.front, options_.most_rows);
        for (std::size_t o = 0; o < table_.objectives.size(); ++o) {
            const auto& m = table_.metrics[table_.objectives[o].metric];
            out += folded("the ten best by " + html(m.name), trials_table<Deferred>(table_, "by " + m.name, best_by(table_, o, 10), 10));
        }
        section("best", "Best trials", out);
        if (!table_.parameters.empty() && !figures_.front.empty())
            section("parallel", "Parameters of the front",
                    picture("parallel",
                            "A line is a trial of the front; a parameter that does not exist there lies below its axis. Their numbers are in the "
                            "table of best trials.",
                            true));
    }

    [[nodiscard]] std::string volume() const {
        if (!figures_.has_volume) return "<p>Not every goal has a threshold, up to which the volume is measured.</p>\n";
        if (figures_.by_trials.empty()) return "<p>There is no trial yet.</p>\n";
        const volume_unit unit{table_};
        return picture("volume", "What the front dominates up to the thresholds of the goals, at " + std::to_string(figures_.by_trials.size()) +
                                     " places" + (figures_.by_time.empty() ? "; times are not known." : ".")) +
               folded("hypervolume as a table", volume_table<Deferred>(figures_, unit.text, unit.factor));
    }

    void importance() {
        if (table_.parameters.empty() || figures_.importances.empty()) return;
        section(
            "importance", "Importance",
            picture("importance",
                    "The share of each goal's variance that a parameter explains alone, over the whole space, by functional analysis of variance of "
                    "random forests "
                    "(Hutter, Hoos and Leyton-Brown 2014). Lines are the standard deviation over trees. Constraints of the space are not regarded.") +
                importance_tables<Deferred>(table_, figures_));
    }

    void slices() {
        if (table_.parameters.empty() || table_.metrics.empty()) return;
        std::string tables;
        for (const auto& p : table_.parameters) tables += slice_table<Deferred>(table_, p);
        section("slice", "Slices",
                "<div class=\"controls\" id=\"slices-controls\"></div><div class=\"many\" id=\"slices\"></div>\n<p class=\"soft\">Each mark is a "
                "measured trial; lines are means over "
                "the trials with that value. At most 3000 trials are drawn in each.</p>\n" +
                    folded("slices as tables", tables));
    }

    [[nodiscard]] std::string outcomes() const {
        std::string out = "<ul class=\"key\"><li><svg viewBox=\"0 0 14 14\"><path d=\"M1 1h12v12h-12z\" "
                          "fill=\"var(--feasible)\"/></svg>feasible</li><li><svg viewBox=\"0 0 14 14\">"
                          "<path d=\"M1 1h12v12h-12z\" fill=\"var(--infeasible)\"/></svg>infeasible</li><li><svg viewBox=\"0 0 14 14\"><path d=\"M1 "
                          "1h12v12h-12z\" fill=\"var(--failed)\"/></svg>failed</li></ul>\n";
        out += "<figure><div id=\"outcome-chart\"></div><figcaption>Shares in equal parts of the trials, in their order.</figcaption></figure>\n";
        out += table_.constraints.empty() ? "<p>No metric has limits.</p>\n" : constraint_table<Deferred>(table_);
        return out + (with(trial_outcome::failed) == 0 ? "<p>No trial failed.</p>\n" : failure_table<Deferred>(study_, options_.most_rows));
    }

    void workers() {
        if (std::isnan(figures_.began)) {
            section("workers", "Workers", "<p>When trials were evaluated is not known.</p>\n");
            return;
        }
        section("workers", "Workers",
                "<figure><div id=\"worker-chart\"></div><figcaption>" +
                    std::string{figures_.workers_recorded ? "Trials by the worker that evaluated them."
                                                          : "Who evaluated what is not recorded: trials are drawn in as many rows as ran at once."} +
                    " The first began at " + html(utc_text(figures_.began)) + ".</figcaption></figure>\n" +
                    folded(figures_.workers_recorded ? "workers as a table" : "rows as a table", worker_table<Deferred>(table_, figures_)));
    }

    [[nodiscard]] std::string description() const {
        const auto& d = study_.description;
        html_table parameters{"parameters", {"name", "kind", "values", "domain", "exists where"}, {false, false, true, false, false}, {}};
        for (std::size_t p = 0; p < d.parameters.size(); ++p) {
            const auto& one = d.parameters[p];
            auto domain = one.domain.size() > 300 ? one.domain.substr(0, 300) + "..." : one.domain;
            parameters.rows.push_back(
                {html(one.name), html(one.kind), table_.parameters[p].whole ? std::to_string(table_.parameters[p].values.size()) : "many",
                 "<code>" + html(domain) + "</code>", one.condition.empty() ? "everywhere" : "<code>" + html(one.condition) + "</code>"});
        }
        html_table goals{"goals", {"goal", "metric", "threshold or limits"}, {}, {}};
        for (const auto& g : d.goals) {
            const auto in_unit = [&](double v) { return number_with_unit(v, g.factor, html(g.unit), shown); };
            std::string limit = g.kind == "track" ? "-" : g.kind != "subject_to" ? in_unit(g.threshold) : "";
            if (g.kind == "subject_to")
                limit =
                    (std::isfinite(g.low) ? "at least " + in_unit(g.low) + ' ' : "") + (std::isfinite(g.high) ? "at most " + in_unit(g.high) : "");
            goals.rows.push_back({html(g.kind), html(g.metric), limit});
        }
        html_table facts{"the search and where it ran", {"fact", "value"}, {}, {}};
        const auto add = [&facts](std::string_view name, std::string_view value) {
            if (!value.empty()) facts.rows.push_back({html(name), html(value)});
        };
        add("optimizer", d.optimizer);
        for (const auto& [name, value] : d.options) add("option " + name, value);
        add("seed", std::to_string(d.seed));
        if (d.batch != 0) add("points asked for at once", std::to_string(d.batch));
        add("order of telling", d.order);
        add("fidelity", d.fidelity);
        add("begun by", d.library);
        add("fingerprint of the space", fingerprint<Deferred>(d));
        add("first trial began", utc_text(figures_.began));
        if (!study_.consumption.empty()) {
            search_consumption all{.runs = 0};
            for (const auto& one : study_.consumption) all += one;
            add("consumed by the search itself", consumption_text(all));
        }
        for (const auto& [name, value] : options_.facts) add(name, value);
        std::string out = parameters.text();
        if (!d.constraints.empty()) {
            out += "<h3>Constraints of the space</h3><ul>";
            for (const auto& c : d.constraints) out += "<li><code>" + html(c) + "</code></li>";
            out += "</ul>\n";
        }
        return out + goals.text() + facts.text();
    }

    const stored_study& study_;
    const html_report_options& options_;
    study_columns table_;
    report_figures figures_;
    std::size_t drawn_ = 0;
    std::string links_{}, body_{};
};

} // namespace detail

/// A study as one page of HTML that needs no network: fronts with selectable axes, hypervolume, parameters of the front, importance of parameters,
/// slices, outcomes, workers, best trials, environment; every picture with its numbers as a table. Whatever a study holds is shown as text, never as
/// markup. The script, its style and its pictures are the library's own.
/// @param study  as storages give it (`storage::load`, `study_from_json`)
/// @param source what errors call it: a file's name
/// @throws input_error for trials that do not fit the description of the study, and for a `reload` that is not a time
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::string html_report(const stored_study& study, std::string_view source, const html_report_options& options = {}) {
    return detail::basic_html_page<Deferred>{study, source, options}.text();
}
VERDANT_DEFINED_ONCE(std::string html_report<>(const stored_study&, std::string_view, const html_report_options&));

/// The same of a result that is at hand.
/// @param options the options that the search ran with
template <class Space, class Goals, class Optimizer>
[[nodiscard]] std::string html_report(const search_result<Space, Goals>& result, const search_options<Optimizer>& options,
                                      const html_report_options& how = {}) {
    return html_report(stored_study_of(result, options), "result", how);
}

namespace detail {

// As in `option_slips.hpp`: the names that are written by mistake, between the right ones and in their order.
struct misspelt_html_options {
    any_argument title{}, titel{}, titles{}, name{};
    any_list facts{}, fact{};
    any_argument most_bytes{}, max_bytes{}, bytes{}, most_rows{}, max_rows{}, rows{}, reload{}, refresh{};
    misspelt_importance importance{}, importances{};
};

/// What is said of them.
template <class Wrong>
struct html_report_slip : refusal {
    static_assert(
        fits<Wrong>,
        "verdant: html_report takes no such arguments: an option is misspelt, out of order or of another type, or one is missing in front of "
        "them; write html_report(result, options, {.title = \"Networks\"}), where options are those of the search; the compiler names the wrong one "
        "where the options have a name: const html_report_options how{...};");
};

} // namespace detail

/// Refused: where the options are wrong this fits, or the next one, and nothing else does.
template <class Wrong = void>
[[nodiscard]] std::string html_report(const detail::argument_beside<stored_study>&, const detail::any_argument&,
                                      const detail::misspelt_html_options&) {
    static_cast<void>(detail::html_report_slip<Wrong>::value);
    return {};
}
/// The same.
template <class Wrong = void>
[[nodiscard]] std::string html_report(const detail::argument_beside<stored_study>&, const detail::any_argument&, ...) {
    static_cast<void>(detail::html_report_slip<Wrong>::value);
    return {};
}

} // namespace verdant
