// Accel-NASBench's networks: weights, modes, training.

#include <verdant/error.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/layers_in_shards.hpp>
#include <verdant/nn/models/mnasnet.hpp>
#include <verdant/nn/models/mobile_net_1d.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/spaces/mnasnet/mnasnet_1d.hpp>
#include <verdant/spaces/mnasnet/mnasnet_costs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>

#include "catch.hpp"

#include <ATen/ops/allclose.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace io = verdant::io;
namespace spaces = verdant::spaces;
namespace workload = verdant::workload;

namespace {

constexpr spaces::mnasnet_frame tiny{.image_size = 32, .classes = 10};

/// One layer a block, three with squeeze-and-excitation.
verdant::point<spaces::mnasnet> small() {
    return verdant::point<spaces::mnasnet>{}.with<"block1_e", 4>().with<"block2_k", 5>().with<"block3_se", false>().with<"block4_se", false>().with<"block5_se", false>()
        .with<"block6_se", false>().with<"block2_l", 2>();
}

nn::mnasnet small_net(workload::nonlinearity act = workload::nonlinearity::relu) {
    auto frame = tiny;
    frame.act = act;
    auto net = nn::empty_mnasnet(spaces::net_of(small(), frame));
    initialise(net, 3);
    return net;
}

at::Tensor images(std::int64_t n, std::uint64_t seed = 1) {
    auto stream = nn::generator(seed);
    return at::randn({n, 3, 32, 32}, stream);
}

} // namespace

TEST_CASE("the network in LibTorch has the parameters that are counted", "[nn]") {
    for (const auto* name : {"EfficientNet-B0", "largest", "zcu102-c"}) {
        const auto p = spaces::mnasnet_named(name);
        CHECK(nn::parameter_count(nn::empty_mnasnet(spaces::net_of(p), 0.2, at::TensorOptions{}.dtype(at::kFloat).device(at::kMeta))) ==
              spaces::thop_counts_of(p).parameters);
    }
    const auto signal = spaces::net_of(verdant::point<spaces::mnasnet_1d>{}, spaces::signal_tasks[1]);
    CHECK(nn::parameter_count(nn::empty_mobile_net_1d(signal)) == workload::thop_counts_of(signal).parameters);
}

TEST_CASE("weights of Accel-NASBench's networks are saved and loaded by their names", "[nn]") {
    const auto net = small_net();
    const auto state = nn::state_of(net);
    CHECK(state.find("features.0.0.weight") != nullptr);
    CHECK(state.find("features.1.0.block.1.fc2.bias") != nullptr); // no expansion: the depthwise convolution is 0
    CHECK(state.find("features.3.1.block.0.1.running_var") != nullptr);
    CHECK(state.find("classifier.1.bias") != nullptr);
    auto other = nn::empty_mnasnet(spaces::net_of(small(), tiny));
    initialise(other, 4);
    const c10::AutoGradMode off{false};
    const auto x = images(2);
    CHECK_FALSE(at::allclose(forward(net, x, nn::evaluating{}), forward(other, x, nn::evaluating{}), 1e-5, 0));
    CHECK(nn::load_state(other, state).empty());
    CHECK(forward(net, x, nn::evaluating{}).equal(forward(other, x, nn::evaluating{})));
    // A network of another point does not take them.
    auto wider = nn::empty_mnasnet(spaces::net_of(small().with<"block6_e", 6>(), tiny));
    CHECK_THROWS_AS(nn::load_state(wider, state), verdant::input_error);

    auto signals = nn::empty_mobile_net_1d(spaces::net_of(verdant::point<spaces::mnasnet_1d>{}, spaces::signal_tasks[1]));
    initialise(signals, 1);
    auto copy = nn::empty_mobile_net_1d(spaces::net_of(verdant::point<spaces::mnasnet_1d>{}, spaces::signal_tasks[1]));
    CHECK(nn::load_state(copy, nn::state_of(signals)).empty());
    CHECK(copy.head.bias.equal(signals.head.bias));
}

TEST_CASE("a network of MnasNet is a mobile network of the same tensors", "[nn]") {
    const auto net = small_net();
    const auto same = nn::as_mobile_net(net);
    const c10::AutoGradMode off{false};
    CHECK(at::allclose(forward(same, images(3), nn::evaluating{}), forward(net, images(3), nn::evaluating{}), 1e-4, 1e-12));
    CHECK(same.blocks.at(3).depthwise.weight.is_same(net.blocks[2][1].depthwise.weight));
    // What is described is what there is: a net of the description takes its weights.
    auto described = nn::empty_mobile_net(spaces::net_of(small(), tiny));
    CHECK(nn::load_state(described, nn::state_of(same)).empty());
    CHECK(forward(described, images(3), nn::evaluating{}).equal(forward(same, images(3), nn::evaluating{})));
}

