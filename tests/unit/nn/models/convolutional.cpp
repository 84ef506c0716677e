// Layers, state, statistics and optimiser of convolutional nets.

#include <verdant/error.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/elastic_kernel.hpp>
#include <verdant/nn/layers/elastic_layers.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/models/residual_net.hpp>
#include <verdant/nn/optim/learning_rate_schedule.hpp>
#include <verdant/nn/optim/sgd.hpp>
#include <verdant/nn/train/distillation.hpp>

#include "catch.hpp"

#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace io = verdant::io;
namespace workload = verdant::workload;

namespace {

/// Two blocks, one with everything that a block can have.
workload::mobile_net small_description() {
    workload::mobile_net d;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::h_swish};
    d.blocks.push_back({.in = 8, .mid = 8, .out = 8, .shortcut = true});
    d.blocks.push_back({.in = 8, .mid = 24, .out = 16, .kernel = 5, .stride = 2, .expand = 3, .act = workload::nonlinearity::h_swish, .se = true});
    d.final_expand = {.in = 16, .out = 32, .act = workload::nonlinearity::h_swish};
    d.feature_mix = {.in = 32, .out = 40, .act = workload::nonlinearity::h_swish, .batch_norm = false};
    d.classes = 5;
    return d;
}

nn::mobile_net small_net(std::uint64_t seed = 1) {
    auto net = nn::empty_mobile_net(small_description());
    nn::initialise(net, seed);
    return net;
}

std::string refusal(const io::named_tensors& state) {
    try {
        auto net = small_net();
        nn::load_state(net, state);
    } catch (const verdant::input_error& e) { return e.what(); }
    return "accepted";
}

} // namespace

TEST_CASE("elementwise functions are those of their definitions", "[nn]") {
    const auto x = at::arange(-8, 8, 0.37, at::kDouble);
    const auto clipped = [](const at::Tensor& t) { return t.clamp(0, 6); };
    using enum workload::nonlinearity;
    CHECK(at::allclose(nn::activate(h_swish, x), x * clipped(x + 3) / 6));
    CHECK(at::allclose(nn::activate(h_sigmoid, x), clipped(x + 3) / 6));
    CHECK(at::allclose(nn::activate(relu6, x), clipped(x)));
    CHECK(at::allclose(nn::activate(relu, x), x.clamp_min(0)));
    CHECK(at::allclose(nn::activate(tanh, x), x.tanh()));
    CHECK(at::allclose(nn::activate(sigmoid, x), 1 / (1 + (-x).exp())));
    CHECK(nn::activate(none, x).is_same(x));
}

TEST_CASE("a part of a norm is a norm of the first channels and changes the whole", "[nn]") {
    auto stream = nn::generator(1);
    auto whole = *nn::empty_convolution({.in = 1, .out = 6}).norm;
    whole.weight.uniform_(0.5, 1.5, stream);
    const auto part = nn::leading(whole, 4);
    const auto x = at::randn({3, 4, 5, 5}, stream);
    nn::training mode;
    const auto y = mode.normalise(part, x);
    const auto mean = x.mean(at::IntArrayRef{0, 2, 3}), variance = x.var(at::IntArrayRef{0, 2, 3}, true),
               biased = x.var(at::IntArrayRef{0, 2, 3}, false);
    CHECK(at::allclose(whole.running_mean.narrow(0, 0, 4), 0.1 * mean, 1e-4, 1e-6));
    CHECK(at::allclose(whole.running_var.narrow(0, 0, 4), 0.9 + 0.1 * variance, 1e-4, 1e-6));
    CHECK(whole.running_mean[4].item<double>() == 0);
    CHECK(whole.running_var[5].item<double>() == 1);
    CHECK(whole.batches.item<std::int64_t>() == 1);
    const auto column = [](const at::Tensor& t) { return t.reshape({1, 4, 1, 1}); };
    CHECK(at::allclose(y, (x - column(mean)) / column(biased + 1e-5).sqrt() * column(whole.weight.narrow(0, 0, 4)), 1e-3, 1e-5));
    CHECK(nn::leading(whole, 6).weight.is_same(whole.weight));
}

