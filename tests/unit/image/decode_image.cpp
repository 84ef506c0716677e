#include "unit/io/damage.hpp"

#include <verdant/image/decode_image.hpp>
#include <verdant/io/archive/deflate.hpp>

#include <cstdio>
#include <cstdlib>
#include <vector>

#if defined(VERDANT_WITH_WEBP)
#include <webp/encode.h>
#endif

namespace io = verdant::io;

namespace {

unsigned char shade(std::size_t x, std::size_t y, std::size_t channel) {
    return static_cast<unsigned char>(5 * x + 7 * y * (channel + 1) + 40 * channel);
}

struct picture_options {
    int components = 3;
    bool progressive = false;
    int quality = 95;
};

io::byte_vector jpeg(std::size_t width, std::size_t height, const picture_options& how = {}) {
    jpeg_compress_struct info;
    jpeg_error_mgr errors;
    info.err = ::jpeg_std_error(&errors);
    ::jpeg_create_compress(&info);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    ::jpeg_mem_dest(&info, &out, &size);
    info.image_width = static_cast<JDIMENSION>(width);
    info.image_height = static_cast<JDIMENSION>(height);
    info.input_components = how.components;
    info.in_color_space = how.components == 1 ? JCS_GRAYSCALE : how.components == 3 ? JCS_RGB : JCS_CMYK;
    ::jpeg_set_defaults(&info);
    ::jpeg_set_quality(&info, how.quality, TRUE);
    if (how.progressive) ::jpeg_simple_progression(&info);
    ::jpeg_start_compress(&info, TRUE);
    io::byte_vector row(width * static_cast<std::size_t>(how.components));
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] = static_cast<unsigned char>(100 + 3 * (i / static_cast<std::size_t>(how.components)) + 2 * y +
                                                20 * (i % static_cast<std::size_t>(how.components)));
        JSAMPROW rows = row.data();
        ::jpeg_write_scanlines(&info, &rows, 1);
    }
    ::jpeg_finish_compress(&info);
    io::byte_vector content{out, out + size};
    ::jpeg_destroy_compress(&info);
    std::free(out);
    return content;
}

void append(png_structp png, png_bytep data, std::size_t size) {
    auto& out = *static_cast<io::byte_vector*>(::png_get_io_ptr(png));
    out.insert(out.end(), data, data + size);
}

io::byte_vector png(std::size_t width, std::size_t height, int type, int depth = 8, bool interlaced = false) {
    io::byte_vector out;
    auto* writer = ::png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    auto* info = ::png_create_info_struct(writer);
    ::png_set_write_fn(writer, &out, append, nullptr);
    ::png_set_IHDR(writer, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), depth, type,
                   interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    const png_color palette[3] = {{255, 0, 0}, {0, 255, 0}, {10, 20, 30}};
    if (type == PNG_COLOR_TYPE_PALETTE) ::png_set_PLTE(writer, info, palette, 3);
    ::png_write_info(writer, info);
    const std::size_t channels = ::png_get_channels(writer, info), step = static_cast<std::size_t>(depth) / 8;
    std::vector<io::byte_vector> rows(height, io::byte_vector(width * channels * step));
    std::vector<png_bytep> places;
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x)
            for (std::size_t c = 0; c < channels; ++c)
                rows[y][(x * channels + c) * step] = type == PNG_COLOR_TYPE_PALETTE ? static_cast<unsigned char>((x + y) % 3) : shade(x, y, c);
        places.push_back(rows[y].data());
    }
    ::png_write_image(writer, places.data());
    ::png_write_end(writer, nullptr);
    ::png_destroy_write_struct(&writer, &info);
    return out;
}

io::rgb_image decode(const io::byte_vector& content, const io::image_limits& limits = {}) { return io::decode_image(content, "picture", limits); }

} // namespace

TEST_CASE("PNG pictures are decoded exactly, whatever their kind", "[io]") {
    for (const bool interlaced : {false, true})
        for (const int type : {PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGBA, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA})
            for (const int depth : {8, 16}) {
                const auto image = decode(png(13, 9, type, depth, interlaced));
                REQUIRE(image.width() == 13);
                REQUIRE(image.height() == 9);
                const bool gray = (type & PNG_COLOR_MASK_COLOR) == 0;
                bool equal = true;
                for (std::size_t y = 0; y < 9; ++y)
                    for (std::size_t x = 0; x < 13; ++x)
                        for (std::size_t c = 0; c < 3; ++c) equal = equal && image.pixel(x, y)[c] == shade(x, y, gray ? 0 : c);
                CHECK(equal);
            }
    const auto palette = decode(png(5, 2, PNG_COLOR_TYPE_PALETTE));
    CHECK(palette.pixel(1, 1)[0] == 10);
    CHECK(palette.pixel(1, 1)[2] == 30);
}

