// anb collect
#pragma once

#include "../../terminal/intensity.hpp"
#include "../../terminal/paths.hpp"
#include "../../terminal/program.hpp"
#include "../../terminal/progress.hpp"
#include "../../terminal/stop.hpp"
#include "../../terminal/validators.hpp"
#include "../data.hpp"
#include "collect_data.hpp"
#include "collect_network.hpp"

#include <verdant/carbon/intensity.hpp>
#include <verdant/collection/collect_networks.hpp>
#include <verdant/collection/collection_footprint.hpp>
#include <verdant/collection/work_folder.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace anb {

namespace detail {

/// Options of a recipe as settings of a collection.
struct settings_of_options {
    vd::collection::work_settings& all;

    void type(const std::string&, const std::string&) const {}
    template <class Value>
    void value(const std::string& name, const Value& v) const {
        if constexpr (std::is_integral_v<Value>) all.emplace_back(name, std::to_string(v));
        else all.emplace_back(name, vd::exact_text(static_cast<double>(v)));
    }
    template <class Value>
    void unrecorded(const std::string&, const Value&) const {}
};

} // namespace detail

/// The options of a recipe, but for its epochs, and of what networks are measured with.
inline void add_recipe(CLI::App& app, measure_settings& measured, nn::proxy_recipe& recipe) {
    const auto count = [&app](const char* option, std::int64_t& value, const char* what, std::int64_t least) {
        app.add_option(option, value, what)->check(terminal::whole<std::int64_t>(least, 1'000'000'000'000))->capture_default_str();
    };
    const auto number = [&app](const char* option, double& value, const char* what, double least, double most) {
        app.add_option(option, value, what)->check(terminal::number(least, most))->capture_default_str();
    };
    number("--width", measured.width, "of all channels", 0.01, 4);
    count("--batch", recipe.batch, "images of a step", 1);
    count("--least_side", recipe.resolution.least, "pixels of the training images in the first epochs", 1);
    count("--side", recipe.resolution.greatest,
          "pixels of the training images in the last epochs, and of the test images unless --test_side says otherwise", 1);
    count("--test_side", recipe.validation_side, "pixels of the test images; 0: as --side", 0);
    count("--start_ramp", recipe.resolution.start_ramp, "epoch to which images are small", 0);
    count("--end_ramp", recipe.resolution.end_ramp, "epoch from which on they are large", 0);
    count("--side_multiple", recipe.resolution.multiple, "sides between are rounded to multiples of it", 1);
    number("--learning_rate", recipe.learning_rate, "at the peak of the triangle", 1e-9, 1e3);
    number("--peak_epoch", recipe.peak_epoch, "where that is", 1e-9, 1e6);
    number("--weight_decay", recipe.weight_decay, "of weights that are no biases or norms", 0, 1);
    number("--label_smoothing", recipe.label_smoothing, "share of the labels that is spread over all classes", 0, 1);
    number("--smallest_crop", recipe.smallest_crop, "share of a training image that is seen at least", 0.01, 1);
    number("--classifier_scale", measured.classifier_scale, "factor of the classifier's first weights, which as published are large for ten classes",
           0, 10);
    number("--residual_scale", measured.residual_scale,
           "factor of what layers with a shortcut add to it at first; below 1 deep networks learn as soon as others", 0, 10);
    number("--dropout", measured.dropout, "of the classifier's inputs", 0, 0.99);
    number("--stochastic_depth", measured.stochastic_depth, "share of samples that pass by the last layer", 0, 0.99);
    count("--validated", recipe.validated, "epochs at the end that are tested; the best one counts", 1);
    count("--memory_limit", recipe.memory_limit, "bytes that a training step may take, or the network is left out; 0: no limit", 0);
    count("--latency_images", measured.latency_images, "that latency is measured with, one after the other; 0: no latency", 0);
    count("--throughput_batch", measured.throughput_batch, "images of a batch that throughput is measured with; 0: no throughput", 0);
    app.add_flag("--int8", measured.int8, "measures the network in 8-bit integers as well");
}

/// The recipe that options describe. @throws input_error for one that cannot be
[[nodiscard]] inline nn::proxy_recipe full_recipe(nn::proxy_recipe recipe) {
    if (recipe.validation_side == 0) recipe.validation_side = recipe.resolution.greatest;
    nn::check(recipe);
    return recipe;
}

