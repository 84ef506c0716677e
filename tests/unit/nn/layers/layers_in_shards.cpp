#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/layers_in_shards.hpp>

#include "catch.hpp"

#include <ATen/ops/randn.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nn = verdant::nn;
using verdant::workload::nonlinearity;

namespace {

/// The tensors of a layer, and all that a pass forwards and back leaves of it.
struct outcome {
    std::vector<std::string> names;
    std::vector<at::Tensor> values;

    void add(const char* name, const at::Tensor& t) {
        names.emplace_back(name);
        values.push_back(t.detach().clone());
    }
    [[nodiscard]] bool equals(const outcome& other) const {
        bool same = values.size() == other.values.size();
        for (std::size_t i = 0; same && i < values.size(); ++i) same = values[i].equal(other.values[i]);
        return same;
    }
};

nn::convolution some_layer(const nn::convolution_shape& shape) {
    auto stream = nn::generator(5);
    auto c = nn::empty_convolution(shape);
    c.weight.normal_(0, 0.3, stream).set_requires_grad(true);
    if (c.norm) {
        c.norm->weight.uniform_(0.5, 1.5, stream).set_requires_grad(true);
        c.norm->bias.normal_(0, 0.5, stream).set_requires_grad(true);
        c.norm->running_mean.normal_(0, 1, stream);
    }
    return c;
}

template <class Mode>
outcome passed(const nn::convolution_shape& shape, std::int64_t batch, Mode mode, double offset = 0) {
    auto c = some_layer(shape);
    auto stream = nn::generator(9);
    // Of this size several shards are worth their while.
    auto x = (at::randn({batch, shape.in, 40, 36}, stream) + offset).set_requires_grad(true);
    const auto y = forward(c, x, mode);
    (y * at::randn(y.sizes(), stream)).sum().backward();
    outcome out;
    out.add("output", y);
    out.add("gradient of the input", x.grad());
    out.add("gradient of the weight", c.weight.grad());
    if (c.norm) {
        out.add("gradient of the scale", c.norm->weight.grad());
        out.add("gradient of the shift", c.norm->bias.grad());
        out.add("mean", c.norm->running_mean);
        out.add("variance", c.norm->running_var);
        out.add("batches", c.norm->batches);
    }
    return out;
}

void check_near(const outcome& found, const outcome& expected, double most) {
    REQUIRE(found.names == expected.names);
    for (std::size_t i = 0; i < found.values.size(); ++i) {
        INFO(found.names[i]);
        const auto &a = found.values[i], &b = expected.values[i];
        REQUIRE(a.sizes() == b.sizes());
        CHECK((a - b).abs().max().template item<double>() <= most * b.abs().max().template item<double>());
    }
}

const std::vector<nn::convolution_shape> shapes{
    {.in = 32, .out = 48, .kernel = 1, .act = nonlinearity::h_swish},
    {.in = 24, .out = 24, .kernel = 5, .stride = 2, .groups = 24, .act = nonlinearity::relu6},
    {.in = 16, .out = 24, .kernel = 3, .stride = 2, .act = nonlinearity::relu},
    {.in = 32, .out = 16, .kernel = 1},
    {.in = 32, .out = 16, .kernel = 1, .act = nonlinearity::h_swish, .norm = false},
    {.in = 16, .out = 24, .kernel = 3, .act = nonlinearity::sigmoid},
    {.in = 16, .out = 24, .kernel = 3, .act = nonlinearity::relu, .standardise = 1e-5},
};

} // namespace

TEST_CASE("a layer in shards does what it does whole", "[nn]") {
    CHECK(verdant::nn::detail::layer_shards(16, std::int64_t{1} << 24) == 8);
    CHECK(verdant::nn::detail::layer_shards(16, std::int64_t{1} << 23) == 4);
    CHECK(verdant::nn::detail::layer_shards(16, 1000) == 1);
    CHECK(verdant::nn::detail::layer_shards(3, std::int64_t{1} << 40) == 3);
    for (std::size_t i = 0; i < shapes.size(); ++i)
        for (const double offset : {0.0, 3.0}) {
            INFO("shape " << i << ", offset " << offset);
            const nn::thread_scope set{2};
            check_near(passed(shapes[i], 13, nn::training_in_shards{}, offset), passed(shapes[i], 13, nn::training{}, offset), 2e-5);
        }
}

TEST_CASE("layers in shards give the same bits for any number of threads", "[nn]") {
    for (const auto& shape : shapes) {
        std::vector<outcome> found;
        for (const int threads : {1, 2, 3, 5}) {
            const nn::thread_scope set{threads};
            const nn::thread_team team;
            found.push_back(passed(shape, 16, nn::training_in_shards{}));
            CHECK(found.back().equals(found.front()));
        }
    }
}

TEST_CASE("without gradients a layer in shards moves its statistics and has no history", "[nn]") {
    const c10::AutoGradMode off{false};
    auto c = some_layer(shapes[0]);
    auto stream = nn::generator(9);
    const auto x = at::randn({16, 32, 40, 36}, stream);
    const nn::training_in_shards mode;
    const auto before = c.norm->running_mean.clone();
    const auto y = forward(c, x, mode);
    CHECK_FALSE(y.requires_grad());
    CHECK_FALSE(c.norm->running_mean.equal(before));
    CHECK(c.norm->batches.item<std::int64_t>() == 1);
}

TEST_CASE("squeeze and excitation in shards", "[nn]") {
    const auto run = [](int threads, const auto& mode) {
        const nn::thread_scope set{threads};
        auto stream = nn::generator(4);
        auto se = nn::empty_squeeze_excitation(64, 16);
        for (auto* t : {&se.reduce.weight, &se.reduce.bias, &se.expand.weight, &se.expand.bias}) t->normal_(0, 0.4, stream).set_requires_grad(true);
        auto x = at::randn({16, 64, 48, 48}, stream).set_requires_grad(true);
        const auto y = forward(se, x, mode);
        (y * at::randn(y.sizes(), stream)).sum().backward();
        outcome out;
        out.add("output", y);
        out.add("gradient of the input", x.grad());
        for (auto* t : {&se.reduce.weight, &se.reduce.bias, &se.expand.weight, &se.expand.bias}) out.add("gradient of a weight", t->grad());
        return out;
    };
    const auto one = run(1, nn::training_in_shards{});
    check_near(one, run(1, nn::training{}), 2e-5);
    for (const int threads : {2, 3, 5}) CHECK(run(threads, nn::training_in_shards{}).equals(one));
}
