// What makes training cheaper: locked towers, patches that are left out, blocks that are computed again.

#include <verdant/error.hpp>
#include <verdant/nn/core/autocast.hpp>
#include <verdant/nn/layers/patch_dropout.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/models/gradient_checkpointing.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/locked_towers.hpp>
#include <verdant/nn/train/train.hpp>

#include "catch.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <c10/core/Allocator.h>
#include <c10/core/Device.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nn = verdant::nn;

namespace {

const verdant::workload::clip_config small{.text = {3, 16, 32, 2, 8},
                                           .vision = {3, 24, 48, 3, 8},
                                           .patch = 4,
                                           .joint = 12,
                                           .image = 16,
                                           .context = 6,
                                           .vocabulary = 20,
                                           .nonlinearity = verdant::workload::activation::gelu};

nn::image_text_batch some_pairs(std::int64_t n) {
    auto stream = nn::generator(11);
    return {at::randn({n, 3, 16, 16}, stream), at::randint(1, 20, {n, 6}, stream, at::kLong)};
}

std::set<std::string> trainable(const nn::clip_model& m) {
    std::set<std::string> out;
    nn::for_each_parameter(m, [&out](const std::string& name, const at::Tensor& t) {
        if (t.requires_grad()) out.insert(name);
    });
    return out;
}

/// Names of trainable parameters of one tower that hold one of the words.
std::size_t count(const std::set<std::string>& names, bool vision, const std::string& word = "") {
    return static_cast<std::size_t>(std::count_if(names.begin(), names.end(), [&](const std::string& n) {
        return n.starts_with("logit") ? false : n.starts_with("visual.") == vision && n.find(word) != std::string::npos;
    }));
}

std::set<std::string> locked_by(const nn::tower_locks& locks) {
    auto m = nn::random_clip(small, 2);
    nn::lock_towers(m, locks);
    return trainable(m);
}

constexpr auto quiet = [](const nn::training_progress&) {};

/// A model after some steps, and the state of its optimiser.
struct trained {
    nn::clip_model m = nn::random_clip(small, 1);
    nn::adamw optimizer{};

    explicit trained(const nn::tower_locks& locks = {}, bool checkpointing = false) {
        nn::lock_towers(m, locks);
        optimizer = nn::adamw_of_trainable(m, {.weight_decay = 0.1});
        if (checkpointing) nn::use_gradient_checkpointing(m);
    }
    void run(std::int64_t steps, double dropped = 0, std::int64_t together = 1) {
        const auto data = some_pairs(24);
        nn::train(m, optimizer, nn::memory_batches{data.images, data.ids, 6 / together, 5}, nn::contrastive_objective{},
                  nn::constant_schedule{1e-3, 2}, {.steps = steps, .accumulated_batches = together, .dropped_patches = {dropped, 7}}, quiet);
    }
    [[nodiscard]] verdant::io::named_tensors state() const { return nn::state_of(m); }
};

/// Bytes of the tensors of this thread that are alive at once, at most. The signature differs between versions of LibTorch.
struct counted_bytes : c10::MemoryReportingInfoBase {
    void reportMemoryUsage(void*, std::int64_t size, std::int64_t, std::int64_t, c10::Device) { add(size); }
    void reportMemoryUsage(void*, std::int64_t size, std::size_t, std::size_t, c10::Device) { add(size); }
    [[nodiscard]] bool memoryProfilingEnabled() const { return true; }
    void add(std::int64_t size) { most = std::max(most, now += size); }
    std::int64_t now = 0, most = 0;
};

struct gradients_and_bytes {
    std::map<std::string, at::Tensor> gradients;
    double loss = 0;
    std::int64_t bytes = 0;
};

template <class Precision>
gradients_and_bytes gradients_of(const verdant::workload::clip_config& c, const nn::tower_locks& locks, bool checkpointing, std::int64_t parts,
                                 double dropped) {
    auto m = nn::random_clip(c, 2);
    nn::lock_towers(m, locks);
    if (checkpointing) nn::use_gradient_checkpointing<Precision>(m);
    const auto data = some_pairs(12);
    std::vector<nn::image_text_batch> batches;
    for (std::int64_t i = 0, n = 12 / parts; i < parts; ++i) {
        batches.push_back({data.images.slice(0, i * n, i * n + n), data.ids.slice(0, i * n, i * n + n)});
        if (dropped > 0) batches.back().patches = nn::kept_patches({dropped, 3}, n, 16, 4, i * n);
    }
    nn::contrastive_objective objective;
    gradients_and_bytes out;
    const auto counted = std::make_shared<counted_bytes>();
    {
        const c10::DebugInfoGuard guard{c10::DebugInfoKind::PROFILER_STATE, counted};
        out.loss = nn::accumulate_gradients<Precision>(m, std::span{std::as_const(batches)}, objective);
    }
    out.bytes = counted->most;
    nn::for_each_parameter(m, [&](const std::string& name, const at::Tensor& t) {
        if (t.grad().defined()) out.gradients[name] = t.grad().clone();
    });
    return out;
}

bool same(const gradients_and_bytes& a, const gradients_and_bytes& b) {
    return a.loss == b.loss && a.gradients.size() == b.gradients.size() &&
           std::all_of(a.gradients.begin(), a.gradients.end(), [&](const auto& g) { return g.second.equal(b.gradients.at(g.first)); });
}

} // namespace

