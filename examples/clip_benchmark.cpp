// Judges a CLIP, pruned or not, on many data sets: zero-shot classification, retrieval, linear probes (the benchmark of CarbonNAAS, with the
// file formats of LAION-AI/CLIP_benchmark). `eval` writes a JSON file for each run, `build` one table of them, `average` their means,
// `demo` a tiny model and tiny data sets to try all that with.

#include <verdant/io/benchmark_datasets.hpp>
#include <verdant/io/benchmark_json.hpp>
#include <verdant/io/benchmark_table.hpp>
#include <verdant/io/bpe_training.hpp>
#include <verdant/io/merges_file.hpp>
#include <verdant/io/preprocess_batch.hpp>
#include <verdant/io/safetensors.hpp>
#include <verdant/io/shard_dataset.hpp>
#include <verdant/io/tar_writer.hpp>
#include <verdant/io/tensor_file.hpp>
#include <verdant/io/tokenizer.hpp>
#include <verdant/nn/autocast.hpp>
#include <verdant/nn/benchmark.hpp>
#include <verdant/nn/clip_init.hpp>
#include <verdant/nn/clip_size.hpp>
#include <verdant/nn/clip_state.hpp>
#include <verdant/search/report.hpp>
#include <verdant/search/thread_pool.hpp>
#include <verdant/supernet/importance_json.hpp>
#include <verdant/supernet/prune.hpp>
#include <verdant/workload/clip_configs.hpp>
#include <verdant/workload/clip_json.hpp>

#include <CLI/CLI.hpp>
#include <png.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace {

namespace vd = verdant;
namespace io = verdant::io;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

struct eval_settings {
    std::vector<std::string> datasets{"carbonnaas"}, tasks{"auto"}, languages{"en"};
    std::string root = "{dataset_cleaned}", split = "test", train_split = "train", validation_split;
    double validation_share = 0;
    std::string model = "ViT-B-16", pretrained, activation = "model", save_name, load_checkpoint, importance, vocabulary;
    vd::workload::tower text{.layers = 0, .width = 0, .ffn = 0, .heads = 0}, vision = text; // 0: as the model has it
    std::vector<std::int64_t> recall_k{1};
    std::int64_t batch = 64;
    std::uint64_t seed = 0;
    nn::linear_probe_options probe;
    std::string output = "{dataset}_{pretrained}_{model}_{language}_{task}.json";
    bool skip_existing = false, distributed = false, dump_classnames = false, dump_templates = false;
    std::string device = "cpu", precision = "fp32";
    unsigned threads = 0;
};

// One task on one data set, decided upon before anything is computed.
struct planned_run {
    std::string dataset, root, task, language, output;
};

// The last part of a path, which a file name can hold.
std::string slug(const std::string& name) {
    const auto file = fs::path{name}.filename().string();
    return io::with_replaced(fs::exists(name) && !file.empty() ? file : name, '/', '_');
}

std::vector<std::string> dataset_names(const std::vector<std::string>& asked) {
    std::vector<std::string> out;
    for (const auto& name : asked) {
        auto several = io::dataset_collection(name);
        if (several.empty() && fs::is_regular_file(name)) several = io::parse_dataset_list(io::read_file(name), name);
        if (several.empty()) several.push_back(name);
        out.insert(out.end(), several.begin(), several.end());
    }
    return out;
}

// What is to be done, and whether it can be.
planned_run plan(const eval_settings& s, const std::string& dataset, const std::string& asked_task, const std::string& language) {
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

// A number that a launcher gives to its processes.
std::optional<std::uint64_t> launched(std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const char* text = std::getenv(name)) {
            const std::string_view digits{text};
            std::uint64_t value = 0;
            const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
            if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || digits.empty())
                throw vd::input_error{"environment", name, "a whole number", "'" + std::string{digits} + "'"};
            return value;
        }
    return std::nullopt;
}

