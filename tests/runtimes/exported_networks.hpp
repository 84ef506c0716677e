#pragma once

// Every kind of network that can be written as a file of ONNX, small and with random weights: its model, inputs, and what LibTorch computes of them
// here.

#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/models/bert.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/llama.hpp>
#include <verdant/nn/models/mnasnet.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/mobile_net_1d.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/models/residual_net.hpp>
#include <verdant/nn/models/transformer_model.hpp>
#include <verdant/nn/models/vit.hpp>
#include <verdant/pruning/clip_importance.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/pruning/trim.hpp>
#include <verdant/spaces/mnasnet/mnasnet_1d.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/mobile_net_1d_onnx.hpp>
#include <verdant/workload/convnet/mobile_net_onnx.hpp>
#include <verdant/workload/convnet/residual_net.hpp>
#include <verdant/workload/convnet/residual_net_onnx.hpp>
#include <verdant/workload/transformer/bert_onnx.hpp>
#include <verdant/workload/transformer/clip_onnx.hpp>
#include <verdant/workload/transformer/llama_onnx.hpp>
#include <verdant/workload/transformer/vit_onnx.hpp>

#include <ATen/Context.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <c10/core/GradMode.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace exported {

namespace nn = verdant::nn;
namespace spaces = verdant::spaces;
namespace workload = verdant::workload;
using workload::nonlinearity;

struct network {
    std::string name;
    onnx::ModelProto model;
    std::vector<std::pair<std::string, at::Tensor>> inputs;
    at::Tensor expected; ///< of the only output
};

/// How many rows are computed, and the batch of the files, 0 for an open one.
struct batch {
    std::int64_t rows = 1;
    int written = 1;
};

/// While it lives, nothing is recorded for gradients; numbers are drawn from a seed.
struct drawing {
    drawing() { at::manual_seed(5); }
    c10::AutoGradMode off{false};
};

/// The largest difference of two outputs, relative to the largest number expected.
[[nodiscard]] inline double difference(const at::Tensor& found, const at::Tensor& expected) {
    return ((found - expected).abs().max() / expected.abs().max()).item<double>();
}

/// Norms get statistics and scales, and layers biases, that are not those of a new network.
template <class Net>
void unsettle_norms(Net& net) {
    for_each_tensor(net, [](const std::string& name, at::Tensor& t, bool) {
        const bool of_norm = name.find("bn.") != name.npos || name.find(".1.running") != name.npos;
        if (t.is_floating_point() && (of_norm || t.dim() == 1)) t.add_(at::rand(t.sizes()));
    });
}

/// A mobile or residual network. @param described what is written, which `net` has the tensors of
template <class Description, class Net>
[[nodiscard]] network convolutional(std::string name, const Description& described, const Net& net, const at::Tensor& x, const batch& b,
                                    const char* input = "pixel_values") {
    return {std::move(name), workload::to_onnx(described, nn::state_of(net), b.written), {{input, x}}, nn::forward(net, x, nn::evaluating{})};
}

[[nodiscard]] inline network mobile(int group, double standardise, bool final_expand, const batch& b) {
    workload::mobile_net d;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = nonlinearity::h_swish};
    d.blocks.push_back({.in = 8, .mid = 8, .out = 8, .act = nonlinearity::relu6, .shortcut = true});
    d.blocks.push_back({.in = 8, .mid = 24, .out = 16, .kernel = 5, .stride = 2, .expand = 3, .act = nonlinearity::h_swish, .se = true});
    d.blocks.push_back({.in = 16, .mid = 48, .out = 16, .kernel = 7, .expand = 3, .act = nonlinearity::relu, .se = true, .shortcut = true});
    if (final_expand) d.final_expand = {.in = 16, .out = 32, .act = nonlinearity::h_swish};
    d.feature_mix = {.in = final_expand ? 32 : 16, .out = 40, .act = nonlinearity::h_swish, .batch_norm = !final_expand};
    d.classes = 5;
    d.image_size = 32;
    d.gn_channels = group;
    d.ws_eps = standardise;
    auto net = nn::empty_mobile_net(d);
    nn::initialise(net, 3);
    unsettle_norms(net);
    const std::string name = std::string{"mobile"} + (group > 0 ? ", group norm" : "") + (standardise > 0 ? ", standardised" : "") +
                             (final_expand ? ", final expand" : "");
    return convolutional(name, d, net, at::rand({b.rows, 3, 32, 32}), b);
}

