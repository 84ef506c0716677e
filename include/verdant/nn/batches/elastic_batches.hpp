#pragma once

#include <verdant/data/images/image_set.hpp>
#include <verdant/data/sampling/damaged_samples.hpp>
#include <verdant/data/sampling/elastic_resolution.hpp>
#include <verdant/data/sampling/sampler.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/batches/load_images.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/parallel/thread_pool.hpp>
#include <verdant/random/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

/// Batches of images in sizes that change from batch to batch, for supernets.
namespace verdant::nn {

/// How a supernet's training images are served; the defaults are those of MOOFA's train.py.
struct elastic_batch_options {
    std::int64_t batch = 64;                ///< images of one process
    std::vector<int> sizes{128, 160, 192, 224}; ///< sides that batches have
    side_choice choice = side_choice::listed; ///< whether all multiples of 4 between them count, too
    io::augmentation augmentation{};
    std::uint64_t seed = 0; ///< of order and augmentation
    unsigned threads = 0;   ///< that decode and augment, 0 for one a processor
    double damaged_share = 0.1; ///< of all images that may turn out damaged, rounded up; other ones take their places (see damaged_samples). 0: none
};

/// A source of training batches (supernet::image_source): images in a new order every epoch, augmented, all of a batch of one size, which each batch
/// draws. What happens to an image in an epoch follows from (seed, epoch, image) alone, and the size from epoch and batch; so neither the number
/// of threads nor of processes matters, and training resumes at any step. Holds one batch in memory; `prefetched` prepares the next one meanwhile.
template <image_set Set>
class elastic_batches {
public:
    /// @throws input_error if the images do not fill a batch, or for options out of range
    explicit elastic_batches(Set set, elastic_batch_options options = {}, process_share share = {})
        : set_{std::move(set)}, options_{std::move(options)}, resolution_{options_.sizes, options_.choice},
          sampler_{static_cast<std::int64_t>(set_.size()), options_.batch, options_.seed, share},
          pool_{std::make_unique<thread_pool>(options_.threads)},
          damaged_{std::make_unique<damaged_samples>(static_cast<std::size_t>(set_.size()), options_.damaged_share)} {
        io::check(options_.augmentation);
    }

    /// Batches an epoch; images that do not fill one are left out.
    [[nodiscard]] std::int64_t size() const { return sampler_.size(); }

    /// @throws what the set throws, or input_error, if more images cannot be read than options.damaged_share allows
    [[nodiscard]] labelled_images operator()(std::int64_t epoch, std::int64_t i) const {
        const int side = resolution_(epoch, i);
        // Another stream than that of the order, which has the seed itself.
        const auto of_epoch = splitmix64(splitmix64(options_.seed) + static_cast<std::uint64_t>(epoch));
        return load_images(
            set_, sampler_(epoch, i), side, *pool_,
            [&](std::int64_t row, const io::rgb_image& image) {
                auto draws = random_stream::derive(of_epoch, static_cast<std::uint64_t>(row));
                return io::augmented(image, draws, static_cast<std::size_t>(side), options_.augmentation);
            },
            damaged_.get());
    }

    /// The side of the images of that batch.
    [[nodiscard]] int side(std::int64_t epoch, std::int64_t i) const { return resolution_(epoch, i); }
    [[nodiscard]] const Set& images() const { return set_; }
    /// Images that could not be read so far.
    [[nodiscard]] io::passed_over passed_over() const { return damaged_->counted(); }

private:
    Set set_;
    elastic_batch_options options_;
    elastic_resolution resolution_;
    distributed_sampler sampler_;
    std::unique_ptr<thread_pool> pool_;
    std::unique_ptr<damaged_samples> damaged_;
};

} // namespace verdant::nn
