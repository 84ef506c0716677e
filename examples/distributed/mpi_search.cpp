// One program that searches in all processes that mpirun or srun started, or alone: mpirun -n 5 example.distributed.mpi_search [study.db]

#include <verdant/distributed/mpi_dispatcher.hpp>
#include <verdant/distributed/mpi_processes.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

#include <unistd.h>
namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency, vd::threshold<40>>, vd::nsga2<>>;

// [evaluator]
struct train {
    int card; // the graphics card of this process: cudaSetDevice(card), "cuda:" + std::to_string(card)

    vd::metrics<vd::accuracy, vd::latency> operator()(const vd::point<net>& p) const {
        const double depth = p.get<"depth">(), width = p.get<"width">();
        if (depth * width > 5000) throw std::runtime_error{"out of memory"}; // fails its trial and nothing else
        return {1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16), 0.01 * depth * width * vd::milliseconds{}};
    }
};
// [/evaluator]

// [search]
int search(const std::string& path) {
    const vd::mpi_processes processes;
    const study s{train{.card = processes.local_worker()}};
    vd::mpi_dispatcher workers{processes, s};
    if (workers.serve()) return 0; // one that evaluates, until the search has ended

    vd::sqlite_storage file{path};
    const auto found = s.run({.trials = 120, .seed = 5, .optimizer = {.population = 20}}, workers, file);
    const auto failed = std::count_if(found.trials().begin(), found.trials().end(), [](const auto& t) { return !t.completed(); });
    std::cout << found.trials().size() << " trials, " << failed << " failed, front of " << found.size() << ", hypervolume "
              << vd::rounded_text(*found.hypervolume(), 4) << ' ' << vd::hypervolume_unit<study::goals_type>() << '\n';
    return 0;
}
// [/search]

int main(int argc, char** argv) {
    // Only process 0 opens the study.
    const auto path =
        argc > 1 ? std::string{argv[1]} : (std::filesystem::temp_directory_path() / ("verdant-mpi-" + std::to_string(getpid()))).string();
    try {
        const int status = search(path);
        if (argc < 2) std::filesystem::remove(path); // an example leaves nothing behind
        return status;
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