/// What is agreed on by all processes that share a folder, and by all calls for it.
/// @param data_as what the data are told by, and how that is called
[[nodiscard]] inline vd::collection::work_settings agreed_settings(std::pair<std::string, std::string> data_as, std::size_t images, std::size_t test,
                                                                   const measure_settings& measured, nn::proxy_recipe recipe) {
    vd::collection::work_settings all{std::move(data_as),
                                      {"images", std::to_string(images)},
                                      {"test", std::to_string(test)},
                                      {"width", vd::exact_text(measured.width)},
                                      {"classifier_scale", vd::exact_text(measured.classifier_scale)},
                                      {"residual_scale", vd::exact_text(measured.residual_scale)},
                                      {"dropout", vd::exact_text(measured.dropout)},
                                      {"stochastic_depth", vd::exact_text(measured.stochastic_depth)},
                                      {"latency_images", std::to_string(measured.latency_images)},
                                      {"throughput_batch", std::to_string(measured.throughput_batch)},
                                      {"int8", measured.int8 ? "yes" : "no"}};
    recipe.seed = measured.seed;
    vd::for_each_option(recipe, detail::settings_of_options{all});
    return all;
}

/// Trains and measures networks that are drawn from the space, and keeps a record of each in a folder, which other processes may share.
struct collect_command {
    static constexpr const char* name = "collect";
    static constexpr const char* about =
        "trains and measures random networks of the space; goes on where it stopped, and several processes may share a folder";

    std::string data = "fashion_mnist", out = "results/anb", grid = "british_columbia";
    std::size_t networks = 60, images = 1280, test = 2000, processes = 0;
    std::uint64_t draws = 0;
    double power = 15;
    measure_settings measured;
    nn::proxy_recipe recipe{.epochs = 5,
                            .batch = 32,
                            .resolution = {.least = 20, .greatest = 28, .start_ramp = 1, .end_ramp = 3, .multiple = 4},
                            .learning_rate = 0.05,
                            .peak_epoch = 1.25,
                            .smallest_crop = 0.8,
                            .validated = 2,
                            .validation_batch = 250,
                            .validation_side = 0,
                            .memory_limit = 0};

    void add_options(CLI::App& app) {
        app.add_option(
               "--data", data,
               "fashion_mnist, cifar10, a folder of either's files, or one with folders train and val that have a folder of pictures for each class")
            ->check(terminal::path())
            ->capture_default_str();
        app.add_option("--out", out, "folder of the records, result_<id>.json")->check(terminal::path())->capture_default_str();
        app.add_option("--networks", networks, "records in all, by whichever process")
            ->check(terminal::whole<std::size_t>(1, 1'000'000))
            ->capture_default_str();
        app.add_option("--processes", processes, "that work at the same time; 0: one a processor")
            ->check(terminal::whole<std::size_t>(0, 1024))
            ->capture_default_str();
        app.add_option("--images", images, "training images; 0: all")->check(terminal::whole<std::size_t>(0, 100'000'000))->capture_default_str();
        app.add_option("--test", test, "test images; 0: all")->check(terminal::whole<std::size_t>(0, 100'000'000))->capture_default_str();
        app.add_option("--draws", draws, "seed of the networks that are drawn")->capture_default_str();
        app.add_option("--seed", measured.seed, "of weights and trainings")->capture_default_str();
        app.add_option("--power", power, "watts that one process takes, for the footprint")->check(terminal::not_negative())->capture_default_str();
        app.add_option("--grid", grid, "carbon intensity of the electricity: g CO2e/kWh, or the name of a place or source")
            ->check(terminal::intensity())
            ->capture_default_str();
        app.add_option("--epochs", recipe.epochs, "of each training")
            ->check(terminal::whole<std::int64_t>(1, 1'000'000'000'000))
            ->capture_default_str();
        add_recipe(app, measured, recipe);
        terminal::explain_stop(app, "the training step under way; the networks under way are trained again");
    }

