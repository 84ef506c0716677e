// Trains a CLIP, pruned or not, on images with captions: alone or in several processes under mpirun or srun, from nothing or from a checkpoint, with or
// without a teacher. Writes checkpoints to go on from, and the metrics of each validation.

#include <verdant/error.hpp>
#include <verdant/nn/core/openblas.hpp>
#include <verdant/nn/processes/failed.hpp>
#include <verdant/nn/processes/mpi_communicator.hpp>
#include <verdant/parallel/launcher.hpp>

#include <CLI/CLI.hpp>

#include "../terminal/program.hpp"
#include "../terminal/stop.hpp"
#include "options.hpp"
#include "processes.hpp"
#include "train.hpp"

#include <exception>
#include <string>

namespace {

using namespace clip_train;

int start_with_mpi(const settings& s) {
    const nn::mpi_session session;
    const any_processes all{nn::mpi_communicator{}};
    try {
        run(s, all);
        return 0;
    } catch (const nn::failed&) { return terminal::complain(terminal::failure_of(std::current_exception(), "clip_train")); } catch (...) {
        auto wrong = terminal::failure_of(std::current_exception(), "clip_train");
        wrong.text = "process " + std::to_string(all.rank()) + ": " + wrong.text;
        terminal::complain(wrong);
        // The other processes wait for this one and would do so for ever.
        if (all.size() > 1) nn::mpi_session::abort(wrong.status);
        return wrong.status;
    }
}

int start(const settings& s) {
    if (s.dist == "mpi" || (s.dist == "auto" && vd::parallel::started_by_mpi())) return start_with_mpi(s);
    run(s, s.dist == "c10d" ? c10d_processes() : any_processes{});
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    nn::restart_with_better_kernels(argv);
    settings s;
    CLI::App app{"Trains a CLIP on images with captions, alone or in several processes.", "clip_train"};
    add_options(app, s);
    const auto work = [&s] {
        complete(s);
        terminal::listen_for_stop();
        return start(s);
    };
    return terminal::run(app, argc, argv, work, terminal::speaking::first);
}
