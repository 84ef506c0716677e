#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/train.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/pruning/rank_importance.hpp>
#include <verdant/pruning/shared_clip.hpp>
#include <verdant/pruning/trim.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>

#include "catch.hpp"

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nn = verdant::nn;
namespace supernet = verdant::supernet;
namespace workload = verdant::workload;

namespace {

const workload::clip_config small{.text = {4, 32, 64, 4, 8},
                                  .vision = {5, 48, 96, 6, 8},
                                  .patch = 4,
                                  .joint = 12,
                                  .image = 8,
                                  .context = 6,
                                  .vocabulary = 20,
                                  .nonlinearity = workload::activation::gelu};

supernet::clip_importance random_importance(std::uint64_t seed) {
    auto importance = supernet::importance_by_position(small);
    verdant::random_stream stream{seed};
    for (auto* tower : {&importance.text, &importance.vision})
        for (auto* part : {&tower->ffn, &tower->heads})
            for (auto& layer : *part) {
                for (auto& unit : layer) unit.score = stream.uniform();
                supernet::order_units(layer);
            }
    return importance;
}

workload::clip_config with(const workload::tower& text, const workload::tower& vision) {
    auto c = small;
    c.text = text;
    c.vision = vision;
    return c;
}

const std::vector<workload::clip_config> targets{
    with({4, 32, 64, 4, 8}, {5, 48, 96, 6, 8}), with({3, 24, 40, 2, 8}, {4, 36, 60, 5, 8}), with({1, 8, 8, 1, 8}, {1, 12, 12, 1, 8}),
    with({4, 32, 64, 4, 8}, {2, 48, 96, 6, 8}), with({2, 32, 48, 3, 8}, {5, 30, 84, 2, 8}),
};

struct pairs {
    at::Tensor images, ids;
};

pairs some_pairs() {
    auto stream = nn::generator(3);
    return {at::randn({6, 3, 8, 8}, stream), at::randint(1, 20, {6, 6}, stream, at::kLong)};
}

double gap(const nn::clip_model& a, const nn::clip_model& b) {
    const auto [images, ids] = some_pairs();
    const auto fa = nn::features(a, images, ids), fb = nn::features(b, images, ids);
    return std::max((fa.image - fb.image).abs().max().item<double>(), (fa.text - fb.text).abs().max().item<double>());
}

} // namespace

TEST_CASE("a pruned model has the dimensions asked for and is independent of its parent", "[supernet]") {
    auto m = nn::random_clip(small, 1);
    for (const auto& target : targets) {
        const auto pruned = supernet::prune(m, random_importance(2), target);
        CHECK(nn::config_of(pruned) == target);
        const auto state = nn::state_of(pruned);
        CHECK(nn::state_of(nn::load_clip(state, target)) == state);
    }
    const auto same = supernet::prune(m, random_importance(2), small);
    CHECK(gap(m, same) == 0);
    const auto before = nn::state_of(same);
    nn::for_each_parameter(m, [](const std::string&, at::Tensor& t) { t.zero_(); });
    CHECK(nn::state_of(same) == before);
}

TEST_CASE("weight-shared models equal pruned copies for any ranking and target", "[supernet]") {
    const auto m = nn::random_clip(small, 1);
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
        const auto importance = random_importance(seed);
        for (const auto layout : {supernet::probe_layout::sequence, supernet::probe_layout::batch}) {
            const supernet::layer_probe probe{.seed = seed, .layout = layout};
            const supernet::shared_clip shared{m, importance, probe};
            CHECK(gap(m, shared.whole()) < 1e-6);
            for (const auto& target : targets) {
                const auto view = shared(target);
                CHECK(nn::config_of(view) == target);
                CHECK(gap(supernet::prune(m, importance, target, probe), view) < 1e-6);
                // Saved and loaded, a view is an ordinary model.
                CHECK(gap(nn::load_clip(nn::state_of(view), target), view) < 1e-6);
            }
        }
    }
}

TEST_CASE("views copy nothing, and training them trains the shared weights", "[supernet]") {
    supernet::shared_clip shared{nn::random_clip(small, 1), random_importance(2)};
    const auto view = shared(targets[1]);
    const auto same_memory = [](const at::Tensor& a, const at::Tensor& b) { return a.storage().data_ptr().get() == b.storage().data_ptr().get(); };
    CHECK(same_memory(view.text.token_embedding, shared.whole().text.token_embedding));
    CHECK(same_memory(view.text.blocks[0].attn.in_proj_weight, shared.whole().text.blocks[0].attn.in_proj_weight));
    CHECK(same_memory(view.vision.blocks.back().c_proj.weight, shared.whole().vision.blocks.back().c_proj.weight));

    auto optimizer = nn::adamw_of(shared.whole());
    const auto before = nn::clone(shared.whole());
    const auto [images, ids] = some_pairs();
    const std::vector<nn::image_text_batch> batch{{images, ids}};
    nn::contrastive_objective objective;
    const double first = nn::accumulate_gradients(shared(targets[1]), std::span{batch}, objective);
    optimizer.step(1e-3);
    optimizer.clear_gradients();
    const double second = nn::accumulate_gradients(shared(targets[1]), std::span{batch}, objective);
    CHECK(second < first);
    // Channels beyond the view were only decayed: vectors, which are not, stay bit for bit.
    CHECK(shared.whole().vision.class_embedding.slice(0, 36).equal(before.vision.class_embedding.slice(0, 36)));
    CHECK_FALSE(shared.whole().vision.class_embedding.slice(0, 0, 36).equal(before.vision.class_embedding.slice(0, 0, 36)));
}

