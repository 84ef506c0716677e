#include <verdant/nn/evaluate/linear_probe.hpp>

#include "catch.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/randn.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace nn = verdant::nn;

namespace {

/// `each` features around each of as many corners as there are classes.
nn::labelled_features clusters(std::int64_t classes, std::int64_t each, double noise, std::uint64_t seed) {
    auto stream = nn::generator(seed);
    const auto labels = at::arange(classes * each, at::kLong) % classes;
    const auto corners = at::eye(classes).index_select(0, labels);
    return {nn::normalised(corners + noise * at::randn({classes * each, classes}, stream)), labels};
}

} // namespace

TEST_CASE("a linear probe separates what a line separates", "[nn]") {
    const auto found = nn::linear_probe(clusters(6, 20, 0.1, 1), clusters(6, 10, 0.1, 2), 6);
    CHECK(found.test.accuracy == 1);
    CHECK(found.test.accuracy_5 == 1);
    CHECK(found.test.mean_per_class_recall == 1);
    CHECK(found.weight_decay == 0);
    CHECK(found.trained == 1);
}

TEST_CASE("a linear probe cannot tell noise", "[nn]") {
    auto stream = nn::generator(3);
    const auto labels = at::arange(400, at::kLong) % 4;
    const auto noise = [&] { return nn::labelled_features{nn::normalised(at::randn({400, 8}, stream)), labels}; };
    const auto train = noise();
    CHECK(nn::linear_probe(train, noise(), 4).test.accuracy < 0.5);
    CHECK(std::isnan(nn::linear_probe(train, train, 4).test.accuracy_5));
}

TEST_CASE("the seed determines a probe", "[nn]") {
    const auto train = clusters(4, 8, 1, 4), test = clusters(4, 200, 1, 5);
    const auto accuracy = [&](std::uint64_t seed) { return nn::linear_probe(train, test, 4, {.epochs = 2, .seed = seed}).test.accuracy; };
    CHECK(accuracy(7) == accuracy(7));
    bool other = false;
    for (std::uint64_t seed = 8; seed < 12; ++seed) other = other || accuracy(seed) != accuracy(7);
    CHECK(other);
}

TEST_CASE("one step of a probe is AdamW's first", "[nn]") {
    // Whatever the gradient, Adam's first step moves each weight by the learning rate; the decay shrinks it before, the offset, too.
    const auto data = clusters(3, 4, 0.2, 6);
    const nn::linear_probe_options once{.epochs = 1, .learning_rate = 1e-3, .batch = 12, .seed = 9};
    const auto plain = verdant::nn::detail::train_probe(data, 3, 0, once), decayed = verdant::nn::detail::train_probe(data, 3, 100, once);
    auto stream = nn::generator(9);
    const double bound = 1 / std::sqrt(3.0);
    const auto weight = at::empty({3, 3}).uniform_(-bound, bound, stream), offset = at::empty({1, 3}).uniform_(-bound, bound, stream);
    CHECK((plain.weight - weight).abs().sub(1e-3).abs().max().item<double>() < 1e-6);
    CHECK((plain.offset - offset).abs().sub(1e-3).abs().max().item<double>() < 1e-6);
    CHECK((plain.weight - decayed.weight - 0.1 * weight).abs().max().item<double>() < 1e-6);
    CHECK((plain.offset - decayed.offset - 0.1 * offset).abs().max().item<double>() < 1e-6);
}

TEST_CASE("the weight decays that are tried", "[nn]") {
    CHECK(verdant::nn::detail::probe_decay(0) == Approx(1e-6));
    CHECK(verdant::nn::detail::probe_decay(16) == Approx(std::pow(10, -6 + 8.0 / 6)));
    CHECK(verdant::nn::detail::probe_decay(72) == Approx(1));
    CHECK(verdant::nn::detail::probe_decay(96) == Approx(100));
}

