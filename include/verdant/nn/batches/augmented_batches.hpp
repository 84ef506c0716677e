#pragma once

#include <verdant/data/images/image_set.hpp>
#include <verdant/data/sampling/damaged_samples.hpp>
#include <verdant/data/sampling/sampler.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/image/image.hpp>
#include <verdant/io/file/passed_over.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/batches/load_images.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/parallel/thread_pool.hpp>
#include <verdant/random/stream.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

/// Batches of training images whose size follows from the epoch.
namespace verdant::nn {

/// How a training image is changed: (image, draws, side) -> 3 x side x side numbers, channel by channel.
template <class A>
concept image_augmentation = requires(const A& a, const io::rgb_image& image, random_stream& draws, std::size_t side) {
    { a(image, draws, side) } -> std::convertible_to<std::vector<float>>;
};

/// Crops, mirror images and colours, see io::augmented.
struct plain_augmentation {
    io::augmentation how{};

    [[nodiscard]] std::vector<float> operator()(const io::rgb_image& image, random_stream& draws, std::size_t side) const {
        return io::augmented(image, draws, side, how);
    }
};

/// One side for all epochs.
struct fixed_side {
    std::int64_t side = 224;
    [[nodiscard]] std::int64_t operator()(std::int64_t) const noexcept { return side; }
};

/// How training images are served.
struct augmented_batch_options {
    std::int64_t batch = 128;
    std::uint64_t seed = 0;     ///< of order and augmentation
    unsigned threads = 0;       ///< that decode and augment, 0 for one a processor
    double damaged_share = 0.1; ///< of all images that may turn out damaged, rounded up; other ones take their places (see damaged_samples). 0: none
};

/// A source of training batches: images in a new order every epoch, augmented. What happens to an image in an epoch follows from (seed, epoch, image)
/// alone, so the number of threads does not matter.
/// @tparam Augment how images are changed @tparam Side (epoch) -> side of the images in pixels, such as progressive_resolution
template <image_set Set, image_augmentation Augment = plain_augmentation, std::invocable<std::int64_t> Side = fixed_side>
class augmented_batches {
public:
    /// @throws input_error if the images do not fill a batch, or for options out of range
    augmented_batches(Set set, Augment augment, Side side, const augmented_batch_options& options = {})
        : set_{std::move(set)}, augment_{std::move(augment)}, side_{std::move(side)}, seed_{options.seed},
          sampler_{static_cast<std::int64_t>(set_.size()), options.batch, options.seed}, pool_{std::make_unique<thread_pool>(options.threads)},
          damaged_{std::make_unique<damaged_samples>(static_cast<std::size_t>(set_.size()), options.damaged_share)} {}

    /// Batches an epoch; images that do not fill one are left out.
    [[nodiscard]] std::int64_t size() const { return sampler_.size(); }

    /// @throws what the set throws, or input_error, if more images cannot be read than options.damaged_share allows
    [[nodiscard]] labelled_images operator()(std::int64_t epoch, std::int64_t i) const {
        const auto side = side_(epoch);
        // Another stream than that of the order, which has the seed itself.
        const auto of_epoch = splitmix64(splitmix64(seed_) + static_cast<std::uint64_t>(epoch));
        return load_images(
            set_, sampler_(epoch, i), static_cast<int>(side), *pool_,
            [&](std::int64_t row, const io::rgb_image& image) {
                auto draws = random_stream::derive(of_epoch, static_cast<std::uint64_t>(row));
                return augment_(image, draws, static_cast<std::size_t>(side));
            },
            damaged_.get());
    }

    /// Images that could not be read so far.
    [[nodiscard]] io::passed_over passed_over() const { return damaged_->counted(); }

private:
    Set set_;
    Augment augment_;
    Side side_;
    std::uint64_t seed_;
    distributed_sampler sampler_;
    std::unique_ptr<thread_pool> pool_;
    std::unique_ptr<damaged_samples> damaged_;
};

} // namespace verdant::nn
