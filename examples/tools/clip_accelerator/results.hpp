// What clip_accelerator writes and prints of a search.
#pragma once

#include "options.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/report.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string_view>
#include <utility>

namespace clip_accelerator {

namespace vd = verdant;

// Without columns that would make lines too long for a terminal; the files have them.
inline vd::report short_report(vd::report full) {
    constexpr std::string_view left_out[] = {"embodied_carbon [kgCO2e]", "operational_carbon [kgCO2e]", "lifetime_energy [kWh]"};
    for (const auto name : left_out) {
        const auto at = std::find(full.columns.begin(), full.columns.end(), name) - full.columns.begin();
        full.columns.erase(full.columns.begin() + at);
        for (auto& row : full.rows) row.erase(row.begin() + at);
    }
    return full;
}

// Files are replaced whole or not at all.
template <class Result, class Options>
void write_files(vd::result_folder& out, const settings& s, const Result& found, const Options& options) {
    auto json = vd::study_json(found, options);
    json["run"]["model"] = s.model;
    json["run"]["optimizer"] = s.optimizer;
    json["run"]["use_intensity"] = s.use_intensity;
    json["run"]["fab_intensity"] = s.fab_intensity;
    json["run"]["inferences"] = s.inferences;
    out.write("trials.csv", vd::io::csv_text(vd::report_of(found.trials(), {.times = true})));
    out.write("front.csv", vd::io::csv_text(vd::report_of(found.front(), {.status = false})));
    out.write("study.json", json.dump(1) + '\n');
    out.write("front.svg", vd::front_svg(found, "Accelerators for CLIP " + s.model + ": latency against total carbon"));
}

template <class Result>
void print(const settings& s, const Result& found, std::size_t asked_trials, std::string_view where_others_went) {
    std::cout << "CLIP " << s.model << " on " << vd::cardinality<vd::spaces::accelerator>.to_string() << " accelerators, " << s.optimizer << ", seed "
              << s.seed << ": " << found.trials().size() << " evaluated, " << found.size() << " on the Pareto front\n";
    if (found.reason() == vd::stop_reason::exhausted && asked_trials > found.trials().size()) std::cout << where_others_went << '\n';
    if (found.reason() == vd::stop_reason::time_limit) std::cout << "(the time was up)\n";
    if (const auto volume = found.hypervolume()) std::cout << "hypervolume " << vd::rounded_text(*volume, 7) << " s kgCO2e\n";
    std::cout << '\n' << vd::table_text(short_report(vd::report_of(found.front(), {.status = false, .digits = 4})));
    std::cout << "\nin " << s.out << ": trials.csv front.csv study.json front.svg\n";
}

} // namespace clip_accelerator
