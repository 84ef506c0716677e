// fuzz.make_seeds FOLDER: writes the seeds of the fuzz targets, `FOLDER/<target>/<name>`, with the library's own writers. tests/fuzz/seeds is what
// this wrote, plus inputs that once found an error, and forms that only other programs write.

#include <verdant/data/benchmark/benchmark_json.hpp>
#include <verdant/data/benchmark/benchmark_table.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/io/archive/deflate.hpp>
#include <verdant/io/archive/gzip.hpp>
#include <verdant/io/archive/tar_writer.hpp>
#include <verdant/io/archive/zip_writer.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/io/onnx/onnx_builder.hpp>
#include <verdant/io/tensor/npy.hpp>
#include <verdant/io/tensor/npz.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/optimizer/cma/cma_es.hpp>
#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/optimizer/evolution/moead.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/evolution/nsga3.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/evolution/sms_emoa.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/local_search.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/predictor/accuracy_json.hpp>
#include <verdant/predictor/accuracy_table.hpp>
#include <verdant/pruning/importance_csv.hpp>
#include <verdant/pruning/importance_json.hpp>
#include <verdant/search/search.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/distributed/job_messages.hpp>
#include <verdant/search/job.hpp>
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/study/sqlite_study.hpp>
#include <verdant/study/postgres/postgres_text.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/forest_json.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>
#include <verdant/surrogate/kernel/support_vector_json.hpp>
#include <verdant/workload/convnet/mobile_net_json.hpp>
#include <verdant/workload/convnet/residual_net_json.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/clip_json.hpp>

#include "../kept_study.hpp"
#include "../tools/moofa/whole_config.hpp"
#include "postgres_rows.hpp"

#include <jpeglib.h>
#include <png.h>
#if defined(VERDANT_WITH_WEBP)
#include <webp/encode.h>
#endif

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace io = verdant::io;
namespace fs = std::filesystem;

