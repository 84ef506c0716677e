#include "cheap_study.hpp"
#include "used_time.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report/html_report.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <sys/stat.h>

#include <unistd.h>

// What a search costs beside its evaluations where it is kept in SQLite: ask, tell and store; how long a study takes to open, and its page to be
// made; and how much memory and disk it takes. The page is left where VERDANT_PAGE says, for a browser (scripts/study_figures).
namespace {

namespace vd = verdant;

using cheap_study::measure;
using cheap_study::study;
using used_time::processor_seconds;

std::string study_path() {
    const char* folder = std::getenv("TMPDIR");
    return std::string{folder != nullptr ? folder : "/tmp"} + "/verdant-kept-study-" + std::to_string(::getpid()) + ".db";
}

// A path without a study, at the beginning and the end.
struct scratch_study {
    std::string path = study_path();

    scratch_study() { remove(); }
    scratch_study(const scratch_study&) = delete;
    scratch_study& operator=(const scratch_study&) = delete;
    ~scratch_study() { remove(); }

    void remove() const {
        for (const char* rest : {"", "-wal", "-shm", "-lock"}) std::remove((path + rest).c_str());
    }
    [[nodiscard]] double megabytes() const {
        struct stat found{};
        return ::stat(path.c_str(), &found) == 0 ? static_cast<double>(found.st_size) / 1e6 : 0;
    }
};

// From here on, as far as the system can tell.
void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << 5; }
double peak_megabytes() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;)
        if (word == "VmHWM:") {
            double kilobytes = 0;
            status >> kilobytes;
            return kilobytes / 1000;
        }
    return 0;
}

template <class Optimizer>
void run_kept(benchmark::State& state) {
    const auto trials = static_cast<std::size_t>(state.range(0));
    const scratch_study kept;
    forget_peak();
    const auto before = processor_seconds();
    for (auto _ : state) {
        vd::sqlite_storage file{kept.path, {.durable = state.range(1) != 0}};
        benchmark::DoNotOptimize(study<Optimizer>{measure}.run({.trials = trials, .seed = 3}, file));
    }
    used_time::count(state, trials, processor_seconds() - before);
    state.counters["peak_MB"] = peak_megabytes();
    state.counters["file_MB"] = kept.megabytes();
}
BENCHMARK(run_kept<vd::random_search>)->Args({100'000, 0})->Args({1'000, 1})->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(run_kept<vd::nsga2<>>)->Args({100'000, 0})->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

void open_kept(benchmark::State& state) {
    const scratch_study kept;
    study<vd::random_search>{measure}.run({.trials = static_cast<std::size_t>(state.range(0)), .seed = 3}, vd::sqlite_storage{kept.path});
    forget_peak();
    for (auto _ : state) {
        vd::sqlite_storage file{kept.path};
        benchmark::DoNotOptimize(file.load());
    }
    state.counters["peak_MB"] = peak_megabytes();
}
BENCHMARK(open_kept)->Arg(100'000)->Unit(benchmark::kMillisecond);

// With the reading of the study.
void page_of_kept(benchmark::State& state) {
    const scratch_study kept;
    study<vd::nsga2<>>{measure}.run({.trials = static_cast<std::size_t>(state.range(0)), .seed = 3}, vd::sqlite_storage{kept.path});
    forget_peak();
    std::string page;
    for (auto _ : state) page = vd::html_report(*vd::sqlite_storage{kept.path}.load(), kept.path);
    state.counters["page_MB"] = static_cast<double>(page.size()) / 1e6;
    state.counters["peak_MB"] = peak_megabytes();
    if (const char* path = std::getenv("VERDANT_PAGE"); path != nullptr && state.range(0) == 100'000) vd::io::write_file(path, page);
}
BENCHMARK(page_of_kept)->Arg(100'000)->Unit(benchmark::kMillisecond);

// A million trials: the search, and what is opened and made into a page again.
BENCHMARK(run_kept<vd::random_search>)->Args({1'000'000, 0})->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(page_of_kept)->Arg(1'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);

} // namespace
