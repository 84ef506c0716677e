#pragma once

#include <verdant/nn/prelude.hpp>

#include <concepts>
#include <cstdint>
#include <future>
#include <type_traits>
#include <utility>

namespace verdant::nn {

/// A source of batches that prepares the next one in another thread while the last is trained on. Batches and errors are those of the source.
/// @tparam Source `s.size()` batches an epoch, `s(epoch, i)` gives the i-th: of images with texts (batch_source) or with labels
/// (supernet::image_source)
template <class Source>
    requires requires(const Source& s, std::int64_t epoch, std::int64_t i) {
        { s.size() } -> std::convertible_to<std::int64_t>;
        s(epoch, i);
    }
class prefetched {
    using batch = std::invoke_result_t<const Source&, std::int64_t, std::int64_t>;

public:
    explicit prefetched(Source source) : source_{std::move(source)} {}
    prefetched(const prefetched&) = delete;
    prefetched& operator=(const prefetched&) = delete;
    ~prefetched() = default;

    [[nodiscard]] std::int64_t size() const { return source_.size(); }

    [[nodiscard]] batch operator()(std::int64_t epoch, std::int64_t i) const {
        const place asked{epoch, i};
        if (next_.valid() && coming_ != asked) next_.wait(); // the source is asked by one thread at a time
        auto now = next_.valid() && coming_ == asked ? next_.get() : source_(epoch, i);
        coming_ = i + 1 < size() ? place{epoch, i + 1} : place{epoch + 1, 0};
        next_ = std::async(std::launch::async, [this, from = coming_] { return source_(from.first, from.second); });
        return now;
    }

private:
    using place = std::pair<std::int64_t, std::int64_t>; ///< epoch and batch

    Source source_;
    mutable place coming_{-1, -1};
    mutable std::future<batch> next_;
};

} // namespace verdant::nn
