#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/sgd.hpp>
#include <verdant/nn/optim/weight_decay.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>

#include "catch.hpp"

#include <ATen/ops/ones.h>
#include <ATen/ops/zeros_like.h>

#include <cstdint>
#include <string_view>

namespace nn = verdant::nn;

static_assert(nn::decay_rule<nn::decay_all>);
static_assert(nn::decay_rule<nn::decay_matrices>);
static_assert(!nn::decay_rule<int>);
static_assert(nn::decay_matrices{}("anything", 2) && !nn::decay_matrices{}("anything", 1));
static_assert(nn::openclip_decay{}("visual.conv1.weight", 4) && !nn::openclip_decay{}("some.bias", 2));

namespace {

/// A matrix of ones and its gradient of zero: a step changes what decays and nothing else.
at::Tensor idle() {
    auto t = at::ones({2, 2});
    t.mutable_grad() = at::zeros_like(t);
    return t;
}

} // namespace

TEST_CASE("optimisers know no models: by default all decays, else what the rule says of names and axes", "[nn]") {
    const auto second = [](std::string_view name, std::int64_t axes) { return name == "second" && axes == 2; };
    auto of_adamw = idle(), kept = idle(), chosen = idle(), of_sgd = idle(), kept_by_sgd = idle();
    nn::adamw adamw{{.weight_decay = 0.5}};
    adamw.add("bias", of_adamw);
    adamw.add("first", kept, second);
    adamw.add("second", chosen, second);
    adamw.step(0.1);
    CHECK(of_adamw.equal(at::ones({2, 2}) * (1 - 0.1 * 0.5)));
    CHECK(kept.equal(at::ones({2, 2})));
    CHECK(chosen.equal(of_adamw));
    nn::sgd sgd{{.momentum = 0, .nesterov = false, .weight_decay = 0.5}};
    sgd.add("bn.bias", of_sgd);
    sgd.add("first", kept_by_sgd, second);
    sgd.step(0.1);
    CHECK(of_sgd.sum().item<double>() == Approx(4 * 0.95));
    CHECK(kept_by_sgd.equal(at::ones({2, 2})));
}

TEST_CASE("another rule than OpenCLIP's may be passed in with a CLIP", "[nn]") {
    auto m = nn::random_clip({.text = {1, 8, 16, 1, 8},
                              .vision = {1, 8, 16, 1, 8},
                              .patch = 4,
                              .joint = 4,
                              .image = 8,
                              .context = 4,
                              .vocabulary = 8,
                              .nonlinearity = verdant::workload::activation::gelu});
    const auto before = m.logit_scale.item<double>(), weight = m.vision.projection.abs().sum().item<double>();
    for (const bool all : {false, true}) {
        auto optimizer = all ? nn::adamw_of(m, {.weight_decay = 0.5}, nn::decay_all{}) : nn::adamw_of(m, {.weight_decay = 0.5});
        nn::for_each_parameter(m, [](const std::string&, at::Tensor& t) { t.mutable_grad() = at::zeros_like(t); });
        optimizer.step(0.1);
        CHECK(m.logit_scale.item<double>() == Approx(all ? before * 0.95 : before));
    }
    CHECK(m.vision.projection.abs().sum().item<double>() == Approx(weight * 0.95 * 0.95));
}
