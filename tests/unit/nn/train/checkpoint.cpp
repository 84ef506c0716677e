#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/nn/evaluate/results_log.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/train/checkpoint.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/train.hpp>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace nn = verdant::nn;

namespace {

const verdant::workload::clip_config small{.text = {1, 16, 32, 2, 8},
                                           .vision = {1, 24, 48, 3, 8},
                                           .patch = 4,
                                           .joint = 12,
                                           .image = 8,
                                           .context = 6,
                                           .vocabulary = 20,
                                           .nonlinearity = verdant::workload::activation::gelu};

/// A model in training.
struct run {
    explicit run(std::uint64_t seed = 1) : m{nn::random_clip(small, seed)}, optimizer{nn::adamw_of(m)} {}
    void train(std::int64_t steps) {
        auto stream = nn::generator(4);
        const nn::memory_batches source{at::randn({8, 3, 8, 8}, stream), at::randint(1, 20, {8, 6}, stream, at::kLong), 4};
        nn::train(m, optimizer, source, nn::contrastive_objective{}, nn::constant_schedule{1e-3, 1}, {.steps = steps},
                  [](const nn::training_progress&) {});
    }
    nn::clip_model m;
    nn::adamw optimizer;
};

const nn::run_settings facts{{"batch", 4}, {"lr", 1e-3}};
const auto no_warning = [](const std::string& text) { FAIL(text); };

} // namespace

TEST_CASE("a checkpoint brings back model and optimiser, bit for bit", "[nn]") {
    const scratch_folder folder;
    const nn::checkpoint_folder checkpoints{folder.path / "deep" / "checkpoints"};
    run straight;
    CHECK_FALSE(checkpoints.resume(straight.m, straight.optimizer, facts, no_warning).has_value());
    straight.train(4);
    checkpoints.save(2, straight.m, straight.optimizer, facts);
    run resumed{9};
    CHECK(checkpoints.resume(resumed.m, resumed.optimizer, facts, no_warning) == 2);
    CHECK(resumed.optimizer.steps() == 4);
    straight.train(9);
    resumed.train(9);
    CHECK(nn::state_of(resumed.m) == nn::state_of(straight.m));
    CHECK(resumed.optimizer.state() == straight.optimizer.state());
    // The weights alone are what other programs read.
    CHECK(nn::load_clip(verdant::io::read_torch(checkpoints.weights(2)), small).vision.blocks.size() == 1);

    run other;
    CHECK_THROWS_WITH(checkpoints.resume(other.m, other.optimizer, {{"batch", 8}}, no_warning),
                      Catch::Contains("batch: expected 8 as in this run, found 4"));
    CHECK_THROWS_WITH(checkpoints.resume(other.m, other.optimizer, {{"seed", 1}}, no_warning),
                      Catch::Contains("seed: expected 1 as in this run, found nothing"));
    CHECK_THROWS_WITH(checkpoints.resume(other.m, other.optimizer, {{"lr", 1e-3}}, no_warning),
                      Catch::Contains("batch: expected nothing, as in this run, found a value"));
    CHECK(other.optimizer.steps() == 0);
}

TEST_CASE("a checkpoint brings back numbers of 64 bits, and of 16", "[nn]") {
    for (const auto type : {at::kDouble, at::kBFloat16}) {
        const scratch_folder folder;
        const nn::checkpoint_folder checkpoints{folder.path};
        const auto made = [type](std::uint64_t seed) {
            run r{seed};
            r.m = nn::to(r.m, at::kCPU, type);
            nn::for_each_parameter(r.m, [](const std::string&, at::Tensor& t) { t.mul_(1.0 / 3); });
            r.optimizer = nn::adamw_of(r.m);
            return r;
        };
        auto saved = made(1), resumed = made(9);
        checkpoints.save(1, saved.m, saved.optimizer);
        CHECK(checkpoints.resume(resumed.m, resumed.optimizer, {}, no_warning) == 1);
        CHECK(nn::state_of(resumed.m) == nn::state_of(saved.m));
        CHECK(resumed.m.logit_scale.scalar_type() == type);
    }
}