TEST_CASE("dropout drops that share and keeps the mean, by its own stream", "[nn]") {
    const auto x = at::full({100, 100}, 2.0);
    const nn::training a{nn::generator(3)}, b{nn::generator(3)};
    const auto y = a.drop(x, 0.25);
    CHECK(y.equal(b.drop(x, 0.25)));
    CHECK(y.eq(0).to(at::kDouble).mean().item<double>() == Approx(0.25).margin(0.02));
    CHECK(y.mean().item<double>() == Approx(2).epsilon(0.02));
    CHECK(a.drop(x, 0).is_same(x));
    CHECK(nn::evaluating::drop(x, 0.5).is_same(x));
}

TEST_CASE("smaller kernels are the centre until matrices are trained, and pass through the sizes between", "[nn]") {
    const std::array sizes{3, 7, 5};
    auto steps = nn::identity_steps(sizes);
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].name() == "7to5_matrix");
    CHECK(steps[1].name() == "5to3_matrix");
    const auto kernels = at::randn({4, 1, 7, 7}, nn::generator(2));
    CHECK(nn::transformed_kernels(kernels, steps, 7).is_same(kernels));
    CHECK(nn::transformed_kernels(kernels, steps, 3).equal(kernels.slice(2, 2, 5).slice(3, 2, 5)));
    CHECK(nn::transformed_kernels(kernels, {}, 5).equal(kernels.slice(2, 1, 6).slice(3, 1, 6)));
    steps[0].matrix = steps[0].matrix * 2;
    steps[1].matrix = steps[1].matrix * 3;
    CHECK(at::allclose(nn::transformed_kernels(kernels, steps, 3), 6 * kernels.slice(2, 2, 5).slice(3, 2, 5)));
    CHECK_THROWS_WITH(nn::transformed_kernels(kernels, steps, 1), Catch::Contains("kernels of size 7 have none of size 1 in them"));
}

TEST_CASE("elastic groups take their slice of inputs and the centre of kernels", "[nn]") {
    // Four filters for eight inputs each; as four groups of two inputs, group g reads slice g.
    const auto weight = at::randn({4, 8, 5, 5}, nn::generator(4));
    const auto filters = nn::group_filters(weight, 8, 4, 3);
    CHECK(filters.sizes().vec() == std::vector<std::int64_t>{4, 2, 3, 3});
    for (std::int64_t g = 0; g < 4; ++g) CHECK(filters[g].equal(weight[g].slice(0, 2 * g, 2 * g + 2).slice(1, 1, 4).slice(2, 1, 4)));
    CHECK(nn::group_filters(weight, 8, 1, 5).equal(weight));
    const nn::affine layer{at::randn({3, 4}), at::randn({3})};
    CHECK(nn::leading(layer, 2, 1).weight.equal(layer.weight.slice(0, 0, 1).slice(1, 0, 2)));
    CHECK(nn::leading(layer, 2, 1).bias.equal(layer.bias.slice(0, 0, 1)));
}

TEST_CASE("weights begin with the published deviations and follow from the seed alone", "[nn]") {
    CHECK(nn::state_of(small_net(3)) == nn::state_of(small_net(3)));
    CHECK_FALSE(nn::state_of(small_net(3)) == nn::state_of(small_net(4)));
    auto wide = nn::empty_convolution({.in = 128, .out = 512, .kernel = 3});
    nn::mobile_net net = small_net();
    net.final_expand = wide;
    nn::initialise(net, 1);
    CHECK(wide.weight.std().item<double>() == Approx(std::sqrt(2.0 / (9 * 512))).epsilon(0.01));
    nn::initialise(net, 1, nn::init_fan::in);
    CHECK(wide.weight.std().item<double>() == Approx(std::sqrt(2.0 / (9 * 128))).epsilon(0.01));
    CHECK(net.classifier.weight.abs().max().item<double>() <= 1 / std::sqrt(40.0));
    CHECK(net.classifier.bias.abs().sum().item<double>() == 0);
    CHECK(wide.norm->running_var.equal(at::ones_like(wide.norm->running_var)));
}

