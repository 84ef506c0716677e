#include <verdant/nn/train/clip_loss.hpp>

#include "catch.hpp"

#include <ATen/ops/tensor.h>

#include <array>
#include <cmath>
#include <cstddef>

namespace nn = verdant::nn;

namespace {

const std::array<std::array<double, 2>, 2> logits{{{2, -1}, {0.5, 1}}};
const std::array<std::array<double, 2>, 2> teacher{{{1, 0}, {-1, 3}}};

at::Tensor matrix(const std::array<std::array<double, 2>, 2>& m) { return at::tensor({m[0][0], m[0][1], m[1][0], m[1][1]}).reshape({2, 2}); }

/// Probability of entry (i, j) among its row, or among its column.
double softmax(const std::array<std::array<double, 2>, 2>& m, int i, int j, bool by_row) {
    const double own = std::exp(m[std::size_t(i)][std::size_t(j)]);
    const double other = std::exp(by_row ? m[std::size_t(i)][std::size_t(1 - j)] : m[std::size_t(1 - i)][std::size_t(j)]);
    return own / (own + other);
}

} // namespace

TEST_CASE("the contrastive loss is the mean of both cross-entropies", "[nn]") {
    double expected = 0;
    for (int i = 0; i < 2; ++i) expected -= (std::log(softmax(logits, i, i, true)) + std::log(softmax(logits, i, i, false))) / 4;
    CHECK(nn::clip_loss(matrix(logits)).item<double>() == Approx(expected).epsilon(1e-12));
}

TEST_CASE("distillation is the mean of both cross-entropies with the teacher, least at the teacher itself", "[nn]") {
    double expected = 0;
    for (const bool by_row : {true, false})
        for (int i = 0; i < 2; ++i)
            for (int j = 0; j < 2; ++j) expected -= softmax(teacher, i, j, by_row) * std::log(softmax(logits, i, j, by_row)) / 4;
    CHECK(nn::distillation_loss(matrix(logits), matrix(teacher)).item<double>() == Approx(expected).epsilon(1e-12));
    CHECK(nn::distillation_loss(matrix(teacher), matrix(teacher)).item<double>() < expected);
}

TEST_CASE("the sigmoid loss sums over all pairs", "[nn]") {
    const auto log_sigmoid = [](double x) { return -std::log1p(std::exp(-x)); };
    const double expected = -(log_sigmoid(2) + log_sigmoid(1) + log_sigmoid(-0.5) + log_sigmoid(1)) / 2;
    CHECK(nn::siglip_loss(matrix(logits)).item<double>() == Approx(expected).epsilon(1e-12));
}
