// What it costs to have a job evaluated by another process: its way there and back alone, and of many at once. Started without mpirun it starts
// itself by it, in three processes; what is measured with one process only is what the dispatcher costs without any way.

#include <verdant/distributed/mpi_dispatcher.hpp>
#include <verdant/distributed/mpi_processes.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/parallel/launcher.hpp>
#include <verdant/search/search.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include <unistd.h>

namespace vd = verdant;

namespace {

struct net : vd::space<vd::param<"depth", vd::range<1, 1000>>, vd::param<"width", vd::range<1, 1000>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>& p) { return static_cast<double>(p.get<"width">()); }
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
using dispatcher = vd::mpi_dispatcher<net, study::goals_type>;

void jobs_at_once(benchmark::State& state, dispatcher& workers, const study& s) {
    std::vector<vd::job<net>> jobs(static_cast<std::size_t>(state.range(0)));
    for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].number = i;
    std::size_t given = 0;
    const auto take = [&](const vd::completed_job<study::goals_type>&) { ++given; };
    for ([[maybe_unused]] auto _ : state) {
        workers.submit({jobs.data(), jobs.size()}, s.evaluators());
        while (workers.pending() > 0) workers.collect(vd::completion_sink<study::goals_type>{take});
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(given));
}

} // namespace

int main(int argc, char** argv) {
    if (!vd::parallel::started_by_mpi() && std::getenv("VERDANT_BENCH_ALONE") == nullptr) {
        setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 0);
        setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 0);
        std::vector<char*> words;
        std::vector<std::string> begin{"mpirun", "-np", "3", "--oversubscribe", "--bind-to", "none"};
        for (auto& word : begin) words.push_back(word.data());
        for (int i = 0; i < argc; ++i) words.push_back(argv[i]);
        words.push_back(nullptr);
        execvp("mpirun", words.data()); // where there is none, it goes on alone
    }
    const vd::mpi_processes processes;
    const study s{measure};
    dispatcher workers{processes, s};
    if (workers.serve()) return 0;
    const auto name = "mpi_dispatcher/processes:" + std::to_string(processes.size()) + "/jobs_at_once";
    const auto call = [&](benchmark::State& state) { jobs_at_once(state, workers, s); };
    benchmark::RegisterBenchmark(name.c_str(), call)->Arg(1)->Arg(1000)->UseRealTime();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