TEST_CASE("a net keeps its state in files and refuses that of others", "[nn]") {
    const auto from = small_net(5);
    const auto state = nn::state_of(from);
    CHECK(state.size() == 6 + 12 + 18 + 4 + 6 + 1 + 2);
    auto to = small_net(6);
    CHECK(nn::load_state(to, state).empty());
    CHECK(nn::state_of(to) == state);
    CHECK(nn::parameter_count(from) == 232 + 168 + 1720 + 576 + 1280 + 205); // layer by layer, squeezed to 8 channels in the second block

    // Old names of blocks, and those of elastic layers.
    io::named_tensors old{"old.pt"};
    for (const auto& e : state) {
        auto name = e.name;
        if (const auto at = name.find(".conv.inverted_bottleneck.conv."); at != std::string::npos)
            name.replace(at, std::string{".conv.inverted_bottleneck.conv."}.size(), ".mobile_inverted_conv.inverted_bottleneck.conv.conv.");
        old.add("module." + name, e.value);
    }
    auto third = small_net(7);
    CHECK(nn::load_state(third, old).empty());
    CHECK(nn::state_of(third) == state);

    io::named_tensors part{"part.pt"};
    part.add("classifier.linear.bias", state.at("classifier.linear.bias"));
    CHECK(refusal(part) ==
          "verdant: part.pt: expected a tensor named first_conv.conv.weight and 40 more that are not there, found 1 tensors of other "
          "names, such as classifier.linear.bias");
    CHECK(refusal(io::named_tensors{"empty.pt"}).ends_with("and 41 more that are not there, found no tensors"));
    // No result depends on how many batches a norm has seen.
    io::named_tensors uncounted{"uncounted.pt"};
    for (const auto& e : state)
        if (!e.name.ends_with("num_batches_tracked")) uncounted.add("_orig_mod." + e.name, e.value);
    CHECK(nn::load_state(third, uncounted).size() == state.size() - uncounted.size());
    CHECK(nn::state_of(third) == state);
    part.add("classifier.weight", state.at("classifier.linear.weight"));
    CHECK(refusal(part) == "verdant: part.pt, tensor classifier.weight: expected only tensors of such a net, found one that it does not have");
    io::named_tensors wrong{"wrong.pt"};
    wrong.add("first_conv.conv.weight", state.at("feature_mix_layer.conv.weight"));
    CHECK(refusal(wrong) == "verdant: wrong.pt, tensor first_conv.conv.weight: expected the shape [8, 3, 3, 3], found [40, 32, 1, 1]");
}

TEST_CASE("recalibrated statistics are the weighted means of the batches'", "[nn]") {
    const auto net = small_net();
    auto stream = nn::generator(8);
    const std::vector batches{at::randn({4, 3, 16, 16}, stream), at::randn({2, 3, 16, 16}, stream)};
    const auto before = nn::clone(net);
    nn::recalibrate(net, batches);
    at::Tensor mean, variance;
    for (const auto& x : batches) {
        nn::convolution bare = net.first_conv;
        bare.norm.reset();
        bare.act = workload::nonlinearity::none;
        nn::evaluating mode;
        const auto y = nn::forward(bare, x, mode);
        const auto weight = static_cast<double>(x.size(0)) / 6;
        const auto m = y.mean(at::IntArrayRef{0, 2, 3}) * weight, v = y.var(at::IntArrayRef{0, 2, 3}, false) * weight;
        mean = mean.defined() ? mean + m : m;
        variance = variance.defined() ? variance + v : v;
    }
    CHECK(at::allclose(net.first_conv.norm->running_mean, mean, 1e-4, 1e-6));
    CHECK(at::allclose(net.first_conv.norm->running_var, variance, 1e-4, 1e-6));
    CHECK(net.first_conv.weight.equal(before.first_conv.weight));
    CHECK_THROWS_AS(nn::recalibrate(net, std::vector<at::Tensor>{}), verdant::error);
    const auto chosen = nn::recalibration_subset(5000);
    CHECK(chosen.size(0) == 2000);
    CHECK(chosen.equal(nn::recalibration_subset(5000)));
    CHECK(nn::recalibration_subset(10).size(0) == 10);
}

