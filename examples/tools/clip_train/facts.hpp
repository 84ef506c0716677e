// What a run must have in common with the one that it goes on with, since the results depend on it.
#pragma once

#include "options.hpp"

#include <verdant/error.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/nn/train/checkpoint.hpp>
#include <verdant/text/number.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clip_train {

namespace vd = verdant;
namespace nn = verdant::nn;

/// The position of a name in a list of names, as numbers are what a checkpoint keeps.
inline double number_of(const std::vector<std::string>& names, const std::string& name) {
    return static_cast<double>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// @param teacher what tells the weights of --distill apart, 0 without
inline nn::run_settings facts_of_run(const settings& s, const vd::workload::clip_config& m, double teacher, int processes, std::int64_t steps,
                                     std::int64_t samples) {
    // The product of batch and processes, so that a run may go on with another number of processes.
    nn::run_settings facts{{"batch", static_cast<double>(s.batch * processes)},
                           {"accum-freq", static_cast<double>(s.accumulated)},
                           {"seed", static_cast<double>(s.seed)},
                           {"samples", static_cast<double>(samples)},
                           {"lr", s.rate},
                           {"wd", s.decay},
                           {"warmup", static_cast<double>(s.warmup)}};
    // Of others only what is not usual, so that the runs of versions that did not keep them go on.
    const auto add = [&facts](const char* name, double value, double usual = 0) {
        if (value != usual) facts.emplace_back(name, value);
    };
    add("loss", number_of(loss_names, s.loss));
    add("precision", number_of(precision_names, s.precision));
    add("lr-scheduler", number_of(schedule_names, s.schedule));
    add("epochs-cooldown", static_cast<double>(s.cooldown_epochs));
    add("grad-clip-norm", s.largest_gradient);
    add("no-gather-grad", s.no_gather_gradient && processes > 1 ? processes : 0);
    add("distill", teacher);
    add("image", m.image, 224);
    add("context", m.context, 77);
    add("text-head-width", m.text.head_width, 64);
    add("vision-head-width", m.vision.head_width, 64);
    add("quick-gelu", m.nonlinearity == vd::workload::activation::quick_gelu ? 1 : 0);
    if (s.colours.probability > 0)
        for (std::size_t i = 0; i < s.jitter.size(); ++i) facts.emplace_back("color-jitter-" + std::to_string(i), s.jitter[i]);
    add("color-jitter-prob", s.colours.probability);
    add("gray-scale-prob", s.colours.gray_probability);
    if (s.locks.image) facts.emplace_back("lock-image-unlocked-groups", static_cast<double>(s.locks.unlocked_image_groups));
    if (s.locks.text) facts.emplace_back("lock-text-unlocked-layers", static_cast<double>(s.locks.unlocked_text_layers));
    if (s.locks.text) facts.emplace_back("lock-text-freeze-layer-norm", s.locks.freeze_text_norms ? 1 : 0);
    add("force-patch-dropout", s.dropped_patches);
    if (s.resampled) facts.emplace_back("train-num-samples", static_cast<double>(s.train_samples));
    for (std::size_t i = 0; i < s.factors.size(); ++i) facts.emplace_back("train-data-upsampling-factors-" + std::to_string(i), s.factors[i]);
    facts.emplace_back("steps", static_cast<double>(steps));
    return facts;
}

/// A fact as the option that says it. @param value nothing where the run has none
inline std::string fact_text(std::string name, std::optional<double> value, std::int64_t steps_per_epoch) {
    const auto nth = [&](const std::vector<std::string>& names) {
        const auto at = static_cast<std::size_t>(value.value_or(0));
        return "--" + name + ' ' + (at < names.size() ? names[at] : "of another version");
    };
    if (name == "loss") return nth(loss_names);
    if (name == "precision") return nth(precision_names);
    if (name == "lr-scheduler") return nth(schedule_names);
    const auto number = value ? vd::exact_text(*value) : std::string{};
    if (name == "distill") return value ? "--distill of weights " + number : "no --distill";
    if (name == "image") return "images of " + vd::exact_text(value.value_or(224)) + " pixels (--config, --model)";
    if (name == "context") return "texts of " + vd::exact_text(value.value_or(77)) + " tokens (--config, --model)";
    if (name == "text-head-width" || name == "vision-head-width")
        return name.substr(0, name.find('-')) + " heads of " + vd::exact_text(value.value_or(64)) + " channels (--config, --model, --head-width)";
    if (name == "quick-gelu") return std::string{value ? "quick" : "plain"} + " GELU (--config, --model)";
    if (name == "no-gather-grad") return value ? "--no-gather-grad in " + number + " processes" : "no --no-gather-grad";
    if (name == "steps" && value) return "--epochs " + vd::exact_text(*value / static_cast<double>(steps_per_epoch));
    if (name == "samples" && value) return "--train-data of " + number + " pairs";
    if (name == "batch" && value) return "--batch-size " + number + " (of all processes together)";
    // Numbers of a list have a position at the end.
    if (name.starts_with("color-jitter-") && name != "color-jitter-prob") name.replace(12, 1, " at "); // color-jitter at 2
    else if (name.starts_with("train-data-upsampling-factors-")) name.replace(29, 1, " at ");
    return value ? "--" + name + ' ' + number : "no --" + name;
}

/// Refuses to go on with other settings, and names them all. @param path a checkpoint's state of training
/// @throws input_error, file_error
[[noreturn]] inline void refuse_other_settings(const std::string& path, const nn::run_settings& ours, std::int64_t steps_per_epoch) {
    std::string there, here;
    const auto add = [&](const std::string& name, std::optional<double> theirs, std::optional<double> asked) {
        there += (there.empty() ? "" : ", ") + fact_text(name, theirs, steps_per_epoch);
        here += (here.empty() ? "" : ", ") + fact_text(name, asked, steps_per_epoch);
    };
    const auto training = vd::io::read_torch(path);
    for (const auto& [name, value] : ours) {
        const auto* const found = training.find("run." + name);
        const auto theirs = found == nullptr ? std::optional<double>{} : std::optional{found->to<double>().at(0)};
        // A difference of both length and batch is one of the batch: the number of steps follows.
        if (theirs != value && (name != "steps" || there.empty())) add(name, theirs, value);
    }
    for (const auto& [name, value] : training) {
        const auto known = [&name](const auto& fact) { return name == "run." + fact.first; };
        if (name.starts_with("run.") && std::none_of(ours.begin(), ours.end(), known)) add(name.substr(4), value.to<double>().at(0), std::nullopt);
    }
    throw vd::input_error{"--resume", path, there + " as in the run that goes on, or another --name for a new run", here};
}

} // namespace clip_train
