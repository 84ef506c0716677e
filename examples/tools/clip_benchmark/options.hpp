// What clip_benchmark is told.
#pragma once

#include "../terminal/paths.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"
#include "../terminal/weights.hpp"

#include <verdant/nn/evaluate/linear_probe.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace clip_benchmark {

namespace io = verdant::io;
namespace nn = verdant::nn;
namespace fs = std::filesystem;
namespace vd = verdant;

struct eval_settings {
    std::vector<std::string> datasets{"carbonnaas"}, tasks{"auto"}, languages{"en"};
    std::string root = "{dataset_cleaned}", split = "test", train_split = "train", validation_split;
    double validation_share = 0;
    terminal::weight_options weights;
    bool model_given = false;
    std::string model = "ViT-B-16", pretrained, activation = "model", save_name, load_checkpoint, importance, vocabulary;
    vd::workload::tower text{.layers = 0, .width = 0, .ffn = 0, .heads = 0}, vision = text; // 0: as the model has it
    std::vector<std::int64_t> recall_k{1};
    std::int64_t batch = 64;
    std::uint64_t seed = 0;
    nn::linear_probe_options probe;
    std::string output = "{dataset}_{pretrained}_{model}_{language}_{task}{settings}.json";
    bool skip_existing = false, distributed = false, dump_classnames = false, dump_templates = false;
    std::string device = "cpu", precision = "fp32";
    unsigned threads = 0;
};

/// What the other commands are told.
struct file_settings {
    std::vector<std::string> built, averaged;
    std::string table = "benchmark.csv", averages, demo_folder;
    std::uint64_t demo_seed = 1;
};

