#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/dispatcher.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/job_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace verdant {

/// The dispatcher with threads of its own, for searches that tell trials as they are completed: `collect` returns as soon as one is, while the others
/// go on. A thread takes the next job when it is done with one; of evaluators that take batches it takes a whole batch. Jobs are begun while somebody
/// collects, since then it is known whether the search is to end.
template <class Space, class Goals>
class pool_dispatcher {
    using sink = completion_sink<Goals>;

public:
    /// With one thread it is the one that collects. Throws input_error for more than `thread_pool::most_threads`.
    /// @param threads 0 for one a processor; fewer are used where the system gives no more
    explicit pool_dispatcher(unsigned threads = 0) : pool_{threads} {}

    /// @pre `measure` is that of all pending jobs
    void submit(std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>& measure) {
        const auto at_once = measure.takes_batches() ? jobs.size() : 1;
        detail::pooled_list made;
        for (std::size_t i = 0; i < jobs.size(); i += at_once) made.push_back(new batch{jobs.subspan(i, at_once), measure});
        pool_.submit(made, jobs.size());
    }

    /// Throws what kept a job from being evaluated, and what the sink throws: evaluators themselves only fail their trials. What was not given then
    /// is given by the next call.
    void collect(const sink& done) {
        pool_.collect(&done, [](const void* s) -> bool { return static_cast<const sink*>(s)->stopped(); });
    }

    /// Waits for the jobs that are under way, and forgets what they give.
    void cancel() { pool_.cancel(); }

    [[nodiscard]] std::size_t pending() const noexcept { return pool_.pending(); }
    [[nodiscard]] std::size_t workers() const noexcept { return pool_.workers(); }

private:
    class batch final : public detail::pooled_jobs {
    public:
        batch(std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>& measure)
            : jobs_(jobs.data(), jobs.data() + jobs.size()), measure_{measure}, out_(jobs.size()) {}

        [[nodiscard]] std::size_t count() const override { return jobs_.size() - given_; }
        void evaluate(std::uint32_t by) override {
            for (std::size_t i = 0; i < jobs_.size(); ++i) measure_.evaluate_one(jobs_[i], out_[i]);
            if (measure_.takes_batches()) measure_.evaluate_batch({jobs_.data(), jobs_.size()}, {out_.data(), out_.size()});
            for (auto& one : out_) one.times.worker = by;
        }
        void give(const void* to) override {
            while (given_ < jobs_.size()) {
                const auto i = given_++;
                (*static_cast<const sink*>(to))({jobs_[i].number, std::move(out_[i])});
            }
        }

    private:
        std::vector<job<Space>> jobs_;
        const evaluator_set<Space, Goals>& measure_;
        std::vector<outcome<Goals>> out_;
        std::size_t given_ = 0;
    };

    deferred<detail::job_pool, Space> pool_;
};

} // namespace verdant
