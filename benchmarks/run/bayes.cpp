// The Bayesian optimiser: one suggestion with 50 observed points of the 14-parameter space of CarbonNAAS and 3 objectives, with its parts; and
// hypervolume after 60 trials of the stand-in problem (tests/stand_in.hpp) beside random search and NSGA-II with a population of 20, seeds
// 0 to 9. The counters of the latter are means, relative to random search, and numbers of seeds won.

#include "../../tests/stand_in.hpp"

#include <verdant/optimizer/bayes.hpp>
#include <verdant/optimizer/nsga2.hpp>
#include <verdant/optimizer/random.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>

namespace vd = verdant;

namespace {

/// The record of the study from that of the evaluator, which holds the same metrics in another order.
template <class Session>
auto restrict_to(const Session&, const stand_in::record& all) {
    typename Session::metrics_type values;
    values.template set<stand_in::accuracy>(all.get<stand_in::accuracy>());
    values.template set<stand_in::carbon>(all.get<stand_in::carbon>());
    values.template set<stand_in::latency>(all.get<stand_in::latency>());
    values.template set<stand_in::energy>(all.get<stand_in::energy>());
    values.template set<stand_in::area>(all.get<stand_in::area>());
    values.template set<stand_in::tops>(all.get<stand_in::tops>());
    return values;
}

/// A search of 50 trials, the first 28 of them the Sobol start, of which the engine is kept.
template <class Acquisition>
auto observed() {
    typename stand_in::all_mode<vd::bayes<Acquisition>>::session_type session{1, {}};
    while (session.trials().size() < 50)
        for (const auto& p : session.ask(1)) session.tell(p, restrict_to(session, stand_in::evaluator{}(p)));
    return session;
}

template <class Acquisition>
void suggestion(benchmark::State& state) {
    const auto before = observed<Acquisition>();
    for (auto _ : state) {
        auto session = before;
        benchmark::DoNotOptimize(session.ask(1));
    }
}

void fit(benchmark::State& state) {
    const auto session = observed<vd::ehvi>();
    vd::random_stream random{1};
    for (auto _ : state) benchmark::DoNotOptimize(session.engine().fit(random));
}

void acquisition_gradient(benchmark::State& state) {
    const auto session = observed<vd::ehvi>();
    vd::random_stream random{1};
    const auto model = session.engine().fit(random);
    auto a = vd::qlog_nehvi::make(model, Eigen::MatrixXd(14, 0), random, {});
    const Eigen::VectorXd x = Eigen::VectorXd::Constant(14, 0.4);
    Eigen::VectorXd gradient(14);
    for (auto _ : state) benchmark::DoNotOptimize(a(x, &gradient));
}

template <class Study>
double volume(std::uint64_t seed, const typename Study::options& o) {
    auto options = o;
    options.trials = 60;
    options.seed = seed;
    return Study{stand_in::evaluator{}}.run(options).hypervolume().value();
}

template <template <class> class Mode>
void after_60_trials(benchmark::State& state) {
    constexpr std::uint64_t seeds = 10;
    double mine = 0, closed = 0, random = 0, genetic = 0, over_random = 0, over_genetic = 0;
    for (auto _ : state)
        for (std::uint64_t seed = 0; seed < seeds; ++seed) {
            const auto b = volume<Mode<vd::bayes<>>>(seed, {}), r = volume<Mode<vd::random_search>>(seed, {});
            const auto n = volume<Mode<vd::nsga2<>>>(seed, {.optimizer = {.population = 20}});
            mine += b;
            closed += volume<Mode<vd::bayes<vd::ehvi>>>(seed, {});
            random += r;
            genetic += n;
            over_random += b > r ? 1 : 0;
            over_genetic += b > n ? 1 : 0;
        }
    const auto runs = static_cast<double>(state.iterations());
    state.counters["bayes/random"] = mine / random;
    state.counters["bayes_ehvi/random"] = closed / random;
    state.counters["nsga2/random"] = genetic / random;
    state.counters["won_over_random"] = over_random / runs;
    state.counters["won_over_nsga2"] = over_genetic / runs;
}

} // namespace

BENCHMARK(suggestion<vd::qlog_nehvi>)->Unit(benchmark::kMillisecond);
BENCHMARK(suggestion<vd::qnehvi>)->Unit(benchmark::kMillisecond);
BENCHMARK(suggestion<vd::ehvi>)->Unit(benchmark::kMillisecond);
BENCHMARK(fit)->Unit(benchmark::kMillisecond);
BENCHMARK(acquisition_gradient)->Unit(benchmark::kMicrosecond);
BENCHMARK(after_60_trials<stand_in::carbon_mode>)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(after_60_trials<stand_in::latency_mode>)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(after_60_trials<stand_in::energy_mode>)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(after_60_trials<stand_in::all_mode>)->Iterations(1)->Unit(benchmark::kSecond);
