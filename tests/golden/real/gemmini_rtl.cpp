#include "golden/golden.hpp"
#include "golden/real/dosa_rows.hpp"

#include <verdant/hardware/hierarchy/gemmini_cycles.hpp>
#include <verdant/numeric/spearman.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace {

double quantile(std::vector<double> values, double q) {
    std::sort(values.begin(), values.end());
    const double at = q * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const auto high = std::min(low + 1, values.size() - 1);
    return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

std::vector<double> errors(const std::vector<double>& found, const std::vector<double>& expected, double scale) {
    std::vector<double> out;
    for (std::size_t i = 0; i < found.size(); ++i) out.push_back(std::abs(scale * found[i] / expected[i] - 1));
    return out;
}

} // namespace

TEST_CASE("cycles of Gemmini's RTL: a third closer than Timeloop's times the best constant") {
    const auto path = golden::find("real/hardware/gemmini_rtl.csv");
    if (!path) return;
    namespace hw = verdant::hardware;
    golden::summary s{"real/hardware/gemmini_rtl.csv", std::numeric_limits<double>::infinity()};
    std::vector<double> measured, ours, timeloop;
    std::map<std::string, std::vector<double>> kinds;
    for (const auto& r : golden::read_csv(*path)) {
        const auto row = dosa::read(r);
        const auto counts = hw::count_gemmini(row.sizes, row.problem, row.mapping, std::stoll(r.at("arch.mem2_entries")));
        measured.push_back(std::stod(r.at("target.gemmini_cycle")));
        ours.push_back(hw::gemmini_cycles(counts, hw::fitted_gemmini));
        timeloop.push_back(std::stod(r.at("target.cycle")));
        s.next_row();
        s.compare("cycles", measured.back(), ours.back());
        const auto* kind = counts.windows ? "windows" : row.sizes.columns > 1 ? "1x1" : "products";
        kinds[kind].push_back(std::abs(ours.back() / measured.back() - 1));
    }
    double best = 1, least = std::numeric_limits<double>::infinity();
    for (double scale = 0.5; scale < 3; scale += 0.001)
        if (const auto median = quantile(errors(timeloop, measured, scale), 0.5); median < least) {
            least = median;
            best = scale;
        }
    const auto mine = errors(ours, measured, 1), theirs = errors(timeloop, measured, best);
    const double rank = verdant::surrogate::spearman_rho(ours, measured);
    for (const auto& [kind, e] : kinds)
        std::printf("golden real/hardware/gemmini_rtl.csv, %s: %zu rows, median error %.3f, 90th percentile %.3f\n", kind.c_str(), e.size(),
                    quantile(e, 0.5), quantile(e, 0.9));
    std::printf(
        "golden real/hardware/gemmini_rtl.csv: median error %.3f, 90th percentile %.3f, Spearman %.4f; Timeloop times %.3f: %.3f, %.3f, %.4f\n",
        quantile(mine, 0.5), quantile(mine, 0.9), rank, best, quantile(theirs, 0.5), quantile(theirs, 0.9),
        verdant::surrogate::spearman_rho(timeloop, measured));
    CHECK(rank >= 0.97);
    CHECK(quantile(mine, 0.5) <= quantile(theirs, 0.5) * 2 / 3);
    CHECK(quantile(mine, 0.9) <= quantile(theirs, 0.9) * 2 / 3);
}