TEST_CASE("gradient descent follows its formula, and goes on from its state", "[nn]") {
    const auto start = at::tensor({1.0, -2.0});
    const auto gradients = std::array{at::tensor({0.5, 1.0}), at::tensor({-1.0, 0.25}), at::tensor({0.0, 0.0})};
    const auto run = [&](nn::sgd& optimizer, at::Tensor& parameter, std::size_t from, std::size_t to) {
        for (auto i = from; i < to; ++i) {
            parameter.mutable_grad() = gradients[i].clone();
            optimizer.step(0.1);
        }
    };
    at::Tensor p = start.clone().set_requires_grad(true);
    nn::sgd optimizer{{.momentum = 0.9, .nesterov = true, .weight_decay = 0.01}};
    optimizer.add("layer.weight", p);
    run(optimizer, p, 0, 3);
    auto expected = start.clone();
    at::Tensor velocity;
    for (const auto& gradient : gradients) {
        const auto g = gradient + 0.01 * expected;
        velocity = velocity.defined() ? 0.9 * velocity + g : g;
        expected = expected - 0.1 * (g + 0.9 * velocity);
    }
    CHECK(at::allclose(p.detach(), expected, 1e-12));

    at::Tensor q = start.clone().set_requires_grad(true);
    nn::sgd first{{.momentum = 0.9, .nesterov = true, .weight_decay = 0.01}}, second{{.momentum = 0.9, .nesterov = true, .weight_decay = 0.01}};
    first.add("layer.weight", q);
    run(first, q, 0, 1);
    second.add("layer.weight", q);
    second.restore(first.state());
    CHECK(second.steps() == 1);
    run(second, q, 1, 3);
    CHECK(q.detach().equal(p.detach()));

    // Without momentum or decay it is plain descent; a rule says that this bias does not decay.
    at::Tensor b = start.clone().set_requires_grad(true);
    nn::sgd plain{{.momentum = 0, .nesterov = false, .weight_decay = 0.5}};
    plain.add("layer.bias", b, nn::decay_matrices{});
    run(plain, b, 0, 1);
    CHECK(at::allclose(b.detach(), start - 0.1 * gradients[0]));
    b.mutable_grad().reset();
    plain.step(0.1);
    CHECK(at::allclose(b.detach(), start - 0.1 * gradients[0]));
    plain.zero_gradients();
    CHECK_FALSE(b.grad().defined());
    CHECK_THROWS_AS(plain.restore(first.state()), verdant::input_error);
}

TEST_CASE("gradient descent of 32-bit numbers, which takes another way, is the same", "[nn]") {
    auto stream = nn::generator(3);
    for (const bool nesterov : {true, false})
        for (const double momentum : {0.9, 0.0})
            for (const bool dense : {true, false}) {
                const auto start = at::randn({300, 200}, stream);
                const auto of = [&](at::ScalarType type) { // a part of a larger tensor is not dense
                    auto whole = at::zeros({300, 400}, at::TensorOptions{}.dtype(type));
                    auto p = dense ? start.to(type).clone() : whole.narrow(1, 100, 200);
                    p.copy_(start);
                    return p.set_requires_grad(true);
                };
                auto p = of(at::kFloat), exact = of(at::kDouble);
                nn::sgd narrow{{momentum, nesterov, 0.01}}, wide{{momentum, nesterov, 0.01}};
                narrow.add("layer.weight", p);
                wide.add("layer.weight", exact);
                for (int i = 0; i < 4; ++i) {
                    const auto gradient = at::randn({300, 200}, stream);
                    p.mutable_grad() = gradient;
                    exact.mutable_grad() = gradient.to(at::kDouble);
                    narrow.step(0.05);
                    wide.step(0.05);
                }
                INFO(nesterov << ' ' << momentum << ' ' << dense);
                CHECK(at::allclose(p.detach().to(at::kDouble), exact.detach(), 1e-5, 1e-6));
                CHECK_FALSE(at::allclose(p.detach(), start, 1e-3, 1e-3));
            }
}

