#pragma once

#include <verdant/parallel/executor.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/job.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// An address that each thread has one of.
[[nodiscard]] inline const void* this_thread_mark() {
    static thread_local char mark = 0;
    return &mark;
}

} // namespace detail

/// The dispatcher for the threads of an executor. `collect` evaluates all pending jobs, batch by batch, on the threads that the executor has. Threads
/// take jobs in their order, and what a thread has taken it evaluates: what a stop leaves is always the end of a batch.
template <class Space, class Goals>
class executor_dispatcher {
public:
    /// @param run an executor, not owned
    template <executor X>
    explicit executor_dispatcher(X& run) : run_{run} {}

    /// @pre `measure` is that of all pending jobs
    void submit(std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>& measure) {
        if (jobs.empty()) return;
        for (const auto& one : jobs) jobs_.push_back(one);
        sizes_.push_back(jobs.size());
        measure_ = &measure;
    }

    void collect(const completion_sink<Goals>& done) {
        const auto jobs = std::exchange(jobs_, {});
        for (std::size_t first = 0; const auto size : std::exchange(sizes_, {})) {
            evaluate({jobs.data() + first, size}, done); // from a pointer: from a range, compilers check a dozen concepts more
            first += size;
        }
    }

    void cancel() {
        jobs_.clear();
        sizes_.clear();
    }

    [[nodiscard]] std::size_t pending() const noexcept { return jobs_.size(); }
    [[nodiscard]] std::size_t workers() const noexcept { return run_.threads(); }

private:
    /// Evaluates a batch; what the sink stops before it is begun is pending again.
    void evaluate(std::span<const job<Space>> jobs, const completion_sink<Goals>& done) {
        std::vector<outcome<Goals>> out(jobs.size());
        std::atomic<std::size_t> taken = 0;
        const bool whole = measure_->takes_batches();
        std::mutex one_at_a_time;
        std::vector<const void*> threads; // that gave something, in the order of the first time
        const auto give = [&](std::size_t i) {
            const auto* here = detail::this_thread_mark();
            const auto at = std::find(threads.begin(), threads.end(), here);
            out[i].times.worker = static_cast<std::uint32_t>(at - threads.begin()) + 1;
            if (at == threads.end()) threads.push_back(here);
            done({jobs[i].number, std::move(out[i])});
        };
        // The executor's own number is not the job's: its thread may be stopped between that and the beginning, while others go on with later ones.
        const auto task = [&](std::size_t) {
            if (done.stopped()) return;
            const auto i = taken++;
            measure_->evaluate_one(jobs[i], out[i]);
            if (whole) return;
            const std::scoped_lock lock{one_at_a_time};
            give(i);
        };
        run_(jobs.size(), detail::task_ref{task});
        if (const auto begun = taken.load(); begun < jobs.size()) {
            const std::size_t first = whole ? 0 : begun; // what takes whole batches waits for all of one
            for (std::size_t i = first; i < jobs.size(); ++i) jobs_.push_back(jobs[i]);
            sizes_.push_back(jobs.size() - first);
        } else if (whole) {
            measure_->evaluate_batch(jobs, {out.data(), out.size()});
            for (std::size_t i = 0; i < jobs.size(); ++i) give(i);
        }
    }

    detail::executor_ref run_;
    const evaluator_set<Space, Goals>* measure_ = nullptr;
    std::vector<job<Space>> jobs_; ///< all that are pending
    std::vector<std::size_t> sizes_; ///< of the batches that they came in
};

} // namespace verdant
