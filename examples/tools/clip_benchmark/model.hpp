// The model that clip_benchmark judges.
#pragma once

#include "../terminal/kept_settings.hpp"
#include "../terminal/weights.hpp"
#include "options.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/pruning/importance_json.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/tokenizer/merges_file.hpp>
#include <verdant/tokenizer/tokenizer.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/clip_json.hpp>

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace clip_benchmark {

namespace io = verdant::io;
namespace nn = verdant::nn;
namespace fs = std::filesystem;
namespace vd = verdant;

/// The model that the options describe: the weights of --pretrained, pruned where a dimension is given, then those of --load-checkpoint.
inline nn::clip_model load_model(const eval_settings& s) {
    auto base = fs::is_regular_file(s.model) ? vd::workload::read_clip_json(s.model) : vd::workload::clip_named(s.model);
    if (s.activation != "model") base.nonlinearity = s.activation == "gelu" ? vd::workload::activation::gelu : vd::workload::activation::quick_gelu;
    auto m = nn::load_clip(terminal::read_weights(s.pretrained, s.weights.key), terminal::facts_of(s.weights, base));
    terminal::warn_of_head_width("clip_benchmark", s.pretrained, nn::config_of(m), s.model_given || !s.weights.head_width.empty());
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
    if (!s.load_checkpoint.empty()) m = nn::load_clip(terminal::read_weights(s.load_checkpoint), nn::config_of(m));
    return m;
}

/// What the files are told by that a model and its texts are made of, since others may be written under the same paths. The first 16 digits of their SHA-512.
inline std::string files_of_model(const eval_settings& s) {
    std::vector<std::string> files;
    const auto weights = [&files](const std::string& path) {
        const auto file = terminal::weights_file(path);
        files.push_back(file);
        if (!io::is_weights_index(file)) return;
        // The parts lie beside their index; what else is in the folder, such as results, is no part of the model.
        const auto index = io::read_json(file);
        std::set<std::string> parts;
        if (index.is_object() && index.contains("weight_map"))
            for (const auto& part : index["weight_map"])
                if (part.is_string()) parts.insert((fs::path{file}.parent_path() / part.get<std::string>()).string());
        files.insert(files.end(), parts.begin(), parts.end());
    };
    weights(s.pretrained);
    if (!s.load_checkpoint.empty()) weights(s.load_checkpoint);
    if (fs::is_regular_file(s.model)) files.push_back(s.model);
    if (!s.importance.empty()) files.push_back(s.importance);
    files.push_back(s.vocabulary);
    return terminal::digest_of(files);
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

} // namespace clip_benchmark
