// The laws of dispatchers over MPI. Every process runs all test cases; those that do not lead evaluate for process 0 and check nothing.

#include "laws/dispatcher.hpp"
#include "catch.hpp"
#include "processes.hpp"

#include <verdant/distributed/mpi_dispatcher.hpp>
#include <verdant/distributed/mpi_processes.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
#include <verdant/search/start_points.hpp>
#include <verdant/study/memory_storage.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <time.h>

namespace vd = verdant;

namespace {

using mpi_tests::processes;
using mpi_tests::told;

template <class Optimizer>
using law_search =
    vd::search<laws::law_space, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::subject_to<vd::latency, vd::at_most<9>>, Optimizer>;
using random_study = law_search<vd::random_search>;

struct vacant_meter {
    vd::search_consumption consumption() const { return {.method = "none"}; }
};

// A joule more each time it is asked.
struct ticking_meter {
    double so_far = 0;
    vd::search_consumption consumption() { return {.processors = ++so_far * vd::joules{}, .method = "ticks"}; }
};

void pause(double milliseconds) {
    const timespec t{static_cast<time_t>(milliseconds / 1000), static_cast<long>(milliseconds * 1e6) % 1'000'000'000L};
    nanosleep(&t, nullptr);
}

} // namespace

TEST_CASE("the processes of MPI make a dispatcher", "[distributed]") {
    const random_study s{laws::law_accuracy{}, laws::law_latency{}};
    vd::mpi_dispatcher d{processes(), s};
    if (d.serve()) return;
    laws::obeys_dispatcher_laws(d);
    REQUIRE(d.workers() == static_cast<std::size_t>(processes().size() == 1 ? 1 : processes().size() - 1));
}

TEST_CASE("so do they where process 0 evaluates, too", "[distributed]") {
    const vd::mpi_processes all{{.leader = vd::leading_process::evaluates}};
    const law_search<vd::random_search> s{laws::law_accuracy{}, laws::law_latencies{}};
    vd::mpi_dispatcher d{all, s};
    if (d.serve()) return;
    laws::obeys_dispatcher_laws(d);
    REQUIRE(d.workers() == static_cast<std::size_t>(all.size()));
}

TEST_CASE("any number of processes finds what one finds, with any optimizer", "[distributed]") {
    const law_search<vd::random_search> first{laws::law_accuracy{}, laws::law_latency{}};
    const law_search<vd::nsga2<>> second{laws::law_latencies{}, laws::law_accuracy{}};
    {
        vd::mpi_dispatcher d{processes(), first};
        if (!d.serve()) {
            for (const std::uint64_t seed : {1U, 2U, 3U}) // several in a row
                REQUIRE(told(first.run({.trials = 30, .seed = seed}, d)) == told(first.run({.trials = 30, .seed = seed})));
            vacant_meter meter;
            const auto found = first.run({.trials = 20, .seed = 4}, d, meter);
            std::set<std::uint32_t> by;
            for (const auto& t : found.trials()) by.insert(t.times.worker);
            // What the others consumed nobody here knows, and the result does not pass over it.
            REQUIRE((found.consumption()->method.find("workers in other processes are not counted") != std::string::npos) ==
                    (processes().size() > 1));
            REQUIRE((*by.begin() >= 1 && *by.rbegin() <= static_cast<std::uint32_t>(d.workers())));
        }
    }
    vd::mpi_dispatcher d{processes(), second};
    if (d.serve()) return;
    const decltype(second)::options options{.trials = 40, .seed = 5, .optimizer = {.population = 8}};
    const auto alone = told(second.run(options));
    REQUIRE(told(second.run(options, d)) == alone);
    auto threads = options;
    threads.threads = 7;
    REQUIRE(told(second.run(threads)) == alone);
    vd::memory_storage kept;
    REQUIRE(told(second.run(options, d, kept)) == alone);
}

TEST_CASE("the other processes say what they consume", "[distributed]") {
    const random_study s{laws::law_accuracy{}, laws::law_latency{}};
    vd::mpi_dispatcher d{processes(), s};
    ticking_meter ticks;
    if (d.serve(ticks)) return;
    vacant_meter meter;
    for (const std::uint64_t seed : {1U, 2U}) { // what they consumed for the first search is not of the second
        const auto found = s.run({.trials = 20, .seed = seed}, d, meter);
        const auto& all = *found.consumption();
        REQUIRE(all.energy().value() == (processes().size() > 1 ? 20 : 0)); // a tick for each trial
        REQUIRE(all.workers.size() <= static_cast<std::size_t>(processes().size() - 1));
        for (const auto& w : all.workers) REQUIRE_THAT(w.worker, Catch::Matches("process [1-9] on .* [0-9]+"));
        REQUIRE(all.method.find("are not counted") == std::string::npos);
    }
}

TEST_CASE("a slow trial keeps nobody waiting", "[distributed]") {
    auto jobs = laws::law_jobs(20, 8);
    const auto slow = jobs.front().point;
    const auto other = std::find_if(jobs.begin(), jobs.end(), [&](const auto& j) { return j.point != slow; })->point;
    for (std::size_t i = 1; i < jobs.size(); ++i) jobs[i].point = other;
    const auto accuracy = [slow](const laws::law_point& p) {
        if (p == slow) pause(1200); // far above what 29 others take on a busy machine
        return vd::metrics<vd::accuracy>{0.5};
    };
    const random_study s{accuracy, laws::law_latency{}};
    vd::mpi_dispatcher d{processes(), s};
    if (d.serve()) return;
    std::vector<std::uint64_t> order;
    std::size_t calls = 0;
    const auto take = [&](const vd::completed_job<laws::law_goals>& one) { order.push_back(one.number); };
    d.submit(jobs, s.evaluators());
    for (; d.pending() > 0; ++calls) d.collect(vd::completion_sink<laws::law_goals>{take});
    REQUIRE(order.size() == 20);
    if (d.workers() > 1) {
        REQUIRE(order.back() == jobs.front().number);
        REQUIRE(calls > 1);
    }
}

TEST_CASE("a search that is told as trials are completed waits for no slow one, and is kept as it went", "[distributed]") {
    using study = law_search<vd::nsga2<>>;
    const laws::law_point slow{};
    const auto accuracy = [slow](const laws::law_point& p) {
        if (p == slow) pause(1200); // far above what 29 others take on a busy machine
        return vd::metrics<vd::accuracy>{0.1 * static_cast<double>(p.get<"width">())};
    };
    const study s{accuracy, laws::law_latency{}};
    vd::mpi_dispatcher d{processes(), s};
    if (d.serve()) return;
    const study::options options{.trials = 30, .seed = 3, .optimizer = {.population = 8}, .order = vd::tell_order::as_completed};
    const vd::start_points<laws::law_space> first{slow};
    struct listener {
        std::vector<std::uint64_t> order{};
        void told(const study::trial_type& t, const vd::search_state&) { order.push_back(t.number); }
    };
    listener now, later;
    vd::memory_storage kept;
    const auto found = told(s.run(options, d, kept, first, now));
    REQUIRE(found.size() == 30);
    if (d.workers() > 1) REQUIRE(now.order.back() == 0); // the slow one was the first asked for
    REQUIRE(told(s.run(options, kept, first, later)) == found);
    REQUIRE(later.order == now.order);
}

TEST_CASE("what stops or fails in a search leaves the processes to the next", "[distributed]") {
    struct observer {
        std::size_t last;
        bool throws;
        vd::search_step told(const random_study::trial_type&, const vd::search_state& state) const {
            if (state.done < last) return vd::search_step::go_on;
            if (throws) throw std::runtime_error{"enough"};
            return vd::search_step::stop;
        }
    };
    const random_study s{laws::law_accuracy{}, laws::law_latency{}};
    vd::mpi_dispatcher d{processes(), s};
    if (d.serve()) return;
    const auto whole = told(s.run({.trials = 30, .seed = 9, .batch = 10}));
    observer polite{12, false}, rude{12, true};
    const auto part = told(s.run({.trials = 30, .seed = 9, .batch = 10}, d, polite));
    REQUIRE((part.size() >= 12 && part.size() < 30));
    REQUIRE(std::equal(part.begin(), part.end(), whole.begin()));
    REQUIRE_THROWS_WITH(s.run({.trials = 30, .seed = 9, .batch = 10}, d, rude), "enough");
    REQUIRE(d.pending() == 0);
    REQUIRE(told(s.run({.trials = 30, .seed = 9, .batch = 10}, d)) == whole);
    // Cancelled jobs that are under way are heard of no more.
    d.submit(laws::law_jobs(9, 2), s.evaluators());
    d.cancel();
    REQUIRE(told(s.run({.trials = 30, .seed = 9}, d)) == told(s.run({.trials = 30, .seed = 9})));
}

TEST_CASE("processes know their place", "[distributed]") {
    const auto& all = processes();
    REQUIRE((all.rank() >= 0 && all.rank() < all.size()));
    REQUIRE(all.leads() == (all.rank() == 0));
    REQUIRE(all.local_rank() == all.rank()); // on one machine
    REQUIRE(all.local_worker() == (all.rank() == 0 ? 0 : all.rank() - 1));
    REQUIRE(!all.machine().empty());
    REQUIRE_THROWS_WITH((vd::mpi_processes{{.silence = -1}}), Catch::Contains("silence: expected seconds from 0"));
    const vd::mpi_processes busy{{.leader = vd::leading_process::evaluates}};
    REQUIRE(busy.local_worker() == busy.rank());
}
