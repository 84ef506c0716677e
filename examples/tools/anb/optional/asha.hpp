// anb asha
#pragma once

#include "../../terminal/paths.hpp"
#include "../../terminal/progress.hpp"
#include "../../terminal/stop.hpp"
#include "../../terminal/validators.hpp"
#include "../data.hpp"
#include "collect.hpp"
#include "collect_data.hpp"
#include "collect_network.hpp"

#include <verdant/collection/work_folder.hpp>
#include <verdant/error.hpp>
#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/multi_fidelity.hpp>
#include <verdant/fidelity/whole_evaluations.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/recipes/epochs_evaluator.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/tabular/record_json.hpp>
#include <verdant/tabular/record_schema.hpp>
#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace anb {

// [scale]
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 9> {};
using trained_search = vd::search<mnasnet, vd::maximize<vd::accuracy>, vd::random_search>;
// [/scale]

/// Searches networks by trainings that begin with few epochs, and keeps a record of each at every number of epochs that it came to.
struct asha_command {
    static constexpr const char* name = "asha";
    static constexpr const char* about =
        "searches networks by trainings of up to nine epochs, most of which ASHA stops early; keeps a record of each at each number "
        "of epochs, and goes on where it stopped";

    std::string data = "fashion_mnist", out = "results/anb_asha";
    std::size_t networks = 27, images = 2560, test = 2000;
    std::vector<std::uint64_t> seeds{1};
    bool compare = false;
    measure_settings measured;
    nn::proxy_recipe recipe{.epochs = 9,
                            .batch = 32,
                            .resolution = {.least = 20, .greatest = 28, .start_ramp = 2, .end_ramp = 5, .multiple = 4},
                            .learning_rate = 0.05,
                            .peak_epoch = 1,
                            .smallest_crop = 0.8,
                            .validated = 2,
                            .validation_batch = 250,
                            .validation_side = 0,
                            .memory_limit = 0};

    void add_options(CLI::App& app) {
        app.add_option("--data", data, "pictures, as of collect")->check(terminal::path())->capture_default_str();
        app.add_option("--out", out, "folder of records, studies and checkpoints")->check(terminal::path())->capture_default_str();
        app.add_option("--networks", networks, "that a search begins to train; of nine ASHA trains one whole")
            ->check(terminal::whole<std::size_t>(9, 1'000'000))
            ->capture_default_str();
        app.add_option("--seeds", seeds, "of the networks that are drawn: a search each")->delimiter(',')->capture_default_str();
        app.add_flag("--compare", compare, "trains all of them whole as well, as random search does, and says what ASHA saved");
        app.add_option("--images", images, "training images; 0: all")->check(terminal::whole<std::size_t>(0, 100'000'000))->capture_default_str();
        app.add_option("--test", test, "test images; 0: all")->check(terminal::whole<std::size_t>(0, 100'000'000))->capture_default_str();
        app.add_option("--seed", measured.seed, "of weights and trainings")->capture_default_str();
        add_recipe(app, measured, recipe);
        terminal::explain_stop(app, "the part of a training under way");
    }

    [[nodiscard]] int run() const {
        if (std::set<std::uint64_t>(seeds.begin(), seeds.end()).size() != seeds.size())
            throw vd::input_error{"anb asha", "--seeds", "different ones", "one twice"};
        const auto full = full_recipe(recipe);
        const auto pictures = open_images(data, images, test);
        const network_measurer measurer{measured, full, pictures};
        auto agreed = agreed_settings({"data-set", pictures.digest()}, images, test, measured, full);
        agreed.insert(agreed.begin(), {"search", "asha"});
        static_cast<void>(vd::collection::work_folder{out, agreed}); // refuses one of other settings
        const nn::thread_scope one{1};
        spent asha, whole;
        double as_long = 0; // the best of random search in as many epochs
        for (const auto seed : seeds) {
            std::printf("seed %s\n", std::to_string(seed).c_str());
            const auto first = search_by<vd::asha>(measurer, full, seed);
            asha += first;
            if (!compare) continue;
            const auto all = search_by<vd::whole_evaluations>(measurer, full, seed);
            whole += all;
            const auto affordable = static_cast<std::ptrdiff_t>(first.epochs / epochs::view().whole());
            as_long += *std::max_element(all.accuracies.begin(), all.accuracies.begin() + affordable);
        }
        if (compare) sum_up(asha, whole, as_long);
        std::printf("records of each number of epochs are in %s/asha_<seed>/epochs_<number>\n", out.c_str());
        return 0;
    }

private:
    /// What a search took, and the accuracy of the best network that it trained whole; of several, sums.
    struct spent {
        double epochs = 0, seconds = 0, best = 0;
        std::vector<double> accuracies{}; ///< of those that it trained whole, in the order in which they were drawn; of one search
        spent& operator+=(const spent& other) {
            epochs += other.epochs, seconds += other.seconds, best += other.best;
            return *this;
        }
    };

    struct stop_on_signal {
        [[nodiscard]] bool stop_requested() const { return terminal::stop_asked(); }
    };

    /// What tells trainings apart that the recipe and the networks do not: the pictures, and how the builder makes first weights.
    [[nodiscard]] std::string told_by(const network_measurer& measurer) const {
        const auto& m = measured;
        return measurer.images().digest() + ", width " + vd::exact_text(m.width) + ", classifier scale " + vd::exact_text(m.classifier_scale) +
               ", residual scale " + vd::exact_text(m.residual_scale) + ", dropout " + vd::exact_text(m.dropout) + ", stochastic depth " +
               vd::exact_text(m.stochastic_depth);
    }

