#include <verdant/predictor/training/accuracy_training.hpp>
#include <verdant/predictor/training/encoded_samples.hpp>

#include "catch.hpp"

#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/predictor/accuracy_table.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

using namespace verdant;
using namespace verdant::predictor;

namespace {

/// Eight switches, each of which adds something.
accuracy_samples switches(std::size_t n) {
    random_stream random{5};
    accuracy_samples s;
    for (std::size_t i = 0; i < n; ++i) {
        float accuracy = 0.6F;
        for (int j = 0; j < 8; ++j) {
            s.features.push_back(random.chance(0.5) ? 1.0F : 0.0F);
            accuracy += s.features.back() * 0.01F * static_cast<float>(j);
        }
        s.accuracies.push_back(accuracy);
    }
    return s;
}

const accuracy_training_options quick{.epochs = 12, .learning_rate = 3e-3, .hidden = 24, .seed = 2};

} // namespace

TEST_CASE("A predictor learns, is told of each epoch, and reads back from its file", "[predictor]") {
    const auto samples = switches(400);
    const auto split = published_split(400);
    REQUIRE(split.validation.size() == 80);
    REQUIRE(split.train.size() == 320);
    std::vector<double> losses;
    const auto trained = train_accuracy_predictor(samples, split, quick, [&](const accuracy_training_progress& p) {
        CHECK(p.epoch == static_cast<std::int64_t>(losses.size()));
        CHECK(p.learning_rate <= quick.learning_rate);
        losses.push_back(p.validation_loss);
    });
    REQUIRE(losses.size() == 12);
    CHECK(losses.back() < losses.front());
    CHECK(trained.validation.pearson > 0.95);
    CHECK(trained.training.pearson > 0.95);

    const auto path = (std::filesystem::temp_directory_path() / "verdant_accuracy_training.pt").string();
    io::write_torch(path, trained.state);
    const auto network = surrogate::mlp::from(io::read_tensors(path));
    std::filesystem::remove(path);
    const auto predicted = network.predict(samples.features);
    std::vector<float> held, actual;
    for (const auto i : split.validation) {
        held.push_back(predicted[static_cast<std::size_t>(i)]);
        actual.push_back(samples.accuracies[static_cast<std::size_t>(i)]);
    }
    const auto quality = surrogate::quality_of<float, float>(held, actual);
    CHECK(quality.rmse == Approx(trained.validation.rmse).epsilon(1e-3));
    CHECK(quality.pearson == Approx(trained.validation.pearson).epsilon(1e-3));
}

TEST_CASE("Equal seeds train equal predictors, others others; the best of several attempts is kept", "[predictor]") {
    const nn::thread_scope one{1};
    const auto samples = switches(120);
    const auto split = published_split(120);
    auto o = quick;
    o.epochs = 3;
    o.attempts = 1;
    const auto first = train_accuracy_predictor(samples, split, o), again = train_accuracy_predictor(samples, split, o);
    CHECK(first.state == again.state);
    o.seed = 3;
    CHECK_FALSE(train_accuracy_predictor(samples, split, o).state == first.state);
    o.seed = quick.seed;
    o.attempts = 3;
    o.enough = 2;
    std::int64_t heard = 0;
    const auto best = train_accuracy_predictor(samples, split, o, [&](const accuracy_training_progress&) { ++heard; });
    CHECK(heard == 9);
    CHECK(best.validation.rmse <= first.validation.rmse);
    CHECK((best.attempt == 0) == (best.state == first.state));
    // Nor are there more once one has learned something.
    heard = 0;
    o.enough = -1;
    CHECK(train_accuracy_predictor(samples, split, o, [&](const accuracy_training_progress&) { ++heard; }).state == first.state);
    CHECK(heard == 3);
}

TEST_CASE("Samples, splits and options that do not fit are refused", "[predictor]") {
    const auto samples = switches(20);
    const auto split = published_split(20);
    auto broken = samples;
    broken.features.pop_back();
    CHECK_THROWS_AS(train_accuracy_predictor(broken, split, quick), input_error);
    CHECK_THROWS_AS(train_accuracy_predictor({}, split, quick), input_error);
    CHECK_THROWS_AS(train_accuracy_predictor(samples, {.train = {0, 20}, .validation = {1}}, quick), input_error);
    CHECK_THROWS_AS(train_accuracy_predictor(samples, {.train = {0}, .validation = {}}, quick), input_error);
    CHECK_THROWS_AS(train_accuracy_predictor(samples, split, {.epochs = 0}), input_error);
    const auto refused = [&](const char* name, auto member, auto value) {
        auto o = quick;
        o.*member = value;
        CHECK_THROWS_WITH(train_accuracy_predictor(samples, split, o), Catch::Contains(name));
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const double wrong : {-0.1, nan}) {
        refused("plateau_factor", &accuracy_training_options::plateau_factor, wrong);
        refused("plateau_threshold", &accuracy_training_options::plateau_threshold, wrong);
        refused("weight_decay", &accuracy_training_options::weight_decay, wrong);
    }
    refused("learning_rate", &accuracy_training_options::learning_rate, std::numeric_limits<double>::infinity());
    refused("plateau_patience", &accuracy_training_options::plateau_patience, -1);
    refused("enough", &accuracy_training_options::enough, nan);
    auto slip = samples; // beyond the squares of single precision, among few enough that those of the others are within
    slip.accuracies[static_cast<std::size_t>(split.validation.front())] = 3e19F;
    CHECK_THROWS_WITH(train_accuracy_predictor(slip, split, quick), Catch::Contains("the loss of the validation samples is inf"));
    CHECK_THROWS_AS(published_split(1), input_error);
    CHECK_THROWS_AS(published_split(10, 1.0), input_error);
}

TEST_CASE("Records become rows of features", "[predictor]") {
    using space = spaces::moofa_v3;
    std::vector<spaces::accuracy_record<space>> records(2);
    records[0] = {.arch = spaces::largest_arch<space>(), .accuracy = 0.75};
    records[1] = {.arch = spaces::smallest_arch<space>(), .accuracy = 0.5};
    const auto samples = encoded_samples<spaces::moofa_encoding<space>>(records);
    CHECK(samples.size() == 2);
    CHECK(samples.width() == 124);
    CHECK(samples.accuracies == std::vector<float>{0.75F, 0.5F});
    CHECK(samples.features[3] == 1);   // 224 pixels
    CHECK(samples.features[124] == 1); // 128 pixels
}
