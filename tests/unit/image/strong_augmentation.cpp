#include <verdant/error.hpp>
#include <verdant/image/affine_map.hpp>
#include <verdant/image/rand_augment.hpp>
#include <verdant/image/random_erasing.hpp>
#include <verdant/image/strong_augmentation.hpp>
#include <verdant/image/tone.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace io = verdant::io;
using verdant::random_stream;

namespace {

/// A picture whose channels differ, of no pattern.
io::rgb_image noise(std::size_t width, std::size_t height, std::uint64_t seed, int least = 0, int most = 255) {
    io::rgb_image out{width, height};
    random_stream draws{seed};
    for (std::size_t i = 0; i < 3 * width * height; ++i)
        out.pixel(0, 0)[i] = static_cast<unsigned char>(least + static_cast<int>(draws.below(static_cast<std::uint64_t>(most - least + 1))));
    return out;
}

template <class Tone>
void every_byte(const io::rgb_image& before, const io::rgb_image& after, const Tone& tone) {
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < before.pixels().size(); ++i)
        wrong += after.pixels()[i] != static_cast<unsigned char>(tone(before.pixels()[i])) ? 1 : 0;
    CHECK(wrong == 0);
}

} // namespace

TEST_CASE("tones change as their formulas say", "[image]") {
    const auto p = noise(20, 15, 1);
    every_byte(p, io::inverted(p), [](int v) { return 255 - v; });
    every_byte(p, io::posterized(p, 3), [](int v) { return v / 32 * 32; });
    every_byte(p, io::posterized(p, 0), [](int) { return 0; });
    CHECK(io::posterized(p, 8) == p);
    every_byte(p, io::solarized(p, 100), [](int v) { return v < 100 ? v : 255 - v; });
    CHECK(io::solarized(p, 256) == p);
    every_byte(p, io::with_shadows_raised(p, 99), [](int v) { return v < 128 ? std::min(255, v + 99) : v; });
    const auto dull = noise(40, 40, 2, 50, 100);
    every_byte(dull, io::with_full_contrast(dull), [](int v) { return static_cast<int>(v * (255.0 / 50) - 50 * (255.0 / 50)); });
    CHECK(io::with_full_contrast(noise(4, 4, 1, 9, 9)) == noise(4, 4, 1, 9, 9));
}

TEST_CASE("an equalized picture has an even histogram in the same order", "[image]") {
    io::rgb_image skewed{64, 64};
    random_stream draws{3};
    for (std::size_t i = 0; i < 3 * 64 * 64; ++i) skewed.pixel(0, 0)[i] = static_cast<unsigned char>(100 * std::pow(draws.uniform(), 3));
    const auto even = io::equalized(skewed);
    double sum = 0;
    bool ordered = true;
    for (const auto v : even.pixels()) sum += v;
    // Values map monotonously: the table can be read back from the pictures, channel by channel.
    std::array<std::array<int, 256>, 3> table{};
    for (auto& channel : table) channel.fill(-1);
    for (std::size_t i = 0; i < even.pixels().size(); ++i) table[i % 3][skewed.pixels()[i]] = even.pixels()[i];
    for (const auto& channel : table)
        for (int v = 0, last = -1; v < 256; ++v)
            if (channel[static_cast<std::size_t>(v)] >= 0) {
                ordered = ordered && channel[static_cast<std::size_t>(v)] >= last;
                last = channel[static_cast<std::size_t>(v)];
            }
    CHECK(ordered);
    CHECK(sum / static_cast<double>(even.pixels().size()) == Approx(127).margin(25));
    CHECK(io::equalized(noise(4, 4, 1, 9, 9)) == noise(4, 4, 1, 9, 9));
}

TEST_CASE("sharpness 1 is the picture, 0 the smoothed one, and the border stays", "[image]") {
    const auto p = noise(9, 8, 4);
    CHECK(io::with_sharpness(p, 1) == p);
    const auto smooth = io::with_sharpness(p, 0);
    int sum = 4 * p.pixel(3, 2)[1];
    for (std::size_t y = 1; y <= 3; ++y)
        for (std::size_t x = 2; x <= 4; ++x) sum += p.pixel(x, y)[1];
    CHECK(smooth.pixel(3, 2)[1] == static_cast<unsigned char>(sum / 13.0 + 0.5));
    for (std::size_t x = 0; x < 9; ++x) CHECK(smooth.pixel(x, 7)[0] == p.pixel(x, 7)[0]);
}

