// Trains a CLIP, pruned or not, on images with captions: alone or in several processes under mpirun or srun, from nothing or from a checkpoint, with or
// without a teacher. Writes checkpoints to go on from, and the metrics of each validation.

#include <verdant/io/atomic_file.hpp>
#include <verdant/io/bpe_training.hpp>
#include <verdant/io/caption_samples.hpp>
#include <verdant/io/colour_jitter.hpp>
#include <verdant/io/folder_mirror.hpp>
#include <verdant/io/merges_file.hpp>
#include <verdant/io/shard_paths.hpp>
#include <verdant/io/tensor_file.hpp>
#include <verdant/nn/autocast.hpp>
#include <verdant/nn/caption_batches.hpp>
#include <verdant/nn/checkpoint.hpp>
#include <verdant/nn/clip_init.hpp>
#include <verdant/nn/clip_size.hpp>
#include <verdant/nn/encode.hpp>
#include <verdant/nn/locked_towers.hpp>
#include <verdant/nn/mpi_communicator.hpp>
#include <verdant/nn/prefetched.hpp>
#include <verdant/nn/recomputed_block.hpp>
#include <verdant/nn/results_log.hpp>
#include <verdant/nn/train.hpp>
#include <verdant/supernet/importance_json.hpp>
#include <verdant/supernet/prune.hpp>
#include <verdant/workload/clip_configs.hpp>
#include <verdant/workload/clip_json.hpp>

#include <ATen/ops/full.h>
#include <ATen/Parallel.h>
#include <CLI/CLI.hpp>

// PyTorch's own engine, where LibTorch has it with Gloo and Gloo's headers are there (Debian: libgloo-dev).
#if defined(USE_C10D_GLOO) && __has_include(<gloo/config.h>)
#define CLIP_TRAIN_GLOO 1
#include <verdant/nn/c10d_communicator.hpp>

#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <unistd.h>

