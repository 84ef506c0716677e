#include <verdant/nn/evaluate/benchmark.hpp>
#include <verdant/nn/models/clip_init.hpp>

#include "catch.hpp"

#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace io = verdant::io;

namespace {

const verdant::workload::clip_config small{.text = {1, 16, 32, 2, 8},
                                           .vision = {1, 16, 32, 2, 8},
                                           .patch = 4,
                                           .joint = 8,
                                           .image = 8,
                                           .context = 6,
                                           .vocabulary = 64,
                                           .nonlinearity = verdant::workload::activation::gelu};

/// Pictures of one brightness each, which their first byte gives.
std::vector<float> pixels(std::span<const io::evaluation_sample> samples) {
    std::vector<float> out;
    for (const auto& s : samples) out.insert(out.end(), 3 * 8 * 8, static_cast<float>(s.picture.at(0)) / 100);
    return out;
}

std::vector<std::int32_t> tokens(const std::string& text) {
    std::vector<std::int32_t> out{62};
    for (const char c : text) out.push_back(c % 60);
    out.push_back(63);
    out.resize(6, 0);
    return out;
}

/// Gives samples one after the other.
auto source(const std::vector<io::evaluation_sample>& samples) {
    return [&samples, i = std::size_t{0}]() mutable { return i < samples.size() ? std::optional{samples[i++]} : std::nullopt; };
}

io::evaluation_sample sample(unsigned char brightness) { return {.source = "s", .picture = {brightness}}; }

double metric(const nn::named_metrics& all, const std::string& name) {
    for (const auto& m : all)
        if (m.first == name) return m.second;
    FAIL("no metric " << name);
    return 0;
}

} // namespace

TEST_CASE("features of a data set do not depend on the batch", "[nn]") {
    const auto m = nn::random_clip(small, 1);
    std::vector<io::evaluation_sample> samples;
    for (unsigned char i = 0; i < 7; ++i) {
        samples.push_back(sample(static_cast<unsigned char>(10 * i)));
        for (unsigned char c = 0; c <= i % 3; ++c) samples.back().captions.push_back(std::string(1U + c, static_cast<char>('a' + i)));
    }
    const auto whole = nn::features_of(m, source(samples), pixels, tokens, 100), parts = nn::features_of(m, source(samples), pixels, tokens, 2);
    CHECK(whole.images.sizes() == at::IntArrayRef({7, 8}));
    CHECK((whole.images - parts.images).abs().max().item<double>() < 1e-5);
    CHECK((whole.texts - parts.texts).abs().max().item<double>() < 1e-5);
    CHECK(whole.image_of_text.equal(
        at::tensor(std::vector<std::int64_t>{0, 1, 1, 2, 2, 2, 3, 4, 4, 5, 5, 5, 6}, at::TensorOptions{}.dtype(at::kLong))));
    CHECK(whole.image_of_text.equal(parts.image_of_text));
    CHECK_FALSE(whole.labels.defined());
    CHECK((whole.images.norm(2, {1}) - 1).abs().max().item<double>() < 1e-5);
    CHECK_THROWS_AS(nn::zeroshot_classification(whole, at::eye(8)), verdant::input_error);
}

TEST_CASE("labels are kept with their pictures", "[nn]") {
    const auto m = nn::random_clip(small, 1);
    std::vector<io::evaluation_sample> samples(5, sample(1)), several(3, sample(2));
    for (std::size_t i = 0; i < 5; ++i) samples[i].label = static_cast<std::int64_t>(i % 2);
    for (std::size_t i = 0; i < 3; ++i) several[i].labels = {i == 0 ? 1.0F : 0.0F, 1.0F};
    const auto one = nn::features_of(m, source(samples), pixels, tokens, 2);
    CHECK(one.labels.equal(at::tensor(std::vector<std::int64_t>{0, 1, 0, 1, 0}, at::TensorOptions{}.dtype(at::kLong))));
    CHECK_THROWS_AS(nn::zeroshot_retrieval(one, std::vector<std::int64_t>{1}), verdant::input_error);
    const auto many = nn::features_of(m, source(several), pixels, tokens, 2);
    CHECK(many.labels.equal(at::tensor({1.0F, 1.0F, 0.0F, 1.0F, 0.0F, 1.0F}).reshape({3, 2})));
    CHECK_THROWS_AS(nn::linear_probe_metrics_of(many, many, 2, {}), verdant::input_error);

    samples[3].label = -1;
    CHECK_THROWS_AS(nn::features_of(m, source(samples), pixels, tokens, 2), verdant::input_error);
    several[2].labels.push_back(0);
    CHECK_THROWS_AS(nn::features_of(m, source(several), pixels, tokens, 2), verdant::input_error);
    CHECK_THROWS_AS(nn::features_of(m, source({}), pixels, tokens), verdant::input_error);
    const auto too_few = [](std::span<const io::evaluation_sample>) { return std::vector<float>(10); };
    CHECK_THROWS_AS(nn::features_of(m, source(several), too_few, tokens), verdant::input_error);
    const auto too_long = [](const std::string&) { return std::vector<std::int32_t>(7); };
    CHECK_THROWS_AS(nn::classifier_of(m, {"x"}, {"{c}"}, too_long), verdant::input_error);
}