namespace {

struct resnet50 : verdant::spaces::ofa_resnet<> {};

fs::path root;

std::string path_of(const std::string& target, const std::string& name) {
    fs::create_directories(root / target);
    return (root / target / name).string();
}
void put(const std::string& target, const std::string& name, std::string_view content) { io::write_file(path_of(target, name), content); }
void put(const std::string& target, const std::string& name, const io::byte_vector& content) { put(target, name, io::as_text(content)); }

io::named_tensors tensors() {
    io::named_tensors out{"seed"};
    out.add("visual.weight", io::tensor_data::of<float>({2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6}));
    out.add("scale", io::tensor_data::of<double>({}, std::vector<double>{2.5}));
    out.add("steps", io::tensor_data::of<std::int64_t>({2}, std::vector<std::int64_t>{-1, 7}));
    return out;
}

io::byte_vector shade(std::size_t size) {
    io::byte_vector pixels(size);
    for (std::size_t i = 0; i < size; ++i) pixels[i] = static_cast<unsigned char>(i * 7);
    return pixels;
}

io::byte_vector jpeg(bool progressive, int components) {
    jpeg_compress_struct info;
    jpeg_error_mgr errors;
    info.err = ::jpeg_std_error(&errors);
    ::jpeg_create_compress(&info);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    ::jpeg_mem_dest(&info, &out, &size);
    info.image_width = info.image_height = 9;
    info.input_components = components;
    info.in_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
    ::jpeg_set_defaults(&info);
    if (progressive) ::jpeg_simple_progression(&info);
    ::jpeg_start_compress(&info, TRUE);
    auto row = shade(9 * static_cast<std::size_t>(components));
    for (int y = 0; y < 9; ++y) {
        JSAMPROW rows = row.data();
        ::jpeg_write_scanlines(&info, &rows, 1);
    }
    ::jpeg_finish_compress(&info);
    io::byte_vector content{out, out + size};
    ::jpeg_destroy_compress(&info);
    std::free(out);
    return content;
}

io::byte_vector png(std::uint32_t format, std::size_t bytes) {
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    header.width = 5;
    header.height = 4;
    header.format = format;
    const auto pixels = shade(20 * bytes);
    png_alloc_size_t size = 0;
    ::png_image_write_to_memory(&header, nullptr, &size, 0, pixels.data(), 0, nullptr);
    io::byte_vector out(size);
    ::png_image_write_to_memory(&header, out.data(), &size, 0, pixels.data(), 0, nullptr);
    return out;
}

io::byte_vector idx(std::vector<unsigned char> sizes, const io::byte_vector& content) {
    io::byte_vector out{0, 0, 8, static_cast<unsigned char>(sizes.size())};
    for (const auto s : sizes) out.insert(out.end(), {0, 0, 0, s});
    out.insert(out.end(), content.begin(), content.end());
    return out;
}

void archives() {
    io::tar_writer tar;
    tar.add("folder/one.jpg", jpeg(false, 3));
    tar.add("folder/one.txt", io::to_bytes("a photo of a cat"));
    tar.add("folder/" + std::string(120, 'n') + ".cls", io::to_bytes("7"));
    const auto archive = std::move(tar).finish();
    for (const auto* target : {"tar", "shards", "caption_shards"}) put(target, "plain.tar", archive);
    for (const auto* target : {"tar", "shards", "caption_shards"}) put(target, "packed.tar.gz", io::gzip(archive));
    put("gzip", "text.gz", io::gzip(io::to_bytes("some text, some text, some text")));
    io::byte_vector packed{2};
    const auto deflated = io::deflate_raw(io::to_bytes("twice the same, twice the same. "));
    packed.insert(packed.end(), deflated.begin(), deflated.end());
    put("inflate", "text", packed);
    io::zip_writer zip;
    zip.add("stored.txt", io::to_bytes("some text"), io::zip_writer::packing::stored);
    zip.add("packed.txt", io::to_bytes("some text, some text, some text"), io::zip_writer::packing::deflated, 64);
    put("zip", "two.zip", std::move(zip).finish());

    const auto all = tensors();
    for (const auto* target : {"npy", "tensor_file"}) put(target, "floats.npy", io::to_npy(all.at("visual.weight")));
    put("npy", "scalar.npy", io::to_npy(all.at("scale")));
    for (const auto* target : {"npz", "tensor_file"}) put(target, "all.npz", io::to_npz(all, io::zip_writer::packing::deflated));
    for (const auto* target : {"safetensors", "tensor_file"}) put(target, "all.safetensors", io::to_safetensors({all, {{"format", "pt"}}}));
    for (const auto* target : {"torch_checkpoint", "tensor_file"}) put(target, "all.pt", io::to_torch(all));
    put("torch_checkpoint", "training.pt", io::to_torch(all, "archive", "state_dict"));
    const auto keyed = [](unsigned char key, io::byte_vector content) {
        content.insert(content.begin(), key);
        return content;
    };
    put("weights_key", "plain", keyed(0, io::to_torch(all)));
    put("weights_key", "model", keyed(1, io::to_torch(all, "archive", "model")));
    put("weights_key", "state_dict", keyed(3, io::to_torch(all, "archive", "state_dict")));
    put("weights_index", "two.json", R"({"metadata": {"total_size": 8}, "weight_map": {"a": "model-1.safetensors", "b": "model-1.safetensors"}})");
    put("weights_index", "missing.json", R"({"weight_map": {"a": "x", "b": "x", "c": "y"}})");
    put("idx", "images", idx({2, 3, 2}, shade(12)));
    put("idx", "labels", idx({4}, {0, 1, 2, 9}));
    // The first byte says that the images are 10 sixteenths of the rest: 20 bytes of 32.
    auto pair = idx({2, 2, 1}, shade(4));
    const auto labels = idx({2}, {3, 9});
    pair.insert(pair.end(), labels.begin(), labels.end());
    pair.insert(pair.begin(), 10);
    put("mnist", "pair", pair);
    io::byte_vector records(2 * 3073, 100);
    records[0] = 3, records[3073] = 9;
    put("cifar10", "two.bin", records);
}

void pictures() {
    put("image", "colour.jpg", jpeg(false, 3));
    put("image", "progressive.jpg", jpeg(true, 3));
    put("image", "grey.jpg", jpeg(false, 1));
    put("image", "cmyk.jpg", jpeg(false, 4));
    put("image", "colour.png", png(PNG_FORMAT_RGB, 3));
    put("image", "transparent.png", png(PNG_FORMAT_RGBA, 4));
    put("image", "grey.png", png(PNG_FORMAT_GRAY, 1));
#if defined(VERDANT_WITH_WEBP)
    const auto pixels = shade(3 * 20);
    for (const bool lossless : {false, true}) {
        std::uint8_t* out = nullptr;
        const auto size = lossless ? WebPEncodeLosslessRGB(pixels.data(), 5, 4, 15, &out) : WebPEncodeRGB(pixels.data(), 5, 4, 15, 80, &out);
        put("image", lossless ? "exact.webp" : "lossy.webp", io::byte_vector{out, out + size});
        WebPFree(out);
    }
#endif
}

void texts() {
    put("csv", "quoted.csv", "a,b\n1,\"two, \"\"three\"\"\"\r\n,\n\"line\nbreak\",4\n");
    put("json", "nested.json", R"({"a": [1, -2.5e3, true, null, "\u00e9\n"], "b": {"c": {}}})");
    put("point_text", "all", R"(width=6 act="it's, \"so\"", rate=1e300 on=true depth=-2)");
    put("point_text", "short", "width=2,act=relu,rate=0.1,on=false");
    put("point_json", "all.json", R"({"width": 6, "act": "relu", "rate": 0.1, "on": true, "depth": 3})");
    put("yaml", "sections.yaml", "a: 3\nb: [1, 2.5, 3]\nc:\n  d: text\n  e: {f: true}\n");
    put("yaml", "anchors.yaml", "a: &x [1, 2]\nb: *x\nc: |\n  block\n  text\n");
    put("latency_yaml", "two.yaml",
        "Conv-input:8x8x3-output:4x4x8:\n  count: 12\n  mean: 0.25\n  std: 0.5\nLogits-input:1x1x8-output:10: {count: 3, mean: 1e-3, var: 2}\n");
    put("latency_csv", "two.csv",
        "resolution,key,count,mean_ms,std_ms\n160,Conv-input:8x8x3-output:4x4x8,12,0.25,0.5\n192,Logits-input:1x1x8-output:10,3,1e-3,0\n");
    put("latency_csv", "variance.csv", "key,count,mean_ms,var_ms2\na,1,2,3\n");
    put("captions", "two.tsv", "title\tfilepath\na photo of a cat\timages/1.jpg\n\"two, \"\"cats\"\"\"\t/data/2.png\n");
    put("merges", "five", "#version: 0.2\na b</w>\nc a\nca t</w>\nt h\nth e</w>\n");
    put("tokenizer", "caption", "The cat &amp; the \xc3\xa9t\xc3\xa9, 12 caf\xc3\xa9s <br> \xf0\x9f\x90\x88 it's");
    put("caption_cleaning", "caption", "  The  CAT &amp;amp; the\t\xc3\x89t\xc3\xa9, \xe1\xba\x9e \xc4\xb0 don't_stop! ");
    put("html", "entities", "&lt;b&gt; &amp;amp; &eacute;&notit; &#233; &#x1F408; &#0; &#x110000; &copy &;");
    put("dataset_list", "two", "# mine\n wds/a \r\n\nb\n");
    put("shard_paths", "ranges", "a/{08..11}-{x}{1..2}.tar::b.tar");
    put("intensity", "number", "475.5");
    put("intensity", "place", "grid.world");
    put("moofa_config", "whole.yaml", whole_config);
    put("moofa_config", "least.yaml", "args: {model: OFA, dataset: imagenet}\n");
}

void results() {
    io::benchmark_result one;
    one.dataset = "wds/x", one.model = "m", one.pretrained = "w", one.task = "zeroshot_classification", one.language = "en";
    one.metrics = {{"acc1", 0.5}, {"acc5", 0.75}};
    put("benchmark_json", "one.json", io::to_json(one).dump());
    put("benchmark_json", "python.json",
        R"({"dataset": "d", "model": "m", "pretrained": "p", "task": "t", "metrics": {"acc1": NaN, "acc5": -Infinity}, "language": "en"})");
    put("benchmark_table", "one.csv", io::csv_text(io::benchmark_table(std::vector{one})));
    for (const auto& part : verdant::supernet::importance_parts) {
        const auto text = verdant::supernet::detail::csv_header(part) + "\n" + verdant::supernet::detail::csv_row(part, {1, 2, {}}) + "\n";
        put("importance_csv", std::string{part.tower()} + (part.heads ? "_heads.csv" : "_blocks.csv"), text);
    }
    put("importance_json", "two.json", verdant::supernet::detail::ranking_text({{{0, 0.5}, {1, -2.0}}, {{1, 1e-5}}}));

    namespace spaces = verdant::spaces;
    namespace workload = verdant::workload;
    using space = spaces::moofa_v3;
    spaces::accuracy_record<space> record{spaces::smallest_arch<space>(), 0.75, 1000, 3};
    const std::vector records{record, {spaces::largest_arch<space>(), 0.875, 2000, 4}};
    spaces::write_accuracy_table<space>(path_of("accuracy_table", "two.csv"), records);
    spaces::write_accuracy_json<space>(path_of("accuracy_json", "two.dict"), records);
    put("mobile_net_json", "net.config", workload::to_json(spaces::net_of(space::family, spaces::smallest_arch<space>())).dump());
    put("residual_net_json", "net.config", workload::to_json(spaces::net_of(verdant::point<resnet50>{})).dump());
    put("clip_json", "base.json", workload::to_json(workload::clip_named("ViT-B-16")).dump());
    put("clip_json", "defaults.json", R"({"embed_dim": 512, "vision_cfg": {}, "text_cfg": {}})");
}

/// @param measured a study with questions and trials
void rows_of_postgres(const verdant::stored_study& measured) {
    put("postgres_rows", "study", postgres_rows::text_of(measured));
    // With all that may be there: a failed trial, an infinite value, pending trials, corrections, measurements at fidelities, consumption, texts that
    // are kept as bytes.
    auto full = kept::study();
    full.trials.resize(6);
    full.trials[2].metrics[1] = std::numeric_limits<double>::infinity();
    full.trials[3].message = std::string{"no \0 \t\n\\ text \xff", 15};
    full.trials[4].told = 5;
    full.trials[5].told = 4;
    full.description.options = {{"rate", "0.5"}};
    full.description.start_points = {"depth=2 act=relu on=false"};
    full.description.order = "as_completed";
    full.asks = {{0, 0, 6, 6, 0}};
    full.state.random = {1, 2, 3, 4};
    full.state.optimizer = std::string{"\0\1", 2};
    full.pending = {{6, full.trials[5].parameters}};
    full.corrections = {{0, 1, full.trials[0]}};
    full.evaluations = {
        {.number = 1, .fidelity = 0.5, .cost = 0.5, .status = "completed", .metrics = full.trials[1].metrics, .message = "", .times = full.trials[1].times}};
    full.consumption.push_back({.took = 90.0 * verdant::seconds{}, .processors = 2.0 * verdant::joules{}, .method = "RAPL", .runs = 1});
    put("postgres_rows", "everything", postgres_rows::text_of(full));
    using space = postgres_rows::net;
    using goals = postgres_rows::goals;
    const std::vector<verdant::job<space>> asked{{verdant::point<space>{}, 3, 77, 1, 0}};
    verdant::completed_job<goals> done;
    done.number = 3;
    done.outcome.failure = "no luck";
    done.outcome.reported.push_back({0.5, {}});
    const auto bytes = [](const verdant::message_bytes& b) { return verdant::detail::postgres::hexadecimal({reinterpret_cast<const char*>(b.data()), b.size()}); };
    std::string jobs;
    postgres_rows::write(jobs, "job", {"3", "12", bytes(verdant::write_jobs<space>(asked))});
    postgres_rows::write(jobs, "result", {"3", "2", bytes(verdant::write_completed<goals>(std::vector{done}))});
    postgres_rows::write(jobs, "result", {"4", "0", "\\x"});
    postgres_rows::write(jobs, "program", {"library", "verdant 0"});
    postgres_rows::write(jobs, "program", {"optimizer", "\\x00ff"});
    put("postgres_rows", "jobs", jobs);
}

// What came of two jobs, with what the worker consumed for them.
void messages() {
    using goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>;
    std::vector<verdant::completed_job<goals>> done(2);
    done[0].number = 5;
    done[0].outcome.times = {1, 2, 0};
    done[0].outcome.values = {0.5, 3.0 * verdant::milliseconds{}};
    done[0].outcome.reported = {{0.5, {0.25, 1.0 * verdant::milliseconds{}}}};
    done[1].number = 6;
    done[1].outcome.failure = "out of memory";
    verdant::worker_consumption used{.worker = "host 17"};
    used.used.took = 2.0 * verdant::seconds{};
    used.used.processors = 3.0 * verdant::joules{};
    used.used.memory = 0.5 * verdant::joules{};
    used.used.emitted = 0.25 * verdant::grams_co2e{};
    used.used.method = "processor time";
    used.scope = {.processors = "host/pid:[1]/1/17", .graphics = "GPU-1\nhost/card 1", .memory = "host"};
    put("job_messages", "metered.bin", verdant::write_completed<goals>(done, &used));
}

void studies() {
    struct small : verdant::space<verdant::param<"width", verdant::range<2, 12, 2>>, verdant::param<"depth", verdant::range<1, 9>>> {};
    using goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>;
    const auto saved = []<class Engine, class Goals = goals>(Engine one, std::size_t asked, Goals = {}) {
        verdant::random_stream random{1};
        std::vector<verdant::trial<small, Goals>> told;
        for (const auto& p : one.ask(random, asked)) {
            verdant::trial<small, Goals> t;
            t.number = told.size();
            t.point = p;
            t.objectives[0] = -static_cast<double>(p.template get<"width">());
            if constexpr (std::is_same_v<Goals, goals>) t.objectives[1] = static_cast<double>(p.template get<"depth">());
            told.push_back(t);
        }
        one.tell(told);
        return one.save();
    };
    put("saved_state", "nsga2", saved(verdant::nsga2<>::engine<small, goals>{{.population = 4}}, 6));
    put("saved_state", "nsga3", saved(verdant::nsga3<>::engine<small, goals>{{.divisions = 3}}, 6));
    put("saved_state", "moead", saved(verdant::moead<>::engine<small, goals>{{}}, 12));
    put("saved_state", "sms_emoa", saved(verdant::sms_emoa<>::engine<small, goals>{{.population = 4}}, 6));
    put("saved_state", "cma_es", saved(verdant::cma_es::engine<small, goals>{{}}, 12));
    put("saved_state", "archive_evolution", saved(verdant::archive_evolution<>::engine<small, goals>{{}}, 12));
    put("saved_state", "local_search", saved(verdant::local_search::engine<small, goals>{{}}, 12));
    put("saved_state", "exhaustive_search", saved(verdant::exhaustive_search::engine<small, goals>{{}}, 12));
    using one_goal = verdant::goals<verdant::maximize<verdant::accuracy>>;
    put("saved_state", "regularized_evolution", saved(verdant::regularized_evolution<>::engine<small, one_goal>{{}}, 12, one_goal{}));
    put("saved_state", "reinforce", saved(verdant::reinforce<>::engine<small, one_goal>{{.embedding = 2, .hidden = 2}}, 12, one_goal{}));

    const auto measure = [](const verdant::point<small>& p) -> verdant::metrics<verdant::accuracy, verdant::latency> {
        return {0.01 * static_cast<double>(p.get<"width">()), static_cast<double>(p.get<"depth">()) * verdant::milliseconds{}};
    };
    const auto file = path_of("sqlite_study", "six.db");
    for (const auto* rest : {"", "-wal", "-shm", "-lock"}) fs::remove(file + rest);
    verdant::search<small, verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>, verdant::nsga2<>>{measure}.run(
        {.trials = 6, .seed = 1, .optimizer = {.population = 4}}, verdant::sqlite_storage{file});
    rows_of_postgres(verdant::read_sqlite_study(file));
}

void forests() {
    verdant::surrogate::regression_tree t, one;
    t.add_leaf(0);
    t.split(0, 1, 0.5F, verdant::surrogate::missing_side::left);
    t.split(2, 0, 1.5F, verdant::surrogate::missing_side::right);
    t.value = {0, -1, 0, 0.25F, 2};
    one.add_leaf(3);
    const verdant::surrogate::xgboost_model model{verdant::surrogate::boosted_trees{2, 0.5F, {t, one}}, "reg:squarederror", {{"best_iteration", "1"}}, {"a", "b"}, {}};
    put("xgboost_json", "two.json", verdant::surrogate::xgboost_json(model));
    put("model_file", "boosted.json", verdant::surrogate::xgboost_json(model));
    verdant::surrogate::forest_tree stump;
    stump.add_leaf(0);
    stump.split(0, 1, 0.5, verdant::surrogate::missing_side::right);
    stump.value = {0, 1.5, 2};
    put("model_file", "forest.json", verdant::surrogate::forest_json(verdant::surrogate::tree_forest{2, {stump, stump}}).dump());
    const std::vector<float> vectors{0, 1, 2, 0};
    put("model_file", "support_vectors.json", verdant::surrogate::support_vectors_json(verdant::surrogate::support_vector_regressor{{}, {vectors, 2}, {0.5, -1}, 3}).dump());
    put("xgboost_ubjson", "two.ubj", verdant::surrogate::xgboost_ubjson(model));
}

/// A convolution and what follows it, and the operators of attention.
void networks() {
    using integers = std::vector<std::int64_t>;
    const auto write = [](const std::string& name, io::onnx_builder b) { put("onnx", name, std::move(b).finish().SerializeAsString()); };
    io::onnx_builder convolution{"convolution", 10};
    const auto kernel = convolution.weight("w", io::tensor_data::of({2, 3, 3, 3}, std::vector<float>(54, 0.5F)));
    auto x = convolution.node("Conv", "conv", {convolution.input("x", {3, 8, 8}), kernel},
                              {{"strides", integers{2, 2}}, {"pads", integers{1, 1, 1, 1}}, {"group", std::int64_t{1}}});
    x = convolution.node("Clip", "clip", {x}, {{"min", 0.0F}, {"max", 6.0F}});
    convolution.output(convolution.node("GlobalAveragePool", "mean", {x}), {2, 1, 1});
    write("convolution.onnx", std::move(convolution));

    io::onnx_builder attention{"attention", 17, 0};
    const auto weight = attention.weight("w", io::tensor_data::of({6, 4}, std::vector<float>(24, 0.5F)));
    x = attention.node("MatMul", "matmul", {attention.input("x", {4, 6}), weight});
    x = attention.node("Reshape", "heads", {x, attention.integers("shape", {0, -1, 2, 2})});
    x = attention.node("Transpose", "turned", {x}, {{"perm", integers{0, 2, 1, 3}}});
    x = attention.node("Softmax", "softmax", {x}, {{"axis", std::int64_t{-1}}});
    attention.output(attention.node("ReduceMean", "mean", {x}, {{"axes", integers{1}}, {"keepdims", std::int64_t{0}}}), {4, 2});
    write("attention.onnx", std::move(attention));
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::printf("usage: fuzz.make_seeds FOLDER\n");
        return 2;
    }
    root = arguments[1];
    archives();
    pictures();
    texts();
    results();
    messages();
    studies();
    forests();
    networks();
}
