#include <verdant/error.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/int8_net.hpp>
#include <verdant/nn/evaluate/measuring.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include "catch.hpp"
#include "laws/measuring_backend.hpp"

#include <ATen/ops/empty.h>

#include <cstdint>
#include <vector>

namespace nn = verdant::nn;
namespace workload = verdant::workload;

namespace {

/// A net with every kind of layer, whose norms have seen images.
nn::mobile_net net_with(workload::nonlinearity act) {
    workload::mobile_net d;
    d.first_conv = {.in = 3, .out = 16, .kernel = 3, .stride = 2, .act = act};
    d.blocks.push_back({.in = 16, .mid = 16, .out = 16, .kernel = 3, .stride = 1, .expand = 1, .act = act, .shortcut = true});
    d.blocks.push_back({.in = 16, .mid = 64, .out = 24, .kernel = 5, .stride = 2, .expand = 4, .act = act, .se = true});
    d.blocks.push_back({.in = 24, .mid = 96, .out = 24, .kernel = 3, .stride = 1, .expand = 4, .act = act, .se = true, .shortcut = true});
    d.feature_mix = {.in = 24, .out = 64, .kernel = 1, .stride = 1, .act = act};
    d.classes = 10;
    auto net = nn::empty_mobile_net(d);
    nn::initialise(net, 3);
    return net;
}

/// Images that differ in colour more than in noise, so that a net tells them apart.
at::Tensor images(std::int64_t count, std::uint64_t seed) {
    auto stream = nn::generator(seed);
    return at::empty({count, 3, 24, 24}).normal_(0, 0.5, stream) + at::empty({count, 3, 1, 1}).normal_(0, 1.5, stream);
}

} // namespace

static_assert(nn::measuring_backend<nn::int8_net>);

TEST_CASE("a net in 8-bit integers gives nearly what it gives in 32 bits", "[nn]") {
    for (const auto act : {workload::nonlinearity::relu, workload::nonlinearity::h_swish}) {
        const auto net = net_with(act);
        for (int i = 0; i < 40; ++i) { // statistics of norms
            const c10::AutoGradMode off{false};
            static_cast<void>(forward(net, images(16, 100 + static_cast<std::uint64_t>(i)), nn::training{nn::generator(1)}));
        }
        nn::int8_net small{bottlenecks_of(net), {images(32, 1), images(32, 2)}};
        const auto x = images(64, 3);
        const auto exact = forward(net, x, nn::evaluating{}), rounded = small.scores(small.place(x));
        const double error = (exact - rounded).square().mean().sqrt().item<double>(), spread = exact.std().item<double>();
        INFO(small.name() << ": " << error << " of " << spread);
        CHECK(error < 0.3 * spread);
        CHECK(error > 0); // it really is in fewer bits
        CHECK((exact.argmax(1) == rounded.argmax(1)).sum().item<std::int64_t>() >= 48);
        const auto m = nn::measure_passes(small, std::vector<at::Tensor>{small.place(x)}, {.warm_up = 0, .repetitions = 2});
        CHECK(m.throughput.mean > 0);
        CHECK(small.output().equal(rounded));
        laws::obeys_backend_laws(small, {small.place(x.slice(0, 0, 3)), small.place(x.slice(0, 3, 4))});
    }
    CHECK_THROWS_AS((nn::int8_net{bottlenecks_of(net_with(workload::nonlinearity::relu)), {}}), verdant::input_error);
    CHECK((nn::engine_name(nn::int8_engine()) == "onednn" || nn::engine_name(nn::int8_engine()) == "fbgemm" ||
           nn::engine_name(nn::int8_engine()) == "qnnpack"));
}
