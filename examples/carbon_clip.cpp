// The whole of CarbonNAAS: prunes a trained CLIP by importance, fine-tunes it briefly, measures it, estimates an accelerator for it, and lets a Bayesian
// optimiser choose model and accelerator. Without a checkpoint it trains a small CLIP on Fashion-MNIST first.

#include <verdant/io/atomic_file.hpp>
#include <verdant/io/bpe_training.hpp>
#include <verdant/io/caption_samples.hpp>
#include <verdant/io/csv.hpp>
#include <verdant/io/fashion_mnist.hpp>
#include <verdant/io/merges_file.hpp>
#include <verdant/io/read_file.hpp>
#include <verdant/io/tensor_file.hpp>
#include <verdant/io/tokenizer.hpp>
#include <verdant/modes.hpp>
#include <verdant/nn/caption_batches.hpp>
#include <verdant/nn/classification.hpp>
#include <verdant/nn/clip_init.hpp>
#include <verdant/nn/clip_state.hpp>
#include <verdant/nn/encode.hpp>
#include <verdant/nn/from_tensor_data.hpp>
#include <verdant/nn/retrieval.hpp>
#include <verdant/nn/runtime.hpp>
#include <verdant/nn/train.hpp>
#include <verdant/optimizer/bayes.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/search.hpp>
#include <verdant/search/sqlite_storage.hpp>
#include <verdant/search/study_json.hpp>
#include <verdant/spaces/accelerator_estimator.hpp>
#include <verdant/spaces/clip_estimator.hpp>
#include <verdant/supernet/fine_tune.hpp>
#include <verdant/supernet/importance_json.hpp>
#include <verdant/supernet/rank_importance.hpp>
#include <verdant/workload/clip_parameters.hpp>

#include <CLI/CLI.hpp>

#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

namespace {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

struct settings {
    std::string checkpoint, vocabulary, importance, metric = "carbon", out = "results/carbon_clip";
    std::vector<std::string> data;
    std::string images{vd::io::fashion_mnist_folder};
    std::string use_intensity = "british_columbia", fab_intensity = "taiwan";
    std::size_t trials = 40;
    std::uint64_t seed = 1;
    double inferences = 3e7, accuracy_threshold = -1; // below 0: that of the mode
    std::optional<double> fine_tune_epochs;
    std::optional<std::int64_t> batch;
    std::int64_t train_steps = 1400, held_out = 10;
    unsigned threads = 0;
    bool quick_gelu = false;

    // A checkpoint is fine-tuned as in the published search.
    [[nodiscard]] double epochs() const { return fine_tune_epochs.value_or(checkpoint.empty() ? 0.12 : 1); }
    [[nodiscard]] std::int64_t pairs() const { return batch.value_or(checkpoint.empty() ? 128 : 64); }
    [[nodiscard]] std::string study() const { return out + "/" + metric + ".db"; }
};

// [spaces]
// What is searched in the small CLIP: as in the published space, sizes are eighths of the trained model's.
struct small_text : vd::space<vd::param<"layers", vd::range<1, 2>>, vd::param<"ffn", vd::range<96, 192, 24>>,
                              vd::param<"width", vd::range<24, 48, 6>>, vd::param<"heads", vd::range<2, 4>>> {};
struct small_vision : vd::space<vd::param<"layers", vd::range<2, 4>>, vd::param<"ffn", vd::range<192, 384, 48>>,
                                vd::param<"width", vd::range<48, 96, 12>>, vd::param<"heads", vd::range<2, 4>>> {};
struct small_co_design : vd::space<vd::nest<"text", small_text>, vd::nest<"vision", small_vision>, vd::nest<"hw", vd::spaces::accelerator>> {};
// [/spaces]

constexpr vd::workload::clip_config small_clip(int vocabulary) {
    return {.text = {.layers = 2, .width = 48, .ffn = 192, .heads = 4, .head_width = 12},
            .vision = {.layers = 4, .width = 96, .ffn = 384, .heads = 4, .head_width = 24},
            .patch = 7,
            .joint = 48,
            .image = 28,
            .context = 16,
            .vocabulary = vocabulary};
}

// One line that rewrites itself on a terminal; every tenth otherwise.
class steps_line {
public:
    steps_line(std::string what, std::int64_t total) : what_{std::move(what)}, total_{total}, terminal_{isatty(2) != 0}, begin_{now()} {}
    steps_line(const steps_line&) = delete;
    steps_line& operator=(const steps_line&) = delete;
    ~steps_line() {
        if (open_) std::fputc('\n', stderr);
    }
    void operator()(std::int64_t done, const std::string& more = {}) {
        const auto time = now();
        if (terminal_ ? time < next_ && done < total_ : done < total_ && done * 10 / total_ == shown_ * 10 / total_) return;
        shown_ = done, next_ = time + 0.2, open_ = terminal_;
        const auto left = static_cast<long long>((time - begin_) / static_cast<double>(done) * static_cast<double>(total_ - done) + 0.5);
        const auto filled = static_cast<std::size_t>(done * 20 / total_);
        std::fprintf(stderr, "%s%s [%s%s] %lld/%lld  %lld s left  %s%s", terminal_ ? "\r" : "", what_.c_str(), std::string(filled, '=').c_str(),
                     std::string(20 - filled, ' ').c_str(), static_cast<long long>(done), static_cast<long long>(total_), left, more.c_str(),
                     terminal_ ? "  " : "\n");
    }

private:
    static double now() {
        timespec t{};
        clock_gettime(CLOCK_MONOTONIC, &t);
        return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
    }
    std::string what_;
    std::int64_t total_, shown_ = 0;
    bool terminal_, open_ = false;
    double begin_, next_ = 0;
};

// The trained model and everything that pruned ones are made and judged with.
struct workbench {
    std::string name, measure;
    nn::clip_model model{};
    vd::supernet::clip_importance importance{};
    std::function<nn::clip_model(const nn::clip_model&)> fine_tune{};
    std::function<double(const nn::clip_model&)> accuracy{}; // that the search sees
    std::function<double(const nn::clip_model&)> test_accuracy{}; // on data that no choice was made by; may be empty

    [[nodiscard]] vd::workload::clip_config config() const { return nn::config_of(model); }
};

// Results in a folder belong to one model, its data and how it is fine-tuned: another's rankings and studies would be taken for its own.
void claim_folder(const settings& s, const std::string& facts) {
    std::error_code failure;
    fs::create_directories(s.out, failure);
    if (failure) throw vd::file_error{s.out, "make the folder", failure.message()};
    const auto path = s.out + "/model.txt";
    if (!fs::exists(path)) return vd::io::write_file(path, facts);
    const auto there = vd::io::read_file(path);
    if (there == facts) return;
    std::istringstream kept{there}, now{facts};
    std::string before, wanted;
    while (std::getline(now, wanted) && std::getline(kept, before) && wanted == before) {}
    throw vd::input_error{s.out, "model.txt", "results of this run's model (" + wanted + "), or another --out", before.empty() ? "others" : before};
}

// What tells weights apart.
std::string fingerprint(const nn::clip_model& m) {
    std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a, by words
    for (const auto& [name, value] : nn::state_of(m))
        for (std::size_t i = 0; i + 4 <= value.content().size(); i += 4) {
            std::uint32_t word = 0;
            std::memcpy(&word, value.content().data() + i, 4);
            hash = (hash ^ word) * 0x100000001b3;
        }
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

at::Tensor rows_of(const vd::io::clip_tokenizer& tokenizer, const std::vector<std::string>& captions) {
    std::vector<at::Tensor> rows;
    for (const auto& c : captions) {
        const auto row = tokenizer.row(c);
        rows.push_back(at::tensor(std::vector<std::int64_t>(row.begin(), row.end())));
    }
    return at::stack(rows);
}

vd::supernet::fine_tune_options fine_tuning(const settings& s, const std::string& architecture, const std::string& data) {
    vd::supernet::fine_tune_options o;
    o.length.epochs = s.epochs();
    o.cache = s.out + "/fine_tuned";
    o.architecture = architecture;
    o.pretrained = "seed" + std::to_string(s.seed);
    o.data = data + ", batches of " + std::to_string(s.pairs());
    return o;
}

// Ranks heads and feed-forward blocks, or reads the ranking that is there.
vd::supernet::clip_importance importance_of(const settings& s, const nn::clip_model& m,
                                            const std::function<double(const nn::clip_model&)>& accuracy) {
    if (!s.importance.empty()) return vd::supernet::read_importance(s.importance);
    const auto c = nn::config_of(m);
    const auto units = c.text.layers * (c.text.heads + vd::supernet::ffn_blocks) + c.vision.layers * (c.vision.heads + vd::supernet::ffn_blocks);
    const auto folder = s.out + "/importance";
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) throw vd::file_error{folder, "make the folder", failure.message()};
    steps_line line{"importance", units};
    std::int64_t done = 0;
    auto ranking = vd::supernet::rank_importance(
        m,
        [&](const nn::clip_model& changed) {
            // One figure stands for retrieval and classification alike, so that it alone is the score.
            const auto a = accuracy(changed);
            line(++done);
            return vd::supernet::unit_quality{a, a, a};
        },
        folder);
    vd::supernet::write_importance(folder, ranking);
    return ranking;
}

// [train]
// The small CLIP, trained from nothing on images with captions; kept in the folder of results.
nn::clip_model train_small_clip(const settings& s, const vd::workload::clip_config& config, const nn::memory_batches& source) {
    const auto path =
        s.out + "/clip_seed" + std::to_string(s.seed) + "_" + std::to_string(s.train_steps) + "x" + std::to_string(s.pairs()) + ".safetensors";
    if (fs::exists(path)) return nn::load_clip(vd::io::read_tensors(path), config);
    auto model = nn::random_clip(config, s.seed);
    const nn::training_options options{.optimizer = {.weight_decay = 0.1}, .steps = s.train_steps, .largest_gradient = 1};
    nn::adamw optimizer{model, options.optimizer};
    steps_line line{"training", s.train_steps};
    nn::train(model, optimizer, source, nn::contrastive_objective{}, nn::cosine_schedule{1.5e-3, s.train_steps / 10, s.train_steps}, options,
              [&](const nn::training_progress& p) { line(p.step, "loss " + vd::rounded_text(p.loss, 4)); });
    nn::require_grad(model, false);
    vd::io::write_safetensors(path, nn::state_of(model));
    return model;
}
// [/train]

// Fashion-MNIST: 55,000 images to train, 5,000 to choose by, 10,000 to test; captions are made from the labels.
workbench fashion_bench(const settings& s) {
    constexpr std::array templates{"a photo of a {}.",     "a grey picture of a {}.", "an image of one {}.",      "a {} for sale.",
                                   "a shop shows the {}.", "this is a {}.",           "a small photo of the {}.", "a catalogue picture of a {}."};
    std::vector<std::vector<std::string>> captions;
    std::vector<std::string> all;
    for (const auto label : vd::io::fashion_mnist_classes) {
        auto& of_class = captions.emplace_back();
        for (std::string text : templates) {
            text.replace(text.find("{}"), 2, label);
            of_class.push_back(text);
            all.push_back(text);
        }
    }
    const auto merges = vd::io::train_merges(all, 400);
    const vd::io::clip_tokenizer tokenizer{merges, {.context_length = 16}};
    std::vector<at::Tensor> prompts;
    for (const auto& of_class : captions) prompts.push_back(rows_of(tokenizer, of_class));

    const auto load = [&](const std::string& split) {
        const auto files = vd::io::read_mnist(s.images, split);
        // Mean and deviation of the training images.
        auto pixels = nn::to_tensor(files.images).to(at::kFloat).div_(255).sub_(0.2860).div_(0.3530);
        return std::pair{pixels.unsqueeze(1).expand({-1, 3, -1, -1}).contiguous(), nn::to_tensor(files.labels).to(at::kLong)};
    };
    const auto [images, labels] = load("train");
    const auto [test_images, test_labels] = load("t10k");
    const auto chosen = images.size(0) - images.size(0) / 12;
    auto ids = at::stack(prompts).index_select(0, labels); // every caption of its class
    vd::random_stream draws{s.seed};
    std::vector<std::int64_t> drawn;
    for (std::int64_t i = 0; i < ids.size(0); ++i) drawn.push_back(static_cast<std::int64_t>(draws.below(templates.size())));
    ids = ids.gather(1, at::tensor(drawn).view({-1, 1, 1}).expand({-1, 1, ids.size(2)})).squeeze(1).contiguous();
    const nn::memory_batches source{images.slice(0, 0, chosen), ids.slice(0, 0, chosen), s.pairs(), s.seed};

    const auto zero_shot = [prompts](at::Tensor pictures, at::Tensor classes) {
        return [prompts, pictures, classes](const nn::clip_model& m) {
            const auto logits = nn::class_logits(nn::image_features(m, pictures, 250), nn::zero_shot_classifier(m, prompts));
            return nn::classify(logits, classes).accuracy;
        };
    };
    workbench b{.name = "small CLIP on Fashion-MNIST", .measure = "10-way zero-shot accuracy"};
    claim_folder(s, "model small CLIP, seed " + std::to_string(s.seed) + ", " + std::to_string(s.train_steps) + " steps of " +
                        std::to_string(s.pairs()) + " pairs\ndata Fashion-MNIST, " + std::to_string(images.size(0)) + " images\nfine-tuning " +
                        vd::exact_text(s.epochs()) + " epochs\n");
    b.model = train_small_clip(s, small_clip(static_cast<int>(merges.size()) + 514), source);
    b.accuracy = zero_shot(images.slice(0, chosen), labels.slice(0, chosen));
    b.test_accuracy = zero_shot(test_images, test_labels);
    b.importance = importance_of(s, b.model, zero_shot(images.slice(0, chosen, chosen + 1000), labels.slice(0, chosen, chosen + 1000)));
    const auto original = b.config();
    b.fine_tune = [=](const nn::clip_model& pruned) {
        auto how = fine_tuning(s, "small", "fashion-mnist, " + std::to_string(s.train_steps) + " steps before");
        how.learning_rate = 5e-4, how.warmup = 2, how.largest_gradient = 1;
        return vd::supernet::fine_tune(pruned, original, source, how);
    };
    return b;
}

// A checkpoint of the user's, judged by retrieval of held-out captions.
workbench checkpoint_bench(const settings& s) {
    workbench b{.name = s.checkpoint, .measure = "mean recall@1"};
    const auto activation = s.quick_gelu ? vd::workload::activation::quick_gelu : vd::workload::activation::gelu;
    b.model = nn::load_clip(vd::io::read_tensors(s.checkpoint), nn::checkpoint_facts{.nonlinearity = activation});
    const auto config = b.config();
    if (config.vocabulary <= 514)
        throw vd::input_error{s.checkpoint, "tensor token_embedding.weight", "more than the 514 tokens that every tokenizer has",
                              std::to_string(config.vocabulary)};
    // A model that cannot be pruned, or the ranking of another, is refused now.
    (void)vd::supernet::prune(b.model,
                              s.importance.empty() ? vd::supernet::importance_by_position(config) : vd::supernet::read_importance(s.importance),
                              vd::spaces::clip_of(vd::point<vd::spaces::clip_shares>{}, config));
    if (s.importance.empty() && (config.text.heads < 2 || config.vision.heads < 2))
        throw vd::input_error{s.checkpoint, "", "at least two heads of 64 channels in each tower, to rank them", "one"};
    const auto room = static_cast<std::size_t>(config.vocabulary - 514);
    const vd::io::clip_tokenizer tokenizer{vd::io::read_merges(s.vocabulary, room), {.context_length = static_cast<std::size_t>(config.context)}};
    const auto shard = [](const std::string& path) { return path.ends_with(".tar") || path.ends_with(".tar.gz") || path.ends_with(".tgz"); };
    const bool table = s.data.size() == 1 && !shard(s.data[0]);
    const auto samples = table ? vd::io::caption_samples::of_table(s.data[0]) : vd::io::caption_samples::of_shards(s.data);
    if (table)
        for (std::size_t i = 0; i < samples.size(); ++i)
            if (!fs::exists(samples.name(i))) throw vd::file_error{samples.name(i), "open", "No such file, of " + s.data[0]};
    const auto [judged, trained] = samples.split(static_cast<std::size_t>(s.held_out));
    if (static_cast<std::int64_t>(trained.size()) < s.pairs())
        throw vd::input_error{s.data[0], "",
                              "at least " + std::to_string(s.pairs()) + " captions to train with beside the held-out ones, or a smaller --batch",
                              std::to_string(trained.size())};
    const vd::io::preprocessing how{.size = static_cast<std::size_t>(config.image)};
    const auto pairs = nn::load_captions(judged, tokenizer, how, s.threads);
    // Captions of one image share it.
    std::map<std::string, std::int64_t> number;
    std::vector<std::int64_t> first, image_of_text;
    for (std::size_t i = 0; i < judged.size(); ++i) {
        const auto [at, fresh] = number.emplace(judged.name(i), static_cast<std::int64_t>(number.size()));
        if (fresh) first.push_back(static_cast<std::int64_t>(i));
        image_of_text.push_back(at->second);
    }
    const auto images = pairs.images.index_select(0, at::tensor(first));
    const auto owners = at::tensor(image_of_text);
    b.accuracy = [=](const nn::clip_model& m) {
        return nn::recall_at(nn::image_features(m, images), nn::text_features(m, pairs.ids), owners, 1).mean();
    };
    const auto weights = fingerprint(b.model);
    const auto data = s.data[0] + ", " + std::to_string(samples.size()) + " captions, of " + std::to_string(s.held_out) + " images one held out";
    claim_folder(s, "model " + weights + (s.quick_gelu ? ", quick GELU" : "") + "\ndata " + data + "\nfine-tuning " + vd::exact_text(s.epochs()) +
                        " epochs in batches of " + std::to_string(s.pairs()) + ", seed " + std::to_string(s.seed) + "\n");
    b.importance = importance_of(s, b.model, b.accuracy);
    const auto source = std::make_shared<nn::caption_batches>(
        trained, tokenizer, nn::caption_batch_options{.batch = s.pairs(), .seed = s.seed, .preprocessing = how, .threads = s.threads});
    b.fine_tune = [=](const nn::clip_model& pruned) {
        return vd::supernet::fine_tune(pruned, config, *source,
                                       fine_tuning(s, fs::path{s.checkpoint}.stem().string(), data + ", weights " + weights));
    };
    return b;
}

// [evaluator]
// Accuracy of a point: prune, fine-tune briefly, measure. Finished runs are kept on disk.
class pruned_accuracy {
public:
    explicit pruned_accuracy(const workbench& b) : bench_{&b} {}
    template <class Space>
    vd::metrics<vd::accuracy> operator()(const vd::point<Space>& p) const {
        return {bench_->accuracy(model(p))};
    }
    template <class Space>
    nn::clip_model model(const vd::point<Space>& p) const {
        return bench_->fine_tune(vd::supernet::prune(bench_->model, bench_->importance, p));
    }

private:
    const workbench* bench_;
};
// [/evaluator]

// One line of the final table.
struct candidate {
    std::string name;
    vd::workload::clip_config model;
    vd::hardware::accelerator chip;
    double accuracy = 0, test = 0;
    vd::hardware_costs costs;
};

vd::report table_of(const std::vector<candidate>& all, bool tested) {
    vd::report r;
    r.columns = {"",         "accuracy", "test",     "total kgCO2e", "embodied", "operational", "latency ms", "energy kWh",
                 "area mm2", "TOPS",     "M params", "text",         "vision",   "chip",        "GLB MiB"};
    const auto tower = [](const vd::workload::tower& t) {
        return std::to_string(t.layers) + "/" + std::to_string(t.width) + "/" + std::to_string(t.ffn) + "/" + std::to_string(t.heads);
    };
    for (const auto& c : all) {
        const auto number = [&]<class M>(double factor) { return vd::rounded_text(vd::si_value(c.costs.get<M>()) / factor, 4); };
        r.rows.push_back({c.name, vd::rounded_text(c.accuracy, 4), tested ? vd::rounded_text(c.test, 4) : "-", number.operator()<vd::total_carbon>(1),
                          number.operator()<vd::embodied_carbon>(1), number.operator()<vd::operational_carbon>(1),
                          number.operator()<vd::latency>(1e-3), number.operator()<vd::lifetime_energy>(3.6e6), number.operator()<vd::area>(1e-6),
                          number.operator()<vd::tops>(1), vd::rounded_text(static_cast<double>(vd::workload::parameters(c.model)) / 1e6, 3),
                          tower(c.model.text), tower(c.model.vision),
                          std::to_string(c.chip.tensor_cores) + " x " + std::to_string(c.chip.width) + " x " + std::to_string(c.chip.depth),
                          std::to_string(c.chip.glb_bytes >> 20)});
    }
    return r;
}

// The accelerator on which the unpruned model does best in what the mode minimises, within the limits of its search.
template <class Study>
candidate unpruned(const workbench& b, const vd::carbon::life& life, const std::string& metric) {
    const vd::accelerator_estimator<> estimate{b.config(), life};
    const auto found = vd::modes::all_hw<vd::exhaustive_search>{estimate}.run({.trials = 3240});
    const vd::trial<vd::spaces::accelerator, typename vd::modes::all_hw<vd::exhaustive_search>::goals_type>* best = nullptr;
    const auto cost = [&](const auto& t) {
        return metric == "latency"  ? vd::si_value(t.template get<vd::latency>())
               : metric == "energy" ? vd::si_value(t.template get<vd::lifetime_energy>())
                                    : vd::si_value(t.template get<vd::total_carbon>());
    };
    const bool in_time = Study::goals_type::template constrains<vd::latency>;
    for (const auto& t : found.trials()) {
        const bool late = in_time && vd::si_value(t.template get<vd::latency>()) > 0.05;
        if (t.feasible() && !late && (best == nullptr || cost(t) < cost(*best))) best = &t;
    }
    if (best == nullptr) throw vd::infeasible_error{"no accelerator of the space runs the unpruned model within the limits"};
    const auto chip = vd::spaces::accelerator_of(best->point);
    const auto tuned = b.fine_tune(b.model);
    // It is given what the pruned ones get: the same fine-tuning, where that helps.
    const auto before = b.accuracy(b.model), after = b.accuracy(tuned);
    const auto& kept = after > before ? tuned : b.model;
    return {"unpruned", b.config(), chip, std::max(before, after), b.test_accuracy ? b.test_accuracy(kept) : 0, estimate.estimate(chip)};
}

template <template <class, vd::search_space> class Mode, class Space>
void search(const settings& s, const workbench& b) {
    vd::carbon::life life;
    life.grid = vd::carbon::parse_intensity(s.use_intensity);
    life.fab.intensity = vd::carbon::parse_intensity(s.fab_intensity);
    life.inferences = s.inferences;
    // [search]
    using study = Mode<vd::bayes<>, Space>;
    const pruned_accuracy accuracy{b};
    const vd::clip_estimator<> hardware{b.config(), life};
    study search{accuracy, hardware};
    if (s.accuracy_threshold >= 0) search.template threshold<vd::accuracy>(s.accuracy_threshold);
    const typename study::options options{.trials = s.trials, .seed = s.seed, .threads = 1};
    vd::sqlite_storage kept{s.study()};
    vd::progress_line<study> progress{search.limits()};
    const auto found = search.run(options, kept, progress);
    // [/search]

    const auto prefix = s.out + "/" + s.metric + "_";
    auto json = vd::study_json(found, options);
    json["run"]["mode"] = s.metric;
    json["run"]["model"] = b.name;
    vd::io::write_file(prefix + "trials.csv", vd::io::csv_text(vd::report_of(found.trials())));
    vd::io::write_file(prefix + "published.csv", vd::io::csv_text(vd::modes::published_table(found.trials(), b.config())));
    vd::io::write_file(prefix + "study.json", json.dump(1) + '\n');
    vd::io::write_file(prefix + "front.svg", vd::front_svg(found, b.name + ", mode " + s.metric));

    std::vector<candidate> table{unpruned<study>(b, life, s.metric)};
    for (const auto& t : found.front()) {
        const auto model = vd::spaces::clip_of(t.point, b.config());
        const auto chip = vd::spaces::nested_accelerator_of(t.point);
        table.push_back({"trial " + std::to_string(t.number), model, chip, t.template get<vd::accuracy>(),
                         b.test_accuracy ? b.test_accuracy(accuracy.model(t.point)) : 0, hardware.estimate(model, chip)});
    }
    const auto report = table_of(table, static_cast<bool>(b.test_accuracy));
    vd::io::write_file(prefix + "front.csv", vd::io::csv_text(report));

    std::cout << b.name << ", mode " << s.metric << ", seed " << s.seed << ": " << found.trials().size() << " trials, " << found.size()
              << " on the front";
    if (const auto volume = found.hypervolume()) std::cout << ", hypervolume " << vd::rounded_text(*volume, 6);
    std::cout << "\naccuracy: " << b.measure << (b.test_accuracy ? "; test: the same on images that nothing was chosen by" : "") << "\n\n"
              << vd::table_text(report) << '\n';
    const candidate* saver = nullptr;
    const auto carbon = [](const candidate& c) { return vd::si_value(c.costs.template get<vd::total_carbon>()); };
    for (std::size_t i = 1; i < table.size(); ++i)
        if (table[i].accuracy >= table[0].accuracy - 0.01 && carbon(table[i]) < carbon(saver == nullptr ? table[0] : *saver)) saver = &table[i];
    if (saver == nullptr) std::cout << "no model of the front within 1 point of the unpruned model's accuracy has less carbon\n";
    else
        std::cout << "at no more than 1 point of accuracy lost, " << saver->name << " saves "
                  << vd::rounded_text(carbon(table[0]) - carbon(*saver), 3) << " kgCO2e of " << vd::rounded_text(carbon(table[0]), 3) << " ("
                  << vd::rounded_text(100 * (1 - carbon(*saver) / carbon(table[0])), 3) << " %)\n";
    std::cout << "\nin " << s.out << ": " << s.metric << ".db " << s.metric << "_{trials,front,published}.csv " << s.metric << "_study.json "
              << s.metric << "_front.svg\n";
}

template <class Space>
void search_mode(const settings& s, const workbench& b) {
    if (s.metric == "carbon") search<vd::modes::carbon, Space>(s, b);
    else if (s.metric == "latency") search<vd::modes::latency, Space>(s, b);
    else if (s.metric == "energy") search<vd::modes::energy, Space>(s, b);
    else search<vd::modes::all, Space>(s, b);
}

// Whatever may be wrong with the settings is found out before hours of work.
void check(const settings& s) {
    (void)vd::carbon::parse_intensity(s.use_intensity);
    (void)vd::carbon::parse_intensity(s.fab_intensity);
    if (s.checkpoint.empty() != s.data.empty()) throw vd::input_error{"carbon_clip", "--checkpoint and --data", "both or neither", "one of them"};
    if (!s.checkpoint.empty() && s.vocabulary.empty())
        throw vd::input_error{"carbon_clip", "--vocabulary", "the merges file of the checkpoint's tokenizer", "nothing"};
    if (s.checkpoint.empty() && !fs::exists(fs::path{s.images} / "train-images-idx3-ubyte.gz") &&
        !fs::exists(fs::path{s.images} / "train-images-idx3-ubyte"))
        throw vd::input_error{s.images, "", "the files of Fashion-MNIST (Debian: dataset-fashion-mnist)", "none"};
    // Nothing is made yet, so that wrong input leaves nothing behind: the nearest folder that is there must take new ones.
    auto there = fs::absolute(s.out);
    while (!there.empty() && !fs::exists(there)) there = there.parent_path();
    if (!fs::is_directory(there)) throw vd::file_error{s.out, "make the folder", there.string() + " is no folder"};
    if (access(there.c_str(), W_OK | X_OK) != 0) throw vd::file_error{s.out, "write to", std::generic_category().message(errno)};
    // A study that cannot be gone on with is refused before anything is trained.
    if (fs::exists(s.study())) (void)vd::sqlite_storage{s.study()};
}

void run(const settings& s) {
    check(s);
    if (s.threads > 0) at::set_num_threads(static_cast<int>(s.threads));
    nn::warn_about_slow_blas();
    if (s.checkpoint.empty()) {
        const auto b = fashion_bench(s);
        search_mode<small_co_design>(s, b);
        return;
    }
    search_mode<vd::spaces::clip_shares_co_design>(s, checkpoint_bench(s));
}

int complain(std::string text, int code) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::cerr << text << '\n';
    return code;
}

} // namespace

int main(int argc, char** argv) {
    settings s;
    CLI::App app{"Searches a pruned CLIP and an accelerator for it: accuracy against carbon, latency or energy."};
    app.add_option("--checkpoint", s.checkpoint, "an OpenCLIP checkpoint of a vision transformer of any size; without one a small CLIP is trained");
    app.add_option("--data", s.data, "a table with columns filepath and title, or webdataset shards");
    app.add_option("--vocabulary", s.vocabulary, "the merges file of the tokenizer, plain or .gz");
    app.add_flag("--quick-gelu", s.quick_gelu, "the checkpoint's activation is x sigmoid(1.702 x), as in OpenAI's models");
    app.add_option("--importance", s.importance, "a folder of rankings; without it they are measured");
    app.add_option("--fashion-mnist", s.images, "the folder of the images for the small CLIP")->capture_default_str();
    app.add_option("--metric", s.metric, "what is optimised beside accuracy")
        ->check(CLI::IsMember({"carbon", "latency", "energy", "all"}))
        ->capture_default_str();
    app.add_option("--trials", s.trials, "points to evaluate; more than a kept study has go on with it")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--seed", s.seed, "seed of everything")->capture_default_str();
    app.add_option("--train-steps", s.train_steps, "steps of training the small CLIP")->check(CLI::Range(1, 10'000'000))->capture_default_str();
    app.add_option("--fine-tune-epochs", s.fine_tune_epochs,
                   "epochs of fine-tuning, multiplied by how much smaller a model is (default: 0.12; 1 with --checkpoint)")
        ->check(CLI::PositiveNumber);
    app.add_option("--batch", s.batch, "pairs of a training step (default: 128; 64 with --checkpoint)")->check(CLI::Range(2, 100'000));
    app.add_option("--held-out", s.held_out, "of so many images one is kept to judge by, with --data")
        ->check(CLI::Range(2, 1000))
        ->capture_default_str();
    app.add_option("--accuracy-threshold", s.accuracy_threshold,
                   "accuracy that is of no use: of the reference point of the hypervolume (default: the mode's)")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--use-intensity", s.use_intensity, "carbon intensity of use: a place, a source, or g CO2e/kWh")->capture_default_str();
    app.add_option("--fab-intensity", s.fab_intensity, "carbon intensity of the fab, likewise")->capture_default_str();
    app.add_option("--inferences", s.inferences, "inferences in a device's life")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--threads", s.threads, "of LibTorch, 0 for one a processor")->check(CLI::Range(0, 1024))->capture_default_str();
    app.add_option("--out", s.out, "folder of results, kept models and studies")->capture_default_str();
    try {
        app.parse(argc, argv);
        run(s);
        return 0;
    } catch (const CLI::CallForHelp& help) { return app.exit(help); } catch (const CLI::ParseError& wrong) {
        return complain(std::string{"carbon_clip: "} + wrong.what(), 2);
    } catch (const vd::input_error& wrong) { return complain(wrong.what(), 2); } catch (const vd::file_error& wrong) {
        return complain(wrong.what(), 2);
    } catch (const std::exception& failure) { return complain(std::string{"carbon_clip: "} + failure.what(), 1); }
}
