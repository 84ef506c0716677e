#pragma once

#include <verdant/data/images/fashion_mnist.hpp>
#include <verdant/error.hpp>
#include <verdant/image/image.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace verdant::io {

/// MNIST, Fashion-MNIST or a set of the same layout as a labelled set of images (nn::image_set): grey becomes RGB, and a black border is added.
/// Copies share the images, which stay grey in memory.
class mnist_images {
public:
    /// @param border pixels on each side: 2 make 32 x 32 of 28 x 28
    /// @throws input_error where images and labels do not fit together, or a label is not below `classes`
    explicit mnist_images(labelled_images all, std::size_t border = 2, std::size_t classes = 10)
        : all_{std::make_shared<const labelled_images>(std::move(all))}, border_{border}, classes_{classes} {
        verdant::io::detail::check_labelled_images(*all_, classes, "images", "labels");
    }

    /// One half of such a set in a folder. @param split `train` or `t10k` @throws file_error, input_error, see `read_mnist`
    [[nodiscard]] static mnist_images open(const std::string& folder, const std::string& split, std::size_t border = 2, std::size_t classes = 10) {
        return mnist_images{read_mnist(folder, split, classes), border, classes};
    }
    /// The training half of Fashion-MNIST, from Debian's package dataset-fashion-mnist or another folder.
    [[nodiscard]] static mnist_images train(const std::string& folder = std::string{fashion_mnist_folder}) { return open(folder, "train"); }
    /// The test half.
    [[nodiscard]] static mnist_images test(const std::string& folder = std::string{fashion_mnist_folder}) { return open(folder, "t10k"); }

    [[nodiscard]] std::size_t size() const { return all_->labels.content().size(); }
    [[nodiscard]] std::size_t classes() const { return classes_; }
    [[nodiscard]] std::int64_t label(std::size_t i) const { return all_->labels.content()[i]; }
    [[nodiscard]] rgb_image image(std::size_t i) const {
        const auto& shape = all_->images.shape();
        const auto height = static_cast<std::size_t>(shape[1]), width = static_cast<std::size_t>(shape[2]);
        const auto* grey = all_->images.content().data() + i * height * width;
        rgb_image out{width + 2 * border_, height + 2 * border_};
        for (std::size_t y = 0; y < height; ++y) {
            auto* to = out.pixel(border_, y + border_);
            for (std::size_t x = 0; x < width; ++x, to += 3) std::fill_n(to, 3, *grey++);
        }
        return out;
    }

private:
    std::shared_ptr<const labelled_images> all_;
    std::size_t border_, classes_;
};

} // namespace verdant::io
