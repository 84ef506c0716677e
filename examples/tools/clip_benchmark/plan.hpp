// Which runs `clip_benchmark eval` does: decided upon, and checked, before anything is computed.
#pragma once

#include "../terminal/data_digest.hpp"
#include "options.hpp"

#include <verdant/data/benchmark/benchmark_datasets.hpp>
#include <verdant/data/benchmark/benchmark_json.hpp>
#include <verdant/data/benchmark/benchmark_result.hpp>
#include <verdant/data/benchmark/shard_dataset.hpp>
#include <verdant/error.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/parallel/launcher.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/text/number.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <set>
#include <span>
#include <string>
#include <string_view>
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

/// The setting that says what the files of a model are told by; results of earlier versions have none.
inline constexpr std::string_view files_setting = "model.files";

/// What the result of a task depends on beside the model, its weights and the data set; what is as usual is left out, but for the split.
/// Names with a dot tell no models apart.
/// @param files what `files_of_model` gives; without them nothing is said of them
inline std::vector<std::pair<std::string, std::string>> settings_of(const eval_settings& s, const std::string& task, const std::string& files = {}) {
    std::vector<std::pair<std::string, std::string>> out{{"split", s.split}};
    const auto add = [&out](const std::string& name, const std::string& value, bool usual = false) {
        if (!usual && !value.empty()) out.emplace_back(name, value);
    };
    using vd::workload::tower;
    bool pruned = false;
    for (const auto& [name, t] : {std::pair{"text", &s.text}, std::pair{"vision", &s.vision}})
        for (const auto& [what, member] : {std::pair{"layers", &tower::layers}, std::pair{"width", &tower::width}, std::pair{"ffn", &tower::ffn},
                                           std::pair{"heads", &tower::heads}})
            if (const int n = t->*member; n > 0) {
                add(std::string{name} + '-' + what, std::to_string(n));
                pruned = true;
            }
    const auto list = [](const auto& values) {
        std::string text;
        for (const auto v : values) text += (text.empty() ? "" : ",") + std::to_string(v);
        return text;
    };
    if (pruned) {
        add("importance", s.importance);
        add("seed", std::to_string(s.seed));
    }
    add("load-checkpoint", s.load_checkpoint);
    add("weights-key", s.weights.key);
    add("head-width", list(s.weights.head_width));
    add("activation", s.activation, s.activation == "model");
    add("precision", s.precision, s.precision == "fp32");
    add("model.architecture", s.save_name.empty() ? std::string{} : s.model);
    add("model.vocabulary", s.vocabulary);
    add(std::string{files_setting}, files);
    if (task == "zeroshot_retrieval") add(task + ".recall_k", list(s.recall_k));
    if (task == "linear_probe") {
        add(task + ".train_split", s.train_split);
        add(task + ".val_split", s.validation_split);
        add(task + ".val_proportion", vd::exact_text(s.validation_share), s.validation_share == 0);
        add(task + ".fewshot_k", std::to_string(s.probe.fewshot_k));
        add(task + ".fewshot_epochs", std::to_string(s.probe.epochs));
        add(task + ".fewshot_lr", vd::exact_text(s.probe.learning_rate));
        add(task + ".seed", std::to_string(s.seed));
    }
    return out;
}

/// The end of a file's name that tells settings apart: `_split-train_text-layers-2`, or nothing for the usual ones.
inline std::string settings_slug(const std::vector<std::pair<std::string, std::string>>& settings) {
    std::string out;
    for (const auto& [name, value] : settings)
        if (name.find('.') == name.npos && !(name == "split" && value == "test") && !(name == "seed" && value == "0"))
            out += '_' + name + '-' + io::with_replaced(fs::path{value}.filename().string(), '/', '_');
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
                                    {"task", out.task},
                                    {"settings", settings_slug(settings_of(s, out.task))}},
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

/// The result of a run, without its metrics.
inline io::benchmark_result record_of(const eval_settings& s, const planned_run& run, const std::string& files) {
    return {.dataset = run.dataset,
            .model = s.save_name.empty() ? s.model : s.save_name,
            .pretrained = s.pretrained,
            .task = run.task,
            .language = run.language,
            .settings = settings_of(s, run.task, files)};
}

