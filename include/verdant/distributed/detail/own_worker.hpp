#pragma once

#include <verdant/search/evaluation.hpp>
#include <verdant/search/job.hpp>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace verdant::detail {

/// Evaluates jobs here and now. Those of one call are a batch.
template <class Space, class Goals>
[[nodiscard]] std::vector<completed_job<Goals>> evaluate_jobs(std::span<const job<Space>> jobs, const evaluator_set<Space, Goals>& measure) {
    std::vector<outcome<Goals>> out(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) measure.evaluate_one(jobs[i], out[i]);
    if (measure.takes_batches()) measure.evaluate_batch(jobs, {out.data(), out.size()});
    std::vector<completed_job<Goals>> done;
    done.reserve(out.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) done.push_back({jobs[i].number, std::move(out[i])});
    return done;
}

/// A thread that evaluates one thing at a time, for a process that has to answer others meanwhile.
template <class Space, class Goals>
class own_worker {
public:
    own_worker() : thread_{[this] { work(); }} {}
    own_worker(const own_worker&) = delete;
    own_worker& operator=(const own_worker&) = delete;
    /// Waits for what is under way.
    ~own_worker() {
        {
            const std::scoped_lock lock{mutex_};
            ended_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }

    /// @pre it has nothing to do, and what came of the last jobs was taken
    void start(std::vector<job<Space>> jobs, const evaluator_set<Space, Goals>& measure) {
        {
            const std::scoped_lock lock{mutex_};
            jobs_ = std::move(jobs);
            measure_ = measure;
        }
        wake_.notify_all();
    }
    /// What came of them, once it is there.
    [[nodiscard]] std::optional<std::vector<completed_job<Goals>>> take() {
        const std::scoped_lock lock{mutex_};
        return std::exchange(done_, std::nullopt);
    }

private:
    void work() {
        std::unique_lock lock{mutex_};
        while (true) {
            wake_.wait(lock, [&] { return ended_ || jobs_; });
            if (ended_) return;
            const auto jobs = *std::exchange(jobs_, std::nullopt);
            const auto measure = *measure_; // a copy shares the evaluators
            lock.unlock();
            auto done = evaluate_jobs<Space, Goals>({jobs.data(), jobs.size()}, measure);
            lock.lock();
            done_ = std::move(done);
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    bool ended_ = false;
    std::optional<std::vector<job<Space>>> jobs_;
    std::optional<evaluator_set<Space, Goals>> measure_;
    std::optional<std::vector<completed_job<Goals>>> done_;
    std::thread thread_;
};

} // namespace verdant::detail
