// The command `show`: what a study is, and what it found.
#pragma once

#include "../terminal/paths.hpp"
#include "../terminal/validators.hpp"
#include "source.hpp"

#include <verdant/error.hpp>
#include <verdant/report/detail/report_figures.hpp>
#include <verdant/report/detail/report_tables.hpp>
#include <verdant/report/report.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/study/study_csv.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

namespace study_tool {

struct show_command {
    static constexpr const char* name = "show";
    static constexpr const char* about = "what a study is, and its Pareto front; or one trial";
    std::string path{};
    std::optional<std::uint64_t> trial{};

    void add_options(CLI::App& app) {
        app.add_option("study", path, "a file of SQLite or JSON")->required()->check(terminal::path());
        app.add_option("--trial", trial, "only the trial of this number, with all its digits")->check(terminal::whole(0));
    }

    [[nodiscard]] int run() const {
        const auto study = read_any(path);
        const auto table = vd::columns_of_study(study, path);
        if (trial) show_trial(study, table);
        else show_study(study, table);
        return 0;
    }

private:
    [[nodiscard]] static std::string unit_of(const vd::study_columns::metric& m) { return m.unit.empty() ? "" : ' ' + m.unit; }

    void show_trial(const vd::stored_study& study, const vd::study_columns& table) const {
        const auto found = std::find(table.numbers.begin(), table.numbers.end(), *trial);
        if (found == table.numbers.end()) throw vd::input_error{path, "--trial", "the number of a trial", std::to_string(*trial)};
        const auto t = static_cast<std::size_t>(found - table.numbers.begin());
        std::cout << "trial " << *trial << ": " << vd::detail::outcome_text(table.outcomes[t]) << '\n' << vd::detail::point_text_of(table, t) << '\n';
        if (!study.trials[t].completed) std::cout << study.trials[t].message << '\n';
        else
            for (const auto& m : table.metrics) std::cout << m.name << ' ' << vd::exact_text(m.values[t] / m.factor) << unit_of(m) << '\n';
    }

    void show_study(const vd::stored_study& study, const vd::study_columns& table) const {
        const auto& d = study.description;
        std::cout << path << ": " << table.trials() << " trials by " << d.optimizer << ", seed " << d.seed << ", fingerprint " << vd::fingerprint(d)
                  << '\n';
        for (const auto& p : d.parameters)
            std::cout << "parameter " << p.name << ": " << p.kind << ' ' << p.domain << (p.condition.empty() ? "" : " when " + p.condition) << '\n';
        for (const auto& c : d.constraints) std::cout << "constraint " << c << '\n';
        for (const auto& g : d.goals) {
            std::cout << g.kind << ' ' << g.metric;
            const auto in = [&](double v) { return vd::rounded_text(v / g.factor, 6) + (g.unit.empty() ? "" : ' ' + g.unit); };
            if (std::isfinite(g.threshold)) std::cout << ", threshold " << in(g.threshold);
            if (std::isfinite(g.low)) std::cout << ", at least " << in(g.low);
            if (std::isfinite(g.high)) std::cout << ", at most " << in(g.high);
            std::cout << '\n';
        }
        std::vector<std::size_t> objectives(table.objectives.size());
        std::iota(objectives.begin(), objectives.end(), std::size_t{0});
        const auto front = vd::detail::front_of(table, objectives);
        std::cout << '\n' << front.size() << " on the Pareto front\n";
        vd::report rows;
        rows.columns = {"trial"};
        for (const auto& m : table.metrics) rows.columns.push_back(vd::detail::csv_column(m));
        rows.columns.emplace_back("point");
        for (const auto t : front) {
            std::vector<std::string> row{std::to_string(table.numbers[t])};
            for (const auto& m : table.metrics) row.push_back(vd::rounded_text(m.values[t] / m.factor, 6));
            row.push_back(vd::detail::point_text_of(table, t));
            rows.rows.push_back(std::move(row));
        }
        if (!front.empty()) std::cout << vd::table_text(rows);
    }
};

} // namespace study_tool
