// Regret by evaluations on tables of networks: how far the best that was found lies below the best there is, and the share of the whole hypervolume
// that is missing where there are two objectives. Counters `regret@100`, ... are means over the seeds 1000, 1001, ... after so many distinct
// evaluations, `median@100` and the quartiles likewise; times are those of one whole search.
//
// `$VERDANT_GOLDENS/real/nas/nas_bench_201.csv` and `.../anb/xgb_ensemble_acc/member*.json` hold the tables; without them nothing is run of these.
// `$VERDANT_REGRET_OUT` names a folder for results: a CSV an algorithm, summary.csv with means and quartiles, and pictures, for the results of
// benchmarks/peers/regret.py that lie there, too. `$VERDANT_REGRET_COLUMN` names another column of NAS-Bench-201 than cifar100_200 (latencies are
// minimised), `$VERDANT_REGRET_SEEDS` another number of seeds than 80 (40 of the slower algorithms).

#include "regret_curves.hpp"

#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/local_search.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/optimizer/tpe/tpe.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/nas_bench_201/nas_bench_201.hpp>
#include <verdant/surrogate/forest/xgboost_json.hpp>
#include <verdant/surrogate/index_features.hpp>
#include <verdant/tabular/exact_table_csv.hpp>

#include <benchmark/benchmark.h>

#if __has_include(<pagmo/algorithms/sga.hpp>)
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/algorithms/sga.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <pagmo/types.hpp>
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace vd = verdant;

namespace {

using cell = vd::spaces::nas_bench_201;
using accelerator = vd::spaces::accelerator;
using mnasnet = vd::spaces::mnasnet;

constexpr std::uint64_t first_seed = 1000;

std::size_t seeds(std::size_t usual) {
    const char* asked = std::getenv("VERDANT_REGRET_SEEDS");
    return asked == nullptr ? usual : static_cast<std::size_t>(std::max(1, std::atoi(asked)));
}
std::filesystem::path goldens() {
    const char* folder = std::getenv("VERDANT_GOLDENS");
    return folder != nullptr ? folder : VERDANT_GOLDENS_DEFAULT;
}

/// Two objectives, both to be minimised.
using plane = std::vector<std::pair<double, double>>;

/// The area between the front and a reference point.
double area(plane points, std::pair<double, double> reference) {
    std::sort(points.begin(), points.end());
    double sum = 0, least = reference.second;
    for (const auto& [x, y] : points) {
        if (x >= reference.first || y >= least) continue;
        sum += (reference.first - x) * (least - y);
        least = y;
    }
    return sum;
}

/// Runs one search with a seed.
using one_search = std::function<regret::curve(std::uint64_t)>;

void measure(benchmark::State& state, const std::string& table, const std::string& name, const one_search& search) {
    regret::curves all;
    for (auto _ : state) {
        const auto seed = first_seed + all.by_seed.size();
        all.by_seed[seed] = search(seed);
    }
    for (std::size_t i = 0; i < regret::evaluations.size(); ++i) {
        const auto n = regret::evaluations[i];
        const auto missed = all.at(i);
        if (missed.empty() || (n != 50 && n != 100 && n != 200 && n != 300)) continue;
        state.counters["regret@" + std::to_string(n)] = regret::mean(missed);
        state.counters["quarter@" + std::to_string(n)] = regret::quantile(missed, 0.25);
        state.counters["median@" + std::to_string(n)] = regret::quantile(missed, 0.5);
        state.counters["three_quarters@" + std::to_string(n)] = regret::quantile(missed, 0.75);
    }
    regret::write(table, name, all);
}

void add(const std::string& table, const std::string& name, std::size_t usual_seeds, const one_search& search) {
    benchmark::RegisterBenchmark((table + '/' + name).c_str(), [=](benchmark::State& state) { measure(state, table, name, search); })
        ->Iterations(static_cast<benchmark::IterationCount>(seeds(usual_seeds)))
        ->Unit(benchmark::kMillisecond);
}

/// The curve of a search for one objective. @param missed by the first n trials' best objective
template <class Result>
regret::curve curve_of(const Result& found, double best) {
    regret::curve c;
    auto least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < found.trials().size(); ++i) {
        least = std::min(least, found.trials()[i].objectives[0]);
        if (c.size() < regret::evaluations.size() && i + 1 == regret::evaluations[c.size()]) c.push_back(least - best);
    }
    return c;
}
/// The same for two: the share of the hypervolume that is missing.
template <class Result>
regret::curve volume_curve_of(const Result& found, std::pair<double, double> reference, double whole) {
    regret::curve c;
    plane points;
    for (std::size_t i = 0; i < found.trials().size(); ++i) {
        const auto& t = found.trials()[i];
        if (t.feasible()) points.emplace_back(t.objectives[0], t.objectives[1]);
        if (c.size() < regret::evaluations.size() && i + 1 == regret::evaluations[c.size()]) c.push_back(1 - area(points, reference) / whole);
    }
    return c;
}

