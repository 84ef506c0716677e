// Quality by evaluations: the share of the hypervolume that is missing after so many different points, on networks of Accel-NASBench, accelerators
// for CLIP and networks of MOOFA within a limit of memory, and on test functions; beside pagmo2 in the same program, and whatever
// benchmarks/peers/quality.py has written. Mean and standard deviation over 20 seeds, 1000 to 1019.
//
// `$VERDANT_QUALITY_OUT` (results/quality) gets a CSV an algorithm with every evaluation, summary.csv, and quality.svg. `$VERDANT_QUALITY_SEEDS` is
// another number of seeds. `$VERDANT_QUALITY_SERVE=PROBLEM` makes the program answer lines of indices by lines of values, for peers in other
// languages.

#include "quality_runs.hpp"

#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/optimizer/cma/cma_es.hpp>
#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/optimizer/evolution/moead.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/evolution/nsga3.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/evolution/sms_emoa.hpp>
#include <verdant/optimizer/local_search.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/optimizer/tpe/tpe.hpp>
#include <verdant/surrogate/forest/xgboost_json.hpp>

#include <benchmark/benchmark.h>

#if __has_include(<pagmo/algorithms/moead.hpp>) && __has_include(<Eigen/Dense>)
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/algorithms/moead.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <pagmo/types.hpp>
#endif

#include <cstdio>
#include <functional>
#include <iostream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace {

using namespace quality;

using one_search = std::function<rows(std::uint64_t)>;

void add(const std::string& problem, const std::string& name, const one_search& search) {
    benchmark::RegisterBenchmark((problem + '/' + name).c_str(),
                                 [=](benchmark::State& state) {
                                     std::map<std::uint64_t, rows> by_seed;
                                     for (auto _ : state) {
                                         const auto seed = first_seed + by_seed.size();
                                         by_seed[seed] = search(seed);
                                     }
                                     write(problem, name, by_seed);
                                 })
        ->Iterations(static_cast<benchmark::IterationCount>(seeds()))
        ->Unit(benchmark::kMillisecond);
}
template <class Problem, class Policy>
void ours(const std::string& name, typename Policy::options options = {}, std::size_t evaluations = Problem::evaluations) {
    add(Problem::name, name, [=](std::uint64_t seed) { return searched<Problem, Policy>(options, seed, evaluations); });
}

// ---- pagmo2 -----------------------------------------------------------------------------------------------------------------------------------

#if __has_include(<pagmo/algorithms/moead.hpp>) && __has_include(<Eigen/Dense>)
/// Thrown out of pagmo2 where there were evaluations enough.
struct enough {};

/// A problem as pagmo2 has it: whole numbers where the algorithm knows such, rounded ones otherwise. It has no constraints for several objectives, so
/// a point that breaks some is told the corner, and as much more as it breaks them.
template <class Problem>
struct pagmo_problem {
    using point_type = vd::point<typename Problem::space>;
    struct record {
        std::set<point_type> known;
        rows found;
        std::size_t stale = 0;
    };
    record* seen = nullptr;
    bool whole = true;
    std::vector<double> corner{std::vector<double>(Problem::goals::objective_count, 0.0)};

    [[nodiscard]] pagmo::vector_double fitness(const pagmo::vector_double& x) const {
        point_type p;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const auto last = static_cast<double>(vd::view_of<typename Problem::space>.domain_size(i) - 1);
            p[i] = static_cast<typename point_type::index_type>(std::clamp(std::floor(x[i] + 0.5), 0.0, last));
        }
        p.canonicalise();
        const auto& t = measured<Problem>(p);
        if (seen->known.insert(p).second) {
            if (seen->found.size() == Problem::evaluations) throw enough{};
            seen->found.push_back(row_of<Problem>(t));
            seen->stale = 0;
        } else if (++seen->stale > 20'000) throw enough{};
        pagmo::vector_double f(t.objectives.begin(), t.objectives.end());
        for (std::size_t j = 0; j < f.size() && t.violation > 0; ++j) f[j] = corner[j] + std::abs(corner[j]) * t.violation;
        return f;
    }
    [[nodiscard]] std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
        pagmo::vector_double low, high;
        for (std::size_t i = 0; i < point_type::size(); ++i) {
            low.push_back(whole ? 0 : -0.499);
            high.push_back(static_cast<double>(vd::view_of<typename Problem::space>.domain_size(i) - 1) + (whole ? 0 : 0.499));
        }
        return {low, high};
    }
    [[nodiscard]] pagmo::vector_double::size_type get_nix() const { return whole ? point_type::size() : 0; }
    [[nodiscard]] pagmo::vector_double::size_type get_nobj() const { return Problem::goals::objective_count; }
};

