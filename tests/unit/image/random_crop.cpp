#include <verdant/error.hpp>
#include <verdant/image/random_crop.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>

namespace io = verdant::io;

TEST_CASE("random crops lie in the picture, with the areas and aspects asked for", "[io]") {
    verdant::random_stream draws{3};
    double smallest = 1, largest = 0, left = 0;
    for (int i = 0; i < 2000; ++i) {
        const auto box = io::draw_crop(400, 300, draws);
        REQUIRE(box.x + box.width <= 400);
        REQUIRE(box.y + box.height <= 300);
        const double share = static_cast<double>(box.width * box.height) / (400.0 * 300.0),
                     aspect = static_cast<double>(box.width) / static_cast<double>(box.height);
        REQUIRE(share > 0.89);
        REQUIRE(aspect > 0.74);
        REQUIRE(aspect < 1.35);
        smallest = std::min(smallest, share);
        largest = std::max(largest, share);
        left += box.x == 0 ? 1 : 0;
    }
    CHECK(smallest < 0.91);
    CHECK(largest > 0.98);
    CHECK(left < 1000);
}

TEST_CASE("where no crop fits, the middle with the nearest aspect is taken", "[io]") {
    verdant::random_stream draws{1};
    CHECK(io::draw_crop(1000, 30, draws) == io::crop_box{480, 0, 40, 30});
    CHECK(io::draw_crop(30, 1000, draws) == io::crop_box{0, 480, 30, 40});
    CHECK(io::draw_crop(1, 1, draws) == io::crop_box{0, 0, 1, 1});
}

TEST_CASE("a crop holds its pixels; the whole picture at its size is what evaluation sees", "[io]") {
    io::rgb_image picture{6, 4};
    for (std::size_t y = 0; y < 4; ++y)
        for (std::size_t x = 0; x < 6; ++x) picture.pixel(x, y)[1] = static_cast<unsigned char>(10 * y + x);
    const auto part = io::crop(picture, {2, 1, 3, 2});
    CHECK(part.width() == 3);
    CHECK(part.height() == 2);
    CHECK(part.pixel(0, 0)[1] == 12);
    CHECK(part.pixel(2, 1)[1] == 24);
    CHECK_THROWS_AS(io::crop(picture, {4, 0, 3, 2}), verdant::error);
    CHECK_THROWS_AS(io::crop(picture, {0, 0, 0, 2}), verdant::error);
    CHECK_THROWS_AS(io::crop(picture, {std::numeric_limits<std::size_t>::max() - 1, 0, 3, 2}), verdant::error);
    CHECK_THROWS_AS(io::crop(picture, {0, std::numeric_limits<std::size_t>::max(), 2, 3}), verdant::error);

    const auto square = io::crop(picture, {0, 0, 4, 4});
    verdant::random_stream draws{5};
    const io::preprocessing how{.size = 4};
    CHECK(io::augment(square, draws, how, {.smallest = 1, .largest = 1, .narrowest = 1, .widest = 1}) == io::preprocess(square, how));
    io::rgb_image large{80, 60};
    for (std::size_t x = 0; x < 80; ++x) large.pixel(x, 30)[0] = static_cast<unsigned char>(3 * x);
    verdant::random_stream one{9}, same{9}, other{10};
    const auto seen = io::augment(large, one, how);
    CHECK((seen == io::augment(large, same, how)));
    CHECK_FALSE((seen == io::augment(large, other, how)));
    CHECK_THROWS_AS(io::augment(io::rgb_image{}, draws), verdant::error);
}

TEST_CASE("parts that no picture has are refused by name", "[io]") {
    verdant::random_stream draws{1};
    constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
    const auto refused = [&](const io::random_crop& how) {
        try {
            static_cast<void>(io::draw_crop(40, 30, draws, how));
        } catch (const verdant::input_error& e) { return std::string{e.what()}; }
        return std::string{"accepted"};
    };
    CHECK(refused({}) == "accepted");
    CHECK_THAT(refused({.smallest = -1}), Catch::Contains("smallest part: expected a number from 0 to 1"));
    CHECK_THAT(refused({.smallest = nan}), Catch::Contains("smallest part"));
    CHECK_THAT(refused({.largest = 2}), Catch::Contains("largest part: expected a number from 0 to 1"));
    CHECK_THAT(refused({.narrowest = 0}), Catch::Contains("narrowest aspect"));
    CHECK_THAT(refused({.narrowest = 1.5}), Catch::Contains("widest aspect"));
}
