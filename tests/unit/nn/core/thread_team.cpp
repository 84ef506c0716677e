#include <verdant/nn/core/thread_team.hpp>

#include "catch.hpp"

#include <ATen/ops/ones.h>
#include <c10/core/GradMode.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace nn = verdant::nn;

TEST_CASE("a team has LibTorch's number of threads, and each computes alone", "[nn]") {
    for (const int threads : {1, 2, 3, 5}) {
        const nn::thread_scope set{threads};
        {
            const nn::thread_team team;
            CHECK(team.threads() == static_cast<std::size_t>(threads));
            CHECK(at::get_num_threads() == 1);
            std::vector<int> alone(40), runs(40);
            team(40, [&](std::int64_t i) {
                ++runs[static_cast<std::size_t>(i)];
                alone[static_cast<std::size_t>(i)] = at::get_num_threads();
            });
            CHECK(runs == std::vector<int>(40, 1));
            CHECK(alone == std::vector<int>(40, 1));
        }
        CHECK(at::get_num_threads() == threads);
    }
}

TEST_CASE("teams share parts out to several threads, and a team within a part does not", "[nn]") {
    const nn::thread_scope set{3};
    const nn::thread_team team;
    const nn::thread_team joined;
    CHECK(joined.threads() == 3);
    std::atomic<int> there = 0;
    std::vector<std::thread::id> ids(3);
    std::vector<int> others(3); // Catch2's checks are for one thread
    joined(3, [&](std::int64_t i) {
        ids[static_cast<std::size_t>(i)] = std::this_thread::get_id();
        // Each part waits for the others, so that they are on three threads.
        ++there;
        while (there < 3) std::this_thread::yield();
        std::set<std::thread::id> inner;
        const nn::thread_team nested;
        nested(4, [&](std::int64_t) { inner.insert(std::this_thread::get_id()); });
        others[static_cast<std::size_t>(i)] = inner == std::set{std::this_thread::get_id()} ? 0 : 1;
    });
    CHECK(others == std::vector<int>(3));
    CHECK(std::set<std::thread::id>(ids.begin(), ids.end()).size() == 3);
}

TEST_CASE("parts see whether there are gradients, and the first failure is thrown", "[nn]") {
    for (const int threads : {1, 3}) {
        const nn::thread_scope set{threads};
        const nn::thread_team team;
        for (const bool on : {true, false}) {
            const c10::AutoGradMode mode{on};
            const auto leaf = at::ones({2}).set_requires_grad(true);
            std::vector<int> carries(6);
            team(6, [&](std::int64_t i) { carries[static_cast<std::size_t>(i)] = (leaf * 2).requires_grad() ? 1 : 0; });
            CHECK(carries == std::vector<int>(6, on ? 1 : 0));
        }
        std::string text;
        try {
            team(8, [](std::int64_t i) {
                if (i >= 2) throw std::runtime_error{"part " + std::to_string(i)};
            });
        } catch (const std::runtime_error& e) { text = e.what(); }
        CHECK(text == "part 2");
        std::atomic<int> done = 0;
        team(4, [&](std::int64_t) { ++done; }); // and it goes on
        CHECK(done == 4);
    }
}

TEST_CASE("where no team is formed the calling thread does it all", "[nn]") {
    const nn::thread_scope set{3};
    std::set<std::thread::id> ids;
    nn::thread_team::share(5, at::kCPU, [&](std::size_t) { ids.insert(std::this_thread::get_id()); });
    CHECK(ids == std::set{std::this_thread::get_id()});
    CHECK(at::get_num_threads() == 3);
}