namespace {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

struct settings {
    std::string model, config, pretrained, importance, teacher;
    std::vector<int> sizes;
    std::vector<std::string> train_data, val_data;
    vd::io::caption_columns columns;
    std::string separator = "\t", vocabulary;
    std::int64_t batch = 64, epochs = 32, accumulated = 1, stop_after = 0, val_frequency = 1;
    double rate = 5e-4, decay = 0.2, largest_gradient = 0;
    std::int64_t warmup = 10000, cooldown_epochs = 0;
    std::string schedule = "cosine", precision = "fp32", loss = "clip", device = "cpu", dist = "auto", resume = "none", name = "clip_train",
                logs = "logs";
    nn::gathering gathered;
    bool global_loss = false, no_gather_gradient = false;
    nn::checkpoint_options checkpoints;
    std::uint64_t seed = 0;
    unsigned threads = 0;
    std::vector<double> jitter;
    vd::io::colour_jitter colours;
    nn::tower_locks locks;
    double dropped_patches = 0;
    bool recomputed = false, resampled = false;
    std::int64_t train_samples = 0, remote_frequency = 300;
    std::string upsampling, remote;
    std::vector<double> factors; // of the parts of train_data
};

// The exit status of something that has been told already.
struct failed {
    int code;
};

// The schedule and the loss that the options name, so that the training loop is compiled once for each precision.
struct chosen_schedule {
    std::variant<nn::cosine_schedule, nn::constant_schedule, nn::cooldown_schedule> kind;
    double operator()(std::int64_t step) const {
        return std::visit([step](const auto& s) { return s(step); }, kind);
    }
};
struct chosen_objective {
    std::variant<nn::contrastive_objective, nn::sigmoid_objective, nn::distillation_objective> kind;
    void begin(std::span<const nn::image_text_batch> batches) {
        std::visit([&](auto& o) { o.begin(batches); }, kind);
    }
    template <class Gather>
    void begin(std::span<const nn::image_text_batch> batches, const Gather& gather) {
        std::visit([&](auto& o) { o.begin(batches, gather); }, kind);
    }
    template <class Features>
    at::Tensor operator()(const nn::clip_model& m, const Features& f) const {
        return std::visit([&](const auto& o) { return o(m, f); }, kind);
    }
};

// Batches of files, on the device that computes.
struct device_batches {
    nn::caption_batches files;
    at::Device device;
    [[nodiscard]] std::int64_t size() const { return files.size(); }
    nn::image_text_batch operator()(std::int64_t epoch, std::int64_t i) const {
        const auto b = files(epoch, i);
        return {b.images.to(device), b.ids.to(device)};
    }
};

// The files that a list of paths stands for: its parts, also joined by `::`, may hold ranges of numbers in braces.
struct named_files {
    std::vector<std::string> paths;
    std::vector<std::size_t> part; // of each path
    std::size_t parts = 0;
};
named_files files_of(const std::vector<std::string>& arguments) {
    named_files out;
    for (const auto& argument : arguments)
        for (const auto& text : vd::io::joined_parts(argument)) {
            for (auto& path : vd::io::expanded_paths(text)) {
                out.paths.push_back(std::move(path));
                out.part.push_back(out.parts);
            }
            ++out.parts;
        }
    return out;
}

vd::io::caption_samples read_samples(const std::vector<std::string>& arguments, const vd::io::caption_columns& columns) {
    const auto paths = files_of(arguments).paths;
    if (paths.size() == 1 && !paths[0].ends_with(".tar") && !paths[0].ends_with(".tar.gz") && !paths[0].ends_with(".tgz"))
        return vd::io::caption_samples::of_table(paths[0], columns);
    return vd::io::caption_samples::of_shards(paths);
}

// How shards are drawn, each by the factor of its part of --train-data.
std::optional<nn::shard_resampling> resampling_of(const settings& s, const vd::io::caption_samples& samples) {
    if (!s.resampled) return std::nullopt;
    if (samples.shard_sizes().empty()) throw vd::input_error{"--dataset-resampled", "", "webdataset shards in --train-data", "a table"};
    nn::shard_resampling out{.samples = s.train_samples};
    if (!s.factors.empty())
        for (const auto part : files_of(s.train_data).part) out.weights.push_back(s.factors[part]);
    return out;
}

vd::workload::clip_config with_sizes(vd::workload::clip_config c, const std::vector<int>& s) {
    for (const int size : s)
        if (size < 1) throw vd::input_error{"--point", "", "eight positive sizes", std::to_string(size)};
    c.text.layers = s[0], c.text.width = s[1], c.text.ffn = s[2], c.text.heads = s[3];
    c.vision.layers = s[4], c.vision.width = s[5], c.vision.ffn = s[6], c.vision.heads = s[7];
    return c;
}

// What --model or --config say, if they say something.
std::optional<vd::workload::clip_config> asked_config(const settings& s) {
    if (!s.model.empty()) return vd::workload::clip_named(s.model);
    if (!s.config.empty()) return vd::workload::read_clip_json(s.config);
    return std::nullopt;
}

nn::checkpoint_facts facts_of(const std::optional<vd::workload::clip_config>& c) {
    if (!c) return {};
    return {.text_head_width = c->text.head_width, .vision_head_width = c->vision.head_width, .nonlinearity = c->nonlinearity};
}

nn::clip_model starting_model(const settings& s) {
    const auto config = asked_config(s);
    if (s.pretrained.empty()) {
        if (!config) throw vd::input_error{"--model", "", "--model, --config or --pretrained", "none of them"};
        return nn::random_clip(s.sizes.empty() ? *config : with_sizes(*config, s.sizes), s.seed);
    }
    auto m = nn::load_clip(vd::io::read_tensors(s.pretrained), facts_of(config));
    if (s.sizes.empty()) return m;
    const auto target = with_sizes(nn::config_of(m), s.sizes);
    if (target.text == nn::config_of(m).text && target.vision == nn::config_of(m).vision) return m;
    if (s.importance.empty()) throw vd::input_error{"--importance", "", "the folder of the rankings to prune --pretrained by", "nothing"};
    return vd::supernet::prune(m, vd::supernet::read_importance(s.importance), target);
}

// The merges that the model's vocabulary has room for: from a file, else from the captions.
vd::io::bpe_merges merges_of(const settings& s, const nn::clip_model& m, const vd::io::caption_samples& samples) {
    constexpr int symbols = 514; // two for each byte, start and end
    const int vocabulary = nn::config_of(m).vocabulary;
    if (vocabulary < symbols)
        throw vd::input_error{"vocabulary", "", "a model with at least " + std::to_string(symbols) + " tokens", std::to_string(vocabulary)};
    const auto room = static_cast<std::size_t>(vocabulary - symbols);
    if (room == 0) return {};
    if (!s.vocabulary.empty()) return vd::io::read_merges(s.vocabulary, room);
    const auto captions = samples.captions();
    return vd::io::train_merges(captions, std::min<std::size_t>(room, 2000));
}

at::Device device_of(const settings& s) {
    if (s.device == "cpu") return at::kCPU;
    const int there = nn::cuda_devices();
    if (there == 0) throw vd::input_error{"--device", "", "a graphics card", "none that this LibTorch can use"};
    int local = 0;
    for (const char* name : {"OMPI_COMM_WORLD_LOCAL_RANK", "SLURM_LOCALID", "MPI_LOCALRANKID"})
        if (const char* const value = std::getenv(name)) {
            local = std::atoi(value);
            break;
        }
    return {at::kCUDA, static_cast<at::DeviceIndex>(local % there)};
}

chosen_objective objective_of(const settings& s, const nn::clip_model& m, at::Device device) {
    if (!s.teacher.empty()) {
        if (s.loss != "clip") throw vd::input_error{"--distill", "", "--loss clip", s.loss};
        const auto c = nn::config_of(m);
        return {nn::distillation_objective{nn::to(nn::load_clip(vd::io::read_tensors(s.teacher), facts_of(c)), device, m.logit_scale.scalar_type())}};
    }
    if (s.loss == "siglip") return {nn::sigmoid_objective{}};
    return {nn::contrastive_objective{}};
}

chosen_schedule schedule_of(const settings& s, std::int64_t steps, std::int64_t per_epoch) {
    if (s.schedule == "const") return {nn::constant_schedule{s.rate, s.warmup}};
    if (s.schedule == "const-cooldown")
        return {nn::cooldown_schedule{.base = s.rate, .warmup = s.warmup, .steps = steps, .cooldown = s.cooldown_epochs * per_epoch}};
    return {nn::cosine_schedule{s.rate, s.warmup, steps}};
}

// Runs `work` in every process. If it fails anywhere, the first process where it did says why, and all end.
template <class Processes, class Work>
auto agreed(const Processes& processes, const char* program, const Work& work) {
    std::optional<decltype(work())> out;
    std::string wrong;
    double code = 0;
    try {
        out.emplace(work());
    } catch (const vd::input_error& e) { wrong = e.what(), code = 2; } catch (const vd::file_error& e) {
        wrong = e.what(), code = 2;
    } catch (const c10::Error& e) { wrong = std::string{program} + ": " + e.what_without_backtrace(), code = 1; } catch (const std::exception& e) {
        wrong = std::string{program} + ": " + e.what(), code = 1;
    }
    const auto codes = processes.all_gather(at::full({1}, code, at::kDouble));
    for (int r = 0; r < processes.size(); ++r)
        if (const auto found = codes[r].template item<double>(); found != 0) {
            std::replace(wrong.begin(), wrong.end(), '\n', ' ');
            if (r == processes.rank()) std::cerr << wrong << std::endl;
            throw failed{static_cast<int>(found)};
        }
    return std::move(*out);
}

// Everything that is made before the first step, so that whatever is wrong is found out before.
struct run_state {
    nn::clip_model m;
    nn::adamw optimizer;
    nn::prefetched<device_batches> batches;
    nn::image_text_batch validation;
    chosen_objective objective;
    nn::training_options options;
    chosen_schedule schedule;
    std::int64_t per_epoch, done = 0;
    nn::checkpoint_folder checkpoints;
    nn::run_settings facts;
};

template <nn::precision_policy Precision, class Processes>
void run(const settings& s, const Processes& processes) {
    const bool first = processes.rank() == 0;
    const auto folder = fs::path{s.logs} / s.name, remote_folder = fs::path{s.remote} / s.name;
    if (s.threads > 0) at::set_num_threads(static_cast<int>(s.threads));

    auto state = agreed(processes, "clip_train", [&] {
        const auto device = device_of(s);
        { const typename Precision::scope there{device}; } // a precision that the device lacks is found out now
        auto samples = read_samples(s.train_data, s.columns);
        auto m = nn::to(starting_model(s), device, Precision::weights);
        if (s.loss == "siglip" && !m.logit_bias.defined()) nn::init_for_siglip(m);
        const auto size = static_cast<std::size_t>(nn::config_of(m).image);
        const nn::checkpoint_folder checkpoints{folder / "checkpoints", s.checkpoints};
        const nn::checkpoint_folder remote_checkpoints{remote_folder / "checkpoints", s.checkpoints};
        for (const auto& [there, where] : {std::pair{&checkpoints, &folder}, std::pair{&remote_checkpoints, &remote_folder}})
            if (s.resume == "none" && (where == &folder || !s.remote.empty()) && !there->epochs().empty())
                throw vd::input_error{where->string(), "", "a run without checkpoints, another --name, or --resume latest", "checkpoints"};
        auto objective = objective_of(s, m, device);
        const auto merges = merges_of(s, m, samples);
        vd::io::clip_tokenizer tokenizer{merges, {.context_length = static_cast<std::size_t>(nn::config_of(m).context)}};
        nn::image_text_batch validation;
        if (!s.val_data.empty() && first) validation = nn::load_captions(read_samples(s.val_data, s.columns), tokenizer, {.size = size}, s.threads);
        const auto count = static_cast<std::int64_t>(samples.size());
        const auto resampling = resampling_of(s, samples);
        // [batches]
        nn::caption_batches files{
            std::move(samples),
            std::move(tokenizer),
            {.batch = s.batch, .seed = s.seed, .preprocessing = {.size = size}, .colours = s.colours, .threads = s.threads, .resampled = resampling},
            {processes.rank(), processes.size()}};
        // [/batches]
        const std::int64_t per_epoch = files.size() / s.accumulated, steps = per_epoch * s.epochs;
        if (per_epoch < 1)
            throw vd::input_error{"--accum-freq", "", "at most the " + std::to_string(files.size()) + " batches of an epoch",
                                  std::to_string(s.accumulated)};
        // [lock]
        nn::lock_towers(m, s.locks);
        auto optimizer = nn::adamw_of_trainable(m, {.weight_decay = s.decay});
        if (s.recomputed) nn::recompute_blocks<Precision>(m);
        // [/lock]
        // The product of batch and processes, so that a run may go on with another number of processes.
        nn::run_settings facts{{"batch", static_cast<double>(s.batch * processes.size())},
                               {"accum-freq", static_cast<double>(s.accumulated)},
                               {"steps", static_cast<double>(steps)},
                               {"seed", static_cast<double>(s.seed)},
                               {"samples", static_cast<double>(count)},
                               {"lr", s.rate},
                               {"wd", s.decay},
                               {"warmup", static_cast<double>(s.warmup)}};
        if (s.colours.probability > 0)
            for (std::size_t i = 0; i < s.jitter.size(); ++i) facts.emplace_back("color-jitter-" + std::to_string(i), s.jitter[i]);
        if (s.colours.probability > 0) facts.emplace_back("color-jitter-prob", s.colours.probability);
        if (s.colours.gray_probability > 0) facts.emplace_back("gray-scale-prob", s.colours.gray_probability);
        if (s.locks.image) facts.emplace_back("lock-image-unlocked-groups", static_cast<double>(s.locks.unlocked_image_groups));
        if (s.locks.text) facts.emplace_back("lock-text-unlocked-layers", static_cast<double>(s.locks.unlocked_text_layers));
        if (s.locks.text) facts.emplace_back("lock-text-freeze-layer-norm", s.locks.freeze_text_norms ? 1 : 0);
        if (s.dropped_patches > 0) facts.emplace_back("force-patch-dropout", s.dropped_patches);
        if (s.resampled) facts.emplace_back("train-num-samples", static_cast<double>(s.train_samples));
        for (std::size_t i = 0; i < s.factors.size(); ++i) facts.emplace_back("train-data-upsampling-factors-" + std::to_string(i), s.factors[i]);
        std::int64_t done = 0;
        if (s.resume == "latest") {
            const auto warn = [first](const std::string& text) {
                if (first) std::cerr << text << "; trying the checkpoint before" << std::endl;
            };
            // What another machine has left in the remote copy is taken where this one has nothing.
            const auto& from = checkpoints.epochs().empty() && !s.remote.empty() ? remote_checkpoints : checkpoints;
            done = from.resume(m, optimizer, facts, warn).value_or(0);
        }
        if (first) {
            std::error_code failure;
            if (!s.remote.empty()) fs::create_directories(remote_folder, failure);
            if (failure) throw vd::file_error{remote_folder.string(), "make the folder", failure.message()};
            fs::create_directories(folder, failure);
            if (failure) throw vd::file_error{folder.string(), "make the folder", failure.message()};
            checkpoints.remove_leftovers();
            if (!s.remote.empty()) remote_checkpoints.remove_leftovers();
            vd::io::write_file((folder / "merges.txt").string(), vd::io::merges_text(merges));
        }
        return std::unique_ptr<run_state>(new run_state{m,
                                                        std::move(optimizer),
                                                        nn::prefetched<device_batches>{device_batches{std::move(files), device}},
                                                        validation,
                                                        std::move(objective),
                                                        {.steps = steps,
                                                         .accumulated_batches = s.accumulated,
                                                         .largest_gradient = s.largest_gradient,
                                                         .gathered = s.gathered,
                                                         .dropped_patches = {s.dropped_patches, s.seed}},
                                                        schedule_of(s, steps, per_epoch),
                                                        per_epoch,
                                                        done,
                                                        checkpoints,
                                                        facts});
    });
    auto& t = *state;
    const std::int64_t last = s.stop_after > 0 ? std::min(s.stop_after, s.epochs) : s.epochs;
    std::optional<nn::results_log> results;
    if (first) {
        results.emplace((folder / "results.jsonl").string(), t.done);
        std::cout << nn::parameter_count(t.m) << " parameters, " << t.per_epoch << " steps an epoch of " << s.batch * s.accumulated
                  << " pairs in each of " << processes.size() << " processes\n";
        if (t.done > 0) std::cout << "going on after epoch " << t.done << '\n';
        std::cout << std::flush;
    }
    // Resuming reads the same files in every process; this holds if one of them saw others.
    std::vector<at::Tensor> weights;
    nn::for_each_parameter(t.m, [&weights](const std::string&, const at::Tensor& w) { weights.push_back(w); });
    nn::broadcast(processes, weights);

    // [remote]
    std::optional<vd::io::folder_mirror> remote;
    if (first && !s.remote.empty())
        remote.emplace(folder, remote_folder, std::chrono::seconds{s.remote_frequency},
                       [](const std::string& text) { std::cerr << text << "; the remote copy is tried again" << std::endl; });
    // [/remote]

    // [train]
    auto begun = std::chrono::steady_clock::now();
    double losses = 0;
    t.options.steps = last * t.per_epoch;
    nn::train<Precision>(
        t.m, t.optimizer, t.batches, t.objective, t.schedule, t.options,
        [&](const nn::training_progress& p) {
            losses += p.loss;
            if (first && isatty(2) != 0)
                std::fprintf(stderr, "\repoch %lld, step %lld of %lld, loss %.4f ", static_cast<long long>(p.epoch + 1),
                             static_cast<long long>(p.step), static_cast<long long>(t.options.steps), p.loss);
            if (!p.epoch_done) return;
            const std::int64_t epoch = p.epoch + 1;
            if (first) {
                const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
                std::printf("epoch %lld of %lld: loss %.6f, learning rate %.3e, %.1f pairs/s\n", static_cast<long long>(epoch),
                            static_cast<long long>(s.epochs), losses / static_cast<double>(t.per_epoch), p.learning_rate,
                            static_cast<double>(t.per_epoch * s.accumulated * s.batch * processes.size()) / took.count());
                if (t.validation.images.defined() && (epoch % s.val_frequency == 0 || epoch == s.epochs)) {
                    const auto v =
                        nn::validate_pairs(nn::image_features<Precision>(t.m, t.validation.images),
                                           nn::text_features<Precision>(t.m, t.validation.ids), std::exp(t.m.logit_scale.template item<double>()));
                    results->add(epoch, v, t.validation.images.size(0));
                    std::printf("  validation: loss %.4f, R@1 %.4f by image, %.4f by text\n", v.loss, v.image_to_text.recall_1,
                                v.text_to_image.recall_1);
                }
                t.checkpoints.save(epoch, t.m, t.optimizer, t.facts, epoch == last);
                std::fflush(stdout);
            }
            processes.barrier();
            losses = 0;
            begun = std::chrono::steady_clock::now();
        },
        processes);
    // [/train]
    if (first) std::cout << "in " << folder.string() << ": checkpoints/epoch_" << last << ".pt\n" << std::flush;
    if (remote && !remote->finish()) {
        std::cerr << "the copy in " << remote_folder.string() << " is not complete" << std::endl;
        throw failed{1};
    }
}

template <class Processes>
void run(const settings& s, const Processes& processes) {
    if (s.precision == "fp32") run<nn::fp32>(s, processes);
    else if (s.precision == "amp") run<nn::amp>(s, processes);
    else if (s.precision == "amp_bf16") run<nn::amp_bf16>(s, processes);
    else if (s.precision == "pure_bf16") run<nn::pure_bf16>(s, processes);
    else run<nn::pure<at::kDouble>>(s, processes);
}

// Before MPI is there, every process finds the same mistake; one tells it.
bool tells_mistakes() {
    for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "RANK", "SLURM_PROCID"})
        if (const char* const value = std::getenv(name)) return std::string{value} == "0";
    return true;
}

