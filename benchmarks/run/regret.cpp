// Regret by evaluations on a table of all networks of NAS-Bench-201: how far the best network found lies below the best there is, in points of accuracy, and
// the share of the whole hypervolume of accuracy x energy. `$VERDANT_GOLDENS/real/nas/nas_bench_201.csv` holds the table; without it nothing is run.
//
// Figures are counters: `regret@100` is the mean over the seeds 1000, 1001, ... of what 100 distinct evaluations miss; times are those of one whole search.

#include <verdant/goal.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vd = verdant;

namespace {

enum class operation : std::uint8_t { none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3 };
constexpr std::array<std::string_view, 5> names{"none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"};

template <vd::fixed_string Name>
using edge = vd::param<Name, vd::choices<operation::none, operation::skip_connect, operation::nor_conv_1x1, operation::nor_conv_3x3,
                                         operation::avg_pool_3x3>>;
/// The cell of Dong and Yang (ICLR 2020): an operation for each of six edges.
using cell = vd::space<edge<"0to1">, edge<"0to2">, edge<"1to2">, edge<"0to3">, edge<"1to3">, edge<"2to3">>;
constexpr std::size_t networks = 15625;

struct measured {
    std::vector<double> accuracy = std::vector<double>(networks), energy = std::vector<double>(networks); ///< per cent, mJ
    double best = 0, hypervolume = 0;
};

constexpr double energy_limit = 40; // mJ: the reference point, with accuracy 0

/// The area between the front and the reference point.
double area(std::vector<std::pair<double, double>> points) {
    std::sort(points.begin(), points.end());
    double sum = 0, top = 0;
    for (const auto& [energy, accuracy] : points) {
        if (energy >= energy_limit || accuracy <= top) continue;
        sum += (energy_limit - energy) * (accuracy - top);
        top = accuracy;
    }
    return sum;
}

/// The number of a network: its operations as digits. The table writes `|nor_conv_3x3~0|+|none~0|skip_connect~1|+...`.
std::size_t number_of(std::string_view text) {
    std::size_t number = 0, edges = 0;
    while (true) {
        const auto begin = text.find_first_not_of("|+");
        if (begin == std::string_view::npos) break;
        const auto end = text.find('~', begin);
        const auto found = std::find(names.begin(), names.end(), text.substr(begin, end - begin));
        if (found == names.end() || end == std::string_view::npos) throw std::invalid_argument{"no cell of NAS-Bench-201: " + std::string{text}};
        number = number * names.size() + static_cast<std::size_t>(found - names.begin());
        ++edges;
        text.remove_prefix(std::min(text.size(), text.find('|', end)));
    }
    if (edges != 6) throw std::invalid_argument{"not six edges"};
    return number;
}
std::size_t number_of(const vd::point<cell>& p) {
    std::size_t number = 0;
    for (std::size_t i = 0; i < p.size(); ++i) number = number * names.size() + p[i];
    return number;
}

const std::optional<measured>& table() {
    static const auto read = []() -> std::optional<measured> {
        const char* folder = std::getenv("VERDANT_GOLDENS");
        const auto path = std::filesystem::path{folder != nullptr ? folder : VERDANT_GOLDENS_DEFAULT} / "real/nas/nas_bench_201.csv";
        if (!std::filesystem::exists(path)) return {};
        measured m;
        const auto rows = vd::io::read_csv(path.string());
        const auto cells = rows.column("cell"), accuracy = rows.column("cifar100_200"), energy = rows.column("pi5_litert_cifar100_energy_mj");
        std::vector<std::pair<double, double>> all;
        for (std::size_t r = 0; r < rows.rows.size(); ++r) {
            const auto at = number_of(rows.rows[r][cells]);
            m.accuracy[at] = rows.number(r, accuracy);
            m.energy[at] = rows.number(r, energy);
            m.best = std::max(m.best, m.accuracy[at]);
            all.emplace_back(m.energy[at], m.accuracy[at]);
        }
        m.hypervolume = area(all);
        return m;
    }();
    return read;
}

template <class Optimizer>
using for_accuracy = vd::search<cell, vd::maximize<vd::accuracy>, Optimizer>;
template <class Optimizer>
using for_both = vd::search<cell, vd::maximize<vd::accuracy>, vd::minimize<vd::energy>, Optimizer>;

constexpr std::array<std::size_t, 4> evaluations{50, 100, 200, 300};
constexpr std::uint64_t first_seed = 1000, seeds = 80;

/// Means over the seeds, by numbers of evaluations.
template <class Optimizer>
void regret(benchmark::State& state, typename Optimizer::options options) {
    if (!table()) return state.SkipWithError("no real/nas/nas_bench_201.csv");
    const auto& all = *table();
    std::array<double, evaluations.size()> missed{};
    std::uint64_t runs = 0;
    for (auto _ : state) {
        const auto found = for_accuracy<Optimizer>{[&](const vd::point<cell>& p) -> vd::metrics<vd::accuracy> {
                               return all.accuracy[number_of(p)];
                           }}.run({.trials = evaluations.back(), .seed = first_seed + runs++ % seeds, .threads = 1, .optimizer = options});
        double best = 0;
        std::size_t next = 0;
        for (std::size_t i = 0; i < found.trials().size(); ++i) {
            best = std::max(best, found.trials()[i].template get<vd::accuracy>());
            if (i + 1 == evaluations[next]) missed[next++] += all.best - best;
        }
    }
    for (std::size_t i = 0; i < evaluations.size(); ++i)
        state.counters["regret@" + std::to_string(evaluations[i])] = missed[i] / static_cast<double>(runs);
}

template <class Optimizer>
void hypervolume(benchmark::State& state, typename Optimizer::options options) {
    if (!table()) return state.SkipWithError("no real/nas/nas_bench_201.csv");
    const auto& all = *table();
    std::array<double, evaluations.size()> share{};
    std::uint64_t runs = 0;
    for (auto _ : state) {
        const auto found = for_both<Optimizer>{[&](const vd::point<cell>& p) -> vd::metrics<vd::accuracy, vd::energy> {
                               const auto at = number_of(p);
                               return {all.accuracy[at], 0.001 * all.energy[at] * vd::joules{}};
                           }}.run({.trials = evaluations.back(), .seed = first_seed + runs++ % seeds, .threads = 1, .optimizer = options});
        std::vector<std::pair<double, double>> points;
        std::size_t next = 0;
        for (const auto& t : found.trials()) {
            const auto at = number_of(t.point);
            points.emplace_back(all.energy[at], all.accuracy[at]);
            if (points.size() == evaluations[next]) share[next++] += area(points) / all.hypervolume;
        }
    }
    for (std::size_t i = 0; i < evaluations.size(); ++i)
        state.counters["volume@" + std::to_string(evaluations[i])] = share[i] / static_cast<double>(runs);
}

template <class Optimizer>
void add(const std::string& name, typename Optimizer::options options = {}) {
    for (const auto& [what, f] : {std::pair{"accuracy/", &regret<Optimizer>}, std::pair{"accuracy x energy/", &hypervolume<Optimizer>}})
        benchmark::RegisterBenchmark((what + name).c_str(), f, options)->Iterations(seeds)->Unit(benchmark::kMillisecond);
}

const bool added = [] {
    add<vd::random_search>("random");
    for (const std::size_t population : {10U, 20U, 40U, 100U}) {
        const auto of = " of " + std::to_string(population);
        add<vd::nsga2<>>("nsga2" + of, {.population = population});
        add<vd::nsga2<vd::uniform_crossover, vd::reset_mutation>>(
            "nsga2, reset mutation, whole generations" + of, {.population = population, .offspring = population, .crossover = {}});
    }
    add<vd::evolution<>>("evolution");
    return true;
}();

} // namespace