TEST_CASE("a feed-forward width between eighths is rounded down, in both ways", "[supernet]") {
    const auto m = nn::random_clip(small, 1);
    auto odd = small;
    odd.text.ffn = 47;
    odd.vision.ffn = 95;
    const auto importance = random_importance(5);
    CHECK(nn::config_of(supernet::prune(m, importance, odd)).text.ffn == 40);
    CHECK(nn::config_of(supernet::shared_clip{m, importance}(odd)).vision.ffn == 84);
    CHECK(gap(supernet::prune(m, importance, odd), supernet::shared_clip{m, importance}(odd)) < 1e-6);
}

TEST_CASE("what cannot be pruned to is refused by name", "[supernet]") {
    const auto m = nn::random_clip(small, 1);
    const auto importance = random_importance(5);
    const supernet::shared_clip shared{m, importance};
    const auto message = [](auto&& f) -> std::string {
        try {
            (void)f();
        } catch (const verdant::error& e) { return e.what(); }
        return "accepted";
    };
    for (const auto& [target, expected] : std::vector<std::pair<workload::clip_config, std::string>>{
             {with({5, 32, 64, 4, 8}, small.vision), "verdant: pruning, text layers: expected 1 to 4, found 5"},
             {with({0, 32, 64, 4, 8}, small.vision), "verdant: pruning, text layers: expected 1 to 4, found 0"},
             {with(small.text, {5, 49, 96, 6, 8}), "verdant: pruning, vision width: expected 1 to 48, found 49"},
             {with(small.text, {5, 48, 97, 6, 8}), "verdant: pruning, vision feed-forward width: expected 1 to 96, found 97"},
             {with(small.text, {5, 48, 96, 0, 8}), "verdant: pruning, vision heads: expected 1 to 6, found 0"}}) {
        CHECK(message([&] { return supernet::prune(m, importance, target); }) == expected);
        CHECK(message([&] { return shared(target); }) == expected);
    }
    CHECK_THROWS_AS(supernet::prune(m, importance, with({4, 32, 7, 4, 8}, small.vision)), verdant::input_error);
    CHECK_THROWS_AS(shared(with({4, 32, 7, 4, 8}, small.vision)), verdant::input_error);
    auto other = importance;
    other.vision.heads.pop_back();
    CHECK_THROWS_AS(supernet::prune(m, other, small), verdant::input_error);
    CHECK_THROWS_AS((supernet::shared_clip{m, other}), verdant::input_error);
    auto block = m.text.blocks[0];
    CHECK_THROWS_AS(supernet::remove_head(block, 4), verdant::input_error);
    CHECK_THROWS_AS(supernet::remove_ffn_block(block, 8), verdant::input_error);
}

TEST_CASE("a point of the published space stands for a pruned model", "[supernet]") {
    // Shapes only: ViT-B/16 of zeros.
    auto full = workload::clip_config{.text = {12, 512, 2048, 8}, .vision = {12, 768, 3072, 12}, .nonlinearity = workload::activation::gelu};
    full.vocabulary = 100;
    auto m = nn::empty_clip(full);
    nn::for_each_parameter(m, [](const std::string&, at::Tensor& t) { t.zero_(); });
    const auto importance = supernet::importance_by_position(full);
    const supernet::shared_clip shared{m, importance};
    const verdant::point<verdant::spaces::clip> smallest{};
    const auto view = shared(smallest), copy = supernet::prune(m, importance, smallest);
    CHECK(nn::config_of(view) == verdant::spaces::clip_of(smallest, full));
    CHECK(nn::config_of(copy) == nn::config_of(view));
}

TEST_CASE("ranking goes on where it was stopped, with equal outcome", "[supernet]") {
    const auto m = nn::random_clip(with({1, 16, 32, 2, 8}, {1, 16, 32, 2, 8}), 1);
    const auto folder = std::filesystem::temp_directory_path() / ("verdant_ranking_" + std::to_string(std::random_device{}()));
    std::filesystem::create_directory(folder);
    struct stopped {};
    int left = 0, calls = 0;
    const auto judge = [&](const nn::clip_model& pruned) {
        if (left-- == 0) throw stopped{};
        ++calls;
        double sum = 0;
        nn::for_each_parameter(pruned, [&](const std::string&, const at::Tensor& t) { sum += t.abs().sum().item<double>(); });
        return supernet::unit_quality{.accuracy = sum};
    };
    left = 1000;
    const auto straight = supernet::rank_importance(m, judge);
    const int all = calls;
    calls = 0;
    left = 3;
    while (calls != all) {
        try {
            (void)supernet::rank_importance(m, judge, folder.string());
        } catch (const stopped&) { left = 3; }
    }
    left = 0;
    CHECK(supernet::rank_importance(m, judge, folder.string()) == straight);
    CHECK(calls == all);
    std::filesystem::remove_all(folder);
}
