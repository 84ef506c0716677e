#include <verdant/nn/core/autocast.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/encode.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/models/gradient_checkpointing.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/locked_towers.hpp>
#include <verdant/nn/train/train.hpp>

#include "catch.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nn = verdant::nn;

namespace {

// Feed-forward parts of more than 32768 numbers, which LibTorch's own loops would share out.
const verdant::workload::clip_config wide{.text = {2, 96, 384, 2, 48},
                                          .vision = {2, 96, 384, 3, 32},
                                          .patch = 4,
                                          .joint = 24,
                                          .image = 8,
                                          .context = 6,
                                          .vocabulary = 500};

nn::image_text_batch some_pairs(std::int64_t n) {
    auto stream = nn::generator(3);
    return {at::randn({n, 3, 8, 8}, stream), at::randint(1, 500, {n, 6}, stream, at::kLong)};
}

/// What is left of some steps: the weights, the optimiser's state and the losses.
struct outcome {
    verdant::io::named_tensors weights, optimizer;
    std::vector<double> losses;
    friend bool operator==(const outcome&, const outcome&) = default;
};

template <class Precision = nn::fp32, class Objective = nn::contrastive_objective>
outcome trained(int threads, const nn::training_options& options, Objective objective = {}, const std::function<void(nn::clip_model&)>& prepare = {}) {
    const nn::thread_scope set{threads};
    auto m = nn::random_clip(wide, 1);
    if constexpr (!std::same_as<Precision, nn::fp32>) m = nn::to(m, at::kCPU, Precision::weights);
    nn::require_grad(m);
    if (prepare) prepare(m);
    auto optimizer = nn::adamw_of_trainable(m);
    const auto data = some_pairs(44);
    std::vector<double> losses;
    nn::train<Precision>(m, optimizer, nn::memory_batches{data.images, data.ids, 22, 5}, std::move(objective), nn::cosine_schedule{1e-3, 1, 4}, options,
                         [&losses](const nn::training_progress& p) { losses.push_back(p.loss); });
    return {nn::state_of(m), optimizer.state(), losses};
}

} // namespace

TEST_CASE("the parts of a batch depend on its size alone", "[nn]") {
    CHECK(nn::shards_of(1) == 1);
    CHECK(nn::shards_of(5) == 5);
    CHECK(nn::shards_of(8) == 8);
    CHECK(nn::shards_of(128) == 8);
    CHECK(nn::shards_of(256) == 8);
    CHECK(nn::shards_of(257) == 9);
    CHECK(nn::shards_of(4096) == 128);
    const std::vector<nn::image_text_batch> batches{some_pairs(11), some_pairs(3)};
    std::vector<std::int64_t> sizes;
    std::int64_t next = 0;
    for (const auto& s : verdant::nn::detail::shards_of(std::span{batches})) {
        if (s.from == 0) next = 0;
        CHECK(s.from == next);
        next = s.to;
        sizes.push_back(s.to - s.from);
    }
    CHECK(sizes == std::vector<std::int64_t>{1, 1, 2, 1, 1, 2, 1, 2, 1, 1, 1});
}

TEST_CASE("training ends with the same bits for any number of threads", "[nn]") {
    const nn::training_options plain{.steps = 4, .largest_gradient = 0.5};
    nn::training_options dropping = plain, accumulating = plain;
    dropping.dropped_patches = {0.5, 9};
    accumulating.accumulated_batches = 2;
    const auto lock = [](nn::clip_model& m) { nn::lock_towers(m, {.image = true, .unlocked_image_groups = 1}); };
    const auto checkpointing = [](nn::clip_model& m) { nn::use_gradient_checkpointing(m); };
    const auto biased = [](nn::clip_model& m) {
        nn::init_for_siglip(m);
        nn::require_grad(m);
    };
    const nn::distillation_objective distilling{nn::random_clip(wide, 9)};
    const std::vector<std::pair<std::string, std::function<outcome(int)>>> ways{
        {"plain", [&](int t) { return trained(t, plain); }},
        {"patches left out", [&](int t) { return trained(t, dropping); }},
        {"accumulated", [&](int t) { return trained(t, accumulating); }},
        {"distilled", [&](int t) { return trained(t, plain, distilling); }},
        {"locked", [&](int t) { return trained(t, plain, nn::contrastive_objective{}, lock); }},
        {"checkpointed", [&](int t) { return trained(t, accumulating, nn::contrastive_objective{}, checkpointing); }},
        {"sigmoid", [&](int t) { return trained(t, plain, nn::sigmoid_objective{}, biased); }},
        {"mixed", [&](int t) { return trained<nn::amp_bf16>(t, plain); }},
        {"bfloat16", [&](int t) { return trained<nn::pure_bf16>(t, plain); }},
    };
    for (const auto& [name, way] : ways) {
        const auto one = way(1);
        REQUIRE(one.losses.size() == 4);
        CHECK(one.losses.front() != one.losses.back());
        for (const int threads : {2, 3, 5}) {
            INFO(name << ", " << threads << " threads");
            CHECK(way(threads) == one);
        }
    }
}

TEST_CASE("gradients in parts are those of the whole batch, and are added to what is there", "[nn]") {
    const auto m = nn::to(nn::random_clip(wide, 1), at::kCPU, at::kDouble), parts = nn::clone(m);
    auto whole_model = m, parts_model = parts;
    nn::require_grad(whole_model);
    nn::require_grad(parts_model);
    const auto data = some_pairs(13);
    const std::vector<nn::image_text_batch> batch{{data.images.to(at::kDouble), data.ids}};
    nn::contrastive_objective objective;
    using precise = nn::pure<at::kDouble>;
    for (const int times : {1, 2}) {
        const nn::thread_scope set{3};
        const double expected = nn::accumulate_gradients<precise>(whole_model, std::span{batch}, objective);
        CHECK(nn::accumulate_gradients<precise>(nn::single_process{}, parts_model, std::span{batch}, objective) == Approx(expected).epsilon(1e-12));
        std::vector<at::Tensor> sums;
        nn::for_each_parameter(whole_model, [&](const std::string&, const at::Tensor& t) { sums.push_back(t.grad()); });
        std::size_t i = 0;
        nn::for_each_parameter(parts_model, [&](const std::string& name, const at::Tensor& t) {
            INFO(name << ", " << times);
            CHECK((t.grad() - sums[i]).abs().max().item<double>() <= 1e-12 * (1 + sums[i].abs().max().item<double>()));
            ++i;
        });
    }
}

TEST_CASE("features are the same for any number of threads", "[nn]") {
    const auto m = nn::random_clip(wide, 1);
    const auto data = some_pairs(44);
    std::vector<at::Tensor> seen;
    for (const int threads : {1, 2, 3, 5}) {
        const nn::thread_scope set{threads};
        seen.push_back(at::cat({nn::image_features(m, data.images, 6), nn::text_features(m, data.ids, 6)}));
        CHECK(seen.back().size(0) == 88);
        CHECK(seen.back().equal(seen.front()));
    }
}
