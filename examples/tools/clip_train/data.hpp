// The pairs that clip_train trains with.
#pragma once

#include "files.hpp"
#include "options.hpp"

#include <verdant/data/captions/caption_samples.hpp>
#include <verdant/error.hpp>
#include <verdant/nn/batches/caption_batches.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/nn/train/training_objective.hpp>
#include <verdant/tokenizer/bpe_merges.hpp>
#include <verdant/tokenizer/bpe_training.hpp>
#include <verdant/tokenizer/merges_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clip_train {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

/// Batches of files, on the device that computes.
struct device_batches {
    nn::caption_batches files;
    at::Device device;
    [[nodiscard]] std::int64_t size() const { return files.size(); }
    nn::image_text_batch operator()(std::int64_t epoch, std::int64_t i) const {
        const auto b = files(epoch, i);
        return {b.images.to(device), b.ids.to(device)};
    }
};

inline vd::io::caption_samples read_samples(const std::vector<std::string>& arguments, const vd::io::caption_columns& columns) {
    const auto paths = files_of(arguments).paths;
    if (is_table(arguments)) return vd::io::caption_samples::of_table(paths[0], columns);
    return vd::io::caption_samples::of_shards(paths);
}

/// How shards are drawn, each by the factor of its part of --train-data.
inline std::optional<nn::shard_resampling> resampling_of(const settings& s, const vd::io::caption_samples& samples) {
    if (!s.resampled) return std::nullopt;
    if (samples.shard_sizes().empty()) throw vd::input_error{"--dataset-resampled", "", "webdataset shards in --train-data", "a table"};
    nn::shard_resampling out{.samples = s.train_samples};
    if (!s.factors.empty())
        for (const auto part : files_of(s.train_data).part) out.weights.push_back(s.factors[part]);
    return out;
}

/// The merges that the model's vocabulary has room for: from a file, else from the captions.
inline vd::io::bpe_merges merges_of(const settings& s, const nn::clip_model& m, const vd::io::caption_samples& samples) {
    constexpr int symbols = 514; // two for each byte, start and end
    const int vocabulary = nn::config_of(m).vocabulary;
    if (vocabulary < symbols)
        throw vd::input_error{"vocabulary", "", "a model with at least " + std::to_string(symbols) + " tokens", std::to_string(vocabulary)};
    const auto room = static_cast<std::size_t>(vocabulary - symbols);
    if (room == 0 && !s.vocabulary.empty())
        throw vd::input_error{"--vocabulary", "", "a model with more than the " + std::to_string(symbols) + " tokens of single bytes, or no merges",
                              s.vocabulary};
    if (room == 0) return {};
    if (!s.vocabulary.empty()) return vd::io::read_merges(s.vocabulary, room);
    const auto captions = samples.captions();
    return vd::io::train_merges(captions, std::min<std::size_t>(room, 2000));
}

} // namespace clip_train
