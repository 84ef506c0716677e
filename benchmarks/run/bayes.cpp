// The Bayesian optimiser: one suggestion with 50 observed points of the 14-parameter space of CarbonNAAS and 3 objectives, with its parts; one with
// 40 observed points of DTLZ2 with four to six objectives; 300 trials of 30 unordered parameters of three values, whose counters are the hypervolume
// and that of random search and NSGA-II, means of five seeds; and hypervolume after 60 trials of the stand-in problem (tests/stand_in.hpp) beside
// random search and NSGA-II with a population of 20, seeds 0 to 9. The counters of the latter are means, relative to random search, and numbers of
// seeds won.

#include "../../tests/stand_in.hpp"

#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

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

template <int I>
struct objective;
template <>
struct objective<0> : vd::metric<"f0"> {};
template <>
struct objective<1> : vd::metric<"f1"> {};
template <>
struct objective<2> : vd::metric<"f2"> {};
template <>
struct objective<3> : vd::metric<"f3"> {};
template <>
struct objective<4> : vd::metric<"f4"> {};
template <>
struct objective<5> : vd::metric<"f5"> {};
template <vd::fixed_string Name>
using coordinate = vd::param<Name, vd::range<0, 10>>;
struct box : vd::space<coordinate<"x0">, coordinate<"x1">, coordinate<"x2">, coordinate<"x3">, coordinate<"x4">, coordinate<"x5">, coordinate<"x6">,
                       coordinate<"x7">, coordinate<"x8">> {};

/// Objective j of DTLZ2 with m of them (Deb, Thiele, Laumanns, Zitzler, CEC 2002).
double dtlz2(const vd::point<box>& p, std::size_t m, std::size_t j) {
    const auto x = [&](std::size_t i) { return p[i] / 10.0; };
    double f = 1;
    for (auto i = m - 1; i < p.size(); ++i) f += (x(i) - 0.5) * (x(i) - 0.5);
    for (std::size_t i = 0; i + 1 + j < m; ++i) f *= std::cos(x(i) * std::numbers::pi / 2);
    return j == 0 ? f : f * std::sin(x(m - 1 - j) * std::numbers::pi / 2);
}

template <class Acquisition, std::size_t... J>
void many_objectives(benchmark::State& state, std::index_sequence<J...>) {
    using study = vd::search<box, vd::minimize<objective<static_cast<int>(J)>, vd::threshold<2>>..., vd::bayes<Acquisition>>;
    typename study::session_type before{1, {.initial = 40}};
    while (before.trials().size() < 40)
        for (const auto& p : before.ask(1)) before.tell(p, {dtlz2(p, sizeof...(J), J)...});
    for (auto _ : state) {
        auto session = before;
        benchmark::DoNotOptimize(session.ask(1));
    }
}
template <class Acquisition, std::size_t Objectives>
void suggestion_of(benchmark::State& state) {
    many_objectives<Acquisition>(state, std::make_index_sequence<Objectives>{});
}

template <vd::fixed_string Name>
using kind = vd::param<Name, vd::choices<"p", "q", "r">>;
struct kinds
    : vd::space<kind<"a0">, kind<"a1">, kind<"a2">, kind<"a3">, kind<"a4">, kind<"a5">, kind<"a6">, kind<"a7">, kind<"a8">, kind<"a9">, kind<"b0">, kind<"b1">,
                kind<"b2">, kind<"b3">, kind<"b4">, kind<"b5">, kind<"b6">, kind<"b7">, kind<"b8">, kind<"b9">, kind<"c0">, kind<"c1">, kind<"c2">, kind<"c3">,
                kind<"c4">, kind<"c5">, kind<"c6">, kind<"c7">, kind<"c8">, kind<"c9">> {};

/// Two sums of weights of the values and of pairs of them, which want different ones.
struct kinds_measure {
    static constexpr std::size_t n = 30, values = 3;
    std::vector<double> single = std::vector<double>(2 * n * values), pair = std::vector<double>(2 * n * values * values);
    kinds_measure() {
        vd::random_stream random{77};
        for (auto& v : single) v = random.uniform();
        for (auto& v : pair) v = random.uniform();
        for (std::size_t i = 0; i < n * values; ++i) single[n * values + i] = 0.6 * (1 - single[i]) + 0.4 * single[n * values + i];
    }
    vd::metrics<objective<0>, objective<1>> operator()(const vd::point<kinds>& p) const {
        std::array<double, 2> sum{};
        for (std::size_t o = 0; o < 2; ++o)
            for (std::size_t i = 0; i < n; ++i)
                sum[o] += single[(o * n + i) * values + p[i]] + 0.5 * pair[((o * n + i) * values + p[i]) * values + p[(i + 1 + 6 * o) % n]];
        return {sum[0], sum[1]};
    }
};

void thirty_categories(benchmark::State& state) {
    const auto found = [](auto optimizer, std::uint64_t seed) {
        using study = vd::search<kinds, vd::minimize<objective<0>, vd::threshold<26>>, vd::minimize<objective<1>, vd::threshold<26>>, decltype(optimizer)>;
        return study{kinds_measure{}}.run({.trials = 300, .seed = seed, .threads = 1}).hypervolume().value();
    };
    double mine = 0, genetic = 0, random = 0, runs = 0;
    for (auto _ : state) {
        const auto seed = static_cast<std::uint64_t>(runs++);
        mine += found(vd::bayes<>{}, seed);
        state.PauseTiming();
        genetic += found(vd::nsga2<>{}, seed);
        random += found(vd::random_search{}, seed);
        state.ResumeTiming();
    }
    state.counters["bayes"] = mine / runs;
    state.counters["nsga2"] = genetic / runs;
    state.counters["random"] = random / runs;
}

} // namespace

BENCHMARK(thirty_categories)->Iterations(5)->Unit(benchmark::kSecond);
BENCHMARK(suggestion_of<vd::qlog_nehvi, 4>)->Unit(benchmark::kMillisecond);
BENCHMARK(suggestion_of<vd::qlog_nehvi, 5>)->Unit(benchmark::kMillisecond);
BENCHMARK(suggestion_of<vd::qlog_nehvi, 6>)->Unit(benchmark::kMillisecond);
BENCHMARK(suggestion_of<vd::ehvi, 5>)->Unit(benchmark::kMillisecond);
BENCHMARK(suggestion_of<vd::ehvi, 6>)->Unit(benchmark::kMillisecond);
BENCHMARK(suggestion<vd::qlog_nehvi>)->Unit(benchmark::kMillisecond);
BENCHMARK(suggestion<vd::qnehvi>)->Unit(benchmark::kMillisecond);
BENCHMARK(suggestion<vd::ehvi>)->Unit(benchmark::kMillisecond);
BENCHMARK(fit)->Unit(benchmark::kMillisecond);
BENCHMARK(acquisition_gradient)->Unit(benchmark::kMicrosecond);
BENCHMARK(after_60_trials<stand_in::carbon_mode>)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(after_60_trials<stand_in::latency_mode>)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(after_60_trials<stand_in::energy_mode>)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(after_60_trials<stand_in::all_mode>)->Iterations(1)->Unit(benchmark::kSecond);
