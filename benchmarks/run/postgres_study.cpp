// What a search costs beside its evaluations where it is kept in PostgreSQL: ask, tell and store. VERDANT_POSTGRES is the address of a database, as
// libpq takes it, in which a schema `verdant_benchmark` may be made and removed; without it nothing is measured. Where the server runs on this
// machine, so is the time of its processes. scripts/study_figures starts a server for this.

#include "cheap_study.hpp"
#include "used_time.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/study/postgres/postgres_storage.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include <unistd.h>

namespace {

namespace vd = verdant;

using cheap_study::measure;
using cheap_study::study;
using used_time::processor_seconds;

// Of each process of the server, as far as this machine knows it.
std::map<std::string, double> server_seconds(vd::detail::postgres::connection& db) {
    std::map<std::string, double> found;
    db.persistently("look", [&](bool) {
        const auto all = db.run_all("SELECT pid FROM pg_stat_activity");
        for (int i = 0; i < all.rows(); ++i) {
            const std::string process{all.text(i, 0)};
            std::ifstream file{"/proc/" + process + "/stat"};
            std::string word;
            double ticks = 0;
            for (int place = 1; file >> word;
                 ++place) // postgres: 14 and 15 are the processor's ticks, in programs and in the system (proc(5)); no blanks in `(postgres)`
                if (place == 2 && word != "(postgres)") break;
                else if (place == 14 || place == 15) ticks += std::strtod(word.c_str(), nullptr);
            found[process] = ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
        }
    });
    return found;
}

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
    auto before = server_seconds(db);
    const auto own = processor_seconds();
    double server = 0;
    for (auto _ : state) {
        vd::postgres_storage kept{address, name};
        const study<Optimizer> s{measure};
        benchmark::DoNotOptimize(s.run({.trials = trials, .seed = 3}, kept));
        state.PauseTiming();
        for (const auto& [process, seconds] : server_seconds(db)) server += seconds - before[process];
        state.ResumeTiming();
    }
    used_time::count(state, trials, processor_seconds() - own + server);
    state.counters["of_it_server"] = 1e6 * server / static_cast<double>(trials);
    drop();
}
BENCHMARK(run_kept<vd::random_search>)->Arg(100'000)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(run_kept<vd::nsga2<>>)->Arg(100'000)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace
