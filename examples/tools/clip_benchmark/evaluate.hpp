// `clip_benchmark eval`: runs tasks on data sets.
#pragma once

#include "../terminal/data_digest.hpp"
#include "../terminal/device.hpp"
#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "files.hpp"
#include "model.hpp"
#include "options.hpp"
#include "plan.hpp"

#include <verdant/data/benchmark/benchmark_json.hpp>
#include <verdant/data/benchmark/preprocess_batch.hpp>
#include <verdant/data/benchmark/shard_dataset.hpp>
#include <verdant/nn/core/autocast.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/evaluate/benchmark.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/parallel/thread_pool.hpp>
#include <verdant/report/report.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <iostream>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace clip_benchmark {

namespace io = verdant::io;
namespace nn = verdant::nn;
namespace fs = std::filesystem;
namespace vd = verdant;

/// Features of the data set at hand, each split once whatever the tasks.
template <class Precision>
class evaluation {
public:
    /// @param runs in all, for the progress
    evaluation(const eval_settings& s, std::size_t runs)
        : line_{"runs", static_cast<double>(runs)}, settings_{s}, model_{nn::to(load_model(s), terminal::device_of(s.device), at::kFloat)},
          row_{s.vocabulary, nn::config_of(model_)}, threads_{s.threads} {}

    nn::named_metrics operator()(const planned_run& run) {
        if (root_ != run.root) features_.clear();
        root_ = run.root;
        name_ = run.dataset;
        const nn::thread_team team; // threads share out whole batches, never one operator, so that they change no bit
        if (run.task == "zeroshot_retrieval") return nn::zeroshot_retrieval(features(settings_.split), settings_.recall_k);
        if (run.task == "image_caption_selection") return nn::image_caption_selection(features(settings_.split));
        if (run.task == "linear_probe") return probe();
        const io::shard_dataset data{root_, settings_.split};
        return nn::zeroshot_classification(features(settings_.split),
                                           nn::classifier_of<Precision>(model_, data.class_names(), templates_of(data), row_));
    }

    /// Another run is done.
    void count_run() {
        line_.at(static_cast<double>(++done_), name_);
        line_.hide(); // its results follow
    }

    static std::vector<std::string> templates_of(const io::shard_dataset& data) {
        return data.templates().empty() ? std::vector<std::string>{io::default_prompt_templates.begin(), io::default_prompt_templates.end()}
                                        : data.templates();
    }

private:
    const nn::dataset_features& features(const std::string& split) {
        if (const auto found = features_.find(split); found != features_.end()) return found->second;
        // [features]
        io::shard_dataset data{root_, split};
        const io::preprocessing how{.size = static_cast<std::size_t>(nn::config_of(model_).image)};
        std::size_t seen = 0;
        const auto pixels = [&](std::span<const io::evaluation_sample> samples) {
            line_.at(static_cast<double>(done_), name_ + ' ' + split + ", picture " + std::to_string(seen += samples.size()));
            return io::preprocess_batch(threads_, samples, how);
        };
        auto found = nn::features_of<Precision>(model_, [&data] { return data.next(); }, pixels, row_, static_cast<std::size_t>(settings_.batch));
        // [/features]
        return features_.emplace(split, std::move(found)).first->second;
    }

    nn::named_metrics probe() {
        auto o = settings_.probe;
        o.batch = settings_.batch;
        o.seed = settings_.seed;
        const auto& test = features(settings_.split);
        auto train = features(settings_.train_split);
        nn::dataset_features validation;
        if (!settings_.validation_split.empty()) {
            validation = features(settings_.validation_split);
        } else if (settings_.validation_share > 0) {
            const auto parted = nn::hold_out({train.images, train.labels}, settings_.validation_share, o.seed);
            train = {.images = parted.train.features, .labels = parted.train.labels};
            validation = {.images = parted.validation.features, .labels = parted.validation.labels};
        }
        const io::shard_dataset data{root_, settings_.split};
        auto classes = static_cast<std::int64_t>(data.class_names().size());
        for (const auto* set : std::initializer_list<const nn::dataset_features*>{&train, &test, &validation})
            if (set->labels.defined() && set->labels.numel() > 0 && data.class_names().empty())
                classes = std::max(classes, set->labels.max().item<std::int64_t>() + 1);
        return nn::linear_probe_metrics_of(train, test, classes, o, validation);
    }

    terminal::progress line_;
    std::size_t done_ = 0; ///< runs
    const eval_settings& settings_;
    nn::clip_model model_;
    token_reader row_;
    vd::thread_pool threads_;
    std::string root_, name_; ///< of the data set
    std::map<std::string, nn::dataset_features> features_;
};

template <class Precision>
void evaluate(const eval_settings& s, const std::vector<planned_run>& runs, const std::string& files) {
    evaluation<Precision> metrics_of{s, runs.size()};
    for (const auto& run : runs) {
        terminal::leave_if_asked("clip_benchmark", "the same command goes on with --skip_existing");
        auto result = record_of(s, run, files);
        result.metrics = metrics_of(run);
        if (run.task == "zeroshot_classification") {
            const io::shard_dataset data{run.root, s.split};
            if (s.dump_classnames) result.class_names = data.class_names();
            if (s.dump_templates) result.templates = evaluation<Precision>::templates_of(data);
        }
        make_folder_of(run.output);
        io::write_benchmark_result(run.output, result);
        metrics_of.count_run();
        std::cout << run.dataset << ' ' << run.task << ':';
        for (const auto& [name, value] : result.metrics)
            std::cout << ' ' << name << ' ' << vd::rounded_text(value, std::nearbyint(value) == value ? 9 : 4);
        std::cout << std::endl; // runs are long: each is seen as it ends
    }
}

inline void run_eval(const eval_settings& s) {
    const terminal::data_digest files{[&s] { return files_of_model(s); }};
    const auto runs = planned_runs(s, files);
    if (runs.empty()) return;
    terminal::listen_for_stop();
    nn::set_threads(s.threads);
    if (s.precision == "amp") evaluate<nn::amp>(s, runs, files());
    else if (s.precision == "amp_bf16") evaluate<nn::amp_bf16>(s, runs, files());
    else evaluate<nn::fp32>(s, runs, files());
}

} // namespace clip_benchmark