// Every process gets each world-th of the shuffled runs.
std::vector<planned_run> share_of_this_process(std::vector<planned_run> runs, std::uint64_t seed) {
    const auto rank = launched({"OMPI_COMM_WORLD_RANK", "SLURM_PROCID", "RANK"}),
               world = launched({"OMPI_COMM_WORLD_SIZE", "SLURM_NTASKS", "WORLD_SIZE"});
    if (!rank || !world || *rank >= *world)
        throw vd::input_error{
            "--distributed", "",
            "a rank below the number of processes in OMPI_COMM_WORLD_RANK and _SIZE, SLURM_PROCID and SLURM_NTASKS, or RANK and WORLD_SIZE",
            !rank || !world ? "none" : "rank " + std::to_string(*rank) + " of " + std::to_string(*world)};
    vd::random_stream stream{seed};
    stream.shuffle(std::span{runs});
    std::vector<planned_run> out;
    for (std::size_t i = 0; i < runs.size(); ++i)
        if (i % *world == *rank) out.push_back(std::move(runs[i]));
    return out;
}

at::Device device_of(const std::string& name) {
    if (name == "cpu") return at::kCPU;
    int index = name == "cuda" ? 0 : -1;
    if (name.starts_with("cuda:")) std::from_chars(name.data() + 5, name.data() + name.size(), index);
    if (index < 0 || (name != "cuda" && name != "cuda:" + std::to_string(index)))
        throw vd::input_error{"--device", "", "cpu, cuda or cuda:<number>", "'" + name + "'"};
    if (const int there = nn::cuda_devices(); index >= there)
        throw vd::input_error{"--device", "", "a graphics card " + name, std::to_string(there) + " that LibTorch can use"};
    return {at::kCUDA, static_cast<at::DeviceIndex>(index)};
}

// The model that the options describe: the weights of --pretrained, pruned where a dimension is given, then those of --load-checkpoint.
nn::clip_model load_model(const eval_settings& s) {
    auto base = fs::is_regular_file(s.model) ? vd::workload::read_clip_json(s.model) : vd::workload::clip_named(s.model);
    if (s.activation != "model") base.nonlinearity = s.activation == "gelu" ? vd::workload::activation::gelu : vd::workload::activation::quick_gelu;
    auto m = nn::load_clip(io::read_tensors(s.pretrained),
                           {.text_head_width = base.text.head_width, .vision_head_width = base.vision.head_width, .nonlinearity = base.nonlinearity});
    auto target = nn::config_of(m);
    const auto before = target;
    const auto override_with = [](vd::workload::tower& t, const vd::workload::tower& asked) {
        for (const auto member : {&vd::workload::tower::layers, &vd::workload::tower::width, &vd::workload::tower::ffn, &vd::workload::tower::heads})
            if (asked.*member > 0) t.*member = asked.*member;
    };
    override_with(target.text, s.text);
    override_with(target.vision, s.vision);
    if (target != before) {
        if (s.importance.empty()) throw vd::input_error{"--importance", "", "the folder of the rankings by which to prune", "nothing"};
        m = vd::supernet::prune(m, vd::supernet::read_importance(s.importance), target, {.seed = s.seed});
    }
    if (!s.load_checkpoint.empty()) m = nn::load_clip(io::read_tensors(s.load_checkpoint), nn::config_of(m));
    return m;
}

class token_reader {
public:
    token_reader(const std::string& file, const vd::workload::clip_config& c)
        : tokenizer_{io::read_merges(file), {.context_length = static_cast<std::size_t>(c.context)}} {
        if (tokenizer_.vocabulary_size() != static_cast<std::size_t>(c.vocabulary))
            throw vd::input_error{file, "", "the model's " + std::to_string(c.vocabulary) + " tokens", std::to_string(tokenizer_.vocabulary_size())};
    }
    std::vector<io::clip_tokenizer::id> operator()(const std::string& text) const { return tokenizer_.row(text); }

private:
    io::clip_tokenizer tokenizer_;
};

// Features of the data set at hand, each split once whatever the tasks.
template <class Precision>
class evaluation {
public:
    explicit evaluation(const eval_settings& s)
        : settings_{s}, model_{nn::to(load_model(s), device_of(s.device), at::kFloat)}, row_{s.vocabulary, nn::config_of(model_)},
          threads_{s.threads} {}

