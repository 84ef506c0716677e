#include <verdant/data/images/image_set.hpp>
#include <verdant/error.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/strong_augmentation.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/core/peak_memory.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/channels_last.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/recipes/exact_training.hpp>
#include <verdant/nn/recipes/proxy_training.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/workload/convnet/proxyless_nets.hpp>

#include "catch.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace io = verdant::io;

namespace {

/// Pictures of two classes: bright above or bright below, with noise.
struct halves {
    std::size_t count = 0;
    std::uint64_t seed = 0;

    [[nodiscard]] std::size_t size() const { return count; }
    [[nodiscard]] static std::size_t classes() { return 2; }
    [[nodiscard]] static std::int64_t label(std::size_t i) { return static_cast<std::int64_t>(i % 2); }
    [[nodiscard]] io::rgb_image image(std::size_t i) const {
        io::rgb_image out{16, 16};
        auto draws = verdant::random_stream::derive(seed, i);
        for (std::size_t y = 0; y < 16; ++y)
            for (std::size_t x = 0; x < 16; ++x)
                for (std::size_t c = 0; c < 3; ++c)
                    out.pixel(x, y)[c] = static_cast<unsigned char>(((y < 8) == (label(i) == 0) ? 140 : 60) + static_cast<int>(draws.below(60)));
        return out;
    }
};
static_assert(nn::image_set<halves>);

nn::mobile_net small_net(std::uint64_t seed) {
    namespace workload = verdant::workload;
    workload::mobile_net d;
    d.image_size = 16;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::relu};
    d.blocks.push_back({.in = 8, .mid = 16, .out = 8, .kernel = 3, .stride = 1, .expand = 2, .act = workload::nonlinearity::relu, .shortcut = true});
    d.feature_mix = {.in = 8, .out = 16, .kernel = 1, .stride = 1, .act = workload::nonlinearity::relu};
    d.classes = 2;
    auto net = nn::empty_mobile_net(d);
    nn::initialise(net, seed);
    return net;
}

const nn::proxy_recipe quick{.epochs = 6,
                             .batch = 32,
                             .resolution = {.least = 8, .greatest = 16, .start_ramp = 2, .end_ramp = 4, .multiple = 4},
                             .learning_rate = 0.2,
                             .smallest_crop = 0.9,
                             .validated = 2,
                             .validation_batch = 32,
                             .validation_side = 16,
                             .seed = 5};

std::vector<float> numbers(const nn::mobile_net& net) {
    std::vector<float> out;
    for_each_tensor(net, [&out](const std::string&, const at::Tensor& t, bool) {
        const auto flat = t.to(at::kFloat).contiguous();
        out.insert(out.end(), flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
    });
    return out;
}

} // namespace

TEST_CASE("a training with proxies learns, grows its images, and validates the last epochs", "[nn]") {
    const auto validation = nn::evaluation_batches(halves{64, 9}, 16, quick.validation_batch).loaded();
    auto net = small_net(1);
    std::int64_t steps = 0;
    const auto record =
        nn::train_with_proxies(net, halves{128, 1}, validation, quick, io::imagenet_statistics, [&](const nn::image_training_progress& p) {
            CHECK(p.step == ++steps);
            CHECK(p.steps == 24);
        });
    CHECK(steps == 24);
    REQUIRE(record.epochs.size() == 6);
    const std::vector<std::int64_t> sides{8, 8, 8, 12, 16, 16};
    for (std::size_t e = 0; e < 6; ++e) {
        CHECK(record.epochs[e].side == sides[e]);
        CHECK(record.epochs[e].validation.has_value() == (e >= 4));
    }
    // The last step of epoch 2 is three quarters of the way from the peak to the next epoch's rate, and three more epochs follow.
    CHECK(record.epochs[2].learning_rate == Approx(0.2 * (4 - 0.75) / 4));
    CHECK(record.epochs.back().loss < record.epochs.front().loss);
    CHECK(record.top1 > 0.95);
    CHECK(record.top5 == 1);
    CHECK(record.top1 == std::max(record.epochs[4].validation->top1, record.epochs[5].validation->top1));
    CHECK(record.seconds > 0);
    // The same seed trains the same weights, whatever the number of threads; another one does not.
    const auto first = numbers(net);
    {
        const nn::thread_scope two{2};
        auto again = small_net(1);
        nn::train_with_proxies(again, halves{128, 1}, validation, quick);
        CHECK(numbers(again) == first);
    }
    auto other = small_net(1);
    auto recipe = quick;
    recipe.seed = 6;
    nn::train_with_proxies(other, halves{128, 1}, validation, recipe);
    CHECK(numbers(other) != first);
}

