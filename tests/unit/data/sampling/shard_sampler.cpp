#include <verdant/data/sampling/shard_sampler.hpp>
#include <verdant/error.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

namespace nn = verdant::nn;

namespace {

const std::vector<std::int64_t> sizes{5, 0, 3, 8};

/// How often each sample comes in an epoch.
std::map<std::int64_t, int> epoch_of(const nn::shard_sampler& s, std::int64_t epoch) {
    std::map<std::int64_t, int> out;
    for (std::int64_t i = 0; i < s.size(); ++i)
        for (const auto row : s(epoch, i)) ++out[row];
    return out;
}

} // namespace

TEST_CASE("an epoch of resampled shards has its own number of samples, rounded up to batches", "[nn]") {
    CHECK(nn::shard_sampler{sizes, {}, 4}.size() == 4);
    CHECK(nn::shard_sampler{sizes, {.samples = 101}, 4}.size() == 26);
    CHECK(nn::shard_sampler{sizes, {.samples = 101}, 4, 0, {1, 3}}.size() == 9);
    CHECK(nn::shard_sampler{sizes, {.samples = 1}, 64}.size() == 1);
}

TEST_CASE("shards are drawn by weight, with all their samples", "[nn]") {
    // Nearly all of an epoch are whole shards; the rest is what of the drawn ones has no place.
    const auto share = [](const std::vector<double>& weights, std::int64_t first, std::int64_t last) {
        double in = 0, all = 0;
        for (const auto& [row, times] : epoch_of({sizes, {.samples = 60000, .weights = weights}, 100, 3}, 0)) {
            CHECK((row >= 0 && row < 16));
            all += times;
            if (row >= first && row < last) in += times;
        }
        CHECK(all == 60000);
        return in / all;
    };
    // Shards of 5, 3 and 8 samples: a shard's part of the samples is its weight times its size.
    CHECK(share({}, 0, 5) == Approx(5.0 / 16).margin(0.015));
    CHECK(share({}, 5, 8) == Approx(3.0 / 16).margin(0.015));
    CHECK(share({1, 1, 4, 0.5}, 0, 5) == Approx(5.0 / 21).margin(0.015));
    CHECK(share({1, 1, 4, 0.5}, 5, 8) == Approx(12.0 / 21).margin(0.015));
    CHECK(share({0, 1, 1, 0}, 5, 8) == 1);
    // Samples of a shard come equally often, but for one draw that is cut off.
    const auto rows = epoch_of({sizes, {.samples = 6000}, 10, 3}, 0);
    for (std::int64_t row = 9; row < 16; ++row) CHECK(std::abs(rows.at(row) - rows.at(8)) <= 8);
}

TEST_CASE("resampled epochs follow from the seed, whatever the number of processes", "[nn]") {
    const nn::shard_resampling how{.samples = 40, .weights = {1, 1, 2, 1}};
    const nn::shard_sampler whole{sizes, how, 6, 4};
    REQUIRE(whole.size() == 7);
    for (std::int64_t epoch : {0, 1, 1000000})
        for (std::int64_t i = 0; i < 7; ++i) {
            std::vector<std::int64_t> seen;
            for (int r = 0; r < 3; ++r) {
                const auto rows = nn::shard_sampler{sizes, how, 2, 4, {r, 3}}(epoch, i);
                seen.insert(seen.end(), rows.begin(), rows.end());
            }
            CHECK(seen == whole(epoch, i));
        }
    CHECK(whole(0, 0) != whole(1, 0));
    CHECK(whole(0, 0) != nn::shard_sampler{sizes, how, 6, 5}(0, 0));
    // An epoch may have more samples than there are, in one batch too.
    const nn::shard_sampler large{sizes, {.samples = 64}, 64, 1};
    CHECK(large.size() == 1);
    CHECK(large(0, 0).size() == 64);
}

TEST_CASE("what cannot be drawn is refused", "[nn]") {
    const auto make = [](const std::vector<std::int64_t>& of, const std::vector<double>& weights, std::int64_t batch = 2,
                         nn::process_share share = {}) { return nn::shard_sampler{of, {.weights = weights}, batch, 0, share}; };
    CHECK_THROWS_WITH(make(sizes, {1, 2, 3}), Catch::Contains("4 weights, one for each shard") && Catch::Contains("found 3"));
    CHECK_THROWS_WITH(make(sizes, {1, 2, 3, -1}), Catch::Contains("shard 3: expected a weight of at least 0"));
    CHECK_THROWS_AS(make(sizes, {1, 2, 3, std::numeric_limits<double>::infinity()}), verdant::input_error);
    CHECK_THROWS_WITH(make(sizes, {0, 7, 0, 0}), Catch::Contains("shards that hold samples and have a weight above 0"));
    constexpr auto large = std::numeric_limits<double>::max();
    CHECK_THROWS_WITH(make(sizes, {large, 1, large, 1}), Catch::Contains("weights whose sum is a number"));
    CHECK_THROWS_WITH(make({3, -1}, {}), Catch::Contains("shard 1: expected 0 samples or more, found -1"));
    CHECK_THROWS_WITH((nn::shard_sampler{std::vector<std::int64_t>{3}, {.samples = -5}, 2}),
                      Catch::Contains("samples of an epoch, or 0 for as many as there are, found -5"));
    CHECK_THROWS_AS(make({}, {}), verdant::input_error);
    CHECK_THROWS_AS(make({0}, {}), verdant::input_error);
    CHECK_THROWS_AS(make(sizes, {}, 0), verdant::input_error);
    CHECK_THROWS_AS(make(sizes, {}, 1, {2, 2}), verdant::input_error);
}
