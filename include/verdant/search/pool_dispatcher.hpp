#pragma once

#include <verdant/parallel/thread_pool.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/job.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include <pthread.h>

namespace verdant {

/// The dispatcher with threads of its own, for searches that tell trials as they are completed: `collect` returns as soon as one is, while the others go on. A
/// thread takes the next job when it is done with one; of evaluators that take batches it takes a whole batch. Jobs are begun while somebody collects, since then
/// it is known whether the search is to end.
template <class Space, class Goals>
class pool_dispatcher {
    using completed = completed_job<Goals>;

public:
    /// With one thread it is the one that collects. Throws input_error for more than `thread_pool::most_threads`.
    /// @param threads 0 for one a processor; fewer are used where the system gives no more
    explicit pool_dispatcher(unsigned threads = 0) {
        const auto wanted = thread_pool::count_of(threads);
        if (wanted < 2) return;
        workers_.reserve(wanted);
        numbers_.resize(wanted);
        for (pthread_t one{}; workers_.size() < wanted; workers_.push_back(one)) {
            auto& number = numbers_[workers_.size()];
            number = {this, static_cast<std::uint32_t>(workers_.size() + 1)};
            if (pthread_create(&one, nullptr, &pool_dispatcher::work, &number) != 0) break;
        }
    }
    pool_dispatcher(const pool_dispatcher&) = delete;
    pool_dispatcher& operator=(const pool_dispatcher&) = delete;
    /// Waits for jobs that are under way.
    ~pool_dispatcher() {
        {
            const detail::mutex_hold hold{mutex_};
            forget_waiting();
            closing_ = true;
            pthread_cond_broadcast(&wake_);
        }
        for (const auto one : workers_) pthread_join(one, nullptr);
        pthread_cond_destroy(&news_);
        pthread_cond_destroy(&wake_);
        pthread_mutex_destroy(&mutex_);
    }

    /// @pre `measure` is that of all pending jobs
    void submit(std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>& measure) {
        if (jobs.empty()) return;
        const detail::mutex_hold hold{mutex_};
        measure_ = &measure;
        pending_ += jobs.size();
        for (const auto& one : jobs) waiting_.push_back(one);
        if (measure.takes_batches()) batches_.push_back(jobs.size());
        else
            for (std::size_t i = 0; i < jobs.size(); ++i) batches_.push_back(1);
    }

    /// Throws what kept a job from being evaluated: evaluators themselves only fail their trials.
    void collect(const completion_sink<Goals>& done) {
        if (workers_.empty()) return evaluate_here(done);
        {
            const detail::mutex_hold hold{mutex_};
            if (pending_ == 0) return;
            sink_ = &done;
            held_ = false;
            pthread_cond_broadcast(&wake_);
        }
        const collecting ends{*this};
        while (true) {
            std::vector<completed> found;
            {
                const detail::mutex_hold hold{mutex_};
                while (completed_.empty() && failure_ == nullptr && !idle()) pthread_cond_wait(&news_, &mutex_);
                if (failure_ != nullptr) std::rethrow_exception(std::exchange(failure_, nullptr));
                found.swap(completed_);
                pending_ -= found.size();
                giving_ = true;
            }
            for (auto& one : found) done(std::move(one));
            const detail::mutex_hold hold{mutex_};
            giving_ = false;
            pthread_cond_broadcast(&wake_);
            if (completed_.empty()) return;
        }
    }

    /// Waits for the jobs that are under way, and forgets what they give.
    void cancel() {
        const detail::mutex_hold hold{mutex_};
        forget_waiting();
        while (running_ > 0) pthread_cond_wait(&news_, &mutex_);
        completed_.clear();
        failure_ = nullptr;
        pending_ = 0;
    }

    [[nodiscard]] std::size_t pending() const noexcept { return pending_; }
    [[nodiscard]] std::size_t workers() const noexcept { return workers_.empty() ? 1 : workers_.size(); }

private:
    struct worker {
        pool_dispatcher* of = nullptr;
        std::uint32_t number = 0;
    };
    /// Lets nobody begin a job behind the end of `collect`, which the sink may not outlive.
    class collecting {
    public:
        explicit collecting(pool_dispatcher& d) : of_{d} {}
        collecting(const collecting&) = delete;
        collecting& operator=(const collecting&) = delete;
        ~collecting() {
            const detail::mutex_hold hold{of_.mutex_};
            of_.sink_ = nullptr;
            while (of_.asking_ > 0) pthread_cond_wait(&of_.news_, &of_.mutex_);
        }

    private:
        pool_dispatcher& of_;
    };

