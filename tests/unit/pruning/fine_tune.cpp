#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/nn/core/autocast.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/train/train.hpp>
#include <verdant/pruning/fine_tune.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace supernet = verdant::supernet;

namespace {

const verdant::workload::clip_config small{.text = {2, 16, 32, 2, 8},
                                           .vision = {2, 24, 48, 3, 8},
                                           .patch = 4,
                                           .joint = 12,
                                           .image = 8,
                                           .context = 6,
                                           .vocabulary = 20,
                                           .nonlinearity = verdant::workload::activation::gelu};
const auto half = [] {
    auto c = small;
    c.text.layers = c.vision.layers = 1;
    return c;
}();

nn::memory_batches some_batches() {
    auto stream = nn::generator(11);
    return {at::randn({16, 3, 8, 8}, stream), at::randint(1, 20, {16, 6}, stream, at::kLong), 4};
}

/// Counts steps and keeps warnings.
struct listener {
    std::vector<double>* losses;
    std::vector<std::string>* warnings;
    void operator()(const nn::training_progress& p) const { losses->push_back(p.loss); }
    void warn(const std::string& text) const { warnings->push_back(text); }
};

} // namespace

TEST_CASE("runs are named by their sizes", "[supernet]") {
    CHECK(supernet::run_name(verdant::workload::clip_named("ViT-B-16"), "ViT-B-16", "datacomp_xl_s13b_b90k") ==
          "model_eval_ViT-B-16_datacomp_xl_s13b_b90k_12_512_2048_8_12_768_3072_12");
}

TEST_CASE("smaller models are fine-tuned longer, and once only", "[supernet]") {
    const scratch_folder folder;
    const auto original = nn::random_clip(small, 1);
    const auto importance = supernet::importance_by_position(small);
    const auto pruned = supernet::prune(original, importance, half);
    const auto before = nn::state_of(pruned);
    const auto source = some_batches();
    supernet::fine_tune_options options{
        .learning_rate = 1e-2, .warmup = 2, .length = {.epochs = 4}, .cache = folder.path.string(), .architecture = "small", .pretrained = "random"};
    std::vector<double> losses;
    std::vector<std::string> warnings;
    const listener report{&losses, &warnings};
    const auto tune = [&] { return supernet::fine_tune(pruned, small, source, options, nn::contrastive_objective{}, report); };

    const auto length = verdant::workload::scaled_fine_tuning(small, half, source.size(), options.length);
    REQUIRE(length.steps > 20);
    const auto tuned = tune();
    CHECK(static_cast<std::int64_t>(losses.size()) == length.steps);
    CHECK(losses.back() < 0.8 * losses.front());
    CHECK(nn::state_of(pruned) == before);
    CHECK_FALSE(nn::state_of(tuned) == before);
    CHECK_FALSE(tuned.text.projection.requires_grad());

    const auto run = folder.path / "model_eval_small_random_1_16_32_2_1_24_48_3";
    const auto weights = (run / "checkpoints" / ("epoch_" + std::to_string(length.epochs) + ".pt")).string();
    REQUIRE(std::filesystem::exists(weights));
    losses.clear();
    CHECK(nn::state_of(tune()) == nn::state_of(tuned));
    CHECK(losses.empty());
    CHECK(warnings.empty());

    // A damaged file is told and made again.
    verdant::io::write_file(weights, verdant::io::read_file(weights).substr(0, 1000));
    CHECK(nn::state_of(tune()) == nn::state_of(tuned));
    CHECK(static_cast<std::int64_t>(losses.size()) == length.steps);
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], Catch::Contains(weights) && Catch::Contains("training again"));

    // So is a run with other settings.
    losses.clear();
    options.learning_rate = 5e-3;
    CHECK_FALSE(nn::state_of(tune()) == nn::state_of(tuned));
    CHECK(warnings.size() == 2);
    CHECK(static_cast<std::int64_t>(losses.size()) == length.steps);

    // The evaluator's form finds the same run.
    const supernet::fine_tuner tuner{original, importance, source, options};
    losses.clear();
    CHECK(nn::state_of(tuner(half)) == nn::state_of(tune()));
    CHECK(losses.empty());
}

TEST_CASE("a kept fine-tuning is that of the same weights, optimiser, precision and objective", "[supernet]") {
    const scratch_folder folder;
    const auto pruned_of = [](std::uint64_t seed) {
        return supernet::prune(nn::random_clip(small, seed), supernet::importance_by_position(small), half);
    };
    const auto pruned = pruned_of(1);
    const auto source = some_batches();
    const supernet::fine_tune_options plain{.learning_rate = 1e-2, .warmup = 0, .cache = folder.path.string(), .architecture = "small"};
    std::vector<double> losses;
    std::vector<std::string> warnings;
    const listener report{&losses, &warnings};
    const auto trains = [&](const nn::clip_model& m, const supernet::fine_tune_options& o) {
        losses.clear();
        static_cast<void>(supernet::fine_tune(m, small, source, o, nn::contrastive_objective{}, report));
        return !losses.empty();
    };
    CHECK(trains(pruned, plain));
    CHECK_FALSE(trains(pruned, plain));
    CHECK_FALSE(trains(pruned_of(1), plain));
    CHECK(trains(pruned_of(2), plain));
    for (double nn::adamw_options::* option : {&nn::adamw_options::beta1, &nn::adamw_options::beta2, &nn::adamw_options::epsilon}) {
        auto other = plain;
        other.optimizer.*option *= 0.5;
        CHECK(trains(pruned, other));
    }
    CHECK(trains(pruned, plain));
    losses.clear();
    static_cast<void>(supernet::fine_tune<nn::amp_bf16>(pruned, small, source, plain, nn::contrastive_objective{}, report));
    CHECK_FALSE(losses.empty());
    losses.clear();
    static_cast<void>(supernet::fine_tune(pruned, small, source, plain, nn::distillation_objective{pruned}, report));
    CHECK_FALSE(losses.empty());
    CHECK(warnings.size() == 7);
}

TEST_CASE("without a cache folder nothing is written", "[supernet]") {
    const auto pruned = supernet::prune(nn::random_clip(small, 1), supernet::importance_by_position(small), half);
    const auto tuned = supernet::fine_tune(pruned, small, some_batches());
    CHECK(nn::config_of(tuned).text.layers == 1);
    CHECK_FALSE(std::filesystem::exists(supernet::run_name(half, "ViT-B-16", "pretrained")));
}
