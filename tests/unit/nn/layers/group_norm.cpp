// Norms over groups, standardised weights, grouped elastic layers, and classifiers with several heads.

#include <verdant/error.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/elastic_layers.hpp>
#include <verdant/nn/layers/group_norm.hpp>
#include <verdant/nn/layers/squeeze_excitation.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/models/residual_net.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/residual_costs.hpp>

#include "catch.hpp"

#include <ATen/ops/allclose.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace workload = verdant::workload;

TEST_CASE("a group is the largest divisor that is allowed", "[nn]") {
    STATIC_REQUIRE(nn::group_width(24, 8) == 8);
    STATIC_REQUIRE(nn::group_width(24, 10) == 8);
    STATIC_REQUIRE(nn::group_width(8, 16) == 8);
    STATIC_REQUIRE(nn::group_width(7, 4) == 1);
}

TEST_CASE("group norms follow their definition, for the whole and for a part", "[nn]") {
    auto stream = nn::generator(1);
    const nn::group_norm whole{at::rand({12}, stream), at::rand({12}, stream), 4, 1e-3};
    const auto part = nn::leading(whole, 8);
    const auto x = at::randn({2, 8, 5, 5}, stream);
    auto expected = x.clone();
    for (std::int64_t b = 0; b < 2; ++b)
        for (std::int64_t g = 0; g < 2; ++g) {
            const auto values = x[b].slice(0, 4 * g, 4 * g + 4);
            expected[b].slice(0, 4 * g, 4 * g + 4) = (values - values.mean()) / (values.flatten().var(at::IntArrayRef{0}, false) + 1e-3).sqrt();
        }
    const auto column = [](const at::Tensor& t) { return t.slice(0, 0, 8).view({1, 8, 1, 1}); };
    expected = expected * column(whole.weight) + column(whole.bias);
    CHECK(at::allclose(nn::forward(part, x), expected, 1e-4, 1e-5));
    CHECK(nn::leading(whole, 12).weight.is_same(whole.weight));
    part.weight.fill_(3);
    CHECK(whole.weight[7].item<double>() == 3);

    const nn::convolution layer = nn::empty_convolution({.in = 3, .out = 12, .kernel = 3, .norm_group = 4});
    CHECK_FALSE(layer.norm);
    REQUIRE(layer.grouped_norm);
    CHECK(nn::leading(layer, 3, 8).grouped_norm->bias.size(0) == 8);
}

TEST_CASE("standardised weights have mean 0 and deviation 1 in each filter", "[nn]") {
    const auto weight = at::rand({4, 3, 3, 3}, nn::generator(2));
    const auto s = nn::standardised(weight, 0);
    CHECK(at::allclose(s.mean(at::IntArrayRef{1, 2, 3}), at::zeros({4}), 1e-5, 1e-5));
    CHECK(at::allclose(s.flatten(1).std(at::IntArrayRef{1}, true), at::ones({4}), 1e-4));
    CHECK(at::allclose(nn::standardised(weight, 0.5) * (weight.flatten(1).std(at::IntArrayRef{1}, true) + 0.5).view({4, 1, 1, 1}),
                       weight - weight.mean(at::IntArrayRef{1, 2, 3}, true), 1e-5, 1e-6));
    nn::convolution layer{weight};
    layer.standardise = 1e-5;
    const auto x = at::rand({1, 3, 6, 6}, nn::generator(3));
    nn::evaluating mode;
    const std::array one{std::int64_t{1}, std::int64_t{1}};
    CHECK(at::allclose(nn::forward(layer, x, mode), at::conv2d(x, nn::standardised(weight, 1e-5), {}, one, one), 1e-5, 1e-6));
}