TEST_CASE("layers with channels side by side compute what others compute", "[nn]") {
    namespace workload = verdant::workload;
    for (const int kernel : {3, 5})
        for (const int stride : {1, 2}) {
            workload::mobile_net d;
            d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::relu};
            d.blocks.push_back({.in = 8,
                                .mid = 20,
                                .out = 8,
                                .kernel = kernel,
                                .stride = stride,
                                .expand = 2,
                                .act = workload::nonlinearity::h_swish,
                                .se = true,
                                .shortcut = stride == 1});
            d.feature_mix = {.in = 8, .out = 16, .kernel = 1, .stride = 1, .act = workload::nonlinearity::relu};
            d.classes = 3;
            auto stream = nn::generator(2);
            const auto images = at::empty({6, 3, 13, 11}).normal_(0, 1, stream);
            // Norms make gradients of what is before them nearly vanish, so they are compared by the longest.
            const auto gradients = [&](const auto& mode) {
                auto net = nn::empty_mobile_net(d);
                nn::initialise(net, 7);
                nn::require_grad(net);
                const c10::AutoGradMode on{true};
                const auto logits = forward(net, images, mode);
                logits.square().sum().backward();
                std::vector<at::Tensor> out{logits.detach()};
                nn::for_each_parameter(net, [&out](const std::string&, const at::Tensor& t) { out.push_back(t.grad()); });
                return out;
            };
            const auto expected = gradients(nn::training{}), found = gradients(nn::training_channels_last{});
            REQUIRE(found.size() == expected.size());
            double longest = 0;
            for (const auto& g : expected) longest = std::max(longest, g.abs().max().item<double>());
            for (std::size_t i = 0; i < found.size(); ++i) {
                INFO("tensor " << i << ", kernel " << kernel << ", stride " << stride);
                CHECK((found[i] - expected[i]).abs().max().item<double>() < 1e-4 * std::max(1e-2 * longest, expected[i].abs().max().item<double>()));
            }
        }
}

TEST_CASE("a training without proxies learns, and validates the average of the weights", "[nn]") {
    const auto validation = nn::evaluation_batches(halves{64, 9}, 16, 32).loaded();
    const nn::exact_recipe recipe{
        .epochs = 7, .batch = 16, .side = 16, .learning_rate = 0.1, .warmup_epochs = 1, .average_decay = 0.5, .validate_every = 3, .seed = 3};
    const io::strong_augmentation mild{
        .crop = {.smallest = 0.9, .largest = 1}, .changes = {.magnitude = 1, .deviation = 0.5, .probability = 0.3}, .colours = {}};
    auto net = small_net(1), average = small_net(2);
    const auto record = nn::train_without_proxies(net, halves{128, 1}, validation, recipe, mild, &average);
    REQUIRE(record.epochs.size() == 7);
    CHECK(record.epochs[0].learning_rate == Approx(1e-6));
    CHECK(record.epochs[4].learning_rate == Approx(0.1 * 0.97));
    for (std::size_t e = 0; e < 7; ++e) CHECK(record.epochs[e].validation.has_value() == (e == 2 || e == 5 || e == 6));
    CHECK(record.top1 > 0.9);
    CHECK(numbers(average) != numbers(net));
    CHECK(nn::evaluate(average, validation).top1 == record.top1);
    auto again = small_net(1);
    nn::train_without_proxies(again, halves{128, 1}, validation, recipe, mild);
    CHECK(numbers(again) == numbers(net));
    auto wrong = recipe;
    wrong.average_decay = 2;
    CHECK_THROWS_WITH(nn::check(wrong), Catch::Contains("average_decay"));
}

TEST_CASE("the memory of a step is measured without training", "[nn]") {
    const auto net = small_net(1);
    const auto before = numbers(net);
    const auto small = nn::step_memory(net, 4, 16), large = nn::step_memory(net, 32, 16);
    CHECK(small > 4 * 3 * 16 * 16 * 4 / 2);
    CHECK(large > 6 * small);
    CHECK(large < 9 * small);
    CHECK(numbers(net) == before);
    const nn::peak_memory watched;
    {
        const auto one = at::empty({1000}, at::kFloat);
        { const auto two = at::empty({500}, at::kFloat); }
    }
    { const auto three = at::empty({100}, at::kFloat); }
    CHECK(watched.bytes() == 6000);
}

TEST_CASE("recipes that cannot be are refused by the name of what is wrong", "[nn]") {
    const auto refused = [](const char* name, auto change) {
        auto r = quick;
        change(r);
        CHECK_THROWS_WITH(nn::check(r), Catch::Contains(name));
    };
    refused("epochs", [](auto& r) { r.epochs = 0; });
    refused("batch", [](auto& r) { r.batch = -1; });
    refused("peak_epoch", [](auto& r) { r.peak_epoch = 6; });
    refused("label_smoothing", [](auto& r) { r.label_smoothing = 2; });
    refused("smallest_crop", [](auto& r) { r.smallest_crop = 0; });
    refused("memory_limit", [](auto& r) { r.memory_limit = -1; });
    refused("least", [](auto& r) { r.resolution.least = 0; });
    auto net = small_net(1);
    const auto validation = nn::evaluation_batches(halves{4, 9}, 16, 4).loaded();
    CHECK_THROWS_AS(nn::train_with_proxies(net, halves{16, 1}, validation, quick), verdant::input_error); // fewer than a batch
}
