#pragma once

#include <verdant/distributed/served_jobs.hpp>
#include <verdant/error.hpp>

#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

// Workers as threads: each has connections of its own, as a process has.
struct worker_crew {
    // @param serve () -> served_jobs
    template <class Serve>
    worker_crew(std::size_t n, const Serve& serve) : served(n) {
        for (std::size_t i = 0; i < n; ++i)
            threads.emplace_back([this, serve, i] {
                try {
                    served[i] = serve();
                } catch (const verdant::error& e) {
                    const std::scoped_lock lock{mutex};
                    failure = e.what();
                }
            });
    }
    worker_crew(const worker_crew&) = delete;
    worker_crew& operator=(const worker_crew&) = delete;
    ~worker_crew() { wait(); }
    void wait() {
        for (auto& t : threads)
            if (t.joinable()) t.join();
    }
    [[nodiscard]] std::size_t evaluated() const {
        std::size_t all = 0;
        for (const auto& s : served) all += s.evaluated;
        return all;
    }
    std::vector<verdant::served_jobs> served;
    std::string failure{};
    std::mutex mutex{};
    std::vector<std::thread> threads{};
};
