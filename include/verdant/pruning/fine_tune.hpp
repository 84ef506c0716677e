#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/io/weights/finite_tensors.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/type_name.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/learning_rate_schedule.hpp>
#include <verdant/nn/processes/communicator.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/nn/train/train.hpp>
#include <verdant/nn/train/training_objective.hpp>
#include <verdant/pruning/clip_importance.hpp>
#include <verdant/pruning/layer_choice.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/text/number.hpp>
#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/flop_proxy.hpp>

#include <ATen/ops/full.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace verdant::supernet {

/// How a pruned model is fine-tuned inside a search. The defaults are CarbonNAAS's (CATransformers, eval/model_eval.py).
struct fine_tune_options {
    double learning_rate = 1e-5;
    nn::adamw_options optimizer{.weight_decay = 0.1};
    std::int64_t warmup = 10000;             ///< steps; more than there are means that the rate only rises
    workload::fine_tuning_options length{};  ///< epochs of the unpruned model, batches a step, the cap
    double largest_gradient = 0;             ///< see nn::training_options
    nn::nonfinite_steps nonfinite{};         ///< likewise
    std::string cache{};                     ///< the folder of finished runs; empty to keep none
    std::string architecture = "ViT-B-16";   ///< in the name of a run
    std::string pretrained = "pretrained";   ///< likewise
    /// A name of the data, of what the objective holds (such as a teacher) and of whatever else tells runs apart; runs of another are not taken from
    /// the cache.
    std::string data{};
};

/// The name of a run, `model_eval_<architecture>_<pretrained>_` and layers, width, feed-forward width and heads of text and vision.
template <class = instantiated_when_used>
[[nodiscard]] std::string run_name(const workload::clip_config& c, std::string_view architecture, std::string_view pretrained) {
    std::string out = "model_eval_" + std::string{architecture} + "_" + std::string{pretrained};
    for (const auto* t : {&c.text, &c.vision})
        for (const int size : {t->layers, t->width, t->ffn, t->heads}) out += "_" + std::to_string(size);
    return out;
}
VERDANT_DEFINED_ONCE(std::string run_name<>(const workload::clip_config&, std::string_view, std::string_view));

/// What there is to say of a fine-tuning, beside its progress.
struct fine_tune_report {
    /// After each step.
    void operator()(const nn::training_progress&) const {}
    /// A finished run that cannot be used, and why; it is trained again.
    void warn(const std::string&) const {}
};

namespace detail {

/// A number that tells the weights of models apart.
template <class = instantiated_when_used>
[[nodiscard]] std::uint64_t fingerprint_of(const nn::clip_model& m) {
    fnv1a hash;
    for (const auto& [name, value] : nn::state_of(m)) {
        hash.add(name);
        for (const auto length : value.shape()) hash.add(length);
        const auto bytes = value.content();
        for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) { // by words, since there are hundreds of megabytes
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data() + at, bytes.size() - at < sizeof word ? bytes.size() - at : sizeof word);
            hash.add(word ^ word >> 32); // whose products alone would never bring high bits down
        }
    }
    return hash.value();
}
VERDANT_DEFINED_ONCE(std::uint64_t fingerprint_of<>(const nn::clip_model&));

