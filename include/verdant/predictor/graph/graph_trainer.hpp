#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/numeric/spearman.hpp>
#include <verdant/predictor/graph/gradient_length.hpp>
#include <verdant/predictor/graph/graph_loss.hpp>
#include <verdant/predictor/graph/graph_network.hpp>
#include <verdant/predictor/graph/network_batch.hpp>
#include <verdant/predictor/target_moments.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/rank_loss.hpp>

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Trains graph predictors epoch by epoch.
namespace verdant::predictor {

/// Networks as graphs, with what was measured of them.
struct graph_samples {
    std::vector<graph::featured_graph> graphs;
    std::vector<double> targets; ///< [graphs, outputs], row by row, in units of their own

    [[nodiscard]] std::size_t size() const noexcept { return graphs.size(); }
};

/// How a graph predictor is trained. AutoBuild (train_predictor.py) has a constant rate of 1e-4, see `published_graph_recipe`, with which some first
/// weights do not get far in 200 epochs; measured in docs/graph_training.md.
struct graph_training_options {
    std::int64_t epochs = 200;
    std::int64_t batch = 128; ///< graphs of a step; the last one of an epoch may have fewer
    double learning_rate = 3e-3;
    double last_rate = 0; ///< the rate falls along half a cosine to this share of it at the end; 1 for a constant rate
    double weight_decay = 1e-5;
    double largest_gradient = 5; ///< longer gradients are shortened to this length
    surrogate::rank_loss_options ranks{}; ///< how much the order of the norms counts
    std::uint64_t seed = 12345; ///< of first weights and orders
};

/// AutoBuild's rate.
[[nodiscard]] inline graph_training_options published_graph_recipe() { return {.learning_rate = 1e-4, .last_rate = 1}; }

/// What is known after an epoch, of the predictions that its steps were taken by.
struct graph_epoch {
    std::int64_t epoch = 0, epochs = 0; ///< the epoch, from 1, and how many there are
    double loss = 0;                    ///< mean over steps
    double squared_error = 0;           ///< its first part
    double gradient = 0;                ///< mean length of the gradients before they were shortened
    std::vector<double> correlations;   ///< of targets with the soft ranks of norms, hop by hop, means over steps
    std::vector<surrogate::prediction_errors> errors; ///< of each output, normalised
    std::vector<double> spearman;       ///< of each output
};

/// The scale of each output. @throws input_error for targets that are not finite numbers, too few, or all the same
template <class = instantiated_when_used>
[[nodiscard]] std::vector<target_scale> target_scales(const graph_samples& samples, std::size_t outputs) {
    if (samples.size() == 0 || samples.targets.size() != samples.size() * outputs)
        throw input_error{"training of a graph predictor", "targets", std::to_string(outputs) + " for each of some graphs",
                          std::to_string(samples.targets.size()) + " for " + std::to_string(samples.size())};
    if (std::any_of(samples.targets.begin(), samples.targets.end(), [](double t) { return !std::isfinite(t); }))
        throw input_error{"training of a graph predictor", "targets", "finite numbers", "others"};
    std::vector<target_scale> scales;
    std::vector<double> column(samples.size());
    for (std::size_t k = 0; k < outputs; ++k) {
        for (std::size_t i = 0; i < column.size(); ++i) column[i] = samples.targets[i * outputs + k];
        scales.push_back(target_scale::of(column));
    }
    return scales;
}
VERDANT_DEFINED_ONCE(std::vector<target_scale> target_scales<>(const graph_samples&, std::size_t));

/// A training in progress. The same samples and options give the same bits, also where a training goes on from a state that was kept between epochs;
/// threads do not matter, since such small networks are trained by one.
template <class Deferred = instantiated_when_used>
class basic_graph_trainer {
public:
    /// @throws input_error for options, samples or features that no predictor can be trained with
    basic_graph_trainer(const surrogate::graph_predictor_options& network, const graph_samples& train, const graph_training_options& o);

