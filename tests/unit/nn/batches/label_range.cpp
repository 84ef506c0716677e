#include <verdant/error.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/evaluate/classification.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/batches/label_range.hpp>
#include <verdant/nn/train/distillation.hpp>

#include "catch.hpp"

#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

namespace nn = verdant::nn;

TEST_CASE("labels that are no classes are refused by name before a loss meets them", "[nn]") {
    const auto good = at::tensor({0, 2, 1}, at::kLong), large = at::tensor({0, 2, 3, 4}, at::kLong), ignored = at::tensor({0, -100}, at::kLong);
    CHECK_NOTHROW(nn::check_labels(good, 3, "a"));
    CHECK_NOTHROW(nn::check_labels({}, 3, "a"));
    CHECK_NOTHROW(nn::check_labels(at::zeros({2, 3}), 3, "a"));
    CHECK_THROWS_WITH(nn::check_labels(large, 3, "a set", "train"), "verdant: a set, train: expected labels from 0 to 2, one for each class, found 3 at place 2");
    CHECK_THROWS_WITH(nn::check_labels(ignored, 3, "a"), Catch::Contains("found -100 at place 1"));
    CHECK_THROWS_AS(nn::smoothed_cross_entropy(at::zeros({4, 3}), large), verdant::input_error);
    CHECK_THROWS_AS(nn::score_of(at::zeros({4, 3}), large), verdant::input_error);
    CHECK_THROWS_AS(nn::classify(at::zeros({2, 3}), ignored), verdant::input_error);
}