TEST_CASE("maps move, turn and shear", "[image]") {
    const auto p = noise(12, 12, 5);
    const std::array<unsigned char, 3> fill{1, 2, 3};
    for (const auto filter : {io::resampling::bilinear, io::resampling::bicubic}) {
        CHECK(io::transformed(p, {}, filter) == p);
        const auto moved = io::transformed(p, io::affine_map::moved(3, -2), filter, fill);
        CHECK(moved.pixel(4, 5)[0] == p.pixel(7, 3)[0]);
        CHECK(moved.pixel(9, 5)[2] == 3);
        CHECK(moved.pixel(0, 1)[1] == 2);
        // A quarter of a turn against the clock: the right column becomes the upper row.
        const auto turned = io::transformed(p, io::affine_map::turned(90, 12, 12), filter, fill);
        int largest = 0;
        for (std::size_t i = 1; i < 11; ++i) largest = std::max(largest, std::abs(turned.pixel(i, 1)[0] - p.pixel(10, i)[0]));
        CHECK(largest <= 1);
    }
    // Half a pixel is the mean of two.
    const auto half = io::transformed(p, io::affine_map::moved(0.5, 0), io::resampling::bilinear, fill);
    CHECK(half.pixel(3, 3)[0] == (p.pixel(3, 3)[0] + p.pixel(4, 3)[0]) / 2);
    // At row 2.5 a shear of 2 comes from 5 pixels further right.
    CHECK(io::transformed(p, io::affine_map::sheared_x(2)).pixel(1, 2)[0] == p.pixel(6, 2)[0]);
    CHECK(io::transformed(p, io::affine_map::sheared_y(2)).pixel(2, 1)[0] == p.pixel(2, 6)[0]);
    // Keys' kernel with a = -1.
    const auto weight = [](double x) { return x < 1 ? x * x * x - 2 * x * x + 1 : -x * x * x + 5 * x * x - 8 * x + 4; };
    CHECK(io::detail::cubic_between({3, 7, 1, 9}, 0.3) == Approx(3 * weight(1.3) + 7 * weight(0.3) + weight(0.7) + 9 * weight(1.7)));
    CHECK(io::detail::cubic_between({3, 7, 1, 9}, 0) == 7);
    CHECK(io::detail::cubic_between({3, 7, 1, 9}, 1) == Approx(1));
}

TEST_CASE("the strengths of RandAugment are timm's", "[image]") {
    const auto p = noise(20, 20, 6);
    random_stream draws{1};
    using enum io::picture_change;
    CHECK(io::changed(p, posterize, 9, draws) == io::posterized(p, 3)); // int(0.9 * 4)
    CHECK(io::changed(p, solarize, 9, draws) == io::solarized(p, 230)); // int(0.9 * 256)
    CHECK(io::changed(p, solarize, 10, draws) == p);
    CHECK(io::changed(p, raise_shadows, 9, draws) == io::with_shadows_raised(p, 99));
    CHECK(io::changed(p, brightness, 9, draws) == io::with_brightness(p, 0.9 * 1.8 + 0.1));
    CHECK(io::changed(p, contrast, 5, draws) == p); // 0.5 * 1.8 + 0.1
    CHECK(io::changed(p, saturation, 0, draws) == io::with_saturation(p, 0.1));
    CHECK(io::changed(p, turn, 0, draws) == p);
    std::set<std::vector<unsigned char>> moved;
    for (int i = 0; i < 40; ++i) {
        const auto m = io::changed(p, move_x, 10, draws);
        moved.insert({m.pixels().begin(), m.pixels().end()});
    }
    CHECK(moved.size() == 2); // 9 pixels to the left or to the right, whichever the filter
}

