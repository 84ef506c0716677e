// The images that networks are trained on and judged with.
#pragma once

#include "../../terminal/data_digest.hpp"

#include <verdant/data/images/cifar10.hpp>
#include <verdant/data/images/fashion_mnist.hpp>
#include <verdant/data/images/image_folder.hpp>
#include <verdant/data/images/image_set.hpp>
#include <verdant/data/images/mnist_images.hpp>
#include <verdant/error.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/random/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace anb {

/// Both halves of a data set, as much of them as is wanted.
struct image_halves {
    verdant::nn::image_subset<verdant::nn::any_image_set> train, test;
    verdant::io::channel_statistics statistics = verdant::io::imagenet_statistics;
    terminal::data_digest digest; ///< of the whole data set
};

namespace detail {

/// Some pictures of a set, the same ones each time: not the first ones, which in folders are of one class.
inline verdant::nn::image_subset<verdant::nn::any_image_set> some_of(verdant::nn::any_image_set set, std::size_t count) {
    std::vector<std::int64_t> rows(set.size());
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    verdant::random_stream{1}.shuffle(std::span{rows});
    if (count > 0 && count < rows.size()) rows.resize(count);
    return {std::move(set), std::move(rows)};
}

inline bool there(const std::string& folder, const char* file) { return std::filesystem::exists(std::filesystem::path{folder} / file); }

} // namespace detail

/// The data set of an option: `fashion_mnist`, `cifar10` (its binary files in ./cifar-10-batches-bin), or a folder of either's files, or one with the folders
/// `train` and `val`, which have a folder of pictures for each class.
/// @param images, test pictures of each half at most; 0: all
inline image_halves open_images(const std::string& data, std::size_t images, std::size_t test) {
    namespace vd = verdant;
    const auto folder = data == "fashion_mnist" ? std::string{vd::io::fashion_mnist_folder}
                        : data == "cifar10"     ? std::string{"cifar-10-batches-bin"}
                                                : data;
    const auto halves = [&]<class Set>(Set train, Set judged, const vd::io::channel_statistics& statistics) {
        auto digest = terminal::digest_of_images(train, judged);
        return image_halves{detail::some_of(std::move(train), images), detail::some_of(std::move(judged), test), statistics, std::move(digest)};
    };
    const auto arrays = [&](vd::nn::any_image_set train, vd::nn::any_image_set judged, const vd::io::channel_statistics& statistics) {
        return halves(std::move(train), std::move(judged), statistics);
    };
    if (detail::there(folder, "train-labels-idx1-ubyte") || detail::there(folder, "train-labels-idx1-ubyte.gz"))
        return arrays(vd::io::mnist_images::train(folder), vd::io::mnist_images::test(folder), {{0.286F, 0.286F, 0.286F}, {0.353F, 0.353F, 0.353F}});
    if (detail::there(folder, "test_batch.bin"))
        return arrays(vd::io::cifar10::train(folder), vd::io::cifar10::test(folder), {{0.4914F, 0.4822F, 0.4465F}, {0.247F, 0.2435F, 0.2616F}});
    if (!detail::there(folder, "train") || !detail::there(folder, "val"))
        throw vd::input_error{"--data", folder,
                              "files of Fashion-MNIST (Debian: dataset-fashion-mnist) or CIFAR-10, or folders train and val of pictures",
                              "none of them"};
    auto both = vd::io::open_image_folders(folder);
    for (const auto* set : {&both.train, &both.validation})
        if (const auto& odd = set->passed_over(); odd.count > 0)
            std::fprintf(stderr, "anb: passed over %zu file%s in %s; the first: %s\n", static_cast<std::size_t>(odd.count), odd.count == 1 ? "" : "s",
                         set->folder().c_str(), odd.first.c_str());
    return halves(std::move(both.train), std::move(both.validation), vd::io::imagenet_statistics);
}

} // namespace anb