// ---- NAS-Bench-201 --------------------------------------------------------------------------------------------------------------------------

/// One column, as it is to be minimised: per cent or ms.
struct lookup : vd::metric<"lookup"> {};
struct second_lookup : vd::metric<"second_lookup"> {};

struct cells {
    std::string column;
    bool maximised = true;
    vd::tabular::exact_table<cell> table;
    double best = 0, volume = 0;
    std::pair<double, double> reference{0, 40}; // accuracy 0, 40 mJ

    [[nodiscard]] double value(const vd::point<cell>& p) const { return (maximised ? -1 : 1) * table.at(table.row(p), 0); }
    [[nodiscard]] double energy(const vd::point<cell>& p) const { return table.at(table.row(p), 1); }
};

const std::optional<cells>& nas_bench_201() {
    static const auto read = []() -> std::optional<cells> {
        const auto path = goldens() / "real/nas/nas_bench_201.csv";
        if (!std::filesystem::exists(path)) return {};
        const char* asked = std::getenv("VERDANT_REGRET_COLUMN");
        const std::string column = asked != nullptr ? asked : "cifar100_200", energy = "pi5_litert_cifar100_energy_mj";
        const bool minimised = column.find("lat") != column.npos || column.find("energy") != column.npos;
        auto wanted = std::vector<std::string>{column};
        if (energy != column) wanted.push_back(energy);
        cells c{column, !minimised, vd::tabular::read_nas_bench_201(path.string(), wanted)};
        c.table.require_complete();
        plane all;
        for (const auto& p : c.table.points()) {
            c.best = std::min(c.best == 0 ? c.value(p) : c.best, c.value(p));
            if (wanted.size() == 2) all.emplace_back(c.value(p), c.energy(p));
        }
        c.volume = area(all, c.reference);
        return c;
    }();
    return read;
}

template <class Optimizer>
void add_cells(const std::string& name, typename Optimizer::options options = {}, std::size_t usual_seeds = 80, std::size_t trials = 300) {
    if (!nas_bench_201()) return;
    add(nas_bench_201()->column, name, usual_seeds, [=](std::uint64_t seed) {
        const auto& c = *nas_bench_201();
        return curve_of(vd::search<cell, vd::minimize<lookup>, Optimizer>{[&](const vd::point<cell>& p) -> vd::metrics<lookup> {
                            return c.value(p);
                        }}.run({.trials = trials, .seed = seed, .threads = 1, .optimizer = options}),
                        c.best);
    });
}
template <class Optimizer>
void add_cells_by_both(const std::string& name, typename Optimizer::options options = {}, std::size_t usual_seeds = 80, std::size_t trials = 300) {
    if (!nas_bench_201() || !nas_bench_201()->maximised) return;
    add("accuracy_x_energy", name, usual_seeds, [=](std::uint64_t seed) {
        const auto& c = *nas_bench_201();
        const auto both = [&](const vd::point<cell>& p) -> vd::metrics<lookup, second_lookup> { return {c.value(p), c.energy(p)}; };
        return volume_curve_of(vd::search<cell, vd::minimize<lookup>, vd::minimize<second_lookup>, Optimizer>{both}.run(
                                   {.trials = trials, .seed = seed, .threads = 1, .optimizer = options}),
                               c.reference, c.volume);
    });
}

#if __has_include(<pagmo/algorithms/sga.hpp>)
/// Cells as six whole numbers, which pagmo2 evaluates; different ones are counted.
struct pagmo_cells {
    std::size_t objectives = 1;
    std::vector<vd::point<cell>>* seen = nullptr;
    std::set<vd::point<cell>>* known = nullptr;

    [[nodiscard]] pagmo::vector_double fitness(const pagmo::vector_double& x) const {
        vd::point<cell> p;
        for (std::size_t i = 0; i < 6; ++i) p[i] = static_cast<vd::point<cell>::index_type>(x[i]);
        if (known->insert(p).second) seen->push_back(p);
        const auto& c = *nas_bench_201();
        return objectives == 1 ? pagmo::vector_double{c.value(p)} : pagmo::vector_double{c.value(p), c.energy(p)};
    }
    [[nodiscard]] std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
        return {pagmo::vector_double(6, 0.0), pagmo::vector_double(6, 4.0)};
    }
    [[nodiscard]] pagmo::vector_double::size_type get_nix() const { return 6; }
    [[nodiscard]] pagmo::vector_double::size_type get_nobj() const { return objectives; }
};

