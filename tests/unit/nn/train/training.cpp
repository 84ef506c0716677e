#include <verdant/nn/core/autocast.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/nn/train/train.hpp>

#include "catch.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nn = verdant::nn;

namespace {

const verdant::workload::clip_config small{.text = {2, 16, 32, 2, 8},
                                           .vision = {2, 24, 48, 3, 8},
                                           .patch = 4,
                                           .joint = 12,
                                           .image = 8,
                                           .context = 6,
                                           .vocabulary = 20,
                                           .nonlinearity = verdant::workload::activation::gelu};

struct pairs {
    at::Tensor images, ids;
};

pairs some_pairs(std::int64_t n) {
    auto stream = nn::generator(11);
    return {at::randn({n, 3, 8, 8}, stream), at::randint(1, 20, {n, 6}, stream, at::kLong)};
}

std::map<std::string, at::Tensor> gradients(nn::clip_model& m) {
    std::map<std::string, at::Tensor> out;
    nn::for_each_parameter(m, [&](const std::string& name, at::Tensor& t) { out[name] = t.grad().clone(); });
    return out;
}

/// 32 bits, with the scaled loss that half precision needs.
struct scaled_fp32 : nn::fp32 {
    static constexpr bool scales_loss = true;
};
static_assert(nn::scales_loss<nn::amp> && nn::scales_loss<scaled_fp32> && !nn::scales_loss<nn::amp_bf16> && !nn::scales_loss<nn::fp32>);

/// The contrastive loss, but with infinite gradients in the steps given: the slope of a root at 0.
struct overflowing_objective {
    std::vector<std::int64_t> at;
    std::int64_t step = -1;
    nn::contrastive_objective loss{};
    void begin(std::span<const nn::image_text_batch>) { ++step; }
    at::Tensor operator()(const nn::clip_model& m, const nn::clip_features& f) const {
        const auto value = loss(m, f);
        return std::find(at.begin(), at.end(), step) == at.end() ? value : value + at::sqrt(value - value.detach());
    }
};

/// Largest difference of a gradient, relative to the largest number in it.
template <class Objective>
double largest_gap(Objective objective, bool bias) {
    auto m = nn::random_clip(small, 2);
    if (bias) nn::init_for_siglip(m);
    const auto data = some_pairs(12);
    auto optimizer = nn::adamw_of(m);
    const std::vector<nn::image_text_batch> whole{{data.images, data.ids}};
    const double loss = nn::accumulate_gradients(m, std::span{whole}, objective);
    const auto expected = gradients(m);
    optimizer.clear_gradients();
    std::vector<nn::image_text_batch> parts;
    for (std::int64_t i = 0; i < 3; ++i) parts.push_back({data.images.slice(0, 4 * i, 4 * i + 4), data.ids.slice(0, 4 * i, 4 * i + 4)});
    CHECK(nn::accumulate_gradients(m, std::span{std::as_const(parts)}, objective) == Approx(loss).epsilon(1e-5));
    double gap = 0;
    for (const auto& [name, gradient] : gradients(m))
        gap = std::max(gap, ((gradient - expected.at(name)).abs().max() / expected.at(name).abs().max()).template item<double>());
    return gap;
}

} // namespace

TEST_CASE("accumulated gradients are those of the whole batch", "[nn]") {
    CHECK(largest_gap(nn::contrastive_objective{}, false) < 1e-4);
    CHECK(largest_gap(nn::sigmoid_objective{}, true) < 1e-4);
    CHECK(largest_gap(nn::distillation_objective{nn::random_clip(small, 9)}, false) < 1e-4);
}

TEST_CASE("a CLIP decays by the rule that is passed in: matrices, not norms, biases or scalars", "[nn]") {
    const nn::openclip_decay decays;
    CHECK(decays("visual.proj", 2));
    CHECK(decays("token_embedding.weight", 2));
    CHECK_FALSE(decays("visual.class_embedding", 1));
    CHECK_FALSE(decays("some.ln_1.weight", 2));
    CHECK_FALSE(decays("logit_scale", 0));
    // Without a gradient of its own a decayed weight shrinks by the factor 1 - rate * decay and nothing else.
    auto weight = at::ones({2, 2}), bias = at::ones({2});
    weight.mutable_grad() = at::zeros_like(weight);
    bias.mutable_grad() = at::zeros_like(bias);
    nn::adamw optimizer{{.weight_decay = 0.5}};
    optimizer.add("weight", weight, decays);
    optimizer.add("bias", bias, decays);
    optimizer.step(0.1);
    CHECK(weight[0][0].item<double>() == Approx(0.95));
    CHECK(bias[0].item<double>() == 1);
    // The first step of Adam is the learning rate against the gradient's sign.
    bias.mutable_grad() = at::tensor({3.0F, -0.5F});
    nn::adamw fresh{{.epsilon = 0}};
    fresh.add("bias", bias, decays);
    fresh.step(0.25);
    CHECK(bias[0].item<double>() == Approx(0.75));
    CHECK(bias[1].item<double>() == Approx(1.25));
}

