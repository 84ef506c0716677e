#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/idx.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Fashion-MNIST as images and labels.
namespace verdant::io {

/// The classes of Fashion-MNIST in the order of their labels (Xiao, Rasul, Vollgraf, arXiv 1708.07747, table 2).
inline constexpr std::array<std::string_view, 10> fashion_mnist_classes{"t-shirt", "trouser", "pullover", "dress", "coat",
                                                                        "sandal",  "shirt",   "sneaker",  "bag",   "ankle boot"};

/// Where Debian's package dataset-fashion-mnist puts its files.
inline constexpr std::string_view fashion_mnist_folder = "/usr/share/datasets/fashion-mnist";

/// Grey images with labels.
struct labelled_images {
    tensor_data images; ///< bytes [N, height, width]
    tensor_data labels; ///< bytes [N]
};

namespace detail {

/// Throws input_error where images and labels are not bytes of three axes and of one, as many of the one as of the other, or a label is not below
/// `classes`.
template <class = instantiated_when_used>
void check_labelled_images(const labelled_images& all, std::size_t classes, const std::string& image_file, const std::string& label_file) {
    const auto &images = all.images, &labels = all.labels;
    if (images.type() != dtype::u8 || images.shape().size() != 3)
        throw input_error{image_file, "", "bytes of three axes", std::string{name_of(images.type())} + ' ' + shape_text(images.shape())};
    if (labels.type() != dtype::u8 || labels.shape().size() != 1 || labels.shape()[0] != images.shape()[0])
        throw input_error{label_file, "", "one byte for each of " + std::to_string(images.shape()[0]) + " images",
                          std::string{name_of(labels.type())} + ' ' + shape_text(labels.shape())};
    const auto values = labels.content();
    const auto most = std::max_element(values.begin(), values.end());
    if (most != values.end() && *most >= classes)
        throw input_error{label_file, "label " + std::to_string(most - values.begin()), "less than " + std::to_string(classes),
                          std::to_string(*most)};
}
VERDANT_DEFINED_ONCE(void check_labelled_images<>(const labelled_images&, std::size_t, const std::string&, const std::string&));

} // namespace detail

/// Reads one half of MNIST, Fashion-MNIST or a set of the same layout: `<split>-images-idx3-ubyte` and `<split>-labels-idx1-ubyte` in a folder, plain
/// or with the ending .gz.
/// @param split   `train` or `t10k`
/// @param classes labels are below this number
/// @throws file_error, input_error, also where images and labels do not fit together
template <class = instantiated_when_used>
[[nodiscard]] labelled_images read_mnist(const std::string& folder, const std::string& split, std::size_t classes = 10) {
    const auto find = [&](const std::string& name) {
        const auto plain = (std::filesystem::path{folder} / name).string();
        return std::filesystem::exists(plain) ? plain : plain + ".gz";
    };
    const auto image_file = find(split + "-images-idx3-ubyte"), label_file = find(split + "-labels-idx1-ubyte");
    labelled_images all{read_idx(image_file), read_idx(label_file)};
    verdant::io::detail::check_labelled_images(all, classes, image_file, label_file);
    return all;
}
VERDANT_DEFINED_ONCE(labelled_images read_mnist<>(const std::string&, const std::string&, std::size_t));

} // namespace verdant::io
