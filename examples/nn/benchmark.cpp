// Judges a CLIP on a folder of shards, step by step: features once, then a task after the other; results to one table and their averages.

#include <verdant/data/benchmark/benchmark_table.hpp>
#include <verdant/data/benchmark/shard_dataset.hpp>
#include <verdant/io/archive/tar_writer.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/nn/evaluate/benchmark.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/tokenizer/bpe_training.hpp>
#include <verdant/tokenizer/tokenizer.hpp>

#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <unistd.h>

namespace vd = verdant;
namespace io = verdant::io;
namespace nn = verdant::nn;

// A shard of 40 pictures of four shades. To keep the example short, a picture is one byte, and so the decoder below is one line.
void write_shard(const std::string& folder) {
    io::tar_writer tar;
    for (std::size_t i = 0; i < 40; ++i) {
        const auto key = "s" + std::to_string(100 + i);
        const auto shade = static_cast<unsigned char>(60 * (i % 4) + i);
        tar.add(key + ".png", io::byte_vector{shade});
        tar.add(key + ".cls", io::to_bytes(std::to_string(i % 4)));
    }
    io::write_file(folder + "/0.tar", io::as_text(std::move(tar).finish()));
    io::write_file(folder + "/classnames.txt", "black\ngrey\nsilver\nwhite\n");
}

int main() {
    const auto folder = (std::filesystem::temp_directory_path() / ("verdant-shades-" + std::to_string(getpid()))).string();
    std::filesystem::create_directory(folder);
    write_shard(folder);

    const io::clip_tokenizer tokenizer{io::train_merges(std::vector<std::string>{"a photo of a black shade", "a photo of a white shade"}, 20),
                                       {.context_length = 12}};
    const vd::workload::clip_config config{.text = {2, 32, 128, 4, 8},
                                           .vision = {2, 32, 128, 4, 8},
                                           .patch = 4,
                                           .joint = 32,
                                           .image = 8,
                                           .context = 12,
                                           .vocabulary = static_cast<int>(tokenizer.vocabulary_size()),
                                           .nonlinearity = vd::workload::activation::gelu};
    const auto model = nn::random_clip(config, 3);
    const auto pixels = [](std::span<const io::evaluation_sample> samples) {
        std::vector<float> out;
        for (const auto& s : samples) out.insert(out.end(), 3 * 8 * 8, static_cast<float>(s.picture.front()) / 100 - 1);
        return out;
    };

    // [tasks]
    io::shard_dataset data{folder};
    const auto row = [&](const std::string& text) { return tokenizer.row(text); };
    const auto features = nn::features_of(model, [&] { return data.next(); }, pixels, row);

    const auto classifier = nn::classifier_of(model, data.class_names(), {"a photo of a {c} shade"}, row);
    const auto zero_shot = nn::zeroshot_classification(features, classifier);
    const auto probe = nn::linear_probe_metrics_of(features, features, 4, {.epochs = 40, .fewshot_k = 5, .seed = 1});
    // [/tasks]
    std::filesystem::remove_all(folder);
    for (const auto& [name, value] : zero_shot) std::printf("%s %.2f\n", name.c_str(), value);
    std::printf("%s %s\n", probe.front().first.c_str(), probe.front().second > 0.75 ? "above 0.75" : "not above 0.75");

    // [table]
    const std::vector<io::benchmark_result> results{{.dataset = "wds/pets",
                                                     .model = "ViT-B-16",
                                                     .pretrained = "pruned",
                                                     .task = "zeroshot_classification",
                                                     .metrics = {{"acc1", 0.5}, {"acc5", 0.75}}},
                                                    {.dataset = "wds/flickr8k",
                                                     .model = "ViT-B-16",
                                                     .pretrained = "pruned",
                                                     .task = "zeroshot_retrieval",
                                                     .metrics = {{"image_retrieval_recall@1", 0.25}, {"text_retrieval_recall@1", 0.5}}}};
    std::printf("%s", io::csv_text(io::benchmark_table(results)).c_str());
    const auto means = io::average(results);
    std::printf("%s%s", io::csv_text(means.by_model).c_str(), io::csv_text(means.by_dataset).c_str());
    // [/table]
}
