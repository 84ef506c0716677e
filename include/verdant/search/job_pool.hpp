#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/parallel/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>
#include <vector>

#include <pthread.h>

/// The threads of `pool_dispatcher`, compiled once for all searches.
namespace verdant::detail {

/// Jobs that a thread takes at once, and what came of them.
class pooled_jobs {
public:
    pooled_jobs() = default;
    pooled_jobs(const pooled_jobs&) = delete;
    pooled_jobs& operator=(const pooled_jobs&) = delete;
    virtual ~pooled_jobs() = default;

    /// Those that were not given yet.
    [[nodiscard]] virtual std::size_t count() const = 0;
    /// Called once. @param by the number of the thread, from 1
    virtual void evaluate(std::uint32_t by) = 0;
    /// Gives what came of them to the sink of who collects. Where that throws, the job that it was given counts as given, and those behind it are for
    /// the next call.
    virtual void give(const void* sink) = 0;

    pooled_jobs* next = nullptr; ///< behind these in a list
};

/// Some of them, in order, which it owns. By hand, since a list of the standard library costs every search more to compile than all else here.
class pooled_list {
public:
    pooled_list() = default;
    pooled_list(const pooled_list&) = delete;
    pooled_list& operator=(const pooled_list&) = delete;
    ~pooled_list() { clear(); }

    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    /// @pre it is not empty
    [[nodiscard]] pooled_jobs& front() const noexcept { return *first_; }
    /// @param one made by `new`
    void push_back(pooled_jobs* one) noexcept {
        (first_ == nullptr ? first_ : last_->next) = one;
        last_ = one;
    }
    /// @pre it is not empty
    void pop_front() noexcept {
        auto* const one = first_;
        first_ = one->next;
        delete one;
    }
    /// Takes over the first of another one. @pre that is not empty
    void take_front(pooled_list& more) noexcept {
        auto* const one = more.first_;
        more.first_ = one->next;
        one->next = nullptr;
        push_back(one);
    }
    /// Takes over all of another one.
    void append(pooled_list& more) noexcept {
        while (!more.empty()) take_front(more);
    }
    void clear() noexcept {
        while (!empty()) pop_front();
    }

private:
    pooled_jobs *first_ = nullptr, *last_ = nullptr; ///< the last one where it is not empty
};

/// Does what `pool_dispatcher` says, whatever the jobs are.
template <class = instantiated_when_used>
class basic_job_pool {
public:
    /// Throws input_error for more than `thread_pool::most_threads`. @param threads 0 for one a processor
    explicit basic_job_pool(unsigned threads);
    basic_job_pool(const basic_job_pool&) = delete;
    basic_job_pool& operator=(const basic_job_pool&) = delete;
    /// Waits for jobs that are under way.
    ~basic_job_pool();

    void submit(pooled_list& jobs, std::size_t count);
    /// Where the sink or a job throws, the next call gives what is left.
    /// @param sink of what came of jobs @param stopped asks it whether jobs that are not begun should wait
    void collect(const void* sink, bool (*stopped)(const void*));
    /// Waits for the jobs that are under way, and forgets what they give.
    void cancel();

    [[nodiscard]] std::size_t pending() const noexcept { return pending_; }
    [[nodiscard]] std::size_t workers() const noexcept { return workers_.empty() ? 1 : workers_.size(); }

private:
    /// Lets nobody begin a job behind the end of `collect`, which the sink may not outlive.
    class collecting {
    public:
        explicit collecting(basic_job_pool& p) : of_{p} {}
        collecting(const collecting&) = delete;
        collecting& operator=(const collecting&) = delete;
        ~collecting() {
            const mutex_hold hold{of_.mutex_};
            of_.sink_ = nullptr;
            while (of_.asking_ > 0) pthread_cond_wait(&of_.news_, &of_.mutex_);
        }

    private:
        basic_job_pool& of_;
    };

