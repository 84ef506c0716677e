#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

/// Immutable bytes with several owners.
namespace verdant::io {

/// What files hold.
using byte_vector = std::vector<unsigned char>;

/// Bytes that nobody changes, shared by all copies: a buffer, or a part of one, that lives as long as any of them. Copying and slicing take
/// constant time and memory. Several threads may read and copy at once.
class shared_bytes {
public:
    /// Where new buffers begin: LibTorch aligns its tensors so, and kernels whose order of summation depends on the alignment of their arguments
    /// then give the same result on shared and on copied weights.
    static constexpr std::size_t alignment = 64;

    shared_bytes() = default;

    /// Takes over a vector; its bytes are not copied.
    // NOLINTNEXTLINE(google-explicit-constructor): where bytes are taken, a vector of them is
    shared_bytes(byte_vector content) {
        if (content.empty()) return;
        const auto owner = std::make_shared<byte_vector>(std::move(content));
        view_ = *owner;
        owner_ = owner;
        writable_ = true;
    }
    shared_bytes(std::initializer_list<unsigned char> content) : shared_bytes{byte_vector{content}} {}

    /// Bytes that `owner` keeps in place and unchanged for as long as it lives, such as those of a mapped file.
    shared_bytes(std::shared_ptr<const void> owner, std::span<const unsigned char> view) : owner_{std::move(owner)}, view_{view} {}

    /// A new buffer, aligned to `alignment`, that `fill` has written; a reader writes what it reads straight into it.
    /// @param fill called once with the whole buffer, of which it writes every byte; what it throws passes through
    template <std::invocable<std::span<unsigned char>> Fill>
    [[nodiscard]] static shared_bytes filled_by(std::size_t size, Fill&& fill) {
        shared_bytes out;
        if (size == 0) return out;
        const std::shared_ptr<unsigned char> buffer{static_cast<unsigned char*>(::operator new(size, std::align_val_t{alignment})), release_buffer{}};
        std::forward<Fill>(fill)(std::span{buffer.get(), size});
        out.view_ = {buffer.get(), size};
        out.owner_ = buffer;
        out.writable_ = true;
        return out;
    }

    /// A copy in a buffer of its own.
    [[nodiscard]] static shared_bytes copy_of(std::span<const unsigned char> from) {
        return filled_by(from.size(), [from](std::span<unsigned char> to) { std::memcpy(to.data(), from.data(), to.size()); });
    }

    [[nodiscard]] std::span<const unsigned char> view() const noexcept { return view_; }
    [[nodiscard]] const unsigned char* data() const noexcept { return view_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return view_.size(); }
    [[nodiscard]] bool empty() const noexcept { return view_.empty(); }

    /// True if the first byte lies at a multiple of `multiple`.
    [[nodiscard]] bool is_aligned(std::size_t multiple) const noexcept { return reinterpret_cast<std::uintptr_t>(view_.data()) % multiple == 0; }

    /// `size` of these bytes from `offset` on, which keep the whole buffer alive. @pre they are there
    [[nodiscard]] shared_bytes slice(std::size_t offset, std::size_t size) const {
        auto out = *this;
        out.view_ = view_.subspan(offset, size);
        return out;
    }

    /// The bytes to write on, if they lie in a buffer of which nobody else holds a share and that begins as new ones do; then these are empty.
    /// Else nothing, and these stay: who wants to write has to copy. Bytes of a mapping are never given out.
    [[nodiscard]] std::shared_ptr<unsigned char> take_if_sole() && {
        if (!writable_ || owner_.use_count() != 1 || !is_aligned(alignment)) return nullptr;
        // What other threads have read from their shares, before they dropped them, comes before what the caller writes.
        std::atomic_thread_fence(std::memory_order_acquire);
        // The buffer was made without const by this class.
        const auto owner = std::const_pointer_cast<void>(std::exchange(owner_, nullptr));
        return {owner, const_cast<unsigned char*>(std::exchange(view_, {}).data())};
    }

    /// Equal bytes, wherever they lie.
    [[nodiscard]] friend bool operator==(const shared_bytes& a, const shared_bytes& b) noexcept {
        if (a.size() != b.size()) return false;
        return a.data() == b.data() || a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0;
    }

private:
    struct release_buffer {
        void operator()(unsigned char* buffer) const noexcept { ::operator delete(buffer, std::align_val_t{alignment}); }
    };

    std::shared_ptr<const void> owner_;
    std::span<const unsigned char> view_;
    bool writable_ = false; ///< whether the owner is a buffer of this class
};

} // namespace verdant::io
