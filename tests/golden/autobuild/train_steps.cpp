#include "golden/autobuild/shaped_options.hpp"
#include "golden/golden.hpp"

#include <verdant/graph/graph_batch.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/numeric/spearman.hpp>
#include <verdant/predictor/corpus_split.hpp>
#include <verdant/predictor/graph/gradient_length.hpp>
#include <verdant/predictor/graph/graph_loss.hpp>
#include <verdant/predictor/graph/graph_network.hpp>
#include <verdant/predictor/graph/network_batch.hpp>
#include <verdant/predictor/graph/train_graph_predictor.hpp>
#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>

#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

// Steps of training, exactly as PyTorch takes them; and the gradients of the loss.

namespace {

namespace p = verdant::predictor;

at::Tensor column(const std::vector<float>& from) {
    return at::from_blob(const_cast<float*>(from.data()), {static_cast<std::int64_t>(from.size()), 1}, at::kFloat).clone();
}

/// Tensors by name, each on the scale of its own largest number. Where a gradient is zero but for rounding, the optimiser still makes steps of its
/// learning rate, in a direction that is luck: a program of other sums, in double precision too, ends elsewhere there. Such entries are few and may
/// be off by `drift`.
/// @param least the smallest scale
template <class Found>
void compare(golden::summary& file, const verdant::io::named_tensors& expected, const Found& found, double least, double tolerance,
             double drift = 0) {
    std::int64_t all = 0, drifted = 0;
    for (const auto& [name, value] : expected) {
        file.next_row();
        const auto wanted = value.template to<double>();
        const at::Tensor have = found(name).detach().to(at::kDouble).contiguous();
        file.equal(name + ", numbers", static_cast<std::int64_t>(wanted.size()), have.numel());
        double largest = least;
        for (const double w : wanted)
            if (std::isfinite(w)) largest = std::max(largest, std::abs(w));
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const double w = wanted[i], h = static_cast<const double*>(have.data_ptr())[i], off = std::abs(h - w);
            ++all;
            if (!std::isfinite(w)) file.compare(name, w, h);
            else if (off > tolerance * largest && off <= drift) ++drifted;
            else file.compare(name, largest, largest + (h - w));
        }
    }
    if (drift > 0) {
        INFO(drifted << " of " << all << " entries drifted");
        CHECK(static_cast<double>(drifted) <= 0.03 * static_cast<double>(all));
    }
}

/// The rows that steps of training see: the first of the measured sub-networks. Of several tables, those of the one where they have the recorded
/// mean; none where no table has as many.
std::optional<p::graph_corpus> first_rows(const golden::json& json) {
    std::size_t rows = 0;
    for (const auto& step : json.at("steps")) rows = std::max(rows, step.at("ids")[1].get<std::size_t>() + 1);
    std::optional<p::graph_corpus> best;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& table : golden::find_all("autobuild/mit_ofa*.csv")) {
        auto corpus = p::read_graph_corpus(table.path.string());
        if (rows == 0 || rows > corpus.entries.size()) continue;
        corpus.entries.resize(rows);
        double mean = 0;
        for (const auto& entry : corpus.entries) mean += entry.values[corpus.metric("acc")] / static_cast<double>(rows);
        if (const double off = std::abs(mean - json.at("target_mean").get<double>()); off < least) {
            least = off;
            best = std::move(corpus);
        }
    }
    return best;
}

