// Which runs `clip_benchmark eval` does: decided upon, and checked, before anything is computed.
#pragma once

#include "options.hpp"

#include <verdant/data/benchmark/benchmark_datasets.hpp>
#include <verdant/data/benchmark/shard_dataset.hpp>
#include <verdant/error.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/parallel/launcher.hpp>
#include <verdant/random/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace clip_benchmark {

namespace io = verdant::io;
namespace nn = verdant::nn;
namespace fs = std::filesystem;
namespace vd = verdant;

/// One task on one data set, decided upon before anything is computed.
struct planned_run {
    std::string dataset, root, task, language, output;
};

/// The last part of a path, which a file name can hold.
inline std::string slug(const std::string& name) {
    const auto file = fs::path{name}.filename().string();
    return io::with_replaced(fs::exists(name) && !file.empty() ? file : name, '/', '_');
}

inline std::vector<std::string> dataset_names(const std::vector<std::string>& asked) {
    std::vector<std::string> out;
    for (const auto& name : asked) {
        auto several = io::dataset_collection(name);
        if (several.empty() && fs::is_regular_file(name)) several = io::parse_dataset_list(io::read_file(name), name);
        if (several.empty()) several.push_back(name);
        out.insert(out.end(), several.begin(), several.end());
    }
    return out;
}

/// What is to be done, and whether it can be.
inline planned_run plan(const eval_settings& s, const std::string& dataset, const std::string& asked_task, const std::string& language) {
    const std::string bare{io::bare_dataset_name(dataset)};
    planned_run out{.dataset = dataset,
                    .root = io::fill_template(s.root, {{"dataset", bare}, {"dataset_cleaned", io::with_replaced(bare, '/', '-')}}, "--dataset_root"),
                    .task = asked_task,
                    .language = language,
                    .output = {}};
    const io::shard_dataset data{out.root, s.split};
    const bool retrieval = data.kind() == io::dataset_kind::retrieval;
    if (asked_task == "auto") out.task = retrieval ? "zeroshot_retrieval" : "zeroshot_classification";
    const bool needs_captions = out.task == "zeroshot_retrieval" || out.task == "image_caption_selection";
    if (needs_captions != retrieval)
        throw vd::input_error{dataset, "task " + out.task, needs_captions ? "a retrieval data set" : "a classification data set",
                              retrieval ? "one of retrieval" : "one of classification"};
    if (out.task == "zeroshot_classification" && data.class_names().empty())
        throw vd::input_error{out.root, "classnames.txt", "a name for each class", "none"};
    if (out.task == "linear_probe") {
        if (data.kind() == io::dataset_kind::multilabel) throw vd::input_error{dataset, "task linear_probe", "one class for each picture", "several"};
        for (const auto& split : {s.train_split, s.validation_split})
            if (!split.empty()) static_cast<void>(io::shard_dataset{out.root, split});
    }
    const std::string model = s.save_name.empty() ? s.model : s.save_name;
    out.output = io::fill_template(s.output,
                                   {{"model", slug(model)},
                                    {"pretrained", slug(s.pretrained)},
                                    {"dataset", io::with_replaced(dataset, '/', '_')},
                                    {"language", language},
                                    {"task", out.task}},
                                   "--output");
    return out;
}

/// Every process gets each world-th of the shuffled runs.
inline std::vector<planned_run> share_of_this_process(std::vector<planned_run> runs, std::uint64_t seed) {
    const auto place = vd::parallel::launched_place_of();
    if (!place)
        throw vd::input_error{
            "--distributed", "",
            "a rank below the number of processes in OMPI_COMM_WORLD_RANK and _SIZE, SLURM_PROCID and SLURM_NTASKS, or RANK and WORLD_SIZE", "none"};
    vd::random_stream stream{seed};
    stream.shuffle(std::span{runs});
    std::vector<planned_run> out;
    for (std::size_t i = 0; i < runs.size(); ++i)
        if (i % static_cast<std::size_t>(place->size) == static_cast<std::size_t>(place->rank)) out.push_back(std::move(runs[i]));
    return out;
}

/// All runs that the options ask for, without those whose results are there where these are to be left out.
inline std::vector<planned_run> planned_runs(const eval_settings& s) {
    for (const auto& task : s.tasks)
        if (task == "captioning")
            throw vd::input_error{"--task", "captioning", "a task for models with two encoders",
                                  "one that needs a model with a text decoder, which CLIP is not"};
    std::vector<planned_run> runs;
    std::set<std::string> outputs;
    for (const auto& dataset : dataset_names(s.datasets))
        for (const auto& task : s.tasks)
            for (const auto& language : s.languages) {
                runs.push_back(plan(s, dataset, task, language));
                if (!outputs.insert(runs.back().output).second)
                    throw vd::input_error{"--output", "", "another file for each run, such as {dataset}_{task}.json",
                                          "'" + runs.back().output + "' twice"};
            }
    if (s.distributed) runs = share_of_this_process(std::move(runs), s.seed);
    if (s.skip_existing)
        std::erase_if(runs, [](const planned_run& run) {
            const bool there = fs::exists(run.output);
            if (there) std::cout << run.dataset << ' ' << run.task << ": skipped, there is " << run.output << '\n';
            return there;
        });
    return runs;
}

} // namespace clip_benchmark