/// What the weights of a run came from. @param precision, objective names of the types
template <class = instantiated_when_used>
[[nodiscard]] std::string run_settings_text(const fine_tune_options& options, const workload::fine_tuning_length& length,
                                            const nn::clip_model& pruned, std::string_view precision, std::string_view objective) {
    std::string text_of_run;
    const auto add = [&text_of_run](const char* name, double value) { text_of_run += std::string{name} + " " + exact_text(value) + "\n"; };
    add("steps", static_cast<double>(length.steps));
    add("learning_rate", options.learning_rate);
    add("weight_decay", options.optimizer.weight_decay);
    add("beta1", options.optimizer.beta1);
    add("beta2", options.optimizer.beta2);
    add("epsilon", options.optimizer.epsilon);
    add("warmup", static_cast<double>(options.warmup));
    add("accumulated_batches", static_cast<double>(options.length.accumulated_batches));
    add("largest_gradient", options.largest_gradient);
    text_of_run += "precision " + std::string{precision} + "\nobjective " + std::string{objective} + "\n";
    text_of_run += "pruned weights " + std::to_string(fingerprint_of(pruned)) + "\n";
    text_of_run += "data " + options.data + "\n";
    return text_of_run;
}
VERDANT_DEFINED_ONCE(std::string run_settings_text<>(const fine_tune_options&, const workload::fine_tuning_length&, const nn::clip_model&,
                                                     std::string_view, std::string_view));

/// The weights of a finished run, or nothing. @param wrong becomes why one that is there is not used
template <class = instantiated_when_used>
[[nodiscard]] std::optional<nn::clip_model> finished_run(const std::filesystem::path& weights, const std::string& settings, const std::string& text,
                                                         const workload::clip_config& shape, std::string& wrong) {
    if (!std::filesystem::exists(weights)) return std::nullopt;
    try {
        if (io::read_file(settings) != text) throw input_error{settings, "", "the settings of this run", "others"};
        auto state = io::read_torch(weights.string());
        if (const auto name = io::first_not_finite(state)) throw input_error{weights.string(), "tensor " + *name, "finite numbers", "others"};
        return nn::load_clip(std::move(state), shape);
    } catch (const error& e) {
        wrong = std::string{e.what()} + "; training again";
        return std::nullopt;
    }
}
VERDANT_DEFINED_ONCE(std::optional<nn::clip_model> finished_run<>(const std::filesystem::path&, const std::string&, const std::string&,
                                                                  const workload::clip_config&, std::string&));

template <class = instantiated_when_used>
void store_run(const nn::clip_model& m, const std::filesystem::path& weights, const std::string& settings, const std::string& text) {
    const auto state = nn::state_of(m);
    nn::require_finite(state, weights.string());
    std::error_code failure;
    std::filesystem::create_directories(weights.parent_path(), failure);
    if (failure) throw file_error{weights.parent_path().string(), "make the folder", failure.message()};
    // Weights of other settings must not be found beside the new settings.
    std::filesystem::remove(weights, failure);
    io::write_file(settings, text);
    io::write_torch(weights.string(), state);
}
VERDANT_DEFINED_ONCE(void store_run<>(const nn::clip_model&, const std::filesystem::path&, const std::string&, const std::string&));

/// A finished run in a cache folder: weights under checkpoints/epoch_K.pt, where K is the epoch that is evaluated, and the settings they came from.
class fine_tune_cache {
public:
    /// @param settings see run_settings_text
    fine_tune_cache(const workload::clip_config& shape, const fine_tune_options& options, const workload::fine_tuning_length& length,
                    std::string settings)
        : folder_{std::filesystem::path{options.cache} / run_name(shape, options.architecture, options.pretrained)},
          weights_{folder_ / "checkpoints" / ("epoch_" + std::to_string(length.epochs) + ".pt")}, settings_{std::move(settings)} {}

    /// The weights of the run, or nothing where it is not there, cannot be read, or came about otherwise; the latter two are told to `warn`.
    template <class Report>
    [[nodiscard]] std::optional<nn::clip_model> find(const workload::clip_config& shape, const Report& report) const {
        std::string wrong;
        auto found = finished_run(weights_, settings(), settings_, shape, wrong);
        if (!wrong.empty()) report.warn(wrong);
        return found;
    }

    void store(const nn::clip_model& m) const { store_run(m, weights_, settings(), settings_); }

private:
    [[nodiscard]] std::string settings() const { return (folder_ / "settings.txt").string(); }

    std::filesystem::path folder_, weights_;
    std::string settings_;
};

} // namespace detail