    [[nodiscard]] const graph_training_options& options() const noexcept { return options_; }
    [[nodiscard]] const graph_network& network() const noexcept { return network_; }
    [[nodiscard]] graph_network& network() noexcept { return network_; }
    [[nodiscard]] const network_graphs& graphs() const noexcept { return graphs_; }
    [[nodiscard]] const std::vector<target_scale>& scales() const noexcept { return scales_; }
    /// Epochs that are done.
    [[nodiscard]] std::int64_t epochs_done() const noexcept { return epoch_; }
    [[nodiscard]] bool done() const noexcept { return epoch_ >= options_.epochs; }

    /// One epoch. @throws nonfinite_error for a loss or gradients that are not finite
    graph_epoch run_epoch();

    /// All that training goes on from.
    [[nodiscard]] io::named_tensors state() const;

    /// Goes on from a state. @throws input_error that names what differs, where it is that of another training; nothing changes then
    void restore(const io::named_tensors& state);

private:
    static void check(const graph_training_options& o) {
        const std::string source = "training of a graph predictor";
        if (o.epochs < 1 || o.batch < 2) throw input_error{source, "options", "epochs of at least 1 and a batch of at least 2", std::to_string(o.epochs) + " and " + std::to_string(o.batch)};
        require_positive(source, "learning rate", o.learning_rate);
        require_share(source, "last rate", o.last_rate);
        require_not_negative(source, "weight decay", o.weight_decay);
        require_positive(source, "largest gradient", o.largest_gradient);
    }

    /// Lays all parameters that get gradients, and these, into one tensor each, which the optimiser updates at once: sixty small ones cost as much as
    /// a layer.
    void join_parameters() {
        std::int64_t numbers = 0;
        const auto each = [this](const auto& f) {
            network_.for_each_parameter([&f](const std::string& name, const at::Tensor& t) {
                if (!name.starts_with("encoder.init_ff")) f(t); // gets no gradient, and does not decay
            });
        };
        each([&numbers](const at::Tensor& t) { numbers += t.numel(); });
        joined_ = at::empty({numbers});
        auto gradients = at::zeros({numbers});
        std::int64_t first = 0;
        each([&](at::Tensor t) {
            const auto part = [&](const at::Tensor& of) { return of.slice(0, first, first + t.numel()).view(t.sizes()); };
            auto place = part(joined_);
            place.copy_(t);
            t.set_data(place);
            t.mutable_grad() = part(gradients);
            first += t.numel();
        });
        joined_.mutable_grad() = gradients;
        adamw_.add("parameters", joined_);
    }

    void step(std::span<const std::uint32_t> chosen, graph_epoch& epoch, std::vector<double>& predicted, std::vector<double>& wanted) {
        auto targets = at::empty({static_cast<std::int64_t>(chosen.size()), static_cast<std::int64_t>(outputs_)});
        auto* to = detail::writable<float>(targets);
        for (const auto g : chosen)
            for (std::size_t k = 0; k < outputs_; ++k) wanted.push_back(*to++ = targets_[g * outputs_ + k]);
        const auto found = network_.train(graphs_(chosen));
        const auto loss = rank_loss_of(found.predictions, targets, found.graphs, network_.options().norm, options_.ranks);
        loss.value.backward();
        const double value = loss.value.item<double>(), length = clip_gradients(network_, options_.largest_gradient);
        guard_.takes(value, std::isfinite(length), adamw_.steps(), epoch.epoch - 1);
        adamw_.step(rate());
        joined_.mutable_grad().zero_();
        const auto plain = found.predictions.detach().contiguous();
        predicted.insert(predicted.end(), detail::memory<float>(plain), detail::memory<float>(plain) + plain.numel());
        epoch.loss += value, epoch.squared_error += loss.squared_error, epoch.gradient += length;
        for (std::size_t h = 0; h < epoch.correlations.size(); ++h) epoch.correlations[h] += detail::memory<double>(loss.correlations)[h];
    }

