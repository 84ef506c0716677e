#include "fuzz.hpp"

#include <verdant/distributed/job_messages.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/space/space.hpp>

#include <vector>

VERDANT_FUZZ_TARGET(job_messages) {
    struct net : verdant::space<verdant::param<"depth", verdant::range<2, 4>>, verdant::param<"width", verdant::range<1, 200>>> {};
    using goals = verdant::goals<verdant::maximize<verdant::accuracy>, verdant::minimize<verdant::latency>>;
    // What is read is written as the same bytes. NaN has many forms, and metrics are kept as quantities, so those of completed jobs are written
    // twice.
    const auto read = [&](const auto& what) {
        try {
            what();
        } catch (const verdant::input_error&) {}
    };
    const std::vector<unsigned char> bytes(data.begin(), data.end());
    read([&] {
        const auto jobs = verdant::read_jobs<net>(bytes, "fuzz");
        for (const auto& one : jobs) static_cast<void>(one.point.feasible());
        if (jobs.size() * sizeof(verdant::job<net>) != bytes.size()) fuzz::fail("jobs were lost");
    });
    read([&] {
        const auto done = verdant::read_completed<goals>(bytes, "fuzz");
        const auto written = [](const auto& all) {
            return verdant::write_completed<goals>(all, all.empty() ? nullptr : all[0].outcome.consumed.get());
        };
        const auto once = written(done);
        if (once.size() != bytes.size()) fuzz::fail("completed jobs were lost");
        if (written(verdant::read_completed<goals>(once, "fuzz")) != once) fuzz::fail("completed jobs changed");
    });
    read([&] {
        const auto one = verdant::read_identity<>(bytes, "fuzz");
        if (verdant::write_identity<>(one) != bytes) fuzz::fail("an identity changed");
    });
}
