#pragma once

#include <verdant/io/augmentation.hpp>
#include <verdant/nn/elastic_resolution.hpp>
#include <verdant/nn/image_loading.hpp>
#include <verdant/nn/image_set.hpp>
#include <verdant/nn/labelled_images.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/nn/sampler.hpp>
#include <verdant/random.hpp>
#include <verdant/search/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace verdant::nn {

/// How a supernet's training images are served; the defaults are those of MOOFA (moofa.md, sections 6.1 and 6.3).
struct elastic_batch_options {
    std::int64_t batch = 64;                ///< images of one process
    std::vector<int> sizes{128, 160, 192, 224}; ///< sides that batches have
    bool continuous = false;                ///< see elastic_resolution
    io::augmentation augmentation{};
    std::uint64_t seed = 0; ///< of order and augmentation
    unsigned threads = 0;   ///< that decode and augment, 0 for one a processor
};

/// A source of training batches (supernet::image_source): images in a new order every epoch, augmented, all of a batch of one size, which each batch
/// draws. What happens to an image in an epoch follows from (seed, epoch, image) alone, and the size from epoch and batch; so neither the number
/// of threads nor of processes matters, and training resumes at any step. Holds one batch in memory; `prefetched` prepares the next one meanwhile.
template <image_set Set>
class elastic_batches {
public:
    /// @throws input_error if the images do not fill a batch, or for options out of range
    explicit elastic_batches(Set set, elastic_batch_options options = {}, process_share share = {})
        : set_{std::move(set)}, options_{std::move(options)}, resolution_{options_.sizes, options_.continuous},
          sampler_{static_cast<std::int64_t>(set_.size()), options_.batch, options_.seed, share},
          pool_{std::make_unique<thread_pool>(options_.threads)} {
        io::check(options_.augmentation);
    }

    /// Batches an epoch; images that do not fill one are left out.
    [[nodiscard]] std::int64_t size() const { return sampler_.size(); }

    /// @throws what the set throws for an image that cannot be read
    [[nodiscard]] labelled_images operator()(std::int64_t epoch, std::int64_t i) const {
        const int side = resolution_(epoch, i);
        // Another stream than that of the order, which has the seed itself.
        const auto of_epoch = splitmix64(splitmix64(options_.seed) + static_cast<std::uint64_t>(epoch));
        return load_images(set_, sampler_(epoch, i), side, *pool_, [&](std::int64_t row, const io::rgb_image& image) {
            auto draws = random_stream::derive(of_epoch, static_cast<std::uint64_t>(row));
            return io::augmented(image, draws, static_cast<std::size_t>(side), options_.augmentation);
        });
    }

    /// The side of the images of that batch.
    [[nodiscard]] int side(std::int64_t epoch, std::int64_t i) const { return resolution_(epoch, i); }
    [[nodiscard]] const Set& images() const { return set_; }

private:
    Set set_;
    elastic_batch_options options_;
    elastic_resolution resolution_;
    distributed_sampler sampler_;
    std::unique_ptr<thread_pool> pool_;
};

} // namespace verdant::nn
