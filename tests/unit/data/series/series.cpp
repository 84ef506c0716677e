#include <verdant/data/series/ecg_windows.hpp>
#include <verdant/data/series/labelled_series.hpp>
#include <verdant/data/series/series_arrays.hpp>
#include <verdant/error.hpp>

#include "catch.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace vd = verdant;
using namespace vd::data;

namespace {

ecg_recording ramp(char rhythm, std::size_t samples) {
    ecg_recording out{{}, rhythm};
    for (std::size_t i = 0; i < samples; ++i) out.samples.push_back(static_cast<float>(i));
    return out;
}

} // namespace

TEST_CASE("z-scores have mean 0 and deviation 1", "[data]") {
    std::vector<float> x{1, 2, 3, 6};
    to_z_scores(x);
    const double deviation = std::sqrt((4 + 1 + 0 + 9) / 4.0);
    CHECK(x[0] == Approx(-2 / deviation));
    CHECK(x[3] == Approx(3 / deviation));
    std::vector<float> equal{5, 5};
    to_z_scores(equal);
    CHECK(equal == std::vector<float>{0, 0});
    for (std::size_t n = 1; n < 60; ++n) { // means of these are rounded
        std::vector<float> tenths(n, 0.1F);
        to_z_scores(tenths);
        CHECK(tenths == std::vector<float>(n, 0));
    }
    std::vector<float> wrong{1, std::numeric_limits<float>::infinity()};
    CHECK_THROWS_WITH(to_z_scores(wrong), Catch::Contains("number 2"));
}

TEST_CASE("a tenth of the items tests, as scikit-learn splits", "[data]") {
    const auto split = split_items(20);
    // numpy.random.RandomState(0).permutation(20)[:2]
    CHECK(split.test == std::vector<std::size_t>{18, 1});
    CHECK(split.train.size() == 18);
    std::set<std::size_t> all{split.train.begin(), split.train.end()};
    all.insert(split.test.begin(), split.test.end());
    CHECK(all.size() == 20);
    CHECK(split_items(21).test.size() == 3);
    CHECK_THROWS_AS(split_items(1), vd::input_error);
    CHECK_THROWS_AS(split_items(10, 1.5), vd::input_error);
    CHECK_THROWS_AS(split_items(10, std::numeric_limits<double>::quiet_NaN()), vd::input_error);
    CHECK_THROWS_AS(split_items(10, -1e300), vd::input_error);
    CHECK_THROWS_WITH(split_items(std::size_t{1} << 32), Catch::Contains("fewer than 2^32 items"));
}

TEST_CASE("windows of electrocardiograms start at multiples of their rhythm's stride, before the last window", "[data]") {
    const std::vector<ecg_recording> all{ramp('N', 2600), ramp('A', 1100), ramp('~', 1000), ramp('O', 1251), ramp('~', 1060)};
    const std::vector<std::size_t> chosen{0, 1, 2, 3, 4};
    const auto windows = ecg_windows(all, chosen);
    CHECK(windows.length == 1000);
    CHECK_THROWS_WITH(ecg_windows(all, std::vector<std::size_t>{0, 5}),
                      "verdant: electrocardiogram, chosen 1: expected one of the 5 recordings, found 5");
    std::vector<std::size_t> count(5);
    for (const auto r : windows.recordings) ++count[r];
    CHECK(count == std::vector<std::size_t>{4, 2, 0, 2, 3}); // starts below 1600, 100, 0, 251 and 60
    CHECK(windows.labels.front() == 0);
    CHECK(windows.labels.back() == 3);
    CHECK(windows.values.size() == windows.size() * 1000);
    // The recording as a whole has z-scores: the windows of a ramp are parts of one.
    const double step = 1 / std::sqrt((2600.0 * 2600 - 1) / 12);
    CHECK(windows.values[1000] - windows.values[0] == Approx(500 * step).epsilon(1e-4));
    const std::vector<std::size_t> second{4};
    CHECK(ecg_windows(all, second).recordings == std::vector<std::size_t>{0, 0, 0});
    CHECK_THROWS_WITH(ecg_class('X'), Catch::Contains("'X'"));
}

TEST_CASE("labels of satellite series count from 0, and each series has z-scores of its own", "[data]") {
    const std::vector<float> values{1, 2, 3, 10, 20, 30};
    const auto s = satellite_series(values, std::vector<std::int64_t>{1, 24}, 3);
    CHECK(s.size() == 2);
    CHECK(s.labels == std::vector<std::int64_t>{0, 23});
    for (std::size_t i = 0; i < 3; ++i) CHECK(s.values[i] == Approx(s.values[i + 3]).margin(1e-6));
    CHECK_THROWS_WITH(satellite_series(values, std::vector<std::int64_t>{0, 24}, 3), Catch::Contains("label 1"));
    CHECK_THROWS_WITH(satellite_series(values, std::vector<std::int64_t>{1}, 3), Catch::Contains("values"));
}

TEST_CASE("letters of sequences come before positions", "[data]") {
    const std::vector<float> values{1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16};
    const auto s = sequence_series(values, std::vector<std::int64_t>{0, 1, 1, 0}, 2, 3, 2);
    CHECK(s.size() == 2);
    CHECK(s.channels == 2);
    CHECK(s.values == std::vector<float>{1, 3, 5, 2, 4, 6, 11, 13, 15, 12, 14, 16});
    CHECK_THROWS_WITH(sequence_series(values, std::vector<std::int64_t>{0, 1, 2, 0}, 2, 3, 2), Catch::Contains("label 3"));
    CHECK_THROWS_AS(sequence_series(values, std::vector<std::int64_t>{0, 1, 1}, 2, 3, 2), vd::input_error);
    auto wrong = values;
    wrong[7] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(sequence_series(wrong, std::vector<std::int64_t>{0, 1, 1, 0}, 2, 3, 2),
                      "verdant: sequences, number 8: expected a finite one, found nan");
}
