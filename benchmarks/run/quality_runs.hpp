#pragma once

#include "quality_problems.hpp"
#include "quality_summary.hpp"

#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

/// Runs of optimizers on the problems, and what they found, as files that peers write, too.
namespace quality {

[[nodiscard]] inline std::size_t seeds() {
    const char* asked = std::getenv("VERDANT_QUALITY_SEEDS");
    return asked == nullptr ? 20 : static_cast<std::size_t>(std::max(1, std::atoi(asked)));
}
inline constexpr std::uint64_t first_seed = 1000;

template <class Problem>
using trial_of = vd::trial<typename Problem::space, typename Problem::goals>;

/// What a point costs; every point is measured once in a program.
template <class Problem>
[[nodiscard]] const trial_of<Problem>& measured(const vd::point<typename Problem::space>& p) {
    static std::unordered_map<vd::point<typename Problem::space>, trial_of<Problem>> all;
    auto [at, fresh] = all.try_emplace(p);
    if (fresh) {
        auto& t = at->second;
        t.point = p;
        t.values = Problem::measure(p);
        t.objectives = Problem::goals::objectives(t.values);
        t.violation = Problem::goals::violation(t.values, Problem::goals::limits());
    }
    return at->second;
}
template <class Problem>
[[nodiscard]] std::vector<double> row_of(const trial_of<Problem>& t) {
    std::vector<double> row(t.objectives.begin(), t.objectives.end());
    row.push_back(t.violation);
    return row;
}

/// One search, until so many different points were measured; known ones are told again and count nothing. One that proposes known points only, 400
/// times on end, keeps what it has.
template <class Problem, class Policy>
[[nodiscard]] rows searched(const typename Policy::options& options, std::uint64_t seed, std::size_t evaluations = Problem::evaluations) {
    typename Policy::template engine<typename Problem::space, typename Problem::goals> engine{options};
    vd::random_stream random{seed};
    std::unordered_map<vd::point<typename Problem::space>, bool> known;
    rows found;
    for (std::size_t stale = 0; found.size() < evaluations && stale < 400; ++stale) {
        const auto points = engine.ask(random, std::min(engine.preferred_batch(), evaluations - found.size()));
        if (points.empty()) break;
        std::vector<trial_of<Problem>> told;
        for (const auto& p : points) {
            told.push_back(measured<Problem>(p));
            told.back().number = found.size();
            if (!known.try_emplace(p, true).second) continue;
            found.push_back(row_of<Problem>(told.back()));
            stale = 0;
        }
        engine.tell(told);
    }
    return found;
}

/// `PROBLEM.NAME.csv`, as benchmarks/peers/quality.py writes it: seed, then the numbers of each evaluation.
inline void write(const std::string& problem, const std::string& name, const std::map<std::uint64_t, rows>& by_seed) {
    std::filesystem::create_directories(folder());
    vd::io::csv_table out;
    out.columns = {"seed"};
    const auto width = by_seed.begin()->second.front().size();
    for (std::size_t j = 0; j + 1 < width; ++j) out.columns.push_back("objective" + std::to_string(j));
    out.columns.push_back("violation");
    for (const auto& [seed, found] : by_seed)
        for (const auto& row : found) {
            out.rows.push_back({std::to_string(seed)});
            for (const auto v : row) out.rows.back().push_back(vd::exact_text(v));
        }
    vd::io::write_file((folder() / (problem + '.' + name + ".csv")).string(), vd::io::csv_text(out));
}

} // namespace quality