    [[nodiscard]] int run() const {
        static_cast<void>(full_recipe(recipe)); // what is wrong is said once
        const auto pictures = open_images(data, images, test);
        if (knows_data_by_path())
            std::fprintf(stderr, "anb collect: %s is of an earlier version, which knows its data by their path alone; taken as the same data: %s\n",
                         out.c_str(), data.c_str());
        const auto count = processes == 0 ? nn::usable_processors() : processes;
        std::vector<pid_t> others;
        std::fflush(nullptr);
        for (std::size_t i = 1; i < count; ++i) { // before LibTorch has threads
            const auto parent = ::getpid();
            const auto child = ::fork();
            if (child < 0) throw vd::error{"the system gives no further process; give fewer --processes"};
            if (child > 0) {
                others.push_back(child);
                continue;
            }
            ::prctl(PR_SET_PDEATHSIG, SIGTERM);
            ::_exit(::getppid() == parent ? helping(pictures) : 1);
        }
        try {
            collect(pictures, terminal::in_logs::minutes);
        } catch (...) {
            for (const auto child : others) ::kill(child, SIGTERM);
            static_cast<void>(wait_for(others));
            throw;
        }
        const int status = wait_for(others);
        report();
        return status;
    }

private:
    /// Whether the folder is of an earlier version, which wrote the path of the data and not what they are told by.
    [[nodiscard]] bool knows_data_by_path() const {
        const auto file = std::filesystem::path{out} / vd::collection::settings_file;
        if (!std::filesystem::exists(file)) return false;
        const auto begun = vd::io::read_csv(file.string());
        const auto names = begun.column("setting");
        return std::any_of(begun.rows.begin(), begun.rows.end(), [names](const auto& row) { return row[names] == "data"; });
    }

    /// Collects until all is there. @param logs who writes of the progress
    void collect(const image_halves& pictures, terminal::in_logs logs) const {
        const nn::thread_scope one{1};
        const auto full = full_recipe(recipe);
        const network_measurer measure{measured, full, pictures};
        terminal::progress line{"networks", static_cast<double>(networks), logs};
        bool first = true;
        std::string last;
        std::size_t done = 0;
        const auto step = [&](const nn::image_training_progress& p) {
            terminal::leave_if_asked("anb collect", "the same command goes on with it");
            if (logs != terminal::in_logs::nothing)
                line.at(static_cast<double>(done) + static_cast<double>(p.step) / static_cast<double>(p.steps) * 0.9, last);
        };
        const auto one_network = [&](std::size_t id, const vd::point<mnasnet>& p) { return measure(id, p, step); };
        const auto report = [&](const vd::collection::collection_progress& p) {
            terminal::leave_if_asked("anb collect", "the same command goes on with it");
            if (std::exchange(first, false) && p.finished > p.here) line.skip(static_cast<double>(p.finished - p.here));
            done = p.here;
            last = std::to_string(p.finished) + " of " + std::to_string(networks) + " by all processes";
            line.at(static_cast<double>(p.finished), last);
            return true;
        };
        auto data_as = std::pair<std::string, std::string>{"data", data};
        if (!knows_data_by_path()) data_as = {"data-set", pictures.digest()};
        vd::collection::collect_networks<mnasnet>(out, one_network, {.networks = networks, .seed = draws},
                                                  agreed_settings(std::move(data_as), images, test, measured, full), report);
        line.finish();
    }

    /// The work of a further process. @return its exit status
    [[nodiscard]] int helping(const image_halves& pictures) const {
        try {
            collect(pictures, terminal::in_logs::nothing);
            return 0;
        } catch (...) {
            const auto wrong = terminal::failure_of(std::current_exception(), "anb collect");
            // What its user gave, and a stop, the first process tells of.
            return wrong.status == 2 || terminal::stop_asked() ? wrong.status : terminal::complain(wrong);
        }
    }

    /// Waits for further processes. @return the greatest of their exit statuses
    [[nodiscard]] static int wait_for(const std::vector<pid_t>& others) {
        int worst = 0;
        for (const auto child : others) {
            int status = 0;
            while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
            worst = std::max(worst, WIFEXITED(status) ? WEXITSTATUS(status) : 1);
        }
        return worst;
    }

    void report() const {
        double busy = 0, least = 100, greatest = 0;
        const auto records = vd::tabular::read_records<mnasnet>(out, vd::tabular::open_schema());
        for (const auto& r : records) {
            busy += r.find("train_time")->mean;
            least = std::min(least, r.find("val_top1")->mean);
            greatest = std::max(greatest, r.find("val_top1")->mean);
        }
        const auto f = vd::collection::footprint_of(busy * vd::seconds{}, power * vd::watts{}, vd::carbon::parse_intensity(grid));
        std::printf("%zu records in %s, top-1 from %.1f to %.1f %%\n", records.size(), out.c_str(), least, greatest);
        std::printf("their trainings took %s of one process, at %s W: %s Wh, %s g CO2e (%s)\n", terminal::time_text(busy).c_str(),
                    vd::rounded_text(power, 4).c_str(), vd::rounded_text(1e3 * vd::in<vd::kilowatt_hours>(f.used), 3).c_str(),
                    vd::rounded_text(vd::in<vd::grams_co2e>(f.emitted), 3).c_str(), grid.c_str());
    }
};

} // namespace anb
