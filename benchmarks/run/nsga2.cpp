// NSGA-II with a population of 100 for 250 generations (25 000 children) on ZDT1 (30 variables) and DTLZ2 (3 objectives, 12 variables),
// beside pagmo2 where that is installed. The variation has pagmo2's default parameters; `published` has the library's defaults. One
// iteration is five runs, with the seeds 1 to 5; their mean hypervolume within 1.1 in every objective is the counter `hypervolume`,
// computed by the same code for both.

#include <verdant/optimizer/evolution/nsga2_engine.hpp>
#include <verdant/optimizer/evolution/variation_real.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/random/stream.hpp>

#include <benchmark/benchmark.h>

#if __has_include(<pagmo/algorithms/nsga2.hpp>)
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <pagmo/problems/dtlz.hpp>
#include <pagmo/problems/zdt.hpp>
#define VERDANT_BENCH_PAGMO 1
#endif

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

namespace {

constexpr std::size_t population_size = 100, generations = 250;
constexpr std::uint64_t seeds = 5;

/// Zitzler, Deb, Thiele, Evolutionary Computation 8(2), 2000.
struct zdt1 {
    static constexpr std::size_t variables = 30, objectives = 2;

    static void evaluate(std::span<const double> x, double* f) {
        double sum = 0;
        for (const double value : x.subspan(1)) sum += value;
        const double g = 1 + 9 * sum / static_cast<double>(x.size() - 1);
        f[0] = x[0];
        f[1] = g * (1 - std::sqrt(x[0] / g));
    }
};

/// Deb, Thiele, Laumanns, Zitzler, CEC 2002.
struct dtlz2 {
    static constexpr std::size_t variables = 12, objectives = 3;

    static void evaluate(std::span<const double> x, double* f) {
        double radius = 1;
        for (const double value : x.subspan(2)) radius += (value - 0.5) * (value - 0.5);
        const double a = x[0] * std::numbers::pi / 2, b = x[1] * std::numbers::pi / 2;
        f[0] = radius * std::cos(a) * std::cos(b);
        f[1] = radius * std::cos(a) * std::sin(b);
        f[2] = radius * std::sin(a);
    }
};

/// Mean over the last run of every seed.
class means {
public:
    void add(std::uint64_t seed, std::span<const double> values, std::size_t objectives) {
        last_[seed - 1] = verdant::pareto::hypervolume({values, objectives}, std::vector<double>(objectives, 1.1));
    }

    void report(benchmark::State& state) const {
        double sum = 0;
        for (const double value : last_) sum += value;
        state.counters["hypervolume"] = sum / static_cast<double>(seeds);
        state.counters["generations/s"] = benchmark::Counter(static_cast<double>(generations * seeds), benchmark::Counter::kIsIterationInvariantRate);
    }

private:
    std::array<double, seeds> last_{};
};

template <class Problem>
void nsga2(benchmark::State& state, Problem, verdant::simulated_binary_crossover crossover, verdant::polynomial_mutation mutation) {
    using genome = std::vector<double>;
    const verdant::real_variation<genome> variation{verdant::real_box::unit(Problem::variables), crossover, mutation};
    means found;
    std::vector<double> values(population_size * Problem::objectives);
    for (auto _ : state)
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            verdant::nsga2_engine<genome, verdant::real_variation<genome>> engine{Problem::objectives, variation, {.population = population_size}};
            verdant::random_stream random{seed};
            for (std::size_t generation = 0; generation <= generations; ++generation) {
                const auto genomes = engine.ask(random, population_size);
                for (std::size_t i = 0; i < population_size; ++i) Problem::evaluate(genomes[i], values.data() + i * Problem::objectives);
                engine.tell(genomes, values);
            }
            found.add(seed, engine.parents().objectives, Problem::objectives);
        }
    found.report(state);
}

const verdant::simulated_binary_crossover same_crossover{{.rate = 0.95, .index = 10}};
const verdant::polynomial_mutation same_mutation{{.rate = 0.01, .index = 50}};

BENCHMARK_CAPTURE(nsga2, zdt1, zdt1{}, same_crossover, same_mutation)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(nsga2, zdt1_published, zdt1{}, verdant::simulated_binary_crossover{}, verdant::polynomial_mutation{})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(nsga2, dtlz2, dtlz2{}, same_crossover, same_mutation)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(nsga2, dtlz2_published, dtlz2{}, verdant::simulated_binary_crossover{}, verdant::polynomial_mutation{})
    ->Unit(benchmark::kMillisecond);

#if defined(VERDANT_BENCH_PAGMO)

void nsga2_pagmo(benchmark::State& state, const pagmo::problem& problem) {
    means found;
    for (auto _ : state)
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            const auto narrow = static_cast<unsigned>(seed);
            pagmo::population population{problem, population_size, narrow};
            const pagmo::algorithm algorithm{pagmo::nsga2(generations, 0.95, 10, 0.01, 50, narrow)};
            population = algorithm.evolve(population);
            std::vector<double> values;
            for (const auto& f : population.get_f()) values.insert(values.end(), f.begin(), f.end());
            found.add(seed, values, problem.get_nobj());
        }
    found.report(state);
}

BENCHMARK_CAPTURE(nsga2_pagmo, zdt1, pagmo::problem{pagmo::zdt(1, 30)})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(nsga2_pagmo, dtlz2, pagmo::problem{pagmo::dtlz(2, 12, 3)})->Unit(benchmark::kMillisecond);

#endif

} // namespace
