// Memory-optimised Once-for-all supernets from training to search, from the configuration files of the original: trains a teacher and a supernet by
// progressive shrinking, judges sub-networks, collects their accuracies, fits a predictor of them, and searches the best sub-network below limits of
// memory.

#include <verdant/nn/core/openblas.hpp>
#include <verdant/parallel/launcher.hpp>

#include <ATen/Parallel.h>
#include <CLI/CLI.hpp>

#include "../terminal/program.hpp"
#include "../terminal/stop.hpp"
#include "config_file.hpp"
#include "evaluate.hpp"
#include "job.hpp"
#include "models.hpp"
#include "options.hpp"
#include "predict.hpp"
#include "search.hpp"
#include "train.hpp"

#include <string>

namespace {

using namespace moofa;

// What a command does, for the model of the configuration.
int run(const std::string& command, const options& o, const processes& all) {
    const job j{o, read_configuration(o.config, models::names, dataset_names)};
    const double width = o.model_file.empty() ? 1 : width_in_model_file(o.model_file, j.c.args.model);
    return with_space(j.c.args.model, width, [&]<class Space>(std::type_identity<Space>) {
        if (!o.model_file.empty()) check_model_file<Space>(o.model_file, j.c.args.model);
        if (command == "train") return train<Space>(j, all);
        if (command == "eval") return evaluate<Space>(j, all);
        if (command == "collect") return collect<Space>(j, all);
        if (command == "search") return search<Space>(j, all);
        return fit_predictor<Space>(j, all);
    });
}

int start(const std::string& command, const options& o) {
    nn::set_threads(o.threads);
    const bool mpi = o.dist == "mpi" || (o.dist == "auto" && vd::parallel::started_by_mpi());
    if (!mpi) return run(command, o, {});
    const nn::mpi_session session;
    const processes all{nn::mpi_communicator{}};
    try {
        if (command != "train" && all.size() > 1) throw vd::input_error{command, "", "one process", std::to_string(all.size())};
        return run(command, o, all);
    } catch (const nn::failed&) { return terminal::complain(failure_of(std::current_exception())); } catch (...) {
        auto wrong = failure_of(std::current_exception());
        if (all.rank() != 0 && wrong.status != 1) wrong.text.clear(); // all found the same
        terminal::complain(wrong);
        // The other processes may wait for this one and would do so for ever.
        if (all.size() > 1 && wrong.status == 1) nn::mpi_session::abort(wrong.status);
        return wrong.status;
    }
}

} // namespace

int main(int argc, char** argv) {
    nn::restart_with_better_kernels(argv);
    options o;
    CLI::App app{"Memory-optimised Once-for-all supernets: train, eval, collect, fit-predictor, search.", "moofa"};
    add_options(app, o);
    const auto work = [&] {
        const auto command = app.get_subcommands().front()->get_name();
        if (command == "train" || command == "collect" || command == "search") terminal::listen_for_stop(); // the others are short and keep nothing
        return start(command, o);
    };
    return terminal::run(app, argc, argv, work, terminal::speaking::first);
}