TEST_CASE("steps of training are those of PyTorch") {
    for (const auto& found : golden::find_all("autobuild/train_steps*_init.safetensors")) {
        const auto stem = "autobuild/train_steps" + found.star;
        const auto path = golden::find(stem + ".json"), grads = golden::find(stem + "_grad0_clipped.safetensors"),
                   last = golden::find(stem + "_final.safetensors");
        if (!path || !grads || !last) continue;
        const auto json = golden::read_json(*path);
        auto some = first_rows(json);
        if (!some) {
            golden::skip(stem + ".json", "no table of mit_ofa*.csv has as many rows");
            continue;
        }
        const verdant::nn::thread_scope alone{1};
        const auto initial = verdant::io::read_safetensors(found.path.string());
        const auto options = golden::shaped_options(initial, verdant::surrogate::custom_features());
        p::graph_network net{{options, initial}};
        const auto& optimizer = json.at("optimizer");
        verdant::nn::adamw adamw{{.weight_decay = optimizer.at("weight_decay").get<double>(),
                                  .beta1 = optimizer.at("betas")[0].get<double>(),
                                  .beta2 = optimizer.at("betas")[1].get<double>(),
                                  .epsilon = optimizer.at("eps").get<double>()}};
        net.for_each_parameter([&adamw](const std::string& name, const at::Tensor& t) { adamw.add(name, t); });

        const auto& corpus = *some;
        const p::network_graphs graphs{p::graphs_of(corpus), options};
        std::vector<float> targets;
        for (const auto& entry : corpus.entries)
            targets.push_back(static_cast<float>((entry.values[corpus.metric("acc")] - json.at("target_mean").get<double>()) /
                                                 json.at("target_std_population").get<double>()));
        {
            golden::summary file{stem + ".json", 1e-5};
            // What steps in directions of luck, and a rectifier or a block of ranks that tips over, do to later numbers; a program in double
            // precision is as far off.
            const auto near = [&file](const char* what, double wanted, double have, double relative) {
                if (std::abs(have - wanted) <= relative * std::abs(wanted)) file.compare(what, wanted, wanted);
                else file.compare(what, wanted, have);
            };
            for (const auto& step : json.at("steps")) {
                file.next_row();
                std::vector<std::uint32_t> ids(step.at("ids")[1].get<std::size_t>() + 1 - step.at("ids")[0].get<std::size_t>());
                std::iota(ids.begin(), ids.end(), step.at("ids")[0].get<std::uint32_t>());
                std::vector<float> wanted;
                for (const auto i : ids) wanted.push_back(targets[i]);
                const auto out = net.train(graphs(ids));
                const auto loss = p::rank_loss_of(out.predictions, column(wanted), out.graphs, options.norm);
                const double slack = step.at("step") == 0 ? 0 : 1e-4;
                near("loss", step.at("loss").get<double>(), loss.value.item<double>(), slack);
                near("mse", step.at("mse").get<double>(), loss.squared_error, slack);
                loss.value.backward();
                const double length = p::clip_gradients(net, json.at("clip").get<double>()),
                             wanted_length = step.at("grad_norm_before_clip").get<double>();
                near("gradient", wanted_length, length, 20 * slack);
                if (step.at("step") == 0) {
                    std::map<std::string, at::Tensor> gradients;
                    net.for_each_parameter([&](const std::string& name, const at::Tensor& t) {
                        if (t.grad().defined()) gradients[name] = t.grad();
                    });
                    for (const auto& name : json.at("params_without_gradient"))
                        file.equal("no gradient", gradients.contains(name.get<std::string>()), false);
                    golden::summary of{stem + "_grad0_clipped.safetensors", 3e-6};
                    // On the scale of the whole gradient: sums over all nodes of what nearly cancels are rounding, in both.
                    compare(
                        of, verdant::io::read_safetensors(grads->string()), [&](const std::string& name) { return gradients.at(name); },
                        step.at("grad_norm_before_clip").get<double>(), 3e-6);
                }
                adamw.step(optimizer.at("lr").get<double>());
                adamw.clear_gradients();
            }
            const auto out = net.evaluate(graphs.all());
            const auto& wanted = json.at("eval_pred_after");
            file.equal("predictions", static_cast<std::int64_t>(wanted.size()), out.predictions.size(0));
            for (std::size_t i = 0; i < wanted.size(); ++i)
                near("prediction", 1, 1 + out.predictions[static_cast<std::int64_t>(i)].item<double>() - wanted[i].get<double>(), 1e-4);
            const auto& norms = json.at("eval_graph_norm_l1_after");
            file.equal("levels", norms.size(), out.graphs.size());
            for (std::size_t h = 0; h < norms.size(); ++h)
                for (std::size_t i = 0; i < norms[h].size(); ++i)
                    near("norm", norms[h][i].get<double>(), out.graphs[h][static_cast<std::int64_t>(i)].abs().sum().item<double>(), 1e-3);
        }
        golden::summary file{stem + "_final.safetensors", 2e-5};
        const auto weights = net.weights();
        const auto wanted = verdant::io::read_safetensors(last->string());
        compare(
            file, wanted, [&](const std::string& name) { return verdant::nn::to_tensor(weights.tensors.at(name)); }, 1, 2e-5,
            2 * static_cast<double>(json.at("steps").size()) * optimizer.at("lr").get<double>());
        file.equal("tensors", wanted.size(), weights.tensors.size());
    }
}

// Trains on nine tenths of what is left of the measured sub-networks when 392 are kept out, other ones for each seed. VERDANT_SEEDS says how many
// seeds (1 by default).
TEST_CASE("predictors trained on measured sub-networks are as good as AutoBuild's on rows that no training saw", "[heavy]") {
    for (const auto& table : golden::find_all("autobuild/mit_ofa*.csv")) {
        const auto corpus = p::read_graph_corpus(table.path.string());
        if (corpus.entries.size() < 2000) {
            golden::skip(table.name + ", training", "too few rows to train on");
            continue;
        }
        p::graph_samples all{p::graphs_of(corpus), {}};
        for (const auto& entry : corpus.entries) all.targets.push_back(entry.values[corpus.metric("acc")]);
        const char* const chosen = std::getenv("VERDANT_SEEDS");
        const int seeds = std::max(1, chosen != nullptr ? std::atoi(chosen) : 1);
        double rank = 0, error = 0;
        for (int seed = 1; seed <= seeds; ++seed) {
            std::vector<std::size_t> order(all.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            auto stream = verdant::random_stream::derive(99, static_cast<std::uint64_t>(seed));
            stream.shuffle(std::span{order});
            const auto held = p::chosen_samples(all, std::span{order}.first(392)), rest = p::chosen_samples(all, std::span{order}.subspan(392));
            const verdant::surrogate::graph_predictor_options network;
            const auto trained = p::train_graph_predictor(network, rest, p::split_corpus(rest.size(), static_cast<std::uint64_t>(seed)),
                                                          {.seed = static_cast<std::uint64_t>(seed)});
            const verdant::surrogate::graph_predictor predict{trained.weights};
            const auto found = predict(verdant::graph::graph_batch{held.graphs});
            rank += verdant::surrogate::spearman_rho(found, held.targets) / seeds;
            error += verdant::surrogate::errors_of(std::span<const double>{found}, std::span<const double>{held.targets}).mean_absolute / seeds;
        }
        std::printf("golden %s, training: mean of %d: SRCC %.4f, MAE %.5f\n", table.name.c_str(), seeds, rank, error);
        CHECK(rank >= 0.98);
        CHECK(error < 0.003);
    }
}

at::Tensor doubles(const golden::json& from) {
    std::vector<double> numbers;
    std::vector<std::int64_t> shape{static_cast<std::int64_t>(from.size())};
    for (const auto& row : from)
        if (row.is_array()) {
            numbers.insert(numbers.end(), row.begin(), row.end());
            shape.resize(2);
            shape[1] = static_cast<std::int64_t>(row.size());
        } else numbers.push_back(row.get<double>());
    return at::from_blob(numbers.data(), shape, at::kDouble).clone();
}

void check_loss(const golden::json& row, golden::summary& file) {
    file.next_row();
    const auto targets = doubles(row.at("target")).view({-1, 1}), predictions = doubles(row.at("pred")).view({-1, 1}).set_requires_grad(true);
    std::vector<at::Tensor> levels;
    // Large entries have no embeddings; of one column, a norm is its own.
    const bool whole = !row.at("embeds").is_null();
    for (const auto& level : row.at(whole ? "embeds" : "embed_norms"))
        levels.push_back(doubles(level).view({targets.size(0), -1}).set_requires_grad(true));
    const auto loss = p::rank_loss_of(predictions, targets, levels, row.at("p").get<double>(), {.weight = row.at("lambda").get<double>()});
    file.compare("loss", row.at("loss").get<double>(), loss.value.item<double>());
    file.compare("mse", row.at("mse").get<double>(), loss.squared_error);
    for (std::size_t h = 0; h < levels.size(); ++h)
        file.compare("correlation", row.at("t_spearman_per_hop")[h].get<double>(), loss.correlations[static_cast<std::int64_t>(h)].item<double>());
    loss.value.backward();
    const auto check = [&file](const std::string& what, const at::Tensor& expected, const at::Tensor& found) {
        REQUIRE(found.defined());
        file.equal(what + ", numbers", expected.numel(), found.numel());
        const auto e = expected.contiguous().view({-1}), f = found.contiguous().view({-1});
        for (std::int64_t i = 0; i < e.size(0); ++i) file.compare(what, 1, 1 + f[i].item<double>() - e[i].item<double>());
    };
    if (!row.at("grad_pred").is_null()) check("gradient of predictions", doubles(row.at("grad_pred")), predictions.grad());
    if (!whole) return;
    for (std::size_t h = 0; h < levels.size(); ++h) {
        const auto& wanted = row.at("grad_embeds")[h];
        check("gradient of embeddings", wanted.is_null() ? at::zeros_like(levels[h]) : doubles(wanted), levels[h].grad());
    }
}

TEST_CASE("the loss of ranks has the gradients of torchsort") {
    for (const auto& f : golden::find_all("autobuild/correl_loss*.json")) {
        golden::summary file{f.name + " (gradients)", 1e-9};
        for (const auto& row : golden::read_json(f.path)) check_loss(row, file);
    }
}

} // namespace