TEST_CASE("the annealed rate rises in a straight line and falls as half a cosine", "[nn]") {
    const nn::annealed_schedule s{.base = 1, .warmup = 4, .steps = 8, .start = 0.2};
    CHECK(s(0) == Approx(0.4));
    CHECK(s(3) == Approx(1));
    CHECK(s(4) == Approx(1));
    CHECK(s(8) == Approx(0.5));
    CHECK(s(12) == Approx(0).margin(1e-12));
    static_assert(nn::learning_rate_schedule<nn::annealed_schedule>);
}

TEST_CASE("smoothed labels and teachers give the losses of their formulas", "[nn]") {
    const auto logits = at::tensor({1.0, 2.0, 0.0, 0.5, -1.0, 0.25}, at::kDouble).reshape({2, 3});
    const auto labels = at::tensor({2, 0}, at::kLong);
    const auto shares = at::full({2, 3}, 0.2 / 3, at::kDouble);
    shares[0][2] += 0.8;
    shares[1][0] += 0.8;
    CHECK(nn::smoothed_cross_entropy(logits, labels, 0.2).item<double>() == Approx(nn::soft_cross_entropy(logits, shares).item<double>()));
    // With itself as teacher what remains is the entropy.
    const auto p = logits.softmax(1);
    CHECK(nn::distil_distribution{}(logits, logits).item<double>() == Approx(-(p * p.log()).sum(1).mean().item<double>()));
    CHECK(nn::distil_logits{}(logits, logits + 0.5).item<double>() == Approx(0.25));
}

TEST_CASE("residual nets average what their stride skips", "[nn]") {
    workload::residual_net d;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::relu};
    d.last_conv = {.in = 8, .out = 16, .kernel = 3, .act = workload::nonlinearity::relu};
    d.blocks.push_back({.in = 16, .mid = 8, .out = 32, .shortcut = workload::downsample::avgpool_conv});
    d.blocks.push_back({.in = 32, .mid = 8, .out = 32});
    d.blocks.push_back({.in = 32, .mid = 8, .out = 64, .stride = 2, .shortcut = workload::downsample::avgpool_conv});
    d.blocks.push_back({.in = 64, .mid = 8, .out = 64, .stride = 2, .shortcut = workload::downsample::conv});
    d.classes = 4;
    auto net = nn::empty_residual_net(d);
    nn::initialise(net, 2);
    std::vector<std::vector<std::int64_t>> shapes;
    const auto x = at::rand({2, 3, 36, 36}, nn::generator(1));
    const auto y = nn::forward(net, x, nn::evaluating{}, [&](const std::string&, const at::Tensor& t) { shapes.push_back(t.sizes().vec()); });
    CHECK(y.sizes().vec() == std::vector<std::int64_t>{2, 4});
    REQUIRE(shapes.size() == 7);
    CHECK(shapes[3] == std::vector<std::int64_t>{2, 32, 9, 9});
    CHECK(shapes[5] == std::vector<std::int64_t>{2, 64, 5, 5}); // nine columns are averaged two by two, the last one alone
    CHECK(shapes[6] == std::vector<std::int64_t>{2, 64, 3, 3});
    auto copy = nn::clone(net);
    nn::initialise(copy, 9);
    CHECK(nn::load_state(copy, nn::state_of(net)).empty());
    CHECK(nn::forward(copy, x, nn::evaluating{}).equal(y));
}