TEST_CASE("a checkpoint that is damaged or not complete is passed over", "[nn]") {
    const scratch_folder folder;
    const nn::checkpoint_folder checkpoints{folder.path};
    run r;
    for (const std::int64_t epoch : {2, 9, 10}) {
        r.train(epoch);
        checkpoints.save(epoch, r.m, r.optimizer, facts);
    }
    CHECK(checkpoints.epochs() == std::vector<std::int64_t>{2, 9, 10});
    verdant::io::write_file(checkpoints.weights(10), verdant::io::read_file(checkpoints.weights(10)).substr(0, 2000));
    std::filesystem::remove(checkpoints.optimizer(9));
    std::vector<std::string> warnings;
    run resumed;
    CHECK(checkpoints.resume(resumed.m, resumed.optimizer, facts, [&](const std::string& text) { warnings.push_back(text); }) == 2);
    REQUIRE(warnings.size() == 2);
    CHECK_THAT(warnings[0], Catch::Contains("epoch_10.pt"));
    CHECK_THAT(warnings[1], Catch::Contains("epoch_9.optimizer.pt"));
    CHECK(resumed.optimizer.steps() == 2);

    verdant::io::write_file(folder.file("epoch_11.pt.part-12-0"), "half");
    verdant::io::write_file(folder.file("epoch_.pt"), "");
    verdant::io::write_file(folder.file("epoch_3.pt.bak"), "");
    for (const auto* const other : {"epoch_07.pt", "epoch_-7.pt"}) verdant::io::write_file(folder.file(other), ""); // not the file of epoch 7
    CHECK(checkpoints.epochs() == std::vector<std::int64_t>{2, 9, 10});
    checkpoints.remove_leftovers();
    CHECK_FALSE(std::filesystem::exists(folder.file("epoch_11.pt.part-12-0")));
    CHECK(std::filesystem::exists(folder.file("epoch_3.pt.bak")));
}

TEST_CASE("which checkpoints stay", "[nn]") {
    const auto left = [](nn::checkpoint_options options) {
        const scratch_folder folder;
        const nn::checkpoint_folder checkpoints{folder.path, options};
        const run r;
        for (std::int64_t epoch = 1; epoch <= 5; ++epoch)
            checkpoints.save(epoch, r.m, r.optimizer, facts, epoch == 5 ? nn::checkpoint_moment::at_the_end : nn::checkpoint_moment::under_way);
        CHECK(folder.entries() == 2 * checkpoints.epochs().size());
        return checkpoints.epochs();
    };
    using epochs = std::vector<std::int64_t>;
    CHECK(left({}) == epochs{1, 2, 3, 4, 5});
    CHECK(left({.frequency = 2}) == epochs{2, 4, 5});
    CHECK(left({.frequency = 3, .most_recent = true}) == epochs{3, 5});
    CHECK(left({.delete_previous = true}) == epochs{5});
    CHECK_THROWS_AS((nn::checkpoint_folder{"x", {.frequency = 0}}), verdant::input_error);
}

TEST_CASE("results are lines of JSON; those of epochs that come again are dropped", "[nn]") {
    const scratch_folder folder;
    const auto path = folder.file("results.jsonl");
    const nn::validation_metrics v{.loss = 0.5,
                                   .image_to_text = {.mean = 2, .median = 1, .recall_1 = 0.25, .recall_5 = 1, .recall_10 = 1},
                                   .text_to_image = {.mean = std::numeric_limits<double>::quiet_NaN()}};
    CHECK(nn::json_line(3, v, 8) ==
          "{\"epoch\": 3, \"image_to_text_mean_rank\": 2, \"image_to_text_median_rank\": 1, \"image_to_text_R@1\": 0.25, \"image_to_text_R@5\": 1, "
          "\"image_to_text_R@10\": 1, \"text_to_image_mean_rank\": null, \"text_to_image_median_rank\": 0, \"text_to_image_R@1\": 0, "
          "\"text_to_image_R@5\": 0, \"text_to_image_R@10\": 0, \"clip_val_loss\": 0.5, \"num_samples\": 8}\n");
    nn::results_log first{path, 0};
    for (const std::int64_t epoch : {1, 2, 3}) first.add(epoch, v, 8);
    nn::results_log second{path, 2};
    second.add(3, {}, 8);
    CHECK(verdant::io::read_file(path) == nn::json_line(1, v, 8) + nn::json_line(2, v, 8) + nn::json_line(3, {}, 8));
}
