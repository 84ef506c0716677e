#pragma once

// What every model of the concept `dispatcher` keeps.

#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/search/dispatcher.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <vector>

namespace laws {

using law_job = verdant::job<law_space>;
using law_outcome = verdant::outcome<law_goals>;
using law_evaluators = verdant::evaluator_set<law_space, law_goals>;

// Takes longer for some points, fails for some, and draws from the stream of its trial.
struct law_accuracy {
    verdant::metrics<verdant::accuracy> operator()(const law_point& p, verdant::random_stream& random) const {
        double sum = 0;
        for (int k = 0; k < (p.get<"width">() == 4 ? 20'000 : 10); ++k) sum += random.uniform();
        if (p.get<"heads">() == 3) throw std::runtime_error{"no luck"};
        return sum;
    }
};
struct law_latency {
    verdant::metrics<verdant::latency> operator()(const law_point& p) const {
        return static_cast<double>(p.get<"width">()) * verdant::milliseconds{};
    }
};
struct law_latencies {
    std::vector<verdant::metrics<verdant::latency>> operator()(std::span<const law_point> points) const {
        std::vector<verdant::metrics<verdant::latency>> all;
        for (const auto& p : points) all.push_back(law_latency{}(p));
        return all;
    }
};

inline std::vector<law_job> law_jobs(std::size_t n, std::uint64_t seed) {
    verdant::random_stream random{seed};
    std::vector<law_job> jobs;
    // Numbers neither begin at 0 nor ascend.
    for (std::size_t i = 0; i < n; ++i)
        jobs.push_back(verdant::job_of<law_space>({100 * seed + (7 * i + 3) % n, verdant::sample<law_space>(random)}, seed));
    return jobs;
}

// Collects until nothing is pending, and compares with what the jobs give here.
template <class D>
void collect_all(D& d, const std::vector<law_job>& jobs) {
    const law_evaluators here{law_accuracy{}, law_latency{}};
    std::map<std::uint64_t, law_outcome> wanted;
    for (const auto& j : jobs) here.evaluate_one(j, wanted[j.number]);
    REQUIRE(static_cast<std::size_t>(d.pending()) == jobs.size());
    std::map<std::uint64_t, law_outcome> found;
    std::atomic<int> at_once{0};
    bool alone = true, once = true;
    const auto take = [&](verdant::completed_job<law_goals> done) {
        alone = alone && ++at_once == 1;
        once = once && found.emplace(done.number, done.outcome).second;
        --at_once;
    };
    while (d.pending() > 0) {
        const auto before = found.size(), left = static_cast<std::size_t>(d.pending());
        d.collect(verdant::completion_sink<law_goals>{take});
        REQUIRE(found.size() > before);
        REQUIRE(left - static_cast<std::size_t>(d.pending()) == found.size() - before);
    }
    REQUIRE((alone && once));
    REQUIRE(found == wanted);
}

/// @param d one without pending jobs
template <verdant::dispatcher<law_space, law_goals> D>
void obeys_dispatcher_laws(D& d) {
    const law_evaluators single{law_accuracy{}, law_latency{}}, batched{law_latencies{}, law_accuracy{}};
    const auto refuse = [](const verdant::completed_job<law_goals>&) { FAIL("a job that nobody waits for"); };
    REQUIRE(d.workers() >= 1);
    for (const auto* measure : {&single, &batched}) {
        REQUIRE(d.pending() == 0);
        d.collect(verdant::completion_sink<law_goals>{refuse});
        d.submit({}, *measure);
        REQUIRE(d.pending() == 0);
        for (const std::size_t n : {1U, 2U, 3U, 40U}) {
            const auto jobs = law_jobs(n, n);
            d.submit(jobs, *measure);
            collect_all(d, jobs);
        }
        // More jobs may come while some are pending.
        auto jobs = law_jobs(5, 1);
        const auto more = law_jobs(4, 2);
        d.submit(jobs, *measure);
        d.submit(more, *measure);
        jobs.insert(jobs.end(), more.begin(), more.end());
        collect_all(d, jobs);
        // Cancelled jobs never come back.
        d.submit(law_jobs(6, 3), *measure);
        d.cancel();
        REQUIRE(d.pending() == 0);
        d.collect(verdant::completion_sink<law_goals>{refuse});
        d.submit(more, *measure);
        collect_all(d, more);
    }
}

} // namespace laws
