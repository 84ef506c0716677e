// The command `list`: a line for each study.
#pragma once

#include "../terminal/paths.hpp"
#include "source.hpp"

#include <verdant/report/report.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/study/study_difference.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace study_tool {

struct list_command {
    static constexpr const char* name = "list";
    static constexpr const char* about = "a line for each study: trials, goals, optimizer, seed, fingerprint of its space";
    std::vector<std::string> paths{};

    void add_options(CLI::App& app) { app.add_option("studies", paths, "files of SQLite or JSON")->required()->check(terminal::path()); }

    [[nodiscard]] int run() const {
        vd::report table;
        table.columns = {"study", "trials", "feasible", "failed", "pending", "goals", "optimizer", "seed", "fingerprint"};
        for (const auto& path : paths) {
            const auto study = read_any(path);
            const auto columns = vd::columns_of_study(study, path);
            const auto with = [&](vd::trial_outcome o) { return std::to_string(std::count(columns.outcomes.begin(), columns.outcomes.end(), o)); };
            std::string goals;
            for (const auto& g : study.description.goals)
                if (g.kind == "minimize" || g.kind == "maximize") goals += (goals.empty() ? "" : ", ") + g.kind + ' ' + g.metric;
            table.rows.push_back({path, std::to_string(columns.trials()), with(vd::trial_outcome::feasible), with(vd::trial_outcome::failed),
                                  std::to_string(study.pending.size()), goals, study.description.optimizer, std::to_string(study.description.seed),
                                  vd::fingerprint(study.description)});
        }
        std::cout << vd::table_text(table);
        return 0;
    }
};

} // namespace study_tool
