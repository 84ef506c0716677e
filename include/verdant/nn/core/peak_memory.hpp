#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace verdant::nn {

namespace detail {

template <class Function>
struct total_of;
template <class Class, class Total>
struct total_of<void (Class::*)(void*, std::int64_t, Total, Total, c10::Device)> {
    using type = Total; ///< signed before LibTorch 2, unsigned since
};
using memory_total = total_of<decltype(&c10::MemoryReportingInfoBase::reportMemoryUsage)>::type;

/// What LibTorch's allocators tell of memory that is taken and given back.
class memory_account : public c10::MemoryReportingInfoBase {
public:
    void reportMemoryUsage(void*, std::int64_t bytes, memory_total, memory_total, c10::Device) override {
        const auto now = now_.fetch_add(bytes) + bytes;
        auto most = most_.load();
        while (now > most && !most_.compare_exchange_weak(most, now)) {}
    }
    [[nodiscard]] bool memoryProfilingEnabled() const override { return true; }
    [[nodiscard]] std::int64_t most() const noexcept { return most_; }

private:
    std::atomic<std::int64_t> now_{0}, most_{0};
};

} // namespace detail

/// Counts the bytes of tensors that are allocated while the object lives, on processors and graphics cards alike, by this thread and by those that
/// take over its thread-local state, as the threads of a `thread_team` and of autograd do. Libraries' own buffers are not seen. What was counted
/// before within another scope, such as LibTorch's profiler, is not told meanwhile.
class peak_memory {
public:
    peak_memory() = default;

    /// The most that were in use at once, beyond what there was before.
    [[nodiscard]] std::int64_t bytes() const noexcept { return account_->most(); }

private:
    std::shared_ptr<verdant::nn::detail::memory_account> account_ = std::make_shared<verdant::nn::detail::memory_account>();
    c10::DebugInfoGuard guard_{c10::DebugInfoKind::PROFILER_STATE, account_};
};

} // namespace verdant::nn
