// How searches in several processes end. The argument says what happens; endings.sh, what is to be said then.

#include <verdant/distributed/mpi_dispatcher.hpp>
#include <verdant/distributed/mpi_processes.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include <time.h>
#include <unistd.h>

namespace vd = verdant;

namespace {

struct net : vd::space<vd::param<"depth", vd::range<1, 20>>, vd::param<"width", vd::range<1, 100>>> {};
struct wider : vd::space<vd::param<"depth", vd::range<1, 20>>, vd::param<"width", vd::range<1, 200>>> {};

std::string what;
int rank = 0;

void pause_seconds(int s) {
    const timespec t{s, s == 0 ? 1'000'000 : 0};
    nanosleep(&t, nullptr);
}

struct train {
    template <class Space>
    vd::metrics<vd::accuracy> operator()(const vd::point<Space>& p) const {
        pause_seconds(0);
        if (rank == 2 && what == "killed") std::raise(SIGKILL);
        if (rank == 2 && what == "worker_stopped") std::raise(SIGSTOP);
        if (rank == 2 && what == "exception_while_busy") pause_seconds(50);
        return 0.01 * static_cast<double>(p.template get<"width">());
    }
};
struct measure : train {};

template <class Study, class Evaluator>
int search_with(Evaluator evaluator) {
    const bool signs = what == "worker_stopped" || what == "leader_stopped";
    const vd::mpi_processes processes{{.silence = signs ? 1.0 : 0.0}};
    rank = processes.rank();
    if (rank == 1 && what == "no_data") throw std::runtime_error{"no training data on this machine"};
    const Study s{evaluator};
    vd::mpi_dispatcher workers{processes, s};
    if (what != "no_serve" && workers.serve()) return 0;
    struct observer {
        vd::search_step told(const typename Study::trial_type&, const vd::search_state& state) const {
            if (state.done < 10) return vd::search_step::go_on;
            if (what.starts_with("exception")) throw std::runtime_error{"the disk is full"};
            if (what == "leader_stopped") std::raise(SIGSTOP);
            return what == "stop" ? vd::search_step::stop : vd::search_step::go_on;
        }
    };
    observer watching;
    const auto found = s.run({.trials = 60, .batch = 20}, workers, watching);
    std::printf("%zu trials, the end\n", found.trials().size());
    if (what == "exception_later") throw std::runtime_error{"the disk is full"};
    return 0;
}

template <class Space>
using study = vd::search<Space, vd::maximize<vd::accuracy>, vd::random_search>;

int run() {
    if (what == "other_space") return search_with<study<wider>>(train{});
    if (what == "other_evaluator") return search_with<study<net>>(measure{});
    return search_with<study<net>>(train{});
}

} // namespace

int main(int argc, char** argv) {
    what = argc > 1 ? argv[1] : "";
    if (what == "exception_uncaught") return run();
    try {
        return run();
    } catch (const std::exception& e) {
        std::printf("process %d: %s\n", rank, e.what());
        return 3;
    }
}
