// The images that moofa trains and judges with.
#pragma once

#include "../terminal/data_digest.hpp"
#include "../terminal/device.hpp"
#include "job.hpp"

#include <verdant/data/images/cifar10.hpp>
#include <verdant/data/images/image_folder.hpp>
#include <verdant/data/images/image_set.hpp>
#include <verdant/data/images/mnist_images.hpp>
#include <verdant/error.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/nn/batches/elastic_batches.hpp>
#include <verdant/nn/batches/held_out.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/batches/prefetched.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/supernet/judge.hpp>

#include <ATen/Context.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace moofa {

using any_subset = nn::image_subset<nn::any_image_set>;

/// Images to train with, to validate with while training, and to test with at the end.
struct image_sets {
    any_subset train, validation;
    nn::any_image_set test;
    std::int64_t classes;
    terminal::data_digest digest;
};

/// @param digest of all, whatever is held out and tested
inline image_sets held_out(nn::any_image_set train, nn::any_image_set test, terminal::data_digest digest, const job& j) {
    const auto classes = static_cast<std::int64_t>(train.classes());
    if (j.o.images > 0 && static_cast<std::size_t>(j.o.images) < test.size()) {
        std::vector<std::int64_t> first(static_cast<std::size_t>(j.o.images));
        std::iota(first.begin(), first.end(), 0);
        test = nn::any_image_set{any_subset{std::move(test), std::move(first)}};
    }
    auto parts = nn::hold_out(std::move(train), static_cast<std::size_t>(j.c.args.held_out));
    return {std::move(parts.train), std::move(parts.validation), std::move(test), classes, std::move(digest)};
}

/// The folder of `--data` or `args.data_path`, else Debian's of Fashion-MNIST; empty where there is none.
inline std::string data_folder(const job& j) {
    if (!j.o.data.empty()) return j.o.data;
    if (!j.c.args.data_path.empty() || j.c.args.dataset != "fashion-mnist") return j.c.args.data_path;
    return std::string{vd::io::fashion_mnist_folder};
}

/// The data set of the configuration.
inline image_sets open_images(const job& j) {
    const auto& a = j.c.args;
    const auto folder = data_folder(j);
    if (folder.empty()) throw vd::input_error{j.c.source, "args.data_path", "the folder of the data set, there or as --data", "nothing"};
    const auto of_arrays = [&j](const nn::any_image_set& train, const nn::any_image_set& test) {
        return held_out(train, test, terminal::digest_of_images(train, test), j);
    };
    if (a.dataset == "cifar10") return of_arrays(vd::io::cifar10::train(folder), vd::io::cifar10::test(folder));
    if (a.dataset == "fashion-mnist") return of_arrays(vd::io::mnist_images::train(folder), vd::io::mnist_images::test(folder));
    auto both = a.dataset == "imagenette" ? vd::io::open_image_folders(folder, vd::io::imagenette_labels, vd::io::imagenet_classes)
                                          : vd::io::open_image_folders(folder);
    for (const auto* set : {&both.train, &both.validation})
        if (const auto& odd = set->passed_over(); odd.count > 0)
            std::cerr << "passed over " << odd.count << " files in " << set->folder() << "; the first: " << odd.first << std::endl;
    auto digest = terminal::digest_of_images(both.train, both.validation);
    return held_out(std::move(both.train), std::move(both.validation), std::move(digest), j);
}

inline vd::io::augmentation augmentation_of(const training_settings& a) {
    vd::io::augmentation how;
    how.crop.smallest = a.smallest_crop;
    how.colours = vd::io::colours_named(a.colours);
    return how;
}

/// Training batches on the device, with what dropout draws from set anew for each of them, so that a step does not depend on those before it. A
/// teacher's dropout draws from LibTorch's global generators.
class training_batches {
public:
    using source = nn::elastic_batches<any_subset>;

    training_batches(const image_sets& images, std::vector<int> sizes, const job& j, const processes& all)
        : files_{source{images.train,
                        {.batch = j.c.args.batch,
                         .sizes = std::move(sizes),
                         .choice = j.o.continuous ? nn::side_choice::multiples_of_4 : nn::side_choice::listed,
                         .augmentation = augmentation_of(j.c.args),
                         .seed = j.seed(),
                         .threads = j.threads()},
                        {all.rank(), all.size()}},
                 j.o.threads == 1 ? nn::looking_ahead::not_at_all : nn::looking_ahead::in_another_thread},
          device_{terminal::device_of(j.o.device)},
          stream_{device_.is_cpu() ? nn::generator(0) : at::globalContext().defaultGenerator(device_).clone()},
          seed_{vd::splitmix64(j.seed() + static_cast<std::uint64_t>(all.rank()))} {}

    [[nodiscard]] std::int64_t size() const { return files_.size(); }
    [[nodiscard]] nn::labelled_images operator()(std::int64_t epoch, std::int64_t i) const {
        const auto seed = vd::splitmix64(seed_ + static_cast<std::uint64_t>(epoch * size() + i));
        stream_.set_current_seed(seed);
        nn::seed_globally(vd::splitmix64(seed));
        const auto b = files_(epoch, i);
        return {b.images.to(device_), b.labels.to(device_)};
    }
    [[nodiscard]] nn::training mode() const { return {stream_}; }

private:
    nn::prefetched<source> files_;
    at::Device device_;
    mutable at::Generator stream_;
    std::uint64_t seed_;
};

/// Batches of one of the sets by the size of their images, as networks are judged with them. See `supernet::batches_by_size`.
struct evaluated {
    nn::any_image_set images;
    std::int64_t batch;
    unsigned threads;
    auto operator()(int size) const { return nn::evaluation_batches(images, size, batch, vd::io::imagenet_statistics, threads); }
};
/// The same of the training images with which norms are calibrated.
struct calibrating {
    any_subset images;
    vd::io::augmentation augmentation;
    std::int64_t count;
    unsigned threads;
    auto operator()(int size) const { return nn::recalibration_batches(images, size, augmentation, count, 200, threads); }
};

/// All that networks are judged with.
struct judging_batches {
    supernet::batches_by_size<calibrating> calibration;
    supernet::batches_by_size<evaluated> validation; ///< images held out of training; the test images where none are
    supernet::batches_by_size<evaluated> test;

    judging_batches(const image_sets& images, const job& j)
        : calibration{calibrating{images.train, augmentation_of(j.c.args), j.o.calibration, j.threads()}, terminal::device_of(j.o.device)},
          validation{evaluated{images.validation.size() == 0 ? images.test : nn::any_image_set{images.validation}, j.c.args.test_batch, j.threads()},
                     terminal::device_of(j.o.device)},
          test{evaluated{images.test, j.c.args.test_batch, j.threads()}, terminal::device_of(j.o.device)} {}
};

} // namespace moofa
