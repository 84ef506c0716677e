#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>

namespace verdant::io {

/// An 8-bit RGB picture: `width` x `height` pixels of three bytes, row by row from the top, without gaps.
class rgb_image {
public:
    rgb_image() = default;

    /// Black.
    rgb_image(std::size_t width, std::size_t height) : width_{width}, height_{height}, pixels_(checked_size(width, height)) {}

    /// @pre `pixels` holds 3 * width * height bytes; throws verdant::error otherwise.
    rgb_image(std::size_t width, std::size_t height, byte_vector pixels) : width_{width}, height_{height}, pixels_{std::move(pixels)} {
        if (pixels_.size() != checked_size(width, height))
            throw error{"an RGB picture of " + std::to_string(width) + " x " + std::to_string(height) + " pixels cannot consist of " +
                        std::to_string(pixels_.size()) + " bytes"};
    }

    /// A grey picture, one byte a pixel, as RGB.
    [[nodiscard]] static rgb_image from_gray(std::size_t width, std::size_t height, std::span<const unsigned char> gray) {
        rgb_image out{width, height};
        if (gray.size() != width * height)
            throw error{"a grey picture of " + std::to_string(width) + " x " + std::to_string(height) + " pixels cannot consist of " +
                        std::to_string(gray.size()) + " bytes"};
        for (std::size_t i = 0; i < out.pixels_.size(); ++i) out.pixels_[i] = gray[i / 3];
        return out;
    }

    [[nodiscard]] std::size_t width() const noexcept { return width_; }
    [[nodiscard]] std::size_t height() const noexcept { return height_; }
    [[nodiscard]] const byte_vector& pixels() const noexcept { return pixels_; }

    /// Three bytes: red, green, blue. @pre x < width(), y < height()
    [[nodiscard]] unsigned char* pixel(std::size_t x, std::size_t y) noexcept { return pixels_.data() + 3 * (y * width_ + x); }
    [[nodiscard]] const unsigned char* pixel(std::size_t x, std::size_t y) const noexcept { return pixels_.data() + 3 * (y * width_ + x); }

    [[nodiscard]] friend bool operator==(const rgb_image&, const rgb_image&) = default;

private:
    [[nodiscard]] static std::size_t checked_size(std::size_t width, std::size_t height) {
        constexpr auto most = std::numeric_limits<std::size_t>::max() / 8;
        if (height != 0 && width > most / height)
            throw error{"a picture of " + std::to_string(width) + " x " + std::to_string(height) + " pixels is too large"};
        return 3 * width * height;
    }

    std::size_t width_ = 0, height_ = 0;
    byte_vector pixels_;
};

} // namespace verdant::io