inline void add_eval_options(CLI::App& eval, eval_settings& s) {
    using terminal::number, terminal::whole;
    constexpr int most = 1 << 20;
    eval.add_option("--dataset", s.datasets, "data sets: names, carbonnaas (all 40), retrieval, imagenet, vtab, or text files with one name a line")
        ->capture_default_str();
    eval.add_option("--dataset_root", s.root, "folder of a data set; {dataset} is its name without wds/, {dataset_cleaned} the same with - for /")
        ->check(terminal::path())
        ->capture_default_str();
    eval.add_option("--split", s.split, "what models are judged on")->capture_default_str();
    eval.add_option("--train_split", s.train_split, "what linear probes are trained on")->capture_default_str();
    auto* const validation = eval.add_option("--val_split", s.validation_split, "what chooses their weight decay; without, it is 0");
    eval.add_option("--val_proportion", s.validation_share, "this share of the training split instead")->check(number(0, 0.9))->excludes(validation);
    eval.add_option("--model", s.model, "architecture: ViT-B-16, ..., or a JSON file as OpenCLIP has them")
        ->capture_default_str()
        ->each([&s](const std::string&) { s.model_given = true; });
    auto* const pretrained =
        eval.add_option("--pretrained", s.pretrained, "checkpoint: PyTorch, safetensors, an index of several or a folder of a hub, pruned or not")
            ->required()
            ->check(terminal::path());
    terminal::add_weight_options(eval, s.weights, pretrained, "", "those of --model");
    eval.add_option("--activation", s.activation, "of the checkpoint: that of --model, or another")
        ->check(CLI::IsMember({"model", "gelu", "quick_gelu"}))
        ->capture_default_str();
    eval.add_option("--vocabulary", s.vocabulary, "merges of the tokenizer, such as bpe_simple_vocab_16e6.txt.gz")->required()->check(terminal::path());
    for (auto [name, tower] : {std::pair{"text", &s.text}, std::pair{"vision", &s.vision}})
        for (auto [what, member] : {std::pair{"layers", &vd::workload::tower::layers}, std::pair{"width", &vd::workload::tower::width},
                                    std::pair{"ffn", &vd::workload::tower::ffn}, std::pair{"heads", &vd::workload::tower::heads}})
            eval.add_option(std::string{"--"} + name + "-" + what, tower->*member, std::string{"prune the "} + name + " tower to that")
                ->check(whole(1, most));
    eval.add_option("--importance", s.importance, "folder of the rankings to prune by")->check(terminal::path());
    eval.add_option("--load-checkpoint", s.load_checkpoint, "weights for the pruned model")->check(terminal::path());
    eval.add_option("--save-model-name", s.save_name, "what results call the model instead of --model");
    eval.add_option("--task", s.tasks, "what to measure; auto: what the data set is made for")
        ->check(CLI::IsMember({"auto", "zeroshot_classification", "zeroshot_retrieval", "linear_probe", "image_caption_selection", "captioning"}))
        ->capture_default_str();
    eval.add_option("--recall_k", s.recall_k, "of retrieval")->check(whole(1, most))->capture_default_str();
    eval.add_option("--batch_size", s.batch)->check(whole(1, most))->capture_default_str();
    eval.add_option("--seed", s.seed, "of linear probes, of pruning and of the order with --distributed")->check(whole(0))->capture_default_str();
    eval.add_option("--fewshot_k", s.probe.fewshot_k, "samples of each class that probes are trained on; -1 for all")
        ->check(whole(-1, most))
        ->capture_default_str();
    eval.add_option("--fewshot_epochs", s.probe.epochs, "of linear probes")->check(whole(1, most))->capture_default_str();
    eval.add_option("--fewshot_lr", s.probe.learning_rate, "of linear probes")->check(number(1e-12, 1e6))->capture_default_str();
    eval.add_option("--language", s.languages, "of class names and captions, for the record")->capture_default_str();
    eval.add_option("--output", s.output,
                    "a file for each run; {model} {pretrained} {dataset} {language} {task}, and {settings} where the split, the precision or the pruning "
                    "are not the usual ones; the result of another run is not overwritten")
        ->check(terminal::path())
        ->capture_default_str();
    eval.add_flag("--skip_existing", s.skip_existing, "leave out runs whose file is there; one that was measured otherwise is refused");
    eval.add_flag("--distributed", s.distributed, "do this process' share of the runs, by its rank under mpirun, srun or torchrun");
    eval.add_flag("--dump_classnames", s.dump_classnames, "record class names in the results");
    eval.add_flag("--dump_templates", s.dump_templates, "record prompt templates in the results");
    eval.add_option("--device", s.device, "cpu, cuda (each process of a machine takes one), cuda:1, ...")->capture_default_str();
    eval.add_option("--precision", s.precision)->check(CLI::IsMember({"fp32", "amp", "amp_bf16"}))->capture_default_str();
    eval.add_option("--threads", s.threads, "that compute, 0 for one a processor; the result does not depend on it")->check(whole(0, 1024))->capture_default_str();
    terminal::explain_stop(eval, "the run under way");
}

inline void add_options(CLI::App& app, eval_settings& s, file_settings& f) {
    app.require_subcommand(1);
    add_eval_options(*app.add_subcommand("eval", "run tasks on data sets, one JSON file for each"), s);
    auto* const build = app.add_subcommand("build", "make one CSV table of result files");
    build->add_option("files", f.built, "JSON files, or tables")->required()->check(terminal::path());
    build->add_option("--output", f.table, "the table")->check(terminal::path())->capture_default_str();
    auto* const average = app.add_subcommand("average", "average results by model, by task, by data set");
    average->add_option("files", f.averaged, "JSON files, or tables")->required()->check(terminal::path());
    average->add_option("--output", f.averages, "folder for by_model.csv, by_model_and_task.csv and by_dataset.csv")->check(terminal::path());
    auto* const demo = app.add_subcommand("demo", "write a tiny model and tiny data sets to try the others with");
    demo->add_option("folder", f.demo_folder, "where")->required()->check(terminal::path());
    demo->add_option("--seed", f.demo_seed)->check(terminal::whole(0))->capture_default_str();
}

} // namespace clip_benchmark