    /// The rate of the next step.
    [[nodiscard]] double rate() const {
        const auto per_epoch = (static_cast<std::int64_t>(graphs_.size()) + options_.batch - 1) / options_.batch;
        const double done = static_cast<double>(adamw_.steps()) / static_cast<double>(per_epoch * options_.epochs);
        return options_.learning_rate * (options_.last_rate + (1 - options_.last_rate) * 0.5 * (1 + std::cos(std::numbers::pi * std::min(done, 1.0))));
    }

    /// What a training cannot change when it goes on.
    [[nodiscard]] std::vector<std::pair<std::string, double>> settings() const {
        fnv1a data;
        const auto bytes = [&data](const at::Tensor& t) {
            if (t.defined()) data.add(std::string_view{static_cast<const char*>(t.data_ptr()), t.nbytes()});
        };
        const auto& all = graphs_.all();
        for (const auto* t : {&all.rows.starts, &all.rows.sources, &all.features.places, &all.features.numbers}) bytes(*t);
        data.add(std::string_view{reinterpret_cast<const char*>(targets_.data()), targets_.size() * sizeof(float)});
        // A number that a double holds exactly.
        const auto hash = static_cast<double>(data.value() >> 12);
        return {{"batch", static_cast<double>(options_.batch)},
                {"learning_rate", options_.learning_rate},
                {"last_rate", options_.last_rate},
                {"epochs_of_the_rate", options_.last_rate == 1 ? 0.0 : static_cast<double>(options_.epochs)},
                {"weight_decay", options_.weight_decay},
                {"largest_gradient", options_.largest_gradient},
                {"rank_weight", options_.ranks.weight},
                {"rank_strength", options_.ranks.strength},
                {"rank_distance", static_cast<double>(options_.ranks.distance)},
                {"seed", static_cast<double>(options_.seed)},
                {"norm", network_.options().norm},
                {"residual", network_.options().residual ? 1.0 : 0.0},
                {"readout", static_cast<double>(network_.options().readout)},
                {"activation", static_cast<double>(network_.options().activation)},
                {"head_activation", static_cast<double>(network_.options().head_activation)},
                {"graphs", static_cast<double>(graphs_.size())},
                {"data", hash}};
    }

