#pragma once

#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/pareto/hypervolume.hpp>
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
#include <span>
#include <string>
#include <utility>
#include <vector>

/// What all searches in a folder found, the peers' as well: tables and pictures.
namespace quality {

namespace vd = verdant;

/// What was measured, row after row: objectives to be minimised, then by how much constraints are broken.
using rows = std::vector<std::vector<double>>;

[[nodiscard]] inline std::filesystem::path folder() {
    const char* out = std::getenv("VERDANT_QUALITY_OUT");
    return out != nullptr ? out : "results/quality";
}

/// By seed.
using runs = std::map<std::uint64_t, rows>;

/// All that the folder holds of a problem, by algorithm.
[[nodiscard]] inline std::map<std::string, runs> read(const std::string& problem) {
    std::map<std::string, runs> all;
    for (const auto& entry : std::filesystem::directory_iterator{folder()}) {
        const auto stem = entry.path().stem().string();
        if (entry.path().extension() != ".csv" || !stem.starts_with(problem + '.')) continue;
        const auto table = vd::io::read_csv(entry.path().string());
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            std::vector<double> row;
            for (std::size_t c = 1; c < table.columns.size(); ++c) row.push_back(table.number(r, c));
            all[stem.substr(problem.size() + 1)][static_cast<std::uint64_t>(table.number(r, 0))].push_back(std::move(row));
        }
    }
    return all;
}

/// Hypervolumes of a problem are measured in the box between the best and the worst objectives, as a share of what all searches together found.
class volume_share {
public:
    /// The corner is the worst that random search measured of what keeps the constraints.
    explicit volume_share(const std::map<std::string, runs>& all) {
        const auto random = all.find("random");
        width_ = random->second.begin()->second.front().size() - 1;
        worst_.assign(width_, -1e300);
        best_.assign(width_, 1e300);
        rows together;
        for (const auto& [name, by_seed] : all)
            for (const auto& [seed, found] : by_seed)
                for (const auto& row : found) {
                    if (row[width_] > 0) continue;
                    for (std::size_t j = 0; j < width_; ++j) {
                        best_[j] = std::min(best_[j], row[j]);
                        if (name == random->first) worst_[j] = std::max(worst_[j], row[j]);
                    }
                    together.push_back(row);
                }
        whole_ = volume(together);
    }
    [[nodiscard]] double missing(std::span<const std::vector<double>> found) { return std::max(0.0, 1 - volume(found) / whole_); }

private:
    [[nodiscard]] double volume(std::span<const std::vector<double>> found) {
        std::vector<double> scaled;
        for (const auto& row : found) {
            if (row[width_] > 0) continue;
            for (std::size_t j = 0; j < width_; ++j) scaled.push_back((row[j] - best_[j]) / (worst_[j] - best_[j]));
        }
        return compute_({scaled, width_}, std::vector<double>(width_, 1.0));
    }

    std::size_t width_ = 0;
    std::vector<double> worst_, best_;
    double whole_ = 1;
    vd::pareto::exact_hypervolume compute_;
};

inline constexpr std::array<std::size_t, 12> marks{20, 40, 60, 80, 100, 150, 200, 250, 300, 500, 700, 1000};

/// Adds what is missing after each of `marks` evaluations, mean and standard deviation over the seeds; of one objective the logarithm of the least
/// value. Of peers that measured fewer points than others, so far as they went.
/// @return the curves of several objectives
inline std::vector<vd::plot::series> summarise(const std::string& problem, vd::io::csv_table& summary) {
    std::vector<vd::plot::series> shown;
    const auto all = read(problem);
    if (!all.contains("random")) return shown;
    const bool single = all.begin()->second.begin()->second.front().size() == 2;
    volume_share share{all};
    std::size_t most = 0;
    for (const auto& [seed, found] : all.at("random")) most = std::max(most, found.size());
    for (const auto& [name, by_seed] : all) {
        vd::plot::series curve{name, {}};
        std::size_t longest = 0;
        for (const auto& [seed, found] : by_seed) longest = std::max(longest, found.size());
        for (const auto n : marks) {
            if (n > std::min(longest, most)) break;
            double sum = 0, squares = 0;
            for (const auto& [seed, found] : by_seed) {
                const auto first = std::span{found}.first(std::min(n, found.size()));
                double value = 1e300;
                if (!single) value = share.missing(first);
                else
                    for (const auto& row : first) value = std::min(value, std::log10(row[0] + 1e-3));
                sum += value;
                squares += value * value;
            }
            const auto count = static_cast<double>(by_seed.size()), mean = sum / count;
            const auto variance = std::max(0.0, squares / count - mean * mean) * count / std::max(1.0, count - 1);
            summary.rows.push_back(
                {problem, name, std::to_string(by_seed.size()), std::to_string(n), vd::exact_text(mean), vd::exact_text(std::sqrt(variance))});
            if (!single && mean > 1e-5) curve.points.emplace_back(static_cast<double>(n), mean);
        }
        if (!curve.points.empty()) shown.push_back(std::move(curve));
    }
    return shown;
}

/// A picture of several problems, one below the other.
[[nodiscard]] inline std::string pictures(const std::vector<std::pair<std::string, std::vector<vd::plot::series>>>& of) {
    constexpr int width = 900, height = 560;
    std::string all =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width) + "\" height=\"" + std::to_string(height * of.size()) + "\">\n";
    std::size_t place = 0;
    for (const auto& [title, shown] : of) {
        vd::plot::series_options options;
        options.y.scale = vd::plot::scale::logarithmic;
        options.picture.width = width;
        options.picture.height = height;
        options.picture.tooltips = vd::plot::tooltips::hidden;
        const auto one = vd::plot::series_svg(title, "different points measured", "share of the hypervolume that is missing", shown, {}, options);
        all += "<svg y=\"" + std::to_string(height * place++) + "\" " + one.substr(one.find("<svg ") + 5) + '\n';
    }
    return all + "</svg>\n";
}

/// Writes `summary.csv`, `quality.svg` of the networks and accelerators, and `functions.svg` of the test functions.
inline void summarise_all() {
    vd::io::csv_table summary;
    summary.columns = {"problem", "algorithm", "seeds", "evaluations", "mean", "deviation"};
    std::vector<std::pair<std::string, std::vector<vd::plot::series>>> real, functions;
    const auto add = [&](const std::string& problem, const std::string& title, auto& to) {
        if (auto shown = summarise(problem, summary); !shown.empty()) to.emplace_back(title, std::move(shown));
    };
    add("accel_nas_bench", "Accel-NASBench: accuracy and latency", real);
    add("clip_accelerators", "accelerators for CLIP ViT-B/16: latency and carbon, within limits", real);
    add("moofa", "MOOFA: accuracy and multiply-accumulates, within a limit of memory", real);
    add("dtlz2", "DTLZ2 of three objectives", functions);
    add("zdt1", "ZDT1", functions);
    add("mixed_ellipsoid", "", functions);
    vd::io::write_file((folder() / "summary.csv").string(), vd::io::csv_text(summary));
    if (!real.empty()) vd::io::write_file((folder() / "quality.svg").string(), pictures(real));
    if (!functions.empty()) vd::io::write_file((folder() / "functions.svg").string(), pictures(functions));
}

} // namespace quality
