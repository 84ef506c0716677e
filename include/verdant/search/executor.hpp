#pragma once

#include <atomic>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace verdant {

namespace detail {
struct executor_archetype_task {
    void operator()(std::size_t) const {}
};
} // namespace detail

/// Runs `task(0)` .. `task(n - 1)`, each once, in any order and on any threads, and returns when all are done. Tasks do not throw.
template <class X>
concept executor = requires(X& x, std::size_t n, const detail::executor_archetype_task& task) { x(n, task); };

/// All on the calling thread, in order.
struct serial_executor {
    template <std::invocable<std::size_t> Task>
    void operator()(std::size_t n, const Task& task) {
        for (std::size_t i = 0; i < n; ++i) task(i);
    }
};

/// A fixed number of threads, kept between calls; the calling thread is one of them.
class thread_pool {
public:
    /// @param threads 0 for one a processor
    explicit thread_pool(unsigned threads = 0) {
        if (threads == 0) threads = std::thread::hardware_concurrency();
        for (unsigned t = 1; t < threads; ++t) workers_.emplace_back(&thread_pool::work, this);
    }
    thread_pool(const thread_pool&) = delete;
    thread_pool& operator=(const thread_pool&) = delete;
    ~thread_pool() {
        {
            const std::scoped_lock lock{mutex_};
            stop_ = true;
        }
        wake_.notify_all();
        for (auto& w : workers_) w.join();
    }

    [[nodiscard]] std::size_t threads() const noexcept { return workers_.size() + 1; }

    template <std::invocable<std::size_t> Task>
    void operator()(std::size_t n, const Task& task) {
        if (n == 0) return;
        if (workers_.empty() || n == 1) return serial_executor{}(n, task);
        {
            const std::scoped_lock lock{mutex_};
            task_ = &task;
            call_ = [](const void* t, std::size_t i) { (*static_cast<const Task*>(t))(i); };
            size_ = n;
            next_ = 0;
            busy_ = workers_.size();
            ++round_;
        }
        wake_.notify_all();
        take_tasks();
        std::unique_lock lock{mutex_};
        done_.wait(lock, [this] { return busy_ == 0; });
    }

private:
    void take_tasks() {
        for (auto i = next_.fetch_add(1); i < size_; i = next_.fetch_add(1)) call_(task_, i);
    }
    void work() {
        for (std::size_t seen = 0;;) {
            {
                std::unique_lock lock{mutex_};
                wake_.wait(lock, [&] { return stop_ || round_ != seen; });
                if (stop_) return;
                seen = round_;
            }
            take_tasks();
            bool last = false;
            {
                const std::scoped_lock lock{mutex_};
                last = --busy_ == 0;
            }
            if (last) done_.notify_one();
        }
    }

    std::vector<std::thread> workers_;
    std::mutex mutex_;
    std::condition_variable wake_, done_;
    std::atomic<std::size_t> next_{0};
    const void* task_ = nullptr;
    void (*call_)(const void*, std::size_t) = nullptr;
    std::size_t size_ = 0, busy_ = 0, round_ = 0;
    bool stop_ = false;
};

} // namespace verdant
