#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/parallel/executor.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <vector>

#include <pthread.h>
#include <unistd.h>

/// A pool of threads.
namespace verdant {

namespace detail {

/// Holds a mutex as long as it lives.
class mutex_hold {
public:
    explicit mutex_hold(pthread_mutex_t& m) : mutex_{m} { pthread_mutex_lock(&mutex_); }
    mutex_hold(const mutex_hold&) = delete;
    mutex_hold& operator=(const mutex_hold&) = delete;
    ~mutex_hold() { pthread_mutex_unlock(&mutex_); }

private:
    pthread_mutex_t& mutex_;
};

/// @throws input_error for more than `most`
template <class = instantiated_when_used>
[[nodiscard]] unsigned threads_meant(unsigned threads, unsigned most) {
    if (threads > most)
        throw input_error{"thread pool", "threads", "0 for one a processor, or up to " + std::to_string(most),
                          std::to_string(threads) + " (" + std::to_string(static_cast<int>(threads)) + " without its sign?)"};
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return threads != 0 ? threads : processors < 1 ? 1U : static_cast<unsigned>(processors);
}
VERDANT_DEFINED_ONCE(unsigned threads_meant<>(unsigned, unsigned));

} // namespace detail

/// An executor: a fixed number of threads, kept between calls; the calling thread is one of them. One call at a time, and none from within a task.
/// In POSIX terms, since <thread> and <condition_variable> would take as long to compile as all the rest of a search.
class thread_pool {
public:
    static constexpr unsigned most_threads = 65536;

    /// Throws input_error for more than `most_threads`: a negative number that became one without a sign.
    /// @param threads 0 for one a processor; fewer are used where the system gives no more, since results do not depend on their number
    explicit thread_pool(unsigned threads = 0) {
        threads = count_of(threads);
        workers_.reserve(threads - 1);
        for (pthread_t worker{}; workers_.size() + 1 < threads && pthread_create(&worker, nullptr, &thread_pool::work, this) == 0;)
            workers_.push_back(worker);
    }
    thread_pool(const thread_pool&) = delete;
    thread_pool& operator=(const thread_pool&) = delete;
    ~thread_pool() {
        {
            const detail::mutex_hold hold{mutex_};
            stop_ = true;
            pthread_cond_broadcast(&wake_);
        }
        for (const auto worker : workers_) pthread_join(worker, nullptr);
        pthread_cond_destroy(&done_);
        pthread_cond_destroy(&wake_);
        pthread_mutex_destroy(&mutex_);
    }

    /// How many threads are meant. Throws input_error as the constructor does.
    [[nodiscard]] static unsigned count_of(unsigned threads) { return detail::threads_meant(threads, most_threads); }

    [[nodiscard]] std::size_t threads() const noexcept { return workers_.size() + 1; }

    template <std::invocable<std::size_t> Task>
    void operator()(std::size_t n, const Task& task) {
        if (workers_.empty() || n < 2) return serial_executor{}(n, task);
        const detail::mutex_hold hold{mutex_};
        task_ = &task;
        call_ = &thread_pool::call<Task>;
        next_ = 0;
        left_ = size_ = n;
        pthread_cond_broadcast(&wake_);
        take_tasks();
        while (left_ != 0) pthread_cond_wait(&done_, &mutex_);
    }

private:
    template <class Task>
    static void call(const void* task, std::size_t i) {
        (*static_cast<const Task*>(task))(i);
    }

    /// Runs tasks while there are any. The caller holds the mutex, which is open while a task runs.
    void take_tasks() {
        while (next_ < size_) {
            const auto i = next_++;
            pthread_mutex_unlock(&mutex_);
            call_(task_, i);
            pthread_mutex_lock(&mutex_);
            if (--left_ == 0) pthread_cond_signal(&done_);
        }
    }

    static void* work(void* self) {
        auto& pool = *static_cast<thread_pool*>(self);
        const detail::mutex_hold hold{pool.mutex_};
        while (!pool.stop_) {
            pool.take_tasks();
            if (!pool.stop_) pthread_cond_wait(&pool.wake_, &pool.mutex_);
        }
        return nullptr;
    }

    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t wake_ = PTHREAD_COND_INITIALIZER, done_ = PTHREAD_COND_INITIALIZER;
    const void* task_ = nullptr;
    void (*call_)(const void*, std::size_t) = nullptr;
    std::size_t size_ = 0, next_ = 0, left_ = 0;
    bool stop_ = false;
    std::vector<pthread_t> workers_;
};

} // namespace verdant
