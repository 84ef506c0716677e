#pragma once

#include <verdant/data/captions/caption_samples.hpp>
#include <verdant/data/sampling/damaged_samples.hpp>
#include <verdant/data/sampling/sampler.hpp>
#include <verdant/data/sampling/shard_sampler.hpp>
#include <verdant/error.hpp>
#include <verdant/image/colour_jitter.hpp>
#include <verdant/image/decode_image.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/image/random_crop.hpp>
#include <verdant/io/file/passed_over.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/batches/image_text_batch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/parallel/thread_pool.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/tokenizer/tokenizer.hpp>

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

/// Batches of pictures and captions.
namespace verdant::nn {

/// How pairs of pictures and captions are drawn and prepared.
struct caption_batch_options {
    std::int64_t batch = 64; ///< pairs of one process
    std::uint64_t seed = 0;
    io::preprocessing preprocessing{};
    io::random_crop crop{};
    io::colour_jitter colours{}; ///< none by default, as in OpenCLIP
    unsigned threads = 0; ///< that decode images, 0 for one a processor
    double damaged_share = 0.1; ///< of all samples that may turn out damaged, rounded up; other ones take their places (see damaged_samples). 0: none
    std::optional<shard_resampling> resampled{}; ///< an epoch of shards drawn with replacement; without it all samples, each once
};

namespace detail {

/// Loads samples by several threads: `write(i, image)` gives the 3 S S numbers of the i-th of them. The error of the first sample that fails is
/// thrown.
/// @param damaged what to do with samples that cannot be read; null: that is an error
template <class Write>
[[nodiscard]] nn::image_text_batch load_pairs(const io::caption_samples& samples, std::span<const std::int64_t> rows,
                                              const io::clip_tokenizer& tokenizer, std::size_t side, thread_pool& pool, const Write& write,
                                              nn::damaged_samples* damaged = nullptr) {
    const auto n = static_cast<std::int64_t>(rows.size()), s = static_cast<std::int64_t>(side),
               context = static_cast<std::int64_t>(tokenizer.context_length());
    nn::image_text_batch out{at::empty({n, 3, s, s}, at::kFloat), at::empty({n, context}, at::kLong)};
    auto* const images = out.images.data_ptr<float>();
    auto* const ids = out.ids.data_ptr<std::int64_t>();
    std::vector<std::exception_ptr> failures(rows.size());
    pool(rows.size(), [&](std::size_t i) {
        try {
            const auto load = [&](std::size_t row) {
                const std::vector<float> pixels = write(i, io::decode_image(samples.image(row), samples.name(row)));
                std::copy(pixels.begin(), pixels.end(), images + i * pixels.size());
                const auto tokens = tokenizer.row(samples.caption(row));
                std::copy(tokens.begin(), tokens.end(), ids + i * tokens.size());
            };
            const auto row = static_cast<std::size_t>(rows[i]);
            if (damaged == nullptr) load(row);
            else damaged->load(row, load);
        } catch (...) { failures[i] = std::current_exception(); }
    });
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
    return out;
}

} // namespace detail

/// A source of training batches from files: shuffled anew every epoch, images cropped and recoloured at random. What happens to a sample in an epoch
/// follows from (seed, epoch, sample) alone, or with shards drawn with replacement from its place in the epoch, so neither the number of threads nor
/// of processes matters.
class caption_batches {
public:
    /// @throws input_error if the samples do not fill a batch, for an invalid jitter or share, or if shards are to be drawn and there are none
    caption_batches(io::caption_samples samples, io::clip_tokenizer tokenizer, const caption_batch_options& options, process_share share = {})
        : samples_{std::move(samples)}, tokenizer_{std::move(tokenizer)}, options_{options},
          sampler_{options.resampled ? sampler{shard_sampler{samples_.shard_sizes(), *options.resampled, options.batch, options.seed, share}}
                                     : sampler{distributed_sampler{static_cast<std::int64_t>(samples_.size()), options.batch, options.seed, share}}},
          share_{share}, pool_{std::make_unique<thread_pool>(options.threads)},
          damaged_{std::make_unique<damaged_samples>(samples_.size(), options.damaged_share)} {
        io::check(options_.colours);
    }

    [[nodiscard]] std::int64_t size() const {
        return std::visit([](const auto& s) { return s.size(); }, sampler_);
    }

    /// @throws file_error, input_error if more images cannot be read than options.damaged_share allows
    [[nodiscard]] image_text_batch operator()(std::int64_t epoch, std::int64_t i) const {
        // Another stream than that of the order, which has the seed itself.
        const auto of_epoch = splitmix64(splitmix64(options_.seed) + static_cast<std::uint64_t>(epoch));
        const auto rows = std::visit([&](const auto& s) { return s(epoch, i); }, sampler_);
        // A sample that is drawn twice in an epoch is cropped twice.
        const bool by_place = std::holds_alternative<shard_sampler>(sampler_);
        const auto first = (i * share_.size + share_.rank) * options_.batch;
        return detail::load_pairs(
            samples_, rows, tokenizer_, options_.preprocessing.size, *pool_,
            [&](std::size_t k, const io::rgb_image& image) {
                auto draws = random_stream::derive(of_epoch, static_cast<std::uint64_t>(by_place ? first + static_cast<std::int64_t>(k) : rows[k]));
                return io::augment(image, draws, options_.preprocessing, options_.crop, options_.colours);
            },
            damaged_.get());
    }

    /// What this process has left out so far: what the samples were read without, and images that could not be read.
    [[nodiscard]] io::passed_over passed_over() const {
        auto all = samples_.passed_over();
        all.add(damaged_->counted());
        return all;
    }

private:
    using sampler = std::variant<distributed_sampler, shard_sampler>;

    io::caption_samples samples_;
    io::clip_tokenizer tokenizer_;
    caption_batch_options options_;
    sampler sampler_;
    process_share share_;
    std::unique_ptr<thread_pool> pool_;
    std::unique_ptr<damaged_samples> damaged_;
};

/// All samples in their order, preprocessed as for evaluation. @param threads that decode images, 0 for one a processor
/// @throws file_error, input_error
[[nodiscard]] inline image_text_batch load_captions(const io::caption_samples& samples, const io::clip_tokenizer& tokenizer,
                                                    const io::preprocessing& how = {}, unsigned threads = 0) {
    thread_pool pool{threads};
    std::vector<std::int64_t> rows(samples.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
    return detail::load_pairs(samples, rows, tokenizer, how.size, pool,
                              [&](std::size_t, const io::rgb_image& image) { return io::preprocess(image, how); });
}

} // namespace verdant::nn
