// Memory-optimised Once-for-all supernets from training to search, from the configuration files of the original: trains a teacher and a supernet by
// progressive shrinking, judges sub-networks, collects their accuracies, fits a predictor of them, and searches the best sub-network below limits of
// memory.

#include <verdant/error.hpp>
#include <verdant/io/image_folder.hpp>
#include <verdant/io/json.hpp>
#include <verdant/io/mnist_images.hpp>
#include <verdant/io/yaml_section.hpp>
#include <verdant/nn/mpi_communicator.hpp>
#include <verdant/predictor/accuracy_training.hpp>
#include <verdant/supernet/moofa_config.hpp>
#include <verdant/supernet/phase_checkpoints.hpp>

#include <ATen/Parallel.h>
#include <CLI/CLI.hpp>

#include "moofa_tool/evaluate.hpp"
#include "moofa_tool/job.hpp"
#include "moofa_tool/models.hpp"
#include "moofa_tool/predict.hpp"
#include "moofa_tool/search.hpp"
#include "moofa_tool/train.hpp"

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <string>

#include <signal.h> // last: it makes a macro of si_value

namespace {

using namespace moofa;

// What a command does, for the model of the configuration.
int run(const std::string& command, const options& o, const processes& all) {
    const job j{o, supernet::read_moofa_config(o.config, model_names, dataset_names)};
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

// Of several processes that find the same mistake, one tells it.
bool tells_mistakes() {
    for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"})
        if (const char* const value = std::getenv(name)) return std::string{value} == "0";
    return true;
}

int start(const std::string& command, const options& o) {
    if (o.threads > 0) at::set_num_threads(static_cast<int>(o.threads));
    const bool mpi = o.dist == "mpi" || (o.dist == "auto" && nn::started_by_mpi());
    if (!mpi) return run(command, o, {});
    const nn::mpi_session session;
    const processes all{nn::mpi_communicator{}};
    try {
        if (command != "train" && all.size() > 1) throw vd::input_error{command, "", "one process", std::to_string(all.size())};
        return run(command, o, all);
    } catch (const failed& f) { return f.code; } catch (...) {
        const auto [code, text] = told(std::current_exception());
        if (all.rank() == 0 || code == 1) std::cerr << text << std::endl;
        // The other processes may wait for this one and would do so for ever.
        if (all.size() > 1 && code == 1) nn::mpi_session::abort(code);
        return code;
    }
}

CLI::Validator whole(std::int64_t low) {
    return {[low](const std::string& text) {
                std::int64_t value = 0;
                const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
                if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && value >= low) return std::string{};
                return "expected a whole number of at least " + std::to_string(low) + ", found '" + text + '\'';
            },
            ""};
}

void add_common(CLI::App& a, options& o, bool images) {
    a.add_option("--config", o.config, "configuration, in the format of the original (YAML)")->required();
    a.add_option("--model_config_path,--model-config-path", o.model_file, "the original's lists of each model; they must be those of the program");
    a.add_option("--seed", o.seed, "in place of args.manual_seed")->check(whole(0));
    a.add_option("--threads", o.threads, "of this process, 0 for one a processor")->check(whole(0))->capture_default_str();
    if (!images) return;
    a.add_option("--data", o.data, "folder of the data set, in place of args.data_path");
    a.add_option("--device", o.device, "where to compute")->check(CLI::IsMember({"cpu", "cuda"}))->capture_default_str();
    a.add_option("--images", o.images, "only so many of the test images, 0 for all")->check(whole(0))->capture_default_str();
    a.add_option("--calibration", o.calibration, "training images that norms are calibrated with")->check(whole(1))->capture_default_str();
}

} // namespace

