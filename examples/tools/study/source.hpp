// Where the commands of study get their studies from.
#pragma once

#include "../terminal/study_source.hpp"

#include <verdant/error.hpp>
#include <verdant/report/study_from_json.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/optuna_study.hpp>
#include <verdant/study/sqlite_study.hpp>

#include <string>

namespace study_tool {

namespace vd = verdant;

/// A study of ours. One of Optuna is refused with what to do.
[[nodiscard]] inline vd::stored_study read_any(const std::string& path) {
    try {
        return terminal::read_study(path);
    } catch (const vd::input_error& e) {
        if (e.found() != "a database of another program") throw;
        std::string names;
        try {
            for (const auto& n : vd::optuna_study_names(path)) names += (names.empty() ? "" : ", ") + n;
        } catch (const vd::error&) { throw e; } // no database of Optuna either
        throw vd::input_error{path, "", "a study of verdant; `study import --from optuna` makes one of those of Optuna",
                              "a database of Optuna with " + (names.empty() ? "no study" : names)};
    }
}

} // namespace study_tool