TEST_CASE("towers are locked by groups, from the front", "[nn]") {
    const auto all = locked_by({});
    const std::size_t vision = count(all, true), text = count(all, false);
    CHECK(vision == 3 * 12 + 8);
    CHECK(text == 3 * 12 + 5);
    CHECK(all.contains("logit_scale"));

    // Nothing, the projection, the last block with the norm after it, each block, and what comes before them.
    for (const auto& [groups, expected] : std::map<std::int64_t, std::size_t>{{0, 0}, {1, 1}, {2, 15}, {3, 27}, {4, 39}, {5, 44}, {9, 44}}) {
        const auto left = locked_by({.image = true, .unlocked_image_groups = groups});
        CHECK(count(left, true) == expected);
        CHECK(count(left, false) == text);
        CHECK(left.contains("logit_scale"));
        CHECK(left.contains("visual.proj") == (groups >= 1));
        CHECK(left.contains("visual.ln_post.bias") == (groups >= 2));
        CHECK(left.contains("visual.transformer.resblocks.2.mlp.c_fc.weight") == (groups >= 2));
        CHECK(left.contains("visual.transformer.resblocks.0.mlp.c_fc.weight") == (groups >= 4));
        CHECK(left.contains("visual.conv1.weight") == (groups >= 5));
    }
    for (const auto& [groups, expected] : std::map<std::int64_t, std::size_t>{{0, 0}, {1, 1}, {2, 15}, {3, 27}, {4, 39}, {5, 41}, {9, 41}}) {
        const auto left = locked_by({.text = true, .unlocked_text_layers = groups, .freeze_text_norms = true});
        CHECK(count(left, false) == expected);
        CHECK(count(left, true) == vision);
        CHECK(left.contains("text_projection") == (groups >= 1));
        CHECK(left.contains("ln_final.weight") == (groups >= 2));
        CHECK(left.contains("token_embedding.weight") == (groups >= 5));
    }
    const auto norms = locked_by({.text = true});
    CHECK(count(norms, false) == 3 * 4 + 2);
    CHECK(count(norms, false, "ln_") == 3 * 4 + 2);

    CHECK_THROWS_WITH(locked_by({.unlocked_image_groups = 1}), Catch::Contains("vision tower: expected none unlocked where none is locked"));
    CHECK_THROWS_WITH(locked_by({.text = true, .unlocked_text_layers = -1}), Catch::Contains("text tower: expected at least 0 unlocked groups"));
}

TEST_CASE("locked weights stay as they were, the others train, and training resumes", "[nn]") {
    const nn::tower_locks locks{.image = true, .unlocked_image_groups = 2, .text = true, .freeze_text_norms = true};
    const auto before = nn::state_of(nn::random_clip(small, 1));
    for (const std::int64_t together : {1, 2}) {
        trained straight{locks};
        straight.run(6, 0, together);
        const auto names = trainable(straight.m);
        const auto end = straight.state();
        for (const auto& [name, value] : before) {
            INFO(name);
            CHECK((end.at(name) == value) == !names.contains(name));
        }
        CHECK(straight.optimizer.state().find("mean.visual.conv1.weight") == nullptr);
        CHECK(straight.optimizer.state().find("mean.visual.proj") != nullptr);
        trained first{locks}, second{locks};
        first.run(3, 0, together);
        second.m = nn::load_clip(first.state(), small);
        nn::lock_towers(second.m, locks);
        second.optimizer = nn::adamw_of_trainable(second.m, {.weight_decay = 0.1});
        second.optimizer.restore(first.optimizer.state());
        second.run(6, 0, together);
        CHECK(second.state() == end);
    }
    // With both towers locked the scale of the logits is all that is left.
    for (const std::int64_t together : {1, 2}) {
        trained scale{{.image = true, .text = true, .freeze_text_norms = true}};
        scale.run(3, 0, together);
        CHECK(trainable(scale.m) == std::set<std::string>{"logit_scale"});
        CHECK_FALSE(scale.state() == before);
        CHECK(scale.state().at("visual.proj") == before.at("visual.proj"));
    }
}

TEST_CASE("patches that stay are a random part, the class token always among them", "[nn]") {
    CHECK(nn::patches_left(196, 0.5) == 98);
    CHECK(nn::patches_left(49, 0.5) == 24);
    CHECK(nn::patches_left(4, 0.9) == 1);
    const auto kept = nn::kept_patches({0.5, 3}, 400, 16, 2, 0);
    REQUIRE(kept.sizes() == at::IntArrayRef({400, 9}));
    std::vector<int> often(17);
    for (std::int64_t i = 0; i < 400; ++i) {
        const auto* const row = kept.data_ptr<std::int64_t>() + 9 * i;
        CHECK(row[0] == 0);
        for (int k = 0; k < 8; ++k) CHECK(row[k] < row[k + 1]);
        CHECK(row[8] <= 16);
        for (int k = 0; k < 9; ++k) ++often[static_cast<std::size_t>(row[k])];
    }
    // Each patch in half of the images: 200 of 400, standard deviation 10.
    for (std::size_t patch = 1; patch <= 16; ++patch) CHECK(std::abs(often[patch] - 200) < 45);
    // The same for the same seed, step and place, wherever that is computed.
    CHECK(nn::kept_patches({0.5, 3}, 4, 16, 2, 100).equal(kept.slice(0, 100, 104)));
    CHECK_FALSE(nn::kept_patches({0.5, 3}, 400, 16, 3, 0).equal(kept));
    CHECK_FALSE(nn::kept_patches({0.5, 4}, 400, 16, 2, 0).equal(kept));
    CHECK_THROWS_WITH(nn::kept_patches({1, 3}, 1, 16, 0, 0), Catch::Contains("patch dropout: expected a probability of at least 0, below 1"));
    CHECK_THROWS_AS(nn::kept_patches({-0.1, 3}, 1, 16, 0, 0), verdant::input_error);
}

TEST_CASE("what is left out of an image has no part in its embedding", "[nn]") {
    const auto m = nn::random_clip(small, 2);
    const auto images = some_pairs(2).images;
    const auto kept = nn::kept_patches({0.75, 1}, 2, 16, 0, 0);
    const auto all = at::arange(17).expand({2, 17});
    const auto embed = [&](const at::Tensor& pixels, const at::Tensor& tokens) { return nn::encode_image(m, pixels, nn::no_observer{}, tokens); };
    CHECK(embed(images, all).equal(nn::encode_image(m, images)));
    const auto part = embed(images, kept);
    CHECK((part - nn::encode_image(m, images)).abs().max().item<double>() > 1e-4);
    std::int64_t unseen = 0;
    for (std::int64_t patch = 1; patch <= 16; ++patch) {
        auto changed = images.clone();
        const auto y = (patch - 1) / 4 * 4, x = (patch - 1) % 4 * 4;
        changed[0].slice(1, y, y + 4).slice(2, x, x + 4).add_(1);
        const bool seen = kept[0].eq(patch).any().item<bool>();
        unseen += seen ? 0 : 1;
        CHECK(embed(changed, kept).equal(part) == !seen);
    }
    CHECK(unseen == 12);
}

