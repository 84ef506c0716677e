// One of the two systems of moofa_fashion: its supernet is trained, a predictor fitted, and the best sub-network within each limit found.
#pragma once

#include "../../tools/terminal/progress.hpp"
#include "../../tools/terminal/stop.hpp"
#include "data.hpp"
#include "options.hpp"
#include "phases.hpp"

#include <verdant/error.hpp>
#include <verdant/evaluators/network_costs.hpp>
#include <verdant/goal.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/nn/batches/elastic_batches.hpp>
#include <verdant/nn/batches/prefetched.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/predictor/accuracy_collection.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/predictor/training/accuracy_training.hpp>
#include <verdant/predictor/training/encoded_samples.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces/once_for_all/elastic_mutation.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/judge.hpp>
#include <verdant/supernet/phase_driver.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>

#include <ATen/Parallel.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace moofa_fashion {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

/// What ends a system after the steps of --stop-after.
struct steps_taken {};

inline void leave_if_asked() { terminal::leave_if_asked("moofa_fashion", "the same command goes on"); }

template <class Space>
class system_run {
public:
    using arch_type = typename Space::arch_type;

    struct found_subnet {
        double limit = 0, predicted = 0, accuracy = 0;
        arch_type arch{};

        [[nodiscard]] vd::point<Space> point() const { return vd::spaces::point_of<Space>(arch); }
    };

    system_run(const char* name, const settings& s, const data_sets& data, terminal::progress& progress)
        : name_{name}, settings_{s}, data_{data}, progress_{progress}, folder_{fs::path{s.out} / name}, net_{s.seed, 0},
          calibration_{calibrating_images{data.calibration}}, validation_{judged_images{data.validation}},
          test_images_{judged_images{data.test}, at::kCPU, 0}, validate_{net_, calibration_, validation_}, test_{net_, calibration_, test_images_} {}

    /// @throws steps_taken; what ends the program where a signal asks for it
    std::vector<found_subnet> operator()() {
        at::set_num_threads(1); // of the calling thread: results do not depend on how many threads there are
        train();
        const auto network = fit();
        std::vector<found_subnet> out;
        for (const double limit : settings_.limits) {
            leave_if_asked();
            out.push_back(search(network, limit));
        }
        progress_.say(std::string{name_} + ": done");
        return out;
    }

private:
    using supernet_type = vd::supernet::supernet<Space>;
    template <class Make>
    using by_size = vd::supernet::batches_by_size<Make>;

    void train() {
        nn::mobile_net teacher;
        std::uint64_t seed = settings_.seed;
        for (const auto& of : stages) {
            seed = vd::splitmix64(seed);
            // [source]
            const nn::prefetched batches{nn::elastic_batches{
                data_.train, {.batch = batch, .sizes = {24, 28, 32}, .augmentation = fashion_augmentation, .seed = seed, .threads = 1}}};
            // [/source]
            vd::supernet::distil_teacher distillation{of.teacher ? net_.extract(vd::spaces::largest_arch<Space>()) : teacher, of.teacher ? 0.0 : 1.0};
            train_stage(of, batches, seed, distillation);
            nn::require_grad(net_.weights(), false);
            if (of.teacher) teacher = net_.extract(vd::spaces::largest_arch<Space>());
            char line[120];
            std::snprintf(line, sizeof line, "%s %s: largest network %.1f %%, smallest %.1f %%", name_, of.name,
                          100 * validate_(vd::spaces::largest_arch<Space>()).top1, 100 * validate_(vd::spaces::smallest_arch<Space>()).top1);
            progress_.say(line);
        }
    }