TEST_CASE("JPEG pictures are decoded near to what was encoded, whatever their kind", "[io]") {
    for (const bool progressive : {false, true})
        for (const int components : {1, 3, 4}) {
            const auto image = decode(jpeg(24, 17, {components, progressive}));
            REQUIRE(image.width() == 24);
            REQUIRE(image.height() == 17);
            int worst = 0;
            for (std::size_t y = 0; y < 17; ++y)
                for (std::size_t x = 0; x < 24; ++x)
                    for (std::size_t c = 0; c < 3; ++c) {
                        const auto ink = [&](std::size_t channel) { return static_cast<int>(100 + 3 * x + 2 * y + 20 * channel) & 255; };
                        // Inverted inks, since libjpeg writes an Adobe marker: light = black channel, colour = light * channel / 255.
                        const int wanted = components == 4 ? ink(3) * ink(c) / 255 : ink(components == 1 ? 0 : c);
                        worst = std::max(worst, std::abs(wanted - image.pixel(x, y)[c]));
                    }
            // Quality 95 of a gradient with halved colour resolution.
            CHECK(worst <= 12);
        }
}

TEST_CASE("pictures that are too large are refused before memory is taken", "[io]") {
    CHECK(refuses([] { decode(png(100, 100, PNG_COLOR_TYPE_RGB), {.most_pixels = 9999}); }, {"picture", "at most 9999 pixels", "100 x 100"}));
    CHECK(refuses([] { decode(jpeg(100, 100), {.most_pixels = 9999}); }, {"picture", "at most 9999 pixels", "100 x 100"}));
    // A header of 60000 x 60000 pixels on a small file, with a right checksum.
    auto content = png(8, 8, PNG_COLOR_TYPE_GRAY);
    for (const std::size_t at : {16u, 20u}) {
        content[at + 2] = 0xea;
        content[at + 3] = 0x60;
    }
    const auto crc = io::crc32_of(std::span{content}.subspan(12, 17));
    for (std::size_t i = 0; i < 4; ++i) content[29 + i] = static_cast<unsigned char>(crc >> (24 - 8 * i));
    CHECK(refuses([&] { decode(content, {.most_pixels = ~std::uint64_t{0}}); }, {"60000 x 60000"}));
}

TEST_CASE("what is no picture is refused", "[io]") {
    CHECK(refuses([] { decode(io::to_bytes("GIF89a")); }, {"picture, byte 0", "a JPEG", "PNG", "found GIF, which is not read"}));
    for (const auto& [content, name] : std::initializer_list<std::pair<std::string_view, std::string_view>>{{"BM1234", "BMP"},
                                                                                                            {std::string_view{"II*\0", 4}, "TIFF"},
                                                                                                            {"....ftypavif", "AVIF"},
                                                                                                            {"....ftypheic", "HEIC"},
                                                                                                            {"<!DOCTYPE html>", "a web page"},
                                                                                                            {"....", "other bytes"},
                                                                                                            {"", "nothing"}})
        CHECK(refuses([&] { decode(io::to_bytes(content)); }, {"picture, byte 0", name}));
    CHECK(refuses([] { decode({}); }, {"nothing"}));
    CHECK(refuses([] { decode({0xff, 0xd8, 0xff}); }, {"a JPEG picture"}));
    CHECK_THROWS_AS(io::read_image("/nonexistent.png"), verdant::file_error);
    const auto whole = jpeg(64, 64);
    CHECK(
        refuses([&] { decode({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2)}); }, {"a JPEG picture", "remature end"}));
    const auto drawn = png(64, 64, PNG_COLOR_TYPE_RGB);
    CHECK(refuses([&] { decode({drawn.begin(), drawn.begin() + static_cast<std::ptrdiff_t>(drawn.size() / 2)}); },
                  {"a PNG picture", "the end of the data"}));
}

TEST_CASE("damaged pictures are refused or decoded, never worse", "[io]") {
    const io::image_limits limits{.most_pixels = 1u << 16};
    const auto read = [&](io::byte_vector content) { static_cast<void>(io::decode_image(content, "picture", limits)); };
    CHECK(survives_damage(png(20, 20, PNG_COLOR_TYPE_RGB), read, 1500) > 500);
    CHECK(survives_damage(png(20, 20, PNG_COLOR_TYPE_PALETTE, 8, true), read, 1500) > 500);
    CHECK(survives_damage(jpeg(32, 32), read, 1500) > 200);
    CHECK(survives_damage(jpeg(32, 32, {3, true}), read, 1500) > 200);
}

