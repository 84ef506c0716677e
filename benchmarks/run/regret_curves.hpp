#pragma once

#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/plot/series.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What searches missed after so many evaluations, over seeds: quartiles, files, pictures.
namespace regret {

/// Distinct evaluations after which searches are judged.
inline constexpr std::array<std::size_t, 16> evaluations{10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 120, 140, 160, 180, 200, 300};

/// What one search missed after `evaluations`, as far as it went.
using curve = std::vector<double>;

/// Of one algorithm on one table.
struct curves {
    std::map<std::uint64_t, curve> by_seed;

    /// What all seeds missed after the i-th number of evaluations, ascending; empty where some seed did not get there.
    [[nodiscard]] std::vector<double> at(std::size_t i) const {
        std::vector<double> all;
        for (const auto& [seed, c] : by_seed) {
            if (c.size() <= i) return {};
            all.push_back(c[i]);
        }
        std::sort(all.begin(), all.end());
        return all;
    }
};

/// Between the two values that stand nearest. @param sorted not empty
[[nodiscard]] inline double quantile(const std::vector<double>& sorted, double share) {
    const auto place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}
[[nodiscard]] inline double mean(const std::vector<double>& all) {
    double sum = 0;
    for (const auto v : all) sum += v;
    return sum / static_cast<double>(all.size());
}

/// The folder of results, `$VERDANT_REGRET_OUT`; none where it is not set.
[[nodiscard]] inline std::optional<std::filesystem::path> folder() {
    const char* out = std::getenv("VERDANT_REGRET_OUT");
    return out == nullptr ? std::nullopt : std::optional<std::filesystem::path>{out};
}

/// Writes `TABLE.NAME.csv`, as benchmarks/peers/regret.py does.
inline void write(const std::string& table, const std::string& name, const curves& of) {
    if (!folder()) return;
    std::filesystem::create_directories(*folder());
    verdant::io::csv_table out;
    out.columns = {"seed", "evaluations", "regret"};
    for (const auto& [seed, c] : of.by_seed)
        for (std::size_t i = 0; i < c.size(); ++i)
            out.rows.push_back({std::to_string(seed), std::to_string(evaluations[i]), verdant::exact_text(c[i])});
    verdant::io::write_file((*folder() / (table + '.' + name + ".csv")).string(), verdant::io::csv_text(out));
}

/// Everything in the folder by table and name, peers included.
[[nodiscard]] inline std::map<std::string, std::map<std::string, curves>> read_all() {
    std::map<std::string, std::map<std::string, curves>> all;
    for (const auto& entry : std::filesystem::directory_iterator{*folder()}) {
        const auto stem = entry.path().stem().string();
        const auto dot = stem.find('.');
        if (entry.path().extension() != ".csv" || dot == std::string::npos) continue;
        const auto table = verdant::io::read_csv(entry.path().string());
        auto& of = all[stem.substr(0, dot)][stem.substr(dot + 1)];
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            auto& c = of.by_seed[static_cast<std::uint64_t>(table.number(r, table.column("seed")))];
            const auto n = static_cast<std::size_t>(table.number(r, table.column("evaluations")));
            if (c.size() < evaluations.size() && evaluations[c.size()] == n) c.push_back(table.number(r, table.column("regret")));
        }
    }
    return all;
}

/// Writes `summary.csv` (mean, quartiles) and, for each table, pictures of the medians and of the means.
inline void summarise() {
    verdant::io::csv_table summary;
    summary.columns = {"table", "algorithm", "seeds", "evaluations", "mean", "lower_quartile", "median", "upper_quartile"};
    for (const auto& [table, algorithms] : read_all()) {
        std::vector<verdant::plot::series> medians, means;
        for (const auto& [name, of] : algorithms) {
            medians.push_back({name, {}});
            means.push_back({name, {}});
            for (std::size_t i = 0; i < evaluations.size(); ++i) {
                const auto all = of.at(i);
                if (all.empty()) break;
                const auto x = static_cast<double>(evaluations[i]);
                if (x >= 20) {
                    medians.back().points.emplace_back(x, quantile(all, 0.5));
                    means.back().points.emplace_back(x, mean(all));
                }
                summary.rows.push_back({table, name, std::to_string(all.size()), std::to_string(evaluations[i]), verdant::exact_text(mean(all)),
                                        verdant::exact_text(quantile(all, 0.25)), verdant::exact_text(quantile(all, 0.5)), verdant::exact_text(quantile(all, 0.75))});
            }
        }
        const auto draw = [&table](const std::string& what, const std::vector<verdant::plot::series>& shown) {
            verdant::io::write_file((*folder() / (table + '_' + what + ".svg")).string(),
                                    verdant::plot::series_svg(what + " regret on " + table, "distinct evaluations", "regret", shown));
        };
        draw("median", medians);
        draw("mean", means);
    }
    verdant::io::write_file((*folder() / "summary.csv").string(), verdant::io::csv_text(summary));
}

} // namespace regret