TEST_CASE("a classifier takes every class in every template", "[nn]") {
    const auto m = nn::random_clip(small, 2);
    const auto found = nn::classifier_of(m, {"ab", "cd"}, {"{c}", "x{}"}, tokens);
    const auto row = [](const std::string& text) {
        std::vector<std::int64_t> ids;
        for (const auto id : tokens(text)) ids.push_back(id);
        return at::tensor(ids, at::TensorOptions{}.dtype(at::kLong)).reshape({1, 6});
    };
    const auto expected = (nn::text_features(m, row("cd")) + nn::text_features(m, row("xcd"))).flatten();
    CHECK((found.select(1, 1) - expected / expected.norm()).abs().max().item<double>() < 1e-5);
}

TEST_CASE("metrics of tasks, computed by hand", "[nn]") {
    const auto labels = [](std::vector<std::int64_t> values) { return at::tensor(values, at::TensorOptions{}.dtype(at::kLong)); };
    const nn::dataset_features data{.images = at::eye(4).slice(0, 0, 3), .labels = labels({0, 1, 3})};
    const auto classified = nn::zeroshot_classification(data, at::eye(4));
    CHECK(metric(classified, "acc1") == Approx(2.0 / 3));
    CHECK(std::isnan(metric(classified, "acc5")));
    CHECK(metric(classified, "mean_per_class_recall") == Approx(2.0 / 3));

    // Class 0: positives in places 1 and 3, (1 + 2/3) / 2; class 1: in place 2, 1/2.
    const auto scores = at::tensor({0.9F, 0.1F, 0.5F, 0.2F, 0.3F, 0.15F}).reshape({3, 2}),
               targets = at::tensor({1.0F, 0.0F, 0.0F, 0.0F, 1.0F, 1.0F}).reshape({3, 2});
    const nn::dataset_features several{.images = scores, .labels = targets};
    CHECK(metric(nn::zeroshot_classification(several, at::eye(2)), "mean_average_precision") == Approx((5.0 / 6 + 0.5) / 2));

    // Texts of images 0, 0, 1: the second looks like image 2.
    nn::dataset_features pairs{.images = at::eye(3).slice(0, 0, 2),
                               .texts = at::tensor({1.0F, 0.0F, 0.0F, 0.0F, 0.9F, 0.0F, 0.0F, 0.5F, 0.0F}).reshape({3, 3}),
                               .image_of_text = labels({0, 0, 1})};
    const auto retrieved = nn::zeroshot_retrieval(pairs, std::vector<std::int64_t>{1, 2});
    CHECK(metric(retrieved, "image_retrieval_recall@1") == Approx(2.0 / 3));
    CHECK(metric(retrieved, "text_retrieval_recall@1") == 0.5);
    CHECK(metric(retrieved, "mean_recall@1") == Approx((2.0 / 3 + 0.5) / 2));
    CHECK(metric(retrieved, "text_retrieval_recall@2") == 1);
    CHECK(retrieved.size() == 5);

    CHECK_THROWS_AS(nn::image_caption_selection(pairs), verdant::input_error);
    pairs.texts = at::tensor({1.0F, 0.0F, 0.0F, 0.5F, 0.0F, 0.0F, 0.0F, 0.2F, 0.0F, 0.0F, 0.2F, 0.0F}).reshape({4, 3});
    pairs.image_of_text = labels({0, 0, 1, 1});
    CHECK(metric(nn::image_caption_selection(pairs), "text_acc") == 0.5); // equal ones are not told apart
}
