#pragma once

#include <verdant/data/images/image_set.hpp>
#include <verdant/error.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/measurement.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/recipes/image_training.hpp>
#include <verdant/nn/recipes/proxy_checkpoint.hpp>
#include <verdant/nn/recipes/proxy_training.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/space/space.hpp>

#include <algorithm>
#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <sys/stat.h>

/// An evaluator for multi-fidelity searches whose fidelity is the number of epochs of a training with proxies.
namespace verdant::nn {

/// Which epochs an `epochs_evaluator` validates and reports.
enum class reported_epochs : unsigned char {
    last, ///< the last `proxy_recipe::validated` of each measurement; one report at its end
    all,  ///< each, so that policies that stop trials can judge it
};

/// How an `epochs_evaluator` trains.
/// @tparam Precision of products
/// @tparam Mode how layers are computed: `training`, or `training_channels_last` for narrow nets on one thread
template <precision_policy Precision = fp32, std::derived_from<training> Mode = training>
struct epochs_options {
    std::uint64_t seed = 0; ///< of weights and trainings: those of a trial are derived from it and the trial's number
    reported_epochs reported = reported_epochs::last;
    /// What the pictures and the builder are told by, such as a digest and settings: checkpoints of another text are refused. Of the pictures
    /// themselves only the numbers are compared.
    std::string data{};
};

/// What a network has come to when a measurement of it is done.
/// @tparam Net of the evaluator
template <search_space S, convolutional_net Net>
struct trained_so_far {
    std::uint64_t number = 0; ///< of the trial
    const point<S>& architecture;
    std::int64_t epochs = 0; ///< done of the whole training
    const Net& net;
    const image_training_record&
        record; ///< of all these epochs; its scores are the best of the last `proxy_recipe::validated`, its seconds those of all parts
};

/// For evaluators whose networks nobody looks at.
struct nobody_looks {
    template <search_space S, convolutional_net Net>
    void operator()(const trained_so_far<S, Net>&) const {}
};

/// Trains networks for as many epochs of a recipe as a measurement asks for, and goes on from the trial's own checkpoint where it was measured
/// before. In as many parts as it may be, the weights and accuracies are those of `train_with_proxies`, bit for bit. The accuracy is top-1.
///
///     struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 9> {};
///     const nn::epochs_evaluator train{epochs{}, build, images, validation, recipe}; // recipe.epochs is 9
///     vd::multi_fidelity<study, epochs, vd::asha> search{train};
///     search.checkpoints_in("checkpoints");
///
/// Without a folder of checkpoints every measurement trains from the beginning. One folder is for one training: a checkpoint of another recipe,
/// network, precision or mode, of other channel statistics, of other numbers of images, or with another `epochs_options::data` is refused. Refused
/// checkpoints, disks on which none can be written, and what `Look` throws are nothing of the network's: they end the search of the process
/// (`measurement::cannot_go_on`), and are not recorded as its failure.
/// @tparam Scale whole epochs, the whole being those of the recipe
/// @tparam Build (const point<S>&, std::uint64_t seed) -> a net with its first weights
/// @tparam Look  called as look(const trained_so_far<S, Net>&) after each measurement, by whichever thread made it
template <fidelity_scale_like Scale, class Build, image_set Set, class Look = nobody_looks, precision_policy Precision = fp32,
          std::derived_from<training> Mode = training>
class epochs_evaluator {
    static_assert(Scale::integers, "verdant: epochs_evaluator trains whole epochs, and its scale has parts of them; write a scale of whole numbers: "
                                   "fidelity_scale<\"epochs\", \"epochs\", 1, 9>");

public:
    /// @param build      of any thread
    /// @param train      training images
    /// @param validation labelled batches of `recipe.validation_side`, normalised by `statistics`, such as evaluation_batches(...).loaded()
    /// @param recipe     its seed is not used: those of trials are
    /// @throws input_error for a recipe that cannot be, and for one of another number of epochs than the scale's whole
    epochs_evaluator(Scale, Build build, Set train, std::vector<labelled_images> validation, proxy_recipe recipe,
                     const io::channel_statistics& statistics = io::imagenet_statistics, epochs_options<Precision, Mode> options = {}, Look look = {})
        : build_{std::move(build)}, train_{std::move(train)}, validation_{std::move(validation)}, recipe_{recipe}, statistics_{statistics},
          options_{options}, look_{std::move(look)} {
        check(recipe_);
        if (const auto whole = static_cast<std::int64_t>(Scale::view().whole()); whole != recipe_.epochs)
            throw input_error{"training at fidelities", "epochs",
                              "as many epochs as the recipe has, " + std::to_string(recipe_.epochs) + ", as the whole fidelity",
                              std::to_string(whole)};
    }