TEST_CASE("training learns pairs, reports steps, and resumes identically", "[nn]") {
    const auto data = some_pairs(32);
    const nn::memory_batches source{data.images, data.ids, 8, 5};
    CHECK(source.size() == 4);
    const nn::cosine_schedule schedule{3e-3, 5, 60};
    auto straight = nn::random_clip(small, 1);
    auto optimizer = nn::adamw_of(straight, {.weight_decay = 0.1});
    std::vector<nn::training_progress> log;
    nn::train(straight, optimizer, source, nn::contrastive_objective{}, schedule, {.steps = 60},
              [&](const nn::training_progress& p) { log.push_back(p); });
    REQUIRE(log.size() == 60);
    CHECK(log.back().loss < 0.5 * log.front().loss);
    CHECK(log.back().epoch == 14);
    CHECK(std::count_if(log.begin(), log.end(), [](const auto& p) { return p.epoch_done; }) == 15);

    auto first = nn::random_clip(small, 1);
    auto before = nn::adamw_of(first, {.weight_decay = 0.1});
    const auto quiet = [](const nn::training_progress&) {};
    nn::train(first, before, source, nn::contrastive_objective{}, schedule, {.steps = 23}, quiet);
    auto second = nn::load_clip(nn::state_of(first), small);
    auto after = nn::adamw_of(second, {.weight_decay = 0.1});
    after.restore(before.state());
    nn::train(second, after, source, nn::contrastive_objective{}, schedule, {.steps = 60}, quiet);
    CHECK(nn::state_of(second) == nn::state_of(straight));
}

TEST_CASE("an epoch's batches hold every pair at most once, in another order each epoch", "[nn]") {
    const auto ids = at::arange(10).reshape({10, 1}).expand({10, 6}).contiguous();
    const nn::memory_batches source{at::zeros({10, 3, 8, 8}), ids, 4};
    const auto epoch = [&](std::int64_t e) {
        std::vector<std::int64_t> seen;
        for (std::int64_t i = 0; i < source.size(); ++i)
            for (std::int64_t r = 0; r < 4; ++r) seen.push_back(source(e, i).ids[r][0].item<std::int64_t>());
        return seen;
    };
    auto a = epoch(0);
    CHECK(a == epoch(0));
    CHECK(a != epoch(1));
    std::sort(a.begin(), a.end());
    CHECK(std::unique(a.begin(), a.end()) == a.end());
    CHECK_THROWS_AS((nn::memory_batches{at::zeros({10, 3, 8, 8}), ids, 11}), verdant::input_error);
    CHECK_THROWS_AS((nn::memory_batches{at::zeros({9, 3, 8, 8}), ids, 4}), verdant::input_error);
}

TEST_CASE("training in mixed bfloat16 lowers the loss too", "[nn]") {
    const auto data = some_pairs(16);
    auto m = nn::random_clip(small, 1);
    auto optimizer = nn::adamw_of(m);
    std::vector<double> losses;
    nn::train<nn::amp_bf16>(m, optimizer, nn::memory_batches{data.images, data.ids, 16}, nn::contrastive_objective{}, nn::constant_schedule{3e-3, 2},
                            {.steps = 20}, [&](const nn::training_progress& p) { losses.push_back(p.loss); });
    CHECK(losses.back() < 0.7 * losses.front());
    CHECK(m.text.projection.scalar_type() == at::kFloat);
}

TEST_CASE("a scaled loss trains like one that is not, for powers of two bit for bit", "[nn]") {
    const auto data = some_pairs(32);
    const nn::memory_batches source{data.images, data.ids, 8, 5};
    const nn::constant_schedule schedule{1e-3, 2};
    const auto quiet = [](const nn::training_progress&) {};
    const auto end = [&]<class Precision>(Precision, std::int64_t together) {
        auto m = nn::random_clip(small, 1);
        auto optimizer = nn::adamw_of(m, {.scaling = {.initial = 1024, .interval = 3}});
        nn::train<Precision>(m, optimizer, source, nn::contrastive_objective{}, schedule,
                             {.steps = 8, .accumulated_batches = together, .largest_gradient = 0.5}, quiet);
        CHECK(optimizer.scaler().scale() == (nn::scales_loss<Precision> ? 4096 : 1024)); // grown twice in 8 steps
        CHECK(optimizer.scaler().skipped() == 0);
        return nn::state_of(m);
    };
    for (const std::int64_t together : {1, 2}) CHECK(end(scaled_fp32{}, together) == end(nn::fp32{}, together));
}

