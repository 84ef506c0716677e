#include <verdant/evaluators/co_design_costs.hpp>
#include <verdant/evaluators/transformer_models.hpp>
#include <verdant/goal.hpp>
#include <verdant/nn/train/classifier_training.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/pruning/truncated_accuracy.hpp>
#include <verdant/search.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>
#include <verdant/workload/transformer/text_model.hpp>

#include "catch.hpp"

#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <cstdint>

namespace nn = verdant::nn;
namespace supernet = verdant::supernet;
namespace vd = verdant;
namespace wl = verdant::workload;

namespace {

const wl::bert_config bert{.layers = 2, .width = 32, .ffn = 64, .heads = 4, .vocabulary = 12, .positions = 8};
const wl::llama_config llama{.layers = 2, .width = 32, .ffn = 64, .heads = 4, .key_value_heads = 4, .vocabulary = 12, .positions = 8};
const wl::vit_config vit{.layers = 1, .width = 32, .ffn = 64, .heads = 4, .image = 8, .patch = 4, .classes = 2};
const nn::classifier_recipe fast{.learning_rate = 3e-3, .batch = 32, .epochs = 12};

struct models : vd::spaces::transformer<vd::spaces::transformer_bounds{.base_ffn = 64, .base_width = 32, .least_layers = 1, .most_layers = 2},
                                        vd::choices<2, 4>> {};
struct codesign : vd::spaces::transformer_codesign<models> {};

/// Texts of class 1 hold the token 11.
nn::labelled_texts texts(std::int64_t count, std::uint64_t seed) {
    auto stream = nn::generator(seed);
    const auto ids = at::randint(1, 11, {count, 8}, stream, at::kLong);
    const auto labels = at::randint(0, 2, {count}, stream, at::kLong), places = at::randint(0, 8, {count}, stream, at::kLong);
    for (std::int64_t i = 0; i < count; ++i)
        if (labels[i].item<std::int64_t>() == 1) ids[i][places[i].item<std::int64_t>()].fill_(11);
    return {ids, at::ones({count, 8}, at::kLong), {}, labels};
}

/// Images of class 1 are brighter in one corner.
nn::labelled_images images(std::int64_t count, std::uint64_t seed) {
    auto stream = nn::generator(seed);
    const auto pixels = at::randn({count, 3, 8, 8}, stream);
    const auto labels = at::randint(0, 2, {count}, stream, at::kLong);
    pixels.slice(2, 0, 4).slice(3, 4, 8).add_(labels.reshape({-1, 1, 1, 1}));
    return {pixels, labels};
}

} // namespace

TEST_CASE("all three families learn a simple task, the same with the same seed", "[supernet]") {
    const auto learn = [](auto m, const auto& tuning, const auto& test) {
        const double before = nn::accuracy_on(m, test);
        auto again = nn::clone(m);
        const auto losses = nn::train_classifier(m, tuning, fast, 1);
        REQUIRE(losses.size() == 12);
        CHECK(losses.back() < 0.5 * losses.front());
        CHECK(nn::accuracy_on(m, test) > 0.9);
        CHECK(before < 0.75);
        CHECK(nn::train_classifier(again, tuning, fast, 1) == losses);
    };
    learn(nn::random_transformer<nn::bert>(bert, 1), texts(512, 1), texts(200, 2));
    learn(nn::random_transformer<nn::llama>(llama, 1), texts(512, 1), texts(200, 2));
    learn(nn::random_transformer<nn::vit>(vit, 1), images(512, 1), images(200, 2));
}

TEST_CASE("the accuracy of a point is that of its truncated and tuned model, alone or beside an accelerator", "[supernet]") {
    const auto tuning = texts(256, 3), test = texts(100, 4);
    auto recipe = fast;
    recipe.epochs = 3;
    const auto whole = nn::random_transformer<nn::bert>(bert, 2);
    const supernet::truncated_accuracy evaluate{whole, tuning, test, recipe, 5};
    const auto p = vd::parse_point<models>("layers=1 ffn=48 width=24 heads=2");
    auto m = supernet::truncate(whole, p, 5);
    (void)nn::train_classifier(m, tuning, recipe, 5);
    const double found = evaluate(p).get<vd::accuracy>();
    CHECK(found == nn::accuracy_on(m, test));
    const auto both = vd::parse_point<codesign>("model.layers=1 model.ffn=48 model.width=24 model.heads=2 "
                                                "hw.clusters=1 hw.width=32 hw.depth=8 hw.l2_kib=64 hw.l2_bandwidth=32 hw.glb_mib=2");
    CHECK(evaluate(both).get<vd::accuracy>() == found);

    using study = vd::search<codesign, vd::maximize<vd::accuracy>, vd::minimize<vd::total_carbon>, vd::random_search>;
    recipe.epochs = 1;
    const auto outcome = study{supernet::truncated_accuracy{whole, tuning, test, recipe}, vd::co_design_costs{vd::workload::text_model{bert, 8}}}.run(
        {.trials = 4, .seed = 1});
    REQUIRE(outcome.trials().size() == 4);
    for (const auto& t : outcome.trials()) CHECK(t.completed());
}

TEST_CASE("training refuses what it cannot do", "[supernet]") {
    auto m = nn::random_transformer<nn::bert>(bert, 1);
    CHECK_THROWS_AS(nn::train_classifier(m, nn::labelled_texts{}, fast), vd::input_error);
    CHECK_THROWS_AS(nn::train_classifier(m, texts(4, 1), nn::classifier_recipe{.batch = 0}), vd::input_error);
    CHECK_THROWS_AS(nn::accuracy_on(m, nn::labelled_texts{}), vd::input_error);
    STATIC_REQUIRE(nn::labelled_for<nn::labelled_texts, nn::bert>);
    STATIC_REQUIRE_FALSE(nn::labelled_for<nn::labelled_images, nn::bert>);
    STATIC_REQUIRE(nn::mrpc_bert.epochs == 15);
    STATIC_REQUIRE(nn::cifar10_vit.optimizer.weight_decay == 0);
}