void add_pagmo(std::size_t objectives) {
    if (!nas_bench_201() || (objectives == 2 && !nas_bench_201()->maximised)) return;
    add(objectives == 1 ? nas_bench_201()->column : "accuracy_x_energy", objectives == 1 ? "pagmo2 sga of 20" : "pagmo2 nsga2 of 20", 80,
        [=](std::uint64_t seed) {
            const auto& c = *nas_bench_201();
            std::vector<vd::point<cell>> seen;
            std::set<vd::point<cell>> known;
            const auto narrow = static_cast<unsigned>(seed);
            pagmo::population population{pagmo::problem{pagmo_cells{objectives, &seen, &known}}, 20, narrow};
            // Mutation of one gene in six; the other numbers are pagmo2's.
            pagmo::algorithm algorithm =
                objectives == 1 ? pagmo::algorithm{pagmo::sga(1, 0.9, 1.0, 1.0 / 6, 1.0, 2, "exponential", "uniform", "tournament", narrow)}
                                : pagmo::algorithm{pagmo::nsga2(1, 0.95, 10.0, 1.0 / 6, 50.0, narrow)};
            for (int generation = 0; generation < 400 && seen.size() < 300; ++generation) population = algorithm.evolve(population);
            regret::curve missed;
            plane points;
            auto least = std::numeric_limits<double>::infinity();
            for (const auto n : regret::evaluations) {
                // A search that ran dry keeps what it has found.
                for (auto i = points.size(); i < std::min(n, seen.size()); ++i) {
                    points.emplace_back(c.value(seen[i]), objectives == 2 ? c.energy(seen[i]) : 0);
                    least = std::min(least, points.back().first);
                }
                missed.push_back(objectives == 1 ? least - c.best : 1 - area(points, c.reference) / c.volume);
            }
            return missed;
        });
}
#endif

// ---- accelerators of CarbonNAAS, all 3240 of them -------------------------------------------------------------------------------------------

struct accelerators {
    vd::tabular::exact_table<accelerator> table;
    std::pair<double, double> reference{0.1, 1}; // s, kg
    double volume = 0;
};
using accelerator_goals = vd::goals<vd::minimize<vd::latency>, vd::minimize<vd::total_carbon>, vd::subject_to<vd::area, vd::at_most<32>>,
                                    vd::subject_to<vd::tops, vd::at_most<20.48>>>;

const accelerators& all_accelerators() {
    static const auto made = [] {
        const vd::accelerator_estimator estimate;
        std::vector<vd::point<accelerator>> points;
        std::vector<double> values;
        plane feasible;
        for (const auto& p : vd::feasible_points<accelerator>()) {
            const auto m = estimate(p);
            const std::array row{vd::to_si(m.get<vd::latency>()), vd::to_si(m.get<vd::total_carbon>()), vd::to_si(m.get<vd::area>()),
                                 vd::to_si(m.get<vd::tops>())};
            points.push_back(p);
            values.insert(values.end(), row.begin(), row.end());
            const accelerator_goals::metrics_type record{m.get<vd::latency>(), m.get<vd::total_carbon>(), m.get<vd::area>(), m.get<vd::tops>()};
            if (accelerator_goals::violation(record, accelerator_goals::limits()) == 0) feasible.emplace_back(row[0], row[1]);
        }
        accelerators a{{"accelerators", {"latency", "carbon", "area", "tops"}, std::move(points), std::move(values)}};
        a.volume = area(feasible, a.reference);
        return a;
    }();
    return made;
}

template <class Optimizer>
void add_accelerators(const std::string& name, typename Optimizer::options options = {}, std::size_t usual_seeds = 80, std::size_t trials = 300) {
    add("accelerators", name, usual_seeds, [=](std::uint64_t seed) {
        const auto& a = all_accelerators();
        const auto measured = [&](const vd::point<accelerator>& p) {
            const auto r = a.table.row(p);
            return vd::metrics<vd::latency, vd::total_carbon, vd::area, vd::tops>::from_si_values(
                {a.table.at(r, 0), a.table.at(r, 1), a.table.at(r, 2), a.table.at(r, 3)});
        };
        return volume_curve_of(
            vd::search<accelerator, vd::minimize<vd::latency>, vd::minimize<vd::total_carbon>, vd::subject_to<vd::area, vd::at_most<32>>,
                       vd::subject_to<vd::tops, vd::at_most<20.48>>, Optimizer>{measured}
                .run({.trials = trials, .seed = seed, .threads = 1, .optimizer = options}),
            a.reference, a.volume);
    });
}

