#include <verdant/pareto.hpp>

#include "golden/golden.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

using namespace verdant;

namespace {

// Double goldens; the README asks for 1e-8.
constexpr double tolerance = 1e-9;

/// One published way of extracting a front (CATransformers, optimization/plot_pareto.py). A leading '-' marks an objective that is maximised.
struct front_mode {
    std::vector<std::string> limits;
    std::vector<std::string> objectives;
    bool repeats_count_once;
};

const std::map<std::string, front_mode> modes{
    {"carbon", {{"Area", "Latency", "TOPs"}, {"-Accuracy", "Carbon"}, false}},
    {"latency", {{"Area", "TOPs"}, {"-Accuracy", "Latency"}, true}},
    {"energy", {{"Area", "TOPs"}, {"-Accuracy", "Energy"}, true}},
    {"all", {{"Area", "TOPs"}, {"-Accuracy", "Latency", "Carbon"}, false}},
    {"all-hw", {{"Area"}, {"Latency", "Carbon"}, false}},
    {"energy-model", {{}, {"-Accuracy", "Energy"}, true}},
};

// Section 2.2.
const std::map<std::string, double> limits{{"Area", 31990347}, {"Latency", 0.05}, {"TOPs", 20.48}};

std::vector<double> columns(const std::vector<golden::row>& rows, const std::vector<std::string>& names) {
    std::vector<double> values;
    for (const auto& row : rows)
        for (const auto& name : names) values.push_back(name.front() == '-' ? -std::stod(row.at(name.substr(1))) : std::stod(row.at(name)));
    return values;
}

std::vector<golden::row> pick(const std::vector<golden::row>& rows, const std::vector<std::uint32_t>& indices) {
    std::vector<golden::row> picked;
    for (const auto i : indices) picked.push_back(rows[i]);
    return picked;
}

std::vector<int> kept_trials(std::vector<golden::row> rows, const front_mode& mode) {
    std::erase_if(rows, [&](const golden::row& row) {
        return std::any_of(mode.limits.begin(), mode.limits.end(),
                           [&](const std::string& name) { return std::stod(row.at(name)) > limits.at(name); });
    });
    if (mode.repeats_count_once) {
        auto identity = mode.objectives;
        identity.push_back("Carbon");
        rows = pick(rows, pareto::without_repeats({columns(rows, identity), identity.size()}));
    }
    const auto values = columns(rows, mode.objectives);
    std::vector<int> trials;
    for (const auto& row : pick(rows, pareto::front_indices({values, mode.objectives.size()}, pareto::equal_vectors::keep_none)))
        trials.push_back(std::stoi(row.at("Trial Number")));
    return trials;
}

} // namespace

TEST_CASE("Hypervolumes and non-dominated masks equal the published ones", "[golden]") {
    const auto path = golden::find("carbonnaas/pareto/hypervolume.json");
    if (!path) return;
    golden::summary summary{"carbonnaas/pareto/hypervolume.json", tolerance};
    pareto::exact_hypervolume hypervolume;
    pareto::non_dominated_sorter sorter;
    for (const auto& entry : golden::read_json(*path)) {
        summary.next_row();
        const double sign = entry.at("maximize").get<bool>() ? -1 : 1;
        const auto width = entry.at("m").get<std::size_t>();
        std::vector<double> values, reference;
        for (const auto& point : entry.at("points"))
            for (const auto& value : point) values.push_back(sign * value.get<double>());
        for (const auto& value : entry.at("ref")) reference.push_back(sign * value.get<double>());
        const pareto::objective_rows rows{values, width};

        summary.compare("hypervolume", entry.at("hypervolume").get<double>(), hypervolume(rows, reference));
        const auto mask = entry.at("nondominated").get<std::vector<bool>>();
        sorter.sort(rows);
        // Of equal vectors the masks in the file keep the first, although the text beside it says that all are non-dominated.
        const auto front = pareto::front_indices(rows, pareto::equal_vectors::keep_first);
        const auto distinct = pareto::without_repeats(rows);
        std::vector<bool> by_rank(rows.size()), by_filter(rows.size());
        for (const auto i : distinct) by_rank[i] = sorter.ranks()[i] == 0;
        for (const auto i : front) by_filter[i] = true;
        summary.equal("non-dominated by rank", mask, by_rank);
        summary.equal("non-dominated by filter", mask, by_filter);

        std::vector<double> kept;
        for (const auto i : front) kept.insert(kept.end(), rows[i].begin(), rows[i].end());
        summary.compare("hypervolume of the front", entry.at("hypervolume").get<double>(), hypervolume({kept, width}, reference));
    }
    CHECK(summary.rows() > 0);
}

TEST_CASE("Fronts with mutual elimination keep the published trials", "[golden]") {
    const auto path = golden::find("carbonnaas/pareto/curves.json");
    if (!path) return;
    for (const auto& entry : golden::read_json(*path)) {
        const auto name = "carbonnaas/pareto/" + entry.at("log").get<std::string>();
        const auto log = golden::find(name);
        if (!log) continue;
        const auto rows = golden::read_csv(*log);
        golden::summary summary{name, tolerance};
        for (std::size_t i = 0; i < rows.size(); ++i) summary.next_row();
        for (const auto& [mode, kept] : entry.at("kept_trials").items())
            summary.equal(mode, kept.get<std::vector<int>>(), kept_trials(rows, modes.at(mode)));
    }
    golden::summary summary{"carbonnaas/pareto/curves.json", tolerance};
    for (const auto& entry : golden::read_json(*path)) {
        summary.next_row();
        summary.equal("modes", modes.size(), entry.at("kept_trials").size());
    }
}
