#pragma once

#include <verdant/data/images/image_set.hpp>
#include <verdant/error.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/image/image.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/batches/load_images.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/parallel/thread_pool.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Batches of labelled images, as networks are evaluated and trained with.
namespace verdant::nn {

/// Shows an image as it is judged, see io::centred.
struct centred_view {
    io::channel_statistics statistics = io::imagenet_statistics;

    [[nodiscard]] std::vector<float> operator()(std::int64_t, const io::rgb_image& image, int side) const {
        return io::centred(image, static_cast<std::size_t>(side), statistics);
    }
};

/// Shows an image as training does, the same way each time.
struct augmented_view {
    io::augmentation augmentation{};
    std::uint64_t seed = 0;

    [[nodiscard]] std::vector<float> operator()(std::int64_t row, const io::rgb_image& image, int side) const {
        auto draws = random_stream::derive(seed, static_cast<std::uint64_t>(row));
        return io::augmented(image, draws, static_cast<std::size_t>(side), augmentation);
    }
};

/// All images of a set in batches of one size, the last one perhaps smaller: a range that holds the batch in use and the next one, which is loaded
/// meanwhile. One iteration at a time.
/// @tparam View (row, image, side) -> 3 x side x side numbers
template <image_set Set, class View = centred_view>
class image_batches {
public:
    /// @param side of the images in pixels @param threads that decode, 0 for one a processor
    /// @throws input_error if side or batch is not positive
    image_batches(Set set, int side, std::int64_t batch, View view = {}, unsigned threads = 0)
        : set_{std::move(set)}, side_{side}, batch_{batch}, view_{std::move(view)}, pool_{std::make_unique<thread_pool>(threads)} {
        if (side < 1 || batch < 1)
            throw input_error{"batches of images", "side and batch", "positive numbers", std::to_string(side) + " and " + std::to_string(batch)};
    }

    /// Batches.
    [[nodiscard]] std::int64_t size() const { return (items() + batch_ - 1) / batch_; }
    /// Images in all batches.
    [[nodiscard]] std::int64_t images() const { return items(); }
    /// @throws what the set throws for an image that cannot be read
    [[nodiscard]] labelled_images operator[](std::int64_t i) const {
        std::vector<std::int64_t> rows;
        for (auto row = i * batch_; row < std::min((i + 1) * batch_, items()); ++row) rows.push_back(row);
        return load_images(set_, rows, side_, *pool_, [this](std::int64_t row, const io::rgb_image& image) { return view_(row, image, side_); });
    }

    class iterator {
    public:
        using value_type = labelled_images;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        explicit iterator(const image_batches& all) : all_{&all} { load(); }
        [[nodiscard]] const labelled_images& operator*() const { return now_; }
        [[nodiscard]] const labelled_images* operator->() const { return &now_; }
        iterator& operator++() {
            ++at_;
            load();
            return *this;
        }
        void operator++(int) { ++*this; }
        [[nodiscard]] friend bool operator==(const iterator& i, std::default_sentinel_t) { return i.at_ >= i.all_->size(); }

    private:
        void load() {
            if (*this == std::default_sentinel) return;
            now_ = next_.valid() ? next_.get() : (*all_)[at_];
            if (at_ + 1 < all_->size()) next_ = std::async(std::launch::async, [all = all_, i = at_ + 1] { return (*all)[i]; });
        }

        const image_batches* all_;
        std::int64_t at_ = 0;
        labelled_images now_;
        std::future<labelled_images> next_;
    };
    [[nodiscard]] iterator begin() const { return iterator{*this}; }
    [[nodiscard]] static std::default_sentinel_t end() { return {}; }

    /// All batches at once, for sets that fit in memory and are run through many times.
    [[nodiscard]] std::vector<labelled_images> loaded() const {
        std::vector<labelled_images> out;
        for (std::int64_t i = 0; i < size(); ++i) out.push_back((*this)[i]);
        return out;
    }

private:
    [[nodiscard]] std::int64_t items() const { return static_cast<std::int64_t>(set_.size()); }

    Set set_;
    int side_;
    std::int64_t batch_;
    View view_;
    std::unique_ptr<thread_pool> pool_;
};

/// What `evaluate` takes: the images of a set as they are judged. The published batches are of 256.
template <image_set Set>
[[nodiscard]] image_batches<Set> evaluation_batches(Set set, int side, std::int64_t batch = 256,
                                                    const io::channel_statistics& statistics = io::imagenet_statistics, unsigned threads = 0) {
    return {std::move(set), side, batch, centred_view{statistics}, threads};
}

/// What `recalibrate` takes: those of the training images that the originals recalibrate with, as training shows them (see `recalibration_subset`).
/// @param images at most so many, in batches of 200 as published
template <image_set Set>
[[nodiscard]] image_batches<image_subset<Set>, augmented_view> recalibration_batches(Set set, int side, const io::augmentation& augmentation = {},
                                                                                     std::int64_t images = recalibration_images, std::int64_t batch = 200,
                                                                                     unsigned threads = 0) {
    const auto chosen = recalibration_subset(static_cast<std::int64_t>(set.size()), images).contiguous();
    const auto* const first = chosen.template data_ptr<std::int64_t>();
    return {image_subset<Set>{std::move(set), {first, first + chosen.numel()}}, side, batch, augmented_view{augmentation, recalibration_seed}, threads};
}

} // namespace verdant::nn
