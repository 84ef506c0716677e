#include <verdant/error.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/flop_proxy.hpp>

#include "catch.hpp"

#include <cstdint>
#include <limits>
#include <string>

namespace workload = verdant::workload;

namespace {

workload::fine_tuning_length length(double epochs, std::int64_t batches, std::int64_t accumulated = 1, std::int64_t most = 10) {
    const auto c = workload::clip_named("ViT-B-16");
    return workload::scaled_fine_tuning(c, c, batches, {.epochs = epochs, .accumulated_batches = accumulated, .most_epochs = most});
}

} // namespace

TEST_CASE("a fine-tuning without a step is refused with the epochs that give one", "[workload]") {
    CHECK_THROWS_WITH(length(0.5, 1),
                      Catch::Contains("epochs") && Catch::Contains("at least one step, which is 1 epochs or more") && Catch::Contains("0.5"));
    CHECK_THROWS_WITH(length(0.24, 9, 2), Catch::Contains("which is 0.25 epochs or more"));
    CHECK(length(0.25, 9, 2).steps == 1);
    CHECK(length(1, 1) == workload::fine_tuning_length{1, 1, 1});

    // What is said is enough, whatever the ratio is rounded to.
    const auto original = workload::clip_named("ViT-B-16");
    for (int layers = 1; layers < 12; ++layers)
        for (const std::int64_t batches : {1, 3, 7, 49}) {
            auto pruned = original;
            pruned.vision.layers = layers;
            std::string said;
            try {
                (void)workload::scaled_fine_tuning(original, pruned, batches, {.epochs = 1e-9});
            } catch (const verdant::input_error& e) { said = e.what(); }
            const std::string before = "which is ";
            REQUIRE(said.find(before) != std::string::npos);
            const double least = std::stod(said.substr(said.find(before) + before.size()));
            CHECK(workload::scaled_fine_tuning(original, pruned, batches, {.epochs = least}).steps == 1);
        }
}

TEST_CASE("epochs, caps and batches of a fine-tuning that cannot be are refused by name", "[workload]") {
    for (const double epochs : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
        CHECK_THROWS_WITH(length(epochs, 100), Catch::Contains("epochs") && Catch::Contains("a number above 0"));
    CHECK_THROWS_WITH(length(1, 100, 1, 0), Catch::Contains("most_epochs") && Catch::Contains("at least 1"));
    CHECK_THROWS_WITH(length(1, 3, 4), Catch::Contains("at least the 4 of a step") && Catch::Contains("3"));
    CHECK_THROWS_AS(length(1, 0), verdant::input_error);
    CHECK_THROWS_AS(length(1, 1, 0), verdant::input_error);
}