    nn::named_metrics operator()(const planned_run& run) {
        if (root_ != run.root) features_.clear();
        root_ = run.root;
        if (run.task == "zeroshot_retrieval") return nn::zeroshot_retrieval(features(settings_.split), settings_.recall_k);
        if (run.task == "image_caption_selection") return nn::image_caption_selection(features(settings_.split));
        if (run.task == "linear_probe") return probe();
        const io::shard_dataset data{root_, settings_.split};
        return nn::zeroshot_classification(features(settings_.split),
                                           nn::classifier_of<Precision>(model_, data.class_names(), templates_of(data), row_));
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
        const auto pixels = [&](std::span<const io::evaluation_sample> samples) { return io::preprocess_batch(threads_, samples, how); };
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

    const eval_settings& settings_;
    nn::clip_model model_;
    token_reader row_;
    vd::thread_pool threads_;
    std::string root_;
    std::map<std::string, nn::dataset_features> features_;
};

// Makes the folder that a file is to lie in.
void make_folder_of(const std::string& file) {
    const auto folder = fs::path{file}.parent_path();
    std::error_code failure;
    if (!folder.empty()) fs::create_directories(folder, failure);
    if (failure) throw vd::file_error{folder.string(), "make the folder", failure.message()};
}

template <class Precision>
void evaluate(const eval_settings& s, const std::vector<planned_run>& runs) {
    evaluation<Precision> metrics_of{s};
    for (const auto& run : runs) {
        io::benchmark_result result{.dataset = run.dataset,
                                    .model = s.save_name.empty() ? s.model : s.save_name,
                                    .pretrained = s.pretrained,
                                    .task = run.task,
                                    .language = run.language,
                                    .metrics = metrics_of(run)};
        if (run.task == "zeroshot_classification") {
            const io::shard_dataset data{run.root, s.split};
            if (s.dump_classnames) result.class_names = data.class_names();
            if (s.dump_templates) result.templates = evaluation<Precision>::templates_of(data);
        }
        make_folder_of(run.output);
        io::write_benchmark_result(run.output, result);
        std::cout << run.dataset << ' ' << run.task << ':';
        for (const auto& [name, value] : result.metrics) std::cout << ' ' << name << ' ' << vd::rounded_text(value, 4);
        std::cout << std::endl; // runs are long: each is seen as it ends
    }
}

void run_eval(const eval_settings& s) {
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
    if (runs.empty()) return;
    if (s.precision == "amp") evaluate<nn::amp>(s, runs);
    else if (s.precision == "amp_bf16") evaluate<nn::amp_bf16>(s, runs);
    else evaluate<nn::fp32>(s, runs);
}

// Results of JSON files and of tables that `build` wrote.
std::vector<io::benchmark_result> read_results(const std::vector<std::string>& files) {
    std::vector<io::benchmark_result> out;
    for (const auto& file : files) {
        if (!file.ends_with(".csv")) {
            out.push_back(io::read_benchmark_result(file));
            continue;
        }
        auto several = io::results_of(io::read_csv(file));
        out.insert(out.end(), std::make_move_iterator(several.begin()), std::make_move_iterator(several.end()));
    }
    return out;
}

void run_build(const std::vector<std::string>& files, const std::string& output) {
    const auto table = io::benchmark_table(read_results(files));
    make_folder_of(output);
    io::write_file(output, io::csv_text(table));
    std::cout << table.rows.size() << " results in " << output << '\n';
}

void run_average(const std::vector<std::string>& files, const std::string& folder) {
    const auto found = io::average(read_results(files));
    if (found.by_model.rows.empty())
        throw vd::input_error{files.front(), "metrics", "acc1, both recall@1 or mean_average_precision in some result", "none"};
    const auto show = [](const char* title, const io::csv_table& table) {
        vd::report rounded{table.columns, table.rows};
        for (auto& row : rounded.rows)
            for (auto& field : row) {
                double value = 0;
                const auto read = std::from_chars(field.data(), field.data() + field.size(), value);
                if (read.ec == std::errc{} && read.ptr == field.data() + field.size()) field = vd::rounded_text(value, 4);
            }
        std::cout << title << '\n' << vd::table_text(rounded) << '\n';
    };
    show("by model", found.by_model);
    show("by model and task", found.by_model_and_task);
    show("by model and data set", found.by_dataset);
    if (folder.empty()) return;
    make_folder_of(folder + "/by_model.csv");
    io::write_file(folder + "/by_model.csv", io::csv_text(found.by_model));
    io::write_file(folder + "/by_model_and_task.csv", io::csv_text(found.by_model_and_task));
    io::write_file(folder + "/by_dataset.csv", io::csv_text(found.by_dataset));
}

// A square of one colour with some noise, as a PNG file.
io::byte_vector demo_picture(std::size_t colour, vd::random_stream& noise) {
    constexpr unsigned side = 20;
    constexpr unsigned char palette[6][3] = {{220, 30, 30}, {30, 200, 40}, {40, 60, 220}, {220, 210, 40}, {240, 240, 240}, {20, 20, 20}};
    std::vector<unsigned char> pixels;
    for (unsigned i = 0; i < side * side; ++i)
        for (const auto base : palette[colour])
            pixels.push_back(static_cast<unsigned char>(std::clamp(static_cast<int>(base) + static_cast<int>(noise.below(41)) - 20, 0, 255)));
    png_image picture{};
    picture.version = PNG_IMAGE_VERSION;
    picture.width = picture.height = side;
    picture.format = PNG_FORMAT_RGB;
    png_alloc_size_t size = 0;
    io::byte_vector out(4 * pixels.size() + 4096);
    size = out.size();
    if (png_image_write_to_memory(&picture, out.data(), &size, 0, pixels.data(), 0, nullptr) == 0) throw vd::error{"libpng cannot write a picture"};
    out.resize(size);
    return out;
}

// A tiny CLIP with random weights, its vocabulary and rankings, and three tiny data sets: wds/colours, wds/colours_multilabel, wds/colours_captions.
void run_demo(const std::string& folder, std::uint64_t seed) {
    const std::vector<std::string> colours{"red", "green", "blue", "yellow", "white", "black"};
    const auto put = [&folder](const std::string& name, std::string_view text) {
        make_folder_of(folder + "/" + name);
        io::write_file(folder + "/" + name, text);
    };
    std::vector<std::string> captions;
    for (const auto& colour : colours) captions.insert(captions.end(), {"a photo of a " + colour + " square.", "something " + colour});
    const auto merges = io::train_merges(captions, 60);
    put("vocabulary.txt", io::merges_text(merges));
    const vd::workload::clip_config config{.text = {4, 32, 128, 4, 8},
                                           .vision = {4, 48, 192, 6, 8},
                                           .patch = 4,
                                           .joint = 32,
                                           .image = 16,
                                           .context = 16,
                                           .vocabulary = static_cast<int>(io::clip_tokenizer{merges}.vocabulary_size()),
                                           .nonlinearity = vd::workload::activation::gelu};
    put("model.json", vd::workload::to_json(config).dump(1));
    io::write_safetensors(folder + "/weights.safetensors", nn::state_of(nn::random_clip(config, seed)));
    const auto in_order = [](int layers, int units) {
        std::vector<vd::supernet::layer_importance> out(static_cast<std::size_t>(layers));
        for (auto& layer : out)
            for (int i = 0; i < units; ++i) layer.push_back({units - 1 - i, 1.0 - 0.01 * i});
        return out;
    };
    make_folder_of(folder + "/importance/x");
    vd::supernet::write_importance(folder + "/importance", {.text = {.ffn = in_order(4, 8), .heads = in_order(4, 4)},
                                                            .vision = {.ffn = in_order(4, 8), .heads = in_order(4, 6)}});

    auto noise = vd::random_stream::derive(seed, 1);
    const auto key = [](std::size_t i) { return "s" + std::to_string(1000 + i); };
    const auto text = [](const std::string& s) { return io::to_bytes(s); };
    std::string names;
    for (const auto& colour : colours) names += colour + " square\n";
    for (const std::string split : {"test", "train"}) {
        io::tar_writer shards[2];
        for (std::size_t i = 0; i < 72; ++i) {
            shards[i % 2].add(key(i) + ".png", demo_picture(i % 6, noise));
            shards[i % 2].add(key(i) + ".cls", text(std::to_string(i % 6)));
        }
        for (int i = 0; i < 2; ++i) put("data/colours/" + split + "/" + std::to_string(i) + ".tar", io::as_text(std::move(shards[i]).finish()));
        put("data/colours/" + split + "/nshards.txt", "2\n");
    }
    put("data/colours/classnames.txt", names);
    put("data/colours/zeroshot_classification_templates.txt", "a photo of a {c}.\nsomething {c}\n");
    io::tar_writer several, pairs;
    for (std::size_t i = 0; i < 24; ++i) {
        std::vector<std::uint8_t> labels(6);
        labels[i % 6] = labels[(i % 6 + 1) % 6] = 1;
        several.add(key(i) + ".png", demo_picture(i % 6, noise));
        several.add(key(i) + ".npy", io::to_npy(io::tensor_data::of<std::uint8_t>({6}, labels)));
        pairs.add(key(i) + ".png", demo_picture(i % 6, noise));
        pairs.add(key(i) + ".txt", text("a photo of a " + colours[i % 6] + " square.\nsomething " + colours[(i + 1) % 6] + "\n"));
    }
    put("data/colours_multilabel/0.tar", io::as_text(std::move(several).finish()));
    put("data/colours_multilabel/dataset_type.txt", "multilabel\n");
    put("data/colours_multilabel/classnames.txt", names);
    put("data/colours_captions/test/0.tar", io::as_text(std::move(pairs).finish()));
    put("data/colours_captions/test/nshards.txt", "1\n");
    put("data/colours_captions/dataset_type.txt", "retrieval\n");
    std::cout << "in " << folder << ": model.json weights.safetensors vocabulary.txt importance data\n";
}

// A whole number in a range, or a complaint.
CLI::Validator whole(std::int64_t low, std::int64_t high) {
    return {[=](const std::string& text) {
                std::int64_t value = 0;
                const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
                if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && value >= low && value <= high) return std::string{};
                return "expected a whole number from " + std::to_string(low) + " to " + std::to_string(high) + ", found '" + text + '\'';
            },
            ""};
}

// The same of any number; NaN is in no range.
CLI::Validator number(double low, double high) {
    return {[=](const std::string& text) {
                double value = 0;
                const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
                if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && value >= low && value <= high) return std::string{};
                return "expected a number from " + vd::rounded_text(low) + " to " + vd::rounded_text(high) + ", found '" + text + '\'';
            },
            ""};
}

void add_eval_options(CLI::App& eval, eval_settings& s) {
    constexpr int most = 1 << 20;
    eval.add_option("--dataset", s.datasets, "data sets: names, carbonnaas (all 40), retrieval, imagenet, vtab, or text files with one name a line")
        ->capture_default_str();
    eval.add_option("--dataset_root", s.root, "folder of a data set; {dataset} is its name without wds/, {dataset_cleaned} the same with - for /")
        ->capture_default_str();
    eval.add_option("--split", s.split, "what models are judged on")->capture_default_str();
    eval.add_option("--train_split", s.train_split, "what linear probes are trained on")->capture_default_str();
    auto* const validation = eval.add_option("--val_split", s.validation_split, "what chooses their weight decay; without, it is 0");
    eval.add_option("--val_proportion", s.validation_share, "this share of the training split instead")->check(number(0, 0.9))->excludes(validation);
    eval.add_option("--model", s.model, "architecture: ViT-B-16, ..., or a JSON file as OpenCLIP has them")->capture_default_str();
    eval.add_option("--pretrained", s.pretrained, "checkpoint: PyTorch or safetensors, pruned or not")->required();
    eval.add_option("--activation", s.activation, "of the checkpoint: that of --model, or another")
        ->check(CLI::IsMember({"model", "gelu", "quick_gelu"}))
        ->capture_default_str();
    eval.add_option("--vocabulary", s.vocabulary, "merges of the tokenizer, such as bpe_simple_vocab_16e6.txt.gz")->required();
    for (auto [name, tower] : {std::pair{"text", &s.text}, std::pair{"vision", &s.vision}})
        for (auto [what, member] : {std::pair{"layers", &vd::workload::tower::layers}, std::pair{"width", &vd::workload::tower::width},
                                    std::pair{"ffn", &vd::workload::tower::ffn}, std::pair{"heads", &vd::workload::tower::heads}})
            eval.add_option(std::string{"--"} + name + "-" + what, tower->*member, std::string{"prune the "} + name + " tower to that")
                ->check(whole(1, most));
    eval.add_option("--importance", s.importance, "folder of the rankings to prune by");
    eval.add_option("--load-checkpoint", s.load_checkpoint, "weights for the pruned model");
    eval.add_option("--save-model-name", s.save_name, "what results call the model instead of --model");
    eval.add_option("--task", s.tasks, "what to measure; auto: what the data set is made for")
        ->check(CLI::IsMember({"auto", "zeroshot_classification", "zeroshot_retrieval", "linear_probe", "image_caption_selection", "captioning"}))
        ->capture_default_str();
    eval.add_option("--recall_k", s.recall_k, "of retrieval")->check(whole(1, most))->capture_default_str();
    eval.add_option("--batch_size", s.batch)->check(whole(1, most))->capture_default_str();
    eval.add_option("--seed", s.seed, "of linear probes, of pruning and of the order with --distributed")
        ->check(whole(0, INT64_MAX))
        ->capture_default_str();
    eval.add_option("--fewshot_k", s.probe.fewshot_k, "samples of each class that probes are trained on; -1 for all")
        ->check(whole(-1, most))
        ->capture_default_str();
    eval.add_option("--fewshot_epochs", s.probe.epochs, "of linear probes")->check(whole(1, most))->capture_default_str();
    eval.add_option("--fewshot_lr", s.probe.learning_rate, "of linear probes")->check(number(1e-12, 1e6))->capture_default_str();
    eval.add_option("--language", s.languages, "of class names and captions, for the record")->capture_default_str();
    eval.add_option("--output", s.output, "a file for each run; {model} {pretrained} {dataset} {language} {task}")->capture_default_str();
    eval.add_flag("--skip_existing", s.skip_existing, "leave out runs whose file is there");
    eval.add_flag("--distributed", s.distributed, "do this process' share of the runs, by its rank under mpirun, srun or torchrun");
    eval.add_flag("--dump_classnames", s.dump_classnames, "record class names in the results");
    eval.add_flag("--dump_templates", s.dump_templates, "record prompt templates in the results");
    eval.add_option("--device", s.device, "cpu, cuda, cuda:1, ...")->capture_default_str();
    eval.add_option("--precision", s.precision)->check(CLI::IsMember({"fp32", "amp", "amp_bf16"}))->capture_default_str();
    eval.add_option("--threads", s.threads, "that decode pictures, 0 for one a processor")->check(whole(0, 1024))->capture_default_str();
}

