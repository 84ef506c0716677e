// The model that clip_train trains, and what it learns from.
#pragma once

#include "../terminal/weights.hpp"
#include "options.hpp"

#include <verdant/error.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/optim/learning_rate_schedule.hpp>
#include <verdant/nn/train/training_objective.hpp>
#include <verdant/parallel/launcher.hpp>
#include <verdant/pruning/importance_json.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/clip_json.hpp>

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace clip_train {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

/// The schedule and the loss that the options name, so that the training loop is compiled once for each precision.
struct chosen_schedule {
    std::variant<nn::cosine_schedule, nn::constant_schedule, nn::cooldown_schedule> kind;
    double operator()(std::int64_t step) const {
        return std::visit([step](const auto& s) { return s(step); }, kind);
    }
};
struct chosen_objective {
    std::variant<nn::contrastive_objective, nn::sigmoid_objective, nn::distillation_objective> kind;
    double teacher = 0; ///< tells the weights of a teacher apart
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

inline vd::workload::clip_config with_sizes(vd::workload::clip_config c, const std::vector<int>& s) {
    for (const int size : s)
        if (size < 1) throw vd::input_error{"--point", "", "eight positive sizes", std::to_string(size)};
    c.text.layers = s[0], c.text.width = s[1], c.text.ffn = s[2], c.text.heads = s[3];
    c.vision.layers = s[4], c.vision.width = s[5], c.vision.ffn = s[6], c.vision.heads = s[7];
    return c;
}

/// What --model or --config say, if they say something.
inline std::optional<vd::workload::clip_config> asked_config(const settings& s) {
    if (!s.model.empty()) return vd::workload::clip_named(s.model);
    if (!s.config.empty()) return vd::workload::read_clip_json(s.config);
    return std::nullopt;
}

/// Says in one process of several that the weights have other sizes than the configuration beside them.
inline void warn_of_other_sizes(const settings& s, const vd::workload::clip_config& told, const vd::workload::clip_config& found) {
    const auto sizes = [](const vd::workload::clip_config& c) {
        const auto tower = [](const vd::workload::tower& t) {
            return std::to_string(t.layers) + '/' + std::to_string(t.width) + '/' + std::to_string(t.ffn) + '/' + std::to_string(t.heads);
        };
        return "text " + tower(c.text) + ", vision " + tower(c.vision) + ", patch " + std::to_string(c.patch) + ", image " + std::to_string(c.image) + ", context " +
               std::to_string(c.context) + ", vocabulary " + std::to_string(c.vocabulary) + ", joint " + std::to_string(c.joint);
    };
    if (sizes(told) == sizes(found) || !vd::parallel::speaks_for_all()) return;
    std::cerr << "clip_train: the sizes of --pretrained are used (" << sizes(found) << "), not those of " << (s.model.empty() ? "--config" : "--model") << " ("
              << sizes(told) << ")\n";
}

inline nn::clip_model starting_model(const settings& s) {
    const auto config = asked_config(s);
    if (s.pretrained.empty()) {
        if (!config) throw vd::input_error{"--model", "", "--model, --config or --pretrained", "none of them"};
        return nn::random_clip(s.sizes.empty() ? *config : with_sizes(*config, s.sizes), s.seed);
    }
    auto m = nn::load_clip(terminal::read_weights(s.pretrained, s.weights.key), terminal::facts_of(s.weights, config));
    terminal::warn_of_head_width("clip_train", s.pretrained, nn::config_of(m), config || !s.weights.head_width.empty());
    if (config) warn_of_other_sizes(s, *config, nn::config_of(m));
    if (s.sizes.empty()) return m;
    const auto target = with_sizes(nn::config_of(m), s.sizes);
    if (target.text == nn::config_of(m).text && target.vision == nn::config_of(m).vision) return m;
    if (s.importance.empty()) throw vd::input_error{"--importance", "", "the folder of the rankings to prune --pretrained by", "nothing"};
    return vd::supernet::prune(m, vd::supernet::read_importance(s.importance), target);
}

inline chosen_objective objective_of(const settings& s, const nn::clip_model& m, at::Device device) {
    if (!s.teacher.empty()) {
        if (s.loss != "clip") throw vd::input_error{"--distill", "", "--loss clip", s.loss};
        const auto student = nn::config_of(m);
        auto tensors = terminal::read_weights(s.teacher, s.teacher_weights.key);
        vd::fnv1a told;
        told.add(terminal::fingerprint(tensors));
        for (const int width : s.teacher_weights.head_width) told.add(static_cast<std::uint64_t>(width));
        const auto teacher = nn::load_clip(std::move(tensors), terminal::facts_of(s.teacher_weights, student));
        const auto sees = [](const vd::workload::clip_config& c) {
            return "texts of " + std::to_string(c.context) + " tokens out of " + std::to_string(c.vocabulary) + " and images of " + std::to_string(c.image) + " pixels";
        };
        // Both are given the same batches.
        if (const auto found = sees(nn::config_of(teacher)); found != sees(student))
            throw vd::input_error{"--distill", s.teacher, "a teacher of the student's " + sees(student), found};
        return {nn::distillation_objective{nn::to(teacher, device, m.logit_scale.scalar_type())}, static_cast<double>(told.value() >> 12)};
    }
    if (s.loss == "siglip") return {nn::sigmoid_objective{}, 0};
    return {nn::contrastive_objective{}, 0};
}

inline chosen_schedule schedule_of(const settings& s, std::int64_t steps, std::int64_t per_epoch) {
    if (s.schedule == "const") return {nn::constant_schedule{s.rate, s.warmup}};
    if (s.schedule == "const-cooldown")
        return {nn::cooldown_schedule{.base = s.rate, .warmup = s.warmup, .steps = steps, .cooldown = s.cooldown_epochs * per_epoch}};
    return {nn::cosine_schedule{s.rate, s.warmup, steps}};
}

} // namespace clip_train
