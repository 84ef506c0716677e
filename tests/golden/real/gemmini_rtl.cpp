// Cycles of Gemmini's RTL, which are told neither Timeloop's cycles nor those of the RTL's own tiling: by the published constants on all rows, and by
// constants that were fitted here to every second row, on the others.

#include "golden/golden.hpp"
#include "golden/real/dosa_rows.hpp"
#include "golden/real/gemmini_fit.hpp"

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

/// A constant that brings Timeloop's cycles nearest to those of the RTL, by the median.
struct scaled_timeloop {
    double scale = 1, median = std::numeric_limits<double>::infinity();
};
scaled_timeloop best_scale(const std::vector<double>& timeloop, const std::vector<double>& measured) {
    scaled_timeloop best;
    for (double scale = 0.5; scale < 3; scale += 0.001)
        if (const auto median = quantile(errors(timeloop, measured, scale), 0.5); median < best.median) best = {scale, median};
    return best;
}

/// Rows of one parity, fitted to the others.
void report_half(const std::string& file, const std::vector<gemmini::timed>& rows, const std::vector<double>& timeloop, std::size_t parity) {
    std::vector<gemmini::timed> fitted;
    std::vector<double> measured, theirs;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (i % 2 != parity) fitted.push_back(rows[i]);
    if (fitted.size() < 30) return golden::skip(file + " (halves)", "too few rows for thirteen constants");
    const auto constants = gemmini::fit(fitted, gemmini::guess);
    std::vector<double> all;
    std::map<std::string, std::vector<double>> kinds;
    for (std::size_t i = parity; i < rows.size(); i += 2) {
        all.push_back(std::abs(verdant::hardware::gemmini_cycles(rows[i].counts, constants) / rows[i].cycles - 1));
        kinds[rows[i].kind].push_back(all.back());
        measured.push_back(rows[i].cycles);
        theirs.push_back(timeloop[i]);
    }
    const auto best = best_scale(theirs, measured);
    std::printf("golden %s, rows %zu, %zu, ... of which no constant knows: median error %.3f, 90th percentile %.3f; "
                "Timeloop times %.3f: %.3f, %.3f\n",
                file.c_str(), parity + 1, parity + 3, quantile(all, 0.5), quantile(all, 0.9), best.scale, best.median,
                quantile(errors(theirs, measured, best.scale), 0.9));
    CHECK(quantile(all, 0.5) <= best.median * 2 / 3);
    for (const auto& [kind, e] : kinds)
        std::printf("golden %s, rows %zu, %zu, ..., %s: %zu rows, median error %.3f, 90th percentile %.3f\n", file.c_str(), parity + 1, parity + 3,
                    kind.c_str(), e.size(), quantile(e, 0.5), quantile(e, 0.9));
}

} // namespace

TEST_CASE("cycles of Gemmini's RTL: a third closer than Timeloop's times the best constant") {
    namespace hw = verdant::hardware;
    for (const auto& f : golden::find_all("real/hardware/gemmini_rtl*.csv")) {
        golden::summary s{f.name, std::numeric_limits<double>::infinity()};
        std::vector<double> measured, ours, timeloop;
        std::vector<gemmini::timed> rows;
        std::map<std::string, std::vector<double>> kinds;
        for (const auto& r : golden::read_csv(f.path)) {
            const auto row = dosa::read(r);
            const auto counts = hw::count_gemmini(row.sizes, row.problem, row.mapping, std::stoll(r.at("arch.mem2_entries")));
            measured.push_back(std::stod(r.at("target.gemmini_cycle")));
            ours.push_back(hw::gemmini_cycles(counts, hw::fitted_gemmini));
            timeloop.push_back(std::stod(r.at("target.cycle")));
            s.next_row();
            s.compare("cycles", measured.back(), ours.back());
            const auto* kind = counts.windows ? "windows" : row.sizes.columns > 1 ? "1x1" : "products";
            kinds[kind].push_back(std::abs(ours.back() / measured.back() - 1));
            rows.push_back({counts, measured.back(), kind});
        }
        if (measured.size() < 2) {
            s.leave_out("too few rows for ranks and quantiles");
            continue;
        }
        const double best = best_scale(timeloop, measured).scale;
        const auto mine = errors(ours, measured, 1), theirs = errors(timeloop, measured, best);
        const double rank = verdant::surrogate::spearman_rho(ours, measured);
        for (const auto& [kind, e] : kinds)
            std::printf("golden %s, %s: %zu rows, median error %.3f, 90th percentile %.3f\n", f.name.c_str(), kind.c_str(), e.size(),
                        quantile(e, 0.5), quantile(e, 0.9));
        std::printf("golden %s: median error %.3f, 90th percentile %.3f, Spearman %.4f; Timeloop times %.3f: %.3f, %.3f, %.4f\n", f.name.c_str(),
                    quantile(mine, 0.5), quantile(mine, 0.9), rank, best, quantile(theirs, 0.5), quantile(theirs, 0.9),
                    verdant::surrogate::spearman_rho(timeloop, measured));
        for (const std::size_t parity : {0U, 1U}) report_half(f.name, rows, timeloop, parity);
        CHECK(rank >= 0.97);
        // The rows are a sample, whose quantiles are those of all rows to a standard error of their places.
        for (const double q : {0.5, 0.9}) {
            const double place = std::sqrt(q * (1 - q) / static_cast<double>(mine.size()));
            CHECK(quantile(mine, std::max(0.0, q - place)) <= quantile(theirs, std::min(1.0, q + place)) * 2 / 3);
        }
    }
}