int complain(std::string text, int code) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    if (tells_mistakes()) std::cerr << text << '\n';
    return code;
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
CLI::Validator number(bool zero) {
    return {[zero](const std::string& text) {
                double value = 0;
                const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
                const bool good =
                    read.ec == std::errc{} && read.ptr == text.data() + text.size() && std::isfinite(value) && (value > 0 || (zero && value == 0));
                return good ? std::string{} : std::string{"expected a number "} + (zero ? "of at least 0" : "above 0") + ", found '" + text + '\'';
            },
            ""};
}

void add_options(CLI::App& app, settings& s) {
    auto* const model = app.add_option("--model", s.model, "a published CLIP: ViT-B-16, ViT-B-32, ...");
    app.add_option("--config", s.config, "sizes of a CLIP in a JSON file of OpenCLIP")->excludes(model);
    app.add_option("--point", s.sizes, "pruned sizes: layers,width,ffn,heads of the text tower, then of the vision tower")
        ->delimiter(',')
        ->expected(8);
    app.add_option("--pretrained", s.pretrained, "weights to start from (.pt, .safetensors); without them from nothing");
    app.add_option("--importance", s.importance, "folder of the rankings by which --pretrained is pruned to --point");
    app.add_option("--distill", s.teacher, "weights of a teacher, such as the unpruned model");
    app.add_option("--train-data", s.train_data,
                   "a table of images and captions, or webdataset shards (.tar, .tar.gz), as in shard-{000..127}.tar; parts may be joined by ::")
        ->required();
    auto* const resampled = app.add_flag("--dataset-resampled", s.resampled, "shards are drawn with replacement, without end");
    app.add_option("--train-num-samples", s.train_samples, "pairs of an epoch then; without it as many as there are")
        ->check(whole(1))
        ->needs(resampled);
    app.add_option("--train-data-upsampling-factors", s.upsampling, "how often shards of each part are drawn then, joined by ::")->needs(resampled);
    app.add_option("--val-data", s.val_data, "pairs to measure by, likewise");
    app.add_option("--val-frequency", s.val_frequency, "epochs between validations")->check(whole(1))->capture_default_str();
    app.add_option("--csv-separator", s.separator, "one character; a tab by default");
    app.add_option("--csv-img-key", s.columns.image, "column of the image's path")->capture_default_str();
    app.add_option("--csv-caption-key", s.columns.caption, "column of the caption")->capture_default_str();
    app.add_option("--vocabulary", s.vocabulary, "merges of the tokenizer; without them a small vocabulary is trained from the captions");
    app.add_option("--batch-size", s.batch, "pairs of a process in a batch")->check(whole(1))->capture_default_str();
    app.add_option("--epochs", s.epochs, "passes through the data")->check(whole(1))->capture_default_str();
    app.add_option("--stop-after", s.stop_after, "end after this epoch, to go on later")->check(whole(1));
    app.add_option("--accum-freq", s.accumulated, "batches a step")->check(whole(1))->capture_default_str();
    app.add_option("--lr", s.rate, "learning rate")->check(number(false))->capture_default_str();
    app.add_option("--wd", s.decay, "weight decay")->check(number(true))->capture_default_str();
    app.add_option("--warmup", s.warmup, "steps until the learning rate is reached")->check(whole(0))->capture_default_str();
    app.add_option("--lr-scheduler", s.schedule, "how the learning rate falls")
        ->check(CLI::IsMember({"cosine", "const", "const-cooldown"}))
        ->capture_default_str();
    app.add_option("--epochs-cooldown", s.cooldown_epochs, "epochs at the end in which const-cooldown falls")->check(whole(0));
    app.add_option("--grad-clip-norm", s.largest_gradient, "longer gradients are shortened to this; 0 for no limit")
        ->check(number(true))
        ->capture_default_str();
    app.add_option("--color-jitter", s.jitter, "changes of colours: brightness, contrast, saturation, hue")->delimiter(',')->expected(4);
    app.add_option("--color-jitter-prob", s.colours.probability, "how often they are made")->capture_default_str();
    app.add_option("--gray-scale-prob", s.colours.gray_probability, "how often a picture loses its colour")->capture_default_str();
    app.add_option("--force-patch-dropout", s.dropped_patches, "the part of an image's patches that a step leaves out")->check(number(true));
    auto* const lock_image = app.add_flag("--lock-image", s.locks.image, "the vision tower keeps its weights");
    app.add_option("--lock-image-unlocked-groups", s.locks.unlocked_image_groups, "but not the last groups of its layers")
        ->check(whole(0))
        ->needs(lock_image);
    auto* const lock_text = app.add_flag("--lock-text", s.locks.text, "the text tower keeps its weights, but for its norms");
    app.add_option("--lock-text-unlocked-layers", s.locks.unlocked_text_layers, "and the last groups of its layers")
        ->check(whole(0))
        ->needs(lock_text);
    app.add_flag("--lock-text-freeze-layer-norm", s.locks.freeze_text_norms, "norms of locked text layers are locked too")->needs(lock_text);
    app.add_flag("--grad-checkpointing", s.recomputed, "compute blocks again in the backward pass instead of keeping their activations");
    app.add_option("--loss", s.loss, "contrastive or sigmoid")->check(CLI::IsMember({"clip", "siglip"}))->capture_default_str();
    app.add_flag("--global-loss", s.global_loss, "every process forms all similarities, not only the rows of its pairs");
    app.add_flag("--no-gather-grad", s.no_gather_gradient,
                 "no gradients through gathered features; the result then depends on the number of processes");
    app.add_option("--precision", s.precision, "numbers to compute in")
        ->check(CLI::IsMember({"fp32", "amp", "amp_bf16", "pure_bf16", "fp64"}))
        ->capture_default_str();
    app.add_option("--device", s.device, "where to compute; of several graphics cards each process of a machine takes one")
        ->check(CLI::IsMember({"cpu", "cuda"}))
        ->capture_default_str();
    app.add_option("--dist", s.dist, "several processes: by MPI, by c10d with Gloo, not, or by MPI if mpirun or srun started this")
        ->check(CLI::IsMember({"auto", "none", "mpi", "c10d"}))
        ->capture_default_str();
    app.add_option("--save-frequency", s.checkpoints.frequency, "epochs between checkpoints that stay")->check(whole(1))->capture_default_str();
    app.add_flag("--save-most-recent", s.checkpoints.most_recent, "a checkpoint after every epoch, of which the newest stays");
    app.add_flag("--delete-previous-checkpoint", s.checkpoints.delete_previous, "only the newest checkpoint stays");
    app.add_option("--resume", s.resume, "go on from the newest checkpoint of the run, if there is one")
        ->check(CLI::IsMember({"none", "latest"}))
        ->capture_default_str();
    app.add_option("--logs", s.logs, "folder of the runs")->capture_default_str();
    auto* const remote = app.add_option("--remote-sync", s.remote, "a folder, such as a mounted storage, in which the run is copied while it trains");
    app.add_option("--remote-sync-frequency", s.remote_frequency, "seconds between copies")->check(whole(1))->needs(remote)->capture_default_str();
    app.add_option("--name", s.name, "of the run, its folder in --logs")->capture_default_str();
    app.add_option("--seed", s.seed, "of the weights, the order and the crops")->check(whole(0))->capture_default_str();
    app.add_option("--threads", s.threads, "of a process, 0 for one a processor")->check(whole(0))->capture_default_str();
}

