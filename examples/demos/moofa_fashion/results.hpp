// The table of moofa_fashion: both systems within each limit of memory.
#pragma once

#include "options.hpp"
#include "system.hpp"

#include <verdant/evaluators/network_costs.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/plot/series.hpp>
#include <verdant/report/report.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace moofa_fashion {

namespace vd = verdant;
namespace fs = std::filesystem;

/// One row of the table.
struct result_row {
    std::string system;
    double limit, predicted, accuracy;
    std::int64_t peak, macs, parameters;
    nlohmann::ordered_json arch;
    std::string text; // of the sub-network
};

template <class Space>
std::vector<result_row> rows_of(const char* name, const std::vector<typename system_run<Space>::found_subnet>& found) {
    std::vector<result_row> out;
    for (const auto& f : found) {
        const auto point = f.point();
        auto a = f.arch;
        std::string text = std::to_string(a.image_size) + " px";
        for (std::size_t stage_of = 0; stage_of < Space::stages; ++stage_of) {
            const auto first = static_cast<std::size_t>(Space::family.block_offset(static_cast<int>(stage_of)));
            for (std::size_t j = 0; j < static_cast<std::size_t>(Space::family.stages[stage_of].blocks); ++j) {
                if (j >= static_cast<std::size_t>(a.d[stage_of])) a.ks[first + j] = 0, a.e[first + j] = 0;
                else text += (j == 0 ? " | k" : " k") + std::to_string(a.ks[first + j]) + "e" + vd::rounded_text(a.e[first + j]);
            }
        }
        out.push_back({name,
                       f.limit,
                       f.predicted,
                       f.accuracy,
                       vd::spaces::peak_memory(point),
                       vd::spaces::macs(point),
                       vd::spaces::parameters(point),
                       {{"image_size", a.image_size}, {"d", a.d}, {"ks", a.ks}, {"e", a.e}},
                       text});
    }
    return out;
}

/// What a run's files depend on. A folder goes on only with the same.
inline nlohmann::ordered_json facts_of(const settings& s) {
    return {{"data", s.data},       {"epochs", s.epochs}, {"images", s.images}, {"validation", s.validation}, {"calibration", s.calibration},
            {"samples", s.samples}, {"seed", s.seed},     {"test", s.test}};
}

/// @throws input_error where results of another run are there; file_error
inline void check_folder(const settings& s) {
    vd::result_folder out{s.out};
    const auto path = out.file("settings.json");
    const auto texts = [](const nlohmann::ordered_json& all) {
        vd::run_facts facts;
        for (const auto& [key, value] : all.items()) facts.emplace_back(key, value.dump());
        return facts;
    };
    if (fs::exists(path)) vd::check_same_run(path, texts(facts_of(s)), texts(vd::io::read_json<nlohmann::ordered_json>(path)));
    else vd::io::write_json(path, facts_of(s));
    out.keep();
}

inline std::string percent(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", 100 * share);
    return text;
}

inline void write_files(const settings& s, const std::vector<result_row>& ofa, const std::vector<result_row>& moofa) {
    const auto path = [&s](const char* name) { return (fs::path{s.out} / name).string(); };
    vd::io::csv_table csv;
    csv.columns = {"limit", "system", "accuracy", "predicted_accuracy", "peak_memory", "macs", "parameters", "network"};
    nlohmann::ordered_json json{{"format", "verdant moofa_fashion"}, {"settings", facts_of(s)}, {"rows", nlohmann::ordered_json::array()}};
    std::vector<vd::plot::series> series{{"OFA", {}}, {"MOOFA", {}}};
    for (std::size_t i = 0; i < ofa.size(); ++i)
        for (const auto* r : {&ofa[i], &moofa[i]}) {
            csv.rows.push_back({vd::rounded_text(r->limit, 9), r->system, vd::rounded_text(r->accuracy, 6), vd::rounded_text(r->predicted, 6),
                                std::to_string(r->peak), std::to_string(r->macs), std::to_string(r->parameters), r->text});
            json["rows"].push_back({{"limit", r->limit},
                                    {"system", r->system},
                                    {"accuracy", r->accuracy},
                                    {"predicted_accuracy", r->predicted},
                                    {"peak_memory", r->peak},
                                    {"macs", r->macs},
                                    {"parameters", r->parameters},
                                    {"arch", r->arch}});
            series[r == &ofa[i] ? 0 : 1].points.emplace_back(static_cast<double>(r->peak), 100 * r->accuracy);
        }
    for (auto& one : series) std::sort(one.points.begin(), one.points.end());
    vd::io::write_file(path("table.csv"), vd::io::csv_text(csv));
    vd::io::write_json(path("table.json"), json);
    vd::io::write_file(path("table.svg"),
                       vd::plot::series_svg("Fashion-MNIST: accuracy within memory limits", "peak memory (elements)", "top-1 (%)", series, s.limits));
}

inline void print(const settings& s, const std::vector<result_row>& ofa, const std::vector<result_row>& moofa) {
    std::printf("| limit | OFA top-1 %% / peak / MMACs | MOOFA top-1 %% / peak / MMACs |\n|---|---|---|\n");
    for (std::size_t i = 0; i < ofa.size(); ++i) {
        std::printf("| %s |", vd::rounded_text(ofa[i].limit, 9).c_str());
        for (const auto* r : {&ofa[i], &moofa[i]})
            std::printf(" %s / %lld / %.2f |", percent(r->accuracy).c_str(), static_cast<long long>(r->peak), static_cast<double>(r->macs) / 1e6);
        std::printf("\n");
    }
    std::printf("in %s: table.csv table.json table.svg\n", s.out.c_str());
}

} // namespace moofa_fashion