[[nodiscard]] inline network residual(bool stem, const batch& b) {
    workload::residual_net d;
    d.stem_residual = stem;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = nonlinearity::relu};
    d.last_conv = {.in = 8, .out = 16, .kernel = 3, .act = nonlinearity::relu};
    d.blocks.push_back({.in = 16, .mid = 8, .out = 32, .shortcut = workload::downsample::conv});
    d.blocks.push_back({.in = 32, .mid = 8, .out = 32});
    d.blocks.push_back({.in = 32, .mid = 8, .out = 48, .stride = 2, .shortcut = workload::downsample::avgpool_conv});
    d.classes = 5;
    d.image_size = 36; // the map of 9 x 9 is not divisible by 2
    auto net = nn::empty_residual_net(d);
    nn::initialise(net, 3);
    unsettle_norms(net);
    return convolutional(stem ? "residual, residual stem" : "residual", d, net, at::rand({b.rows, 3, 36, 36}), b);
}

/// With and without squeeze-and-excitation, expansion and shortcut; under the names of mobile networks, which the export knows.
[[nodiscard]] inline network mnasnet(nonlinearity act, const batch& b) {
    const auto p = verdant::point<spaces::mnasnet>{}.with<"block1_e", 4>().with<"block2_k", 5>().with<"block3_se", false>().with<"block2_l", 2>();
    const auto d = spaces::net_of(p, {.image_size = 32, .classes = 10, .act = act});
    auto net = nn::empty_mnasnet(d);
    initialise(net, 3);
    unsettle_norms(net);
    return convolutional(act == nonlinearity::silu ? "MnasNet, SiLU" : "MnasNet", d, nn::as_mobile_net(net), at::rand({b.rows, 3, 32, 32}), b);
}

[[nodiscard]] inline network signals(const spaces::signal_task& task, const batch& b) {
    const auto d = spaces::net_of(verdant::point<spaces::mnasnet_1d>{}, task);
    auto net = nn::empty_mobile_net_1d(d);
    initialise(net, 3);
    for_each_tensor(net, [](const std::string&, at::Tensor& t, bool) {
        if (t.dim() == 1) t.add_(at::rand(t.sizes()));
    });
    return convolutional("MnasNet for signals, " + std::string{task.name}, d, net, at::randn({b.rows, d.first_conv.in, d.length}), b, "signals");
}

/// A network of random weights whose norms and biases are not those of a new one.
template <class Model>
[[nodiscard]] Model unsettled(Model m) {
    for_each_parameter(m, [](const std::string&, at::Tensor& t) {
        if (t.dim() == 1) t.add_(at::rand(t.sizes()) * 0.5);
        else if (t.dim() > 1 && t.std().template item<double>() < 0.05) t.mul_(5); // so that attention is not even
    });
    return m;
}

[[nodiscard]] inline workload::clip_config small_clip(workload::activation act) {
    return {.text = {3, 24, 32, 3, 8},
            .vision = {3, 40, 64, 4, 16},
            .patch = 8,
            .joint = 20,
            .image = 24,
            .context = 11,
            .vocabulary = 50,
            .nonlinearity = act};
}

/// Texts of all lengths behind whose end is padding; the last one has two tokens that are the largest.
[[nodiscard]] inline at::Tensor texts(std::int64_t rows, std::int64_t context, std::int64_t vocabulary) {
    auto ids = at::randint(1, vocabulary - 1, {rows, context}, at::kLong);
    for (std::int64_t i = 0; i < rows; ++i) {
        const auto end = context - 1 - (3 * i + 2) % context;
        ids[i].slice(0, end, context).fill_(0);
        ids[i][end] = vocabulary - 1;
    }
    ids[rows - 1][context - 1] = vocabulary - 1;
    return ids;
}

