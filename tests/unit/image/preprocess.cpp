#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/image/resample.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace io = verdant::io;

namespace {

io::rgb_image noise(std::size_t width, std::size_t height, std::uint64_t seed) {
    io::rgb_image image{width, height};
    verdant::random_stream random{seed};
    for (std::size_t y = 0; y < height; ++y)
        for (std::size_t i = 0; i < 3 * width; ++i) image.pixel(0, y)[i] = static_cast<unsigned char>(random.below(256));
    return image;
}

io::rgb_image transposed(const io::rgb_image& image) {
    io::rgb_image out{image.height(), image.width()};
    for (std::size_t y = 0; y < image.height(); ++y)
        for (std::size_t x = 0; x < image.width(); ++x) std::copy_n(image.pixel(x, y), 3, out.pixel(y, x));
    return out;
}

} // namespace

TEST_CASE("the weights of every output pixel sum to one", "[io]") {
    for (const auto filter : {io::resampling::bilinear, io::resampling::bicubic})
        for (const auto& [from, to] : {std::pair<std::size_t, std::size_t>{7, 3}, {3, 7}, {500, 1}, {1, 5}, {224, 224}, {97, 61}}) {
            const auto axis = io::detail::make_axis_weights(from, to, filter);
            REQUIRE(axis.windows.size() == to);
            for (std::size_t i = 0; i < to; ++i) {
                std::int64_t sum = 0;
                for (std::size_t k = 0; k < axis.windows[i].count; ++k) sum += axis.weights[i * axis.stride + k];
                CHECK(axis.windows[i].first + axis.windows[i].count <= from);
                // Each weight is rounded by at most one half.
                CHECK(std::abs(sum - (1 << io::detail::weight_bits)) <= static_cast<std::int64_t>(axis.windows[i].count));
            }
        }
}

TEST_CASE("resizing keeps what is constant, the size that is asked for, and works alike along both axes", "[io]") {
    const io::rgb_image gray{20, 11, io::byte_vector(660, 77)};
    const auto resized = io::resize(gray, 33, 4);
    CHECK(resized.width() == 33);
    CHECK(resized.height() == 4);
    CHECK(std::all_of(resized.pixels().begin(), resized.pixels().end(), [](unsigned char v) { return v == 77; }));
    const auto picture = noise(19, 23, 1);
    CHECK(io::resize(picture, 19, 23) == picture);
    CHECK(transposed(io::resize(picture, 8, 23)) == io::resize(transposed(picture), 23, 8));
    CHECK_THROWS_AS(io::resize(io::rgb_image{}, 3, 3), verdant::error);
    CHECK_THROWS_AS(io::resize(picture, 0, 3), verdant::error);
}

TEST_CASE("halving with a triangle filter weighs four pixels 1 3 3 1", "[io]") {
    io::rgb_image line{8, 1};
    for (std::size_t x = 0; x < 8; ++x) std::fill_n(line.pixel(x, 0), 3, static_cast<unsigned char>(10 * x * x / 4));
    const auto half = io::resize(line, 4, 1, io::resampling::bilinear);
    const auto value = [&](std::size_t x) { return static_cast<double>(line.pixel(x, 0)[0]); };
    CHECK(half.pixel(1, 0)[0] == std::lround((value(1) + 3 * value(2) + 3 * value(3) + value(4)) / 8));
}

TEST_CASE("a picture becomes a square by cropping, padding or squashing", "[io]") {
    const auto wide = noise(40, 20, 2);
    const auto square = [&](io::resize_mode mode) { return io::to_square(wide, {.size = 10, .mode = mode}); };
    CHECK(square(io::resize_mode::squash) == io::resize(wide, 10, 10));
    const auto whole = io::resize(wide, 20, 10);
    const auto cut = square(io::resize_mode::shortest);
    for (std::size_t y = 0; y < 10; ++y) CHECK(std::equal(cut.pixel(0, y), cut.pixel(0, y) + 30, whole.pixel(5, y)));
    const auto padded = square(io::resize_mode::longest);
    const auto narrow = io::resize(wide, 10, 5);
    CHECK(std::equal(padded.pixel(0, 2), padded.pixel(0, 2) + 150, narrow.pixel(0, 0)));
    CHECK(std::all_of(padded.pixel(0, 0), padded.pixel(0, 2), [](unsigned char v) { return v == 0; }));
    CHECK_THROWS_AS(io::to_square(io::rgb_image{20000, 1}), verdant::error);
}

TEST_CASE("pixels are scaled and normalised channel by channel", "[io]") {
    const io::rgb_image white{4, 4, io::byte_vector(48, 255)};
    const auto values = io::preprocess(white, {.size = 4, .statistics = io::inception_statistics});
    REQUIRE(values.size() == 48);
    CHECK(std::all_of(values.begin(), values.end(), [](float v) { return v == 1.0F; }));
    const auto clip = io::preprocess(white, {.size = 4});
    for (std::size_t c = 0; c < 3; ++c) CHECK(clip[16 * c + 3] == (1.0F - io::clip_statistics.mean[c]) / io::clip_statistics.deviation[c]);
}

TEST_CASE("statistics that make no numbers are refused", "[io]") {
    const io::rgb_image white{4, 4, io::byte_vector(48, 255)};
    const auto refused = [&](const io::channel_statistics& s) {
        try {
            static_cast<void>(io::normalised(white, s));
        } catch (const verdant::input_error& e) { return std::string{e.what()}; }
        return std::string{"accepted"};
    };
    CHECK(refused({{0, 0, 0}, {1, 1, 0}}) == "verdant: statistics of channels, deviation of channel 2: expected a finite number above 0, found 0");
    CHECK_THAT(refused({{0, 0, 0}, {-1, 1, 1}}), Catch::Contains("deviation of channel 0"));
    CHECK_THAT(refused({{0, std::nanf(""), 0}, {1, 1, 1}}), Catch::Contains("mean of channel 1: expected a finite number, found nan"));
    CHECK(refused(io::clip_statistics) == "accepted");
}

TEST_CASE("grey pictures become RGB, and sizes are checked", "[io]") {
    const io::byte_vector gray{1, 2};
    const auto image = io::rgb_image::from_gray(2, 1, gray);
    CHECK(image.pixels() == io::byte_vector{1, 1, 1, 2, 2, 2});
    CHECK_THROWS_AS(io::rgb_image::from_gray(3, 1, gray), verdant::error);
    CHECK_THROWS_AS((io::rgb_image{2, 2, io::byte_vector(11)}), verdant::error);
    CHECK_THROWS_AS((io::rgb_image{std::size_t{1} << 62, 8}), verdant::error);
}
