// What searches of everything and of one half found, side by side.
#pragma once

#include "study.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace silicon {

/// One run of one search.
struct one_run {
    search_kind kind;
    std::uint64_t seed;
    study::result_type found;
};

/// What is told of a run.
struct run_facts_shown {
    double hypervolume = 0;    ///< share of the box between the reference point and a perfect design: accuracy 1, no time, no carbon
    double least_carbon = 0;   ///< kg: least 95th percentile of designs as accurate and as fast as the usual one
    std::size_t above_reticle = 0, without_tile = 0, failed = 0;
};

/// @param usual the first trial of each run
[[nodiscard]] inline run_facts_shown told_of(const study::result_type& found) {
    run_facts_shown out;
    const auto limits = study::goals_type::reference(found.limits());
    // In the order of the goals, as they are minimised: -accuracy from -1 on, time and carbon from 0 on.
    const double box = (limits[0] + 1) * limits[1] * limits[2];
    out.hypervolume = found.hypervolume().value_or(0) / box;
    out.least_carbon = std::numeric_limits<double>::infinity();
    const auto trials = found.trials();
    for (const auto& t : trials) {
        if (!t.completed()) {
            ++out.failed;
            continue;
        }
        if (is_above_reticle(t.get<vd::area>())) ++out.above_reticle;
        else if (t.get<array_fill>() > 1) ++out.without_tile;
        const auto& usual = trials.front();
        if (t.feasible() && usual.completed() && t.get<estimated_accuracy>() >= usual.get<estimated_accuracy>() &&
            t.get<vd::latency>() <= usual.get<vd::latency>())
            out.least_carbon = std::min(out.least_carbon, vd::in<vd::kilograms_co2e>(t.get<tail>()));
    }
    return out;
}

/// A line for each run.
[[nodiscard]] inline vd::io::csv_table comparison_table(const std::vector<one_run>& runs) {
    vd::io::csv_table to;
    to.columns = {"search",
                  "seed",
                  "evaluated",
                  "front",
                  "above_reticle",
                  "tile_too_large",
                  "failed",
                  "hypervolume_share",
                  "least_carbon_q0.95_as_good [kgCO2e]"};
    for (const auto& r : runs) {
        const auto told = told_of(r.found);
        to.rows.push_back({std::string{r.kind.name}, std::to_string(r.seed), std::to_string(r.found.trials().size()), std::to_string(r.found.size()),
                           std::to_string(told.above_reticle), std::to_string(told.without_tile), std::to_string(told.failed),
                           vd::exact_text(told.hypervolume), vd::exact_text(told.least_carbon)});
    }
    return to;
}

[[nodiscard]] inline std::pair<double, double> mean_and_deviation(const std::vector<double>& x) {
    double mean = 0, square = 0;
    for (const double v : x) mean += v / static_cast<double>(x.size());
    for (const double v : x) square += (v - mean) * (v - mean);
    return {mean, x.size() > 1 ? std::sqrt(square / static_cast<double>(x.size() - 1)) : 0.0};
}

} // namespace silicon