/// Both towers of a model. @param name of the model
[[nodiscard]] inline std::vector<network> towers(const std::string& name, const nn::clip_model& m, const batch& b) {
    const auto c = nn::config_of(m);
    const auto images = at::randn({b.rows, 3, c.image, c.image}), ids = texts(b.rows, c.context, c.vocabulary);
    return {
        {name + ", vision", workload::vision_tower_to_onnx(c, nn::state_of(m), b.written), {{"pixel_values", images}}, nn::encode_image(m, images)},
        {name + ", text", workload::text_tower_to_onnx(c, nn::state_of(m), b.written), {{"input_ids", ids}}, nn::encode_text(m, ids)}};
}

/// One order of pruning for all layers: unit 1 goes first, then 2 and so on, and unit 0 last.
[[nodiscard]] inline verdant::supernet::tower_importance importance(const workload::tower& t) {
    const auto units = [](int count) {
        verdant::supernet::layer_importance out;
        for (int i = 0; i < count; ++i) out.push_back({(i + 1) % count, 1.0 - 0.01 * i});
        return out;
    };
    const auto layers = static_cast<std::size_t>(t.layers);
    return {std::vector(layers, units(verdant::supernet::ffn_blocks)), std::vector(layers, units(t.heads))};
}

/// CLIPs of all nonlinearities; pruned by importance; and with other numbers of heads and feed-forward channels in every layer.
[[nodiscard]] inline std::vector<network> clips(const batch& b) {
    using workload::activation;
    std::vector<network> out;
    const auto put = [&](const std::string& name, const nn::clip_model& m) {
        for (auto& one : towers(name, m, b)) out.push_back(std::move(one));
    };
    put("CLIP, QuickGELU", unsettled(nn::random_clip(small_clip(activation::quick_gelu), 3)));
    put("CLIP, ReLU", unsettled(nn::random_clip(small_clip(activation::relu), 3)));
    const auto c = small_clip(activation::gelu);
    const auto whole = unsettled(nn::random_clip(c, 3));
    put("CLIP", whole);
    auto target = c;
    target.text = {2, 20, 20, 2, 8};
    target.vision = {3, 32, 40, 3, 16};
    put("CLIP, pruned", verdant::supernet::prune(whole, {importance(c.text), importance(c.vision)}, target));
    auto trimmed = nn::clone(whole);
    verdant::supernet::remove_head(trimmed.text.blocks[1], 0);
    verdant::supernet::remove_ffn_block(trimmed.text.blocks[2], 3);
    verdant::supernet::remove_head(trimmed.vision.blocks[2], 1);
    verdant::supernet::remove_ffn_block(trimmed.vision.blocks[1], 0);
    put("CLIP, layers trimmed", trimmed);
    return out;
}

[[nodiscard]] inline network vit(const batch& b) {
    const workload::vit_config c{.layers = 2, .width = 24, .ffn = 40, .heads = 3, .image = 24, .patch = 8, .channels = 3, .classes = 7};
    const auto m = unsettled(nn::random_transformer<nn::vit>(c, 3));
    const auto images = at::randn({b.rows, 3, c.image, c.image});
    return {"ViT", workload::to_onnx(c, nn::state_of(m), b.written), {{"pixel_values", images}}, nn::logits(m, images)};
}

/// 1, and 0 behind texts of different lengths; of three, the last is nothing but padding.
[[nodiscard]] inline at::Tensor seen_tokens(std::int64_t rows, std::int64_t tokens) {
    auto seen = at::ones({rows, tokens}, at::kLong);
    for (std::int64_t i = 0; i < rows; ++i) seen[i].slice(0, tokens - (2 * i + 1) % tokens, tokens).fill_(0);
    if (rows > 2) seen[rows - 1].zero_();
    return seen;
}

