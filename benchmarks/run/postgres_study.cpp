// What a search costs beside its evaluations where it is kept in PostgreSQL: ask, tell and store. VERDANT_POSTGRES is the address of a database, as libpq takes
// it, in which a schema `verdant_benchmark` may be made and removed; without it nothing is measured.

#include "cheap_study.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/study/postgres/postgres_storage.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdlib>
#include <string>

namespace {

namespace vd = verdant;

using cheap_study::measure;
using cheap_study::study;

template <class Optimizer>
void run_kept(benchmark::State& state) {
    const char* address = std::getenv("VERDANT_POSTGRES");
    if (address == nullptr) return state.SkipWithError("VERDANT_POSTGRES is not set");
    const std::string name = "verdant_benchmark";
    vd::detail::postgres::connection db{address, {}, {}};
    const auto drop = [&] {
        db.persistently("drop", [&](bool) { db.run_all("SET client_min_messages = warning; DROP SCHEMA IF EXISTS " + name + " CASCADE"); });
    };
    const auto trials = static_cast<std::size_t>(state.range(0));
    drop();
    for (auto _ : state) {
        vd::postgres_storage kept{address, name};
        const study<Optimizer> s{measure};
        benchmark::DoNotOptimize(s.run({.trials = trials, .seed = 3}, kept));
    }
    state.counters["us_per_trial"] =
        benchmark::Counter(static_cast<double>(trials) / 1e6, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
    drop();
}
BENCHMARK(run_kept<vd::random_search>)->Arg(5'000)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(run_kept<vd::nsga2<>>)->Arg(5'000)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace
