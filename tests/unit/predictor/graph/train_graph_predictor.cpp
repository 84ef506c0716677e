#include <verdant/predictor/graph/train_graph_predictor.hpp>

#include "catch.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/predictor/corpus_split.hpp>
#include <verdant/predictor/graph/conv_layers.hpp>
#include <verdant/predictor/graph/edge_functions.hpp>
#include <verdant/predictor/graph/edge_rows.hpp>
#include <verdant/predictor/graph/feature_scores.hpp>
#include <verdant/predictor/graph/graph_loss.hpp>
#include <verdant/predictor/graph/node_norm.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

using namespace verdant;
using namespace verdant::predictor;
using Catch::Contains;

namespace {

/// Chains of blocks of three kinds, with a number; the target is the mean of what blocks are worth.
graph_samples chains(std::size_t n, std::size_t outputs = 1) {
    random_stream random{7};
    graph_samples s;
    for (std::size_t i = 0; i < n; ++i) {
        const auto nodes = static_cast<graph::node>(3 + random.below(4));
        std::vector<graph::edge> edges;
        std::vector<float> features;
        double sum = 0;
        for (graph::node b = 0; b < nodes; ++b) {
            if (b > 0) edges.push_back({b - 1, b});
            const auto kind = static_cast<int>(random.below(3));
            const double size = random.uniform();
            features.insert(features.end(), {static_cast<float>(kind), static_cast<float>(size)});
            sum += kind + 0.5 * size;
        }
        s.graphs.push_back({graph::csr_graph{nodes, edges}, 2, features});
        for (std::size_t k = 0; k < outputs; ++k) s.targets.push_back(k == 0 ? sum / nodes : 10 - sum * sum);
    }
    return s;
}

surrogate::graph_predictor_options small(surrogate::graph_layer_kind layer = surrogate::graph_layer_kind::gatv2_conv) {
    surrogate::graph_predictor_options o;
    o.features = {surrogate::category_feature("kind", 3), surrogate::number_feature("size")};
    o.layer = layer;
    o.width = 8;
    o.layers = 2;
    o.moment_units = o.moment_hops = 0;
    return o;
}

graph_training_options quick(std::int64_t epochs) { return {.epochs = epochs, .batch = 16, .learning_rate = 1e-2, .last_rate = 1, .seed = 3}; }

std::string here(const std::string& name) {
    const auto folder = std::filesystem::temp_directory_path() / "verdant_graph_training";
    std::filesystem::create_directories(folder);
    const auto path = (folder / name).string();
    std::filesystem::remove(path);
    return path;
}

TEST_CASE("graph predictors learn, and their seeds repeat") {
    const auto samples = chains(120);
    const auto split = split_corpus(samples.size(), 1, 0.8);
    std::vector<graph_epoch> epochs;
    graph_training_run run;
    run.report = [&epochs](const graph_epoch& e) {
        epochs.push_back(e);
        return false;
    };
    const auto trained = train_graph_predictor(small(), samples, split, quick(30), run);
    REQUIRE(epochs.size() == 30);
    CHECK(epochs.back().loss < 0.4 * epochs.front().loss);
    CHECK(epochs.back().epoch == 30);
    CHECK(epochs.back().errors.size() == 1);
    CHECK(epochs.back().errors[0].mean_squared == Approx(epochs.back().squared_error).epsilon(0.05));
    CHECK(trained.finished);
    REQUIRE(trained.test.size() == 1);
    CHECK(trained.test[0].spearman > 0.9);
    CHECK(trained.test[0].hop_spearman.size() == 3);
    CHECK(trained.test[0].raw.mean_absolute ==
          Approx(trained.test[0].normalised.mean_absolute * trained.weights.tensors.at("mlp_moments").to<double>()[1]).epsilon(1e-5));
    for (std::size_t i = 0; i < samples.size(); ++i) CHECK(samples.targets[i] <= samples.targets[trained.best_entry]);
    CHECK_NOTHROW(surrogate::check_weights(trained.weights));
    CHECK(trained.weights.tensors.at("test_metrics").to<float>()[2] == Approx(trained.test[0].spearman));
    CHECK(trained.weights.tensors.at("hop_moments").to<float>()[0] > 0);
    CHECK(train_graph_predictor(small(), samples, split, quick(30)).weights == trained.weights);
    auto other = quick(30);
    other.seed = 4;
    CHECK_FALSE(train_graph_predictor(small(), samples, split, other).weights == trained.weights);
}

TEST_CASE("a training of a graph predictor that was stopped goes on with the same bits") {
    const auto samples = chains(60);
    const auto split = split_corpus(samples.size(), 1);
    auto options = quick(5);
    options.last_rate = 0.1;
    const auto whole = train_graph_predictor(small(), samples, split, options);

    graph_training_run run{.checkpoint = here("stopped.safetensors")};
    run.report = [](const graph_epoch& e) { return e.epoch % 2 == 0; };
    const auto stopped = train_graph_predictor(small(), samples, split, options, run);
    CHECK_FALSE(stopped.finished);
    CHECK(stopped.epochs == 2);
    CHECK(stopped.test.empty());
    CHECK_FALSE(train_graph_predictor(small(), samples, split, options, run).finished);
    const auto finished = train_graph_predictor(small(), samples, split, options, run);
    CHECK(finished.finished);
    CHECK(finished.weights == whole.weights);
    // Once more: nothing is left to train.
    run.report = [](const graph_epoch&) -> bool { throw std::runtime_error{"an epoch too many"}; };
    CHECK(train_graph_predictor(small(), samples, split, options, run).weights == whole.weights);

    auto other = options;
    other.batch = 8;
    CHECK_THROWS_WITH(train_graph_predictor(small(), samples, split, other, run), Contains("batch") && Contains("8 as in this training"));
    auto changed = samples;
    changed.graphs[split.train[0]].features[1] += 0.5F;
    CHECK_THROWS_WITH(train_graph_predictor(small(), changed, split, options, run), Contains("data"));
    {
        const io::detail::study_lock held{run.checkpoint};
        CHECK_THROWS_WITH(train_graph_predictor(small(), samples, split, options, run), Contains("in use by another training"));
    }
    io::write_file(run.checkpoint, "no tensors");
    std::string warned;
    run.warn = [&warned](const std::string& text) { warned = text; };
    run.report = {};
    CHECK(train_graph_predictor(small(), samples, split, options, run).weights == whole.weights);
    CHECK_THAT(warned, Contains("stopped.safetensors"));
}

TEST_CASE("all layers, readouts and several outputs train, and go through the value of a predictor") {
    const auto samples = chains(40, 2);
    const auto split = split_corpus(samples.size(), 2);
    using enum surrogate::graph_layer_kind;
    for (const auto layer : {gatv2_conv, gat_conv, graph_conv, gcn_conv, sage_conv}) {
        auto o = small(layer);
        o.targets = {"sum", "square"};
        o.readout = layer == graph_conv ? surrogate::graph_readout::max
                    : layer == gcn_conv ? surrogate::graph_readout::sum
                                        : surrogate::graph_readout::mean;
        o.activation = layer == sage_conv ? surrogate::graph_activation::leaky_relu : surrogate::graph_activation::relu;
        const auto first = graph_network{o, 3}.weights();
        const auto trained = train_graph_predictor(o, samples, split, quick(8));
        REQUIRE(trained.test.size() == 2);
        CHECK(std::isfinite(trained.test[1].normalised.mean_absolute));
        CHECK_NOTHROW(surrogate::check_weights(trained.weights));
        CHECK_FALSE(trained.weights == first);
        const graph_network again{trained.weights};
        CHECK(again.weights() == trained.weights);
        const auto one = read_graphs(again, network_graphs{{&samples.graphs[5], 1}, o}), all = read_graphs(again, network_graphs{samples.graphs, o});
        for (std::size_t k = 0; k < 2; ++k) CHECK(one.predictions[k] == Approx(all.predictions[10 + k]).margin(1e-5));
    }
}

TEST_CASE("a network predicts what the predictor without LibTorch predicts of it") {
    random_stream random{11};
    std::vector<graph::featured_graph> graphs;
    for (int i = 0; i < 9; ++i) {
        const auto nodes = static_cast<graph::node>(1 + random.below(6));
        std::vector<graph::edge> edges;
        for (graph::node n = 0; n < 2 * nodes; ++n)
            edges.push_back({static_cast<graph::node>(random.below(nodes)), static_cast<graph::node>(random.below(nodes))});
        std::vector<float> features;
        for (graph::node n = 0; n < nodes; ++n) {
            features.push_back(static_cast<float>(random.below(90)));
            for (int c = 0; c < 21; ++c) features.push_back(static_cast<float>(random.uniform()));
        }
        graphs.push_back({graph::csr_graph{nodes, edges}, 22, features});
    }
    using enum surrogate::graph_layer_kind;
    for (const auto layer : {gatv2_conv, gat_conv, graph_conv, gcn_conv, sage_conv}) {
        surrogate::graph_predictor_options o;
        o.features = surrogate::onnx_ir_features();
        o.layer = layer;
        o.moment_units = o.moment_hops = 0;
        o.targets = {"one", "two"};
        const graph_network net{o, 5};
        const network_graphs batches{graphs, o};
        const std::vector<std::uint32_t> some{3, 1, 7}; // moves the running moments
        CHECK(net.train(batches(some)).predictions.size(0) == 3);
        const auto weights = net.weights();
        double met = 0;
        for (const float n : weights.tensors.at("embed_layer.obs_observed").to<float>()) met += static_cast<double>(n);
        CHECK(met >= 1);
        const auto readings = read_graphs(net, batches);
        const surrogate::graph_predictor predictor{weights};
        surrogate::graph_predictor::workspace w;
        std::vector<float> found(2 * graphs.size());
        predictor.predict(graph::graph_batch{graphs}, found, w);
        for (std::size_t i = 0; i < found.size(); ++i) CHECK(readings.predictions[i] == Approx(found[i]).epsilon(1e-4).margin(1e-5));
    }
}

TEST_CASE("gradients of norms, readouts and scores are those of small differences") {
    const c10::AutoGradMode on{true};
    auto stream = nn::generator(1);
    const auto drawn = [&stream](at::IntArrayRef shape) { return at::empty(shape, at::TensorOptions{}.dtype(at::kDouble)).normal_(0, 1, stream); };
    const auto x = drawn({7, 5}), weight = drawn({5}), bias = drawn({5}), residual = drawn({7, 5}), table = drawn({3, 2}), wide = drawn({1, 1});
    const auto first_nodes = at::tensor(std::vector<int>{0, 3, 7}, at::kInt);
    const auto places = at::tensor(std::vector<int>{0, -1, 2, -1, 1, -1, 0, -1, 1, -1, 1, -1, 2, -1}, at::kInt).view({7, 2});
    const std::vector<feature_layers> features{{table, {}, {drawn({1, 2}), drawn({1})}},
                                               {{}, {drawn({2, 1}), drawn({2})}, {drawn({1, 2}), drawn({1})}}};
    const auto numbers = drawn({7, 1});
    for (const auto how : {surrogate::graph_readout::mean, surrogate::graph_readout::sum, surrogate::graph_readout::max}) {
        const auto value = [&] {
            const node_norm norm{weight, bias, at::zeros({5}, x.options()), at::ones({5}, x.options()), at::zeros({}, at::kLong)};
            const auto y = norm.train(x, 0.1, residual), s = scores_of(features, {places, numbers});
            return (readout(at::cat({y * y, s * s.sum()}, 1), first_nodes, how) * wide).sum();
        };
        for (const auto& t :
             {x, weight, bias, residual, table, features[0].projection.weight, features[1].numbers.weight, features[1].projection.bias}) {
            t.set_requires_grad(true);
            value().backward();
            const auto gradient = t.grad().contiguous().view({-1}).clone();
            t.mutable_grad().reset();
            t.set_requires_grad(false);
            const auto flat = t.view({-1});
            for (std::int64_t i = 0; i < flat.size(0); ++i) {
                const double h = 1e-6;
                flat[i].add_(h);
                const double up = value().item<double>();
                flat[i].sub_(2 * h);
                const double down = value().item<double>();
                flat[i].add_(h);
                CHECK(gradient[i].item<double>() == Approx((up - down) / (2 * h)).epsilon(1e-4).margin(1e-5));
            }
        }
    }
}

TEST_CASE("what no graph predictor can be trained with is refused by name") {
    const auto samples = chains(20);
    const auto split = split_corpus(samples.size(), 1);
    const auto train = [&](const graph_samples& s, const graph_training_options& o = quick(1)) {
        return train_graph_predictor(small(), s, split, o);
    };
    CHECK_THROWS_WITH(train_graph_predictor(small(), samples, split, quick(1), {.save_epochs = 0}),
                      Contains("training of a graph predictor, save_epochs: expected at least 1, found 0"));
    auto wrong = samples;
    wrong.graphs[split.train[0]].features[2] = 3;
    CHECK_THROWS_WITH(train(wrong), Contains("graph 0, node 1, feature kind") && Contains("a category from 0 to 2"));
    wrong = samples;
    wrong.graphs[split.test[0]].features[1] = std::nanf("");
    CHECK_THROWS_WITH(train(wrong), Contains("feature size") && Contains("finite"));
    wrong = samples;
    wrong.targets[split.train[0]] = std::nan("");
    CHECK_THROWS_WITH(train(wrong), Contains("finite numbers"));
    wrong = samples;
    wrong.targets.assign(20, 0.5);
    CHECK_THROWS_WITH(train(wrong), Contains("numbers that differ"));
    wrong = samples;
    wrong.targets.pop_back();
    CHECK_THROWS_AS(train(wrong), std::exception);
    auto o = quick(1);
    o.batch = 0;
    CHECK_THROWS_WITH(train(samples, o), Contains("batch"));
    o = quick(1);
    o.learning_rate = -1;
    CHECK_THROWS_WITH(train(samples, o), Contains("learning rate"));
    CHECK_THROWS_WITH(train_graph_predictor(small(), samples, {split.train, {}}, quick(1)), Contains("split"));
    CHECK_THROWS_WITH(train_graph_predictor(small(), samples, split, quick(1), {}, unit_moments{5, 4}), Contains("moments of units"));
    CHECK_THROWS_WITH(rank_loss_of(at::zeros({3, 1}), at::zeros({2, 1}), {}), Contains("targets"));
    CHECK_THROWS_WITH(rank_loss_of(at::zeros({3, 1}), at::zeros({3, 1}), {at::zeros({2, 4})}), Contains("embeddings"));
}

} // namespace
