#pragma once

#include <verdant/goal/metrics.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/question.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace verdant {

struct worker_consumption;

/// A trial to be evaluated, as a value that may leave the process: trivially copyable, so that its bytes mean the same to any process of the same
/// program. What it gives depends on nothing else.
template <search_space Space>
struct job {
    verdant::point<Space> point{};
    std::uint64_t number = 0; ///< of the trial
    std::uint64_t seed = 0;   ///< of the trial's random stream
    double fidelity = 1;      ///< share of a whole evaluation; `search::run` asks for whole ones
    double reached = 0;       ///< share at which the trial was measured before, for evaluators that go on from there; 0 for none

    friend bool operator==(const job&, const job&) = default;
};

/// The job of a pending trial.
/// @param seed of the search
template <search_space Space>
[[nodiscard]] job<Space> job_of(const pending_trial<Space>& trial, std::uint64_t seed, double fidelity = 1, double reached = 0) {
    return {trial.point, trial.number, random_stream::derived_seed(seed, trial.number), fidelity, reached};
}

/// Values on the way to those of a job.
template <class Goals>
struct reported_values {
    double fidelity = 0; ///< share of a whole evaluation
    typename Goals::metrics_type values{};

    friend bool operator==(const reported_values&, const reported_values&) = default;
};

/// What the evaluators found out about a point.
template <class Goals>
struct outcome {
    typename Goals::metrics_type values{};
    std::string failure{}; ///< empty where every evaluator gave numbers
    trial_times times{};   ///< when it was evaluated, as far as that is known
    std::vector<reported_values<Goals>> reported{}; ///< on the way, with ascending fidelity, where the evaluators report any
    bool stopped = false;      ///< ended before its fidelity, at that of the last report
    bool started_over = false; ///< did not go on from the fidelity that the trial was measured at before
    bool elsewhere = false;    ///< evaluated by another process, `times.worker`, whose consumption is not metered here
    std::shared_ptr<const worker_consumption> consumed{}; ///< what that process says of it; null where it has no meter
    std::uint32_t lost = 0;    ///< workers that were lost with it before

    /// Takes those of the measured values that the goals ask for. A NaN is a failure.
    template <class... M>
    void merge(const metrics<M...>& found) {
        (merge_one<M>(found), ...);
    }
    /// The same of a record that answers goals itself, such as `uncertain_metrics`. @throws what the record throws where it has no answer
    template <class Record>
        requires requires { typename Record::answers_goals; }
    void merge(const Record& found) {
        merge_wanted(values, found);
    }
    /// The first failure counts.
    void fail(const std::string& why) {
        if (failure.empty()) failure = why.empty() ? "an exception without a text" : why;
    }

    /// Whether the same was found, whenever that was.
    friend bool operator==(const outcome& a, const outcome& b) { return a.values == b.values && a.failure == b.failure; }

private:
    template <class... Wanted, class Record>
    void merge_wanted(const metrics<Wanted...>&, const Record& found) {
        const auto take = [&]<class M>() {
            if constexpr (Record::template has<M>) merge_one<M>(metrics<M>{found.template get<M>()});
        };
        (take.template operator()<Wanted>(), ...);
    }
    template <class M, class Record>
    void merge_one(const Record& found) {
        if constexpr (Goals::metrics_type::template has<M>) {
            values.template set<M>(found.template get<M>());
            if (!detail::nan_metric(metrics<M>{found.template get<M>()}).empty()) fail(std::string{M::name()} + " is NaN");
        }
    }
};

/// A job that is done.
template <class Goals>
struct completed_job {
    std::uint64_t number = 0; ///< of the trial
    verdant::outcome<Goals> outcome{};

    friend bool operator==(const completed_job&, const completed_job&) = default;
};

/// Takes what came of jobs; does not own who does.
template <class Goals>
class completion_sink {
public:
    /// @param take called with a `completed_job<Goals>`; on the threads of a dispatcher it must not throw; it lives as long as this. It may have
    /// `stopped()`, which any thread may call
    template <std::invocable<completed_job<Goals>> Take>
        requires(!std::same_as<const Take, const completion_sink>)
    explicit completion_sink(Take& take) : take_{const_cast<void*>(static_cast<const void*>(&take))}, call_{&call<Take>} {
        if constexpr (requires { static_cast<bool>(take.stopped()); })
            stopped_ = [](const void* t) -> bool { return static_cast<const Take*>(t)->stopped(); };
    }
    void operator()(completed_job<Goals> done) const { call_(take_, std::move(done)); }
    /// Whether jobs that are not begun yet should wait, since outcomes cannot be kept. Any thread may ask.
    [[nodiscard]] bool stopped() const { return stopped_ != nullptr && stopped_(take_); }

private:
    template <class Take>
    static void call(void* take, completed_job<Goals>&& done) {
        (*static_cast<Take*>(take))(std::move(done));
    }
    void* take_;
    void (*call_)(void*, completed_job<Goals>&&);
    bool (*stopped_)(const void*) = nullptr;
};

} // namespace verdant
