#include <verdant/pareto.hpp>
#include <verdant/published/published_front.hpp>

#include "golden/golden.hpp"

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

using namespace verdant;

namespace {

// Double goldens; the README asks for 1e-8.
constexpr double tolerance = 1e-9;

std::vector<published::published_row> read_rows(const std::vector<golden::row>& rows) {
    std::vector<published::published_row> read;
    for (const auto& row : rows) {
        auto& r = read.emplace_back();
        constexpr std::array names{"Accuracy", "Carbon", "Latency", "Area", "Energy", "TOPs"};
        for (std::size_t c = 0; c < names.size(); ++c)
            r[c] = row.contains(names[c]) ? std::stod(row.at(names[c])) : std::numeric_limits<double>::quiet_NaN();
    }
    return read;
}

} // namespace

TEST_CASE("Hypervolumes and non-dominated masks equal the published ones", "[golden]") {
    for (const auto& f : golden::find_all("carbonnaas/pareto/hypervolume*.json")) {
        golden::summary summary{f.name, tolerance};
        pareto::exact_hypervolume hypervolume;
        pareto::non_dominated_sorter sorter;
        for (const auto& entry : golden::read_json(f.path)) {
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
}

TEST_CASE("Fronts with mutual elimination keep the published trials", "[golden]") {
    for (const auto& f : golden::find_all("carbonnaas/pareto/curves*.json")) {
        golden::summary curves{f.name, tolerance};
        for (const auto& entry : golden::read_json(f.path)) {
            curves.next_row();
            const auto name = "carbonnaas/pareto/" + entry.at("log").get<std::string>();
            const auto log = golden::find(name);
            if (!log) {
                curves.leave_out("no log " + name);
                continue;
            }
            const auto rows = golden::read_csv(*log);
            golden::summary summary{name, tolerance};
            for (std::size_t i = 0; i < rows.size(); ++i) summary.next_row();
            const auto read = read_rows(rows);
            for (const auto& [mode, kept] : entry.at("kept_trials").items()) {
                std::vector<int> trials;
                for (const auto i : published::published_front(read, published::front_rule_of(mode)))
                    trials.push_back(std::stoi(rows[i].at("Trial Number")));
                summary.equal(mode, kept.get<std::vector<int>>(), trials);
            }
            curves.equal("has modes", false, entry.at("kept_trials").empty());
        }
        CHECK(curves.rows() > 0);
    }
}
