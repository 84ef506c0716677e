// What programs are told of the weights that they read.
#pragma once

#include "validators.hpp"

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/weights/sharded_weights.hpp>
#include <verdant/io/weights/weights_key.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/parallel/launcher.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace terminal {

/// How weights are read that come from elsewhere.
struct weight_options {
    std::string key; ///< see io::weights_of
    std::vector<int> head_width; ///< of both towers, or of text and vision; empty where a configuration says it
};

/// @param file  the option that names the file, which these need
/// @param stem  what the names of these begin with, such as `distill-`
/// @param width what the heads are taken to be without
inline void add_weight_options(CLI::App& app, weight_options& o, CLI::Option* file, const std::string& stem = {},
                               const std::string& width = "64, as in most models") {
    const auto of = file->get_name();
    app.add_option("--" + stem + "weights-key", o.key, "which weights of " + of + ", where the file holds several: model, ema, state_dict, ...")
        ->needs(file);
    app.add_option("--" + stem + "head-width", o.head_width,
                   "channels of an attention head of " + of + ", one number or text,vision, which weights do not tell (default: " + width + ")")
        ->delimiter(',')
        ->expected(1, 2)
        ->check(whole<int>(1, 65536))
        ->needs(file);
}

/// How often training may meet what is not finite.
inline void add_skip_nonfinite(CLI::App& app, std::int64_t& left_out) {
    app.add_option("--skip-nonfinite", left_out,
                   "leave out steps whose loss or gradients are not finite numbers, so many in a row; 0 stops at the first, before anything is written")
        ->check(whole(0))
        ->capture_default_str();
}

/// The file that a path stands for: of a folder, as hubs of models have it, the one with the weights. @throws input_error where there is none
inline std::string weights_file(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code none;
    if (!fs::is_directory(path, none)) return path;
    for (const auto* name : {"model.safetensors.index.json", "open_clip_model.safetensors", "model.safetensors", "pytorch_model.bin.index.json",
                             "open_clip_pytorch_model.bin", "pytorch_model.bin"})
        if (const auto file = fs::path{path} / name; fs::exists(file, none)) return file.string();
    throw verdant::input_error{path, "", "a file of weights, or a folder with model.safetensors or the like", "a folder without"};
}

/// The weights of a file, of an index of files, or of a folder of a hub. @throws file_error, input_error
inline verdant::io::named_tensors read_weights(const std::string& path, const std::string& key = {}) {
    namespace io = verdant::io;
    const auto file = weights_file(path);
    if (!io::is_weights_index(file)) return io::read_weights(file, key);
    const auto torch = [](const std::string& part) { return io::read_torch(part); };
    auto all = file.ends_with(".bin.index.json") ? io::read_sharded(file, torch) : io::read_sharded(file);
    return key.empty() ? std::move(all) : io::tensors_below(std::move(all), key);
}

/// What tells weights apart.
inline std::uint64_t fingerprint(const verdant::io::named_tensors& weights) {
    verdant::fnv1a hash; // by words of four bytes
    for (const auto& [name, value] : weights)
        for (std::size_t i = 0; i + 4 <= value.content().size(); i += 4) {
            std::uint32_t word = 0;
            std::memcpy(&word, value.content().data() + i, 4);
            hash.add(word);
        }
    return hash.value();
}

/// What a configuration and the options say of a model beside its weights.
inline verdant::nn::checkpoint_facts facts_of(const weight_options& o, const std::optional<verdant::workload::clip_config>& c) {
    verdant::nn::checkpoint_facts facts;
    if (c) facts = {.text_head_width = c->text.head_width, .vision_head_width = c->vision.head_width, .nonlinearity = c->nonlinearity};
    if (!o.head_width.empty()) facts.text_head_width = o.head_width.front(), facts.vision_head_width = o.head_width.back();
    return facts;
}

/// Says on standard error that the width of heads is a guess, in one process of several: with another one the same weights compute something else.
/// @param of the file @param m as it was loaded @param configured whether something told the width
inline void warn_of_head_width(const char* program, const std::string& of, const verdant::workload::clip_config& m, bool configured) {
    if (configured || !verdant::parallel::speaks_for_all()) return;
    std::cerr << program << ": the heads of " << of << " are taken to be 64 channels wide (" << m.text.heads << " a layer for text, " << m.vision.heads
              << " for vision), which weights do not tell; --head-width gives another width\n";
}

} // namespace terminal
