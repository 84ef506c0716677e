#include <verdant/error.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/epoch_schedule.hpp>
#include <verdant/nn/optim/rmsprop.hpp>
#include <verdant/nn/optim/sgd.hpp>
#include <verdant/nn/optim/weight_average.hpp>

#include "catch.hpp"

#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace nn = verdant::nn;

namespace {

struct two_tensors {
    at::Tensor weight, count;
};
template <class Net, class Visitor>
    requires std::same_as<std::remove_const_t<Net>, two_tensors>
void for_each_tensor(Net& n, Visitor&& visit) {
    visit("weight", n.weight, true);
    visit("count", n.count, false);
}

} // namespace

TEST_CASE("the triangle of Accel-NASBench: to the peak at epoch 2, to 0 at epoch 16, a straight line in each epoch", "[nn]") {
    const std::int64_t n = 10;
    const auto rate = nn::piecewise_linear_schedule::triangle(0.425, 2, 16, n);
    CHECK(rate(0) == Approx(0.425e-4));
    CHECK(rate(n) == Approx((0.425e-4 + 0.425) / 2));
    CHECK(rate(2 * n) == Approx(0.425));
    CHECK(rate(9 * n) == Approx(0.425 / 2));
    CHECK(rate(9 * n + 5) == Approx(0.425 * (16 - 9.5) / 14));
    CHECK(rate(16 * n - 1) == Approx(0.425 * 0.1 / 14));
    CHECK(rate(16 * n) == 0);
    CHECK(rate(40 * n) == 0);
    // A corner within an epoch is cut: f(e) at both ends of the epoch, and a line between.
    const nn::piecewise_linear_schedule cut{{{0, 0}, {0.5, 1}, {1, 0}}, 4};
    for (std::int64_t i = 0; i < 4; ++i) CHECK(cut(i) == 0);
    CHECK(cut.at(0.25) == Approx(0.5));
    CHECK_THROWS_AS((nn::piecewise_linear_schedule{{}, 1}), verdant::input_error);
    CHECK_THROWS_AS((nn::piecewise_linear_schedule{{{0, 1}, {0, 2}}, 1}), verdant::input_error);
    CHECK_THROWS_AS((nn::piecewise_linear_schedule{{{0, -1}}, 1}), verdant::input_error);
    CHECK_THROWS_AS((nn::piecewise_linear_schedule{{{0, 1}}, 0}), verdant::input_error);
}

TEST_CASE("the stepwise schedule warms up for five epochs, then takes 0.97 of itself every 2.4 epochs", "[nn]") {
    const nn::stepwise_schedule rate{.steps = 3};
    CHECK(rate(0) == Approx(1e-6));
    CHECK(rate(2) == Approx(1e-6)); // one rate an epoch
    CHECK(rate(3) == Approx(1e-6 + (0.024 - 1e-6) / 5));
    CHECK(rate(12) == Approx(1e-6 + 4 * (0.024 - 1e-6) / 5));
    CHECK(rate(15) == Approx(0.024 * std::pow(0.97, 2)));  // epoch 5: twice 2.4 have passed
    CHECK(rate(24) == Approx(0.024 * std::pow(0.97, 3)));  // epoch 8
    CHECK(rate(3 * 450) == Approx(0.024 * std::pow(0.97, 187)));
}

TEST_CASE("RMSprop is TensorFlow's: epsilon in the root, squares from 1, the rate in the momentum", "[nn]") {
    for (const double momentum : {0.9, 0.0}) {
        const nn::rmsprop_options o{.momentum = momentum};
        auto p = at::full({2, 2}, 0.5), bias = at::full({2}, -1.0);
        nn::rmsprop optimizer{o};
        optimizer.add("weight", p, nn::decay_matrices{});
        optimizer.add("bias", bias, nn::decay_matrices{});
        double x = 0.5, s = 1, b = 0, y = -1, t = 1, c = 0;
        for (int step = 0; step < 5; ++step) {
            const double rate = 0.1 / (1 + step), g = 0.3 - 0.2 * step, h = 0.05 * step;
            p.mutable_grad() = at::full({2, 2}, g);
            bias.mutable_grad() = at::full({2}, h);
            optimizer.step(rate);
            const double gx = g + o.weight_decay * x;
            s += 0.1 * (gx * gx - s);
            b = momentum * b + rate * gx / std::sqrt(s + 1e-3);
            x -= b;
            t += 0.1 * (h * h - t);
            c = momentum * c + rate * h / std::sqrt(t + 1e-3);
            y -= c;
            CHECK(p[1][1].item<double>() == Approx(x).epsilon(1e-5));
            CHECK(bias[0].item<double>() == Approx(y).epsilon(1e-5));
        }
        optimizer.clear_gradients();
        const auto before = p.clone();
        optimizer.step(1);
        CHECK(p.equal(before));
        CHECK(optimizer.steps() == 6);
    }
    CHECK_THROWS_WITH(nn::rmsprop{nn::rmsprop_options{.epsilon = 0}}, Catch::Contains("epsilon"));
    CHECK_THROWS_WITH(nn::rmsprop{nn::rmsprop_options{.decay = 1.5}}, Catch::Contains("decay"));
}

TEST_CASE("the average of weights follows the net and is another one", "[nn]") {
    two_tensors net{at::full({3}, 1.0), at::tensor(std::int64_t{4}, at::kLong)};
    nn::weight_average average{net, 0.75};
    double expected = 1;
    for (int step = 1; step < 6; ++step) {
        net.weight.fill_(step * 2.0);
        net.count.add_(1);
        average.update(net);
        expected = 0.75 * expected + 0.25 * step * 2;
        CHECK(average.net().weight[2].item<double>() == Approx(expected).epsilon(1e-6));
        CHECK(average.net().count.item<std::int64_t>() == 4 + step);
        CHECK(net.weight[0].item<double>() == step * 2.0);
    }
    CHECK_THROWS_AS((nn::weight_average{net, 1.5}), verdant::input_error);
}

TEST_CASE("numbers with which no optimiser works are refused by name", "[nn]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const double wrong : {-0.1, 1.0, nan}) {
        CHECK_THROWS_WITH(nn::adamw(nn::adamw_options{.beta1 = wrong}), Catch::Contains("beta1"));
        CHECK_THROWS_WITH(nn::adamw(nn::adamw_options{.beta2 = wrong}), Catch::Contains("beta2"));
    }
    for (const double wrong : {-0.1, nan, std::numeric_limits<double>::infinity()}) {
        CHECK_THROWS_WITH(nn::adamw(nn::adamw_options{.epsilon = wrong}), Catch::Contains("epsilon"));
        CHECK_THROWS_WITH(nn::adamw(nn::adamw_options{.weight_decay = wrong}), Catch::Contains("weight_decay"));
        CHECK_THROWS_WITH(nn::sgd(nn::sgd_options{.momentum = wrong}), Catch::Contains("momentum"));
        CHECK_THROWS_WITH(nn::sgd(nn::sgd_options{.weight_decay = wrong}), Catch::Contains("weight_decay"));
    }
    CHECK_NOTHROW(nn::adamw(nn::adamw_options{.weight_decay = 0, .beta1 = 0, .beta2 = 0, .epsilon = 0}));
    CHECK_NOTHROW(nn::sgd(nn::sgd_options{.momentum = 0, .nesterov = false, .weight_decay = 0}));
}
