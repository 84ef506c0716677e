// A CLIP of the user's, judged by retrieval of held-out captions.
#pragma once

#include "../terminal/weights.hpp"
#include "options.hpp"
#include "workbench.hpp"

#include <verdant/data/captions/caption_samples.hpp>
#include <verdant/error.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/nn/batches/caption_batches.hpp>
#include <verdant/nn/evaluate/encode.hpp>
#include <verdant/nn/evaluate/retrieval.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/pruning/fine_tune.hpp>
#include <verdant/pruning/importance_json.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/report/report.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/text/sha512.hpp>
#include <verdant/tokenizer/merges_file.hpp>
#include <verdant/tokenizer/tokenizer.hpp>
#include <verdant/workload/transformer/clip_json.hpp>

#include <ATen/ops/tensor.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carbon_clip {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

/// What tells weights apart, as text.
inline std::string fingerprint(const nn::clip_model& m) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(terminal::fingerprint(nn::state_of(m))));
    return text;
}

/// @throws input_error, file_error for files that are not there
inline vd::io::caption_samples read_samples(const std::vector<std::string>& data) {
    const auto shard = [](const std::string& path) { return path.ends_with(".tar") || path.ends_with(".tar.gz") || path.ends_with(".tgz"); };
    const bool table = data.size() == 1 && !shard(data[0]);
    const auto samples = table ? vd::io::caption_samples::of_table(data[0]) : vd::io::caption_samples::of_shards(data);
    if (const auto& odd = samples.passed_over(); odd.count > 0)
        std::cerr << "passed over " << odd.count << (odd.count == 1 ? " sample of " : " samples of ") << data[0] << "; the first: " << odd.first
                  << std::endl;
    if (table)
        for (std::size_t i = 0; i < samples.size(); ++i)
            if (!fs::exists(samples.name(i))) throw vd::file_error{samples.name(i), "open", "No such file, of " + data[0]};
    return samples;
}

/// What captions and their images are told by: all captions and, of a small set, all images, of others some, as they lie in their files. The first 16 digits of their SHA-512.
inline std::string digest_of(const vd::io::caption_samples& samples) {
    constexpr std::size_t small = 4096, most = 16;
    vd::sha512 all;
    for (std::size_t i = 0; i < samples.size(); ++i) all.add(std::to_string(samples.caption(i).size()) + ' ' + samples.caption(i) + '\n');
    const auto looked_at = samples.size() <= small ? samples.size() : most;
    for (std::size_t i = 0; i < looked_at; ++i) try {
            const auto image = samples.image(i * samples.size() / looked_at);
            all.add({reinterpret_cast<const char*>(image.data()), image.size()});
        } catch (const vd::error&) { all.add("damaged\n"); }
    return all.hex().substr(0, 16);
}

/// The first caption of each image, and the image of each caption: captions of one image share it.
inline std::pair<at::Tensor, at::Tensor> images_of(const vd::io::caption_samples& judged) {
    std::map<std::string, std::int64_t> number;
    std::vector<std::int64_t> first, image_of_text;
    for (std::size_t i = 0; i < judged.size(); ++i) {
        const auto [at, fresh] = number.emplace(judged.name(i), static_cast<std::int64_t>(number.size()));
        if (fresh) first.push_back(static_cast<std::int64_t>(i));
        image_of_text.push_back(at->second);
    }
    return {at::tensor(first), at::tensor(image_of_text)};
}

/// A model that cannot be pruned, or the ranking of another, is refused before anything is computed.
inline void check_prunable(const settings& s, const nn::clip_model& m) {
    const auto config = nn::config_of(m);
    if (config.vocabulary <= 514)
        throw vd::input_error{s.checkpoint, "tensor token_embedding.weight", "more than the 514 tokens that every tokenizer has",
                              std::to_string(config.vocabulary)};
    (void)vd::supernet::prune(m, s.importance.empty() ? vd::supernet::importance_by_position(config) : vd::supernet::read_importance(s.importance),
                              vd::spaces::clip_of(vd::point<vd::spaces::clip_shares>{}, config));
    if (s.importance.empty() && (config.text.heads < 2 || config.vision.heads < 2))
        throw vd::input_error{s.checkpoint, "",
                              "at least two heads in each tower, to rank them (they are " + std::to_string(config.text.head_width) + " and " +
                                  std::to_string(config.vision.head_width) + " channels wide, see --head-width)",
                              "one"};
}