TEST_CASE("a validation set chooses the weight decay", "[nn]") {
    const auto train = clusters(4, 6, 0.8, 10), validation = clusters(4, 30, 0.8, 11), test = clusters(4, 30, 0.8, 12);
    const nn::linear_probe_options options{.epochs = 2, .batch = 8, .seed = 1};
    const auto found = nn::linear_probe(train, test, 4, options, validation);
    // Seven coarse ones, at most two more in each of four rounds, and the last with both sets.
    CHECK(found.trained >= 7 + 4 + 1);
    CHECK(found.trained <= 7 + 8 + 1);
    CHECK(found.weight_decay >= 1e-6 * 0.999);
    CHECK(found.weight_decay <= 100 * 1.001);
    const double steps = (std::log10(found.weight_decay) + 6) * 12;
    CHECK(std::abs(steps - std::round(steps)) < 1e-6);

    // None of the coarse ones is better.
    const auto accuracy = [&](std::size_t i) {
        const auto layer = verdant::nn::detail::train_probe(train, 4, verdant::nn::detail::probe_decay(i), options);
        return verdant::nn::detail::share_among_first(layer(validation.features), validation.labels, 1);
    };
    const auto chosen = accuracy(static_cast<std::size_t>(std::lround(steps)));
    for (std::size_t i = 0; i <= 96; i += 16) CHECK(accuracy(i) <= chosen);
}

TEST_CASE("a few samples of each class", "[nn]") {
    const auto all = clusters(5, 9, 0.1, 13);
    const auto some = nn::few_shots(all, 3, 1);
    CHECK(some.labels.size(0) == 15);
    for (std::int64_t c = 0; c < 5; ++c) CHECK(some.labels.eq(c).sum().item<std::int64_t>() == 3);
    CHECK(nn::few_shots(all, 100, 1).labels.size(0) == 45);
    CHECK(nn::few_shots(all, -1, 1).labels.size(0) == 45);
    CHECK(nn::few_shots(all, 3, 1).features.equal(some.features));
    CHECK_FALSE(nn::few_shots(all, 3, 2).features.equal(some.features));
    // The noise of one sample in place of many shows, but corners so far apart are still told.
    CHECK(nn::linear_probe(all, clusters(5, 20, 0.1, 14), 5, {.fewshot_k = 1}).test.accuracy > 0.9);
}

TEST_CASE("a part is held out", "[nn]") {
    const auto all = clusters(5, 8, 0.1, 16);
    const auto parted = nn::hold_out(all, 0.25, 2);
    CHECK(parted.validation.labels.size(0) == 10);
    CHECK(parted.train.features.size(0) == 30);
    // Together they are what there was.
    const auto sum = parted.train.features.sum(0) + parted.validation.features.sum(0);
    CHECK((sum - all.features.sum(0)).abs().max().item<double>() < 1e-5);
    CHECK(nn::hold_out(all, 0.25, 2).validation.labels.equal(parted.validation.labels));
    CHECK_FALSE(nn::hold_out(all, 0.25, 3).validation.features.equal(parted.validation.features));
    CHECK(nn::hold_out(all, 0, 2).validation.labels.size(0) == 0);
    for (const double wrong : {-0.1, 1.0, std::nan("")}) CHECK_THROWS_AS(nn::hold_out(all, wrong, 2), verdant::input_error);
}

TEST_CASE("a probe of what does not fit is refused", "[nn]") {
    const auto good = clusters(3, 4, 0.1, 15);
    const nn::labelled_features fewer{good.features, good.labels.slice(0, 1)}, narrow{good.features.slice(1, 1), good.labels},
        none{good.features.slice(0, 0, 0), good.labels.slice(0, 0, 0)};
    for (const auto& bad : {fewer, narrow, none, nn::labelled_features{}}) { CHECK_THROWS_AS(nn::linear_probe(good, bad, 3), verdant::input_error); }
    CHECK_THROWS_AS(nn::linear_probe(fewer, good, 3), verdant::input_error);
    CHECK_THROWS_AS(nn::linear_probe(nn::labelled_features{}, good, 3), verdant::input_error);
    CHECK_THROWS_AS(nn::linear_probe(good, good, 2), verdant::input_error);
    CHECK_THROWS_AS(nn::linear_probe(good, good, 3, {}, narrow), verdant::input_error);
    CHECK_THROWS_AS(nn::linear_probe(good, good, 3, {.epochs = 0}), verdant::input_error);
    CHECK_THROWS_AS(nn::linear_probe(good, good, 3, {.learning_rate = -1}), verdant::input_error);
    CHECK_THROWS_AS(nn::linear_probe(good, good, 3, {.batch = 0}), verdant::input_error);
    CHECK_THROWS_AS(nn::linear_probe(good, good, 3, {.fewshot_k = 0}), verdant::input_error);
    CHECK_NOTHROW(nn::linear_probe(good, good, 3, {}, none));
}