[[nodiscard]] inline network bert(const batch& b) {
    const workload::bert_config c{.layers = 2, .width = 24, .ffn = 40, .heads = 3, .vocabulary = 50, .positions = 16, .token_types = 2, .classes = 3};
    const int tokens = 9; // of 16
    const auto m = unsettled(nn::random_transformer<nn::bert>(c, 3));
    const auto ids = at::randint(0, c.vocabulary, {b.rows, tokens}, at::kLong), types = at::randint(0, 2, {b.rows, tokens}, at::kLong);
    const auto seen = seen_tokens(b.rows, tokens);
    return {"BERT",
            workload::to_onnx(c, nn::state_of(m), tokens, b.written),
            {{"input_ids", ids}, {"attention_mask", seen}, {"token_type_ids", types}},
            nn::logits(m, ids, seen, types)};
}

/// @param shared heads that read the same keys and values; with several, the rotary embedding is stretched as well
[[nodiscard]] inline network llama(int shared, const batch& b) {
    workload::llama_config c{
        .layers = 2, .width = 32, .ffn = 40, .heads = 4, .key_value_heads = 4 / shared, .vocabulary = 50, .positions = 64, .classes = 3};
    if (shared > 1) c.scaling = {.factor = 8, .low_frequency = 1, .high_frequency = 4, .original_positions = 32};
    const int tokens = 12;
    const auto m = unsettled(nn::random_transformer<nn::llama>(c, 3));
    const auto ids = at::randint(0, c.vocabulary, {b.rows, tokens}, at::kLong), seen = seen_tokens(b.rows, tokens);
    return {shared > 1 ? "Llama, shared keys" : "Llama",
            workload::to_onnx(c, nn::state_of(m), tokens, b.written),
            {{"input_ids", ids}, {"attention_mask", seen}},
            nn::logits(m, ids, seen)};
}

[[nodiscard]] inline std::vector<network> mobile_networks(const batch& b) {
    const drawing same;
    return {mobile(0, 0, true, b), mobile(0, 0, false, b), mobile(4, 0, true, b), mobile(0, 1e-5, false, b), mobile(4, 1e-5, true, b)};
}
[[nodiscard]] inline std::vector<network> mnasnets(const batch& b) {
    const drawing same;
    return {mnasnet(nonlinearity::relu, b), mnasnet(nonlinearity::silu, b)};
}
[[nodiscard]] inline std::vector<network> residual_networks(const batch& b) {
    const drawing same;
    return {residual(true, b), residual(false, b)};
}
/// Parts of the published supernets, whole.
[[nodiscard]] inline std::vector<network> published_networks(const batch& b) {
    const drawing same;
    std::vector<network> out;
    const auto put = [&](const char* name, const auto& d, auto net) {
        nn::initialise(net, 3);
        unsettle_norms(net);
        out.push_back(convolutional(name, d, net, at::rand({b.rows, 3, d.image_size, d.image_size}), b));
    };
    const auto mobile_v3 = spaces::net_of(verdant::point<spaces::ofa_mobilenet_v3<1.0>>{});
    put("Once-for-all, MobileNetV3", mobile_v3, nn::empty_mobile_net(mobile_v3));
    const auto proxyless = spaces::net_of(verdant::point<spaces::ofa_proxyless<1.3>>{});
    put("Once-for-all, ProxylessNAS", proxyless, nn::empty_mobile_net(proxyless));
    const auto resnet = spaces::net_of(verdant::point<spaces::ofa_resnet<>>{});
    put("Once-for-all, ResNet50D", resnet, nn::empty_residual_net(resnet));
    return out;
}
[[nodiscard]] inline std::vector<network> networks_of_signals(const batch& b) {
    const drawing same;
    return {signals(spaces::signal_tasks[1], b), signals(spaces::signal_tasks[2], b)};
}
[[nodiscard]] inline std::vector<network> transformers(const batch& b) {
    const drawing same;
    auto out = clips(b);
    for (auto one : {vit(b), bert(b), llama(1, b), llama(2, b)}) out.push_back(std::move(one));
    return out;
}

/// All of them.
[[nodiscard]] inline std::vector<network> networks(const batch& b) {
    std::vector<network> all;
    for (const auto make : {&mobile_networks, &mnasnets, &residual_networks, &published_networks, &networks_of_signals, &transformers})
        for (auto& one : make(b)) all.push_back(std::move(one));
    return all;
}

} // namespace exported