// One line on stderr, whatever the message holds.
int complain(std::string text, int code) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::cerr << text << '\n';
    return code;
}

} // namespace

int main(int argc, char** argv) {
    eval_settings s;
    std::vector<std::string> built, averaged;
    std::string table = "benchmark.csv", averages, demo_folder;
    std::uint64_t demo_seed = 1;
    CLI::App app{"Judges a CLIP, pruned or not, on many data sets."};
    app.require_subcommand(1);
    auto* const eval = app.add_subcommand("eval", "run tasks on data sets, one JSON file for each");
    add_eval_options(*eval, s);
    auto* const build = app.add_subcommand("build", "make one CSV table of result files");
    build->add_option("files", built, "JSON files, or tables")->required();
    build->add_option("--output", table, "the table")->capture_default_str();
    auto* const average = app.add_subcommand("average", "average results by model, by task, by data set");
    average->add_option("files", averaged, "JSON files, or tables")->required();
    average->add_option("--output", averages, "folder for by_model.csv, by_model_and_task.csv and by_dataset.csv");
    auto* const demo = app.add_subcommand("demo", "write a tiny model and tiny data sets to try the others with");
    demo->add_option("folder", demo_folder, "where")->required();
    demo->add_option("--seed", demo_seed)->check(whole(0, INT64_MAX))->capture_default_str();
    try {
        app.parse(argc, argv);
        if (s.probe.fewshot_k == 0) throw vd::input_error{"--fewshot_k", "", "-1 or a number above 0", "'0'"};
        if (eval->parsed()) run_eval(s);
        if (build->parsed()) run_build(built, table);
        if (average->parsed()) run_average(averaged, averages);
        if (demo->parsed()) run_demo(demo_folder, demo_seed);
        return 0;
    } catch (const CLI::CallForHelp& help) { return app.exit(help); } catch (const CLI::CallForAllHelp& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& wrong) {
        return complain(std::string{"clip_benchmark: "} + wrong.what(), 2);
    } catch (const vd::input_error& wrong) { return complain(wrong.what(), 2); } catch (const vd::file_error& wrong) {
        return complain(wrong.what(), 2);
    } catch (const std::exception& failure) { return complain(std::string{"clip_benchmark: "} + failure.what(), 1); }
}
