// What policies of fidelities and the loop around them cost, a measurement that costs nothing.

#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/hyperband.hpp>
#include <verdant/fidelity/median_stopping.hpp>
#include <verdant/fidelity/multi_fidelity.hpp>
#include <verdant/fidelity/whole_evaluations.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space/space.hpp>
#include <verdant/study/memory_storage.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>

namespace {

namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<1, 1000>>, vd::param<"width", vd::range<1, 1000>>> {};
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
using single = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
using front = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::random_search>;

vd::metrics<vd::accuracy> accuracy(const vd::point<net>& p, vd::at_fidelity<epochs> at) {
    return 1e-3 * p.get<"depth">() + 1e-7 * p.get<"width">() * static_cast<double>(at.value);
}
vd::metrics<vd::latency> latency(const vd::point<net>& p) {
    return 1.0 * p.get<"width">() * vd::milliseconds{};
}

/// @param state.range(0) trials
template <class Search>
void run(benchmark::State& state, const Search& search, bool kept) {
    std::size_t measured = 0;
    for (auto _ : state) {
        typename Search::options o{.budget = 1e9, .trials = static_cast<std::size_t>(state.range(0)), .seed = 1};
        vd::memory_storage storage;
        measured += (kept ? search.run(o, storage) : search.run(o)).evaluations().size();
    }
    state.counters["us/measurement"] =
        benchmark::Counter(static_cast<double>(measured) * 1e-6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void whole_evaluations(benchmark::State& state) { run(state, vd::multi_fidelity<single, epochs, vd::whole_evaluations>{accuracy}, false); }
void asha(benchmark::State& state) { run(state, vd::multi_fidelity<single, epochs, vd::asha>{accuracy}, false); }
void asha_kept_in_memory(benchmark::State& state) { run(state, vd::multi_fidelity<single, epochs, vd::asha>{accuracy}, true); }
void asha_two_objectives(benchmark::State& state) { run(state, vd::multi_fidelity<front, epochs, vd::asha>{accuracy, latency}, false); }
void hyperband(benchmark::State& state) { run(state, vd::multi_fidelity<single, epochs, vd::hyperband>{accuracy}, false); }
void median_stopping(benchmark::State& state) { run(state, vd::multi_fidelity<single, epochs, vd::median_stopping>{accuracy}, false); }

} // namespace

BENCHMARK(whole_evaluations)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(asha)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(asha_kept_in_memory)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(asha_two_objectives)->Arg(1'000)->Arg(4'000)->Unit(benchmark::kMillisecond);
BENCHMARK(hyperband)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(median_stopping)->Arg(10'000)->Unit(benchmark::kMillisecond);