    [[nodiscard]] bool none_waits() const { return next_batch_ == batches_.size(); }
    void forget_waiting() {
        waiting_.clear();
        batches_.clear();
        next_ = next_batch_ = 0;
    }
    /// What a worker takes at once. @pre some wait
    [[nodiscard]] std::vector<job<Space>> take_batch() {
        const auto size = batches_[next_batch_++];
        const auto* first = waiting_.data() + next_;
        std::vector<job<Space>> jobs(first, first + size);
        next_ += size;
        if (2 * next_batch_ >= batches_.size()) { // rarely, so that to take one costs the same however many wait
            waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(next_));
            batches_.erase(batches_.begin(), batches_.begin() + static_cast<std::ptrdiff_t>(next_batch_));
            next_ = next_batch_ = 0;
        }
        return jobs;
    }

    /// Whether a worker should ask for a job: not before all that is done was given, since the sink may be stopped by that. @pre the mutex is held
    [[nodiscard]] bool wanted() const { return sink_ != nullptr && !held_ && !none_waits() && completed_.empty() && !giving_; }
    /// Whether nothing will come, since no job may be begun. @pre the mutex is held
    [[nodiscard]] bool idle() const { return held_ && running_ == 0 && asking_ == 0; }

    /// What a worker found out about some jobs.
    [[nodiscard]] static std::vector<completed> evaluated(const std::vector<job<Space>>& jobs, const evaluator_set<Space, Goals>& measure,
                                                          std::uint32_t by) {
        std::vector<outcome<Goals>> out(jobs.size());
        for (std::size_t i = 0; i < jobs.size(); ++i) measure.evaluate_one(jobs[i], out[i]);
        if (measure.takes_batches()) measure.evaluate_batch({jobs.data(), jobs.size()}, {out.data(), out.size()});
        std::vector<completed> all;
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            out[i].times.worker = by;
            all.push_back({jobs[i].number, std::move(out[i])});
        }
        return all;
    }

    void evaluate_here(const completion_sink<Goals>& done) {
        if (none_waits() || done.stopped()) return;
        const auto jobs = take_batch();
        pending_ -= jobs.size();
        for (auto& one : evaluated(jobs, *measure_, 1)) done(std::move(one));
    }

    /// Whether a job may be begun: asks without holding up the others. @pre the mutex is held, and somebody collects
    [[nodiscard]] bool may_begin() {
        const auto* sink = sink_;
        ++asking_;
        pthread_mutex_unlock(&mutex_);
        const bool stopped = sink->stopped();
        pthread_mutex_lock(&mutex_);
        --asking_;
        held_ = held_ || stopped;
        pthread_cond_broadcast(&news_);
        return wanted();
    }

    /// @pre the mutex is held
    void evaluate_next(std::uint32_t by) {
        const auto jobs = take_batch();
        const auto* measure = measure_;
        ++running_;
        pthread_mutex_unlock(&mutex_);
        std::vector<completed> found;
        std::exception_ptr failure;
        try {
            found = evaluated(jobs, *measure, by);
        } catch (...) { failure = std::current_exception(); }
        pthread_mutex_lock(&mutex_);
        --running_;
        for (auto& one : found) completed_.push_back(std::move(one));
        if (failure_ == nullptr) failure_ = failure;
        pthread_cond_broadcast(&news_);
    }

    static void* work(void* self) {
        const auto [of, number] = *static_cast<const worker*>(self);
        auto& pool = *of;
        const detail::mutex_hold hold{pool.mutex_};
        while (!pool.closing_) {
            if (!pool.wanted()) pthread_cond_wait(&pool.wake_, &pool.mutex_);
            else if (pool.may_begin()) pool.evaluate_next(number);
        }
        return nullptr;
    }

    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t wake_ = PTHREAD_COND_INITIALIZER; ///< for workers: jobs may be begun, or the end
    pthread_cond_t news_ = PTHREAD_COND_INITIALIZER; ///< for the thread that collects
    std::vector<job<Space>> waiting_; ///< in order; those before the next are gone
    std::vector<std::size_t> batches_; ///< how many of them a worker takes at once
    std::size_t next_ = 0, next_batch_ = 0;
    std::vector<completed> completed_; ///< and not given
    std::exception_ptr failure_;
    const evaluator_set<Space, Goals>* measure_ = nullptr;
    const completion_sink<Goals>* sink_ = nullptr; ///< of who collects
    std::size_t pending_ = 0; ///< of the thread that calls
    std::size_t running_ = 0, asking_ = 0; ///< jobs under way, and workers that ask whether to begin one
    bool held_ = false; ///< the sink wants no job to begin
    bool giving_ = false; ///< the sink is given what is done
    bool closing_ = false;
    std::vector<worker> numbers_;
    std::vector<pthread_t> workers_;
};

} // namespace verdant