#if defined(VERDANT_WITH_WEBP)
namespace {

io::byte_vector webp(std::size_t width, std::size_t height, bool lossless, bool transparent = false) {
    const std::size_t channels = transparent ? 4 : 3;
    io::byte_vector pixels;
    for (std::size_t y = 0; y < height; ++y)
        for (std::size_t x = 0; x < width; ++x)
            for (std::size_t c = 0; c < channels; ++c)
                pixels.push_back(lossless ? shade(x, y, c) : static_cast<unsigned char>(60 + 3 * x + 2 * y + 20 * c));
    std::uint8_t* out = nullptr;
    const int w = static_cast<int>(width), h = static_cast<int>(height), stride = static_cast<int>(channels) * w;
    const auto size = transparent ? WebPEncodeLosslessRGBA(pixels.data(), w, h, stride, &out)
                      : lossless  ? WebPEncodeLosslessRGB(pixels.data(), w, h, stride, &out)
                                  : WebPEncodeRGB(pixels.data(), w, h, stride, 95, &out);
    io::byte_vector content{out, out + size};
    WebPFree(out);
    return content;
}

} // namespace

TEST_CASE("WebP pictures are decoded, exactly where they have no loss", "[io]") {
    for (const bool transparent : {false, true}) {
        const auto image = decode(webp(13, 9, true, transparent));
        REQUIRE(image.width() == 13);
        REQUIRE(image.height() == 9);
        std::size_t equal = 0, opaque = 0;
        for (std::size_t y = 0; y < 9; ++y)
            for (std::size_t x = 0; x < 13; ++x) {
                // Behind transparent pixels an encoder keeps no colours.
                if (transparent && shade(x, y, 3) == 0) continue;
                ++opaque;
                equal += image.pixel(x, y)[0] == shade(x, y, 0) && image.pixel(x, y)[1] == shade(x, y, 1) && image.pixel(x, y)[2] == shade(x, y, 2);
            }
        CHECK(equal == opaque);
        CHECK(opaque > 100);
    }
    const auto image = decode(webp(24, 17, false));
    int worst = 0;
    for (std::size_t y = 0; y < 17; ++y)
        for (std::size_t x = 0; x < 24; ++x)
            for (std::size_t c = 0; c < 3; ++c)
                worst = std::max(worst, std::abs(static_cast<int>(60 + 3 * x + 2 * y + 20 * c) - image.pixel(x, y)[c]));
    CHECK(worst <= 12); // quality 95 of a gradient with halved colour resolution
}

TEST_CASE("WebP pictures that are damaged, too large or animations are refused", "[io]") {
    CHECK(refuses([] { decode(webp(100, 100, true), {.most_pixels = 9999}); }, {"picture", "at most 9999 pixels", "100 x 100"}));
    const auto whole = webp(64, 64, true);
    CHECK(refuses([&] { decode({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2)}); },
                  {"a WebP picture", "the end of the data"}));
    CHECK(refuses([&] { decode({whole.begin(), whole.begin() + 12}); }, {"a WebP picture", "the end of the data"}));
    // An extended header whose flags say that there are several frames, of 64 x 64.
    io::byte_vector animation = io::to_bytes("RIFF....WEBPVP8X");
    const unsigned char header[] = {10, 0, 0, 0, 2, 0, 0, 0, 63, 0, 0, 63, 0, 0};
    animation.insert(animation.end(), std::begin(header), std::end(header));
    animation.insert(animation.end(), 40, 0);
    for (std::size_t i = 0; i < 4; ++i) animation[4 + i] = static_cast<unsigned char>((animation.size() - 8) >> (8 * i));
    CHECK(refuses([&] { decode(animation); }, {"a WebP picture that stands still", "an animation"}));
    const io::image_limits limits{.most_pixels = 1u << 16};
    const auto read = [&](io::byte_vector content) { static_cast<void>(io::decode_image(content, "picture", limits)); };
    CHECK(survives_damage(webp(20, 20, true), read, 1500) > 200);
    CHECK(survives_damage(webp(32, 32, false), read, 1500) > 200);
}
#else
TEST_CASE("without libwebp, WebP is refused by name, with what to install", "[io]") {
    CHECK(refuses([] { decode(io::to_bytes("RIFF....WEBPVP8 ")); }, {"picture", "a JPEG or PNG picture", "WebP", "libwebp-dev"}));
}
#endif
