#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/parallel/thread_pool.hpp>

#include <ATen/Parallel.h>
#include <ATen/ThreadLocalState.h>
#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <dlfcn.h>
#include <exception>
#include <memory>
#include <vector>

/// Threads that share out the parts of a training step or of an evaluation.
namespace verdant::nn {

namespace detail {

/// Sets how many threads the operators use that the calling thread runs. at::set_num_threads would tell all threads that come after, and make
/// LibTorch start another pool of threads, which takes milliseconds.
inline void set_threads_here(int threads) {
    static auto* const of_openmp = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
    static auto* const of_mkl = reinterpret_cast<int (*)(int)>(dlsym(RTLD_DEFAULT, "MKL_Set_Num_Threads_Local"));
    if (at::get_num_threads() == threads) return; // which sets LibTorch's number first where the thread is new
    if (of_openmp != nullptr) of_openmp(threads);
    if (of_mkl != nullptr) of_mkl(threads);
    if (at::get_num_threads() != threads) at::set_num_threads(threads);
}

/// The threads of the calling thread's teams, which sleep between them. @param threads the calling one among them
[[nodiscard]] inline verdant::thread_pool& kept_pool(unsigned threads) {
    thread_local std::unique_ptr<verdant::thread_pool> pool;
    if (!pool || pool->threads() != threads) pool = std::make_unique<verdant::thread_pool>(threads);
    return *pool;
}

/// Runs `part(what, 0)` .. `part(what, n - 1)` on the threads of a team's pool, with the calling thread's state of LibTorch.
/// @param working set meanwhile @throws what the first of the parts that fail throws
template <class = instantiated_when_used>
void run_parts(verdant::thread_pool& pool, bool& working, std::int64_t n, void (*part)(const void* what, std::int64_t i), const void* what) {
    std::vector<std::exception_ptr> failures(static_cast<std::size_t>(n));
    const at::ThreadLocalState state;
    working = true;
    pool(failures.size(), [&](std::size_t i) {
        try {
            const at::ThreadLocalStateGuard guard{state};
            set_threads_here(1);
            part(what, static_cast<std::int64_t>(i));
        } catch (...) { failures[i] = std::current_exception(); }
    });
    working = false;
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
}
VERDANT_DEFINED_ONCE(void run_parts<>(verdant::thread_pool&, bool&, std::int64_t, void (*)(const void*, std::int64_t), const void*));

/// A part of any type, as `run_parts` calls it.
template <class Part>
void run_part(const void* part, std::int64_t i) {
    (*static_cast<const Part*>(part))(i);
}

} // namespace detail

/// As many threads as LibTorch may use here (`set_threads`), each of which runs operators and products of matrices alone, while the object lives.
/// Pools of OpenMP and of a BLAS wait for each other on small operators; whole parts of a batch wait for nothing. Since an operator never runs on
/// several threads, it gives the same bits for any number of them, and so does what shares its work out in parts whose number does not depend on that
/// of the threads, and adds up in their order. A team within another joins it; within a part there is no other thread.
class thread_team {
public:
    thread_team() : leader_{current() != nullptr ? current() : this} {
        if (leader_ != this) return;
        before_ = at::get_num_threads();
        if (before_ > 1) {
            pool_ = &detail::kept_pool(static_cast<unsigned>(before_));
            detail::set_threads_here(1);
        }
        current() = this;
    }
    thread_team(const thread_team&) = delete;
    thread_team& operator=(const thread_team&) = delete;
    ~thread_team() {
        if (leader_ != this) return;
        current() = nullptr;
        if (before_ > 1) detail::set_threads_here(before_);
    }

    [[nodiscard]] std::size_t threads() const noexcept { return leader_->pool_ != nullptr ? leader_->pool_->threads() : 1; }

    /// Runs `part(0)` .. `part(n - 1)`, each once, begun in this order, and returns when all are done. They see the thread-local state of LibTorch,
    /// such as whether there are gradients, but for a precision's scope. @throws what the first of the parts that fail throws
    template <std::invocable<std::int64_t> Part>
    void operator()(std::int64_t n, const Part& part) const {
        if (leader_->pool_ == nullptr || leader_->working_ || n < 2) {
            for (std::int64_t i = 0; i < n; ++i) part(i);
            return;
        }
        detail::run_parts(*leader_->pool_, leader_->working_, n, &detail::run_part<Part>, &part);
    }

    /// Runs `part(0)` .. `part(n - 1)` by the team that the calling thread has formed. Where it has formed none, or the work is that of a graphics
    /// card, which has its own parallelism, this thread runs them in order.
    template <std::invocable<std::size_t> Part>
    static void share(std::size_t n, at::Device where, const Part& part) {
        if (current() != nullptr && where.is_cpu())
            return (*current())(static_cast<std::int64_t>(n), [&part](std::int64_t i) { part(static_cast<std::size_t>(i)); });
        for (std::size_t i = 0; i < n; ++i) part(i);
    }

private:
    /// The team that the calling thread has formed.
    [[nodiscard]] static thread_team*& current() {
        thread_local thread_team* team = nullptr;
        return team;
    }

    thread_team* leader_;
    int before_ = 1;
    verdant::thread_pool* pool_ = nullptr;
    detail::blas_alone blas_{};
    bool working_ = false;
};

/// In how many parts a batch of n samples is computed on a processor. It depends on nothing else, so that sums of gradients are the same for any
/// number of threads: eight, fewer for fewer samples, and more where a part had more than 32.
[[nodiscard]] constexpr std::int64_t shards_of(std::int64_t n) noexcept { return std::max(std::min<std::int64_t>(n, 8), (n + 31) / 32); }

/// `f(rows)` of each shard of a tensor's rows, without gradients, and all outcomes below each other. A graphics card takes the whole.
template <std::invocable<const at::Tensor&> F>
[[nodiscard]] at::Tensor computed_in_shards(const at::Tensor& rows, const F& f) {
    const c10::AutoGradMode off{false};
    const auto n = rows.size(0), count = shards_of(n);
    if (!rows.device().is_cpu() || count < 2) return f(rows);
    std::vector<at::Tensor> parts(static_cast<std::size_t>(count));
    const thread_team team;
    team(count, [&](std::int64_t i) { parts[static_cast<std::size_t>(i)] = f(rows.slice(0, n * i / count, n * (i + 1) / count)); });
    return at::cat(parts);
}

} // namespace verdant::nn
