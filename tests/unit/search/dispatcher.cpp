#include "laws/dispatcher.hpp"
#include "catch.hpp"
#include "dispatchers.hpp"

#include <verdant/parallel/thread_pool.hpp>
#include <verdant/search/executor_dispatcher.hpp>
#include <verdant/search/pool_dispatcher.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include <sched.h>

namespace {

using of_executor = verdant::executor_dispatcher<laws::law_space, laws::law_goals>;
using of_threads = verdant::pool_dispatcher<laws::law_space, laws::law_goals>;
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

TEST_CASE("threads of its own make a dispatcher, too, of which a slow job holds up nobody", "[search]") {
    for (const unsigned threads : {1U, 2U, 3U, 8U}) {
        of_threads d{threads};
        laws::obeys_dispatcher_laws(d);
        REQUIRE(d.workers() == threads);
    }
    of_threads d{2};
    std::atomic<bool> go_on = false;
    std::atomic<int> begun = 0;
    const auto slow = [&](const laws::law_point& p) {
        if (begun++ == 0)
            while (!go_on) sched_yield();
        return laws::law_latency{}(p);
    };
    const laws::law_evaluators measure{slow, [](const laws::law_point&) { return verdant::metrics<verdant::accuracy>{0.5}; }};
    d.submit(laws::law_jobs(6, 1), measure);
    std::size_t given = 0;
    std::set<std::uint32_t> workers;
    const auto take = [&](const verdant::completed_job<laws::law_goals>& done) {
        ++given;
        workers.insert(done.outcome.times.worker);
    };
    while (given < 5) d.collect(verdant::completion_sink<laws::law_goals>{take});
    REQUIRE((d.pending() == 1 && workers.size() == 1));
    go_on = true;
    d.collect(verdant::completion_sink<laws::law_goals>{take});
    REQUIRE((d.pending() == 0 && workers == std::set<std::uint32_t>{1, 2}));
    // Cancelled while one is under way: it is waited for, since what it is measured with may be gone behind that.
    begun = 1;
    d.submit(laws::law_jobs(20, 1), measure);
    d.collect(verdant::completion_sink<laws::law_goals>{take});
    d.cancel();
    REQUIRE(d.pending() == 0);
}

TEST_CASE("threads begin nothing once the sink is stopped", "[search]") {
    struct stopping {
        std::atomic<std::size_t> given = 0;
        std::size_t most;
        void operator()(const verdant::completed_job<laws::law_goals>&) { ++given; }
        bool stopped() const { return given >= most; }
    };
    const laws::law_evaluators measure{laws::law_accuracy{}, laws::law_latency{}};
    for (const unsigned threads : {1U, 4U}) {
        of_threads d{threads};
        d.submit(laws::law_jobs(40, 1), measure);
        stopping first{.most = 0}, some{.most = 5};
        d.collect(verdant::completion_sink<laws::law_goals>{first});
        REQUIRE((first.given == 0 && d.pending() == 40));
        for (std::size_t before = 1; before != some.given;) {
            before = some.given;
            d.collect(verdant::completion_sink<laws::law_goals>{some});
        }
        REQUIRE((some.given >= 5 && some.given < 5 + threads && d.pending() == 40 - some.given));
    }
}

TEST_CASE("behind a sink that throws, the next collection gives what is left", "[search]") {
    struct refusing {
        std::set<std::uint64_t> given{};
        bool refuses = true;
        void operator()(const verdant::completed_job<laws::law_goals>& done) {
            REQUIRE(given.insert(done.number).second);
            if (given.size() % 3 == 1 && refuses) throw std::runtime_error{"full"};
        }
    };
    const auto latencies = [](std::span<const laws::law_point> points) { return laws::law_latencies{}(points); };
    const auto accuracy = [](const laws::law_point&) { return verdant::metrics<verdant::accuracy>{0.5}; };
    const laws::law_evaluators single{laws::law_accuracy{}, laws::law_latency{}}, batched{latencies, accuracy};
    for (const unsigned threads : {1U, 2U, 5U})
        for (const auto* const measure : {&single, &batched}) {
            of_threads d{threads};
            d.submit(laws::law_jobs(11, 1), *measure);
            refusing take;
            std::size_t thrown = 0;
            while (d.pending() > 0) {
                try {
                    d.collect(verdant::completion_sink<laws::law_goals>{take});
                } catch (const std::runtime_error&) { ++thrown; }
                REQUIRE(d.pending() == 11 - take.given.size());
            }
            REQUIRE((take.given.size() == 11 && thrown == 4));
        }
}

TEST_CASE("so does the next one behind a job that could not be evaluated", "[search]") {
    struct bad_job {};
    struct numbered final : verdant::detail::pooled_jobs {
        explicit numbered(int n) : number{n} {}
        std::size_t count() const override { return 1; }
        void evaluate(std::uint32_t) override {
            if (number % 2 == 1) throw bad_job{};
        }
        void give(const void* sink) override { ++**static_cast<int* const*>(sink); }
        int number;
    };
    for (const unsigned threads : {1U, 4U}) {
        verdant::detail::job_pool pool{threads};
        verdant::detail::pooled_list made;
        for (int i = 0; i < 7; ++i) made.push_back(new numbered{i});
        pool.submit(made, 7);
        int given = 0;
        int* const sink = &given;
        bool thrown = false;
        while (pool.pending() > 0) {
            try {
                pool.collect(&sink, [](const void*) { return false; });
            } catch (const bad_job&) { thrown = true; }
        }
        REQUIRE((given == 4 && thrown));
    }
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