TEST_CASE("a seed gives the first weights, in all types", "[nn]") {
    auto doubles = nn::empty_mnasnet(spaces::net_of(small(), tiny), 0.2, at::kDouble);
    initialise(doubles, 3);
    const auto net = small_net();
    CHECK(doubles.head.weight.equal(net.head.weight.to(at::kDouble)));
    // The classifier of many classes keeps its weights within the inverse root of their number.
    CHECK(net.classifier.weight.abs().max().item<double>() <= 1 / std::sqrt(10.0));
    CHECK(net.head.weight.std().item<double>() == Approx(std::sqrt(2.0 / 1280)).epsilon(0.02));
}

TEST_CASE("silu and relu are different networks", "[nn]") {
    const c10::AutoGradMode off{false};
    const auto net = small_net(workload::nonlinearity::silu);
    CHECK(net.blocks[0][0].excitation->gate == workload::nonlinearity::sigmoid);
    CHECK(net.blocks[0][0].excitation->act == workload::nonlinearity::silu);
    CHECK_FALSE(at::allclose(forward(net, images(2), nn::evaluating{}), forward(small_net(), images(2), nn::evaluating{}), 1e-5, 0));
}

TEST_CASE("stochastic depth leaves out whole samples, in training and behind later layers more often", "[nn]") {
    const auto net = small_net();
    CHECK(net.blocks[0][0].stochastic_depth == 0);
    CHECK(net.blocks[2][1].stochastic_depth == Approx(0.2 * 3 / 8));
    CHECK(net.blocks[2][1].shortcut);
    auto mode = nn::training{nn::generator(5)};
    const auto x = at::ones({4000, 2, 3, 3});
    const auto y = mode.drop_samples(x, 0.25);
    const auto means = y.mean(at::IntArrayRef{1, 2, 3});
    const auto kept = means.gt(0);
    CHECK(at::allclose(means.masked_select(kept), at::ones({kept.sum().item<std::int64_t>()}) / 0.75));
    CHECK(static_cast<double>(kept.sum().item<std::int64_t>()) / 4000 == Approx(0.75).margin(0.03)); // four deviations
    CHECK(mode.drop_samples(x, 0).is_same(x));
    // A block that always drops is its shortcut, scaled samples or not.
    auto block = net.blocks[2][1];
    block.stochastic_depth = 1 - 1e-9;
    const c10::AutoGradMode off{false};
    auto stream = nn::generator(2);
    const auto map = at::randn({3, 40, 4, 4}, stream);
    CHECK(forward(block, map, mode).equal(map));
    auto evaluating = nn::evaluating{};
    CHECK_FALSE(forward(block, map, evaluating).equal(map));
}

TEST_CASE("Accel-NASBench's networks learn, alone and on a team of threads", "[nn]") {
    auto net = small_net(workload::nonlinearity::silu), shared = nn::clone(net);
    for (auto* const one : {&net, &shared}) {
        nn::require_grad(*one);
        for (auto& layers : one->blocks)
            for (auto& layer : layers) layer.stochastic_depth = 0;
        one->dropout = 0;
    }
    const auto x = images(8);
    const c10::AutoGradMode on{true};
    forward(net, x, nn::training{}).square().sum().backward();
    forward(shared, x, nn::training_in_shards{}).square().sum().backward();
    std::vector<at::Tensor> expected;
    double largest = 0;
    nn::for_each_parameter(net, [&](const std::string&, const at::Tensor& t) {
        expected.push_back(t.grad());
        largest = std::max(largest, t.grad().abs().max().item<double>());
    });
    std::size_t i = 0;
    nn::for_each_parameter(shared, [&](const std::string& name, const at::Tensor& t) {
        const auto& wanted = expected.at(i++);
        INFO(name);
        REQUIRE(wanted.defined());
        CHECK((wanted - t.grad()).abs().max().item<double>() <= 2e-3 * wanted.abs().max().item<double>() + 1e-6 * largest); // a norm behind a shift leaves rounding of its gradient
    });
    CHECK(i == expected.size());
}
