// What silicon writes and prints.
#pragma once

#include "compare.hpp"
#include "options.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/report/band_plot.hpp>
#include <verdant/report/bands.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/hypervolume_plot.hpp>
#include <verdant/report/pair_plot.hpp>
#include <verdant/report/report.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/text/number.hpp>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace silicon {

/// Files of the first run of everything, and the comparison of all.
inline void write_files(vd::result_folder& out, const settings& s, const accuracy_source& accuracy, const std::vector<one_run>& runs,
                        const study::options& options) {
    const auto& found = runs.front().found;
    auto json = vd::study_json(found, options);
    json["run"]["accuracy"] = accuracy.words();
    for (const auto& [name, value] : facts_of(s)) json["run"]["settings"][name] = value;
    out.write("trials.csv", vd::io::csv_text(vd::report_of(found.trials())));
    out.write("front.csv", vd::io::csv_text(vd::report_of(found.front(), {.status = false})));
    out.write("study.json", json.dump(1) + '\n');
    out.write("comparison.csv", vd::io::csv_text(comparison_table(runs)));
    std::vector<std::pair<std::string, study::result_type>> named;
    for (const auto& r : runs) named.emplace_back(r.kind.name, r.found);
    const std::string title = s.accuracy.empty() ? " (accuracy: a stand-in)" : "";
    out.write("front.svg", vd::pairs_svg(found, "Networks and chips" + title,
                                         {.axes = {{"latency", {.scale = vd::plot::scale::logarithmic}},
                                                   {"total_carbon_q0.95", {.scale = vd::plot::scale::logarithmic}}},
                                          .baselines = {vd::baseline_of("EfficientNet-B0, usual chip", found.trials().front())}}));
    out.write("bands.svg",
              vd::band_svg<vd::latency, vd::band<total>>(
                  found, "What designs may cost", {.x = {.scale = vd::plot::scale::logarithmic}, .y = {.scale = vd::plot::scale::logarithmic}}));
    out.write("hypervolume.svg", vd::hypervolume_svg(named, "Searched together, and one half alone" + title));
}

/// The columns of the front that tell silicon apart, for people.
[[nodiscard]] inline vd::report short_front(const study::result_type& found) {
    auto r = vd::report_with_bands<vd::band<total>>(found.front(), {.status = false, .digits = 3});
    for (std::size_t c = r.columns.size(); c-- > 0;) {
        const auto& name = r.columns[c];
        const bool dropped = name.starts_with("net.") || name == "array_fill" || name.starts_with("embodied") || name.starts_with("energy");
        if (dropped) {
            r.columns.erase(r.columns.begin() + static_cast<std::ptrdiff_t>(c));
            for (auto& row : r.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(c));
        } else if (name.starts_with("chip.")) r.columns[c] = name.substr(5);
    }
    return r;
}

inline void print(const settings& s, const accuracy_source& accuracy, const std::vector<one_run>& runs) {
    const auto& first = runs.front().found;
    const auto& usual = first.trials().front();
    std::printf("accuracy: %s\n", accuracy.words().c_str());
    std::printf("to begin with, EfficientNet-B0 on the usual chip, one die at 14 nm with four arrays of 64 x 64: accuracy %s, %s ms, 95th percentile "
                "%s kg CO2e\n\n",
                vd::rounded_text(usual.get<estimated_accuracy>(), 4).c_str(),
                vd::rounded_text(vd::in<vd::milliseconds>(usual.get<vd::latency>()), 3).c_str(),
                vd::rounded_text(vd::in<vd::kilograms_co2e>(usual.get<tail>()), 3).c_str());
    std::fputs(vd::table_text(short_front(first), 12).c_str(), stdout);
    std::printf("\n%zu designs a search, %zu %s; hypervolume from accuracy %s, %s ms, %s kg CO2e, as a share of all that could be\n", s.trials,
                s.seeds, s.seeds == 1 ? "seed" : "seeds", vd::rounded_text(s.least_accuracy, 4).c_str(),
                vd::rounded_text(s.latency_threshold, 4).c_str(), vd::rounded_text(s.carbon_threshold, 4).c_str());
    std::printf("%-18s %20s %34s %15s %15s\n", "searched", "hypervolume", "least carbon as accurate and fast", "above reticle", "tile too large");
    for (const auto& kind : search_kinds) {
        std::vector<double> volumes, carbon;
        std::size_t reticle = 0, tiles = 0, evaluated = 0;
        for (const auto& r : runs) {
            if (r.kind.what != kind.what) continue;
            const auto told = told_of(r.found);
            volumes.push_back(told.hypervolume);
            carbon.push_back(told.least_carbon);
            reticle += told.above_reticle;
            tiles += told.without_tile;
            evaluated += r.found.trials().size();
        }
        const auto text = [](const std::vector<double>& x) {
            const auto [mean, deviation] = mean_and_deviation(x);
            return vd::rounded_text(mean, 4) + (x.size() > 1 ? " +- " + vd::rounded_text(deviation, 2) : std::string{});
        };
        const auto share = [evaluated](std::size_t n) { return std::to_string(n) + " of " + std::to_string(evaluated); };
        std::printf("%-18s %20s %34s %15s %15s\n", std::string{kind.name}.c_str(), text(volumes).c_str(), (text(carbon) + " kg").c_str(),
                    share(reticle).c_str(), share(tiles).c_str());
    }
    std::printf(
        "\nin %s: trials.csv front.csv study.json front.svg bands.svg of the first run, comparison.csv hypervolume.svg of all, *.db settings.txt\n",
        s.out.c_str());
}

} // namespace silicon