/// @param algorithm makes one of a seed @param size of the population
template <class Problem>
void pagmo2(const std::string& name, std::size_t size, bool whole, std::function<pagmo::algorithm(unsigned)> algorithm) {
    add(Problem::name, name, [=](std::uint64_t seed) {
        typename pagmo_problem<Problem>::record seen;
        const auto narrow = static_cast<unsigned>(seed);
        pagmo_problem<Problem> problem{&seen, whole};
        vd::random_stream random{1};
        for (int k = 0; k < 200; ++k) {
            const auto& t = measured<Problem>(vd::sample<typename Problem::space>(random));
            for (std::size_t j = 0; j < problem.corner.size() && t.violation == 0; ++j)
                problem.corner[j] = k == 0 ? t.objectives[j] : std::max(problem.corner[j], t.objectives[j]);
        }
        try {
            pagmo::population population{pagmo::problem{problem}, size, narrow};
            algorithm(narrow).evolve(population);
        } catch (const enough&) {}
        return seen.found;
    });
}
template <class Problem>
void pagmo2_fronts(std::size_t size, std::size_t directions) {
    const double variables = static_cast<double>(vd::parameter_count<typename Problem::space>);
    pagmo2<Problem>("pagmo2 nsga2", size, true,
                    [=](unsigned seed) { return pagmo::algorithm{pagmo::nsga2(100'000, 0.9, 10.0, 1 / variables, 20.0, seed)}; });
    pagmo2<Problem>("pagmo2 moead", directions, false, [=](unsigned seed) {
        return pagmo::algorithm{pagmo::moead(100'000, "grid", "tchebycheff", 20u, 1.0, 0.5, 20.0, 0.9, 2u, true, seed)};
    });
}
#endif

// ---- what is run --------------------------------------------------------------------------------------------------------------------------------

/// @param divisions of the directions, as many of which there are members
template <class Problem>
void fronts(std::size_t population, std::size_t divisions) {
    ours<Problem, vd::random_search>("random");
    ours<Problem, vd::nsga2<>>("nsga2", {.population = population});
    ours<Problem, vd::nsga3<>>("nsga3", {.divisions = divisions});
    ours<Problem, vd::moead<>>("moead", {.divisions = divisions});
    ours<Problem, vd::sms_emoa<>>("sms_emoa", {.population = population});
#if __has_include(<pagmo/algorithms/moead.hpp>) && __has_include(<Eigen/Dense>)
    pagmo2_fronts<Problem>(population, vd::das_dennis_directions(Problem::goals::objective_count, divisions).size());
#endif
}
template <class Problem>
void networks() {
    if (!Problem::there()) return;
    fronts<Problem>(40, 39);
    ours<Problem, vd::tpe>("tpe");
    ours<Problem, vd::local_search>("local search");
    ours<Problem, vd::regularized_evolution<>>("regularized evolution");
    ours<Problem, vd::cma_es>("cma_es");
    ours<Problem, vd::archive_evolution<>>("archive evolution", {.generations = 0}); // as many as there are points for
    // With the published rate, for thousands of episodes, the controller hardly moves within these.
    ours<Problem, vd::reinforce<typename Problem::reward>>("reinforce", {.learning_rate = 0.01});
    // It computes for tens of milliseconds a point, and for more the more points it has.
    ours<Problem, vd::bayes<>>("bayes", {}, 100);
}
void functions() {
    fronts<dtlz2>(92, 12); // 91 directions; pagmo2's populations are multiples of four
    fronts<zdt1>(40, 39);
    ours<mixed_ellipsoid, vd::random_search>("random");
    ours<mixed_ellipsoid, vd::cma_es>("cma_es");
    ours<mixed_ellipsoid, vd::tpe>("tpe");
    ours<mixed_ellipsoid, vd::local_search>("local search");
    ours<mixed_ellipsoid, vd::regularized_evolution<>>("regularized evolution");
#if __has_include(<pagmo/algorithms/moead.hpp>) && __has_include(<Eigen/Dense>)
    pagmo2<mixed_ellipsoid>("pagmo2 cmaes", 10, false,
                            [](unsigned seed) { return pagmo::algorithm{pagmo::cmaes(100'000, -1, -1, -1, -1, 0.5, 0, 0, false, true, seed)}; });
#endif
}

// ---- answers for other programs
// ---------------------------------------------------------------------------------------------------------------------

/// The first line of the answer has the evaluations, the objectives, and for each parameter its number of values; then each line of indices is
/// answered by the point's number among the different ones and its values.
template <class Problem>
bool serve(const std::string& wanted) {
    if (wanted != Problem::name) return false;
    if (!Problem::there()) throw std::runtime_error{"the data of " + wanted + " are not there"};
    using point_type = vd::point<typename Problem::space>;
    std::cout << Problem::evaluations << ' ' << Problem::goals::objective_count;
    for (std::size_t i = 0; i < point_type::size(); ++i) std::cout << ' ' << vd::view_of<typename Problem::space>.domain_size(i);
    std::cout << std::endl;
    std::unordered_map<point_type, std::size_t> numbers;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream in{line};
        point_type p;
        for (std::size_t i = 0; i < point_type::size(); ++i) {
            unsigned index = 0;
            if (!(in >> index) || index >= vd::view_of<typename Problem::space>.domain_size(i)) throw std::runtime_error{"no point: " + line};
            p[i] = static_cast<typename point_type::index_type>(index);
        }
        p.canonicalise();
        std::cout << numbers.try_emplace(p, numbers.size()).first->second;
        for (const auto v : row_of<Problem>(measured<Problem>(p))) std::cout << ' ' << vd::exact_text(v);
        std::cout << std::endl;
    }
    return true;
}

} // namespace

int main(int count, char** arguments) {
    if (const char* wanted = std::getenv("VERDANT_QUALITY_SERVE")) {
        const bool served = serve<accel_nas_bench>(wanted) || serve<accelerators>(wanted) || serve<moofa>(wanted) || serve<dtlz2>(wanted) ||
                            serve<zdt1>(wanted) || serve<mixed_ellipsoid>(wanted);
        if (!served) std::fprintf(stderr, "no problem is called %s\n", wanted);
        return served ? 0 : 2;
    }
    networks<accel_nas_bench>();
    networks<accelerators>();
    networks<moofa>();
    functions();
    benchmark::RegisterBenchmark("summary", [](benchmark::State& state) {
        for (auto _ : state) summarise_all();
    })->Iterations(1);
    benchmark::Initialize(&count, arguments);
    benchmark::RunSpecifiedBenchmarks();
}