// ---- Accel-NASBench: accuracy by a surrogate of its data ---------------------------------------------------------------------------------------

/// The least of the 1e11 values is not known: the best that four long searches find stands for it.
struct networks {
    vd::surrogate::boosted_trees model;
    double best = 0;
    [[nodiscard]] vd::metrics<lookup> operator()(const vd::point<mnasnet>& p) const {
        std::array<float, vd::point<mnasnet>::size()> features;
        for (std::size_t i = 0; i < features.size(); ++i) features[i] = static_cast<float>(p[i]);
        return -model.predict(features);
    }
};

const std::optional<networks>& accel_nas_bench() {
    static const auto read = []() -> std::optional<networks> {
        const auto path = goldens() / "anb/xgb_ensemble_acc/member1.json";
        if (!std::filesystem::exists(path)) return {};
        networks n{vd::surrogate::read_xgboost_json(path.string()).trees};
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            const auto found = vd::search<mnasnet, vd::minimize<lookup>, vd::local_search>{[&](const vd::point<mnasnet>& p) { return n(p); }}.run(
                {.trials = 5000, .seed = seed});
            n.best = std::min(n.best, found.front().front().objectives[0]);
        }
        return n;
    }();
    return read;
}

template <class Optimizer>
void add_networks(const std::string& name, typename Optimizer::options options = {}, std::size_t usual_seeds = 80, std::size_t trials = 300) {
    if (!accel_nas_bench()) return;
    add("accel_nas_bench", name, usual_seeds, [=](std::uint64_t seed) {
        const auto& n = *accel_nas_bench();
        return curve_of(vd::search<mnasnet, vd::minimize<lookup>, Optimizer>{[&](const vd::point<mnasnet>& p) { return n(p); }}.run(
                            {.trials = trials, .seed = seed, .threads = 1, .optimizer = options}),
                        n.best);
    });
}

// ---- what is run -----------------------------------------------------------------------------------------------------------------------------

const bool added = [] {
    using vd::regularized_evolution;
    add_cells<vd::random_search>("random");
    for (const std::size_t population : {20U, 40U}) add_cells<vd::nsga2<>>("nsga2 of " + std::to_string(population), {.population = population});
    add_cells<regularized_evolution<>>("regularized evolution 30,10");
    add_cells<regularized_evolution<>>("regularized evolution 30,10, published", regularized_evolution<>::published(30, 10));
    add_cells<vd::local_search>("local search");
    add_cells<vd::tpe>("tpe");
    add_cells<vd::reinforce<>>("reinforce", {.learning_rate = 0.01}, 40);
    add_cells<vd::bayes<>>("bayes", {}, 40, 100);
    add_cells<vd::bayes<vd::ehvi>>("bayes, closed form", {}, 40, 100);

    add_cells_by_both<vd::random_search>("random");
    for (const std::size_t population : {20U, 40U})
        add_cells_by_both<vd::nsga2<>>("nsga2 of " + std::to_string(population), {.population = population});
    add_cells_by_both<regularized_evolution<>>("regularized evolution 30,10");
    add_cells_by_both<vd::local_search>("local search");
    add_cells_by_both<vd::tpe>("tpe");
#if __has_include(<pagmo/algorithms/sga.hpp>)
    add_pagmo(1);
    add_pagmo(2);
#endif

    add_accelerators<vd::random_search>("random");
    add_accelerators<vd::nsga2<>>("nsga2 of 40");
    add_accelerators<regularized_evolution<>>("regularized evolution 30,10");
    add_accelerators<vd::local_search>("local search");
    add_accelerators<vd::tpe>("tpe");

    add_networks<vd::random_search>("random");
    add_networks<vd::nsga2<>>("nsga2 of 40");
    add_networks<regularized_evolution<>>("regularized evolution 30,10");
    add_networks<vd::local_search>("local search");
    add_networks<vd::tpe>("tpe");
    if (regret::folder())
        benchmark::RegisterBenchmark("summary", [](benchmark::State& state) {
            for (auto _ : state) regret::summarise();
        })->Iterations(1);
    return true;
}();

} // namespace
