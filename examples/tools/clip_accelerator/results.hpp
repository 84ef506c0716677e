// What clip_accelerator writes and prints of a search.
#pragma once

#include "options.hpp"

#include <verdant/error.hpp>
#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/report.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
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

/// What the results depend on. Neither the threads nor the limit of time are among it: those that end earlier are the beginning of the others.
template <class Options>
vd::run_facts facts_of(const settings& s, const Options& options) {
    vd::run_facts out{{"--model", s.model}, {"--optimizer", s.optimizer}, {"--trials", std::to_string(options.trials)}, {"--seed", std::to_string(s.seed)}};
    if (s.optimizer == "nsga2")
        for (const auto* flag : s.of_nsga2) out.emplace_back(flag->get_name(), flag->count() > 0 ? flag->as<std::string>() : flag->get_default_str());
    for (const auto& [name, value] : {std::pair{"--area-limit", s.area_limit}, std::pair{"--tops-limit", s.tops_limit},
                                      std::pair{"--latency-threshold", s.latency_threshold}, std::pair{"--carbon-threshold", s.carbon_threshold}})
        out.emplace_back(name, vd::exact_text(value));
    out.emplace_back("--use-intensity", s.use_intensity);
    out.emplace_back("--fab-intensity", s.fab_intensity);
    out.emplace_back("--inferences", vd::exact_text(s.inferences));
    return out;
}

/// Makes the folder that of this command. @throws input_error where it has the results of another, or files of these names from elsewhere
inline void claim(vd::result_folder& out, const vd::run_facts& facts) {
    if (!std::filesystem::exists(out.file("settings.txt")))
        for (const auto* name : {"trials.csv", "front.csv", "study.json", "front.svg"})
            if (std::filesystem::exists(out.file(name)))
                throw vd::input_error{"--out", "", "a folder without a " + std::string{name} + " that no settings.txt says the command of", out.path().string()};
    out.claim("settings.txt", facts);
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

/// Which limit leaves out most, where all points are beyond some.
template <class Result>
void print_limits(const settings& s, const Result& found) {
    std::size_t large = 0, fast = 0;
    for (const auto& t : found.trials()) {
        large += vd::in<vd::square_millimetres>(t.template get<vd::area>()) > s.area_limit ? 1 : 0;
        fast += t.template get<vd::tops>() > s.tops_limit ? 1 : 0;
    }
    const bool area = large >= fast;
    std::cout << "no point is within the limits: " << std::max(large, fast) << " of " << found.trials().size() << " are above "
              << (area ? "--area-limit " : "--tops-limit ") << vd::rounded_text(area ? s.area_limit : s.tops_limit, 9) << (area ? " mm2, " : ", ")
              << std::min(large, fast) << (area ? " above --tops-limit\n" : " above --area-limit\n");
}

template <class Result>
void print(const settings& s, const Result& found, std::size_t asked_trials, std::string_view where_others_went) {
    constexpr std::size_t points = 3240;
    std::cout << "CLIP " << s.model << " on " << vd::cardinality<vd::spaces::accelerator>.to_string() << " accelerators, " << s.optimizer << ", seed "
              << s.seed << ": " << found.trials().size() << " evaluated, " << found.size() << " on the Pareto front\n";
    if (asked_trials > points) std::cout << "(--trials " << asked_trials << ": there are only " << points << " points)\n";
    if (found.reason() == vd::stop_reason::exhausted && asked_trials > found.trials().size() && found.trials().size() < points)
        std::cout << where_others_went << '\n';
    if (found.reason() == vd::stop_reason::time_limit) std::cout << "(the time was up)\n";
    if (const auto volume = found.hypervolume(); volume && found.size() > 0) {
        std::cout << "hypervolume " << vd::rounded_text(1000 * *volume, 7) << " ms kgCO2e";
        if (*volume == 0)
            std::cout << ": no point of the front is below the reference point, --latency-threshold " << vd::rounded_text(s.latency_threshold, 6)
                      << " s and --carbon-threshold " << vd::rounded_text(s.carbon_threshold, 6) << " kg CO2e";
        std::cout << '\n';
    }
    if (found.size() == 0 && !found.trials().empty()) print_limits(s, found);
    std::cout << '\n' << vd::table_text(short_report(vd::report_of(found.front(), {.status = false, .digits = 4})));
    std::cout << "\nin " << s.out << ": trials.csv front.csv study.json front.svg settings.txt\n";
}

} // namespace clip_accelerator