    graph_training_options options_;
    graph_network network_;
    std::vector<target_scale> scales_;
    network_graphs graphs_;
    std::size_t outputs_;
    nn::adamw adamw_;
    at::Tensor joined_; ///< all parameters in a row
    nn::nonfinite_guard guard_;
    std::vector<float> targets_;
    std::int64_t epoch_ = 0;
};

/// The training, as programs name it.
using graph_trainer = basic_graph_trainer<>;

template <class Deferred>
basic_graph_trainer<Deferred>::basic_graph_trainer(const surrogate::graph_predictor_options& network, const graph_samples& train, const graph_training_options& o)
    : options_{o}, network_{network, o.seed}, scales_{target_scales(train, network.outputs())}, graphs_{train.graphs, network}, outputs_{network.outputs()},
      adamw_{{.weight_decay = o.weight_decay, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8}} {
    check(o);
    for (std::size_t i = 0; i < train.targets.size(); ++i) targets_.push_back(static_cast<float>(scales_[i % outputs_].scaled(train.targets[i])));
    const c10::AutoGradMode off{false};
    auto& moments = network_.target_moments();
    for (std::size_t k = 0; k < outputs_; ++k)
        for (const bool deviation : {false, true})
            detail::writable<float>(moments)[(deviation ? outputs_ : 0) + k] =
                static_cast<float>(deviation ? scales_[k].deviation : scales_[k].mean);
    join_parameters();
}
VERDANT_DEFINED_ONCE(basic_graph_trainer<>::basic_graph_trainer(const surrogate::graph_predictor_options&, const graph_samples&,
                                                                const graph_training_options&));

template <class Deferred>
graph_epoch basic_graph_trainer<Deferred>::run_epoch() {
    const nn::thread_scope alone{1};
    const c10::AutoGradMode on{true};
    std::vector<std::uint32_t> order(graphs_.size());
    std::iota(order.begin(), order.end(), 0U);
    auto stream = random_stream::derive(options_.seed, static_cast<std::uint64_t>(epoch_));
    stream.shuffle(std::span{order});
    graph_epoch out{.epoch = epoch_ + 1, .epochs = options_.epochs, .correlations = std::vector<double>(network_.options().layers + 1), .errors = {}, .spearman = {}};
    std::vector<double> predicted, wanted;
    const auto batch = static_cast<std::size_t>(options_.batch);
    std::size_t steps = 0;
    for (std::size_t first = 0; first < order.size(); first += batch, ++steps)
        step(std::span{order}.subspan(first, std::min(batch, order.size() - first)), out, predicted, wanted);
    for (auto* mean : {&out.loss, &out.squared_error, &out.gradient}) *mean /= static_cast<double>(steps);
    for (auto& rho : out.correlations) rho /= static_cast<double>(steps);
    std::vector<double> p(graphs_.size()), w(graphs_.size());
    for (std::size_t k = 0; k < outputs_; ++k) {
        for (std::size_t i = 0; i < p.size(); ++i) p[i] = predicted[i * outputs_ + k], w[i] = wanted[i * outputs_ + k];
        out.errors.push_back(surrogate::errors_of(std::span<const double>{p}, std::span<const double>{w}));
        out.spearman.push_back(p.size() < 2 ? std::nan("") : surrogate::spearman_rho(p, w));
    }
    ++epoch_;
    return out;
}
VERDANT_DEFINED_ONCE(graph_epoch basic_graph_trainer<>::run_epoch());

template <class Deferred>
io::named_tensors basic_graph_trainer<Deferred>::state() const {
    io::named_tensors out{"training of a graph predictor"};
    const auto weights = network_.weights();
    for (const auto& [name, value] : weights.tensors) out.add("network." + name, value);
    const auto moments = adamw_.state();
    for (const auto& [name, value] : moments) out.add("optimizer." + name, value);
    out.add("epoch", io::tensor_data::of<std::int64_t>({}, std::vector<std::int64_t>{epoch_}));
    for (const auto& [name, value] : settings()) out.add("run." + name, io::tensor_data::of<double>({}, std::vector<double>{value}));
    return out;
}
VERDANT_DEFINED_ONCE(io::named_tensors basic_graph_trainer<>::state() const);

template <class Deferred>
void basic_graph_trainer<Deferred>::restore(const io::named_tensors& state) {
    const auto source = state.source_name().empty() ? std::string{"training of a graph predictor"} : state.source_name();
    const auto one = [&state](const std::string& name) {
        const auto* const found = state.find(name);
        const auto values = found == nullptr ? std::vector<double>{} : found->to<double>();
        return values.size() == 1 ? values.front() : std::nan("");
    };
    for (const auto& [name, value] : settings())
        if (const double found = one("run." + name); found != value)
            throw input_error{source, name, exact_text(value) + " as in this training", std::isnan(found) ? std::string{"nothing"} : exact_text(found)};
    const double epoch = one("epoch");
    if (!(epoch >= 0) || epoch > static_cast<double>(options_.epochs))
        throw input_error{source, "epoch", "a number from 0 to " + std::to_string(options_.epochs), std::isnan(epoch) ? std::string{"nothing"} : exact_text(epoch)};
    io::named_tensors network{source}, optimizer{source};
    for (const auto& [name, value] : state) {
        if (name.starts_with("network.")) network.add(name.substr(8), value);
        if (name.starts_with("optimizer.")) optimizer.add(name.substr(10), value);
    }
    const surrogate::graph_predictor_weights weights{network_.options(), std::move(network)};
    surrogate::check_weights(weights);
    adamw_.restore(optimizer);
    network_.load(weights.tensors);
    epoch_ = static_cast<std::int64_t>(epoch);
}
VERDANT_DEFINED_ONCE(void basic_graph_trainer<>::restore(const io::named_tensors&));

} // namespace verdant::predictor