    template <class Batches, class Supervision>
    void train_stage(const stage& of, const Batches& batches, std::uint64_t seed, Supervision& criterion) {
        const auto phase = scaled(of.phase, settings_.epochs);
        const double unit = training_work(settings_, of) / static_cast<double>((phase.epochs + phase.warmup_epochs) * batches.size());
        vd::supernet::phase_plan plan{.name = of.name, .phase = phase, .checkpoints = folder_, .save_time = std::chrono::seconds{15}};
        plan.warn = [this](const std::string& text) { progress_.say(text + "; trying the checkpoint before"); };
        plan.start = [&] {
            if (phase.task != expand) return;
            // [sort]
            const auto ratios = vd::supernet::all_candidates<Space>().expands;
            vd::supernet::sort_channels(net_.weights(), ratios, phase.phase - 1); // the most important ones survive in narrow blocks
            // [/sort]
        };
        plan.report = [&](const vd::supernet::shrinking_progress& p) {
            char text[64];
            std::snprintf(text, sizeof text, "%s %s, epoch %d, loss %.3f", name_, of.name, static_cast<int>(p.epoch + 1), p.loss);
            progress_.advance(unit, text);
            return (++steps_ >= settings_.stop_after && settings_.stop_after > 0) || terminal::stop_asked();
        };
        vd::supernet::phase_driver driver{net_, std::move(plan), batches.size()};
        auto optimizer = driver.begin();
        progress_.skip(unit * static_cast<double>(optimizer.steps()));
        const auto end = driver.run(optimizer, batches, staged_subnets{{phase.subnets, seed}, of.teacher}, criterion);
        if (end == vd::supernet::phase_end::finished) return;
        leave_if_asked();
        throw steps_taken{};
    }

    vd::surrogate::mlp fit() {
        using encoding = vd::spaces::moofa_encoding<Space>;
        std::size_t measured_now = 0;
        // [collect]
        const double least = static_cast<double>(vd::spaces::least_peak<Space>().peak),
                     most = static_cast<double>(vd::spaces::peak_memory(vd::spaces::point_of<Space>(vd::spaces::largest_arch<Space>())));
        const auto collected = vd::spaces::collect_accuracies<Space>(
            (folder_ / "accuracies.csv").string(), [&](const arch_type& a) { return validate_(a).top1; },
            {.low = least, .high = most + 1, .ranges = 10, .samples = settings_.samples, .attempts = 200'000, .seed = settings_.seed},
            [&](const auto&, std::size_t count) {
                ++measured_now;
                progress_.advance(judging_work(settings_, settings_.validation), std::string{name_} + " collects, " + std::to_string(count));
                leave_if_asked();
            });
        // [/collect]
        progress_.skip(judging_work(settings_, settings_.validation) * static_cast<double>(settings_.samples - measured_now));
        // [fit]
        const auto samples = vd::predictor::encoded_samples<encoding>(collected.records);
        const auto fitted = vd::predictor::train_accuracy_predictor(samples, vd::predictor::published_split(samples.size()),
                                                                    {.epochs = 100, .hidden = 64, .seed = settings_.seed});
        vd::io::write_torch((folder_ / "predictor.pt").string(), fitted.state);
        // [/fit]
        char line[120];
        std::snprintf(line, sizeof line, "%s predictor: %zu samples, validation error %.4f, correlation %.3f", name_, samples.size(),
                      fitted.validation.rmse, fitted.validation.pearson);
        progress_.say(line);
        return vd::surrogate::mlp::from(fitted.state);
    }

    found_subnet search(const vd::surrogate::mlp& network, double limit) {
        // [search]
        using study = vd::search<Space, vd::maximize<vd::spaces::predicted_accuracy>, vd::subject_to<vd::peak_memory, vd::at_most<17'000>>,
                                 vd::evolution<vd::network_costs, vd::spaces::elastic_mutation>>;
        study limited{vd::network_costs{}, vd::spaces::predict_accuracy<Space>{network}};
        const auto found = limited.template at_most<vd::peak_memory>(limit).run(
            {.trials = 2000, .seed = settings_.seed, .threads = 1, .optimizer = {.population = 50}});
        if (found.size() == 0) throw vd::infeasible_error{"no network within " + vd::rounded_text(limit, 9) + " elements was found; raise the limit"};
        const auto& best = found.front().front();
        found_subnet out{limit, best.template get<vd::spaces::predicted_accuracy>(), 0, vd::spaces::arch_of(best.point)};
        out.accuracy = test_(out.arch).top1;
        // [/search]
        progress_.advance(judging_work(settings_, settings_.test), std::string{name_} + " measures");
        return out;
    }

    const char* name_;
    const settings& settings_;
    const data_sets& data_;
    terminal::progress& progress_;
    fs::path folder_;
    supernet_type net_;
    by_size<calibrating_images> calibration_;
    by_size<judged_images> validation_, test_images_;
    vd::supernet::judge<supernet_type, by_size<calibrating_images>, by_size<judged_images>> validate_, test_;
    std::uint64_t steps_ = 0;
};

} // namespace moofa_fashion