int main(int argc, char** argv) {
    options o;
    CLI::App app{"Memory-optimised Once-for-all supernets: train, eval, collect, fit-predictor, search."};
    app.require_subcommand(1);
    auto* const train = app.add_subcommand("train", "the teacher and all phases of progressive shrinking, from where they stopped");
    add_common(*train, o, true);
    train->add_option("--task", o.task, "only this one: teacher, kernel, depth or expand")
        ->check(CLI::IsMember({"teacher", "kernel", "depth", "expand"}));
    train->add_option("--phase", o.phase, "of the task, from 1")->check(whole(1));
    train->add_option("--epochs", o.epochs, "factor for all numbers of epochs")->check(CLI::PositiveNumber)->capture_default_str();
    train->add_option("--stop-after", o.stop_after, "end after so many steps, to go on later")->check(whole(1));
    train->add_option("--save-steps", o.save_steps, "steps between checkpoints within epochs; without it only at their ends")->check(whole(1));
    train->add_flag("--sort-channels", o.sort, "important channels first before phases of expand, as in Once-for-all");
    train->add_flag("--continuous-size", o.continuous, "images of all multiples of 4 between the least and the largest size");
    train->add_option("--dist", o.dist, "several processes: by MPI, not, or by MPI if mpirun or srun started this")
        ->check(CLI::IsMember({"auto", "none", "mpi"}))
        ->capture_default_str();
    auto* const eval = app.add_subcommand("eval", "accuracy, memory, graph and time of a sub-network, or of the teacher");
    add_common(*eval, o, true);
    eval->add_option("--model", o.model, "supernet or teacher")->required()->check(CLI::IsMember({"supernet", "teacher"}));
    auto* const collect = app.add_subcommand("collect", "accuracies of sub-networks all over an interval of peak memory, from where it stopped");
    add_common(*collect, o, true);
    collect->add_option("--table", o.table, "CSV file, in place of search_config.acc_dataset_path");
    collect->add_option("--samples", o.samples, "in place of collect_config.samples")->check(whole(1));
    collect->add_option("--attempts", o.attempts, "in place of collect_config.attempts")->check(whole(1));
    auto* const fit = app.add_subcommand("fit-predictor", "a network that predicts accuracies");
    add_common(*fit, o, false);
    fit->add_option("--table", o.table, "CSV file, in place of search_config.acc_dataset_path");
    fit->add_option("--output", o.predictor, "checkpoint, in place of search_config.acc_predictor_checkpoint");
    fit->add_option("--plot", o.plot, "picture of predicted over measured accuracies (SVG)");
    fit->add_option("--epochs", o.fit_epochs, "passes through the samples")->check(whole(1))->capture_default_str();
    fit->add_option("--attempts", o.attempts, "trainings from other first weights where nothing was learned")->check(whole(1));
    fit->add_flag("--published", o.published, "the published recipe, which depends on luck");
    auto* const search = app.add_subcommand("search", "the best sub-network below each limit of peak memory");
    add_common(*search, o, true);
    search->add_option("--predictor", o.predictor, "checkpoint, in place of search_config.acc_predictor_checkpoint");
    search->add_option("--population", o.population, "sub-networks of a generation")->check(whole(1))->capture_default_str();
    search->add_option("--generations", o.generations, "of the evolution")->check(whole(1))->capture_default_str();
    search->add_flag("--published", o.published, "the published loop, draw for draw");
    try {
        app.parse(argc, argv);
        signal(SIGINT, [](int) { stop_asked = true; });
        signal(SIGTERM, [](int) { stop_asked = true; });
        if (!train->parsed()) signal(SIGINT, SIG_DFL), signal(SIGTERM, SIG_DFL);
        return start(app.get_subcommands().front()->get_name(), o);
    } catch (const failed& f) { return f.code; } catch (const CLI::CallForHelp& help) {
        return tells_mistakes() ? app.exit(help) : 0;
    } catch (const CLI::ParseError& wrong) {
        if (tells_mistakes()) std::cerr << "moofa: " << wrong.what() << '\n';
        return 2;
    } catch (...) {
        const auto [code, text] = told(std::current_exception());
        if (tells_mistakes()) std::cerr << text << '\n';
        return code;
    }
}