/// The model after a brief fine-tuning, longer the smaller it is (see workload::scaled_fine_tuning), or the one that the cache holds of that run.
/// The given model stays as it is. Batches come from any source: `nn::memory_batches` of tensors, `nn::caption_batches` of files.
/// @param original dimensions of the unpruned model
/// @param report see `fine_tune_report`
/// @param processes that train together; the first keeps the cache
/// @throws error, input_error if an epoch has too few batches; file_error if the cache cannot be written; nonfinite_error for a loss, gradients or
/// weights that are not finite, which are not kept
template <nn::precision_policy Precision = nn::fp32, nn::batch_source Source, nn::training_objective Objective = nn::contrastive_objective,
          class Report = fine_tune_report, nn::communicator Processes = nn::single_process>
[[nodiscard]] nn::clip_model fine_tune(const nn::clip_model& pruned, const workload::clip_config& original, const Source& source,
                                       const fine_tune_options& options = {}, Objective objective = {}, const Report& report = {},
                                       const Processes& processes = {}) {
    const auto shape = nn::config_of(pruned);
    const auto device = pruned.logit_scale.device();
    const auto length = workload::scaled_fine_tuning(original, shape, source.size(), options.length);
    const bool first = processes.rank() == 0, kept = first && !options.cache.empty();
    const verdant::supernet::detail::fine_tune_cache cache{
        shape, options, length,
        kept ? verdant::supernet::detail::run_settings_text(options, length, pruned, type_name<Precision>(), type_name<Objective>()) : std::string{}};
    auto m = nn::clone(pruned);
    auto there = at::full({}, std::int64_t{0}, at::kLong);
    if (kept)
        if (const auto found = cache.find(shape, report)) {
            m = nn::to(*found, device, m.logit_scale.scalar_type());
            there.fill_(1);
        }
    processes.broadcast(there, 0);
    if (there.item<std::int64_t>() != 0) {
        std::vector<at::Tensor> weights;
        nn::for_each_parameter(m, [&weights](const std::string&, const at::Tensor& t) { weights.push_back(t); });
        nn::broadcast(processes, weights);
        return m;
    }
    auto optimizer = nn::adamw_of(m, options.optimizer);
    nn::train<Precision>(m, optimizer, source, std::move(objective), nn::cosine_schedule{options.learning_rate, options.warmup, length.steps},
                         {.optimizer = options.optimizer,
                          .steps = length.steps,
                          .accumulated_batches = options.length.accumulated_batches,
                          .largest_gradient = options.largest_gradient,
                          .nonfinite = options.nonfinite},
                         report, processes);
    nn::require_grad(m, false);
    optimizer.clear_gradients();
    if (kept) cache.store(m);
    return m;
}

/// Prunes and fine-tunes, for the evaluator of a search: `fine_tuner{model, importance, source, options}(point)`.
template <nn::batch_source Source, nn::precision_policy Precision = nn::fp32>
class fine_tuner {
public:
    fine_tuner(nn::clip_model original, clip_importance importance, Source source, fine_tune_options options = {}, layer_probe probe = {})
        : original_{std::move(original)}, importance_{std::move(importance)}, source_{std::move(source)}, options_{std::move(options)},
          probe_{std::move(probe)} {}

    [[nodiscard]] nn::clip_model operator()(const workload::clip_config& shape) const {
        return fine_tune<Precision>(prune(original_, importance_, shape, probe_), nn::config_of(original_), source_, options_);
    }
    /// @param p of a space such as spaces::clip
    template <search_space Space>
    [[nodiscard]] nn::clip_model operator()(const point<Space>& p) const {
        return (*this)(spaces::clip_of(p, nn::config_of(original_)));
    }

private:
    nn::clip_model original_;
    clip_importance importance_;
    Source source_;
    fine_tune_options options_;
    layer_probe probe_;
};

} // namespace verdant::supernet