/// A checkpoint of the user's, judged by retrieval of held-out captions.
inline workbench checkpoint_bench(const settings& s, vd::result_folder& out) {
    workbench b{.name = s.checkpoint, .measure = "mean recall@1"};
    const auto told = s.config.empty() ? std::nullopt : std::optional{vd::workload::read_clip_json(s.config)};
    auto facts = terminal::facts_of(s.weights, told);
    if (s.quick_gelu) facts.nonlinearity = vd::workload::activation::quick_gelu;
    b.model = nn::load_clip(terminal::read_weights(s.checkpoint, s.weights.key), facts);
    const auto config = b.config();
    terminal::warn_of_head_width("carbon_clip", s.checkpoint, config, told || !s.weights.head_width.empty());
    check_prunable(s, b.model);
    const auto room = static_cast<std::size_t>(config.vocabulary - 514);
    const auto merges = vd::io::read_merges(s.vocabulary, room);
    const vd::io::clip_tokenizer tokenizer{merges, {.context_length = static_cast<std::size_t>(config.context)}};
    const auto samples = read_samples(s.data);
    const auto [judged, trained] = samples.split(static_cast<std::size_t>(s.held_out));
    if (static_cast<std::int64_t>(trained.size()) < s.pairs())
        throw vd::input_error{s.data[0], "",
                              "at least " + std::to_string(s.pairs()) + " captions to train with beside the held-out ones, or a smaller --batch",
                              std::to_string(trained.size())};
    const vd::io::preprocessing how{.size = static_cast<std::size_t>(config.image)};
    const auto pairs = nn::load_captions(judged, tokenizer, how, s.threads);
    const auto [first, owners] = images_of(judged);
    const auto images = pairs.images.index_select(0, first);
    b.accuracy = [images, ids = pairs.ids, image_of_text = owners](const nn::clip_model& m) {
        return nn::recall_at(nn::image_features(m, images), nn::text_features(m, ids), image_of_text, 1).mean();
    };
    const auto weights = fingerprint(b.model);
    std::string paths;
    for (const auto& path : s.data) paths += (paths.empty() ? "" : ", ") + path;
    const auto data = paths + " (" + digest_of(samples) + "), " + std::to_string(samples.size()) + " captions, of " + std::to_string(s.held_out) +
                      " images one held out";
    // The same weights with other heads are another model. Heads of 64 are not mentioned, as they were not when there were no others.
    const auto heads =
        config.text.head_width == 64 && config.vision.head_width == 64
            ? std::string{}
            : ", heads of " + std::to_string(config.text.head_width) + " and " + std::to_string(config.vision.head_width) + " channels";
    const bool quick = config.nonlinearity == vd::workload::activation::quick_gelu;
    claim(out, s,
          {{"model", weights + (quick ? ", quick GELU" : "") + heads},
           {"data", data},
           {"fine-tuning", vd::exact_text(s.epochs()) + " epochs in batches of " + std::to_string(s.pairs()) + ", seed " + std::to_string(s.seed)},
           {"--vocabulary", std::to_string(merges.size()) + " merges, " + std::to_string(vd::fnv1a::of(vd::io::merges_text(merges)))}});
    b.importance = importance_of(s, b.model, b.accuracy);
    claim(out, b.importance);
    const auto source = std::make_shared<nn::caption_batches>(
        trained, tokenizer, nn::caption_batch_options{.batch = s.pairs(), .seed = s.seed, .preprocessing = how, .threads = s.threads});
    b.fine_tune = [=](const nn::clip_model& pruned) {
        return vd::supernet::fine_tune(pruned, config, *source,
                                       fine_tuning(s, fs::path{s.checkpoint}.stem().string(), data + ", weights " + weights));
    };
    return b;
}

} // namespace carbon_clip