void read_factors(settings& s) {
    const char* const option = "--train-data-upsampling-factors";
    for (const auto& text : vd::io::joined_parts(s.upsampling)) {
        double factor = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), factor);
        if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(factor) || factor <= 0)
            throw vd::input_error{option, "", "numbers above 0 joined by ::", '\'' + text + '\''};
        s.factors.push_back(factor);
    }
    const auto parts = files_of(s.train_data).parts;
    if (s.factors.size() != parts)
        throw vd::input_error{option, "", std::to_string(parts) + ", one for each part of --train-data", std::to_string(s.factors.size())};
}

// The first of these variables of the environment that is set, as launchers of PyTorch and SLURM set them.
std::string told(std::initializer_list<const char*> names, const char* what) {
    for (const char* name : names)
        if (const char* const value = std::getenv(name)) return value;
    throw vd::input_error{"--dist c10d", "", std::string{what} + " in the environment, " + *names.begin(), "nothing"};
}
int told_number(std::initializer_list<const char*> names, const char* what, int most) {
    const auto text = told(names, what);
    int value = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < 0 || value > most)
        throw vd::input_error{"--dist c10d", *names.begin(), "a whole number from 0 to " + std::to_string(most), "'" + text + "'"};
    return value;
}

// LibTorch 2.4 and newer take a store over libuv unless told otherwise, which builds such as Debian's do not have; the other they all have.
template <class Options>
void without_libuv(Options& options) {
    if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

int start_with_c10d(const settings& s) {
    const int size = told_number({"WORLD_SIZE", "SLURM_NTASKS"}, "the number of processes", 1 << 20),
              rank = told_number({"RANK", "SLURM_PROCID"}, "the rank", size - 1);
    const auto host = told({"MASTER_ADDR"}, "the host of the first process");
    const int port = told_number({"MASTER_PORT"}, "its port", 65535);
#if defined(CLIP_TRAIN_GLOO)
    c10d::TCPStoreOptions store;
    store.port = static_cast<std::uint16_t>(port);
    store.isServer = rank == 0;
    store.numWorkers = static_cast<std::size_t>(size);
    without_libuv(store);
    const auto options = c10d::ProcessGroupGloo::Options::create();
    options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
    run(s, nn::c10d_communicator{c10::make_intrusive<c10d::ProcessGroupGloo>(c10::make_intrusive<c10d::TCPStore>(host, store), rank, size, options)});
    return 0;
#else
    (void)s, (void)rank, (void)port;
    throw vd::input_error{"--dist c10d", "", "a program built where Gloo's headers are (Debian: libgloo-dev)", "one without"};
#endif
}

int start(const settings& s) {
    if (s.dist == "c10d") return start_with_c10d(s);
    const bool mpi = s.dist == "mpi" || (s.dist == "auto" && nn::started_by_mpi());
    if (!mpi) {
        run(s, nn::single_process{});
        return 0;
    }
    const nn::mpi_session session;
    const nn::mpi_communicator processes;
    try {
        run(s, processes);
        return 0;
    } catch (const failed& f) { return f.code; } catch (const std::exception& e) {
        const bool input = dynamic_cast<const vd::input_error*>(&e) != nullptr || dynamic_cast<const vd::file_error*>(&e) != nullptr;
        // The other processes wait for this one and would do so for ever.
        std::cerr << "process " << processes.rank() << ": " << e.what() << std::endl;
        if (processes.size() > 1) nn::mpi_session::abort(input ? 2 : 1);
        return input ? 2 : 1;
    }
}

} // namespace