/// Whether the result of this very run is there. Files without settings are those of the original and of earlier versions.
/// @throws input_error where another run wrote the file, naming what was otherwise, or where it is no result; file_error
inline bool result_is_there(const eval_settings& s, const planned_run& run, const terminal::data_digest& files) {
    if (!fs::exists(run.output)) return false;
    if (!fs::is_regular_file(run.output)) throw vd::file_error{run.output, "write", "something else than a regular file is there"};
    const auto have = io::read_benchmark_result(run.output), want = record_of(s, run, files());
    const auto same = [&run](const std::string& name, const std::string& ours, const std::string& theirs) {
        const auto said = [](const std::string& value) { return value.empty() ? std::string{"nothing"} : '\'' + value + '\''; };
        if (ours != theirs) throw vd::input_error{run.output, name, said(ours) + " as asked for, or another --output", said(theirs)};
    };
    same("dataset", want.dataset, have.dataset);
    same("task", want.task, have.task);
    same("language", want.language, have.language);
    same("model", want.model, have.model);
    same("pretrained", want.pretrained, have.pretrained);
    if (have.settings.empty()) return true;
    const auto in = [](const io::benchmark_result& r, const std::string& name) {
        for (const auto& [n, value] : r.settings)
            if (n == name) return value;
        return std::string{};
    };
    for (const auto& [name, value] : want.settings)
        if (name != files_setting || !in(have, name).empty()) same(name, value, in(have, name));
    for (const auto& [name, value] : have.settings) same(name, in(want, name), value);
    return true;
}

/// Refuses options that would change nothing, since none of the runs, or no pruning, uses them. @throws input_error
inline void require_effect(const eval_settings& s, const std::vector<planned_run>& runs) {
    const auto some = [&runs](std::string_view task) {
        return std::any_of(runs.begin(), runs.end(), [task](const auto& r) { return r.task == task; });
    };
    const auto require = [](const char* option, bool usual, bool used, const char* by) {
        if (!usual && !used) throw vd::input_error{option, "", by, "none"};
    };
    const eval_settings usual;
    const bool pruned = s.text != usual.text || s.vision != usual.vision, probes = some("linear_probe");
    require("--importance", s.importance.empty(), pruned, "--text-layers, --vision-width or others that prune beside it");
    const char* const by_probes = "--task linear_probe beside it";
    require("--train_split", s.train_split == usual.train_split, probes, by_probes);
    require("--val_split", s.validation_split.empty(), probes, by_probes);
    require("--val_proportion", s.validation_share == 0, probes, by_probes);
    require("--fewshot_k", s.probe.fewshot_k == usual.probe.fewshot_k, probes, by_probes);
    require("--fewshot_epochs", s.probe.epochs == usual.probe.epochs, probes, by_probes);
    require("--fewshot_lr", s.probe.learning_rate == usual.probe.learning_rate, probes, by_probes);
    require("--recall_k", s.recall_k == usual.recall_k, some("zeroshot_retrieval"), "a run of zeroshot_retrieval");
    require("--dump_classnames", !s.dump_classnames, some("zeroshot_classification"), "a run of zeroshot_classification");
    require("--dump_templates", !s.dump_templates, some("zeroshot_classification"), "a run of zeroshot_classification");
}

/// All runs that the options ask for, without those whose results are there where these are to be left out.
/// @param files what `files_of_model` gives
inline std::vector<planned_run> planned_runs(const eval_settings& s, const terminal::data_digest& files) {
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
    require_effect(s, runs);
    if (s.distributed) runs = share_of_this_process(std::move(runs), s.seed);
    std::erase_if(runs, [&s, &files](const planned_run& run) {
        const bool skipped = result_is_there(s, run, files) && s.skip_existing;
        if (skipped) std::cout << run.dataset << ' ' << run.task << ": skipped, there is " << run.output << '\n';
        return skipped;
    });
    return runs;
}

} // namespace clip_benchmark