TEST_CASE("a step with infinite gradients is left out, and the scale falls", "[nn]") {
    const auto data = some_pairs(32);
    const nn::memory_batches source{data.images, data.ids, 8, 5};
    auto m = nn::random_clip(small, 1);
    auto optimizer = nn::adamw_of(m);
    std::vector<nn::training_progress> log;
    std::vector<verdant::io::named_tensors> weights;
    nn::train<scaled_fp32>(m, optimizer, source, overflowing_objective{{2, 3}}, nn::constant_schedule{1e-3, 1}, {.steps = 6},
                           [&](const nn::training_progress& p) {
                               log.push_back(p);
                               weights.push_back(nn::state_of(m));
                           });
    REQUIRE(log.size() == 6);
    CHECK(log[2].skipped);
    CHECK(log[3].skipped);
    CHECK(std::count_if(log.begin(), log.end(), [](const auto& p) { return p.skipped; }) == 2);
    CHECK(weights[2] == weights[1]);
    CHECK(weights[3] == weights[1]);
    CHECK_FALSE(weights[4] == weights[3]);
    CHECK(optimizer.scaler().scale() == 65536.0 / 4);
    CHECK(optimizer.steps() == 4);
    CHECK(optimizer.trained_steps() == 6);
    nn::for_each_parameter(m, [](const std::string& name, const at::Tensor& t) {
        INFO(name);
        CHECK(t.isfinite().all().item<bool>());
    });
    // Without the scaling such a step is nobody's plan, and training stops before the weights are lost.
    auto kept = nn::random_clip(small, 1);
    auto plain = nn::adamw_of(kept);
    CHECK_THROWS_AS(nn::train(kept, plain, source, overflowing_objective{{2}}, nn::constant_schedule{1e-3, 1}, {.steps = 3},
                              [](const nn::training_progress&) {}),
                    nn::nonfinite_error);
    CHECK(plain.steps() == 2);
    CHECK(kept.text.projection.isfinite().all().item<bool>());
}

TEST_CASE("training with a scaled loss goes on where it stopped, scale and left-out steps too", "[nn]") {
    const auto data = some_pairs(32);
    const nn::memory_batches source{data.images, data.ids, 8, 5};
    const nn::adamw_options options{.scaling = {.initial = 256, .interval = 4}};
    const auto quiet = [](const nn::training_progress&) {};
    const auto go = [&](nn::clip_model& m, nn::adamw& optimizer, std::int64_t steps, overflowing_objective objective) {
        nn::train<scaled_fp32>(m, optimizer, source, std::move(objective), nn::cosine_schedule{1e-3, 2, 12}, {.steps = steps}, quiet);
    };
    auto straight = nn::random_clip(small, 1), first = nn::random_clip(small, 1);
    auto all = nn::adamw_of(straight, options), before = nn::adamw_of(first, options);
    go(straight, all, 12, {{1, 3}});
    go(first, before, 7, {{1, 3}});
    auto second = nn::load_clip(nn::state_of(first), small);
    auto after = nn::adamw_of(second, options);
    after.restore(before.state());
    CHECK(after.trained_steps() == 7);
    go(second, after, 12, {});
    CHECK(nn::state_of(second) == nn::state_of(straight));
    CHECK(after.state() == all.state());

    // States of earlier versions have no scale; damaged ones change nothing.
    verdant::io::named_tensors older, damaged;
    for (const auto& [name, value] : before.state()) {
        if (!name.starts_with("loss_scale")) older.add(name, value);
        damaged.add(name, name == "loss_scale" ? verdant::io::tensor_data::of<double>({}, std::vector<double>{0}) : value);
    }
    auto fresh = nn::adamw_of(second, options);
    CHECK_THROWS_AS(fresh.restore(damaged), verdant::input_error);
    CHECK(fresh.trained_steps() == 0);
    fresh.restore(older);
    CHECK(fresh.steps() == 5);
    CHECK(fresh.scaler().scale() == 256);
}

TEST_CASE("the scale of a loss grows, falls, and stays a number", "[nn]") {
    nn::loss_scaler s{{.initial = 4, .growth = 2, .backoff = 0.25, .interval = 2}};
    s.update(true);
    CHECK(s.scale() == 4);
    s.update(false);
    CHECK(s.scale() == 1);
    for (int i = 0; i < 3; ++i) s.update(true);
    CHECK(s.scale() == 2);
    for (int i = 0; i < 1000; ++i) s.update(true);
    CHECK(s.scale() <= 0x1p127);
    CHECK(s.scale() >= 0x1p126);
    for (int i = 0; i < 1000; ++i) s.update(false);
    CHECK(s.scale() > 0);
    CHECK(s.skipped() == 1001);
    using wrong = nn::loss_scaling;
    for (const auto& o : {wrong{.initial = 0}, wrong{.growth = 0.5}, wrong{.backoff = 1}, wrong{.interval = 0}})
        CHECK_THROWS_AS(nn::loss_scaler{o}, verdant::input_error);
}

TEST_CASE("the logit scale stays between 0 and ln 100", "[nn]") {
    auto m = nn::random_clip(small);
    m.logit_scale.fill_(9);
    nn::clamp_logit_scale(m);
    CHECK(m.logit_scale.item<double>() == Approx(std::log(100.0)));
    m.logit_scale.fill_(-1);
    nn::clamp_logit_scale(m);
    CHECK(m.logit_scale.item<double>() == 0);
}
