#include <verdant/error.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/train/checkpoint.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/nn/train/train.hpp>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <cstdint>
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

/// Four batches an epoch, of which some, by their number from the start, have pictures of no number.
struct spoilt {
    nn::memory_batches good;
    std::vector<std::int64_t> bad;
    static spoilt with(std::vector<std::int64_t> bad) {
        auto stream = nn::generator(4);
        return {{at::randn({16, 3, 8, 8}, stream), at::randint(1, 20, {16, 6}, stream, at::kLong), 4}, std::move(bad)};
    }
    [[nodiscard]] std::int64_t size() const { return 4; }
    [[nodiscard]] nn::image_text_batch operator()(std::int64_t epoch, std::int64_t i) const {
        auto b = good(epoch, i);
        for (const auto n : bad)
            if (n == 4 * epoch + i) b.images.fill_(std::numeric_limits<double>::quiet_NaN());
        return b;
    }
};

struct run {
    nn::clip_model m = nn::random_clip(small, 1);
    nn::adamw optimizer = nn::adamw_of(m);
    std::vector<nn::training_progress> seen;

    void train(std::vector<std::int64_t> bad, std::int64_t steps, std::int64_t left_out, double rate = 1e-3) {
        nn::training_options o;
        o.steps = steps;
        o.nonfinite.left_out = left_out;
        nn::train(m, optimizer, spoilt::with(std::move(bad)), nn::contrastive_objective{}, nn::constant_schedule{rate, 1}, o,
                  [this](const nn::training_progress& p) { seen.push_back(p); });
    }
};

} // namespace

TEST_CASE("a loss that is not finite stops training before the weights change", "[nn]") {
    run straight, stopped;
    straight.train({}, 6, 0);
    CHECK_THROWS_WITH(stopped.train({6}, 9, 0),
                      "verdant: training stops in epoch 2 at step 7, where the loss is not a number; lower the learning rate, "
                      "shorten the gradients, or leave such steps out");
    CHECK(nn::state_of(stopped.m) == nn::state_of(straight.m));
    CHECK(stopped.optimizer.state() == straight.optimizer.state());
    CHECK(stopped.seen.size() == 6);
}

TEST_CASE("steps that are not finite are left out as often as is asked for", "[nn]") {
    run r;
    r.train({1, 2, 5, 6}, 8, 2);
    REQUIRE(r.seen.size() == 8);
    for (std::size_t i = 0; i < r.seen.size(); ++i) CHECK(r.seen[i].skipped == (i == 1 || i == 2 || i == 5 || i == 6));
    CHECK(r.optimizer.steps() == 4);
    CHECK(r.optimizer.trained_steps() == 8);
    CHECK_FALSE(verdant::io::first_not_finite(nn::state_of(r.m)));

    // Training goes on where it stopped, with the steps that were left out counted.
    run first, second;
    first.train({1, 2, 5, 6}, 3, 2);
    second.optimizer.restore(first.optimizer.state());
    second.m = nn::load_clip(nn::state_of(first.m), small);
    nn::adamw again = nn::adamw_of(second.m);
    again.restore(first.optimizer.state());
    CHECK(again.trained_steps() == 3);

    run third;
    CHECK_THROWS_WITH(third.train({1, 2, 3}, 8, 2), Catch::Contains("in epoch 1 at step 4") && Catch::Contains("as in the 2 steps before it"));
    CHECK_THROWS_AS(nn::nonfinite_guard(nn::nonfinite_steps{-1}), verdant::input_error);
}

TEST_CASE("a limit of gradients that is none is refused", "[nn]") {
    run r;
    for (const double wrong : {-1.0, std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_WITH(nn::train(r.m, r.optimizer, spoilt::with({}), nn::contrastive_objective{}, nn::constant_schedule{1e-3, 1},
                                    {.steps = 1, .largest_gradient = wrong}, [](const nn::training_progress&) {}),
                          Catch::Contains("largest_gradient"));
}

TEST_CASE("a learning rate that ruins the weights writes no checkpoint and keeps the good ones", "[nn]") {
    const scratch_folder folder;
    const nn::checkpoint_folder checkpoints{folder.path, {.delete_previous = true}};
    run r;
    r.train({}, 4, 0);
    checkpoints.save(1, r.m, r.optimizer);
    CHECK_THROWS_AS(r.train({}, 400, 0, 1e30), nn::nonfinite_error);

    // Weights that only the last step ruined are seen when they are to be written.
    run ruined;
    nn::require_grad(ruined.m, false);
    ruined.m.text.projection[0][0] = std::numeric_limits<float>::infinity();
    CHECK_THROWS_WITH(checkpoints.save(2, ruined.m, ruined.optimizer),
                      Catch::Contains("epoch_2.pt is not written, since tensor text_projection holds numbers that are not finite"));
    CHECK(checkpoints.epochs() == std::vector<std::int64_t>{1});
    CHECK(folder.entries() == 2);
}