    /// The time of the trainings with their validations, as the records have it, seconds: latencies, which are measured of few networks, take none of it.
    [[nodiscard]] static double seconds_trained(const std::string& folder, const std::vector<double>& rungs) {
        std::map<std::uint64_t, double> longest; // a record of more epochs contains the time of those before
        for (const auto share : rungs) {
            const auto place = folder + "/epochs_" + std::to_string(epochs::value_at(share));
            if (!std::filesystem::is_directory(place)) continue;
            for (const auto& r : vd::tabular::read_records<mnasnet>(place, vd::tabular::open_schema()))
                if (const auto* time = r.find("train_time")) longest[r.id] = std::max(longest[r.id], time->mean);
        }
        return std::accumulate(longest.begin(), longest.end(), 0.0, [](double sum, const auto& one) { return sum + one.second; });
    }

    /// Keeps what a network has come to as a record, in the folder of its number of epochs, so that surrogates are fitted to trainings of equal length.
    void keep(const network_measurer& measurer, const std::string& folder, const vd::nn::trained_so_far<mnasnet, nn::mnasnet>& trained) const {
        auto record = measurer.record_of(trained.number, trained.architecture, trained.record);
        record.provenance.emplace_back("epochs", std::to_string(trained.epochs) + " of " + std::to_string(recipe.epochs));
        if (trained.epochs == recipe.epochs) measurer.measure(trained.net, record);
        const auto place = folder + "/epochs_" + std::to_string(trained.epochs);
        terminal::make_folder(place);
        vd::tabular::write_record(place, record, vd::tabular::open_schema());
    }

    template <class Policy>
    [[nodiscard]] spent search_by(const network_measurer& measurer, const nn::proxy_recipe& full, std::uint64_t seed) const {
        const auto folder = out + '/' + std::string{Policy::name()} + '_' + std::to_string(seed);
        terminal::make_folder(folder);
        terminal::progress line{std::string{Policy::name()} + ", seed " + std::to_string(seed), static_cast<double>(networks)};
        std::size_t parts = 0;
        std::uint64_t begun = 0;
        // [asha]
        const auto look = [&](const vd::nn::trained_so_far<mnasnet, nn::mnasnet>& trained) {
            keep(measurer, folder, trained);
            line.at(static_cast<double>(begun = std::max(begun, trained.number + 1)), std::to_string(++parts) + " parts of trainings");
        };
        const nn::epochs_evaluator evaluator{
            epochs{},
            measurer.build(),
            measurer.images().train,
            measurer.validation(),
            full,
            measurer.images().statistics,
            nn::epochs_options<nn::fp32, nn::training_channels_last>{.seed = measured.seed, .data = told_by(measurer)},
            look};
        vd::multi_fidelity<trained_search, epochs, Policy> search{evaluator};
        search.checkpoints_in(folder + "/checkpoints");
        vd::sqlite_storage storage{folder + "/study.sqlite"};
        const auto found = search.run({.budget = static_cast<double>(networks),
                                       .trials = networks,
                                       .seed = seed,
                                       .window = 1,
                                       .continuation = vd::continuation::from_checkpoint,
                                       .policy = {.eta = 3}},
                                      storage, stop_on_signal{});
        // [/asha]
        line.finish();
        terminal::leave_if_asked("anb asha", "the same command goes on with it");
        spent now{.epochs = std::round(found.cost() * epochs::view().whole()),
                  .best = found.empty() ? 0 : 100 * found.begin()->template get<vd::accuracy>()};
        for (const auto& t : found.whole().trials()) now.accuracies.push_back(t.completed() ? 100 * t.template get<vd::accuracy>() : 0);
        now.seconds = seconds_trained(folder, found.rungs());
        std::printf("  %-17s %zu networks, %zu of them trained whole, %.0f epochs, %s, the best %s %%\n", std::string{Policy::name()}.c_str(),
                    found.found().trials().size(), found.whole().trials().size(), now.epochs, terminal::time_text(now.seconds).c_str(),
                    found.empty() ? "none" : vd::rounded_text(now.best, 4).c_str());
        return now;
    }

    void sum_up(const spent& asha, const spent& whole, double as_long) const {
        const auto count = static_cast<double>(seeds.size());
        const auto saved = [](double with, double without) { return vd::rounded_text(100 * (1 - with / without), 3); };
        std::printf("mean of %zu seed%s: asha %s %% in %.0f epochs, %s; random search %s %% in %.0f epochs, %s\n", seeds.size(),
                    seeds.size() == 1 ? "" : "s", vd::rounded_text(asha.best / count, 4).c_str(), asha.epochs / count,
                    terminal::time_text(asha.seconds / count).c_str(), vd::rounded_text(whole.best / count, 4).c_str(), whole.epochs / count,
                    terminal::time_text(whole.seconds / count).c_str());
        std::printf("asha saved %s %% of the epochs and %s %% of the time of training; in as many epochs as it took random search comes to %s %%\n",
                    saved(asha.epochs, whole.epochs).c_str(), saved(asha.seconds, whole.seconds).c_str(),
                    vd::rounded_text(as_long / count, 4).c_str());
    }
};

} // namespace anb