    /// @throws error where a step takes more memory than the recipe allows; input_error, file_error for checkpoints; what `train_with_proxies_until`
    /// throws
    template <search_space S>
        requires std::invocable<const Build&, const point<S>&, std::uint64_t>
    metrics<accuracy> operator()(const point<S>& p, measurement<Scale>& m) const {
        auto recipe = recipe_;
        recipe.seed = random_stream::derived_seed(options_.seed, m.number());
        auto net = std::invoke(build_, p, recipe.seed);
        const auto of = subject_of(p);
        std::string file;
        image_training_state state;
        or_end(m, [&] {
            if (const auto kept = m.folder(); !kept.empty()) file = kept + "/training.safetensors";
            state = stand_of(m, file, net, recipe, of);
        });
        if (state.epochs == 0) require_memory(net);
        auto record = state.record;
        auto part = [&](std::int64_t until) {
            record = trained_until(until, m, file, state, net, recipe);
            return m.report(until, metrics<accuracy>{record.top1}) == measurement_step::stop;
        };
        if (options_.reported == reported_epochs::last) part(m.value());
        else
            for (auto until = std::min(m.value(), state.epochs + 1); !part(until) && until < m.value(); ++until) {}
        or_end(m, [&] {
            if (!file.empty()) write_proxy_checkpoint(file, net, state, recipe, of);
            std::invoke(look_, trained_so_far<S, std::remove_cvref_t<decltype(net)>>{m.number(), p, state.epochs, std::as_const(net), record});
        });
        return record.top1;
    }

private:
    /// Calls what is nothing of the network's: what it throws ends the search.
    template <class F>
    static void or_end(measurement<Scale>& m, F&& f) {
        try {
            f();
        } catch (...) {
            m.cannot_go_on(std::current_exception());
            throw;
        }
    }

    template <class Net>
    [[nodiscard]] image_training_record trained_until(std::int64_t until, measurement<Scale>& m, const std::string& file, image_training_state& state,
                                                      Net& net, const proxy_recipe& recipe) const {
        try {
            return train_with_proxies_until<Precision, Mode>(until, state, net, train_, validation_, recipe, statistics_);
        } catch (const input_error& e) {
            if (!file.empty() && e.source() == file) m.cannot_go_on(std::current_exception()); // a checkpoint that is of another training after all
            throw;
        }
    }

    template <search_space S>
    [[nodiscard]] training_subject subject_of(const point<S>& p) const {
        std::size_t validated = 0;
        for (const auto& batch : validation_) validated += static_cast<std::size_t>(batch.labels.size(0));
        return computed_by<Precision, Mode>({.network = to_string(p),
                                             .data = options_.data,
                                             .images = static_cast<std::size_t>(train_.size()),
                                             .validation_images = validated,
                                             .statistics = statistics_});
    }

    /// Where the training of the trial stands: an empty state, with the net as it was built, where it begins.
    /// @throws file_error where it cannot be known whether there is a checkpoint: a disk that is away for a while is no reason to train anew
    template <class Net>
    [[nodiscard]] static image_training_state stand_of(measurement<Scale>& m, const std::string& file, Net& net, const proxy_recipe& recipe,
                                                       const training_subject& of) {
        if (m.reached() == 0) return {}; // what there may be is of an interrupted measurement or of another search
        if (!file.empty() && is_there(file)) {
            auto fresh = clone(net);
            // Beyond what the search was told where it was interrupted between the two.
            if (auto state = read_proxy_checkpoint(file, fresh, recipe, of); state.epochs >= m.reached() && state.epochs <= m.value()) {
                net = std::move(fresh);
                return state;
            }
        }
        m.started_over();
        return {};
    }

    [[nodiscard]] static bool is_there(const std::string& file) {
        struct stat found{};
        if (::stat(file.c_str(), &found) == 0) return true;
        if (errno != ENOENT) throw file_error{file, "look for", std::generic_category().message(errno)};
        return false;
    }

    template <class Net>
    void require_memory(const Net& net) const {
        if (recipe_.memory_limit == 0) return;
        if (const auto bytes = step_memory<Precision>(net, recipe_.batch, recipe_.resolution.greatest); bytes > recipe_.memory_limit)
            throw error{"a step takes " + std::to_string(bytes) + " bytes, more than memory_limit, " + std::to_string(recipe_.memory_limit)};
    }

    Build build_;
    Set train_;
    std::vector<labelled_images> validation_;
    proxy_recipe recipe_;
    io::channel_statistics statistics_;
    epochs_options<Precision, Mode> options_;
    Look look_;
};

} // namespace verdant::nn