    /// Whether a worker should ask for a job: not before all that is done was given, since the sink may be stopped by that. @pre the mutex is held
    [[nodiscard]] bool wanted() const { return sink_ != nullptr && !held_ && !waiting_.empty() && completed_.empty() && !giving_; }
    /// Whether nothing will come, since no job may be begun. @pre the mutex is held
    [[nodiscard]] bool idle() const { return held_ && running_ == 0 && asking_ == 0; }
    [[nodiscard]] bool may_begin();
    void give(pooled_list& found, const void* sink);
    void evaluate_next(std::uint32_t by);
    static void* work(void* self);

    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t wake_ = PTHREAD_COND_INITIALIZER; ///< for workers: jobs may be begun, or the end
    pthread_cond_t news_ = PTHREAD_COND_INITIALIZER; ///< for the thread that collects
    pooled_list waiting_;
    pooled_list completed_; ///< and not given
    std::exception_ptr failure_;
    const void* sink_ = nullptr; ///< of who collects
    bool (*stopped_)(const void*) = nullptr;
    std::size_t pending_ = 0; ///< of the thread that calls
    std::size_t failed_ = 0; ///< jobs of `failure_`, which `pending_` counts until it is thrown
    std::uint32_t numbered_ = 0; ///< threads that have a number
    std::size_t running_ = 0, asking_ = 0; ///< batches under way, and workers that ask whether to begin one
    bool held_ = false; ///< the sink wants no job to begin
    bool giving_ = false; ///< the sink is given what is done
    bool closing_ = false;
    std::vector<pthread_t> workers_;
};

template <class Deferred>
basic_job_pool<Deferred>::basic_job_pool(unsigned threads) {
    const auto wanted = thread_pool::count_of(threads);
    if (wanted < 2) return;
    workers_.reserve(wanted);
    for (pthread_t one{}; workers_.size() < wanted && pthread_create(&one, nullptr, &basic_job_pool::work, this) == 0;) workers_.push_back(one);
}

template <class Deferred>
basic_job_pool<Deferred>::~basic_job_pool() {
    {
        const mutex_hold hold{mutex_};
        waiting_.clear();
        closing_ = true;
        pthread_cond_broadcast(&wake_);
    }
    for (const auto one : workers_) pthread_join(one, nullptr);
    pthread_cond_destroy(&news_);
    pthread_cond_destroy(&wake_);
    pthread_mutex_destroy(&mutex_);
}

template <class Deferred>
void basic_job_pool<Deferred>::submit(pooled_list& jobs, std::size_t count) {
    const mutex_hold hold{mutex_};
    pending_ += count;
    waiting_.append(jobs);
}

template <class Deferred>
void basic_job_pool<Deferred>::collect(const void* sink, bool (*stopped)(const void*)) {
    if (workers_.empty()) {
        pooled_list jobs;
        jobs.append(completed_); // what a sink that threw has left
        if (jobs.empty()) {
            if (waiting_.empty() || stopped(sink)) return;
            jobs.take_front(waiting_);
            try {
                jobs.front().evaluate(1);
            } catch (...) {
                pending_ -= jobs.front().count();
                throw;
            }
        }
        return give(jobs, sink);
    }
    {
        const mutex_hold hold{mutex_};
        if (pending_ == 0) return;
        sink_ = sink;
        stopped_ = stopped;
        held_ = false;
        pthread_cond_broadcast(&wake_);
    }
    const collecting ends{*this};
    while (true) {
        pooled_list found;
        {
            const mutex_hold hold{mutex_};
            while (completed_.empty() && failure_ == nullptr && !idle()) pthread_cond_wait(&news_, &mutex_);
            if (failure_ != nullptr) {
                pending_ -= std::exchange(failed_, 0);
                std::rethrow_exception(std::exchange(failure_, nullptr));
            }
            found.append(completed_);
            giving_ = true;
        }
        give(found, sink);
        const mutex_hold hold{mutex_};
        giving_ = false;
        pthread_cond_broadcast(&wake_);
        if (completed_.empty()) return;
    }
}

/// Gives them all, or keeps what a sink that throws has not taken.
template <class Deferred>
void basic_job_pool<Deferred>::give(pooled_list& found, const void* sink) {
    for (; !found.empty(); found.pop_front()) {
        pending_ -= found.front().count();
        try {
            found.front().give(sink);
        } catch (...) {
            const auto left = found.front().count();
            pending_ += left;
            if (left == 0) found.pop_front();
            const mutex_hold hold{mutex_};
            found.append(completed_);
            completed_.append(found);
            giving_ = false; // or who collects next would wait for workers that wait for this
            throw;
        }
    }
}

template <class Deferred>
void basic_job_pool<Deferred>::cancel() {
    const mutex_hold hold{mutex_};
    waiting_.clear();
    while (running_ > 0) pthread_cond_wait(&news_, &mutex_);
    completed_.clear();
    failure_ = nullptr;
    failed_ = 0;
    pending_ = 0;
}

/// Whether a job may be begun: asks without holding up the others. @pre the mutex is held, and somebody collects
template <class Deferred>
bool basic_job_pool<Deferred>::may_begin() {
    const auto* sink = sink_;
    const auto asked = stopped_;
    ++asking_;
    pthread_mutex_unlock(&mutex_);
    const bool stopped = asked(sink);
    pthread_mutex_lock(&mutex_);
    --asking_;
    held_ = held_ || stopped;
    pthread_cond_broadcast(&news_);
    return wanted();
}

/// @pre the mutex is held, and some wait
template <class Deferred>
void basic_job_pool<Deferred>::evaluate_next(std::uint32_t by) {
    pooled_list jobs;
    jobs.take_front(waiting_);
    ++running_;
    pthread_mutex_unlock(&mutex_);
    std::exception_ptr failure;
    try {
        jobs.front().evaluate(by);
    } catch (...) { failure = std::current_exception(); }
    const auto lost = failure == nullptr ? std::size_t{0} : jobs.front().count();
    if (lost > 0) jobs.clear();
    pthread_mutex_lock(&mutex_);
    --running_;
    failed_ += lost;
    completed_.append(jobs);
    if (failure_ == nullptr) failure_ = failure;
    pthread_cond_broadcast(&news_);
}

template <class Deferred>
void* basic_job_pool<Deferred>::work(void* self) {
    auto& pool = *static_cast<basic_job_pool*>(self);
    const mutex_hold hold{pool.mutex_};
    const auto number = ++pool.numbered_;
    while (!pool.closing_) {
        if (!pool.wanted()) pthread_cond_wait(&pool.wake_, &pool.mutex_);
        else if (pool.may_begin()) pool.evaluate_next(number);
    }
    return nullptr;
}
VERDANT_DEFINED_ONCE(class basic_job_pool<>);
using job_pool = basic_job_pool<>;

} // namespace verdant::detail