TEST_CASE("squeeze and excitation behind groups takes the first channels of each", "[nn]") {
    auto se = nn::empty_squeeze_excitation(12, 8);
    auto stream = nn::generator(4);
    for (auto* t : {&se.reduce.weight, &se.reduce.bias, &se.expand.weight, &se.expand.bias}) t->normal_(0, 1, stream);
    const auto part = nn::leading(se, 6, 4, 3);
    // Three groups of four channels, of which two each are left.
    const std::vector<std::int64_t> kept{0, 1, 4, 5, 8, 9};
    for (std::int64_t i = 0; i < 6; ++i) {
        const auto from = kept[static_cast<std::size_t>(i)];
        CHECK(part.reduce.weight.select(1, i).equal(se.reduce.weight.select(1, from).slice(0, 0, 4)));
        CHECK(part.expand.weight[i].equal(se.expand.weight[from].slice(0, 0, 4)));
        CHECK(part.expand.bias[i].equal(se.expand.bias[from]));
    }
    CHECK(part.reduce.bias.equal(se.reduce.bias.slice(0, 0, 4)));
    CHECK(nn::leading(se, 6, 4, 1).expand.weight.equal(nn::leading(se, 6, 4).expand.weight));
    CHECK_THROWS_WITH(nn::leading(se, 6, 4, 4), Catch::Contains("squeeze and excitation, groups: expected a divisor of 6 and 12, found 4"));
}

TEST_CASE("a regrouped convolution reads its slice of every group", "[nn]") {
    // Stored for two groups of four inputs; run with four of two.
    nn::convolution whole{at::randn({4, 4, 5, 5}, nn::generator(5)), std::nullopt, 1, 2};
    const auto part = nn::regrouped(whole, 4, 3);
    CHECK(part.groups == 4);
    CHECK(nn::channels_in(part) == 8);
    CHECK(nn::kernel_size(part) == 3);
    // Groups 0 and 2 take the first slice of the stored inputs, 1 and 3 the second.
    for (std::int64_t g = 0; g < 4; ++g)
        CHECK(part.weight[g].equal(whole.weight[g].slice(0, 2 * (g % 2), 2 * (g % 2) + 2).slice(1, 1, 4).slice(2, 1, 4)));
    nn::evaluating mode;
    CHECK(nn::forward(part, at::randn({1, 8, 6, 6}), mode).sizes().vec() == std::vector<std::int64_t>{1, 4, 6, 6});
    CHECK(nn::regrouped(whole, 2, 5).weight.equal(whole.weight));
}

TEST_CASE("a classifier may have several heads", "[nn]") {
    workload::mobile_net d;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::h_swish};
    d.blocks.push_back({.in = 8, .mid = 8, .out = 8, .shortcut = true});
    d.feature_mix = {.in = 8, .out = 16, .act = workload::nonlinearity::h_swish};
    d.classes = 5;
    d.heads = 3;
    auto net = nn::empty_mobile_net(d);
    nn::initialise(net, 1);
    const auto x = at::rand({2, 3, 16, 16}, nn::generator(6));
    const auto y = nn::forward(net, x, nn::evaluating{});
    CHECK(y.sizes().vec() == std::vector<std::int64_t>{2, 3, 5});
    auto first = net;
    first.other_heads.clear();
    CHECK(y.select(1, 0).equal(nn::forward(first, x, nn::evaluating{})));
    first.classifier = net.other_heads[1];
    CHECK(y.select(1, 2).equal(nn::forward(first, x, nn::evaluating{})));
    CHECK(nn::parameter_count(net) == workload::parameters(d));
    const auto state = nn::state_of(net);
    CHECK(state.at("classifier.layers.2.weight").shape() == verdant::io::tensor_shape{5, 16});
    auto copy = nn::clone(net);
    nn::initialise(copy, 2);
    CHECK(nn::load_state(copy, state).empty());
    CHECK(nn::forward(copy, x, nn::evaluating{}).equal(y));

    workload::residual_net r;
    r.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::relu};
    r.last_conv = {.in = 8, .out = 8, .kernel = 3, .act = workload::nonlinearity::relu};
    r.blocks.push_back({.in = 8, .mid = 8, .out = 16, .shortcut = workload::downsample::conv});
    r.classes = 4;
    r.heads = 2;
    r.gn_channels = 8;
    r.ws_eps = 1e-5;
    auto residual = nn::empty_residual_net(r);
    nn::initialise(residual, 3);
    CHECK(nn::forward(residual, x, nn::evaluating{}).sizes().vec() == std::vector<std::int64_t>{2, 2, 4});
    CHECK(nn::parameter_count(residual) == workload::parameters(r));
}