TEST_CASE("training with left out patches goes on from any step, and is used in training alone", "[nn]") {
    trained straight, first, whole;
    straight.run(7, 0.5);
    whole.run(7);
    CHECK_FALSE(straight.state() == whole.state());
    first.run(3, 0.5); // within an epoch
    trained second;
    second.m = nn::load_clip(first.state(), small);
    second.optimizer = nn::adamw_of(second.m, {.weight_decay = 0.1});
    second.optimizer.restore(first.optimizer.state());
    second.run(7, 0.5);
    CHECK(second.state() == straight.state());
    // Of half-sized batches the same patches are left out, so that gradients differ by rounding.
    trained parts;
    parts.run(1, 0.5, 2);
    trained step;
    step.run(1, 0.5);
    nn::for_each_parameter(parts.m, [&](const std::string& name, const at::Tensor& t) {
        nn::for_each_parameter(step.m, [&](const std::string& other, const at::Tensor& u) {
            if (name == other) CHECK((t.grad() - u.grad()).abs().max().item<double>() <= 1e-4 * u.grad().abs().max().item<double>());
        });
    });
}

TEST_CASE("blocks that are computed again have the same gradients, bit for bit", "[nn]") {
    for (const auto& locks : {nn::tower_locks{}, nn::tower_locks{.image = true, .unlocked_image_groups = 2, .text = true}})
        for (const std::int64_t parts : {1, 3})
            for (const double dropped : {0.0, 0.5}) {
                INFO("locked " << locks.image << ", parts " << parts << ", dropped " << dropped);
                CHECK(same(gradients_of<nn::fp32>(small, locks, true, parts, dropped), gradients_of<nn::fp32>(small, locks, false, parts, dropped)));
                CHECK(same(gradients_of<nn::amp_bf16>(small, locks, true, parts, dropped),
                           gradients_of<nn::amp_bf16>(small, locks, false, parts, dropped)));
            }
    trained plain, again{{}, true};
    plain.run(5, 0.25, 2);
    again.run(5, 0.25, 2);
    CHECK(again.state() == plain.state());
    auto m = nn::random_clip(small, 2);
    const auto images = some_pairs(2).images;
    const auto features = nn::encode_image(m, images);
    nn::use_gradient_checkpointing(m);
    CHECK(nn::encode_image(m, images).equal(features));
    CHECK(nn::clone(m).run_block == m.run_block);
    nn::use_gradient_checkpointing(m, false);
    CHECK(nn::encode_image(m, images).equal(features));
}

TEST_CASE("blocks are computed again in the precision of the forward pass, wherever the backward pass is", "[nn]") {
    std::vector<std::map<std::string, at::Tensor>> gradients(2);
    for (const bool checkpointing : {false, true}) {
        auto m = nn::random_clip(small, 2);
        nn::require_grad(m);
        nn::use_gradient_checkpointing<nn::amp_bf16>(m, checkpointing);
        at::Tensor sum;
        {
            const nn::amp_bf16::scope scope{at::kCPU};
            sum = nn::encode_image(m, some_pairs(4).images).to(at::kFloat).sum();
        }
        sum.backward();
        nn::for_each_parameter(m, [&](const std::string& name, const at::Tensor& t) {
            if (t.grad().defined()) gradients[checkpointing ? 1 : 0][name] = t.grad().clone();
        });
    }
    REQUIRE(gradients[0].size() == gradients[1].size());
    for (const auto& [name, g] : gradients[0]) {
        INFO(name);
        CHECK(g.equal(gradients[1].at(name)));
    }
}

TEST_CASE("blocks that are computed again take less memory", "[nn]") {
    auto deep = small;
    deep.vision.layers = deep.text.layers = 8;
    const auto plain = gradients_of<nn::fp32>(deep, {}, false, 1, 0), again = gradients_of<nn::fp32>(deep, {}, true, 1, 0);
    CHECK(same(plain, again));
    INFO("largest sum of tensors alive: " << plain.bytes << " bytes, " << again.bytes << " with blocks computed again");
    CHECK(again.bytes > 0);
    CHECK(2 * again.bytes < plain.bytes);
}
