// How far the sums of measure_latency's tables are from whole networks, and the files that say so.
#pragma once

#include "options.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/numeric/relative_error.hpp>
#include <verdant/plot/agreement.hpp>
#include <verdant/report/report.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace measure_latency {

namespace vd = verdant;

inline std::string percent(double share) { return vd::rounded_text(100 * share, 3) + " %"; }

/// What came of the whole networks of one resolution, or of all.
struct agreement {
    std::vector<double> sums, measured;
    void add(double sum, double whole) {
        sums.push_back(sum);
        measured.push_back(whole);
    }
    [[nodiscard]] double tau() const {
        return sums.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : vd::surrogate::kendall_tau(sums, measured);
    }
    [[nodiscard]] vd::surrogate::relative_error error(double factor = 1) const { return vd::surrogate::relative_error_of(sums, measured, factor); }
    [[nodiscard]] double factor() const { return vd::surrogate::best_factor(sums, measured); }
};

/// Whole networks, and what the tables say of them.
struct measured_networks {
    vd::io::csv_table table{};
    agreement all{};
    std::map<int, agreement> by_resolution{};
    std::vector<std::pair<double, double>> points{}; ///< measured, and the sum of the table
    std::size_t earlier = 0; ///< measured by an earlier call
};

inline double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double v : values) sum += v / static_cast<double>(values.size());
    return sum;
}

inline void add_summary(vd::report& summary, nlohmann::json& json, const std::string& name, const agreement& a) {
    const auto error = a.error();
    const double tau = a.tau(), factor = a.factor(), scaled = a.error(factor).mape;
    summary.rows.push_back({name, std::to_string(a.sums.size()), vd::rounded_text(mean_of(a.measured), 4), vd::rounded_text(mean_of(a.sums), 4),
                            percent(error.mape), percent(error.bias), vd::rounded_text(factor, 3), a.sums.size() < 2 ? "-" : percent(scaled),
                            std::isnan(tau) ? "-" : vd::rounded_text(tau, 3)});
    json["networks"][name] = {{"count", a.sums.size()},      {"measured_ms", mean_of(a.measured)},
                              {"table_ms", mean_of(a.sums)}, {"mape", error.mape},
                              {"bias", error.bias},          {"factor", factor},
                              {"mape_with_factor", a.sums.size() < 2 ? nlohmann::json{} : nlohmann::json(scaled)},
                              {"kendall_tau", std::isnan(tau) ? nlohmann::json{} : nlohmann::json(tau)}};
}

/// Writes `networks.csv`, `networks.json` and `networks.svg`, and prints the summary.
/// @param facts of the run, for the JSON file
inline void write_networks(const settings& s, const measured_networks& found, nlohmann::json facts, const std::string& title) {
    const std::filesystem::path out{s.out};
    vd::report summary;
    summary.columns = {"resolution", "networks",     "mean measured [ms]", "mean of table sums [ms]", "MAPE", "bias",
                       "factor",     "MAPE with it", "Kendall tau"};
    for (const auto& [resolution, a] : found.by_resolution) add_summary(summary, facts, std::to_string(resolution), a);
    add_summary(summary, facts, "all", found.all);
    vd::io::write_file((out / "networks.csv").string(), vd::io::csv_text(found.table));
    vd::io::write_json((out / "networks.json").string(), facts);
    vd::io::write_file((out / "networks.svg").string(), vd::plot::agreement_svg(title, "measured network [ms]", "sum of the table [ms]", found.points));
    if (found.earlier > 0) std::cout << found.earlier << " of " << found.points.size() << " whole networks were measured before\n";
    std::cout << '\n' << vd::table_text(summary) << "\nin " << s.out << ": latency.csv";
    for (const int r : s.resolutions) std::cout << ' ' << r << "_lookup_table.yaml";
    std::cout << " networks.csv networks.json networks.svg\n";
}

} // namespace measure_latency
