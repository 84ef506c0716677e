// `clip_benchmark demo`: a tiny model and tiny data sets to try the other commands with.
#pragma once

#include "files.hpp"

#include <verdant/error.hpp>
#include <verdant/io/archive/tar_writer.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/tensor/npy.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/pruning/importance_json.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/tokenizer/bpe_training.hpp>
#include <verdant/tokenizer/merges_file.hpp>
#include <verdant/tokenizer/tokenizer.hpp>
#include <verdant/workload/transformer/clip_json.hpp>

#include <png.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clip_benchmark {

namespace io = verdant::io;
namespace nn = verdant::nn;
namespace vd = verdant;

inline constexpr std::array demo_colours{"red", "green", "blue", "yellow", "white", "black"};

/// A square of one colour with some noise, as a PNG file.
inline io::byte_vector demo_picture(std::size_t colour, vd::random_stream& noise) {
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

inline void put(const std::string& folder, const std::string& name, std::string_view text) {
    make_folder_of(folder + "/" + name);
    io::write_file(folder + "/" + name, text);
}

/// A tiny CLIP with random weights, its vocabulary and rankings.
inline void write_demo_model(const std::string& folder, std::uint64_t seed) {
    std::vector<std::string> captions;
    for (const std::string colour : demo_colours) captions.insert(captions.end(), {"a photo of a " + colour + " square.", "something " + colour});
    const auto merges = io::train_merges(captions, 60);
    put(folder, "vocabulary.txt", io::merges_text(merges));
    const vd::workload::clip_config config{.text = {4, 32, 128, 4, 8},
                                           .vision = {4, 48, 192, 6, 8},
                                           .patch = 4,
                                           .joint = 32,
                                           .image = 16,
                                           .context = 16,
                                           .vocabulary = static_cast<int>(io::clip_tokenizer{merges}.vocabulary_size()),
                                           .nonlinearity = vd::workload::activation::gelu};
    put(folder, "model.json", vd::workload::to_json(config).dump(1));
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
}

/// Three tiny data sets: wds/colours, wds/colours_multilabel, wds/colours_captions.
inline void write_demo_data(const std::string& folder, std::uint64_t seed) {
    auto noise = vd::random_stream::derive(seed, 1);
    const auto key = [](std::size_t i) { return "s" + std::to_string(1000 + i); };
    const auto text = [](const std::string& s) { return io::to_bytes(s); };
    std::string names;
    for (const std::string colour : demo_colours) names += colour + " square\n";
    for (const std::string split : {"test", "train"}) {
        io::tar_writer shards[2];
        for (std::size_t i = 0; i < 72; ++i) {
            shards[i % 2].add(key(i) + ".png", demo_picture(i % 6, noise));
            shards[i % 2].add(key(i) + ".cls", text(std::to_string(i % 6)));
        }
        for (int i = 0; i < 2; ++i)
            put(folder, "data/colours/" + split + "/" + std::to_string(i) + ".tar", io::as_text(std::move(shards[i]).finish()));
        put(folder, "data/colours/" + split + "/nshards.txt", "2\n");
    }
    put(folder, "data/colours/classnames.txt", names);
    put(folder, "data/colours/zeroshot_classification_templates.txt", "a photo of a {c}.\nsomething {c}\n");
    io::tar_writer several, pairs;
    for (std::size_t i = 0; i < 24; ++i) {
        std::vector<std::uint8_t> labels(6);
        labels[i % 6] = labels[(i % 6 + 1) % 6] = 1;
        several.add(key(i) + ".png", demo_picture(i % 6, noise));
        several.add(key(i) + ".npy", io::to_npy(io::tensor_data::of<std::uint8_t>({6}, labels)));
        pairs.add(key(i) + ".png", demo_picture(i % 6, noise));
        const std::string colour = demo_colours[i % 6], other = demo_colours[(i + 1) % 6];
        pairs.add(key(i) + ".txt", text("a photo of a " + colour + " square.\nsomething " + other + "\n"));
    }
    put(folder, "data/colours_multilabel/0.tar", io::as_text(std::move(several).finish()));
    put(folder, "data/colours_multilabel/dataset_type.txt", "multilabel\n");
    put(folder, "data/colours_multilabel/classnames.txt", names);
    put(folder, "data/colours_captions/test/0.tar", io::as_text(std::move(pairs).finish()));
    put(folder, "data/colours_captions/test/nshards.txt", "1\n");
    put(folder, "data/colours_captions/dataset_type.txt", "retrieval\n");
}

inline void run_demo(const std::string& folder, std::uint64_t seed) {
    write_demo_model(folder, seed);
    write_demo_data(folder, seed);
    std::cout << "in " << folder << ": model.json weights.safetensors vocabulary.txt importance data\n";
}

} // namespace clip_benchmark
