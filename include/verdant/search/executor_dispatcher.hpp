#pragma once

#include <verdant/parallel/executor.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/job.hpp>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace verdant {

/// The dispatcher for the threads of an executor. `collect` evaluates all pending jobs, batch by batch, on the threads that the executor has.
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
        std::vector<char> begun(jobs.size(), 0); // not of bool, since threads write neighbours
        const bool whole = measure_->takes_batches();
        std::mutex one_at_a_time;
        const auto give = [&](std::size_t i) { done({jobs[i].number, std::move(out[i])}); };
        const auto task = [&](std::size_t i) {
            if (done.stopped()) return;
            begun[i] = 1;
            measure_->evaluate_one(jobs[i], out[i]);
            if (whole) return;
            const std::scoped_lock lock{one_at_a_time};
            give(i);
        };
        run_(jobs.size(), detail::task_ref{task});
        if (const auto left = static_cast<std::size_t>(std::count(begun.begin(), begun.end(), 0)); left > 0) {
            for (std::size_t i = 0; i < jobs.size(); ++i)
                if (whole || begun[i] == 0) jobs_.push_back(jobs[i]); // what takes whole batches waits for all of one
            sizes_.push_back(whole ? jobs.size() : left);
        } else if (whole) {
            measure_->evaluate_batch(jobs, {out.data(), out.size()});
            for (std::size_t i = 0; i < jobs.size(); ++i) give(i);
        }
    }

    detail::executor_ref run_;
    const evaluator_set<Space, Goals>* measure_ = nullptr;
    std::vector<job<Space>> jobs_;   ///< all that are pending
    std::vector<std::size_t> sizes_; ///< of the batches that they came in
};

} // namespace verdant