TEST_CASE("RandAugment makes about half of the changes that it draws, and the same ones for the same draws", "[image]") {
    const auto p = noise(16, 16, 7, 30, 200);
    int changed = 0;
    constexpr int times = 2000;
    random_stream draws{8};
    for (int i = 0; i < times; ++i) changed += io::rand_augmented(p, draws, {.layers = 1}) == p ? 0 : 1;
    CHECK(changed == Approx(times * 0.5).margin(4 * std::sqrt(times * 0.25)));
    random_stream a{9}, b{9};
    CHECK(io::rand_augmented(p, a) == io::rand_augmented(p, b));
    random_stream none{1};
    CHECK(io::rand_augmented(p, none, {.probability = 0}) == p);
    CHECK_THROWS_AS(io::check(io::rand_augmentation{.magnitude = 11}), verdant::input_error);
    CHECK_THROWS_AS(io::check(io::rand_augmentation{.deviation = -1}), verdant::input_error);
}

TEST_CASE("random erasing takes a fifth of the images, within its shares and aspects, and fills with normal noise", "[image]") {
    random_stream draws{10};
    int erased = 0;
    constexpr int times = 5000;
    double sum = 0, squares = 0, count = 0;
    for (int i = 0; i < times; ++i) {
        const auto box = io::draw_erasure(40, 30, draws);
        if (!box) continue;
        ++erased;
        const double share = static_cast<double>(box->width * box->height) / 1200,
                     aspect = static_cast<double>(box->height) / static_cast<double>(box->width);
        if (box->width < 6 || box->height < 6) continue; // rounding matters
        CHECK((share > 0.02 * 0.8 && share < 1.2 / 3));
        CHECK((aspect > 0.3 * 0.8 && aspect < 1.2 / 0.3));
        CHECK((box->x + box->width <= 40 && box->y + box->height <= 30));
    }
    CHECK(erased == Approx(times * 0.2).margin(4 * std::sqrt(times * 0.16)));
    for (int i = 0; i < 50; ++i) {
        std::vector<float> image(3 * 20 * 20, 1000.0F);
        io::erase_randomly(image, 20, 20, draws, {.probability = 1});
        for (const float v : image)
            if (v != 1000.0F) sum += static_cast<double>(v), squares += static_cast<double>(v) * static_cast<double>(v), ++count;
    }
    REQUIRE(count > 3000);
    CHECK(sum / count == Approx(0).margin(5 / std::sqrt(count)));
    CHECK(squares / count == Approx(1).margin(0.05));
    std::vector<float> wrong(5);
    CHECK_THROWS_AS(io::erase_randomly(wrong, 2, 2, draws), verdant::error);
    CHECK_THROWS_AS(io::check(io::random_erasing{.probability = 1.5}), verdant::input_error);
    CHECK_THROWS_AS(io::check(io::random_erasing{.smallest = 0.5}), verdant::input_error);
    CHECK_THROWS_AS(io::check(io::random_erasing{.widest = 0.1}), verdant::input_error);
}

TEST_CASE("strong augmentation gives what a network takes, by both filters, the same for the same draws", "[image]") {
    const io::strong_augmentation how{.crop = {.smallest = 1, .largest = 1, .narrowest = 1, .widest = 1},
                                      .flip = 0,
                                      .changes = {.layers = 0},
                                      .colours = {},
                                      .erasing = {.probability = 0}};
    CHECK_NOTHROW(check(how));
    const auto p = noise(24, 24, 11);
    std::set<std::vector<float>> seen;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        random_stream draws{seed};
        seen.insert(how(p, draws, 32));
    }
    const std::set<std::vector<float>> both{io::normalised(io::resize(p, 32, 32, io::resampling::bilinear), io::imagenet_statistics),
                                            io::normalised(io::resize(p, 32, 32, io::resampling::bicubic), io::imagenet_statistics)};
    CHECK(seen == both);
    const io::strong_augmentation published;
    CHECK_NOTHROW(check(published));
    random_stream a{1}, b{1};
    CHECK(published(p, a, 16) == published(p, b, 16));
    CHECK_THROWS_AS(published(io::rgb_image{}, a, 16), verdant::error);
}
