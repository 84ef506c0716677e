#include "catch.hpp"
#include "laws/executor.hpp"

#include <verdant/parallel/thread_pool.hpp>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

TEST_CASE("thread pools of any size are executors", "[search]") {
    for (const unsigned threads : {0U, 1U, 2U, 7U}) {
        verdant::thread_pool run{threads};
        laws::obeys_executor_laws(run);
        REQUIRE((threads == 0 || run.threads() == threads));
    }
}

TEST_CASE("a pool that does nothing ends", "[search]") {
    for (int i = 0; i < 50; ++i) verdant::thread_pool idle{4};
    SUCCEED();
}

TEST_CASE("the threads of a pool run at the same time, the calling thread among them", "[search]") {
    verdant::thread_pool run{3};
    std::atomic<int> waiting{0};
    std::mutex mutex;
    std::set<std::thread::id> ids;
    // Each task waits until all three have begun, which one thread alone never could.
    run(3, [&](std::size_t) {
        ++waiting;
        while (waiting < 3) std::this_thread::yield();
        const std::scoped_lock lock{mutex};
        ids.insert(std::this_thread::get_id());
    });
    REQUIRE(ids.size() == 3);
    REQUIRE(ids.count(std::this_thread::get_id()) == 1);
}

TEST_CASE("many short rounds lose no task", "[search]") {
    verdant::thread_pool run{4};
    std::atomic<int> sum{0};
    for (int round = 0; round < 5000; ++round) run(3, [&](std::size_t i) { sum += static_cast<int>(i) + 1; });
    REQUIRE(sum == 30'000);
}
