#include "laws/dispatcher.hpp"
#include "catch.hpp"
#include "dispatchers.hpp"

#include <verdant/parallel/thread_pool.hpp>
#include <verdant/search/executor_dispatcher.hpp>

#include <type_traits>
#include <vector>

namespace {

using of_executor = verdant::executor_dispatcher<laws::law_space, laws::law_goals>;
using mail = studies::by_mail<laws::law_space, laws::law_goals>;
static_assert(!verdant::dispatcher<verdant::serial_executor, laws::law_space, laws::law_goals>);

} // namespace

TEST_CASE("every executor makes a dispatcher", "[search]") {
    verdant::serial_executor serial;
    of_executor first{serial};
    laws::obeys_dispatcher_laws(first);
    REQUIRE(first.workers() == 1);
    for (const unsigned threads : {1U, 3U, 8U}) {
        verdant::thread_pool pool{threads};
        of_executor second{pool};
        laws::obeys_dispatcher_laws(second);
        REQUIRE(second.workers() == threads);
    }
    studies::backwards last;
    of_executor third{last};
    laws::obeys_dispatcher_laws(third);
}

TEST_CASE("so may other processes be, which jobs reach as bytes", "[search]") {
    mail post;
    laws::obeys_dispatcher_laws(post);
}

TEST_CASE("threads give what single evaluators find as soon as it is known, and evaluators of batches whole batches", "[search]") {
    verdant::serial_executor serial;
    of_executor d{serial};
    std::size_t measured = 0, given = 0;
    bool at_once = true;
    std::vector<std::size_t> sizes;
    const auto counting = [&](const laws::law_point& p) {
        at_once = at_once && given == measured;
        ++measured;
        return laws::law_latency{}(p);
    };
    const auto take = [&](const verdant::completed_job<laws::law_goals>&) { ++given; };
    const auto accuracy = [](const laws::law_point&) { return verdant::metrics<verdant::accuracy>{0.5}; };
    const laws::law_evaluators single{counting, accuracy};
    d.submit(laws::law_jobs(6, 1), single);
    d.collect(verdant::completion_sink<laws::law_goals>{take});
    REQUIRE((at_once && given == 6));

    const auto sized = [&](std::span<const laws::law_point> points) {
        sizes.push_back(points.size());
        return laws::law_latencies{}(points);
    };
    const laws::law_evaluators batched{sized, accuracy};
    d.submit(laws::law_jobs(6, 1), batched);
    d.submit(laws::law_jobs(3, 2), batched);
    while (d.pending() > 0) d.collect(verdant::completion_sink<laws::law_goals>{take});
    REQUIRE(sizes == std::vector<std::size_t>{6, 3});
}

TEST_CASE("a job is a value, and determines the stream of its trial", "[search]") {
    static_assert(std::is_trivially_copyable_v<laws::law_job>);
    const auto jobs = laws::law_jobs(3, 9);
    for (const auto& j : jobs) {
        REQUIRE(verdant::random_stream{j.seed} == verdant::random_stream::derive(9, j.number));
        REQUIRE(j.fidelity == 1);
    }
    REQUIRE(verdant::job_of<laws::law_space>({4, jobs[0].point}, 9, 0.25).fidelity == 0.25);
}
