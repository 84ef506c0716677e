#include <verdant/nn/evaluate/classification.hpp>
#include <verdant/nn/evaluate/encode.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/evaluate/retrieval.hpp>
#include <verdant/nn/models/clip_init.hpp>

#include "catch.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace nn = verdant::nn;

TEST_CASE("equal features retrieve each other, and a shifted link never", "[nn]") {
    const auto features = at::eye(6);
    const auto own = at::arange(6, at::kLong), next = (own + 1) % 6;
    CHECK(nn::recall_at(features, features, own, 1).mean() == 1);
    CHECK(nn::recall_at(features, features, next, 1).mean() == 0);
    CHECK(nn::recall_at(features, features, next, 100).mean() == 1);
    // Two texts of image 0, of which one is right: half of the texts find their image, and of the images only 0 finds a text.
    const auto texts = at::tensor({1.0F, 0.0F, 0.0F, 1.0F}).reshape({2, 2});
    const auto recall = nn::recall_at(at::eye(2), texts, at::tensor({std::int64_t{0}, std::int64_t{0}}), 1);
    CHECK(recall.image == 0.5);
    CHECK(recall.text == 0.5);
    CHECK_THROWS_AS(nn::recall_at(features, features, own.slice(0, 1), 1), verdant::input_error);
    CHECK_THROWS_AS(nn::recall_at(features, features, own + 1, 1), verdant::input_error);
    CHECK_THROWS_AS(nn::recall_at(features, features, own, 0), verdant::input_error);
}

TEST_CASE("accuracies of hand-made scores", "[nn]") {
    const auto logits = at::tensor({3.0F, 1.0F, 0.0F, /**/ 0.0F, 2.0F, 1.0F, /**/ 1.0F, 0.0F, 5.0F, /**/ 2.0F, 1.0F, 0.0F}).reshape({4, 3});
    const auto found = nn::classify(logits, at::tensor({std::int64_t{0}, std::int64_t{1}, std::int64_t{0}, std::int64_t{0}}));
    CHECK(found.accuracy == 0.75);
    CHECK(std::isnan(found.accuracy_5));
    CHECK(found.mean_per_class_recall == Approx((2.0 / 3 + 1) / 2));
    CHECK_THROWS_AS(nn::classify(logits, at::tensor({std::int64_t{0}})), verdant::input_error);
    CHECK_THROWS_AS(nn::classify(logits, at::tensor({std::int64_t{0}, std::int64_t{1}, std::int64_t{3}, std::int64_t{0}})), verdant::input_error);
}

TEST_CASE("average precision of hand-made scores", "[nn]") {
    // Positives in places 1 and 3 of class 0: (1/1 + 2/3) / 2; class 1 has none.
    const auto scores = at::tensor({0.9F, 0.1F, 0.5F, 0.2F, 0.3F, 0.3F}).reshape({3, 2}),
               targets = at::tensor({1.0F, 0.0F, 0.0F, 0.0F, 1.0F, 0.0F}).reshape({3, 2});
    const auto found = nn::average_precision(scores, targets);
    CHECK(found[0].item<double>() == Approx(5.0 / 6));
    CHECK(found[1].item<double>() == 0);
    CHECK_THROWS_AS(nn::average_precision(scores, targets.t()), verdant::input_error);
}

TEST_CASE("a classifier needs prompts", "[nn]") {
    CHECK_THROWS_AS(nn::zero_shot_classifier(std::vector<at::Tensor>{}), verdant::error);
    CHECK_THROWS_AS(nn::zero_shot_classifier(std::vector<at::Tensor>{at::eye(3), at::eye(3).slice(0, 0, 0)}), verdant::error);
    const auto one = nn::zero_shot_classifier(std::vector<at::Tensor>{2 * at::eye(3).slice(0, 0, 1), at::eye(3).slice(0, 1)});
    CHECK(one.sizes() == at::IntArrayRef({3, 2}));
    CHECK(one[0][0].item<double>() == Approx(1));
    CHECK(one[1][1].item<double>() == Approx(std::sqrt(0.5)));
}

TEST_CASE("features of many items do not depend on the batch and carry no gradients", "[nn]") {
    auto m = nn::random_clip(
        {.text = {1, 16, 32, 2, 8}, .vision = {1, 24, 48, 3, 8}, .patch = 4, .joint = 12, .image = 8, .context = 6, .vocabulary = 20});
    nn::require_grad(m);
    auto stream = nn::generator(1);
    const auto images = at::randn({7, 3, 8, 8}, stream);
    const auto a = nn::image_features(m, images, 3), b = nn::image_features(m, images, 7);
    CHECK((a - b).abs().max().item<double>() < 1e-6);
    CHECK_FALSE(a.requires_grad());
    CHECK((a.norm(2, {-1}) - 1).abs().max().item<double>() < 1e-6);
}

TEST_CASE("a network that gives NaN is not credited with chance", "[nn]") {
    auto scores = at::eye(6);
    const auto own = at::arange(6, at::kLong);
    scores[2][3] = std::numeric_limits<float>::quiet_NaN();
    const auto told = Catch::Contains("a network that gives NaN");
    CHECK_THROWS_WITH(nn::classify(scores, own), told);
    CHECK_THROWS_WITH(nn::average_precision(scores, at::eye(6)), told);
    CHECK_THROWS_WITH(nn::score_of(scores, own), told);
    CHECK_THROWS_WITH(nn::score_of(scores, own, 10), Catch::Contains("row 12"));
    CHECK_THROWS_WITH(nn::recall_at(scores, at::eye(6), own, 1), Catch::Contains("retrieval, images") && Catch::Contains("row 2"));
    CHECK_THROWS_WITH(nn::recall_at(at::eye(6), scores, own, 1), Catch::Contains("retrieval, texts") && Catch::Contains("row 2"));
    CHECK_THROWS_WITH(nn::validate_pairs(scores, at::eye(6), 1), told);
    // An infinite loss is one, and its accuracy is known.
    auto infinite = at::eye(6);
    infinite[0][1] = std::numeric_limits<float>::infinity();
    CHECK(nn::score_of(infinite, own).top1 == Approx(5.0 / 6));
}
