// The images that examples/moofa.cpp trains and judges with.
#pragma once

#include "job.hpp"

#include <verdant/error.hpp>
#include <verdant/io/augmentation.hpp>
#include <verdant/io/cifar10.hpp>
#include <verdant/io/image_folder.hpp>
#include <verdant/io/mnist_images.hpp>
#include <verdant/nn/device.hpp>
#include <verdant/nn/elastic_batches.hpp>
#include <verdant/nn/held_out.hpp>
#include <verdant/nn/image_batches.hpp>
#include <verdant/nn/image_set.hpp>
#include <verdant/nn/labelled_images.hpp>
#include <verdant/nn/prefetched.hpp>
#include <verdant/nn/runtime.hpp>
#include <verdant/random.hpp>

#include <ATen/Context.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
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
};

inline image_sets held_out(nn::any_image_set train, nn::any_image_set test, const job& j) {
    const auto classes = static_cast<std::int64_t>(train.classes());
    if (j.o.images > 0 && static_cast<std::size_t>(j.o.images) < test.size()) {
        std::vector<std::int64_t> first(static_cast<std::size_t>(j.o.images));
        std::iota(first.begin(), first.end(), 0);
        test = nn::any_image_set{any_subset{std::move(test), std::move(first)}};
    }
    auto parts = nn::hold_out(std::move(train), static_cast<std::size_t>(j.c.args.held_out));
    return {std::move(parts.train), std::move(parts.validation), std::move(test), classes};
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
    if (a.dataset == "cifar10") return held_out(vd::io::cifar10::train(folder), vd::io::cifar10::test(folder), j);
    if (a.dataset == "fashion-mnist") return held_out(vd::io::mnist_images::train(folder), vd::io::mnist_images::test(folder), j);
    auto both = a.dataset == "imagenette" ? vd::io::open_image_folders(folder, vd::io::imagenette_labels, vd::io::imagenet_classes)
                                          : vd::io::open_image_folders(folder);
    return held_out(std::move(both.train), std::move(both.validation), j);
}

inline at::Device device_of(const options& o) {
    if (o.device == "cpu") return at::kCPU;
    return nn::cuda<>::device();
}

inline vd::io::augmentation augmentation_of(const supernet::moofa_settings& a) {
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
                         .continuous = j.o.continuous,
                         .augmentation = augmentation_of(j.c.args),
                         .seed = j.seed(),
                         .threads = j.threads()},
                        {all.rank(), all.size()}}},
          device_{device_of(j.o)}, stream_{device_.is_cpu() ? nn::generator(0) : at::globalContext().defaultGenerator(device_).clone()},
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

/// Batches to judge and to calibrate networks with, at any size. What is small enough stays in memory, since many networks see it.
class judging_batches {
public:
    judging_batches(const image_sets& images, const job& j)
        : images_{&images}, augmentation_{augmentation_of(j.c.args)}, device_{device_of(j.o)}, batch_{j.c.args.test_batch},
          calibration_images_{j.o.calibration}, threads_{j.threads()} {}

    /// Calls `f(range of labelled images)`.
    template <class F>
    auto calibration(int size, const F& f) const {
        return kept(calibration_, size, nn::recalibration_batches(images_->train, size, augmentation_, calibration_images_, 200, threads_), f);
    }
    /// Of the images held out of training; the test images where none are.
    template <class F>
    auto validation(int size, const F& f) const {
        if (images_->validation.size() == 0) return test(size, f);
        return kept(validation_, size, nn::evaluation_batches(images_->validation, size, batch_, vd::io::imagenet_statistics, threads_), f);
    }
    template <class F>
    auto test(int size, const F& f) const {
        return kept(test_, size, nn::evaluation_batches(images_->test, size, batch_, vd::io::imagenet_statistics, threads_), f);
    }

private:
    using held = std::map<int, std::vector<nn::labelled_images>>;

    template <class Batches, class F>
    auto kept(held& cache, int size, const Batches& batches, const F& f) const {
        auto at = cache.find(size);
        // Bytes of all batches if they are as large as this one may be.
        const auto bytes = batches.size() * std::max<std::int64_t>(batch_, 200) * 12 * size * size;
        if (at == cache.end() && bytes <= (std::int64_t{1} << 29)) {
            at = cache.emplace(size, batches.loaded()).first;
            for (auto& b : at->second) b = {b.images.to(device_), b.labels.to(device_)};
        }
        if (at != cache.end()) return f(at->second);
        return f(moved<Batches>{batches, device_});
    }

    /// Batches that come from files each time.
    template <class Batches>
    struct moved {
        const Batches& from;
        at::Device device;
        struct iterator {
            typename Batches::iterator at;
            at::Device device;
            nn::labelled_images operator*() const { return {at->images.to(device), at->labels.to(device)}; }
            iterator& operator++() {
                ++at;
                return *this;
            }
            bool operator==(std::default_sentinel_t end) const { return at == end; }
        };
        iterator begin() const { return {from.begin(), device}; }
        static std::default_sentinel_t end() { return {}; }
    };

    const image_sets* images_;
    vd::io::augmentation augmentation_;
    at::Device device_;
    std::int64_t batch_, calibration_images_;
    unsigned threads_;
    mutable held calibration_, validation_, test_;
};

} // namespace moofa