int main(int argc, char** argv) {
    settings s;
    CLI::App app{"Trains a CLIP on images with captions, alone or in several processes."};
    add_options(app, s);
    try {
        app.parse(argc, argv);
        if (s.separator.size() != 1) throw vd::input_error{"--csv-separator", "", "one character", "'" + s.separator + "'"};
        s.columns.separator = s.separator[0];
        if (s.jitter.empty() && s.colours.probability > 0) throw vd::input_error{"--color-jitter-prob", "", "--color-jitter beside it", "nothing"};
        if (!s.jitter.empty())
            s.colours.brightness = s.jitter[0], s.colours.contrast = s.jitter[1], s.colours.saturation = s.jitter[2], s.colours.hue = s.jitter[3];
        vd::io::check(s.colours);
        if (s.dropped_patches >= 1)
            throw vd::input_error{"--force-patch-dropout", "", "a part of at least 0, below 1", std::to_string(s.dropped_patches)};
        if (!s.upsampling.empty()) read_factors(s);
        s.gathered = {.local_loss = !s.global_loss, .with_gradient = !s.no_gather_gradient};
        return start(s);
    } catch (const failed& f) { return f.code; } catch (const CLI::CallForHelp& help) {
        return tells_mistakes() ? app.exit(help) : 0;
    } catch (const CLI::ParseError& wrong) { return complain(std::string{"clip_train: "} + wrong.what(), 2); } catch (const vd::input_error& wrong) {
        return complain(wrong.what(), 2);
    } catch (const vd::file_error& wrong) { return complain(wrong.what(), 2); } catch (const c10::Error& failure) {
        return complain(std::string{"clip_train: "} + failure.what_without_backtrace(), 1);
    } catch (const std::exception& failure) { return complain(std::string{"clip_train: "} + failure.what(), 1); }
}
