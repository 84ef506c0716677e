#include <verdant/data/series/labelled_series.hpp>
#include <verdant/data/series/series_arrays.hpp>
#include <verdant/error.hpp>
#include <verdant/nn/models/mobile_net_1d.hpp>
#include <verdant/nn/recipes/series_training.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/mnasnet/mnasnet_1d.hpp>

#include "catch.hpp"

#include <ATen/ops/conv1d.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace nn = verdant::nn;

namespace {

struct tiny_net {
    at::Tensor kernel, weight, bias;
};
template <class Net, class Visitor>
    requires std::same_as<std::remove_const_t<Net>, tiny_net>
void for_each_tensor(Net& n, Visitor&& visit) {
    visit("kernel", n.kernel, true);
    visit("weight", n.weight, true);
    visit("bias", n.bias, true);
}
template <class Mode>
at::Tensor forward(const tiny_net& n, const at::Tensor& x, Mode&&) {
    return at::linear(at::relu(at::conv1d(x, n.kernel, {}, 1, 1)).mean(2), n.weight, n.bias);
}
tiny_net random_net(std::int64_t channels, std::int64_t outputs) {
    auto stream = nn::generator(3);
    tiny_net n{at::zeros({8, channels, 3}), at::zeros({outputs, 8}), at::zeros({outputs})};
    n.kernel.normal_(0, 0.5, stream);
    n.weight.normal_(0, 0.5, stream);
    return n;
}

/// Series that waver fast (class 1) or slowly (class 0), three windows of a recording; as labels: whether fast, whether not, and never.
verdant::data::labelled_series waves(std::size_t items, bool several, std::uint64_t seed) {
    verdant::data::labelled_series d{.channels = 1, .length = 32, .values = {}, .targets = several ? 3U : 1U, .labels = {}};
    verdant::random_stream random{seed};
    for (std::size_t i = 0; i < items; ++i) {
        const bool fast = i / 3 % 2 == 1;
        const double phase = random.uniform(0, 6);
        for (int t = 0; t < 32; ++t) d.values.push_back(static_cast<float>(std::sin(t * (fast ? 2.5 : 0.4) + phase) + random.uniform(-0.2, 0.2)));
        if (several) d.labels.insert(d.labels.end(), {fast ? 1 : 0, fast ? 0 : 1, 0});
        else d.labels.push_back(fast ? 1 : 0);
        d.recordings.push_back(i / 3);
    }
    return d;
}

} // namespace

TEST_CASE("networks learn series: one class, recordings by their votes, several labels", "[nn]") {
    const auto train = waves(192, false, 1), validate = waves(60, false, 2);
    nn::series_recipe recipe{.epochs = 8, .batch = 16, .learning_rate = 0.02, .seed = 4};
    auto net = random_net(1, 2);
    const auto record = nn::train_on_series(net, train, validate, recipe);
    CHECK(record.epochs.size() == 8);
    CHECK(record.best > 0.95);
    CHECK(std::isnan(record.best_precision));
    auto again = random_net(1, 2);
    CHECK(nn::train_on_series(again, train, validate, recipe).epochs == record.epochs);
    CHECK(again.kernel.equal(net.kernel));

    recipe.metric = nn::series_metric::f1_of_recordings;
    const auto by_recording = nn::judge_series(net, validate, recipe);
    CHECK(by_recording.first > 0.95);
    auto without = validate;
    without.recordings.clear();
    CHECK_THROWS_WITH(nn::judge_series(net, without, recipe), Catch::Contains("recordings"));

    auto of_labels = random_net(1, 3);
    const nn::series_recipe several{.epochs = 10,
                                    .batch = 16,
                                    .optimizer = nn::series_optimizer::sgd,
                                    .learning_rate = 0.2,
                                    .loss = nn::series_loss::several_labels,
                                    .metric = nn::series_metric::area_under_roc};
    const auto labels = nn::train_on_series(of_labels, waves(192, true, 1), waves(60, true, 2), several);
    CHECK(labels.best > 0.95); // the label that no series has is left out
    CHECK(labels.best_precision > 0.9);
}

TEST_CASE("a one-dimensional network of MnasNet's space is trained on satellite series", "[nn]") {
    const auto& task = verdant::spaces::signal_task_named("satellite");
    auto net = nn::empty_mobile_net_1d(verdant::spaces::net_of(verdant::point<verdant::spaces::mnasnet_1d>{}, task));
    nn::initialise(net, 1);
    verdant::random_stream random{1};
    std::vector<float> values;
    std::vector<std::int64_t> labels;
    for (int i = 0; i < 16; ++i) {
        labels.push_back(1 + i % 24);
        for (int t = 0; t < 46; ++t) values.push_back(static_cast<float>(std::sin(t * 0.1 * (1 + i % 4)) + random.uniform(-0.1, 0.1)));
    }
    const auto series = verdant::data::satellite_series(values, labels);
    auto recipe = nn::satellite_recipe;
    recipe.epochs = 2;
    recipe.batch = 8;
    const auto before = net.classifier.weight.clone();
    const auto record = nn::train_on_series(net, series, series, recipe);
    CHECK(record.epochs.size() == 2);
    CHECK(record.best >= 0);
    CHECK_FALSE(net.classifier.weight.equal(before));
}

TEST_CASE("recipes of series that cannot be are refused by name", "[nn]") {
    auto net = random_net(1, 2);
    const auto data = waves(12, false, 1);
    CHECK_THROWS_WITH(nn::train_on_series(net, data, data, {.epochs = 0}), Catch::Contains("epochs"));
    CHECK_THROWS_WITH(nn::train_on_series(net, data, data, {.batch = 13, .last = nn::last_batch::left_out}), Catch::Contains("batch"));
    CHECK_THROWS_WITH(nn::train_on_series(net, data, data, {.metric = nn::series_metric::area_under_roc}), Catch::Contains("metric"));
    auto wrong = data;
    wrong.labels[5] = 2;
    CHECK_THROWS_AS(nn::train_on_series(net, wrong, data, {.epochs = 1, .batch = 12}), verdant::input_error);
    CHECK_THROWS_WITH(nn::train_on_series(net, {}, data, {}), Catch::Contains("series"));
    CHECK(nn::ecg_recipe.metric == nn::series_metric::f1_of_recordings);
}

namespace {

/// 32 bits whose loss is scaled as that of half precision is.
struct scaled_fp32 {
    static constexpr at::ScalarType weights = at::kFloat;
    static constexpr bool scales_loss = true;
    struct scope {
        explicit scope(at::Device) {}
    };
};

} // namespace

TEST_CASE("a scaled loss does not hide a network that gives NaN", "[nn]") {
    const auto train = waves(12, false, 1);
    const nn::series_recipe recipe{.epochs = 1, .batch = 4, .learning_rate = 0.02};
    auto net = random_net(1, 2);
    net.bias[0] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_AS((nn::train_on_series<scaled_fp32>(net, train, train, recipe)), nn::nonfinite_error);
    auto judged = random_net(1, 2);
    judged.bias[0] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(nn::judge_series(judged, train, recipe), Catch::Contains("a network that gives NaN"));
}
