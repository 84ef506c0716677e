#pragma once

#include <verdant/nn/core/prelude.hpp>

#include <concepts>
#include <cstdint>
#include <future>
#include <type_traits>
#include <utility>

namespace verdant::nn {

/// Where a source of batches prepares the next one.
enum class looking_ahead : unsigned char {
    in_another_thread, ///< while the last one is trained on
    not_at_all,        ///< when it is asked for, so that one thread does it all
};

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
    explicit prefetched(Source source, looking_ahead how = looking_ahead::in_another_thread) : source_{std::move(source)}, how_{how} {}
    prefetched(const prefetched&) = delete;
    prefetched& operator=(const prefetched&) = delete;
    ~prefetched() = default;

    [[nodiscard]] std::int64_t size() const { return source_.size(); }
    /// What the batches come from; another thread may be asking it.
    [[nodiscard]] const Source& source() const noexcept { return source_; }

    [[nodiscard]] batch operator()(std::int64_t epoch, std::int64_t i) const {
        if (how_ == looking_ahead::not_at_all) return source_(epoch, i);
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
    looking_ahead how_;
    mutable place coming_{-1, -1};
    mutable std::future<batch> next_;
};

} // namespace verdant::nn
