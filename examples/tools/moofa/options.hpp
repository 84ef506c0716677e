// What moofa is told by its command line.
#pragma once

#include "../terminal/curves.hpp"
#include "../terminal/paths.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace moofa {

/// The options of the command line; empty or 0 where the configuration decides.
struct options {
    std::string config, model_file, data, device = "cpu", dist = "auto";
    unsigned threads = 0;
    std::int64_t seed = -1;
    std::int64_t calibration = 2000, images = 0;
    // train
    std::string task;
    int phase = 0;
    double epochs = 1;
    std::int64_t stop_after = 0, save_steps = 0, skip_nonfinite = 0;
    bool sort = false, continuous = false;
    std::string tensorboard; ///< and fit-predictor
    // eval
    std::string model;
    std::string weights_key; ///< of args.checkpoint, or of the teacher; eval, collect and search
    // collect, fit-predictor
    std::string table, predictor, plot;
    std::int64_t samples = 0, attempts = 0, fit_epochs = 50;
    bool published = false;
    // search
    std::int64_t population = 20, generations = 20;
};

/// Whether a command reads images.
enum class reads_images : bool { no, yes };

inline CLI::App* add_command(CLI::App& app, const char* name, const char* purpose, options& o, reads_images read) {
    using terminal::whole;
    auto* const a = app.add_subcommand(name, purpose);
    a->add_option("--config", o.config, "configuration, in the format of the original (YAML)")->check(terminal::path())->required();
    a->add_option("--model_config_path,--model-config-path", o.model_file, "the original's lists of each model; they must be those of the program")
        ->check(terminal::path());
    a->add_option("--seed", o.seed, "in place of args.manual_seed")->check(whole(0));
    a->add_option("--threads", o.threads, "of this process, 0 for one a processor; the result does not depend on it")->check(whole(0))->capture_default_str();
    if (read == reads_images::no) return a;
    a->add_option("--data", o.data, "folder of the data set, in place of args.data_path")->check(terminal::path());
    a->add_option("--device", o.device, "where to compute")->check(CLI::IsMember({"cpu", "cuda"}))->capture_default_str();
    a->add_option("--images", o.images, "only so many of the test images, 0 for all")->check(whole(0))->capture_default_str();
    a->add_option("--calibration", o.calibration, "training images that norms are calibrated with")->check(whole(1))->capture_default_str();
    return a;
}

inline void add_train(CLI::App& app, options& o) {
    using terminal::whole;
    auto* const train =
        add_command(app, "train", "the teacher and all phases of progressive shrinking, from where they stopped; what other settings trained is refused", o,
                    reads_images::yes);
    train->add_option("--task", o.task, "only this one: teacher, kernel, depth or expand")
        ->check(CLI::IsMember({"teacher", "kernel", "depth", "expand"}));
    train->add_option("--phase", o.phase, "of the task, from 1")->check(whole(1));
    train->add_option("--epochs", o.epochs, "factor for all numbers of epochs")->check(terminal::positive())->check(terminal::number(0, 1000))->capture_default_str();
    train->add_option("--stop-after", o.stop_after, "end after so many steps, to go on later")->check(whole(1));
    train->add_option("--save-steps", o.save_steps, "steps between checkpoints within epochs; without it only at their ends")->check(whole(1));
    train
        ->add_option("--skip-nonfinite", o.skip_nonfinite,
                     "leave out steps whose loss or gradients are not finite numbers, so many in a row; 0 stops at the first, before anything is written")
        ->check(whole(0))
        ->capture_default_str();
    train->add_flag("--sort-channels", o.sort, "important channels first before phases of expand, as in Once-for-all");
    train->add_flag("--continuous-size", o.continuous, "images of all multiples of 4 between the least and the largest size");
    train->add_option("--dist", o.dist, "several processes: by MPI, not, or by MPI if mpirun or srun started this")
        ->check(CLI::IsMember({"auto", "none", "mpi"}))
        ->capture_default_str();
    terminal::add_tensorboard(*train, o.tensorboard);
    terminal::explain_stop(*train, "the step under way");
}

inline void add_weights_key(CLI::App& command, options& o) {
    command.add_option("--weights-key", o.weights_key, "which weights of the checkpoint, where the file holds several: model, ema, state_dict, ...");
}

inline void add_eval(CLI::App& app, options& o) {
    auto* const eval = add_command(app, "eval", "accuracy, memory, graph and time of a sub-network, or of the teacher", o, reads_images::yes);
    eval->add_option("--model", o.model, "supernet or teacher")->required()->check(CLI::IsMember({"supernet", "teacher"}));
    add_weights_key(*eval, o);
}

inline void add_collect(CLI::App& app, options& o) {
    using terminal::whole;
    auto* const collect =
        add_command(app, "collect", "accuracies of sub-networks all over an interval of peak memory, from where it stopped; a table of other settings is refused",
                    o, reads_images::yes);
    add_weights_key(*collect, o);
    collect->add_option("--table", o.table, "CSV file, in place of search_config.acc_dataset_path")->check(terminal::path());
    collect->add_option("--samples", o.samples, "in place of collect_config.samples; as many in each range, rounded down")->check(whole(1));
    collect->add_option("--attempts", o.attempts, "in place of collect_config.attempts")->check(whole(1));
    terminal::explain_stop(*collect, "the sample under way");
}

inline void add_fit_predictor(CLI::App& app, options& o) {
    using terminal::whole;
    auto* const fit = add_command(app, "fit-predictor", "a network that predicts accuracies", o, reads_images::no);
    fit->add_option("--table", o.table, "CSV file, in place of search_config.acc_dataset_path")->check(terminal::path());
    fit->add_option("--output", o.predictor, "checkpoint, in place of search_config.acc_predictor_checkpoint")->check(terminal::path());
    fit->add_option("--plot", o.plot, "picture of predicted over measured accuracies (SVG)")->check(terminal::path());
    fit->add_option("--epochs", o.fit_epochs, "passes through the samples")->check(whole(1))->capture_default_str();
    fit->add_option("--attempts", o.attempts, "trainings from other first weights where nothing was learned")->check(whole(1));
    fit->add_flag("--published", o.published, "the published recipe, which depends on luck");
    terminal::add_tensorboard(*fit, o.tensorboard);
}

inline void add_search(CLI::App& app, options& o) {
    using terminal::whole;
    auto* const search = add_command(app, "search", "the best sub-network below each limit of peak memory", o, reads_images::yes);
    add_weights_key(*search, o);
    search->add_option("--predictor", o.predictor, "checkpoint, in place of search_config.acc_predictor_checkpoint")->check(terminal::path());
    search->add_option("--population", o.population, "sub-networks of a generation")->check(whole(1))->capture_default_str();
    search->add_option("--generations", o.generations, "of the evolution")->check(whole(1))->capture_default_str();
    search->add_flag("--published", o.published, "the published loop, draw for draw");
    terminal::explain_stop(*search, "the limit under way");
}

/// All commands.
inline void add_options(CLI::App& app, options& o) {
    app.require_subcommand(1);
    add_train(app, o);
    add_eval(app, o);
    add_collect(app, o);
    add_fit_predictor(app, o);
    add_search(app, o);
}

} // namespace moofa
