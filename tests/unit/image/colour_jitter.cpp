#include <verdant/image/colour_jitter.hpp>
#include <verdant/image/random_crop.hpp>

#include "catch.hpp"

#include <array>
#include <cmath>
#include <cstdlib>

namespace io = verdant::io;

namespace {

using colour = std::array<int, 3>;

io::rgb_image of(const std::vector<colour>& colours) {
    io::rgb_image out{colours.size(), 1};
    for (std::size_t i = 0; i < colours.size(); ++i)
        for (std::size_t c = 0; c < 3; ++c) out.pixel(i, 0)[c] = static_cast<unsigned char>(colours[i][c]);
    return out;
}

colour at(const io::rgb_image& image, std::size_t i) {
    const auto* p = image.pixel(i, 0);
    return {p[0], p[1], p[2]};
}

/// All of a coarse grid of colours, a row.
io::rgb_image many() {
    std::vector<colour> all;
    for (int r = 0; r < 256; r += 17)
        for (int g = 0; g < 256; g += 17)
            for (int b = 0; b < 256; b += 17) all.push_back({r, g, b});
    return of(all);
}

} // namespace

TEST_CASE("grey is luma: 0.299 red, 0.587 green, 0.114 blue", "[io]") {
    const auto gray = io::grayscale(of({{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}, {10, 20, 30}}));
    CHECK(at(gray, 0) == colour{76, 76, 76});
    CHECK(at(gray, 1) == colour{150, 150, 150});
    CHECK(at(gray, 2) == colour{29, 29, 29});
    CHECK(at(gray, 3) == colour{255, 255, 255});
    CHECK(at(gray, 4) == colour{18, 18, 18});
}

TEST_CASE("brightness, contrast and saturation start from black, the mean grey and the grey picture", "[io]") {
    const auto two = of({{100, 51, 200}, {0, 0, 0}});
    CHECK(at(io::with_brightness(two, 0.5), 0) == colour{50, 25, 100});
    CHECK(at(io::with_brightness(two, 2), 0) == colour{200, 102, 255});
    CHECK(at(io::with_brightness(two, 0), 0) == colour{0, 0, 0});
    // Luma 83 and 0, so the mean is 41.5 and counts as 42.
    CHECK(at(io::with_contrast(two, 0), 0) == colour{42, 42, 42});
    CHECK(at(io::with_contrast(two, 0.5), 1) == colour{21, 21, 21});
    CHECK(at(io::with_contrast(two, 2), 0) == colour{158, 60, 255});
    CHECK(io::with_saturation(two, 0) == io::grayscale(two));
    CHECK(at(io::with_saturation(two, 2), 0) == colour{117, 19, 255});
    const auto all = many();
    CHECK(io::with_brightness(all, 1) == all);
    CHECK(io::with_contrast(all, 1) == all);
    CHECK(io::with_saturation(all, 1) == all);
}

TEST_CASE("a turn of the hue leads from red to green to blue and keeps the value", "[io]") {
    const auto primaries = of({{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {90, 90, 90}});
    const auto third = io::with_hue(primaries, 1.0 / 3);
    CHECK(at(third, 0) == colour{0, 255, 0});
    CHECK(at(third, 1) == colour{0, 0, 255});
    CHECK(at(third, 3) == colour{90, 90, 90});
    const auto back = io::with_hue(primaries, -1.0 / 3);
    CHECK(at(back, 1)[0] == 255);
    CHECK(at(back, 1)[1] <= 6); // the circle has 256 steps, 255 of which are the whole turn
    CHECK(at(back, 2)[1] == 255);
    // Without a turn nothing but the rounding to 8 bits of hue and saturation remains.
    const auto all = many(), same = io::with_hue(all, 0);
    int most = 0;
    for (std::size_t i = 0; i < all.width(); ++i) {
        const auto a = at(all, i), b = at(same, i);
        CHECK(std::max({a[0], a[1], a[2]}) == std::max({b[0], b[1], b[2]}));
        for (std::size_t c = 0; c < 3; ++c) most = std::max(most, std::abs(a[c] - b[c]));
    }
    CHECK(most <= 6);
}

TEST_CASE("colours change with the probability asked for, by the draws alone", "[io]") {
    const auto picture = many();
    const auto changed = [&](const io::colour_jitter& how, std::uint64_t seed) {
        verdant::random_stream draws{seed};
        return io::jitter_colours(picture, draws, how);
    };
    const io::colour_jitter strong{.brightness = 0.4, .contrast = 0.4, .saturation = 0.4, .hue = 0.1, .probability = 0.3};
    int jittered = 0, gray = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        jittered += changed(strong, seed) == picture ? 0 : 1;
        gray += changed({.gray_probability = 0.2}, seed) == io::grayscale(picture) ? 1 : 0;
    }
    CHECK(std::abs(jittered - 120) < 40);
    CHECK(std::abs(gray - 80) < 35);
    CHECK(changed(strong, 7) == changed(strong, 7));
    CHECK(changed({.brightness = 0.5, .probability = 1}, 1) != changed({.brightness = 0.5, .probability = 1}, 2));
    CHECK(changed({.brightness = 0.5}, 1) == picture);
    CHECK(changed({.probability = 1}, 1) == picture);

    // What has no probability takes no draws, so that crops stay where they were.
    verdant::random_stream untouched{3}, same{3};
    (void)io::jitter_colours(picture, untouched, {});
    CHECK(untouched == same);
}

TEST_CASE("training sees the changed colours; an invalid jitter is refused", "[io]") {
    const auto picture = of(std::vector<colour>(8, {200, 40, 90}));
    verdant::random_stream a{4}, b{4};
    const io::preprocessing how{.size = 4};
    const auto gray = io::augment(picture, a, how, {}, {.gray_probability = 1}), plain = io::augment(picture, b, how);
    const auto channel_value = [&](const std::vector<float>& x, std::size_t c) {
        return x[16 * c] * how.statistics.deviation[c] + how.statistics.mean[c];
    };
    CHECK(std::abs(channel_value(gray, 0) - channel_value(gray, 2)) < 1e-5);
    CHECK(std::abs(channel_value(plain, 0) - channel_value(plain, 2)) > 0.3);

    verdant::random_stream draws{1};
    for (const io::colour_jitter& wrong : {io::colour_jitter{.brightness = -0.1}, io::colour_jitter{.hue = 0.6},
                                           io::colour_jitter{.probability = 1.1}, io::colour_jitter{.gray_probability = std::nan("")}})
        CHECK_THROWS_AS(io::jitter_colours(picture, draws, wrong), verdant::input_error);
}
